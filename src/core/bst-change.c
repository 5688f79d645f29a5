/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-change.h"

#define EXPLAINS 3 /* what is less than a third of the difference explains nothing */

BstCause
bst_cause_of (GArray *turns)
{
  const gint64 seconds[] = {
    [BST_CAUSE_SUPPLIER] = bst_turns_seconds (turns, BST_STRETCH_PAUSED, "supplier"),
    [BST_CAUSE_ORDERER] = bst_turns_seconds (turns, BST_STRETCH_PAUSED, "orderer"),
    [BST_CAUSE_DISPUTED] = bst_turns_seconds (turns, BST_STRETCH_DELIVERED, NULL),
  };
  BstCause cause = BST_CAUSE_PERFORMER;
  gint64 longest = 0;

  for (guint i = 0; i < G_N_ELEMENTS (seconds); i++)
    if (seconds[i] > longest)
      {
        longest = seconds[i];
        cause = (BstCause) i;
      }
  return cause;
}

static int
count_cause (const BstChangeCase *cases, gsize n, BstCause cause)
{
  int count = 0;

  for (gsize i = 0; i < n; i++)
    count += cases[i].cause == cause;
  return count;
}

/* service -> how many more. */
static void
count_services (GHashTable *counts, const BstChangeCase *cases, gsize n, int each)
{
  for (gsize i = 0; i < n; i++)
    if (cases[i].service)
      {
        int count = GPOINTER_TO_INT (g_hash_table_lookup (counts, cases[i].service));

        g_hash_table_insert (counts, (gpointer) cases[i].service, GINT_TO_POINTER (count + each));
      }
}

static void
find_cause (BstChange *change,
            const BstChangeCase *less,
            gsize n_less,
            const BstChangeCase *greater,
            gsize n_greater)
{
  for (int cause = 0; cause < BST_N_CAUSES; cause++)
    {
      int more = count_cause (greater, n_greater, (BstCause) cause) -
                 count_cause (less, n_less, (BstCause) cause);

      if (more > change->of_cause)
        {
          change->of_cause = more;
          change->cause = (BstCause) cause;
        }
    }
}

static void
find_service (BstChange *change,
              const BstChangeCase *less,
              gsize n_less,
              const BstChangeCase *greater,
              gsize n_greater)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer service, count;

  count_services (counts, greater, n_greater, 1);
  count_services (counts, less, n_less, -1);
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &service, &count))
    {
      int more = GPOINTER_TO_INT (count);

      if (more > change->of_service ||
          (more == change->of_service && more > 0 && g_strcmp0 (service, change->service) < 0))
        {
          change->of_service = more;
          change->service = service;
        }
    }
}

void
bst_change_explain (const BstChangeCase *before,
                    gsize n_before,
                    const BstChangeCase *after,
                    gsize n_after,
                    BstChange *ret_change)
{
  gboolean more = n_after >= n_before;
  int difference;

  *ret_change = (BstChange){ .more = (int) n_after - (int) n_before };
  difference = ABS (ret_change->more);
  if (difference == 0)
    return;
  find_cause (ret_change, more ? before : after, more ? n_before : n_after, more ? after : before,
              more ? n_after : n_before);
  find_service (ret_change, more ? before : after, more ? n_before : n_after, more ? after : before,
                more ? n_after : n_before);
  ret_change->of_cause = MIN (ret_change->of_cause, difference);
  ret_change->of_service = MIN (ret_change->of_service, difference);
  if (ret_change->of_cause * EXPLAINS < difference)
    ret_change->of_cause = 0;
  if (ret_change->of_service * EXPLAINS < difference)
    {
      ret_change->of_service = 0;
      ret_change->service = NULL;
    }
}
