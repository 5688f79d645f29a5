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
