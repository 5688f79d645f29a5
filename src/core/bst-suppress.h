/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Which ratings may be shown, so that nobody's can be told from them: not those of a group with fewer than BST_SUPPRESS_LEAST, and
 * none from which such a group could be had by subtraction, over the tree of units × the services.
 */

#define BST_SUPPRESS_LEAST 5

/** BstRated: @ratings of the cases of @unit itself (not of those below it) with @service. */
typedef struct
{
  guint unit;
  guint service;
  guint ratings;
} BstRated;

/**
 * bst_suppress:
 * @parents: of each unit, the index of the one above it, or -1
 * @rated: no two of the same unit and service
 *
 * A group is a unit with all below it, with one service or (index @n_services) with all. Returns: (transfer full): @n_units × (@n_services
 * + 1) bytes, by unit: 1: may be shown.
 */
guint8 *bst_suppress (const int *parents,
                      guint n_units,
                      guint n_services,
                      const BstRated *rated,
                      guint n_rated);

G_END_DECLS
