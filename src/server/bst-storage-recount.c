/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Cases from nothing. Of each line of an order is kept what is counted of it (sla_line), written with its cases; the index over
 * the events (record_event) holds what the clock asks of them, and SQLite keeps it. Both lie by the order's id: one sweep over the two.
 */

#include "bst-storage-measure.h"

#include "bst-json.h"

#include <string.h>

#define LINE                                                                                       \
  "SELECT id, line, request, unit, service, channel, promise, respond, fixed_due, stars, plain "   \
  "FROM sla_line "

/* These are the columns of record_event: what is written otherwise is read from the documents. */
#define EVENT                                                                                      \
  "SELECT request, doc ->> '$.sequence', doc ->> '$.action', doc ->> '$.line', "                   \
  "coalesce (doc ->> '$.receivedAt', doc ->> '$.at'), doc ->> '$.data.for', doc ->> '$.data.by', " \
  "doc ->> '$.data.approval' FROM record INDEXED BY record_event "                                 \
  "WHERE type = 'RequestEvent' AND doc IS NOT NULL "
#define BY_ORDER "ORDER BY request, doc ->> '$.sequence'"

/* So many different promises are remembered: they come again and again. */
#define PROMISES_MAX 1000

/* ---- lines ---- */

static void
bind_promise (BstStmt *stmt, int index, GVariant *promise)
{
  g_autofree char *text = promise ? bst_json_print (promise) : NULL;

  bst_stmt_bind_text (stmt, index, text);
}

static void
bind_line (BstStmt *stmt, gint64 row, const BstCaseFacts *facts, gboolean plain)
{
  bst_stmt_bind_text (stmt, 1, facts->request);
  bst_stmt_bind_text (stmt, 2, facts->line);
  bst_stmt_bind_int (stmt, 3, row);
  bst_stmt_bind_text (stmt, 4, facts->unit);
  bst_stmt_bind_text (stmt, 5, facts->service);
  bst_stmt_bind_text (stmt, 6, facts->channel);
  bind_promise (stmt, 7, facts->promise);
  bind_promise (stmt, 8, facts->respond);
  bst_stmt_bind_int (stmt, 9, facts->fixed_due);
  bst_stmt_bind_int (stmt, 10, facts->stars);
  bst_stmt_bind_int (stmt, 11, plain);
}

gboolean
bst_storage_put_line (BstStorage *storage,
                      gint64 row,
                      GVariant *request,
                      const char *line,
                      GError **error)
{
  g_auto (BstCaseFacts) facts = { NULL };
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db,
      "INSERT INTO sla_line (id, line, request, unit, service, channel, promise, respond, "
      "fixed_due, stars, plain) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
      error);

  if (!stmt)
    return FALSE;
  if (!bst_case_facts (request, line, &facts))
    return TRUE;
  bind_line (stmt, row, &facts, !bst_doc_has (request, "history"));
  return bst_stmt_run (stmt, error);
}

gboolean
bst_storage_drop_lines (BstStorage *storage, gint64 row, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db, "DELETE FROM sla_line WHERE id = (SELECT id FROM record WHERE row = ?1)", error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_int (stmt, 1, row);
  return bst_stmt_run (stmt, error);
}

/* ---- a sweep ---- */

/* Where it is: one line, and the events of its order. */
typedef struct
{
  BstStorage *storage;
  gint64 now;
  BstStmt *lines;
  BstStmt *events;
  gboolean more;       /* an event is at hand */
  char *id;            /* (nullable): the order whose events were taken */
  GArray *taken;       /* BstSlaEvent */
  GStringChunk *texts; /* of those */
  GHashTable *zones;   /* unit -> GTimeZone, borrowed */
  gboolean plain;      /* nothing else needs to be known of them */
  GVariant *request;   /* (nullable): its document, when it was asked for */
  GPtrArray *documents;
} Recount;

static void
forget_documents (Recount *recount)
{
  g_clear_pointer (&recount->request, g_variant_unref);
  g_clear_pointer (&recount->documents, g_ptr_array_unref);
}

static void
recount_clear (Recount *recount)
{
  forget_documents (recount);
  g_clear_pointer (&recount->lines, bst_stmt_done);
  g_clear_pointer (&recount->events, bst_stmt_done);
  g_clear_pointer (&recount->taken, g_array_unref);
  g_clear_pointer (&recount->texts, g_string_chunk_free);
  g_clear_pointer (&recount->zones, g_hash_table_unref);
  g_clear_pointer (&recount->id, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Recount, recount_clear)

/* @request: (nullable): all */
static gboolean
recount_init (Recount *recount, BstStorage *storage, const char *request, GError **error)
{
  recount->storage = storage;
  recount->now = bst_clock_now (storage->clock);
  recount->taken = g_array_new (FALSE, FALSE, sizeof (BstSlaEvent));
  recount->texts = g_string_chunk_new (256);
  recount->zones = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  recount->lines = bst_db_prepare (
      storage->db, request ? LINE "WHERE id = ?1 ORDER BY id, line" : LINE "ORDER BY id, line",
      error);
  recount->events = bst_db_prepare (
      storage->db, request ? EVENT "AND request = ?1 " BY_ORDER : EVENT BY_ORDER, error);
  if (!recount->lines || !recount->events)
    return FALSE;
  if (request)
    {
      bst_stmt_bind_text (recount->lines, 1, request);
      bst_stmt_bind_text (recount->events, 1, request);
    }
  return bst_stmt_step (recount->events, &recount->more, error);
}

/* ---- events ---- */

static const char *
keep_text (Recount *recount, int column)
{
  const char *text = bst_stmt_text (recount->events, column);

  return text ? g_string_chunk_insert (recount->texts, text) : NULL;
}

static void
take_event (Recount *recount)
{
  BstStmt *stmt = recount->events;
  BstSlaEvent event = { .sequence = bst_stmt_int (stmt, 1) };

  if (!bst_action_from_name (bst_stmt_text (stmt, 2), &event.deed.action))
    return;
  if (event.sequence < 1 || !bst_instant_parse (bst_stmt_text (stmt, 4), &event.at) ||
      !bst_sla_event_is_plain (event.deed.action))
    recount->plain = FALSE;
  event.line = keep_text (recount, 3);
  event.deed.waits_for = keep_text (recount, 5);
  event.by_performer = g_strcmp0 (bst_stmt_text (stmt, 6), "performer") == 0;
  event.deed.approval = bst_stmt_int (stmt, 7) != 0;
  g_array_append_val (recount->taken, event);
}

/* Those of the order @id; orders come by id. */
static gboolean
take_events (Recount *recount, const char *id, GError **error)
{
  forget_documents (recount);
  g_free (recount->id);
  recount->id = g_strdup (id);
  g_array_set_size (recount->taken, 0);
  g_string_chunk_clear (recount->texts);
  recount->plain = TRUE;
  while (recount->more)
    {
      int order = strcmp (bst_stmt_text (recount->events, 0), id);

      if (order > 0)
        return TRUE;
      if (order == 0)
        take_event (recount);
      if (!bst_stmt_step (recount->events, &recount->more, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- a line ---- */

/* (transfer full) (nullable) */
static GVariant *
read_promise (Recount *recount, int column)
{
  const char *text = bst_stmt_text (recount->lines, column);
  BstStorage *storage = recount->storage;
  GVariant *promise;

  if (!text)
    return NULL;
  if (!storage->promises || g_hash_table_size (storage->promises) >= PROMISES_MAX)
    {
      g_clear_pointer (&storage->promises, g_hash_table_unref);
      storage->promises =
          g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
    }
  promise = g_hash_table_lookup (storage->promises, text);
  if (!promise)
    {
      promise = bst_json_parse_object (text, -1, NULL);
      if (!promise)
        return NULL;
      g_hash_table_insert (storage->promises, g_strdup (text), promise);
    }
  return g_variant_ref (promise);
}

/* Borrowed. */
static GTimeZone *
zone_of (Recount *recount, const char *unit)
{
  GTimeZone *zone = g_hash_table_lookup (recount->zones, unit);

  if (!zone)
    {
      zone = bst_storage_zone (recount->storage, unit);
      g_hash_table_insert (recount->zones, g_strdup (unit), zone);
    }
  return zone;
}

static gboolean
count_plain (Recount *recount, BstCase *ret_case)
{
  BstStmt *stmt = recount->lines;
  g_auto (BstCaseFacts) facts = {
    .request = recount->id,
    .line = bst_stmt_text (stmt, 1),
    .unit = bst_stmt_text (stmt, 3),
    .service = bst_stmt_text (stmt, 4),
    .channel = bst_stmt_text (stmt, 5),
    .promise = read_promise (recount, 6),
    .respond = read_promise (recount, 7),
    .fixed_due = bst_stmt_int (stmt, 8),
    .stars = (int) bst_stmt_int (stmt, 9),
  };
  g_autoptr (GArray) steps = bst_sla_steps_of (
      facts.line, (const BstSlaEvent *) (gpointer) recount->taken->data, recount->taken->len);

  return bst_case_count (&facts, steps, bst_storage_calendar, recount->storage,
                         zone_of (recount, facts.unit), recount->now, ret_case, NULL);
}

/* *@ret_is_case: whether there is one. Texts of @ret_case lie in the documents that @recount holds. */
static gboolean
count_documents (Recount *recount, gboolean *ret_is_case, BstCase *ret_case, GError **error)
{
  if (!recount->request)
    recount->request = bst_storage_get (recount->storage, "Request", recount->id, error);
  if (recount->request && !recount->documents)
    recount->documents = bst_storage_request_events (recount->storage, recount->request, error);
  if (!recount->documents)
    return FALSE;
  *ret_is_case =
      bst_storage_count_line (recount->storage, recount->request, bst_stmt_text (recount->lines, 1),
                              recount->documents, ret_case);
  return TRUE;
}

static gboolean
count_line (Recount *recount, BstStorageEachCount each, gpointer closure, GError **error)
{
  const char *id = bst_stmt_text (recount->lines, 0);
  gboolean is_case;
  BstCase one;

  if (g_strcmp0 (recount->id, id) != 0 && !take_events (recount, id, error))
    return FALSE;
  if (recount->plain && bst_stmt_int (recount->lines, 10))
    is_case = count_plain (recount, &one);
  else if (!count_documents (recount, &is_case, &one, error))
    return FALSE;
  return each (bst_stmt_int (recount->lines, 2), bst_stmt_text (recount->lines, 1),
               is_case ? &one : NULL, closure);
}

gboolean
bst_storage_recount (BstStorage *storage,
                     const char *request,
                     BstStorageEachCount each,
                     gpointer closure,
                     GError **error)
{
  g_auto (Recount) recount = { NULL };
  gboolean more = TRUE;

  bst_storage_look_at_others (storage);
  if (!recount_init (&recount, storage, request, error))
    return FALSE;
  for (;;)
    {
      if (!bst_stmt_step (recount.lines, &more, error))
        return FALSE;
      if (!more)
        return TRUE;
      if (!count_line (&recount, each, closure, error))
        return FALSE;
    }
}
