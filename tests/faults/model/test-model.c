/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * All that can happen, one step after the other, in every order, to a depth: no state may be wrong, and from
 * each one all must come right in the end. Breadth first, so that what is found is found by the shortest way.
 */

#include "bst-sync-model.h"

#include <stdlib.h>
#include <string.h>

/* Over the line alone, and with parcels: these multiply the states. */
#define DEPTH         15
#define DEPTH_PARCELS 10

typedef struct
{
  BstModel model;
  guint parent; /* index */
  guint8 step;
  guint8 who;
} Node;

typedef struct
{
  GArray *nodes;    /* Node */
  GHashTable *seen; /* BstModel, of blocks that are never moved */
  GPtrArray *blocks;
  guint in_block;
  guint n_steps; /* the first so many of BstModelStep */
  BstMistake mistake;
} Search;

#define BLOCK 4096

static guint
model_hash (gconstpointer key)
{
  const guint8 *octets = key;
  guint32 hash = 2166136261u;

  for (gsize i = 0; i < sizeof (BstModel); i++)
    hash = (hash ^ octets[i]) * 16777619u;
  return hash;
}

static gboolean
model_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (BstModel)) == 0;
}

static gboolean
is_new (Search *search, const BstModel *model)
{
  BstModel *block;

  if (g_hash_table_contains (search->seen, model))
    return FALSE;
  if (search->blocks->len == 0 || search->in_block == BLOCK)
    {
      g_ptr_array_add (search->blocks, g_new (BstModel, BLOCK));
      search->in_block = 0;
    }
  block = search->blocks->pdata[search->blocks->len - 1];
  block[search->in_block] = *model;
  g_hash_table_add (search->seen, &block[search->in_block++]);
  return TRUE;
}

static void
print_way (Search *search, guint index)
{
  const Node *node = &g_array_index (search->nodes, Node, index);

  if (index == 0)
    return;
  print_way (search, node->parent);
  g_print ("#   %s %u\n", bst_model_step_name (node->step), node->who);
}

static const char *
look_at (Search *search, const Node *node)
{
  const char *wrong = bst_model_wrong (&node->model);

  wrong = wrong ? wrong : bst_model_wrong_in_the_end (&node->model, search->mistake);
  if (wrong)
    {
      g_print ("# %s: %s, by\n", bst_mistake_name (search->mistake), wrong);
      print_way (search, search->nodes->len - 1);
    }
  return wrong;
}

/* What is wrong; NULL when nothing is. */
static const char *
expand (Search *search, guint index)
{
  for (guint step = 0; step < search->n_steps; step++)
    for (guint who = 0; who < BST_MODEL_CLIENTS; who++)
      {
        Node node = { .parent = index, .step = (guint8) step, .who = (guint8) who };
        const char *wrong;

        node.model = g_array_index (search->nodes, Node, index).model;
        if (!bst_model_do (&node.model, step, who, search->mistake) ||
            !is_new (search, &node.model))
          continue;
        g_array_append_val (search->nodes, node);
        wrong = look_at (search, &node);
        if (wrong)
          return wrong;
      }
  return NULL;
}

static const char *
explore (BstMistake mistake, guint n_steps, guint depth, guint *ret_states)
{
  Search search = {
    .nodes = g_array_new (FALSE, TRUE, sizeof (Node)),
    .seen = g_hash_table_new (model_hash, model_equal),
    .blocks = g_ptr_array_new_with_free_func (g_free),
    .n_steps = n_steps,
    .mistake = mistake,
  };
  Node first = { .parent = 0 };
  const char *wrong = NULL;
  guint done = 0;

  g_array_append_val (search.nodes, first);
  is_new (&search, &first.model);
  for (guint d = 0; d < depth && !wrong; d++)
    for (guint end = search.nodes->len; done < end && !wrong; done++)
      wrong = expand (&search, done);
  *ret_states = search.nodes->len;
  g_array_unref (search.nodes);
  g_hash_table_unref (search.seen);
  g_ptr_array_unref (search.blocks);
  return wrong;
}

typedef struct
{
  const char *path;
  guint n_steps;
  guint depth;
  guint least; /* states */
} Right;

static const Right rights[] = {
  { "/faults/model/right/line", BST_STEP_PACK, DEPTH, 200000 },
  { "/faults/model/right/parcels", BST_N_STEPS, DEPTH_PARCELS, 500000 },
};

static void
test_right (gconstpointer data)
{
  const Right *right = data;
  const char *more = g_getenv ("BST_MODEL_DEEPER");
  guint depth = right->depth + (more ? (guint) atoi (more) : 0);
  guint states;
  const char *wrong = explore (BST_MISTAKE_NONE, right->n_steps, depth, &states);

  g_assert_null (wrong);
  g_test_message ("%u states to depth %u, none of them wrong", states, depth);
  g_assert_cmpuint (states, >, right->least);
}

static void
test_mistake (gconstpointer data)
{
  BstMistake mistake = GPOINTER_TO_UINT (data);
  gboolean parcels = mistake >= BST_MISTAKE_PARCEL_IS_RECEIVED;
  guint states;
  const char *wrong = explore (mistake, parcels ? BST_N_STEPS : BST_STEP_PACK,
                               parcels ? DEPTH_PARCELS : DEPTH, &states);

  g_assert_nonnull (wrong);
  g_test_message ("found after %u states", states);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rights); i++)
    g_test_add_data_func (rights[i].path, &rights[i], test_right);
  for (guint i = BST_MISTAKE_NONE + 1; i < BST_N_MISTAKES; i++)
    {
      g_autofree char *path = g_strconcat ("/faults/model/found/", bst_mistake_name (i), NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_mistake);
    }
  return g_test_run ();
}
