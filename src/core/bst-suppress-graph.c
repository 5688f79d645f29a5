/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Light cuts are found by contracting what is certainly connected more strongly (Nagamochi and Ibaraki, 1992): in an order in which
 * the node is taken next that hangs most on those taken, an edge that brings a node's weight to the limit joins its ends.
 *
 * This is asked some hundred times for every month that is measured, over some thousand edges. So the edges are kept in order from
 * one time to the next, a sorted list of them is a row of numbers, and they are sorted by digits.
 */

#include "bst-suppress-graph.h"

#include <stdlib.h>
#include <string.h>

#define DIGIT_BITS  9u
#define DIGITS      (1u << DIGIT_BITS)
#define WEIGHT_BITS 24u
#define MOST_WEIGHT ((1u << WEIGHT_BITS) - 1)
#define NO_NODE     G_MAXUINT

/* An edge as one number: its smaller end, its other end, and lowest its weight; so they sort by their ends. */
typedef guint64 Edge;

typedef struct
{
  Edge *edges; /* no two between the same */
  guint n;
} Edges;

struct _BstSuppressGraph
{
  guint n_nodes;
  guint end_bits; /* in which a node's number fits */
  Edges whole;
  Edges rest;     /* what is left of it by contracting */
  Edge *sorting;  /* room for as many */
  guint *joined;  /* of each node, one that it was contracted with, or itself */
  guint *degrees; /* of each node; 0 between two uses */
  guint side;     /* the root of the nodes on one side of the cut */
};

static guint
end_a (const BstSuppressGraph *graph, Edge edge)
{
  return (guint) (edge >> (graph->end_bits + WEIGHT_BITS));
}

static guint
end_b (const BstSuppressGraph *graph, Edge edge)
{
  return (guint) (edge >> WEIGHT_BITS) & ((1u << graph->end_bits) - 1);
}

static guint
weight_of (Edge edge)
{
  return (guint) edge & MOST_WEIGHT;
}

static Edge
edge_of (const BstSuppressGraph *graph, guint a, guint b, guint weight)
{
  return ((guint64) MIN (a, b) << graph->end_bits | MAX (a, b)) << WEIGHT_BITS |
         MIN (weight, MOST_WEIGHT);
}

static gboolean
are_parallel (Edge one, Edge other)
{
  return one >> WEIGHT_BITS == other >> WEIGHT_BITS;
}

static void
add_weight (Edge *edge, guint weight)
{
  *edge += MIN (weight, MOST_WEIGHT - weight_of (*edge));
}

static guint
root_of (BstSuppressGraph *graph, guint node)
{
  guint *joined = graph->joined;

  while (joined[node] != node)
    {
      joined[node] = joined[joined[node]];
      node = joined[node];
    }
  return node;
}

static void
join (BstSuppressGraph *graph, guint a, guint b)
{
  graph->joined[root_of (graph, a)] = root_of (graph, b);
}

/* ---- edges in order ---- */

static void
sort_by_digit (const Edge *from, Edge *to, guint n, guint shift)
{
  guint places[DIGITS] = { 0 };
  guint place = 0;

  for (guint i = 0; i < n; i++)
    places[from[i] >> shift & (DIGITS - 1)]++;
  for (guint digit = 0; digit < DIGITS; digit++)
    {
      guint count = places[digit];

      places[digit] = place;
      place += count;
    }
  for (guint i = 0; i < n; i++)
    to[places[from[i] >> shift & (DIGITS - 1)]++] = from[i];
}

static gboolean
is_sorted (const Edges *edges)
{
  for (guint i = 1; i < edges->n; i++)
    if (edges->edges[i - 1] > edges->edges[i])
      return FALSE;
  return TRUE;
}

/* Sorts, and adds up those between the same ends. */
static void
put_in_order (BstSuppressGraph *graph, Edges *edges)
{
  const guint bits = WEIGHT_BITS + 2 * graph->end_bits;
  guint kept = 0;

  if (!is_sorted (edges))
    for (guint shift = WEIGHT_BITS; shift < bits; shift += DIGIT_BITS)
      {
        Edge *sorted = graph->sorting;

        sort_by_digit (edges->edges, sorted, edges->n, shift);
        graph->sorting = edges->edges;
        edges->edges = sorted;
      }
  for (guint i = 0; i < edges->n; i++)
    if (kept > 0 && are_parallel (edges->edges[kept - 1], edges->edges[i]))
      add_weight (&edges->edges[kept - 1], weight_of (edges->edges[i]));
    else
      edges->edges[kept++] = edges->edges[i];
  edges->n = kept;
}

BstSuppressGraph *
bst_suppress_graph_new (guint n_nodes, const BstSuppressEdge *edges, guint n_edges)
{
  BstSuppressGraph *graph = g_new0 (BstSuppressGraph, 1);
  gsize room = MAX (n_edges, 1);

  g_assert (n_nodes <= BST_SUPPRESS_GRAPH_MOST);
  graph->n_nodes = n_nodes;
  graph->end_bits = g_bit_storage (n_nodes - 1);
  graph->whole.edges = g_new (Edge, room);
  graph->rest.edges = g_new (Edge, room);
  graph->sorting = g_new (Edge, room);
  graph->joined = g_new (guint, n_nodes);
  graph->degrees = g_new0 (guint, n_nodes);
  for (guint i = 0; i < n_edges; i++)
    if (edges[i].a != edges[i].b)
      graph->whole.edges[graph->whole.n++] =
          edge_of (graph, edges[i].a, edges[i].b, edges[i].weight);
  put_in_order (graph, &graph->whole);
  return graph;
}

void
bst_suppress_graph_free (BstSuppressGraph *graph)
{
  g_free (graph->whole.edges);
  g_free (graph->rest.edges);
  g_free (graph->sorting);
  g_free (graph->joined);
  g_free (graph->degrees);
  g_free (graph);
}

/* Puts @edge in its place. */
static void
insert (Edges *edges, Edge edge)
{
  guint low = 0;
  guint high = edges->n;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (edges->edges[middle] >> WEIGHT_BITS < edge >> WEIGHT_BITS)
        low = middle + 1;
      else
        high = middle;
    }
  if (low < edges->n && are_parallel (edges->edges[low], edge))
    {
      add_weight (&edges->edges[low], weight_of (edge));
      return;
    }
  memmove (&edges->edges[low + 1], &edges->edges[low], (edges->n - low) * sizeof (Edge));
  edges->edges[low] = edge;
  edges->n++;
}

void
bst_suppress_graph_merge (BstSuppressGraph *graph, guint node, guint into)
{
  Edges *whole = &graph->whole;
  guint kept = 0;
  guint moved = 0;

  for (guint i = 0; i < whole->n; i++)
    if (end_a (graph, whole->edges[i]) == node || end_b (graph, whole->edges[i]) == node)
      graph->sorting[moved++] = whole->edges[i];
    else
      whole->edges[kept++] = whole->edges[i];
  whole->n = kept;
  for (guint i = 0; i < moved; i++)
    {
      const Edge edge = graph->sorting[i];
      guint a = end_a (graph, edge);
      guint other = a == node ? end_b (graph, edge) : a;

      if (other != into)
        insert (whole, edge_of (graph, other, into, weight_of (edge)));
    }
}

/* ---- contracting ---- */

static void
begin (BstSuppressGraph *graph)
{
  graph->rest.n = graph->whole.n;
  memcpy (graph->rest.edges, graph->whole.edges, graph->whole.n * sizeof (Edge));
  for (guint i = 0; i < graph->n_nodes; i++)
    graph->joined[i] = i;
}

/* The rest between what is contracted. */
static void
contract (BstSuppressGraph *graph)
{
  guint kept = 0;

  for (guint i = 0; i < graph->rest.n; i++)
    {
      const Edge edge = graph->rest.edges[i];
      guint a = root_of (graph, end_a (graph, edge));
      guint b = root_of (graph, end_b (graph, edge));

      if (a != b)
        graph->rest.edges[kept++] = edge_of (graph, a, b, weight_of (edge));
    }
  graph->rest.n = kept;
  put_in_order (graph, &graph->rest);
}

/* Contracts every edge that is heavy by itself, until there is none. */
static void
contract_heavy (BstSuppressGraph *graph)
{
  for (;;)
    {
      gboolean any = FALSE;

      for (guint i = 0; i < graph->rest.n; i++)
        {
          const Edge edge = graph->rest.edges[i];

          if (weight_of (edge) < BST_SUPPRESS_LEAST)
            continue;
          join (graph, end_a (graph, edge), end_b (graph, edge));
          any = TRUE;
        }
      if (!any)
        return;
      contract (graph);
    }
}

/* ---- light cuts ---- */

/* The first node of the rest that hangs on all others by less than the limit, or NO_NODE. */
static guint
find_light (BstSuppressGraph *graph)
{
  guint found = NO_NODE;

  for (guint i = 0; i < graph->rest.n; i++)
    {
      const Edge edge = graph->rest.edges[i];

      graph->degrees[end_a (graph, edge)] += weight_of (edge);
      graph->degrees[end_b (graph, edge)] += weight_of (edge);
    }
  for (guint i = 0; i < graph->rest.n; i++)
    {
      const guint ends[] = { end_a (graph, graph->rest.edges[i]),
                             end_b (graph, graph->rest.edges[i]) };

      for (guint j = 0; j < 2; j++)
        {
          if (found == NO_NODE && graph->degrees[ends[j]] < BST_SUPPRESS_LEAST)
            found = ends[j];
          /* Not looked at again: the same node later on is no light one that was missed. */
          graph->degrees[ends[j]] = BST_SUPPRESS_LEAST;
        }
    }
  for (guint i = 0; i < graph->rest.n; i++)
    {
      graph->degrees[end_a (graph, graph->rest.edges[i])] = 0;
      graph->degrees[end_b (graph, graph->rest.edges[i])] = 0;
    }
  return found;
}

/* What is left of the graph, its nodes numbered anew, in the order in which its edges name them. */
typedef struct
{
  GHashTable *numbers; /* node -> number + 1 */
  GArray *nodes;       /* guint */
  GArray *first;       /* guint: where the half-edges of each begin; one more */
  BstSuppressEdge *halves;
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

static int
compare_halves (const void *a, const void *b)
{
  const BstSuppressEdge *one = a;
  const BstSuppressEdge *other = b;

  if (one->a != other->a)
    return one->a < other->a ? -1 : 1;
  return (one->b > other->b) - (one->b < other->b);
}

/* Not of a graph without edges. */
static void
rest_init (Rest *rest, const BstSuppressGraph *graph)
{
  guint n = 0;

  rest->numbers = g_hash_table_new (NULL, NULL);
  rest->nodes = g_array_new (FALSE, FALSE, sizeof (guint));
  rest->halves = g_new (BstSuppressEdge, (gsize) graph->rest.n * 2);
  for (guint i = 0; i < graph->rest.n; i++)
    {
      const Edge edge = graph->rest.edges[i];
      guint a = number_of (rest, end_a (graph, edge));
      guint b = number_of (rest, end_b (graph, edge));

      rest->halves[n++] = (BstSuppressEdge){ a, b, weight_of (edge) };
      rest->halves[n++] = (BstSuppressEdge){ b, a, weight_of (edge) };
    }
  qsort (rest->halves, n, sizeof (BstSuppressEdge), compare_halves);
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
join_connected (BstSuppressGraph *graph)
{
  g_auto (Rest) rest = { 0 };
  g_autofree guint *hangs = NULL;
  g_autofree guint8 *taken = NULL;

  rest_init (&rest, graph);
  hangs = g_new0 (guint, rest.nodes->len);
  taken = g_new0 (guint8, rest.nodes->len);
  for (guint count = 0; count < rest.nodes->len; count++)
    {
      guint node = next_node (hangs, taken, rest.nodes->len);

      taken[node] = 1;
      for (guint j = g_array_index (rest.first, guint, node);
           j < g_array_index (rest.first, guint, node + 1); j++)
        {
          const BstSuppressEdge *half = &rest.halves[j];

          if (taken[half->b])
            continue;
          hangs[half->b] += half->weight;
          if (hangs[half->b] >= BST_SUPPRESS_LEAST)
            join (graph, g_array_index (rest.nodes, guint, node),
                  g_array_index (rest.nodes, guint, half->b));
        }
    }
}

gboolean
bst_suppress_graph_find_cut (BstSuppressGraph *graph)
{
  begin (graph);
  for (;;)
    {
      contract_heavy (graph);
      if (graph->rest.n == 0)
        return FALSE;
      graph->side = find_light (graph);
      if (graph->side != NO_NODE)
        return TRUE;
      join_connected (graph);
      contract (graph);
    }
}

gboolean
bst_suppress_graph_is_cut (BstSuppressGraph *graph, guint a, guint b)
{
  return (root_of (graph, a) == graph->side) != (root_of (graph, b) == graph->side);
}
