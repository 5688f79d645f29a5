/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any sequence of what the user, the line and the server do, against an oracle (store-oracle.h). BST_TEST_RUNS: how many. */

#include "store-oracle.h"

#include <stdlib.h>

#define STEPS 40

static void
run (guint32 seed)
{
  StoreFixture fixture = { 0 };
  g_autoptr (GRand) chance = g_rand_new_with_seed (seed);
  g_autoptr (StoreOracle) oracle = NULL;

  g_test_message ("seed %u", seed);
  store_fixture_set_up_filled (&fixture, NULL);
  fixture.chance = seed + 1;
  oracle = store_oracle_new (&fixture, chance);
  for (guint i = 0; i < STEPS; i++)
    {
      store_oracle_step (oracle);
      store_oracle_check (oracle);
    }
  store_oracle_drain (oracle);
  store_fixture_tear_down (&fixture, NULL);
}

static void
test_random (void)
{
  const char *runs = g_getenv ("BST_TEST_RUNS");
  const char *first = g_getenv ("BST_TEST_SEED");
  guint n = runs ? (guint) atoi (runs) : 60;

  for (guint i = 0; i < n; i++)
    run ((first ? (guint) atoi (first) : 1) + i);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  /* Every step waits for the disk; that it does is not what is tested here. */
  if (g_file_test ("/dev/shm", G_FILE_TEST_IS_DIR))
    g_setenv ("TMPDIR", "/dev/shm", FALSE);
  g_test_add_func ("/store/random", test_random);
  return g_test_run ();
}
