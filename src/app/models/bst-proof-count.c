/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The cases on this computer, counted, and those that the performer names. */

#include "bst-proof-private.h"

#include <string.h>

#include "bst-error.h"
#include "bst-level-data.h"
#include "bst-month.h"

#define MAX_CALENDARS 1000
#define MAX_EVENTS    10000

void
bst_proof_count_free (BstProofCount *count)
{
  g_clear_pointer (&count->measures, bst_measures_free);
  g_clear_pointer (&count->told, bst_measures_free);
  g_clear_pointer (&count->ours, g_hash_table_unref);
  g_clear_pointer (&count->orders, g_ptr_array_unref);
  g_clear_pointer (&count->tallies, g_ptr_array_unref);
  g_clear_pointer (&count->calendars, g_hash_table_unref);
  g_free (count);
}

gboolean
bst_proof_is_asked (const BstProofAsked *asked, const BstCase *one)
{
  return one->month[0] && strcmp (one->month, asked->from) >= 0 &&
         strcmp (one->month, asked->to) <= 0 &&
         (!asked->service || g_strcmp0 (one->service, asked->service) == 0) &&
         bst_org_is_within (asked->org, one->unit, asked->unit);
}

/* ---- reading ---- */

static gboolean
read_calendars (BstProofCount *count, GError **error)
{
  const BstQuery query = { .type = "Calendar" };
  g_autoptr (GPtrArray) docs =
      bst_store_find (count->asked->store, &query, 0, MAX_CALENDARS, error);

  if (!docs)
    return FALSE;
  count->calendars =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) bst_calendar_unref);
  for (guint i = 0; i < docs->len; i++)
    {
      BstCalendar *calendar = bst_calendar_new (docs->pdata[i], NULL);

      if (calendar)
        g_hash_table_insert (count->calendars, g_strdup (bst_doc_get_string (docs->pdata[i], "id")),
                             calendar);
    }
  return TRUE;
}

static gboolean
read_orders (BstProofCount *count, GError **error)
{
  const BstProofAsked *asked = count->asked;
  g_autoptr (GTimeZone) zone = bst_level_data_zone (asked->org, asked->unit);
  BstCaseQuery query = { .unit = asked->unit };
  gint64 unused;

  if (!bst_month_bounds (asked->from, zone, &query.from, &unused) ||
      !bst_month_bounds (asked->to, zone, &unused, &query.to))
    {
      g_set_error_literal (error, BST_ERROR, BST_ERROR_INVALID, "there is no such month");
      return FALSE;
    }
  count->orders = bst_store_cases (asked->store, &query, error);
  return count->orders != NULL;
}

static gboolean
read_tallies (BstProofCount *count, GError **error)
{
  const BstProofAsked *asked = count->asked;
  const BstQuery query = {
    .type = "Tally",
    .unit = asked->unit,
    .service = asked->service,
    .first_month = asked->from,
    .last_month = asked->to,
  };

  count->tallies = bst_store_find (asked->store, &query, 0, BST_PROOF_MAX_TALLIES, error);
  return count->tallies != NULL;
}

/* ---- counting ---- */

static BstCalendar *
look_up (const char *id, gpointer calendars)
{
  return id ? g_hash_table_lookup (calendars, id) : NULL;
}

static void
count_lines (BstProofCount *count, const BstStoredCase *stored)
{
  const char *id = bst_doc_get_string (stored->request, "id");
  g_auto (GStrv) lines = bst_request_line_ids (stored->request);
  g_autoptr (GTimeZone) zone =
      bst_level_data_zone (count->asked->org, bst_doc_get_string (stored->request, "unit"));

  for (guint i = 0; lines[i]; i++)
    {
      char *key = g_strdup_printf ("%s\n%s", id, lines[i]);
      BstProofOurs *ours = g_new0 (BstProofOurs, 1);

      ours->stored = stored;
      if (bst_case_compute (stored->request, key + strlen (id) + 1, stored->events, look_up,
                            count->calendars, zone, count->asked->now, &ours->found))
        g_hash_table_insert (count->ours, key, ours);
      else
        {
          g_free (ours);
          g_free (key);
        }
    }
}

static void
add_up (BstProofCount *count, BstProof *proof)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, count->ours);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const BstProofOurs *ours = value;

      bst_measures_add (count->measures, &ours->found);
      proof->n_cases += bst_proof_is_asked (count->asked, &ours->found);
    }
  for (guint i = 0; i < count->tallies->len; i++)
    {
      g_autoptr (GArray) cases = bst_tally_read (count->tallies->pdata[i]);

      proof->n_told += cases->len;
      for (guint j = 0; j < cases->len; j++)
        bst_measures_add (count->told, &g_array_index (cases, BstCase, j));
    }
}

BstProofCount *
bst_proof_count_new (const BstProofAsked *asked, BstProof *proof, GError **error)
{
  g_autoptr (BstProofCount) count = g_new0 (BstProofCount, 1);

  count->asked = asked;
  if (!read_calendars (count, error) || !read_orders (count, error) || !read_tallies (count, error))
    return NULL;
  count->ours = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  count->measures = bst_measures_new (asked->org);
  count->told = bst_measures_new (asked->org);
  for (guint i = 0; i < count->orders->len; i++)
    count_lines (count, count->orders->pdata[i]);
  add_up (count, proof);
  return g_steal_pointer (&count);
}

/* ---- one order ---- */

gboolean
bst_proof_count_order (BstProofCount *count, const char *id)
{
  const BstQuery query = {
    .type = "RequestEvent", .request = id, .sort = "sequence", .ascending = TRUE
  };
  BstStore *store = count->asked->store;
  g_autoptr (GVariant) request = bst_store_get (store, "Request", id, NULL);
  g_autoptr (GPtrArray) events =
      request ? bst_store_find (store, &query, 0, MAX_EVENTS, NULL) : NULL;
  BstStoredCase *stored;

  if (!events)
    return FALSE;
  stored = g_new (BstStoredCase, 1);
  *stored = (BstStoredCase){ g_steal_pointer (&request), g_steal_pointer (&events) };
  g_ptr_array_add (count->orders, stored);
  count_lines (count, stored);
  return TRUE;
}

BstProofOurs *
bst_proof_count_find (BstProofCount *count, const char *request, const char *line)
{
  g_autofree char *key = g_strdup_printf ("%s\n%s", request, line);

  return g_hash_table_lookup (count->ours, key);
}
