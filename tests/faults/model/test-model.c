/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The models are explored whole to a depth, and each mistake that is made in them is found. BST_MODEL_DEEPER=N goes further. */

#include "bst-explore.h"
#include "bst-share-model.h"
#include "bst-sync-model.h"

#include <stdlib.h>

static gboolean
sync_do (gpointer model, guint step, guint who, guint mistake)
{
  return bst_model_do (model, step, who, mistake);
}

static const char *
sync_wrong (gconstpointer model)
{
  return bst_model_wrong (model);
}

static const char *
sync_wrong_in_the_end (gconstpointer model, guint mistake)
{
  return bst_model_wrong_in_the_end (model, mistake);
}

static const char *
sync_step_name (guint step)
{
  return bst_model_step_name (step);
}

static const char *
sync_mistake_name (guint mistake)
{
  return bst_mistake_name (mistake);
}

static const BstExploreKind sync_kind = {
  sizeof (BstModel), BST_N_STEPS,           BST_MODEL_CLIENTS, sync_do,
  sync_wrong,        sync_wrong_in_the_end, sync_step_name,    sync_mistake_name,
};
static const BstExploreKind share_kind = {
  sizeof (BstShareModel), BST_SHARE_N_STEPS,          BST_SHARE_CLIENTS,   bst_share_do,
  bst_share_wrong,        bst_share_wrong_in_the_end, bst_share_step_name, bst_share_mistake_name,
};

/* With parcels there are many times as many states. */
typedef struct
{
  const char *name;
  const BstExploreKind *kind;
  guint n_steps;
  guint depth;
  guint least; /* states */
  guint first_mistake, end_mistake;
} World;

static const World worlds[] = {
  { "line", &sync_kind, BST_STEP_PACK, 15, 200000, 1, BST_MISTAKE_PARCEL_IS_RECEIVED },
  { "parcels", &sync_kind, BST_N_STEPS, 10, 500000, BST_MISTAKE_PARCEL_IS_RECEIVED,
    BST_N_MISTAKES },
  { "sharing", &share_kind, BST_SHARE_N_STEPS, 22, 100000, 1, BST_SHARE_N_MISTAKES },
};

static void
test_right (gconstpointer data)
{
  const World *world = data;
  const char *more = g_getenv ("BST_MODEL_DEEPER");
  guint depth = world->depth + (more ? (guint) atoi (more) : 0);
  guint states;
  const char *wrong = bst_explore (world->kind, 0, world->n_steps, depth, &states);

  g_assert_null (wrong);
  g_test_message ("%s: %u states to depth %u, none of them wrong", world->name, states, depth);
  g_assert_cmpuint (states, >, world->least);
}

typedef struct
{
  const World *world;
  guint mistake;
} Seed;

static void
test_mistake (gconstpointer data)
{
  const Seed *seed = data;
  guint states;
  const char *wrong = bst_explore (seed->world->kind, seed->mistake, seed->world->n_steps,
                                   seed->world->depth, &states);

  g_assert_nonnull (wrong);
  g_test_message ("found after %u states", states);
}

static void
add_world (const World *world)
{
  g_autofree char *right = g_strconcat ("/faults/model/right/", world->name, NULL);

  g_test_add_data_func (right, world, test_right);
  for (guint i = world->first_mistake; i < world->end_mistake; i++)
    {
      g_autofree char *path = g_strconcat ("/faults/model/found/", world->name, "/",
                                           world->kind->mistake_name (i), NULL);
      Seed *seed = g_new0 (Seed, 1);

      seed->world = world;
      seed->mistake = i;
      g_test_add_data_func_full (path, seed, test_mistake, g_free);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (worlds); i++)
    add_world (&worlds[i]);
  return g_test_run ();
}
