/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-profile.h"

#include <string.h>

#include <glib/gstdio.h>

#include "bst-doc.h"
#include "bst-error.h"

/* profiles.ini: a group for each profile, and [last] id=…. */
#define LIST_FILE    "profiles.ini"
#define LAST_GROUP   "last"
#define CA_NAME      "ca.pem"
#define MAX_CA_BYTES (1024 * 1024)

static char *
list_path (const char *root)
{
  return g_build_filename (root, LIST_FILE, NULL);
}

BstProfile *
bst_profile_copy (const BstProfile *profile)
{
  BstProfile *copy = g_new0 (BstProfile, 1);

  copy->id = g_strdup (profile->id);
  copy->directory = g_strdup (profile->directory);
  copy->server = g_strdup (profile->server);
  copy->person = g_strdup (profile->person);
  copy->person_name = g_strdup (profile->person_name);
  copy->authority = g_strdup (profile->authority);
  copy->authority_name = g_strdup (profile->authority_name);
  copy->ca_file = g_strdup (profile->ca_file);
  copy->signed_out = profile->signed_out;
  return copy;
}

void
bst_profile_free (BstProfile *profile)
{
  g_free (profile->id);
  g_free (profile->directory);
  g_free (profile->server);
  g_free (profile->person);
  g_free (profile->person_name);
  g_free (profile->authority);
  g_free (profile->authority_name);
  g_free (profile->ca_file);
  g_free (profile);
}

BstProfile *
bst_profile_new (const char *root, const char *server, GVariant *identity)
{
  BstProfile *profile = g_new0 (BstProfile, 1);
  g_autofree char *key = NULL;
  g_autofree char *hash = NULL;

  profile->server = g_strdup (server);
  profile->person = g_strdup (bst_doc_get_string (identity, "person"));
  profile->person_name = g_strdup (bst_doc_get_string (identity, "personName"));
  profile->authority = g_strdup (bst_doc_get_string (identity, "authority"));
  profile->authority_name = g_strdup (bst_doc_get_string (identity, "authorityName"));
  key = g_strconcat (server, "\n", profile->authority, "\n", profile->person, NULL);
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, key, -1);
  profile->id = g_strndup (hash, 16);
  profile->directory = g_build_filename (root, profile->id, NULL);
  return profile;
}

char *
bst_profiles_root (void)
{
  return g_build_filename (g_get_user_data_dir (), "bestiller", NULL);
}

static BstProfile *
read_profile (GKeyFile *file, const char *root, const char *id)
{
  g_autoptr (BstProfile) profile = g_new0 (BstProfile, 1);

  profile->id = g_strdup (id);
  profile->directory = g_build_filename (root, id, NULL);
  profile->server = g_key_file_get_string (file, id, "server", NULL);
  profile->person = g_key_file_get_string (file, id, "person", NULL);
  profile->person_name = g_key_file_get_string (file, id, "person-name", NULL);
  profile->authority = g_key_file_get_string (file, id, "authority", NULL);
  profile->authority_name = g_key_file_get_string (file, id, "authority-name", NULL);
  profile->signed_out = g_key_file_get_boolean (file, id, "signed-out", NULL);
  if (g_key_file_get_boolean (file, id, "own-ca", NULL))
    profile->ca_file = g_build_filename (profile->directory, CA_NAME, NULL);
  if (!profile->server || !profile->person)
    return NULL;
  return g_steal_pointer (&profile);
}

GPtrArray *
bst_profiles_list (const char *root)
{
  GPtrArray *profiles = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_profile_free);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = list_path (root);
  g_autofree char *last = NULL;
  g_auto (GStrv) groups = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return profiles;
  last = g_key_file_get_string (file, LAST_GROUP, "id", NULL);
  groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i]; i++)
    {
      BstProfile *profile = NULL;

      if (strcmp (groups[i], LAST_GROUP) != 0)
        profile = read_profile (file, root, groups[i]);
      if (profile)
        g_ptr_array_insert (profiles, g_strcmp0 (groups[i], last) == 0 ? 0 : -1, profile);
    }
  return profiles;
}

static gboolean
storage_error (GError **error, const char *what, const char *path, const char *why)
{
  g_set_error (error, BST_ERROR, BST_ERROR_STORAGE, "%s “%s”: %s", what, path, why);
  return FALSE;
}

static gboolean
copy_ca (BstProfile *profile, const char *source, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (source, &cause);
  g_autofree char *target = g_build_filename (profile->directory, CA_NAME, NULL);
  g_autofree char *text = NULL;
  gsize len = 0;

  if (!certificate || !g_file_get_contents (source, &text, &len, &cause) || len > MAX_CA_BYTES)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "ca-file: %s",
                   cause ? cause->message : "too large");
      return FALSE;
    }
  if (strcmp (source, target) != 0 &&
      !g_file_set_contents_full (target, text, (gssize) len, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                 &cause))
    return storage_error (error, "cannot write", target, cause->message);
  g_free (profile->ca_file);
  profile->ca_file = g_steal_pointer (&target);
  return TRUE;
}

static void
write_string (GKeyFile *file, const char *group, const char *key, const char *value)
{
  if (value)
    g_key_file_set_string (file, group, key, value);
}

gboolean
bst_profile_save (const char *root, BstProfile *profile, const char *ca_source, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) cause = NULL;
  g_autofree char *path = list_path (root);
  g_autofree char *text = NULL;
  gsize len;

  if (g_mkdir_with_parents (profile->directory, 0700) != 0)
    return storage_error (error, "cannot make", profile->directory, g_strerror (errno));
  if (ca_source && !copy_ca (profile, ca_source, error))
    return FALSE;
  /* What is already there is kept; an unreadable list begins anew, the stores are untouched. */
  g_key_file_load_from_file (file, path, G_KEY_FILE_KEEP_COMMENTS, NULL);
  write_string (file, profile->id, "server", profile->server);
  write_string (file, profile->id, "person", profile->person);
  write_string (file, profile->id, "person-name", profile->person_name);
  write_string (file, profile->id, "authority", profile->authority);
  write_string (file, profile->id, "authority-name", profile->authority_name);
  g_key_file_set_boolean (file, profile->id, "own-ca", profile->ca_file != NULL);
  g_key_file_set_boolean (file, profile->id, "signed-out", profile->signed_out);
  g_key_file_set_string (file, LAST_GROUP, "id", profile->id);
  text = g_key_file_to_data (file, &len, NULL);
  if (!g_file_set_contents_full (path, text, (gssize) len, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                 &cause))
    return storage_error (error, "cannot write", path, cause->message);
  return TRUE;
}
