/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-suppress.h"

G_BEGIN_DECLS

/*
 * The graph of bst-suppress.c: blocks are its nodes, ratings the weights of its edges. A cut is light when it weighs less than
 * BST_SUPPRESS_LEAST. Which of several light cuts is found depends on the edges alone, not on the order in which they came.
 */

typedef struct
{
  guint a;
  guint b;
  guint weight;
} BstSuppressEdge;

typedef struct _BstSuppressGraph BstSuppressGraph;

/* So many nodes at most. Each is a group with ratings enough to be shown, in a month of one authority. */
#define BST_SUPPRESS_GRAPH_MOST (1u << 20)

/** bst_suppress_graph_new: @edges: between nodes below @n_nodes; parallel ones are added up, those from a node to itself left out. */
BstSuppressGraph *
bst_suppress_graph_new (guint n_nodes, const BstSuppressEdge *edges, guint n_edges);
void bst_suppress_graph_free (BstSuppressGraph *graph);

/** bst_suppress_graph_merge: what hung on @node hangs on @into. */
void bst_suppress_graph_merge (BstSuppressGraph *graph, guint node, guint into);

/** bst_suppress_graph_find_cut: looks for a light cut; %FALSE: there is none. */
gboolean bst_suppress_graph_find_cut (BstSuppressGraph *graph);

/** bst_suppress_graph_is_cut: whether @a and @b lie on different sides of the cut that was found last. */
gboolean bst_suppress_graph_is_cut (BstSuppressGraph *graph, guint a, guint b);

G_END_DECLS
