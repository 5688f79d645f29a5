/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>

#include "bst-app-test.h"
#include "bst-doc.h"
#include "bst-error-text.h"
#include "bst-error.h"
#include "bst-profile.h"
#include "bst-token-store.h"

static GVariant *
identity_new (const char *person)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "person", "s", person);
  g_variant_dict_insert (&dict, "personName", "s", "Mette Æbelø");
  g_variant_dict_insert (&dict, "authority", "s", "a1");
  g_variant_dict_insert (&dict, "authorityName", "s", "Eksempel Kommune");
  return bst_doc_take (g_variant_dict_end (&dict));
}

static BstProfile *
profile_new (const char *root, const char *server, const char *person)
{
  g_autoptr (GVariant) identity = identity_new (person);

  return bst_profile_new (root, server, identity);
}

static void
test_directories (void)
{
  g_autoptr (BstProfile) a = profile_new ("/r", "https://one", "p1");
  g_autoptr (BstProfile) again = profile_new ("/r", "https://one", "p1");
  g_autoptr (BstProfile) other_person = profile_new ("/r", "https://one", "p2");
  g_autoptr (BstProfile) other_server = profile_new ("/r", "https://two", "p1");

  g_assert_cmpstr (a->directory, ==, again->directory);
  g_assert_cmpstr (a->directory, !=, other_person->directory);
  g_assert_cmpstr (a->directory, !=, other_server->directory);
}

static void
test_last_used (void)
{
  g_autofree char *root = g_dir_make_tmp ("bst-profile-XXXXXX", NULL);
  g_autoptr (BstProfile) first = profile_new (root, "https://one", "p1");
  g_autoptr (BstProfile) second = profile_new (root, "https://one", "p2");
  g_autoptr (GPtrArray) none = bst_profiles_list (root);
  g_autoptr (GPtrArray) two = NULL;
  g_autoptr (GPtrArray) turned = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_true (bst_profile_save (root, first, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (bst_profile_save (root, second, NULL, &error));
  two = bst_profiles_list (root);
  g_assert_cmpuint (two->len, ==, 2);
  g_assert_cmpstr (((BstProfile *) two->pdata[0])->id, ==, second->id);
  g_assert_cmpstr (((BstProfile *) two->pdata[0])->person_name, ==, "Mette Æbelø");
  first->signed_out = TRUE;
  g_assert_true (bst_profile_save (root, first, NULL, &error));
  turned = bst_profiles_list (root);
  g_assert_cmpuint (turned->len, ==, 2);
  g_assert_cmpstr (((BstProfile *) turned->pdata[0])->id, ==, first->id);
  g_assert_true (((BstProfile *) turned->pdata[0])->signed_out);
  bst_test_remove_tree (root);
}

static void
test_no_certificate (void)
{
  g_autofree char *root = g_dir_make_tmp ("bst-profile-XXXXXX", NULL);
  g_autoptr (BstProfile) profile = profile_new (root, "https://one", "p1");
  g_autofree char *file = g_build_filename (root, "not.pem", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (file, "hello", -1, NULL));
  g_assert_false (bst_profile_save (root, profile, file, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
  g_assert_null (profile->ca_file);
  bst_test_remove_tree (root);
}

static void
test_storage (void)
{
  g_autofree char *root = g_dir_make_tmp ("bst-profile-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (root, "file", NULL);
  g_autoptr (BstProfile) profile = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (file, "a file where a folder should be", -1, NULL));
  profile = profile_new (file, "https://one", "p1");
  g_assert_false (bst_profile_save (file, profile, NULL, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_STORAGE);
  bst_test_remove_tree (root);
}

/* ---- the token: there is no keyring on the tests' bus, so a private file takes it ---- */

static void
result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (!*result)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static void
test_token (void)
{
  g_autofree char *root = g_dir_make_tmp ("bst-profile-XXXXXX", NULL);
  g_autoptr (BstProfile) profile = profile_new (root, "https://one", "p1");
  g_autofree char *path = g_build_filename (profile->directory, "token", NULL);
  g_autoptr (GAsyncResult) saved = NULL;
  g_autoptr (GAsyncResult) loaded = NULL;
  g_autoptr (GAsyncResult) cleared = NULL;
  g_autoptr (GAsyncResult) gone = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *token = NULL;
  BstTokenPlace place = BST_TOKEN_IN_KEYRING;
  GStatBuf info;

  bst_token_save_async (profile, "s3cret", NULL, result_cb, &saved);
  g_assert_true (bst_token_save_finish (wait_for (&saved), &place, &error));
  g_assert_no_error (error);
  g_assert_cmpint (place, ==, BST_TOKEN_IN_FILE);
  g_assert_cmpint (bst_token_place (profile), ==, BST_TOKEN_IN_FILE);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);

  bst_token_load_async (profile, NULL, result_cb, &loaded);
  token = bst_token_load_finish (wait_for (&loaded), &error);
  g_assert_cmpstr (token, ==, "s3cret");

  bst_token_clear_async (profile, result_cb, &cleared);
  g_assert_true (bst_token_clear_finish (wait_for (&cleared), &error));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  bst_token_load_async (profile, NULL, result_cb, &gone);
  g_assert_null (bst_token_load_finish (wait_for (&gone), &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_SIGN_IN);
  bst_test_remove_tree (root);
}

/* Each code its own message, and none that says nothing. */
static void
test_error_texts (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = g_error_new_literal (BST_ERROR, BST_ERROR_CODE_USED, "used");
  g_autoptr (GError) full = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full");
  g_autofree char *text = bst_error_text (error);
  g_autofree char *full_text = bst_error_text (full);

  for (int code = BST_ERROR_INVALID; code <= BST_ERROR_STATE_LOST; code++)
    g_assert_true (g_hash_table_add (seen, (char *) bst_error_code_text (code)));
  g_assert_cmpstr (text, ==, bst_error_code_text (BST_ERROR_CODE_USED));
  g_assert_cmpstr (full_text, ==, bst_error_code_text (BST_ERROR_STORAGE));
  g_assert_nonnull (bst_error_code_text (-1));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/profile/directories", test_directories);
  g_test_add_func ("/profile/last-used", test_last_used);
  g_test_add_func ("/profile/no-certificate", test_no_certificate);
  g_test_add_func ("/profile/storage", test_storage);
  g_test_add_func ("/profile/token", test_token);
  g_test_add_func ("/profile/error-texts", test_error_texts);
  return g_test_run ();
}
