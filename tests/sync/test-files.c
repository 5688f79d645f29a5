/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files of orders over a line that can fail, to the real server. */

#include "bst-error.h"
#include "bst-store-files.h"
#include "bst-sync-fetch.h"
#include "bst-world.h"

#include <glib/gstdio.h>
#include <string.h>

#define LARGE (1200 * 1000)

static char *
make_octets (gsize len, guint32 seed)
{
  char *octets = g_malloc (len);

  for (gsize i = 0; i < len; i++)
    {
      seed = seed * 1664525u + 1013904223u;
      octets[i] = (char) (seed >> 24);
    }
  return octets;
}

/* A draft with a file of @len octets, sent off. (transfer full): its uid. */
static char *
order_with (BstComputer *computer, const char *title, gsize len, guint32 seed, char **ret_sha256)
{
  g_autofree char *octets = make_octets (len, seed);
  g_autofree char *path = g_build_filename (computer->directory, "skade æ.jpg", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  char *uid = bst_computer_draft (computer, "s1", title, 1);
  g_autoptr (GVariant) draft = bst_computer_get (computer, uid);
  g_autoptr (GVariant) attachment = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, octets, (gssize) len, NULL));
  attachment = bst_store_add_file (computer->store, file, NULL, &error);
  g_assert_no_error (error);
  g_unlink (path);
  *ret_sha256 = g_strdup (bst_doc_get_string (attachment, "sha256"));
  bst_doc_replace (&draft, bst_doc_set (draft, "attachments/f1", attachment));
  bst_store_save_draft (computer->store, draft, &error);
  g_assert_no_error (error);
  bst_store_submit (computer->store, uid, &error);
  g_assert_no_error (error);
  return uid;
}

static gint64
passed_up (BstWorld *world)
{
  gint64 up, down;

  bst_fault_proxy_passed (bst_world_proxy (world), &up, &down);
  return up;
}

static gint64
passed_down (BstWorld *world)
{
  gint64 up, down;

  bst_fault_proxy_passed (bst_world_proxy (world), &up, &down);
  return down;
}

static char *
blob_path (BstWorld *world, const char *sha256)
{
  g_autofree char *id = g_strconcat ("B", sha256, NULL);
  g_autofree char *folder = g_strndup (sha256, 2);

  return g_build_filename (bst_world_data (world), "blobs", folder, id, NULL);
}

static void
assert_at_server (BstWorld *world, const char *uid, const char *sha256)
{
  g_autofree char *path = blob_path (world, sha256);
  g_autofree char *octets = NULL;
  g_autofree char *sum = NULL;
  g_autoptr (GVariant) order = bst_world_request (world, uid);
  gsize len;

  g_assert_nonnull (order);
  g_assert_cmpstr (bst_doc_get_string (order, "state"), !=, "draft");
  g_assert_cmpstr (bst_doc_get_string (order, "attachments/f1/blobId") + 1, ==, sha256);
  g_assert_true (g_file_get_contents (path, &octets, &len, NULL));
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) octets, len);
  g_assert_cmpstr (sum, ==, sha256);
}

static void
count_cb (BstSync *sync, const char *sha256, gint64 done, gint64 size, guint *n)
{
  ++*n;
}

static void
test_sent (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 1);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *sha256 = NULL;
  g_autofree char *uid = NULL;
  gint64 before, done, size;
  guint n = 0;

  bst_computer_sync (here);
  g_assert_cmpint (bst_store_get_file_limit (here->store), ==, 50000000);
  uid = order_with (here, "Med billede", LARGE, 1, &sha256);
  g_signal_connect (here->sync, "file-progress", G_CALLBACK (count_cb), &n);
  before = passed_up (world);
  bst_computer_sync (here);
  g_assert_cmpint (passed_up (world) - before, <, LARGE * 102 / 100);
  assert_at_server (world, uid, sha256);
  g_assert_false (bst_store_has_file (here->store, sha256, NULL));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (n, >=, 5);
  g_assert_true (bst_sync_get_file_progress (here->sync, sha256, &done, &size));
  g_assert_cmpint (done, ==, LARGE);
  g_assert_cmpint (size, ==, LARGE);

  /* The same file to another order costs nothing but a question. */
  g_free (uid);
  g_free (sha256);
  uid = order_with (here, "En til", LARGE, 1, &sha256);
  before = passed_up (world);
  bst_computer_sync (here);
  g_assert_cmpint (passed_up (world) - before, <, 20000);
  assert_at_server (world, uid, sha256);
}

/* Cut again and again in the middle of a part, with a restart of the program in between: what is there is not sent again. */
static void
test_cut (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 2);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *sha256 = NULL;
  g_autofree char *uid = NULL;
  gint64 before;
  guint cuts = 0;

  bst_computer_sync (here);
  uid = order_with (here, "Med billede", LARGE, 2, &sha256);
  before = passed_up (world);
  for (;;)
    {
      BstFaults faults = BST_FAULTS_NONE;
      g_autoptr (GError) error = NULL;

      faults.cut_up = cuts < 4 ? 400 * 1000 : -1;
      bst_fault_proxy_set (bst_world_proxy (world), &faults);
      error = bst_computer_try (here);
      if (!error)
        break;
      g_assert_error (error, BST_ERROR, BST_ERROR_OUTCOME_UNKNOWN);
      g_assert_null (bst_world_request (world, uid));
      cuts++;
      if (cuts == 2)
        {
          bst_computer_shut (here);
          bst_computer_open (here);
        }
    }
  g_assert_cmpuint (cuts, >=, 2);
  /* At most one part for every cut is lost. */
  g_assert_cmpint (passed_up (world) - before, <,
                   LARGE + (gint64) cuts * (256 * 1024 + 10000) + 30000);
  assert_at_server (world, uid, sha256);
}

/* A line that never lets 100,000 octets through at once: the parts become small enough. */
static void
test_short_breath (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 3);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *sha256 = NULL;
  g_autofree char *uid = NULL;
  guint tries = 0;

  bst_computer_sync (here);
  uid = order_with (here, "Med billede", 300 * 1000, 3, &sha256);
  for (;;)
    {
      BstFaults faults = BST_FAULTS_NONE;
      g_autoptr (GError) error = NULL;

      faults.cut_up = 100 * 1000;
      bst_fault_proxy_set (bst_world_proxy (world), &faults);
      error = bst_computer_try (here);
      if (!error)
        break;
      g_assert_cmpuint (++tries, <, 30);
    }
  assert_at_server (world, uid, sha256);
}

typedef struct
{
  char *folder; /* of the parts */
} Probe;

static gboolean
has_part (gpointer closure)
{
  Probe *probe = closure;
  g_autoptr (GDir) dir = g_dir_open (probe->folder, 0, NULL);
  const char *name = dir ? g_dir_read_name (dir) : NULL;
  g_autofree char *path = name ? g_build_filename (probe->folder, name, NULL) : NULL;
  GStatBuf now;

  return path && g_stat (path, &now) == 0 && now.st_size >= 256 * 1024;
}

/* The server has the part, and its answer is lost: it is not sent again. */
static void
test_dropped_reply (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 4);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *sha256 = NULL;
  g_autofree char *uid = NULL;
  Probe probe = { g_build_filename (bst_world_data (world), "parts", NULL) };
  BstFaults faults = BST_FAULTS_NONE;
  g_autoptr (GError) error = NULL;
  gint64 before;

  bst_computer_sync (here);
  uid = order_with (here, "Med billede", LARGE, 4, &sha256);
  before = passed_up (world);
  faults.probe = has_part;
  faults.closure = &probe;
  bst_fault_proxy_set (bst_world_proxy (world), &faults);
  error = bst_computer_try (here);
  g_assert_error (error, BST_ERROR, BST_ERROR_OUTCOME_UNKNOWN);
  bst_fault_proxy_set (bst_world_proxy (world), NULL);
  bst_computer_sync (here);
  assert_at_server (world, uid, sha256);
  g_assert_cmpint (passed_up (world) - before, <, LARGE + 60000);
  g_free (probe.folder);
}

static void
spoil_first (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name = g_dir_read_name (dir);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *octets = NULL;
  gsize len;

  g_assert_true (g_file_get_contents (path, &octets, &len, NULL));
  octets[len / 2] ^= 1;
  g_assert_true (g_file_set_contents (path, octets, (gssize) len, NULL));
}

/* One bit is altered on the way: all of it is refused, sent anew, and right in the end. */
static void
test_altered (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 5);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *sha256 = NULL;
  g_autofree char *uid = NULL;
  g_autofree char *parts = g_build_filename (bst_world_data (world), "parts", NULL);
  BstFaults faults = BST_FAULTS_NONE;
  g_autoptr (GError) error = NULL;

  bst_computer_sync (here);
  uid = order_with (here, "Med billede", LARGE, 5, &sha256);
  faults.cut_up = 700 * 1000;
  bst_fault_proxy_set (bst_world_proxy (world), &faults);
  error = bst_computer_try (here);
  g_assert_nonnull (error);
  bst_fault_proxy_set (bst_world_proxy (world), NULL);
  spoil_first (parts);
  bst_computer_sync (here);
  assert_at_server (world, uid, sha256);
}

/* The server has forgotten the file that it had named: file and order go again. */
static void
test_forgotten (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 6);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *sha256 = NULL;
  g_autofree char *uid = NULL;

  bst_computer_sync (here);
  uid = order_with (here, "Med billede", 1000, 6, &sha256);
  bst_store_file_named (here->store, sha256, "d1", NULL);
  bst_computer_sync (here);
  assert_at_server (world, uid, sha256);
}

/* A large file on a line that cannot carry it does not hold back the order behind it. */
static void
test_no_jam (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 7);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *sha256 = NULL;
  g_autofree char *uid = NULL;
  g_autofree char *other = NULL;
  BstFaults faults = BST_FAULTS_NONE;
  g_autoptr (GError) error = NULL;

  bst_computer_sync (here);
  uid = order_with (here, "Med film", LARGE, 7, &sha256);
  other = bst_computer_order (here, "s1", "Uden");
  faults.cut_up = 50 * 1000;
  bst_fault_proxy_set (bst_world_proxy (world), &faults);
  error = bst_computer_try (here);
  g_assert_nonnull (error);
  g_assert_true (bst_world_has (world, "Request", other));
  g_assert_false (bst_world_has (world, "Request", uid));
  g_assert_true (bst_store_has_file (here->store, sha256, NULL));
  /* Taken back, nothing more of it goes. */
  bst_fault_proxy_set (bst_world_proxy (world), NULL);
  g_assert_true (bst_store_withdraw (here->store, uid, NULL));
  bst_computer_sync (here);
  g_assert_false (bst_world_has (world, "Request", uid));
}

/* ---- fetching ---- */

typedef struct
{
  char *path;
  GError *error;
  gboolean done;
} Fetched;

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fetched *fetched = data;

  fetched->path = bst_sync_fetch_finish (BST_SYNC (source), result, &fetched->error);
  fetched->done = TRUE;
}

static char *
fetch (BstComputer *computer, const char *sha256, GError **error)
{
  g_autofree char *blob = g_strconcat ("B", sha256, NULL);
  Fetched fetched = { NULL, NULL, FALSE };

  bst_sync_fetch_async (computer->sync, "d1", blob, "../skade æ.jpg", LARGE, NULL, fetched_cb,
                        &fetched);
  while (!fetched.done)
    g_main_context_iteration (NULL, TRUE);
  if (fetched.error)
    g_propagate_error (error, fetched.error);
  return fetched.path;
}

static void
assert_fetched (const char *path, const char *sha256)
{
  g_autofree char *octets = NULL;
  g_autofree char *sum = NULL;
  g_autofree char *name = g_path_get_basename (path);
  gsize len;

  g_assert_cmpstr (name, ==, "_skade æ.jpg");
  g_assert_true (g_file_get_contents (path, &octets, &len, NULL));
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) octets, len);
  g_assert_cmpstr (sum, ==, sha256);
}

static gint64
part_size (BstComputer *computer, const char *sha256)
{
  g_autofree char *name = g_strconcat (sha256, ".part", NULL);
  g_autofree char *path = g_build_filename (computer->directory, "fetched", name, NULL);
  GStatBuf now;

  return g_stat (path, &now) == 0 ? now.st_size : 0;
}

static void
test_fetch (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 8);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autoptr (BstComputer) there = bst_computer_new (world, "there", "olga");
  g_autofree char *sha256 = NULL;
  g_autofree char *uid = NULL;
  g_autofree char *local = NULL;
  g_autofree char *path = NULL;
  g_autofree char *again = NULL;
  g_autofree char *blob = NULL;
  g_autofree char *none = NULL;
  BstFaults faults = BST_FAULTS_NONE;
  g_autoptr (GError) error = NULL;
  gint64 before, have;

  bst_computer_sync (here);
  bst_computer_sync (there);
  uid = order_with (here, "Med billede", LARGE, 8, &sha256);
  /* What has not been sent comes from this computer, without a line. */
  faults.refuse = TRUE;
  bst_fault_proxy_set (bst_world_proxy (world), &faults);
  local = fetch (here, sha256, &error);
  g_assert_no_error (error);
  assert_fetched (local, sha256);
  bst_fault_proxy_set (bst_world_proxy (world), NULL);
  bst_computer_sync (here);

  /* Cut once, it goes on where it was, and gets nothing twice. */
  faults = BST_FAULTS_NONE;
  faults.cut_down = 700 * 1000;
  faults.rate = 2000 * 1000; /* so that it reads what comes before the line is reset */
  bst_fault_proxy_set (bst_world_proxy (world), &faults);
  path = fetch (there, sha256, &error);
  g_assert_error (error, BST_ERROR, BST_ERROR_OFFLINE);
  g_clear_error (&error);
  have = part_size (there, sha256);
  g_assert_cmpint (have, >, 300 * 1000);
  before = passed_down (world);
  bst_fault_proxy_set (bst_world_proxy (world), NULL);
  path = fetch (there, sha256, &error);
  g_assert_no_error (error);
  assert_fetched (path, sha256);
  g_assert_cmpint (passed_down (world) - before, <, LARGE - have + 50 * 1000);

  /* Here already: no line is needed. */
  faults = BST_FAULTS_NONE;
  faults.refuse = TRUE;
  bst_fault_proxy_set (bst_world_proxy (world), &faults);
  again = fetch (there, sha256, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again, ==, path);
  bst_fault_proxy_set (bst_world_proxy (world), NULL);

  /* What the server's disk has made of it is not shown as the file. */
  g_unlink (path);
  blob = blob_path (world, sha256);
  {
    g_autofree char *octets = make_octets (LARGE, 99);

    g_assert_true (g_file_set_contents (blob, octets, LARGE, NULL));
  }
  none = fetch (there, sha256, &error);
  g_assert_error (error, BST_ERROR, BST_ERROR_CORRUPT);
  g_assert_null (none);
  g_clear_error (&error);
  g_unlink (blob);
  none = fetch (there, sha256, &error);
  g_assert_error (error, BST_ERROR, BST_ERROR_NOT_FOUND);
}

/* What an earlier try left on the disk was spoiled there: the digest tells at the end, and it is fetched anew. */
static void
test_fetch_spoiled (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 9);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autoptr (BstComputer) there = bst_computer_new (world, "there", "olga");
  BstFaults faults = BST_FAULTS_NONE;
  g_autofree char *sha256 = NULL;
  g_autofree char *uid = NULL;
  g_autofree char *cut = NULL;
  g_autofree char *whole = NULL;
  g_autofree char *name = NULL;
  g_autofree char *part = NULL;
  g_autofree char *junk = NULL;
  g_autoptr (GError) error = NULL;
  gint64 have;

  bst_computer_sync (here);
  bst_computer_sync (there);
  uid = order_with (here, "Med billede", LARGE, 8, &sha256);
  bst_computer_sync (here);
  faults.cut_down = 700 * 1000;
  faults.rate = 2000 * 1000;
  bst_fault_proxy_set (bst_world_proxy (world), &faults);
  cut = fetch (there, sha256, &error);
  g_assert_null (cut);
  g_assert_error (error, BST_ERROR, BST_ERROR_OFFLINE);
  g_clear_error (&error);
  bst_fault_proxy_set (bst_world_proxy (world), NULL);

  have = part_size (there, sha256);
  g_assert_cmpint (have, >, 0);
  name = g_strconcat (sha256, ".part", NULL);
  part = g_build_filename (there->directory, "fetched", name, NULL);
  junk = make_octets ((gsize) have, 77);
  g_assert_true (g_file_set_contents (part, junk, (gssize) have, NULL));
  whole = fetch (there, sha256, &error);
  g_assert_no_error (error);
  assert_fetched (whole, sha256);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/files/sent", test_sent);
  g_test_add_func ("/sync/files/cut", test_cut);
  g_test_add_func ("/sync/files/short-breath", test_short_breath);
  g_test_add_func ("/sync/files/dropped-reply", test_dropped_reply);
  g_test_add_func ("/sync/files/altered", test_altered);
  g_test_add_func ("/sync/files/forgotten", test_forgotten);
  g_test_add_func ("/sync/files/no-jam", test_no_jam);
  g_test_add_func ("/sync/files/fetch", test_fetch);
  g_test_add_func ("/sync/files/fetch-spoiled", test_fetch_spoiled);
  return g_test_run ();
}
