/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is shown of one family of groups (the tree of units, for one service or for all together) divides the ratings into
 * blocks: what a shown group has beyond those shown below it. Whoever subtracts knows the sums of the blocks, and what sums of
 * sums tell. Take the blocks as nodes, one more for what no shown group contains, and each unit's ratings of a service as an edge
 * between its block among "all services" and its block of that service. A difference of sums that is the sum of a group then is
 * a cut of this graph, and the group holds all edges across some cut. So nothing small can be told when no cut weighs less
 * than BST_SUPPRESS_LEAST. As long as there is one, a group beside it is hidden, which joins two blocks.
 */

#include "bst-suppress.h"

#include "bst-suppress-graph.h"

#define GROUND 0u /* the node of what no shown group contains */

typedef struct
{
  const int *parents;
  const BstRated *rated;
  guint n_units;
  guint n_rated;
  guint width; /* services and "all" */
  guint *totals;
  guint8 *shown;
  guint *nodes;       /* of the blocks of groups that are, or were, shown */
  GArray *candidates; /* guint: the shown groups, the smallest first */
  BstSuppressGraph *graph;
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
      return self->nodes[group_of (self, (guint) unit, service)];
  return GROUND;
}

/* Of a graph of which nothing is hidden yet. */
static BstSuppressGraph *
make_graph (const Suppression *self)
{
  g_autofree BstSuppressEdge *edges = g_new (BstSuppressEdge, MAX (self->n_rated, 1));
  guint n = 0;

  for (guint i = 0; i < self->n_rated; i++)
    {
      const BstRated *rated = &self->rated[i];

      if (rated->ratings)
        edges[n++] =
            (BstSuppressEdge){ block_of (self, (int) rated->unit, self->width - 1),
                               block_of (self, (int) rated->unit, rated->service), rated->ratings };
    }
  return bst_suppress_graph_new (self->candidates->len + 1, edges, n);
}

/* ---- hiding ---- */

static gint
compare_candidates (gconstpointer a, gconstpointer b, gpointer totals)
{
  const guint *total = totals;
  guint one = *(const guint *) a;
  guint other = *(const guint *) b;

  if (total[one] != total[other])
    return total[one] < total[other] ? -1 : 1;
  return (one > other) - (one < other);
}

static void
show_large (Suppression *self)
{
  for (guint group = 0; group < self->n_units * self->width; group++)
    {
      self->shown[group] = self->totals[group] >= BST_SUPPRESS_LEAST;
      if (!self->shown[group])
        continue;
      g_array_append_val (self->candidates, group);
      self->nodes[group] = self->candidates->len;
    }
  g_array_sort_with_data (self->candidates, compare_candidates, self->totals);
}

/* The node of the block above that of the shown @group. */
static guint
above (const Suppression *self, guint group)
{
  return block_of (self, self->parents[group / self->width], group % self->width);
}

/* The place of the smallest shown group, of those between the sides of the cut; of all, when there is none between them. */
static guint
smallest (const Suppression *self)
{
  for (guint i = 0; i < self->candidates->len; i++)
    {
      guint group = g_array_index (self->candidates, guint, i);

      if (bst_suppress_graph_is_cut (self->graph, self->nodes[group], above (self, group)))
        return i;
    }
  return 0;
}

static void
hide (Suppression *self, guint place)
{
  guint group = g_array_index (self->candidates, guint, place);

  g_array_remove_index (self->candidates, place);
  self->shown[group] = 0;
  bst_suppress_graph_merge (self->graph, self->nodes[group], above (self, group));
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
  g_autofree guint *nodes = g_new0 (guint, n);
  g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (guint));
  Suppression self = {
    parents, rated,      n_units, n_rated, n_services + 1, totals, g_new0 (guint8, n),
    nodes,   candidates, NULL,
  };

  add_totals (&self);
  show_large (&self);
  self.graph = make_graph (&self);
  while (bst_suppress_graph_find_cut (self.graph) && self.candidates->len > 0)
    hide (&self, smallest (&self));
  bst_suppress_graph_free (self.graph);
  return self.shown;
}
