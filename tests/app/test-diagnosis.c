/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The diagnosis file holds not one text of the records, of the drafts, or of who is enrolled. */

#include <glib/gstdio.h>

#include "bst-diagnosis.h"
#include "bst-json.h"
#include "bst-record-type.h"
#include "bst-system-clock.h"

static const char *const files[] = { "org",       "calendar", "people",
                                     "catalogue", "notices",  "agreements" };

/* What only names or says something: not the protocol's own words, and no bare numbers. */
static gboolean
is_telling (const char *text)
{
  if (g_utf8_strlen (text, -1) < 4 || bst_record_type_find (text))
    return FALSE;
  for (const char *at = text; *at; at++)
    if (*at == ' ' || *at == '@' || (guchar) *at > 127 || (*at == '-' && at[1] >= 'a'))
      return TRUE;
  return FALSE;
}

static void
collect (GVariant *value, GHashTable *texts)
{
  GVariantIter iter;
  GVariant *child;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    {
      if (is_telling (g_variant_get_string (value, NULL)))
        g_hash_table_add (texts, g_variant_dup_string (value, NULL));
      return;
    }
  if (!g_variant_is_container (value))
    return;
  g_variant_iter_init (&iter, value);
  while ((child = g_variant_iter_next_value (&iter)))
    {
      collect (child, texts);
      g_variant_unref (child);
    }
}

/* The sample authority as the catalogue account. */
static void
fill (BstStore *store, GHashTable *texts)
{
  g_autoptr (GVariant) accounts =
      bst_json_parse ("{\"catalogue\":{\"initialState\":\"e.r.0\"}}", -1, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (bst_store_set_accounts (store, accounts, &error));
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path =
          g_strdup_printf ("%s/%s.json", g_getenv ("BST_TEST_SAMPLE"), files[i]);
      g_autofree char *json = NULL;
      g_autoptr (GVariant) doc = NULL;
      g_autoptr (GVariant) records = NULL;
      GVariantIter iter;
      GVariant *record;

      if (!g_file_get_contents (path, &json, NULL, NULL))
        continue;
      doc = bst_json_parse_object (json, -1, &error);
      g_assert_no_error (error);
      collect (doc, texts);
      records = bst_doc_get_list (doc, "records");
      g_variant_iter_init (&iter, records);
      while (g_variant_iter_next (&iter, "v", &record))
        {
          static guint n;
          g_autofree char *text = bst_json_print (record);
          g_autofree char *answer = g_strdup_printf (
              "{\"sessionState\":\"1\",\"methodResponses\":[[\"Record/changes\",{\"accountId\":"
              "\"catalogue\",\"oldState\":\"e.r.%u\",\"newState\":\"e.r.%u\",\"hasMoreChanges\":"
              "false,\"destroyed\":{},\"records\":{\"%s\":[%s]}},\"c\"]]}",
              n, n + 1, bst_doc_get_string (record, "@type"), text);
          g_autoptr (GBytes) octets = g_bytes_new (answer, strlen (answer));
          g_autoptr (GPtrArray) pages = bst_store_apply_response (store, octets, &error);

          g_assert_no_error (error);
          n++;
          g_variant_unref (record);
        }
    }
}

static void
add_draft (BstStore *store, GHashTable *texts)
{
  g_autofree char *uid = bst_uid_new (bst_system_clock ());
  g_autofree char *json = g_strdup_printf (
      "{\"uid\":\"%s\",\"title\":\"Hemmelig titel\",\"need\":\"En hemmelig tekst\",\"place\":"
      "\"Lokale nittenhundrede\"}",
      uid);
  g_autoptr (GVariant) draft = bst_json_parse_object (json, -1, NULL);
  g_autoptr (GError) error = NULL;

  collect (draft, texts);
  bst_store_save_draft (store, draft, &error);
  g_assert_no_error (error);
}

static void
test_no_text (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_dir_make_tmp ("bst-diagnosis-XXXXXX", &error);
  BstStore *store = bst_store_open (directory, bst_system_clock (), &error);
  g_autoptr (GHashTable) texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GVariant) identity = bst_json_parse_object (
      "{\"server\":\"https://bestiller.hemmelig.example\",\"person\":\"person-secret-dk\","
      "\"personName\":\"Åse Hemmelig\",\"authority\":\"authority-secret\",\"authorityName\":\"By "
      "og "
      "land\"}",
      -1, NULL);
  BstSyncFacts facts = { .state = BST_SYNC_TROUBLE, .error_code = 3, .last_contact = 1775000000 };
  g_autofree char *text = NULL;
  GHashTableIter iter;
  gpointer secret;

  g_assert_no_error (error);
  g_assert_true (bst_store_set_identity (store, identity, &error));
  collect (identity, texts);
  fill (store, texts);
  add_draft (store, texts);
  text = bst_diagnosis_text (store, &facts, "da", 1775000100, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (texts), >, 200);
  g_hash_table_iter_init (&iter, texts);
  while (g_hash_table_iter_next (&iter, &secret, NULL))
    if (strstr (text, secret))
      g_error ("“%s” stands in the diagnosis", (char *) secret);
  g_assert_null (strstr (text, "hemmelig.example"));
  /* … and what it is for, does. */
  g_assert_nonnull (strstr (text, "\nError code: 3\n"));
  g_assert_nonnull (strstr (text, "\nRequest: 1\n"));
  g_assert_null (strstr (text, "\nService: 0\n"));
  bst_store_close (store);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/diagnosis/no-text", test_no_text);
  return g_test_run ();
}
