/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Databases of earlier versions (tests/fixtures/schema). */

#include "bst-frozen.h"
#include "bst-store-files.h"
#include "bst-work.h"
#include "store-fixture.h"

#include <glib/gstdio.h>

#define SENT    "019ce10f-4400-7251-a1b5-956143c0ee2d"
#define REFUSED "019ce10f-4400-7406-a20b-5821cf68259c"
#define QUEUED  "019ce10f-4400-7256-8646-e9f06e6e5a05"
#define DRAFT   "019ce10f-4400-7073-991e-f0d302318f04"

static void
test_steps (void)
{
  bst_frozen_check ("work", BST_WORK_APPLICATION_ID, bst_work_migrations);
}

static void
assert_order (StoreFixture *fixture, const char *id, const char *title, const char *local)
{
  g_autofree char *is_title = property_of (fixture, "Request", id, "title");
  g_autofree char *is_local = local_state (fixture, id);

  g_assert_cmpstr (is_title, ==, title);
  g_assert_cmpstr (is_local, ==, local);
}

static void
count_cb (GObject *source, GAsyncResult *result, gpointer n)
{
  g_autoptr (GPtrArray) receipts = bst_store_receipts_finish (BST_STORE (source), result, NULL);

  *(guint *) n = receipts->len;
}

static gboolean
is_counted (gpointer n)
{
  return *(guint *) n != G_MAXUINT;
}

static void
check_work (StoreFixture *fixture)
{
  g_autoptr (GPtrArray) outbox = bst_store_outbox (fixture->store, NULL);
  g_autoptr (GVariant) identity = bst_store_get_identity (fixture->store);
  guint n_receipts = G_MAXUINT;

  g_assert_cmpstr (bst_doc_get_string (identity, "person"), ==, "p1");
  g_assert_cmpstr (bst_store_installation (fixture->store), ==,
                   "019ce10f-4400-768e-84a3-406c97d63cfb");
  g_assert_cmpuint (outbox->len, ==, 4);
  assert_order (fixture, DRAFT, "Kladde æøå", "draft");
  assert_order (fixture, QUEUED, "Ordre i kø", "queued");
  assert_order (fixture, REFUSED, "Afvist ordre", "refused");
  assert_order (fixture, SENT, "Modtaget ordre", "");
  bst_store_receipts_async (fixture->store, 10, NULL, count_cb, &n_receipts);
  spin_until (is_counted, &n_receipts);
  g_assert_cmpuint (n_receipts, ==, 2);
}

/* From version 2 on the draft has a file. */
static void
check_file (StoreFixture *fixture)
{
  static const char sha256[] = "969679843604dccce739ae90de10ff6d60257ec2d5e95f350c785b30c7a5b39e";
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) octets = bst_store_read_file (fixture->store, sha256, 0, 1000, &error);
  g_autofree char *sum = NULL;

  g_assert_no_error (error);
  sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, octets);
  g_assert_cmpstr (sum, ==, sha256);
}

/* From version 3 on there is something to decide in it. */
static void
check_conflict (StoreFixture *fixture)
{
  g_autoptr (GVariant) draft = bst_store_get (fixture->store, "Request", DRAFT, NULL);
  g_autoptr (GVariant) conflicts = bst_doc_get_list (draft, "@local/conflicts");

  g_assert_cmpuint (g_variant_n_children (conflicts), ==, 1);
  g_assert_cmpstr (bst_doc_get_string (draft, "@local/base/title"), ==, "Fælles kladde");
  g_assert_true (bst_doc_get_bool (draft, "@local/shared"));
}

/* Each frozen work.db, opened as an update of the program does: alone, its replica gone. */
static void
test_content (StoreFixture *fixture, gconstpointer data)
{
  static const char *const endings[] = { "", "-wal", "-shm" };

  for (const BstMigration *step = bst_work_migrations; step->version != 0; step++)
    {
      g_autofree char *dump = g_strdup_printf ("work-%d.sql", step->version);
      g_autofree char *work = store_fixture_file (fixture, "work.db");

      store_fixture_close (fixture);
      for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
        {
          g_autofree char *old = g_strconcat (work, endings[i], NULL);

          g_unlink (old);
        }
      bst_frozen_thaw (dump, work);
      store_fixture_open (fixture);
      check_work (fixture);
      if (step->version >= 2)
        check_file (fixture);
      if (step->version >= 3)
        check_conflict (fixture);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/schema/steps", test_steps);
  g_test_add ("/store/schema/content", StoreFixture, NULL, store_fixture_set_up_filled,
              test_content, store_fixture_tear_down);
  return g_test_run ();
}
