/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-error.h"
#include "bst-sync-status.h"

/* Thursday 12 March 2026, 14:02 in Copenhagen. */
#define NOW          ((gint64) 1773320520)
#define MORNING      (NOW - (4 * 3600 + 22 * 60))
#define TWO_DAYS_AGO (NOW - 2 * 86400)

static void
assert_short (const BstSyncFacts *facts, const char *language, const char *expected)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Copenhagen");
  g_autofree char *text = bst_sync_facts_short (facts, NOW, zone, language);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_short (void)
{
  const struct
  {
    BstSyncFacts facts;
    const char *language;
    const char *expected;
  } cases[] = {
    { { .state = BST_SYNC_UP_TO_DATE }, "en", "Up to date" },
    { { .state = BST_SYNC_UP_TO_DATE, .pending = 1 }, "en", "Up to date · 1 waiting" },
    { { .state = BST_SYNC_UP_TO_DATE, .refused = 2 }, "en", "Up to date · 2 refused" },
    { { .state = BST_SYNC_OFFLINE }, "en", "Offline" },
    { { .state = BST_SYNC_OFFLINE, .last_contact = MORNING, .pending = 2 },
      "en",
      "Offline since 09:40 · 2 waiting" },
    { { .state = BST_SYNC_OFFLINE, .last_contact = MORNING }, "da", "Offline since 09.40" },
    { { .state = BST_SYNC_OFFLINE, .last_contact = TWO_DAYS_AGO },
      "en",
      "Offline since Tue 10 Mar" },
    { { .state = BST_SYNC_SENDING, .pending = 2, .batch = 2 }, "en", "Sending 1 of 2" },
    { { .state = BST_SYNC_SENDING, .pending = 1, .batch = 2 }, "en", "Sending 2 of 2" },
    { { .state = BST_SYNC_SENDING }, "en", "Looking for news" },
    { { .state = BST_SYNC_SENDING, .done = 12000, .total = 100000 },
      "en",
      "Fetching: 12,000 of 100,000" },
    { { .state = BST_SYNC_SENDING, .done = 12000, .total = 100000 },
      "da",
      "Fetching: 12.000 of 100.000" },
    { { .state = BST_SYNC_SENDING, .done = 5, .total = 5 }, "en", "Looking for news" },
    { { .state = BST_SYNC_SIGN_IN, .pending = 3 }, "en", "Not signed in · 3 waiting" },
    { { .state = BST_SYNC_SIGN_IN, .starting = TRUE }, "en", "Starting" },
    { { .state = BST_SYNC_TROUBLE, .error_code = BST_ERROR_CERTIFICATE },
      "en",
      "Certificate not trusted" },
    { { .state = BST_SYNC_TROUBLE, .error_code = BST_ERROR_PORTAL },
      "en",
      "The network asks for a sign-in" },
    { { .state = BST_SYNC_TROUBLE, .error_code = BST_ERROR_STORAGE },
      "en",
      "Cannot save on this computer" },
    { { .state = BST_SYNC_TROUBLE, .error_code = BST_ERROR_SERVER },
      "en",
      "Trouble at the server" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_short (&cases[i].facts, cases[i].language, cases[i].expected);
}

static void
test_contact (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Copenhagen");
  const struct
  {
    gint64 at;
    const char *expected;
  } cases[] = { { 0, "Never" }, { MORNING, "Today 09:40" }, { TWO_DAYS_AGO, "Tue 10 Mar 14:02" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const BstSyncFacts facts = { .last_contact = cases[i].at };
      g_autofree char *text = bst_sync_facts_contact (&facts, NOW, zone, "en");

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

static void
test_fraction (void)
{
  g_assert_cmpfloat (
      bst_sync_facts_fraction (&(BstSyncFacts){ .state = BST_SYNC_SENDING, .done = 1, .total = 4 }),
      ==, 0.25);
  g_assert_cmpfloat (bst_sync_facts_fraction (&(BstSyncFacts){ .state = BST_SYNC_SENDING }), <, 0);
  g_assert_cmpfloat (
      bst_sync_facts_fraction (&(BstSyncFacts){ .state = BST_SYNC_OFFLINE, .done = 1, .total = 4 }),
      <, 0);
}

/* Every state says what is safe, each in its own words. */
static void
test_long (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int state = BST_SYNC_OFFLINE; state <= BST_SYNC_TROUBLE; state++)
    {
      const BstSyncFacts facts = { .state = (BstSyncState) state,
                                   .error_code = BST_ERROR_CERTIFICATE };

      g_assert_true (g_hash_table_add (seen, bst_sync_facts_long (&facts)));
      g_assert_nonnull (bst_sync_facts_icon (&facts));
    }
}

/* How news comes, in words; nothing is promised while there is no sign-in. */
static void
test_news (void)
{
  const struct
  {
    BstSyncFacts facts;
    const char *expected;
  } cases[] = {
    { { .signed_in = TRUE,
        .state = BST_SYNC_UP_TO_DATE,
        .interval = 300,
        .news = BST_SYNC_NEWS_PUSHED },
      "News comes at once: the server tells of it." },
    { { .signed_in = TRUE, .state = BST_SYNC_UP_TO_DATE, .interval = 300 },
      "The server is asked for news every 5 minutes." },
    { { .signed_in = TRUE, .state = BST_SYNC_OFFLINE, .interval = 60 },
      "The server is asked for news every minute." },
    { { .signed_in = TRUE, .state = BST_SYNC_UP_TO_DATE, .interval = 1500, .metered = TRUE },
      "The connection is metered: to save data, the server is asked for news only every 25 "
      "minutes." },
    { { .signed_in = TRUE, .interval = 1500, .metered = TRUE, .news = BST_SYNC_NEWS_PUSHED },
      "News comes at once: the server tells of it." },
    { { .signed_in = TRUE, .state = BST_SYNC_SIGN_IN, .interval = 300 }, NULL },
    { { .signed_in = TRUE, .starting = TRUE, .interval = 300 }, NULL },
    { { .state = BST_SYNC_SIGN_IN }, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = bst_sync_facts_news (&cases[i].facts);

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync-status/short", test_short);
  g_test_add_func ("/sync-status/contact", test_contact);
  g_test_add_func ("/sync-status/fraction", test_fraction);
  g_test_add_func ("/sync-status/long", test_long);
  g_test_add_func ("/sync-status/news", test_news);
  return g_test_run ();
}
