/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "bst-case.h"
#include "bst-clock.h"

#include <string.h>

/* Made once: compiling a zone is dear. */
static BstCalendar *
office (void)
{
  static BstCalendar *made;
  g_autoptr (GVariant) doc = core_doc (
      "{'timeZone':'Europe/Copenhagen','weekly':{'mon':[['08:00','16:00']],'tue':[['08:00',"
      "'16:00']],'wed':[['08:00','16:00']],'thu':[['08:00','16:00']],'fri':[['08:00','16:00']]}}");

  if (!made)
    made = bst_calendar_new (doc, NULL);
  return bst_calendar_ref (made);
}

static BstCalendar *
lookup (const char *id, gpointer closure)
{
  return g_strcmp0 (id, "office") == 0 ? closure : NULL;
}

static gint64
at (const char *text)
{
  gint64 seconds = 0;

  g_assert_true (bst_instant_parse (text, &seconds));
  return seconds;
}

static gboolean
compute (GVariant *request, GPtrArray *events, const char *now, BstCase *ret_case)
{
  g_autoptr (BstCalendar) calendar = office ();
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Copenhagen");

  return bst_case_compute (request, "l1", events, lookup, calendar, zone, at (now), ret_case);
}

static GVariant *
order (const char *state, const char *more)
{
  return core_doc_format (
      "{'id':'r','unit':'north','area':'it','lines':{'l1':{'service':'laptop','performer':'desk',"
      "'state':'%s','order':1,'promise':{'value':2,'unit':'working-days','calendar':'office'},"
      "'respond':{'value':4,'unit':'hours','calendar':'office'}},"
      "'l2':{'service':'phone','state':'cancelled','order':0}}%s}",
      state, more);
}

#define EVENT(seq, when, action, more)                                                             \
  "{'sequence':" #seq ",'receivedAt':'" when "','action':'" action "'" more "}"
#define SUBMITTED EVENT (1, "2026-03-30T10:00:00Z", "submit", "")
#define ACCEPTED  "," EVENT (2, "2026-03-30T11:00:00Z", "accept", "")

static void
test_running (void)
{
  g_autoptr (GVariant) request = order ("accepted", "");
  g_autoptr (GPtrArray) sent = core_docs ("[" SUBMITTED "]");
  g_autoptr (GPtrArray) nothing = core_docs ("[]");
  BstCase one;

  g_assert_false (compute (request, nothing, "2026-03-30T12:00:00Z", &one));
  g_assert_true (compute (request, sent, "2026-03-30T12:00:00Z", &one));
  g_assert_cmpstr (one.request, ==, "r");
  g_assert_cmpstr (one.unit, ==, "north");
  g_assert_cmpstr (one.service, ==, "laptop");
  g_assert_cmpstr (one.performer, ==, "desk");
  g_assert_cmpstr (one.channel, ==, "app");
  g_assert_cmpstr (one.area, ==, "it");
  g_assert_cmpstr (one.month, ==, "");
  g_assert_cmpint (one.elapsed, ==, 2 * 3600);
  /* The first answer is due first, and then the delivery. */
  g_assert_cmpint (one.wakes, ==, at ("2026-03-30T14:00:00Z"));
  g_assert_true (compute (request, sent, "2026-03-30T14:00:00Z", &one));
  g_assert_cmpint (one.response_verdict, ==, BST_SLA_RUNNING);
  g_assert_true (compute (request, sent, "2026-03-30T14:00:01Z", &one));
  g_assert_cmpint (one.response_verdict, ==, BST_SLA_BREACHED);
  g_assert_cmpint (one.wakes, ==, at ("2026-04-01T14:00:00Z"));
}

/* It fell due in March by UTC or in April by the wall clock: the unit's clock decides. */
static void
test_month (void)
{
  g_autoptr (GVariant) request = order ("delivered", "");
  g_autoptr (GPtrArray) running = core_docs ("[" SUBMITTED ACCEPTED "]");
  g_autoptr (GPtrArray) delivered =
      core_docs ("[" SUBMITTED ACCEPTED "," EVENT (3, "2026-04-30T22:00:00Z", "deliver", "") "]");
  g_autoptr (GPtrArray) withdrawn =
      core_docs ("[" SUBMITTED ACCEPTED "," EVENT (3, "2026-04-30T21:59:59Z", "cancel", "") "]");
  BstCase one;

  g_assert_true (compute (request, running, "2026-05-30T12:00:00Z", &one));
  g_assert_cmpint (one.verdict, ==, BST_SLA_BREACHED);
  g_assert_cmpstr (one.month, ==, "2026-04");
  g_assert_false (one.first_time);
  g_assert_cmpint (one.wakes, ==, BST_CALENDAR_NEVER);
  g_assert_true (compute (request, delivered, "2026-05-30T12:00:00Z", &one));
  g_assert_cmpint (one.verdict, ==, BST_SLA_BREACHED);
  g_assert_cmpstr (one.month, ==, "2026-05");
  g_assert_true (one.first_time);
  g_assert_true (compute (request, withdrawn, "2026-05-30T12:00:00Z", &one));
  g_assert_cmpint (one.verdict, ==, BST_SLA_ENDED);
  g_assert_cmpstr (one.month, ==, "");
}

/* A rating counts at the first line that was delivered, and only there. */
static void
test_rating (void)
{
  g_autoptr (GPtrArray) events = core_docs ("[" SUBMITTED ACCEPTED "]");
  g_autoptr (GVariant) delivered = order ("closed", ",'rating':{'stars':4}");
  g_autoptr (GVariant) running = order ("accepted", ",'rating':{'stars':4}");
  g_autoptr (GVariant) absurd = order ("closed", ",'rating':{'stars':40}");
  g_autoptr (GVariant) both = bst_doc_set_string (delivered, "lines/l2/state", "delivered");
  BstCase one;

  g_assert_true (compute (delivered, events, "2026-03-31T12:00:00Z", &one));
  g_assert_cmpint (one.stars, ==, 4);
  g_assert_true (compute (running, events, "2026-03-31T12:00:00Z", &one));
  g_assert_cmpint (one.stars, ==, 0);
  g_assert_true (compute (absurd, events, "2026-03-31T12:00:00Z", &one));
  g_assert_cmpint (one.stars, ==, 0);
  g_assert_true (compute (both, events, "2026-03-31T12:00:00Z", &one));
  g_assert_cmpint (one.stars, ==, 0);
}

/* ---- in any order ---- */

static const char *const moves[] = {
  "'accept'",
  "'start'",
  "'wait','text':'a','data':{'for':'orderer'}",
  "'wait','text':'b','data':{'for':'supplier'}",
  "'wait','text':'b','data':{'for':'performer'}",
  "'resume'",
  "'answer','text':'c'",
  "'message','text':'d','data':{'by':'performer'}",
  "'deliver'",
  "'dispute','text':'e'",
  "'confirm'",
  "'change-performer','data':{'performer':'net'}",
  "'change-priority','data':{'priority':'high','terms':{'l1':{'promise':{'value':3,'unit':'hours',"
  "'calendar':'office'}}}}",
  "'contest','text':'f','data':{'event':4}",
  "'correct','data':{'event':3,'void':true}",
  "'correct','data':{'event':4,'at':'2026-03-30T12:00:00Z'}",
};

static GPtrArray *
random_events (void)
{
  GPtrArray *events = core_docs ("[" SUBMITTED ACCEPTED "]");
  gint64 time = at ("2026-03-30T11:00:00Z");
  guint n = (guint) g_test_rand_int_range (0, 15);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *when = NULL;

      time += g_test_rand_int_range (0, 100000);
      when = bst_instant_format (time);
      g_ptr_array_add (
          events,
          core_doc_format ("{'sequence':%u,'receivedAt':'%s','action':%s}", i + 3, when,
                           moves[g_test_rand_int_range (0, (gint32) G_N_ELEMENTS (moves))]));
    }
  return events;
}

static void
test_any_order (void)
{
  g_autoptr (GVariant) request = order ("delivered", ",'rating':{'stars':2}");

  for (guint round = 0; round < 3000; round++)
    {
      g_autoptr (GPtrArray) events = random_events ();
      BstCase one;
      BstCase other;

      g_assert_true (compute (request, events, "2026-04-20T10:00:00Z", &one));
      /* What comes twice counts once. */
      g_ptr_array_add (
          events, g_variant_ref (events->pdata[g_test_rand_int_range (0, (gint32) events->len)]));
      for (guint i = events->len; i > 1; i--)
        {
          guint j = (guint) g_test_rand_int_range (0, (gint32) i);
          gpointer held = events->pdata[i - 1];

          events->pdata[i - 1] = events->pdata[j];
          events->pdata[j] = held;
        }
      g_assert_true (compute (request, events, "2026-04-20T10:00:00Z", &other));
      g_assert_cmpmem (&one, sizeof one, &other, sizeof other);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/case/running", test_running);
  g_test_add_func ("/case/month", test_month);
  g_test_add_func ("/case/rating", test_rating);
  g_test_add_func ("/case/any-order", test_any_order);
  return g_test_run ();
}
