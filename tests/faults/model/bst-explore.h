/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BstExploreKind: a model whose states are memory that can be compared; all zeros is the first.
 * @act: Returns: %FALSE when that cannot happen now; @model is as before then
 * @wrong: what is wrong with this very state; %NULL: nothing
 * @wrong_in_the_end: the same, when from now on all goes well
 */
typedef struct
{
  gsize size;
  guint n_steps;
  guint n_people;
  gboolean (*act) (gpointer model, guint step, guint who, guint mistake);
  const char *(*wrong) (gconstpointer model);
  const char *(*wrong_in_the_end) (gconstpointer model, guint mistake);
  const char *(*step_name) (guint step);
  const char *(*mistake_name) (guint mistake);
} BstExploreKind;

/**
 * bst_explore: all that can happen, one step after the other, in every order, to a depth: no state may be wrong, and from
 * each one all must come right in the end. Breadth first, so that what is found is found by the shortest way, which is printed.
 * @n_steps: only the first so many of the kind's
 *
 * Returns: what is wrong; %NULL: nothing
 */
const char *bst_explore (const BstExploreKind *kind,
                         guint mistake,
                         guint n_steps,
                         guint depth,
                         guint *ret_states);

G_END_DECLS
