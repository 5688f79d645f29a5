/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Case by case: what the performer counted, and what counts here. */

#include "bst-proof-private.h"

#include <string.h>

static BstProofCase *
new_case (const char *id, const char *line)
{
  BstProofCase *one = g_new0 (BstProofCase, 1);

  one->id = g_strdup (id);
  one->line = g_strdup (line);
  return one;
}

/* Words that @ours borrowed from the key are borrowed from @one then. */
static void
set_ours (BstProofCase *one, const BstProofOurs *ours)
{
  one->request = g_variant_ref (ours->stored->request);
  one->events = g_ptr_array_ref (ours->stored->events);
  one->ours = ours->found;
  one->ours.line = one->line;
}

/* The order is here, though the line counts nowhere, or is none. */
static void
set_order (BstProofCount *count, BstProofCase *one)
{
  for (guint i = count->orders->len; i > 0 && !one->request; i--)
    {
      const BstStoredCase *stored = count->orders->pdata[i - 1];

      if (g_strcmp0 (bst_doc_get_string (stored->request, "id"), one->id) != 0)
        continue;
      one->request = g_variant_ref (stored->request);
      one->events = g_ptr_array_ref (stored->events);
    }
}

static void
compare_told (BstProofCount *count, GVariant *tally, const BstCase *theirs, BstProof *proof)
{
  BstProofOurs *ours = bst_proof_count_find (count, theirs->request, theirs->line);
  gboolean here = TRUE;
  BstTallyDiffers differs;
  BstProofCase *one;

  if (!ours)
    {
      here = bst_proof_count_order (count, theirs->request);
      ours = bst_proof_count_find (count, theirs->request, theirs->line);
    }
  if (ours)
    ours->matched = TRUE;
  differs = bst_tally_compare (theirs, ours ? &ours->found : NULL);
  if (differs == BST_TALLY_SAME)
    return;
  one = new_case (theirs->request, theirs->line);
  one->tally = g_variant_ref (tally);
  one->theirs = *theirs;
  one->differs = differs;
  if (ours)
    set_ours (one, ours);
  else if (here)
    set_order (count, one);
  proof->n_absent += !here;
  g_ptr_array_add (proof->cases, one);
}

/* ---- what the performer does not name ---- */

/* Where a case is counted outside of what was asked for. */
typedef struct
{
  GVariant *tally; /* borrowed */
  BstCase theirs;
} Elsewhere;

static GHashTable *
read_elsewhere (BstProofCount *count, GPtrArray *tallies)
{
  GHashTable *all = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < tallies->len; i++)
    {
      g_autoptr (GArray) cases = bst_tally_read (tallies->pdata[i]);

      for (guint j = 0; j < cases->len; j++)
        {
          Elsewhere place = { tallies->pdata[i], g_array_index (cases, BstCase, j) };

          g_hash_table_insert (all,
                               g_strdup_printf ("%s\n%s", place.theirs.request, place.theirs.line),
                               g_memdup2 (&place, sizeof place));
        }
    }
  return all;
}

static void
add_untold (const BstProofOurs *ours, const char *key, GHashTable *elsewhere, BstProof *proof)
{
  const Elsewhere *place = g_hash_table_lookup (elsewhere, key);
  BstProofCase *one = new_case (ours->found.request, ours->found.line);

  if (place)
    {
      one->tally = g_variant_ref (place->tally);
      one->theirs = place->theirs;
    }
  set_ours (one, ours);
  one->differs = bst_tally_compare (place ? &place->theirs : NULL, &ours->found);
  g_ptr_array_add (proof->cases, one);
}

static gboolean
is_untold (BstProofCount *count, const BstProofOurs *ours)
{
  return !ours->matched && bst_proof_is_asked (count->asked, &ours->found);
}

/* All that is named of the unit is only read when something is missing. */
static gboolean
compare_untold (BstProofCount *count, BstProof *proof, GError **error)
{
  const BstQuery query = { .type = "Tally", .unit = count->asked->unit };
  g_autoptr (GPtrArray) tallies = NULL;
  g_autoptr (GHashTable) elsewhere = NULL;
  GHashTableIter iter;
  gpointer key, ours;

  g_hash_table_iter_init (&iter, count->ours);
  while (g_hash_table_iter_next (&iter, &key, &ours))
    {
      if (!is_untold (count, ours))
        continue;
      if (!tallies)
        tallies = bst_store_find (count->asked->store, &query, 0, BST_PROOF_MAX_TALLIES, error);
      if (!tallies)
        return FALSE;
      if (!elsewhere)
        elsewhere = read_elsewhere (count, tallies);
      add_untold (ours, key, elsewhere, proof);
    }
  return TRUE;
}

/* By month, then by order: the same every time. */
static gint
compare_places (gconstpointer a, gconstpointer b)
{
  const BstProofCase *one = *(BstProofCase *const *) a;
  const BstProofCase *other = *(BstProofCase *const *) b;
  const char *month = one->theirs.month[0] ? one->theirs.month : one->ours.month;
  const char *other_month = other->theirs.month[0] ? other->theirs.month : other->ours.month;
  int order = strcmp (month, other_month);

  if (order == 0)
    order = strcmp (one->id, other->id);
  return order != 0 ? order : strcmp (one->line, other->line);
}

gboolean
bst_proof_compare_cases (BstProofCount *count, BstProof *proof, GError **error)
{
  for (guint i = 0; i < count->tallies->len; i++)
    {
      g_autoptr (GArray) cases = bst_tally_read (count->tallies->pdata[i]);

      for (guint j = 0; j < cases->len; j++)
        compare_told (count, count->tallies->pdata[i], &g_array_index (cases, BstCase, j), proof);
    }
  if (!compare_untold (count, proof, error))
    return FALSE;
  g_ptr_array_sort (proof->cases, compare_places);
  return TRUE;
}
