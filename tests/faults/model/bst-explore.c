/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-explore.h"

#include <string.h>

#define BLOCK (1024 * 1024) /* octets */

/* A state, in a block that is never moved. */
typedef struct
{
  gsize size;
  guint8 octets[];
} State;

typedef struct
{
  const State *state;
  guint parent; /* index */
  guint8 step;
  guint8 who;
} Node;

typedef struct
{
  const BstExploreKind *kind;
  guint mistake;
  guint n_steps;
  GArray *nodes;    /* Node */
  GHashTable *seen; /* State */
  GPtrArray *blocks;
  gsize in_block;
  State *draft;
} Search;

static guint
state_hash (gconstpointer key)
{
  const State *state = key;
  guint32 hash = 2166136261u;

  for (gsize i = 0; i < state->size; i++)
    hash = (hash ^ state->octets[i]) * 16777619u;
  return hash;
}

static gboolean
state_equal (gconstpointer a, gconstpointer b)
{
  const State *one = a;
  const State *other = b;

  return memcmp (one->octets, other->octets, one->size) == 0;
}

/* %NULL when it was seen before. */
static const State *
keep (Search *search, const State *draft)
{
  const gsize whole = (sizeof (State) + draft->size + sizeof (gsize) - 1) & ~(sizeof (gsize) - 1);
  State *state;

  if (g_hash_table_contains (search->seen, draft))
    return NULL;
  if (search->blocks->len == 0 || search->in_block + whole > BLOCK)
    {
      g_ptr_array_add (search->blocks, g_malloc (BLOCK));
      search->in_block = 0;
    }
  state = (State *) (gpointer) ((guint8 *) search->blocks->pdata[search->blocks->len - 1] +
                                search->in_block);
  memcpy (state, draft, sizeof (State) + draft->size);
  search->in_block += whole;
  g_hash_table_add (search->seen, state);
  return state;
}

static void
print_way (Search *search, guint index)
{
  const Node *node = &g_array_index (search->nodes, Node, index);

  if (index == 0)
    return;
  print_way (search, node->parent);
  g_print ("#   %s %u\n", search->kind->step_name (node->step), node->who);
}

static const char *
look_at (Search *search, const State *state)
{
  const char *wrong = search->kind->wrong (state->octets);

  wrong = wrong ? wrong : search->kind->wrong_in_the_end (state->octets, search->mistake);
  if (wrong)
    {
      g_print ("# %s: %s, by\n", search->kind->mistake_name (search->mistake), wrong);
      print_way (search, search->nodes->len - 1);
    }
  return wrong;
}

static const char *
expand (Search *search, guint index)
{
  for (guint step = 0; step < search->n_steps; step++)
    for (guint who = 0; who < search->kind->n_people; who++)
      {
        const State *from = g_array_index (search->nodes, Node, index).state;
        Node node = { .parent = index, .step = (guint8) step, .who = (guint8) who };
        const char *wrong;

        memcpy (search->draft, from, sizeof (State) + from->size);
        if (!search->kind->act (search->draft->octets, step, who, search->mistake) ||
            !(node.state = keep (search, search->draft)))
          continue;
        g_array_append_val (search->nodes, node);
        wrong = look_at (search, node.state);
        if (wrong)
          return wrong;
      }
  return NULL;
}

const char *
bst_explore (const BstExploreKind *kind,
             guint mistake,
             guint n_steps,
             guint depth,
             guint *ret_states)
{
  Search search = {
    .kind = kind,
    .mistake = mistake,
    .n_steps = n_steps,
    .nodes = g_array_new (FALSE, TRUE, sizeof (Node)),
    .seen = g_hash_table_new (state_hash, state_equal),
    .blocks = g_ptr_array_new_with_free_func (g_free),
    .draft = g_malloc0 (sizeof (State) + kind->size),
  };
  Node first = { .parent = 0 };
  const char *wrong = NULL;
  guint done = 0;

  search.draft->size = kind->size;
  first.state = keep (&search, search.draft);
  g_array_append_val (search.nodes, first);
  for (guint d = 0; d < depth && !wrong; d++)
    for (guint end = search.nodes->len; done < end && !wrong; done++)
      wrong = expand (&search, done);
  *ret_states = search.nodes->len;
  g_array_unref (search.nodes);
  g_hash_table_unref (search.seen);
  g_ptr_array_unref (search.blocks);
  g_free (search.draft);
  return wrong;
}
