/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-proof-private.h"

#include <string.h>

static void
asked_free (gpointer data)
{
  BstProofAsked *asked = data;

  g_object_unref (asked->store);
  bst_org_unref (asked->org);
  g_free (asked->unit);
  g_free (asked->service);
  g_free (asked->from);
  g_free (asked->to);
  g_free (asked);
}

static void
difference_free (gpointer data)
{
  BstDifference *difference = data;

  g_free (difference->service);
  g_free (difference->month);
  g_free (difference);
}

static void
case_free (gpointer data)
{
  BstProofCase *one = data;

  g_clear_pointer (&one->request, g_variant_unref);
  g_clear_pointer (&one->events, g_ptr_array_unref);
  g_clear_pointer (&one->tally, g_variant_unref);
  g_free (one->id);
  g_free (one->line);
  g_free (one);
}

void
bst_proof_free (BstProof *proof)
{
  g_ptr_array_unref (proof->differences);
  g_ptr_array_unref (proof->cases);
  g_free (proof);
}

/* ---- comparing ---- */

/* What is hidden of ratings depends on other groups too: only what both say is compared. */
static gboolean
is_same (BstLevel theirs, BstLevel ours)
{
  if (theirs.ratings == 0 || ours.ratings == 0)
    {
      theirs.ratings = ours.ratings = 0;
      theirs.rating_sum = ours.rating_sum = 0;
      theirs.hidden = ours.hidden = 0;
    }
  return bst_level_equal (&theirs, &ours);
}

static BstLevel
level_of (BstMeasures *measures, const char *unit, const char *service, const char *month)
{
  g_autoptr (GVariant) read = bst_measures_read (measures, unit, service, month);
  BstLevel level = BST_LEVEL_NONE;

  if (read)
    bst_level_read (read, &level);
  else
    level.months = level.hidden = 1; /* as a measure without cases */
  return level;
}

/* What the user cannot see all of is compared as far as its cases are named to her. */
static void
compare (const BstProofCount *count,
         const char *service,
         const char *month,
         BstLevel theirs,
         BstProof *proof)
{
  const BstProofAsked *asked = count->asked;
  BstLevel ours = level_of (count->measures, asked->unit, service, month);
  BstLevel told = level_of (count->told, asked->unit, service, month);
  gboolean partly = proof->n_told > 0 && !asked->sees_all && told.cases < theirs.cases;
  gboolean is_sum = proof->n_told == 0 || partly || is_same (theirs, told);
  BstDifference *difference;

  proof->n_figures++;
  if (partly && g_strcmp0 (service, asked->service) == 0)
    proof->n_unseen += (guint) (theirs.cases - told.cases);
  if (partly)
    theirs = told;
  if (is_same (theirs, ours))
    return;
  difference = g_new (BstDifference, 1);
  *difference = (BstDifference){ g_strdup (service), g_strdup (month), theirs, ours, is_sum };
  g_ptr_array_add (proof->differences, difference);
}

static gboolean
is_asked (const BstProofAsked *asked, GVariant *measure)
{
  const char *month = bst_doc_get_string (measure, "month");

  return g_strcmp0 (bst_doc_get_string (measure, "unit"), asked->unit) == 0 && month &&
         strcmp (month, asked->from) >= 0 && strcmp (month, asked->to) <= 0 &&
         (!asked->service ||
          g_strcmp0 (bst_doc_get_string (measure, "service"), asked->service) == 0);
}

static void
compare_measures (const BstProofCount *count, GPtrArray *theirs, BstProof *proof)
{
  for (guint i = 0; i < theirs->len; i++)
    {
      GVariant *measure = theirs->pdata[i];
      BstLevel level;

      if (!is_asked (count->asked, measure))
        continue;
      bst_level_read (measure, &level);
      compare (count, bst_doc_get_string (measure, "service"),
               bst_doc_get_string (measure, "month"), level, proof);
    }
}

static gboolean
is_known (GPtrArray *theirs, const char *id)
{
  for (guint i = 0; i < theirs->len; i++)
    if (g_strcmp0 (bst_doc_get_string (theirs->pdata[i], "id"), id) == 0)
      return TRUE;
  return FALSE;
}

/* Figures that the performer should have and has not. */
static void
find_missing (const BstProofCount *count, GPtrArray *theirs, BstProof *proof)
{
  g_autoptr (GPtrArray) counted = bst_measures_documents (count->measures, NULL);

  for (guint i = 0; i < counted->len; i++)
    {
      GVariant *doc = counted->pdata[i];
      BstLevel none = BST_LEVEL_NONE;

      none.months = none.hidden = 1;
      if (is_asked (count->asked, doc) && !is_known (theirs, bst_doc_get_string (doc, "id")))
        compare (count, bst_doc_get_string (doc, "service"), bst_doc_get_string (doc, "month"),
                 none, proof);
    }
}

/* ---- all of it ---- */

static void
prove (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  BstProofAsked *asked = task_data;
  g_autoptr (BstProof) proof = g_new0 (BstProof, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (BstProofCount) count = NULL;
  const BstMeasureQuery query = { .unit = asked->unit, .from = asked->from, .to = asked->to };
  g_autoptr (GPtrArray) theirs = bst_store_measures (asked->store, &query, &error);

  proof->differences = g_ptr_array_new_with_free_func (difference_free);
  proof->cases = g_ptr_array_new_with_free_func (case_free);
  count = theirs ? bst_proof_count_new (asked, proof, &error) : NULL;
  if (count)
    {
      compare_measures (count, theirs, proof);
      find_missing (count, theirs, proof);
    }
  if (!count || (proof->n_told > 0 && !bst_proof_compare_cases (count, proof, &error)))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_steal_pointer (&proof), (GDestroyNotify) bst_proof_free);
}

static gboolean
sees_all (BstOrg *org, GVariant *person, const char *unit)
{
  g_autoptr (GHashTable) visible = bst_org_visible_units (org, person);
  g_auto (GStrv) units = bst_org_descendants (org, unit);
  gboolean all = TRUE;

  for (guint i = 0; units[i] && all; i++)
    all = g_hash_table_contains (visible, units[i]);
  return all;
}

void
bst_proof_async (BstSession *session,
                 const char *unit,
                 const char *service,
                 const char *from,
                 const char *to,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  BstProofAsked *asked = g_new (BstProofAsked, 1);
  BstOrg *org = bst_session_get_org (session);

  *asked = (BstProofAsked){ g_object_ref (bst_session_get_store (session)),
                            bst_org_ref (org),
                            g_strdup (unit),
                            g_strdup (service),
                            g_strdup (from),
                            g_strdup (to),
                            bst_clock_now (bst_session_get_clock (session)),
                            sees_all (org, bst_session_get_person (session), unit) };
  g_task_set_task_data (task, asked, asked_free);
  g_task_run_in_thread (task, prove);
}

BstProof *
bst_proof_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
