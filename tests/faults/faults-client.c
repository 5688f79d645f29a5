/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A computer in a process of its own, so that it can be killed: does what it reads line by line, and says
 * one line for each, when it is done.
 */

#include "bst-error.h"
#include "bst-sync-engine.h"
#include "bst-trip-transport.h"
#include "bst-world.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

static void
say (const char *text)
{
  printf ("%s\n", text);
  fflush (stdout);
}

static void
say_error (GError *error)
{
  if (error)
    g_strdelimit (error->message, "\n", ' ');
  say (error ? error->message : "ok");
  g_clear_error (&error);
}

/* A round whose answer comes, and is the last that this process sees. */
static void
trip (BstComputer *computer, BstTrip how)
{
  g_autoptr (BstTransport) https =
      bst_transport_https_new (computer->url, computer->token, computer->ca);
  g_autoptr (BstTransport) tripping = bst_trip_transport_new (https, how);
  g_autoptr (BstSyncEngine) engine = bst_sync_engine_new (computer->store, tripping, NULL, NULL);

  bst_sync_engine_round (engine, NULL, NULL);
  say ("survived");
}

/* The disk is full: files may not grow beyond @octets. */
static void
limit_files (const char *octets)
{
  rlim_t most = (rlim_t) g_ascii_strtoull (octets, NULL, 10);
  const struct rlimit limit = { most, most };

  signal (SIGXFSZ, SIG_IGN);
  setrlimit (RLIMIT_FSIZE, &limit);
}

/* Drafts until nothing more can be kept. */
static void
fill (BstComputer *computer)
{
  g_autofree char *need = g_strnfill (2000, 'x');
  g_autoptr (GError) error = NULL;

  for (guint i = 0; !error && i < 10000; i++)
    {
      g_autofree char *uid = bst_uid_new (&computer->clock);
      g_autoptr (GVariant) draft = bst_doc_new ();

      bst_doc_replace (&draft, bst_doc_set_string (draft, "uid", uid));
      bst_doc_replace (&draft, bst_doc_set_string (draft, "title", "Fuld"));
      bst_doc_replace (&draft, bst_doc_set_string (draft, "need", need));
      bst_doc_replace (&draft, bst_doc_set_string (draft, "unit", "s1"));
      if (bst_store_save_draft (computer->store, draft, &error))
        say (uid);
    }
  g_print ("full %d\n", error ? error->code : -1);
  fflush (stdout);
}

static void
run (BstComputer *computer, char **words)
{
  guint n = g_strv_length (words);

  if (n == 1 && strcmp (words[0], "sync") == 0)
    say_error (bst_computer_try (computer));
  else if (n == 1 && strcmp (words[0], "trip") == 0)
    trip (computer, BST_TRIP_DIE_AFTER);
  else if (n == 1 && strcmp (words[0], "trip-before") == 0)
    trip (computer, BST_TRIP_DIE_BEFORE);
  else if (n == 1 && strcmp (words[0], "fill") == 0)
    fill (computer);
  else if (n == 2 && strcmp (words[0], "limit") == 0)
    {
      limit_files (words[1]);
      say ("ok");
    }
  else if (n == 3 && strcmp (words[0], "order") == 0)
    {
      g_autofree char *uid = bst_computer_order (computer, words[1], words[2]);

      say (uid);
    }
  else if (n == 3 && strcmp (words[0], "attach") == 0)
    {
      g_autofree char *uid = bst_computer_order_with_file (computer, words[1], words[2]);

      say (uid);
    }
  else if (n == 3 && strcmp (words[0], "mend") == 0)
    {
      bst_computer_mend (computer, words[1], words[2]);
      say ("ok");
    }
  else if (n == 3 && strcmp (words[0], "message") == 0)
    {
      bst_computer_step (computer, words[1], "message", words[2]);
      say ("ok");
    }
  else
    say ("what?");
}

int
main (int argc, char **argv)
{
  BstComputer *computer;
  char line[512];

  if (argc != 5)
    {
      g_printerr ("usage: faults-client STORE URL CA TOKEN\n");
      return 2;
    }
  computer = bst_computer_new_alone (argv[1], argv[2], argv[3], argv[4]);
  while (fgets (line, sizeof line, stdin))
    {
      g_auto (GStrv) words = g_strsplit (g_strstrip (line), " ", 3);

      run (computer, words);
    }
  bst_computer_free (computer);
  return 0;
}
