/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What happens to a computer: broken files, a full disk, a second program, a process that dies between any two steps.
 */

#include "store-fixture.h"

#include "bst-db.h"
#include "bst-error.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void
spoil (StoreFixture *fixture, const char *name)
{
  g_autofree char *path = store_fixture_file (fixture, name);
  g_autofree char *junk = g_strnfill (20000, 'x');

  g_assert_true (g_file_set_contents (path, junk, 20000, NULL));
}

static gboolean
exists (StoreFixture *fixture, const char *name)
{
  g_autofree char *path = store_fixture_file (fixture, name);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
check_open_fails (StoreFixture *fixture, BstErrorCode code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (bst_store_open (fixture->directory, &fixture->clock, &error));
  g_assert_error (error, BST_ERROR, (int) code);
}

static char *
checksum (StoreFixture *fixture, const char *name)
{
  g_autofree char *path = store_fixture_file (fixture, name);
  g_autofree char *contents = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *) contents, length);
}

static void
test_corrupt_replica (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *uid = save_and_submit (fixture, "Stole");
  g_autofree char *local = NULL;
  g_autoptr (GPtrArray) outbox = NULL;

  for (int i = 1; i <= 2; i++)
    {
      store_fixture_close (fixture);
      spoil (fixture, "replica.db");
      store_fixture_open (fixture);
    }
  g_assert_true (exists (fixture, "replica.db.corrupt-1"));
  g_assert_true (exists (fixture, "replica.db.corrupt-2"));
  g_assert_null (bst_store_get_checkpoint (fixture->store, "catalogue", NULL));
  outbox = bst_store_outbox (fixture->store, NULL);
  g_assert_cmpuint (outbox->len, ==, 2);
  local = local_state (fixture, uid);
  g_assert_cmpstr (local, ==, "queued");
}

static void
test_deleted_replica (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *uid = save_and_submit (fixture, "Stole");
  g_autofree char *path = store_fixture_file (fixture, "replica.db");
  g_autofree char *local = NULL;

  store_fixture_close (fixture);
  g_assert_cmpint (g_unlink (path), ==, 0);
  store_fixture_open (fixture);
  local = local_state (fixture, uid);
  g_assert_cmpstr (local, ==, "queued");
}

/* Broken inside: found while reading, set aside at the next opening. */
static void
test_replica_broken_inside (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *path = store_fixture_file (fixture, "replica.db");
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  const BstQuery query = { .type = "Service" };
  g_autoptr (GPtrArray) services = NULL;

  store_fixture_close (fixture);
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  for (gsize page = 4096 * 4; page + 4096 <= length; page += 4096)
    memset (contents + page, 0xff, 100);
  g_assert_true (g_file_set_contents (path, contents, (gssize) length, NULL));

  /* Seen at once, or when it is read: then the next opening sets it aside. */
  store_fixture_open (fixture);
  services = bst_store_find (fixture->store, &query, 0, 10, &error);
  if (!services)
    {
      g_assert_error (error, BST_ERROR, BST_ERROR_CORRUPT);
      store_fixture_close (fixture);
      store_fixture_open (fixture);
      services = bst_store_find (fixture->store, &query, 0, 10, NULL);
    }
  g_assert_nonnull (services);
  g_assert_cmpuint (services->len, ==, 0);
  g_assert_true (exists (fixture, "replica.db.corrupt-1"));
}

static void
test_corrupt_work (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  store_fixture_close (fixture);
  spoil (fixture, "work.db");
  before = checksum (fixture, "work.db");
  check_open_fails (fixture, BST_ERROR_CORRUPT);
  after = checksum (fixture, "work.db");
  g_assert_cmpstr (before, ==, after);
}

static void
test_newer (StoreFixture *fixture, gconstpointer data)
{
  const char *const names[] = { "work.db", "replica.db" };
  const char *const back[] = { "PRAGMA user_version = 3", "PRAGMA user_version = 1" };

  store_fixture_close (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = store_fixture_file (fixture, names[i]);
      g_autofree char *before = NULL;
      g_autofree char *after = NULL;
      BstDb *db = bst_db_open (path, 0, NULL);

      g_assert_true (bst_db_exec (db, "PRAGMA user_version = 99", NULL));
      bst_db_close (db);
      before = checksum (fixture, names[i]);
      check_open_fails (fixture, BST_ERROR_NEWER);
      after = checksum (fixture, names[i]);
      g_assert_cmpstr (before, ==, after);

      db = bst_db_open (path, 0, NULL);
      g_assert_true (bst_db_exec (db, back[i], NULL));
      bst_db_close (db);
    }
  store_fixture_open (fixture);
}

static void
test_second_opener (StoreFixture *fixture, gconstpointer data)
{
  check_open_fails (fixture, BST_ERROR_BUSY);
  store_fixture_close (fixture);
  store_fixture_open (fixture);
}

/* A home that cannot be written to: here, a file where the directory should be. */
static void
test_no_directory (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *file = store_fixture_file (fixture, "file");
  g_autofree char *below = g_build_filename (file, "store", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  g_assert_null (bst_store_open (below, &fixture->clock, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_STORAGE);
}

/* ---- in a process of their own ---- */

/* This program again, as @role, on the fixture's directory. Its output is what it reports as saved. */
static char *
run_child (StoreFixture *fixture, const char *role, const char *argument, int *ret_status)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  const char *const argv[] = { self, role, fixture->directory, argument, NULL };
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;

  g_spawn_sync (NULL, (char **) argv, NULL, 0, NULL, NULL, &output, NULL, ret_status, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&output);
}

static void
open_in_child (StoreFixture *fixture, const char *directory)
{
  fixture->directory = (char *) directory;
  fixture->now_ms = G_GINT64_CONSTANT (1773302400000) + (gint64) getpid () * 1000;
  fixture->chance = (guint32) getpid ();
  store_fixture_open (fixture);
}

/* Steps of a draft, each reported once it was said to be saved; dies without warning at the step that the argument says. */
static int
be_killed (StoreFixture *fixture, const char *directory, int steps)
{
  g_autoptr (GVariant) draft = NULL;
  const char *uid;

  open_in_child (fixture, directory);
  draft = make_draft (fixture, "Stole", "s1");
  uid = bst_doc_get_string (draft, "uid");
  for (int step = 0; step < steps; step++)
    {
      g_autofree char *need = g_strdup_printf ("trin %d", step);
      g_autoptr (GVariant) next = bst_doc_set_string (draft, "need", need);
      gboolean ok = step == 5   ? bst_store_submit (fixture->store, uid, NULL)
                    : step == 6 ? bst_store_withdraw (fixture->store, uid, NULL)
                                : bst_store_save_draft (fixture->store, next, NULL);
      char line[100];

      g_snprintf (line, sizeof line, "%s %d %s\n", uid, step, ok ? "saved" : "failed");
      if (write (STDOUT_FILENO, line, strlen (line)) < 0)
        return 1;
    }
  /* One more is begun, and cut off at an unpredictable place. */
  {
    g_autoptr (GVariant) next = bst_doc_set_string (draft, "need", "halv");

    bst_store_save_draft_async (fixture->store, next, NULL, NULL, NULL);
  }
  kill (getpid (), SIGKILL);
  return 1;
}

static void
check_survived (StoreFixture *fixture, const char *output)
{
  g_auto (GStrv) lines = g_strsplit (output, "\n", -1);
  guint n = g_strv_length (lines) - 1;
  g_auto (GStrv) last = NULL;
  g_autofree char *need = NULL;
  g_autofree char *local = NULL;
  g_autofree char *expected = NULL;
  int step;

  if (output[0] == '\0')
    return;
  last = g_strsplit (lines[n - 1], " ", -1);
  g_assert_cmpstr (last[2], ==, "saved");
  step = atoi (last[1]);
  expected = g_strdup_printf ("trin %d", step == 5 || step == 6 ? 4 : step);
  need = property_of (fixture, "Request", last[0], "need");
  local = local_state (fixture, last[0]);
  g_assert_cmpstr (local, ==, step == 5 ? "queued" : "draft");
  if (g_strcmp0 (need, "halv") != 0 || step == 5)
    g_assert_cmpstr (need, ==, expected);
}

static void
test_killed (StoreFixture *fixture, gconstpointer data)
{
  store_fixture_close (fixture);
  for (int steps = 0; steps < 9; steps++)
    {
      g_autofree char *argument = g_strdup_printf ("%d", steps);
      int status;
      g_autofree char *output = run_child (fixture, "be-killed", argument, &status);

      g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
      store_fixture_open (fixture);
      check_survived (fixture, output);
      store_fixture_close (fixture);
    }
}

/* Saves until the disk is full: what was reported as saved is there, what was not is refused with STORAGE. */
static int
fill_disk (StoreFixture *fixture, const char *directory)
{
  g_autofree char *long_text = g_strnfill (20000, 'n');
  const struct rlimit limit = { 600000, 600000 };
  int saved = 0;

  signal (SIGXFSZ, SIG_IGN);
  open_in_child (fixture, directory);
  setrlimit (RLIMIT_FSIZE, &limit);
  for (int i = 0; i < 200; i++)
    {
      g_autoptr (GVariant) draft = make_draft (fixture, "Stole", "s1");
      g_autoptr (GVariant) large = bst_doc_set_string (draft, "need", long_text);
      g_autoptr (GError) error = NULL;

      if (!bst_store_save_draft (fixture->store, large, &error))
        {
          printf ("%d %s\n", saved,
                  g_error_matches (error, BST_ERROR, BST_ERROR_STORAGE) ? "storage"
                                                                        : error->message);
          fflush (stdout);
          _exit (0);
        }
      saved++;
    }
  _exit (1);
}

static void
test_disk_full (StoreFixture *fixture, gconstpointer data)
{
  int status;
  g_autofree char *output = NULL;
  g_auto (GStrv) words = NULL;
  const BstQuery query = { .type = "Request", .local_only = TRUE };

  store_fixture_close (fixture);
  output = run_child (fixture, "fill-disk", "", &status);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  words = g_strsplit (g_strstrip (output), " ", 2);
  g_assert_cmpstr (words[1], ==, "storage");
  store_fixture_open (fixture);
  g_assert_cmpint (bst_store_count (fixture->store, &query, NULL), ==, atoi (words[0]));
  g_assert_cmpint (atoi (words[0]), >, 0);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/store/faults/" path, StoreFixture, NULL, store_fixture_set_up_filled, function,    \
              store_fixture_tear_down)

int
main (int argc, char **argv)
{
  if (argc == 4 && strcmp (argv[1], "be-killed") == 0)
    {
      StoreFixture fixture = { 0 };

      store_fixture_clock (&fixture);
      return be_killed (&fixture, argv[2], atoi (argv[3]));
    }
  if (argc == 4 && strcmp (argv[1], "fill-disk") == 0)
    {
      StoreFixture fixture = { 0 };

      store_fixture_clock (&fixture);
      return fill_disk (&fixture, argv[2]);
    }

  g_test_init (&argc, &argv, NULL);
  ADD ("corrupt-replica", test_corrupt_replica);
  ADD ("deleted-replica", test_deleted_replica);
  ADD ("replica-broken-inside", test_replica_broken_inside);
  ADD ("corrupt-work", test_corrupt_work);
  ADD ("newer", test_newer);
  ADD ("second-opener", test_second_opener);
  ADD ("no-directory", test_no_directory);
  ADD ("killed", test_killed);
  ADD ("disk-full", test_disk_full);
  return g_test_run ();
}
