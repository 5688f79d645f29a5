/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is shown of one family of groups (the tree of units, for one service or for all together) divides the ratings into
 * blocks: what a shown group has beyond those shown below it. Whoever subtracts knows the sums of the blocks, and what sums of
 * sums tell. Take the blocks as nodes, one more for what no shown group contains, and each unit's ratings of a service as an edge
 * between its block among "all services" and its block of that service. A difference of sums that is the sum of a group then is
 * a cut of this graph, and the group holds all edges across some cut. So nothing small can be told when no cut weighs less
 * than BST_SUPPRESS_LEAST. As long as there is one, a group beside it is hidden, which joins two blocks.
 *
 * Light cuts are found by contracting what is certainly connected more strongly (Nagamochi and Ibaraki, 1992): in an order in which
 * the node is taken next that hangs most on those taken, an edge that brings a node's weight to the limit joins its ends.
 */

#include "bst-suppress.h"

#define GROUND 0u /* the node of what no shown group contains; others are groups + 1 */

typedef struct
{
  guint a;
  guint b;
  guint weight;
} Edge;

typedef struct
{
  const int *parents;
  const BstRated *rated;
  guint n_units;
  guint n_rated;
  guint width; /* services and "all" */
  guint *totals;
  guint8 *shown;
  guint *joined; /* of each node, one that it was contracted with, or itself */
} Suppression;

static guint
group_of (const Suppression *self, guint unit, guint service)
{
  return unit * self->width + service;
}

static void
add_totals (Suppression *self)
{
  for (guint i = 0; i < self->n_rated; i++)
    for (int unit = (int) self->rated[i].unit; unit >= 0; unit = self->parents[unit])
      {
        self->totals[group_of (self, (guint) unit, self->rated[i].service)] +=
            self->rated[i].ratings;
        self->totals[group_of (self, (guint) unit, self->width - 1)] += self->rated[i].ratings;
      }
}

/* The node of the block that @unit's ratings of @service lie in. */
static guint
block_of (const Suppression *self, int unit, guint service)
{
  for (; unit >= 0; unit = self->parents[unit])
    if (self->shown[group_of (self, (guint) unit, service)])
      return group_of (self, (guint) unit, service) + 1;
  return GROUND;
}

static guint
root_of (Suppression *self, guint node)
{
  while (self->joined[node] != node)
    {
      self->joined[node] = self->joined[self->joined[node]];
      node = self->joined[node];
    }
  return node;
}

static void
join (Suppression *self, guint a, guint b)
{
  self->joined[root_of (self, a)] = root_of (self, b);
}

/* ---- the graph ---- */

static gint
compare_edges (gconstpointer a, gconstpointer b)
{
  const Edge *one = a;
  const Edge *other = b;

  if (one->a != other->a)
    return one->a < other->a ? -1 : 1;
  return (one->b > other->b) - (one->b < other->b);
}

/* Between what is contracted; parallel ones are one. */
static void
contract (Suppression *self, GArray *edges)
{
  guint kept = 0;

  for (guint i = 0; i < edges->len; i++)
    {
      Edge *edge = &g_array_index (edges, Edge, i);
      guint a = root_of (self, edge->a);
      guint b = root_of (self, edge->b);

      *edge = (Edge){ MIN (a, b), MAX (a, b), edge->weight };
    }
  g_array_sort (edges, compare_edges);
  for (guint i = 0; i < edges->len; i++)
    {
      const Edge *edge = &g_array_index (edges, Edge, i);
      Edge *last = kept ? &g_array_index (edges, Edge, kept - 1) : NULL;

      if (edge->a == edge->b)
        continue;
      if (last && compare_edges (last, edge) == 0)
        last->weight += edge->weight;
      else
        g_array_index (edges, Edge, kept++) = *edge;
    }
  g_array_set_size (edges, kept);
}

static GArray *
make_edges (Suppression *self)
{
  GArray *edges = g_array_sized_new (FALSE, FALSE, sizeof (Edge), self->n_rated);

  for (guint i = 0; i <= self->n_units * self->width; i++)
    self->joined[i] = i;
  for (guint i = 0; i < self->n_rated; i++)
    {
      const BstRated *rated = &self->rated[i];
      Edge edge = { block_of (self, (int) rated->unit, self->width - 1),
                    block_of (self, (int) rated->unit, rated->service), rated->ratings };

      if (rated->ratings)
        g_array_append_val (edges, edge);
    }
  contract (self, edges);
  return edges;
}

/* Contracts every edge that is heavy by itself, until there is none. */
static void
contract_heavy (Suppression *self, GArray *edges)
{
  gboolean any = TRUE;

  while (any)
    {
      any = FALSE;
      for (guint i = 0; i < edges->len; i++)
        {
          const Edge *edge = &g_array_index (edges, Edge, i);

          if (edge->weight < BST_SUPPRESS_LEAST)
            continue;
          join (self, edge->a, edge->b);
          any = TRUE;
        }
      contract (self, edges);
    }
}

/* ---- light cuts ---- */

/* What is left of the graph, its nodes numbered anew. */
typedef struct
{
  GHashTable *numbers; /* node -> number + 1 */
  GArray *nodes;       /* guint */
  GArray *first;       /* guint: where the half-edges of each begin; one more */
  Edge *halves;        /* by a */
} Rest;

static guint
number_of (Rest *rest, guint node)
{
  gpointer known = g_hash_table_lookup (rest->numbers, GUINT_TO_POINTER (node));

  if (known)
    return GPOINTER_TO_UINT (known) - 1;
  g_array_append_val (rest->nodes, node);
  g_hash_table_insert (rest->numbers, GUINT_TO_POINTER (node), GUINT_TO_POINTER (rest->nodes->len));
  return rest->nodes->len - 1;
}

static void
rest_init (Rest *rest, GArray *edges)
{
  guint n = 0;

  rest->numbers = g_hash_table_new (NULL, NULL);
  rest->nodes = g_array_new (FALSE, FALSE, sizeof (guint));
  rest->halves = g_new (Edge, (gsize) edges->len * 2);
  for (guint i = 0; i < edges->len; i++)
    {
      const Edge *edge = &g_array_index (edges, Edge, i);
      guint a = number_of (rest, edge->a);
      guint b = number_of (rest, edge->b);

      rest->halves[n++] = (Edge){ a, b, edge->weight };
      rest->halves[n++] = (Edge){ b, a, edge->weight };
    }
  if (n > 0)
    qsort (rest->halves, n, sizeof (Edge), compare_edges);
  rest->first = g_array_sized_new (FALSE, TRUE, sizeof (guint), rest->nodes->len + 1);
  g_array_set_size (rest->first, rest->nodes->len + 1);
  for (guint i = 0; i < n; i++)
    g_array_index (rest->first, guint, rest->halves[i].a + 1)++;
  for (guint i = 0; i < rest->nodes->len; i++)
    g_array_index (rest->first, guint, i + 1) += g_array_index (rest->first, guint, i);
}

static void
rest_clear (Rest *rest)
{
  g_hash_table_unref (rest->numbers);
  g_array_unref (rest->nodes);
  g_array_unref (rest->first);
  g_free (rest->halves);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rest, rest_clear)

/* A node that hangs on all others by less than the limit; FALSE when there is none. */
static gboolean
find_light (const Rest *rest, guint *ret_node)
{
  for (guint i = 0; i < rest->nodes->len; i++)
    {
      guint degree = 0;

      for (guint j = g_array_index (rest->first, guint, i);
           j < g_array_index (rest->first, guint, i + 1); j++)
        degree += rest->halves[j].weight;
      if (degree < BST_SUPPRESS_LEAST)
        {
          *ret_node = g_array_index (rest->nodes, guint, i);
          return TRUE;
        }
    }
  return FALSE;
}

/* The one not yet taken that hangs most on those taken. */
static guint
next_node (const guint *hangs, const guint8 *taken, guint n)
{
  guint best = n;

  for (guint i = 0; i < n; i++)
    if (!taken[i] && (best == n || hangs[i] > hangs[best]))
      best = i;
  return best;
}

static void
join_connected (Suppression *self, const Rest *rest)
{
  guint n = rest->nodes->len;
  g_autofree guint *hangs = g_new0 (guint, n);
  g_autofree guint8 *taken = g_new0 (guint8, n);

  for (guint count = 0; count < n; count++)
    {
      guint node = next_node (hangs, taken, n);

      taken[node] = 1;
      for (guint j = g_array_index (rest->first, guint, node);
           j < g_array_index (rest->first, guint, node + 1); j++)
        {
          const Edge *half = &rest->halves[j];

          if (taken[half->b])
            continue;
          hangs[half->b] += half->weight;
          if (hangs[half->b] >= BST_SUPPRESS_LEAST)
            join (self, g_array_index (rest->nodes, guint, node),
                  g_array_index (rest->nodes, guint, half->b));
        }
    }
}

/* One side of a light cut: all nodes joined with *@ret_node; FALSE when no cut is light. */
static gboolean
find_cut (Suppression *self, guint *ret_node)
{
  g_autoptr (GArray) edges = make_edges (self);

  for (;;)
    {
      g_auto (Rest) rest = { 0 };

      contract_heavy (self, edges);
      rest_init (&rest, edges);
      if (find_light (&rest, ret_node))
        return TRUE;
      if (edges->len == 0)
        return FALSE;
      join_connected (self, &rest);
      contract (self, edges);
    }
}

/* ---- hiding ---- */

/* The smallest shown group, of those between the sides of the cut at @node, or of all when @any. */
static gboolean
smallest (Suppression *self, guint node, gboolean any, guint *ret_group)
{
  gboolean found = FALSE;

  for (guint unit = 0; unit < self->n_units; unit++)
    for (guint service = 0; service < self->width; service++)
      {
        guint group = group_of (self, unit, service);
        guint above;

        if (!self->shown[group] || (found && self->totals[group] >= self->totals[*ret_group]))
          continue;
        above = block_of (self, self->parents[unit], service);
        if (any || (root_of (self, group + 1) == node) != (root_of (self, above) == node))
          {
            *ret_group = group;
            found = TRUE;
          }
      }
  return found;
}

guint8 *
bst_suppress (const int *parents,
              guint n_units,
              guint n_services,
              const BstRated *rated,
              guint n_rated)
{
  const guint n = n_units * (n_services + 1);
  g_autofree guint *totals = g_new0 (guint, n);
  g_autofree guint *joined = g_new0 (guint, n + 1);
  Suppression self = { parents, rated, n_units, n_rated, n_services + 1, totals, g_new0 (guint8, n),
                       joined };
  guint node;

  add_totals (&self);
  for (guint i = 0; i < n; i++)
    self.shown[i] = totals[i] >= BST_SUPPRESS_LEAST;
  while (find_cut (&self, &node))
    {
      guint group;

      if (!smallest (&self, node, FALSE, &group) && !smallest (&self, node, TRUE, &group))
        break;
      self.shown[group] = 0;
    }
  return self.shown;
}
