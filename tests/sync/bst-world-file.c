/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-world.h"

#include <glib/gstdio.h>

#include "bst-courier.h"
#include "bst-server.h"
#include "bst-store-files.h"

char *
bst_computer_order_with_file (BstComputer *computer, const char *unit, const char *title)
{
  char *uid = bst_computer_draft (computer, unit, title, 1);
  g_autoptr (GVariant) draft = bst_computer_get (computer, uid);
  g_autofree char *path = g_build_filename (computer->directory, "skade.jpg", NULL);
  g_autofree char *octets = g_strnfill (400 * 1000, title[0]);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GVariant) attachment = NULL;
  g_autoptr (GError) error = NULL;

  g_strlcpy (octets, title, 400 * 1000);
  g_assert_true (g_file_set_contents (path, octets, 400 * 1000, NULL));
  attachment = bst_store_add_file (computer->store, file, NULL, &error);
  g_assert_no_error (error);
  g_remove (path);
  bst_doc_replace (&draft, bst_doc_set (draft, "attachments/f1", attachment));
  bst_store_save_draft (computer->store, draft, &error);
  g_assert_no_error (error);
  bst_store_submit (computer->store, uid, &error);
  g_assert_no_error (error);
  return uid;
}

void
bst_computer_exchange (BstComputer *computer)
{
  BstWorld *world = computer->world;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) parcel =
      bst_courier_pack (computer->store, &computer->clock, computer->token, &error);
  g_autoptr (GBytes) answer = NULL;
  BstCourierResult result;

  g_assert_no_error (error);
  answer = bst_server_carry (bst_world_data (world), bst_world_clock (world), parcel, &error);
  g_assert_no_error (error);
  bst_courier_unpack (computer->store, computer->token, answer, &result, &error);
  g_assert_no_error (error);
}

/* ---- folders ---- */

void
bst_world_remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      bst_world_remove_tree (inner);
    }
  g_remove (path);
}

void
bst_world_copy_tree (const char *from, const char *to)
{
  g_autoptr (GDir) dir = g_dir_open (from, 0, NULL);
  const char *name;

  g_mkdir_with_parents (to, 0700);
  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *source = g_build_filename (from, name, NULL);
      g_autofree char *target = g_build_filename (to, name, NULL);
      g_autofree char *octets = NULL;
      g_autoptr (GError) error = NULL;
      gsize len;

      g_file_get_contents (source, &octets, &len, &error);
      g_assert_no_error (error);
      g_file_set_contents (target, octets, (gssize) len, &error);
      g_assert_no_error (error);
    }
}
