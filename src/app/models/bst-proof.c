/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-proof.h"

#include <string.h>

#include "bst-error.h"
#include "bst-level-data.h"
#include "bst-measure.h"
#include "bst-month.h"
#include "bst-store-levels.h"

#define MAX_CALENDARS 1000

typedef struct
{
  BstStore *store;
  BstOrg *org;
  char *unit;
  char *service;
  char *from;
  char *to;
  gint64 now;
} Asked;

static void
asked_free (gpointer data)
{
  Asked *asked = data;

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

void
bst_proof_free (BstProof *proof)
{
  g_ptr_array_unref (proof->differences);
  g_free (proof);
}

/* ---- counting ---- */

static GHashTable *
read_calendars (BstStore *store, GError **error)
{
  const BstQuery query = { .type = "Calendar" };
  g_autoptr (GPtrArray) docs = bst_store_find (store, &query, 0, MAX_CALENDARS, error);
  GHashTable *calendars;

  if (!docs)
    return NULL;
  calendars =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) bst_calendar_unref);
  for (guint i = 0; i < docs->len; i++)
    {
      BstCalendar *calendar = bst_calendar_new (docs->pdata[i], NULL);

      if (calendar)
        g_hash_table_insert (calendars, g_strdup (bst_doc_get_string (docs->pdata[i], "id")),
                             calendar);
    }
  return calendars;
}

static BstCalendar *
look_up (const char *id, gpointer calendars)
{
  return id ? g_hash_table_lookup (calendars, id) : NULL;
}

static guint
count_order (const Asked *asked,
             const BstStoredCase *stored,
             GHashTable *calendars,
             GTimeZone *zone,
             BstMeasures *measures)
{
  g_auto (GStrv) lines = bst_request_line_ids (stored->request);
  guint n = 0;

  for (guint i = 0; lines[i]; i++)
    {
      BstCase one;

      if (!bst_case_compute (stored->request, lines[i], stored->events, look_up, calendars, zone,
                             asked->now, &one))
        continue;
      bst_measures_add (measures, &one);
      n += *one.month && strcmp (one.month, asked->from) >= 0 &&
           strcmp (one.month, asked->to) <= 0 &&
           (!asked->service || g_strcmp0 (one.service, asked->service) == 0);
    }
  return n;
}

/* Every order of the period; whatever else its lines are counted as is not asked for. */
static BstMeasures *
count (const Asked *asked, guint *ret_n_cases, GError **error)
{
  g_autoptr (GHashTable) calendars = read_calendars (asked->store, error);
  g_autoptr (GTimeZone) unit_zone = bst_level_data_zone (asked->org, asked->unit);
  BstCaseQuery query = { .unit = asked->unit };
  g_autoptr (GPtrArray) cases = NULL;
  g_autoptr (BstMeasures) measures = bst_measures_new (asked->org);
  gint64 unused;

  if (!calendars || !bst_month_bounds (asked->from, unit_zone, &query.from, &unused) ||
      !bst_month_bounds (asked->to, unit_zone, &unused, &query.to))
    return NULL;
  cases = bst_store_cases (asked->store, &query, error);
  if (!cases)
    return NULL;
  *ret_n_cases = 0;
  for (guint i = 0; i < cases->len; i++)
    {
      const BstStoredCase *stored = cases->pdata[i];
      g_autoptr (GTimeZone) zone =
          bst_level_data_zone (asked->org, bst_doc_get_string (stored->request, "unit"));

      *ret_n_cases += count_order (asked, stored, calendars, zone, measures);
    }
  return g_steal_pointer (&measures);
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

static void
compare (const Asked *asked, GVariant *measure, BstMeasures *measures, BstProof *proof)
{
  const char *service = bst_doc_get_string (measure, "service");
  const char *month = bst_doc_get_string (measure, "month");
  g_autoptr (GVariant) counted = NULL;
  BstLevel theirs;
  BstLevel ours = BST_LEVEL_NONE;
  BstDifference *difference;

  if (g_strcmp0 (bst_doc_get_string (measure, "unit"), asked->unit) != 0 ||
      (asked->service && g_strcmp0 (service, asked->service) != 0))
    return;
  counted = bst_measures_read (measures, asked->unit, service, month);
  bst_level_read (measure, &theirs);
  if (counted)
    bst_level_read (counted, &ours);
  proof->n_figures++;
  if (is_same (theirs, ours))
    return;
  difference = g_new (BstDifference, 1);
  *difference = (BstDifference){ g_strdup (service), g_strdup (month), theirs, ours };
  g_ptr_array_add (proof->differences, difference);
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
find_missing (const Asked *asked, GPtrArray *theirs, BstMeasures *measures, BstProof *proof)
{
  g_autoptr (GPtrArray) counted = bst_measures_documents (measures, NULL);

  for (guint i = 0; i < counted->len; i++)
    {
      GVariant *doc = counted->pdata[i];
      const char *service = bst_doc_get_string (doc, "service");
      const char *month = bst_doc_get_string (doc, "month");
      BstDifference *difference;

      if (g_strcmp0 (bst_doc_get_string (doc, "unit"), asked->unit) != 0 ||
          strcmp (month, asked->from) < 0 || strcmp (month, asked->to) > 0 ||
          (asked->service && g_strcmp0 (service, asked->service) != 0) ||
          is_known (theirs, bst_doc_get_string (doc, "id")))
        continue;
      difference = g_new (BstDifference, 1);
      *difference =
          (BstDifference){ g_strdup (service), g_strdup (month), BST_LEVEL_NONE, BST_LEVEL_NONE };
      bst_level_read (doc, &difference->ours);
      g_ptr_array_add (proof->differences, difference);
      proof->n_figures++;
    }
}

static void
prove (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Asked *asked = task_data;
  g_autoptr (BstProof) proof = g_new0 (BstProof, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (BstMeasures) measures = NULL;
  const BstMeasureQuery query = { .unit = asked->unit, .from = asked->from, .to = asked->to };
  g_autoptr (GPtrArray) theirs = bst_store_measures (asked->store, &query, &error);

  proof->differences = g_ptr_array_new_with_free_func (difference_free);
  measures = theirs ? count (asked, &proof->n_cases, &error) : NULL;
  if (!measures)
    {
      g_task_return_error (task, error ? g_steal_pointer (&error)
                                       : g_error_new_literal (BST_ERROR, BST_ERROR_INVALID,
                                                              "there is no such month"));
      return;
    }
  for (guint i = 0; i < theirs->len; i++)
    compare (asked, theirs->pdata[i], measures, proof);
  find_missing (asked, theirs, measures, proof);
  g_task_return_pointer (task, g_steal_pointer (&proof), (GDestroyNotify) bst_proof_free);
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
  Asked *asked = g_new (Asked, 1);

  *asked = (Asked){ g_object_ref (bst_session_get_store (session)),
                    bst_org_ref (bst_session_get_org (session)),
                    g_strdup (unit),
                    g_strdup (service),
                    g_strdup (from),
                    g_strdup (to),
                    bst_clock_now (bst_session_get_clock (session)) };
  g_task_set_task_data (task, asked, asked_free);
  g_task_run_in_thread (task, prove);
}

BstProof *
bst_proof_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
