/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Cases: a narrow row beside each line of an order, as bst-case.h counts it. Written whenever the order is; what falls due as time passes
 * is counted again by bst_storage_measure_sweep(). The months that a change touches are marked: their measures are no longer true.
 */

#include "bst-storage-measure.h"

#include "bst-date.h"
#include "bst-json.h"
#include "bst-request.h"

#include <string.h>

/* What a row holds; bind_case() and read_case() know it by its place. */
#define COLUMNS                                                                                    \
  "month, unit, service, channel, stopped, due, response_due, elapsed, verdict, "                  \
  "response_verdict, "                                                                             \
  "first_time, stars, request, line, started, responded, paused, wakes"

/* ---- calendars ---- */

void
bst_storage_forget_calendars (BstStorage *storage)
{
  g_clear_pointer (&storage->calendars, g_hash_table_unref);
  g_clear_pointer (&storage->agreements, g_ptr_array_unref);
}

static void
calendar_free (gpointer calendar)
{
  if (calendar)
    bst_calendar_unref (calendar);
}

void
bst_storage_look_at_others (BstStorage *storage)
{
  gint64 version = bst_storage_others_version (storage);

  if (version != storage->calendars_version)
    bst_storage_forget_calendars (storage);
  storage->calendars_version = version;
}

BstCalendar *
bst_storage_calendar (const char *id, gpointer closure)
{
  BstStorage *storage = closure;
  g_autoptr (GVariant) doc = NULL;
  gpointer known = NULL;

  if (!id)
    return NULL;
  if (!storage->calendars)
    storage->calendars = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, calendar_free);
  if (g_hash_table_lookup_extended (storage->calendars, id, NULL, &known))
    return known;
  doc = bst_storage_get (storage, "Calendar", id, NULL);
  known = doc ? bst_calendar_new (doc, NULL) : NULL;
  g_hash_table_insert (storage->calendars, g_strdup (id), known);
  return known;
}

/* ---- rows ---- */

static void
bind_case (BstStmt *stmt, gint64 row, const BstCase *one)
{
  bst_stmt_bind_text (stmt, 1, one->month);
  bst_stmt_bind_text (stmt, 2, one->unit);
  bst_stmt_bind_text (stmt, 3, one->service);
  bst_stmt_bind_text (stmt, 4, one->channel);
  bst_stmt_bind_int (stmt, 5, one->stopped);
  bst_stmt_bind_int (stmt, 6, one->due);
  bst_stmt_bind_int (stmt, 7, one->response_due);
  bst_stmt_bind_int (stmt, 8, one->elapsed);
  bst_stmt_bind_int (stmt, 9, one->verdict);
  bst_stmt_bind_int (stmt, 10, one->response_verdict);
  bst_stmt_bind_int (stmt, 11, one->first_time);
  bst_stmt_bind_int (stmt, 12, one->stars);
  bst_stmt_bind_int (stmt, 13, row);
  bst_stmt_bind_text (stmt, 14, one->line);
  bst_stmt_bind_int (stmt, 15, one->started);
  bst_stmt_bind_int (stmt, 16, one->responded);
  bst_stmt_bind_int (stmt, 17, one->paused);
  if (one->wakes == BST_CALENDAR_NEVER)
    bst_stmt_bind_null (stmt, 18);
  else
    bst_stmt_bind_int (stmt, 18, one->wakes);
}

/* Texts are borrowed from @stmt. */
static void
read_case (BstStmt *stmt, gint64 *ret_row, BstCase *ret_case)
{
  *ret_case = (BstCase){
    .unit = bst_stmt_text (stmt, 1),
    .service = bst_stmt_text (stmt, 2),
    .channel = bst_stmt_text (stmt, 3),
    .stopped = bst_stmt_int (stmt, 4),
    .due = bst_stmt_int (stmt, 5),
    .response_due = bst_stmt_int (stmt, 6),
    .elapsed = bst_stmt_int (stmt, 7),
    .verdict = (BstSlaVerdict) bst_stmt_int (stmt, 8),
    .response_verdict = (BstSlaVerdict) bst_stmt_int (stmt, 9),
    .first_time = (gboolean) bst_stmt_int (stmt, 10),
    .stars = (int) bst_stmt_int (stmt, 11),
    .line = bst_stmt_text (stmt, 13),
    .started = bst_stmt_int (stmt, 14),
    .responded = bst_stmt_int (stmt, 15),
    .paused = bst_stmt_int (stmt, 16),
    .wakes = bst_stmt_is_null (stmt, 17) ? BST_CALENDAR_NEVER : bst_stmt_int (stmt, 17),
  };
  g_strlcpy (ret_case->month, bst_stmt_text (stmt, 0), sizeof ret_case->month);
  *ret_row = bst_stmt_int (stmt, 12);
}

gboolean
bst_storage_each_case (BstStorage *storage,
                       const char *month,
                       BstStorageEachCase each,
                       gpointer closure,
                       GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (storage->db,
                      month ? "SELECT " COLUMNS " FROM sla_case WHERE month = ?1"
                            : "SELECT " COLUMNS " FROM sla_case",
                      error);
  gboolean more = TRUE;

  if (!stmt)
    return FALSE;
  if (month)
    bst_stmt_bind_text (stmt, 1, month);
  while (bst_stmt_step (stmt, &more, error))
    {
      BstCase one;
      gint64 row;

      if (!more)
        return TRUE;
      read_case (stmt, &row, &one);
      each (row, &one, closure);
    }
  return FALSE;
}

gboolean
bst_storage_put_case (BstStorage *storage, gint64 row, const BstCase *one, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db,
      "INSERT INTO sla_case (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
      "?12, ?13, ?14, ?15, ?16, ?17, ?18)",
      error);

  if (!stmt)
    return FALSE;
  bind_case (stmt, row, one);
  return bst_stmt_run (stmt, error);
}

/* ---- an order's cases ---- */

static GPtrArray *
load_events (BstStorage *storage, const char *request, GError **error)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db,
      "SELECT doc FROM record WHERE request = ?1 AND type = 'RequestEvent' AND doc IS NOT NULL",
      error);
  gboolean row = TRUE;

  if (!stmt)
    return NULL;
  bst_stmt_bind_text (stmt, 1, request);
  for (;;)
    {
      GVariant *event;

      if (!bst_stmt_step (stmt, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&events);
      event = bst_json_parse_object (bst_stmt_text (stmt, 0), (gssize) bst_stmt_text_len (stmt, 0),
                                     error);
      if (!event)
        return NULL;
      g_ptr_array_add (events, event);
    }
}

GPtrArray *
bst_storage_request_events (BstStorage *storage, GVariant *request, GError **error)
{
  return load_events (storage, bst_doc_get_string (request, "id"), error);
}

static gboolean
mark_month (BstStorage *storage, const char *month, GError **error)
{
  g_autoptr (BstStmt) stmt = NULL;

  if (!month[0])
    return TRUE;
  stmt = bst_db_prepare (storage->db, "INSERT OR IGNORE INTO measure_stale (month) VALUES (?1)",
                         error);
  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, month);
  return bst_stmt_run (stmt, error);
}

static gboolean
run_for (BstStorage *storage, const char *sql, gint64 row, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (storage->db, sql, error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_int (stmt, 1, row);
  return bst_stmt_run (stmt, error);
}

gboolean
bst_storage_drop_cases (BstStorage *storage, gint64 row, GError **error)
{
  return run_for (storage,
                  "INSERT OR IGNORE INTO measure_stale (month) SELECT month FROM sla_case WHERE "
                  "request = ?1 AND month <> ''",
                  row, error) &&
         run_for (storage, "DELETE FROM sla_case WHERE request = ?1", row, error);
}

/* @one is counted now. */
static gboolean
add_case (BstStorage *storage, gint64 row, const BstCase *one, GError **error)
{
  return bst_storage_put_case (storage, row, one, error) && mark_month (storage, one->month, error);
}

gboolean
bst_storage_count_line (BstStorage *storage,
                        GVariant *request,
                        const char *line,
                        GPtrArray *events,
                        BstCase *ret_case)
{
  const char *unit = bst_doc_get_string (request, "unit");

  return bst_case_compute (request, line, events, bst_storage_calendar, storage,
                           bst_storage_zone (storage, unit), bst_clock_now (storage->clock),
                           ret_case);
}

gboolean
bst_storage_is_counted (GVariant *request)
{
  return bst_doc_has (request, "submittedAt") || bst_doc_has (request, "history");
}

gboolean
bst_storage_count_request (BstStorage *storage, gint64 row, GVariant *request, GError **error)
{
  g_auto (GStrv) lines = bst_request_line_ids (request);
  g_autoptr (GPtrArray) events = NULL;

  if (!bst_storage_drop_cases (storage, row, error) ||
      !bst_storage_drop_lines (storage, row, error))
    return FALSE;
  if (!bst_storage_is_counted (request))
    return TRUE;
  bst_storage_look_at_others (storage);
  events = bst_storage_request_events (storage, request, error);
  for (guint i = 0; events && lines[i]; i++)
    {
      BstCase one;

      if (!bst_storage_put_line (storage, row, request, lines[i], error))
        return FALSE;
      if (bst_storage_count_line (storage, request, lines[i], events, &one) &&
          !add_case (storage, row, &one, error))
        return FALSE;
    }
  return events != NULL;
}

/* ---- counted again ---- */

typedef struct
{
  BstStorage *storage;
  guint lines;
  GError **error;
} Again;

static gboolean
again_cb (gint64 row, const char *line, const BstCase *one, gpointer closure)
{
  Again *again = closure;

  again->lines++;
  return !one || add_case (again->storage, row, one, again->error);
}

gboolean
bst_storage_count_again (BstStorage *storage,
                         gint64 row,
                         const char *request,
                         gboolean *ret_known,
                         GError **error)
{
  Again again = { storage, 0, error };

  if (!bst_storage_drop_cases (storage, row, error) ||
      !bst_storage_recount (storage, request, again_cb, &again, error))
    return FALSE;
  *ret_known = again.lines > 0;
  return TRUE;
}

/* ---- what else changes cases and measures ---- */

static gboolean
mark_months_from (BstStorage *storage, const char *month, GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (storage->db,
                      "INSERT OR IGNORE INTO measure_stale (month) SELECT DISTINCT month FROM "
                      "sla_case WHERE month > '' AND month >= ?1",
                      error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, month);
  return bst_stmt_run (stmt, error);
}

/* A disturbance counts in the months from its beginning on: also from that which it had before. */
static gboolean
mark_notice (BstStorage *storage, GVariant *notice, GError **error)
{
  const char *from = notice ? bst_doc_get_string (notice, "from") : NULL;
  g_autofree char *day_before = from && strlen (from) > 10 ? g_strndup (from, 10) : NULL;
  g_autofree char *day = day_before ? bst_date_add_days (day_before, -1) : NULL;

  if (!day)
    return TRUE;
  day[7] = '\0';
  return mark_months_from (storage, day, error);
}

static gboolean
has_other (GVariant *before, GVariant *after, const char *path)
{
  return g_strcmp0 (before ? bst_doc_get_string (before, path) : NULL,
                    after ? bst_doc_get_string (after, path) : NULL) != 0;
}

static gboolean
unit_changed (GVariant *before, GVariant *after)
{
  return before && (!after || has_other (before, after, "parent") ||
                    has_other (before, after, "kind") || has_other (before, after, "timeZone"));
}

gboolean
bst_storage_note_measured (BstStorage *storage,
                           const BstRecordType *type,
                           gint64 row,
                           GVariant *before,
                           GVariant *after,
                           GError **error)
{
  if (strcmp (type->name, "Request") == 0 && storage->counts_later)
    return TRUE;
  if (strcmp (type->name, "Request") == 0)
    return after ? bst_storage_count_request (storage, row, after, error)
                 : bst_storage_drop_cases (storage, row, error) &&
                       bst_storage_drop_lines (storage, row, error);
  if (strcmp (type->name, "Agreement") == 0)
    bst_storage_forget_calendars (storage);
  if (strcmp (type->name, "Notice") == 0)
    return mark_notice (storage, before, error) && mark_notice (storage, after, error);
  if (strcmp (type->name, "Service") == 0 && has_other (before, after, "promise/calendar"))
    return mark_months_from (storage, "", error);
  if (strcmp (type->name, "OrgUnit") == 0 && unit_changed (before, after))
    return mark_months_from (storage, "", error);
  if (strcmp (type->name, "Calendar") != 0)
    return TRUE;
  bst_storage_forget_calendars (storage);
  return bst_db_exec (storage->db,
                      "INSERT OR IGNORE INTO case_stale (request) SELECT request FROM sla_case",
                      error) &&
         mark_months_from (storage, "", error);
}
