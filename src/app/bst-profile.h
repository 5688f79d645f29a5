/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BstProfile: one enrolled person at one server, on this computer. Its store and its secret lie in a directory of its own, so
 * that another person who uses the same login sees nothing, and nobody's unsent work is removed by somebody else's sign-in.
 * @id: hash of server and person; the directory's name
 * @directory: of the store
 * @ca_file: (nullable): PEM, a copy within the directory
 * @signed_out: the work is kept; a new code is needed to synchronise
 */
typedef struct
{
  char *id;
  char *directory;
  char *server;
  char *person;
  char *person_name;
  char *authority;
  char *authority_name;
  char *ca_file;
  gboolean signed_out;
} BstProfile;

BstProfile *bst_profile_copy (const BstProfile *profile);
void bst_profile_free (BstProfile *profile);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstProfile, bst_profile_free)

/** bst_profile_new: @identity as from bst_enrol_finish(). Nothing is written. */
BstProfile *bst_profile_new (const char *root, const char *server, GVariant *identity);

/** bst_profiles_root: where they lie for this user. Returns: (transfer full). */
char *bst_profiles_root (void);

/** bst_profiles_list: all, the last used first. A small file; never fails. Returns: (transfer full) (element-type BstProfile). */
GPtrArray *bst_profiles_list (const char *root);

/**
 * bst_profile_save: writes the profile, makes it the last used, and copies @ca_source (nullable) to its place.
 * Blocks: not for the main thread. Errors: %BST_ERROR_STORAGE, %BST_ERROR_INVALID (the CA file is no PEM certificate).
 */
gboolean
bst_profile_save (const char *root, BstProfile *profile, const char *ca_source, GError **error);

G_END_DECLS
