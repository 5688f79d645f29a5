/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The gap map, a replay and a proposal in words. */

#include "bst-gap-words.h"
#include "bst-json.h"
#include "bst-proposal-words.h"

#include <locale.h>

static GVariant *
json (const char *text)
{
  GVariant *value = bst_json_parse (text, -1, NULL);

  g_assert_nonnull (value);
  return value;
}

static GVariant *
lookup (const char *type, const char *id, gpointer closure)
{
  if (g_strcmp0 (type, "Calendar") != 0)
    return NULL;
  return json (g_strcmp0 (id, "always") == 0
                   ? "{\"timeZone\":\"Europe/"
                     "Copenhagen\",\"weekly\":{\"mon\":[[\"00:00\",\"24:00\"]],\"tue\":"
                     "[[\"00:00\",\"24:00\"]],\"wed\":[[\"00:00\",\"24:00\"]]}}"
                   : "{\"timeZone\":\"Europe/"
                     "Copenhagen\",\"weekly\":{\"mon\":[[\"08:00\",\"16:00\"]],\"tue\":"
                     "[[\"08:00\",\"16:00\"]],\"wed\":[[\"08:00\",\"12:00\"]]}}");
}

static BstGap *
gap_of (const char *calendar, int hours)
{
  g_autofree char *text =
      g_strdup_printf ("{\"targets\":[{\"service\":\"s\",\"promise\":{\"value\":2,\"unit\":"
                       "\"hours\",\"calendar\":\"always\"}}],"
                       "\"olas\":[{\"service\":\"s\",\"key\":\"k\",\"promise\":{\"value\":%d,"
                       "\"unit\":\"hours\",\"calendar\":\"%s\"}}]}",
                       hours, calendar);
  g_autoptr (GVariant) agreement = json (text);

  return bst_gap_of (agreement, "s", NULL, lookup, NULL);
}

static void
test_gap (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Copenhagen");
  g_autoptr (BstGap) slow = gap_of ("office", 1);
  g_autoptr (BstGap) kept = gap_of ("always", 2);
  g_autofree char *text = bst_gap_text (slow);
  g_autofree char *when = bst_gap_when_text (slow, zone, "da");
  g_autofree char *off = bst_gap_off_duty_text (slow, "k", "da");
  g_autofree char *off_en = bst_gap_off_duty_text (slow, "k", "en");
  g_autofree char *fine = bst_gap_text (kept);

  /* What comes within the last hour of Wednesday is done on Monday. */
  g_assert_cmpstr (text, ==, "The steps behind it need 21 opening hours");
  g_assert_cmpstr (when, ==, "Longest for what comes onsdag 11.00");
  g_assert_cmpstr (off, ==,
                   "mandag–tirsdag 00.00–08.00, 16.00–24.00 · onsdag 00.00–08.00, 12.00–24.00");
  g_assert_true (g_str_has_prefix (off_en, "Monday–Tuesday 00:00–08:00"));
  g_assert_cmpstr (fine, ==, "The steps behind it keep it");
  g_assert_null (bst_gap_when_text (kept, zone, "da"));
  g_assert_null (bst_gap_off_duty_text (kept, "k", "da"));
}

static void
test_replay (void)
{
  const BstReplay nothing = { 0 };
  const BstReplay some = { .cases = 80, .met_now = 60, .met_then = 40 };
  g_autofree char *none = bst_replay_text (&nothing, "en");
  g_autofree char *text = bst_replay_text (&some, "en");

  g_assert_cmpstr (none, ==,
                   "No orders of this service have been delivered to you in the last 13 months");
  g_assert_cmpstr (
      text, ==,
      "Of 80 orders in the last 13 months 60 (75%) were on time. Under this promise it "
      "would have been 40 (50%).");
}

static void
test_cost (void)
{
  const BstReplay included = { .cases = 3 };
  const BstReplay some = { .cases = 3,
                           .once_now = { 1500000, "DKK" },
                           .once_then = { 1800000, "DKK" },
                           .monthly_then = { 20000, "DKK" } };
  const BstReplay mixed = { .cases = 3, .mixed = TRUE };
  g_autofree char *none = bst_replay_cost_text (&included, FALSE, "en");
  g_autofree char *today = bst_replay_cost_text (&some, FALSE, "en");
  g_autofree char *offered = bst_replay_cost_text (&some, TRUE, "en");
  g_autofree char *unknown = bst_replay_cost_text (&mixed, TRUE, "en");

  g_assert_cmpstr (none, ==,
                   "Included in the agreement today; the performer answers what it will cost");
  g_assert_cmpstr (today, ==,
                   "These orders cost DKK\302\24015,000. The performer answers what it will cost.");
  g_assert_cmpstr (offered, ==,
                   "At the price offered these orders would cost DKK\302\24018,000 once · "
                   "DKK\302\240200 a month instead of DKK\302\24015,000");
  g_assert_true (g_str_has_prefix (unknown, "These orders are in different currencies"));
}

static void
test_state (void)
{
  static const char *const cases[][2] = {
    { "{\"state\":\"agreed\"}", "Agreed on" },
    { "{\"@local\":{\"state\":\"queued\"}}", "Waiting to be sent" },
    { "{\"state\":\"proposed\",\"@local\":{\"state\":\"refused\"}}", "Refused" },
    { "{}", "Proposed" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) proposal = json (cases[i][0]);

      g_assert_cmpstr (bst_proposal_state_text (proposal), ==, cases[i][1]);
    }
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "C");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/agreement-words/gap", test_gap);
  g_test_add_func ("/app/agreement-words/replay", test_replay);
  g_test_add_func ("/app/agreement-words/replay-cost", test_cost);
  g_test_add_func ("/app/agreement-words/state", test_state);
  return g_test_run ();
}
