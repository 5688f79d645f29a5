/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files that orders refer to: kept from the first moment, sent before their order, dropped after it. */

#include "store-fixture.h"

#include "bst-error.h"
#include "bst-store-files.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LARGE (700 * 1024 + 3) /* three parts, the last one not full */

/* @len octets that are the same every time. */
static GBytes *
octets_new (gsize len)
{
  guint8 *octets = g_malloc (len);
  guint32 chance = 7;

  for (gsize i = 0; i < len; i++)
    {
      chance = chance * 1664525u + 1013904223u;
      octets[i] = (guint8) (chance >> 24);
    }
  return g_bytes_new_take (octets, len);
}

static GFile *
make_file (StoreFixture *fixture, const char *name, gsize len)
{
  g_autofree char *path = store_fixture_file (fixture, name);
  g_autoptr (GBytes) octets = octets_new (len);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, g_bytes_get_data (octets, NULL), (gssize) len, &error);
  g_assert_no_error (error);
  return g_file_new_for_path (path);
}

static GVariant *
must_add (StoreFixture *fixture, const char *name, gsize len)
{
  g_autoptr (GFile) file = make_file (fixture, name, len);
  g_autoptr (GError) error = NULL;
  GVariant *attachment = bst_store_add_file (fixture->store, file, NULL, &error);
  g_autofree char *path = g_file_get_path (file);

  g_assert_no_error (error);
  g_unlink (path);
  return attachment;
}

static char *
draft_with (StoreFixture *fixture, GVariant *attachment)
{
  g_autoptr (GVariant) draft = make_draft (fixture, "Stole", "s1");
  g_autoptr (GError) error = NULL;

  bst_doc_replace (&draft, bst_doc_set (draft, "attachments/f1", attachment));
  bst_store_save_draft (fixture->store, draft, &error);
  g_assert_no_error (error);
  return g_strdup (bst_doc_get_string (draft, "uid"));
}

static char *
order_with (StoreFixture *fixture, GVariant *attachment)
{
  char *uid = draft_with (fixture, attachment);
  g_autoptr (GError) error = NULL;

  bst_store_submit (fixture->store, uid, &error);
  g_assert_no_error (error);
  return uid;
}

static void
assert_whole (StoreFixture *fixture, const char *sha256, gsize len)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  gint64 offset = 0;
  gint64 size;

  g_assert_true (bst_store_has_file (fixture->store, sha256, &size));
  g_assert_cmpint (size, ==, (gint64) len);
  for (;;)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) part =
          bst_store_read_file (fixture->store, sha256, offset, 100000, &error);
      gsize n;
      const guint8 *octets;

      g_assert_no_error (error);
      octets = g_bytes_get_data (part, &n);
      g_assert_cmpuint (n, <=, 100000);
      if (n == 0)
        break;
      g_checksum_update (sum, octets, (gssize) n);
      offset += (gint64) n;
    }
  g_assert_cmpint (offset, ==, (gint64) len);
  g_assert_cmpstr (g_checksum_get_string (sum), ==, sha256);
}

static guint
count_to_send (StoreFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) files = bst_store_files_to_send (fixture->store, &error);

  g_assert_no_error (error);
  return files->len;
}

/* Takes and gives back. */
static guint
count_ready (StoreFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = bst_store_outbox_take (fixture->store, 100, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < items->len; i++)
    {
      BstOutcome outcome = { .seq = ((BstOutboxItem *) items->pdata[i])->seq };

      bst_store_outbox_settle (fixture->store, &outcome, 1, &error);
      g_assert_no_error (error);
    }
  return items->len;
}

static void
reopen (StoreFixture *fixture)
{
  store_fixture_close (fixture);
  store_fixture_open (fixture);
}

static void
test_add (StoreFixture *fixture, gconstpointer data)
{
  static const gsize sizes[] = { 0, 1, 256 * 1024, 256 * 1024 + 1, LARGE };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GVariant) attachment = must_add (fixture, "skade æ.txt", sizes[i]);
      g_autoptr (GBytes) octets = octets_new (sizes[i]);
      g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, octets);
      g_autofree char *uid = draft_with (fixture, attachment);

      g_assert_cmpstr (bst_doc_get_string (attachment, "name"), ==, "skade æ.txt");
      g_assert_cmpstr (bst_doc_get_string (attachment, "sha256"), ==, sha256);
      g_assert_cmpint (bst_doc_get_int (attachment, "size", -1), ==, (gint64) sizes[i]);
      reopen (fixture);
      assert_whole (fixture, sha256, sizes[i]);
    }
}

/* The same content twice is one file. */
static void
test_same (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) one = must_add (fixture, "a.png", LARGE);
  g_autoptr (GVariant) other = must_add (fixture, "b.png", LARGE);

  g_assert_cmpstr (bst_doc_get_string (one, "sha256"), ==, bst_doc_get_string (other, "sha256"));
  g_assert_cmpstr (bst_doc_get_string (one, "type"), ==, "image/png");
  assert_whole (fixture, bst_doc_get_string (one, "sha256"), LARGE);
}

static void
test_limit (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GFile) file = make_file (fixture, "stor.bin", 1001);
  g_autoptr (GFile) folder = g_file_new_for_path (fixture->directory);
  g_autofree char *path = g_file_get_path (file);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (bst_store_get_file_limit (fixture->store), ==, 25000000);
  g_assert_true (bst_store_set_file_limit (fixture->store, 1000, NULL));
  reopen (fixture);
  g_assert_cmpint (bst_store_get_file_limit (fixture->store), ==, 1000);
  g_assert_null (bst_store_add_file (fixture->store, file, NULL, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_TOO_LARGE);
  g_clear_error (&error);
  g_assert_null (bst_store_add_file (fixture->store, folder, NULL, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
  g_unlink (path);
}

static void
added_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(GVariant **) user_data = bst_store_add_file_finish (BST_STORE (source), result, &error);
  g_assert_no_error (error);
}

static gboolean
is_set (gpointer pointer)
{
  return *(gpointer *) pointer != NULL;
}

static void
test_pasted (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) octets = octets_new (LARGE);
  g_autoptr (GVariant) attachment = NULL;

  bst_store_add_octets_async (fixture->store, "billede.png", "image/png", octets, NULL, added_cb,
                              &attachment);
  spin_until (is_set, &attachment);
  assert_whole (fixture, bst_doc_get_string (attachment, "sha256"), LARGE);
}

/* The order waits for its file; the others do not wait for it. */
static void
test_order_waits (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) attachment = must_add (fixture, "a.png", LARGE);
  const char *sha256 = bst_doc_get_string (attachment, "sha256");
  g_autofree char *uid = order_with (fixture, attachment);
  g_autofree char *other = save_and_submit (fixture, "Uden bilag");
  g_autoptr (GPtrArray) files = bst_store_files_to_send (fixture->store, NULL);
  const BstFileToSend *file;
  g_autofree char *blob = g_strconcat ("B", sha256, NULL);
  g_autoptr (GPtrArray) items = NULL;

  g_assert_cmpuint (files->len, ==, 1);
  file = files->pdata[0];
  g_assert_cmpstr (file->sha256, ==, sha256);
  g_assert_cmpstr (file->account, ==, "d1");
  g_assert_cmpstr (file->request, ==, uid);
  g_assert_cmpint (file->size, ==, LARGE);
  items = bst_store_outbox_take (fixture->store, 100, NULL);
  g_assert_cmpuint (items->len, ==, 2);
  for (guint i = 0; i < items->len; i++)
    g_assert_cmpstr (((BstOutboxItem *) items->pdata[i])->request, ==, other);
  accept_all (fixture);

  /* In another account it is not named by that. */
  bst_store_file_named (fixture->store, sha256, "d2", NULL);
  g_assert_cmpuint (count_ready (fixture), ==, 0);
  bst_store_file_named (fixture->store, sha256, "d1", NULL);
  g_assert_cmpuint (count_to_send (fixture), ==, 0);
  g_assert_cmpuint (count_ready (fixture), ==, 2);
  g_clear_pointer (&items, g_ptr_array_unref);
  items = bst_store_outbox_take (fixture->store, 100, NULL);
  g_assert_cmpstr (
      bst_doc_get_string (((BstOutboxItem *) items->pdata[0])->content, "attachments/f1/blobId"),
      ==, blob);

  /* Only the acceptance lets go of it. */
  reopen (fixture);
  assert_whole (fixture, sha256, LARGE);
  accept_all (fixture);
  g_assert_false (bst_store_has_file (fixture->store, sha256, NULL));
}

/* What a restored server has forgotten goes to it again. */
static void
test_lost (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) attachment = must_add (fixture, "a.png", 100);
  const char *sha256 = bst_doc_get_string (attachment, "sha256");
  g_autofree char *uid = order_with (fixture, attachment);
  gboolean again;

  bst_store_file_named (fixture->store, sha256, "d1", NULL);
  g_assert_true (bst_store_file_lost (fixture->store, sha256, "d1", &again, NULL));
  g_assert_true (again);
  g_assert_cmpuint (count_to_send (fixture), ==, 1);
  g_assert_cmpuint (count_ready (fixture), ==, 0);
  bst_store_file_named (fixture->store, sha256, "d1", NULL);
  bst_store_set_epoch (fixture->store, "one", NULL);
  g_assert_cmpuint (count_to_send (fixture), ==, 0);
  bst_store_set_epoch (fixture->store, "two", NULL);
  g_assert_cmpuint (count_to_send (fixture), ==, 1);
}

/* Taken back, the order sends no file; what is referred to by nothing is gone after the next opening, and not before (Undo). */
static void
test_let_go (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) attachment = must_add (fixture, "a.png", 100);
  const char *sha256 = bst_doc_get_string (attachment, "sha256");
  g_autofree char *uid = order_with (fixture, attachment);
  g_autofree char *accepted = NULL;

  g_assert_cmpuint (count_to_send (fixture), ==, 1);
  g_assert_true (bst_store_withdraw (fixture->store, uid, NULL));
  g_assert_cmpuint (count_to_send (fixture), ==, 0);
  reopen (fixture);
  assert_whole (fixture, sha256, 100);
  g_assert_true (bst_store_remove_draft (fixture->store, uid, NULL));
  accepted = save_and_submit (fixture, "En anden");
  accept_all (fixture);
  assert_whole (fixture, sha256, 100);
  reopen (fixture);
  g_assert_false (bst_store_has_file (fixture->store, sha256, NULL));
}

/* Two orders refer to one file: the first acceptance does not take it from the second. */
static void
test_shared (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) attachment = must_add (fixture, "a.png", 100);
  const char *sha256 = bst_doc_get_string (attachment, "sha256");
  g_autofree char *uid = order_with (fixture, attachment);
  g_autofree char *draft = draft_with (fixture, attachment);

  bst_store_file_named (fixture->store, sha256, "d1", NULL);
  accept_all (fixture);
  assert_whole (fixture, sha256, 100);
  g_assert_true (bst_store_remove_draft (fixture->store, draft, NULL));
}

/* ---- a process that dies ---- */

/* Says what is done, and dies without warning after @steps. */
static int
be_killed (const char *directory, int steps)
{
  StoreFixture fixture = { .directory = (char *) directory, .chance = (guint32) steps + 100 };
  g_autoptr (GVariant) attachment = NULL;
  g_autofree char *uid = NULL;

  fixture.now_ms = G_GINT64_CONSTANT (1773302400000) + (gint64) steps * 1000;
  store_fixture_clock (&fixture);
  store_fixture_open (&fixture);
  for (int step = 1; step <= steps; step++)
    {
      char line[200];

      if (step == 1)
        attachment = must_add (&fixture, "a.png", LARGE);
      else if (step == 2)
        uid = draft_with (&fixture, attachment);
      else if (step == 3)
        g_assert_true (bst_store_submit (fixture.store, uid, NULL));
      else if (step == 4)
        bst_store_file_named (fixture.store, bst_doc_get_string (attachment, "sha256"), "d1", NULL);
      else
        g_ptr_array_unref (bst_store_outbox_take (fixture.store, 100, NULL));
      g_snprintf (line, sizeof line, "%d %s\n", step, bst_doc_get_string (attachment, "sha256"));
      if (write (STDOUT_FILENO, line, strlen (line)) < 0)
        return 1;
    }
  /* Another one is half read. */
  {
    g_autoptr (GFile) file = make_file (&fixture, "half.bin", 20 * 1000 * 1000);

    bst_store_add_file_async (fixture.store, file, NULL, NULL, NULL);
  }
  kill (getpid (), SIGKILL);
  return 1;
}

static const char *self;

static void
test_killed (StoreFixture *fixture, gconstpointer data)
{
  store_fixture_close (fixture);
  for (int steps = 1; steps <= 5; steps++)
    {
      g_autofree char *argument = g_strdup_printf ("%d", steps);
      const char *const argv[] = { self, "be-killed", fixture->directory, argument, NULL };
      g_autofree char *output = NULL;
      g_autofree char *half = store_fixture_file (fixture, "half.bin");
      g_auto (GStrv) lines = NULL;
      g_autoptr (GError) error = NULL;
      int status;

      g_spawn_sync (NULL, (char **) argv, NULL, 0, NULL, NULL, &output, NULL, &status, &error);
      g_assert_no_error (error);
      g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
      lines = g_strsplit (output, "\n", -1);
      g_assert_cmpuint (g_strv_length (lines), ==, (guint) steps + 1);
      store_fixture_open (fixture);
      if (steps >= 2)
        assert_whole (fixture, strchr (lines[0], ' ') + 1, LARGE);
      g_assert_cmpuint (count_to_send (fixture), ==, steps == 3);
      if (steps == 3)
        g_assert_cmpuint (count_ready (fixture), ==, 0);
      if (steps >= 4)
        accept_all (fixture);
      g_unlink (half);
      store_fixture_close (fixture);
    }
}

#define ADD(path, function)                                                                        \
  g_test_add ("/store/files/" path, StoreFixture, NULL, store_fixture_set_up_filled, function,     \
              store_fixture_tear_down)

int
main (int argc, char **argv)
{
  if (argc == 4 && strcmp (argv[1], "be-killed") == 0)
    return be_killed (argv[2], atoi (argv[3]));
  self = argv[0];
  g_test_init (&argc, &argv, NULL);
  ADD ("add", test_add);
  ADD ("same", test_same);
  ADD ("limit", test_limit);
  ADD ("pasted", test_pasted);
  ADD ("order-waits", test_order_waits);
  ADD ("lost", test_lost);
  ADD ("let-go", test_let_go);
  ADD ("shared", test_shared);
  ADD ("killed", test_killed);
  return g_test_run ();
}
