/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A computer that was lost: at its next contact, what came from the server goes from it; what only it has stays. */

#include "bst-error.h"
#include "bst-world.h"

#include <string.h>

/* Whether any file of the store has these octets in it. */
static gboolean
is_on_disk (BstComputer *computer, const char *text)
{
  g_autoptr (GDir) dir = g_dir_open (computer->directory, 0, NULL);
  const char *name;
  gboolean found = FALSE;

  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (computer->directory, name, NULL);
      g_autofree char *octets = NULL;
      gsize len;

      if (g_file_get_contents (path, &octets, &len, NULL))
        found |= memmem (octets, len, text, strlen (text)) != NULL;
    }
  return found;
}

static void
lose (BstWorld *world)
{
  g_autoptr (BstStorage) storage = bst_world_storage (world);
  g_autoptr (GError) error = NULL;
  guint n = 0;

  g_assert_true (bst_storage_lose_computers (storage, "orla", NULL, &n, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 1);
}

static void
test_lost (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 1);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autoptr (BstComputer) other = bst_computer_new (world, "other", "olga");
  g_autofree char *sent = NULL;
  g_autofree char *queued = NULL;
  g_autofree char *draft = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) receipts = NULL;
  g_autoptr (GVariant) order = NULL;

  bst_computer_sync (here);
  sent = bst_computer_order (here, "s1", "Sendt hemmelighed");
  bst_computer_sync (here);
  bst_computer_sync (other);
  g_assert_true (is_on_disk (here, "Sendt hemmelighed"));
  g_assert_true (is_on_disk (here, "Kontorstol"));
  draft = bst_computer_draft (here, "s1", "Mit udkast", 1);
  queued = bst_computer_order (here, "s1", "Ikke sendt");

  lose (world);
  error = bst_computer_try (here);
  g_assert_error (error, BST_ERROR, BST_ERROR_LOST);
  g_assert_null (bst_computer_get (here, sent));
  receipts = bst_computer_receipts (here);
  g_assert_cmpuint (receipts->len, ==, 0);
  g_assert_false (is_on_disk (here, "Sendt hemmelighed"));
  g_assert_cmpint (bst_store_count (here->store, &(BstQuery){ .type = "Service" }, NULL), ==, 0);

  /* Hers alone, and still there after a start. */
  bst_computer_shut (here);
  bst_computer_open (here);
  {
    g_autofree char *of_draft = bst_computer_state (here, draft);
    g_autofree char *of_queued = bst_computer_state (here, queued);

    g_assert_cmpstr (of_draft, ==, "draft");
    g_assert_cmpstr (of_queued, ==, "queued");
  }
  g_assert_false (bst_world_has (world, "Request", queued));

  /* The others go on. */
  bst_computer_sync (other);
  order = bst_computer_get (other, sent);
  g_assert_nonnull (order);
}

/* A sign-in that was merely revoked takes nothing away. */
static void
test_revoked (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 2);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *sent = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) order = NULL;

  bst_computer_sync (here);
  sent = bst_computer_order (here, "s1", "Sendt");
  bst_computer_sync (here);
  {
    g_autoptr (BstStorage) storage = bst_world_storage (world);

    g_assert_true (bst_storage_revoke_person (storage, "orla", NULL, NULL));
  }
  error = bst_computer_try (here);
  g_assert_error (error, BST_ERROR, BST_ERROR_SIGN_IN);
  order = bst_computer_get (here, sent);
  g_assert_nonnull (order);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/lost/wiped", test_lost);
  g_test_add_func ("/sync/lost/revoked", test_revoked);
  return g_test_run ();
}
