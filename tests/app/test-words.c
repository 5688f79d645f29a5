/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-greeting.h"
#include "bst-notifications.h"
#include "bst-outbox-entry.h"

#define NOW ((gint64) 1773320520) /* Thursday 12 March 2026, 14:02 in Copenhagen */

static void
test_where (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Copenhagen");
  const struct
  {
    BstOutboxEntry entry;
    const char *expected;
  } cases[] = {
    { { .state = BST_OUTBOX_QUEUED }, "On this computer" },
    { { .state = BST_OUTBOX_QUEUED, .queued_at = (char *) "2026-03-12T08:40:00Z" },
      "On this computer since 09:40" },
    { { .state = BST_OUTBOX_QUEUED, .queued_at = (char *) "2026-03-10T08:40:00Z" },
      "On this computer since Tue 10 Mar 09:40" },
    { { .state = BST_OUTBOX_SENDING }, "Under way: no answer from the server yet" },
    { { .state = BST_OUTBOX_REFUSED, .reason = (char *) "tooLarge" }, "Refused: it is too large." },
    { { .state = BST_OUTBOX_REFUSED, .reason = (char *) "unheardOf" },
      "Refused by the server. It is kept here." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = bst_outbox_entry_where (&cases[i].entry, NOW, zone, "en");

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

static void
test_what (void)
{
  g_assert_cmpstr (bst_outbox_entry_what (&(BstOutboxEntry){ 0 }), ==, "Order");
  g_assert_cmpstr (bst_outbox_entry_what (&(BstOutboxEntry){ .action = (char *) "confirm" }), ==,
                   "Confirmation of delivery");
  g_assert_cmpstr (bst_outbox_entry_what (&(BstOutboxEntry){ .action = (char *) "unheard-of" }), ==,
                   "Step");
}

/* Every refusal of the protocol has words of its own. */
static void
test_refusals (void)
{
  static const char *const types[] = { "invalidProperties", "forbidden",     "notFound",
                                       "alreadyExists",     "revMismatch",   "catalogueChanged",
                                       "tooLarge",          "serverMadeItUp" };
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    g_assert_true (g_hash_table_add (seen, (char *) bst_refusal_text (types[i])));
}

static GVariant *
change_new (const char *action)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "id", "s", "r1");
  g_variant_dict_insert (&dict, "action", "s", action);
  return bst_doc_take (g_variant_dict_end (&dict));
}

static void
test_notifications (void)
{
  g_autoptr (GVariant) delivered = change_new ("deliver");
  g_autoptr (GVariant) unknown = change_new ("unheard-of");

  g_assert_cmpstr (bst_notifications_text (delivered), ==, "Delivered. Please confirm.");
  g_assert_cmpstr (bst_notifications_text (unknown), ==, "Something has changed.");
}

static void
test_greeting (void)
{
  static const struct
  {
    int hour;
    const char *expected;
  } cases[] = { { 0, "Hello" },         { 4, "Hello" },           { 5, "Good morning" },
                { 11, "Good morning" }, { 12, "Good afternoon" }, { 17, "Good afternoon" },
                { 18, "Good evening" }, { 23, "Good evening" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (bst_greeting (cases[i].hour), ==, cases[i].expected);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/where", test_where);
  g_test_add_func ("/words/what", test_what);
  g_test_add_func ("/words/refusals", test_refusals);
  g_test_add_func ("/words/notifications", test_notifications);
  g_test_add_func ("/words/greeting", test_greeting);
  return g_test_run ();
}
