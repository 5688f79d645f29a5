/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * One document a case, printed straight as JSON: it is made by the data dictionary, and tens of thousands of them are made. Its id
 * is made from what the other system calls it, so that the same case comes to the same record whenever it is read.
 */

#include "bst-history-writer.h"

#include "bst-error.h"
#include "bst-json.h"
#include "bst-storage-bulk.h"

#include <string.h>

#define TITLE_MAX   200 /* characters */
#define NEED_MAX    10000
#define HISTORY_MAX 10000

typedef struct
{
  BstStorage *storage;
  BstHistoryMap *map;
  BstHistoryTable *table;
  BstHistoryNames *units;
  BstHistoryNames *services;
  BstStorageBulk *bulk;
  const BstRecordType *type; /* Request */
  GString *body;
  GPtrArray *found; /* unit and service of each case; NULL: none */
  GPtrArray
      *known; /* bodies of cases that are there already, after their units' changes are written */
  BstHistoryCounts counts;
} Writer;

/* Where a case stands, from its steps. */
typedef struct
{
  BstHistoryMove end;
  gint64 submitted;
  gint64 delivered; /* 0: it is not */
  guint disputes;
  const char *reason; /* (nullable) */
} Outcome;

/* ---- ids ---- */

typedef struct
{
  gint64 ms;
  guint8 digest[32];
} Origin;

static gint64
origin_ms (gpointer closure)
{
  return ((Origin *) closure)->ms;
}

static void
origin_octets (gpointer closure, guint8 *octets, gsize len)
{
  memcpy (octets, ((Origin *) closure)->digest, MIN (len, sizeof ((Origin *) closure)->digest));
}

static char *
make_uid (const char *source, const char *number, gint64 begun)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  Origin origin = { begun * 1000, { 0 } };
  const BstClock clock = { origin_ms, origin_octets, &origin };
  gsize len = sizeof origin.digest;

  g_checksum_update (checksum, (const guchar *) source, (gssize) strlen (source) + 1);
  g_checksum_update (checksum, (const guchar *) number, -1);
  g_checksum_get_digest (checksum, origin.digest, &len);
  return bst_uid_new (&clock);
}

/* ---- printing ---- */

static void
append_key (GString *out, const char *key)
{
  if (out->len > 0 && out->str[out->len - 1] != '{')
    g_string_append_c (out, ',');
  g_string_append_c (out, '"');
  g_string_append (out, key);
  g_string_append (out, "\":");
}

static void
append_text (GString *out, const char *key, const char *text)
{
  if (!text)
    return;
  append_key (out, key);
  bst_json_append_string (out, text);
}

static void
append_number (GString *out, const char *key, gint64 number)
{
  append_key (out, key);
  g_string_append_printf (out, "%" G_GINT64_FORMAT, number);
}

static void
append_instant (GString *out, const char *key, gint64 at)
{
  g_autofree char *text = at ? bst_instant_format (at) : NULL;

  append_text (out, key, text);
}

static void
append_state (GString *out, const BstHistoryMove *end)
{
  append_text (out, "state", bst_state_name (end->state));
  append_text (out, "waitingFor", end->waiting_for);
}

static void
append_line (GString *out,
             const BstHistoryCase *one,
             const char *head,
             const char *performer,
             const Outcome *outcome)
{
  append_key (out, "lines");
  g_string_append (out, "{\"l1\":{");
  g_string_append (out, head);
  if (performer)
    {
      const char *theirs = strstr (out->str + out->len - strlen (head), ",\"performer\":");

      if (theirs)
        g_string_truncate (out, (gsize) (theirs - out->str));
      append_text (out, "performer", performer);
    }
  append_state (out, &outcome->end);
  append_instant (out, "fixedDue", one->due);
  append_instant (out, "due", one->due);
  append_instant (out, "deliveredAt", outcome->delivered);
  if (outcome->disputes)
    append_number (out, "disputes", outcome->disputes);
  g_string_append (out, "}}");
}

static void
append_history (GString *out, const GArray *steps)
{
  append_key (out, "history");
  g_string_append_c (out, '[');
  for (guint i = 0; i < steps->len; i++)
    {
      const BstPastStep *step = &g_array_index (steps, BstPastStep, i);

      g_string_append (out, i ? ",{" : "{");
      append_instant (out, "at", step->at);
      append_text (out, "action", bst_action_name (step->action));
      append_text (out, "for", step->waiting_for);
      append_text (out, "text", step->text);
      g_string_append_c (out, '}');
    }
  g_string_append_c (out, ']');
}

/* @text, or as much of it as may be; @ret_cut: (out): what it lies in then. */
static const char *
cut (const char *text, glong most, char **ret_cut)
{
  if (!text || (glong) strlen (text) <= most || g_utf8_strlen (text, -1) <= most)
    return text;
  *ret_cut = g_utf8_substring (text, 0, most);
  return *ret_cut;
}

/* One of the dictionary's own words, or @otherwise. */
static const char *
one_of (const char *property, const char *text, const char *otherwise)
{
  const BstField *field = bst_record_type_field (bst_record_type_find ("Request"), property);

  return text && g_strv_contains (field->values, text) ? text : text ? otherwise : NULL;
}

static gint64
stars_of (const BstHistoryCase *one)
{
  gint64 stars =
      one->texts[BST_HISTORY_STARS] ? g_ascii_strtoll (one->texts[BST_HISTORY_STARS], NULL, 10) : 0;

  return stars >= 1 && stars <= 5 ? stars : 0;
}

/* ---- a case ---- */

static Outcome
judge (const GArray *steps, const BstHistoryMove *end)
{
  Outcome outcome = { .end = *end };

  for (guint i = 0; i < steps->len; i++)
    {
      const BstPastStep *step = &g_array_index (steps, BstPastStep, i);

      if (step->action == BST_ACTION_SUBMIT)
        outcome.submitted = step->at;
      else if (step->action == BST_ACTION_DELIVER)
        outcome.delivered = step->at;
      else if (step->action == BST_ACTION_DISPUTE)
        outcome.disputes++, outcome.delivered = 0;
      else if (step->action == BST_ACTION_REJECT)
        outcome.reason = step->text;
    }
  return outcome;
}

static const char *
find_performer (Writer *writer, const BstHistoryCase *one)
{
  const BstHistoryCounterpart *unit =
      bst_history_names_known (writer->units, one->texts[BST_HISTORY_PERFORMER]);
  const char *kind = unit ? bst_doc_get_string (unit->doc, "kind") : NULL;

  return unit && g_strcmp0 (kind, "performer") == 0 ? unit->id : NULL;
}

static void
print_case (Writer *writer,
            const BstHistoryCase *one,
            const char *uid,
            const char *title,
            const BstHistoryCounterpart *unit,
            const BstHistoryCounterpart *service,
            const GArray *steps,
            const Outcome *outcome)
{
  GString *out = g_string_truncate (writer->body, 0);
  g_autofree char *kept = NULL;
  gint64 stars = stars_of (one);
  gboolean goes_on =
      outcome->end.state != BST_STATE_DELIVERED && !bst_state_is_over (outcome->end.state);

  append_text (out, "uid", uid);
  append_text (out, "number", one->texts[BST_HISTORY_NUMBER]);
  append_text (out, "title", title);
  append_text (out, "need", cut (one->texts[BST_HISTORY_NEED], NEED_MAX, &kept));
  append_text (out, "unit", unit->id);
  append_text (out, "area", bst_doc_get_string (service->doc, "area"));
  append_text (out, "priority", one_of ("priority", one->texts[BST_HISTORY_PRIORITY], NULL));
  append_text (out, "channel", one_of ("channel", one->texts[BST_HISTORY_CHANNEL], "other"));
  append_line (out, one, service->head, find_performer (writer, one), outcome);
  append_state (out, &outcome->end);
  append_instant (out, "submittedAt", outcome->submitted);
  append_instant (out, "due", goes_on ? one->due : 0);
  append_text (out, "reason", outcome->reason);
  append_text (out, "source", writer->map->source);
  if (stars)
    g_string_append_printf (out, ",\"rating\":{\"stars\":%" G_GINT64_FORMAT "}", stars);
  append_history (out, steps);
}

/* A case that is there already is compared and, if need be, changed when the new ones are written. */
static gboolean
write_case (Writer *writer,
            const BstHistoryCase *one,
            const BstHistoryCounterpart *unit,
            const BstHistoryCounterpart *service,
            const GArray *steps,
            const Outcome *outcome,
            GError **error)
{
  g_autofree char *uid =
      make_uid (writer->map->source, one->texts[BST_HISTORY_NUMBER], outcome->submitted);
  g_autofree char *cut_title = NULL;
  const char *title = cut (one->texts[BST_HISTORY_TITLE], TITLE_MAX, &cut_title);
  gboolean has;

  if (!title)
    title = one->texts[BST_HISTORY_NUMBER];
  print_case (writer, one, uid, title, unit, service, steps, outcome);
  if (!bst_storage_bulk_has (writer->bulk, writer->type, uid, &has, error))
    return FALSE;
  if (has)
    {
      g_ptr_array_add (writer->known,
                       g_strconcat ("{\"id\":\"", uid, "\",", writer->body->str, "}", NULL));
      return TRUE;
    }
  writer->counts.added++;
  {
    const BstBulkText texts[] = { { "title", title },
                                  { "number", one->texts[BST_HISTORY_NUMBER] },
                                  { "need", one->texts[BST_HISTORY_NEED] },
                                  { NULL, NULL } };

    return bst_storage_bulk_add (writer->bulk, writer->type, uid, unit->id, writer->body, texts,
                                 error);
  }
}

/* %FALSE: a problem, or the database failed: then @error is set. */
static const BstHistoryCounterpart *
find_counterpart (Writer *writer,
                  BstHistoryNames *names,
                  const BstHistoryCase *one,
                  BstHistoryValueKind kind,
                  GError **error)
{
  g_autoptr (GError) local = NULL;
  const BstHistoryCounterpart *found = bst_history_names_find (names, one->texts[kind], &local);

  if (found)
    return found;
  if (g_error_matches (local, BST_ERROR, BST_ERROR_NOT_FOUND))
    bst_history_table_reject (writer->table, one->line, "%s: %s",
                              bst_history_map_label (writer->map, kind), local->message);
  else
    g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

/* Before anything is written, for units and services may be made: each of them anew lets the tree be read anew. */
static gboolean
find_counterparts (Writer *writer, GError **error)
{
  g_autoptr (GError) local = NULL;

  for (guint i = 0; i < bst_history_table_n_cases (writer->table) && !local; i++)
    {
      const BstHistoryCase *one = bst_history_table_case (writer->table, i);
      gboolean wanted = !one->bad || writer->map->events;
      const BstHistoryCounterpart *unit =
          wanted ? find_counterpart (writer, writer->units, one, BST_HISTORY_UNIT, &local) : NULL;
      const BstHistoryCounterpart *service =
          wanted && !local
              ? find_counterpart (writer, writer->services, one, BST_HISTORY_SERVICE, &local)
              : NULL;

      g_ptr_array_add (writer->found, (gpointer) unit);
      g_ptr_array_add (writer->found, (gpointer) service);
    }
  if (!local)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
take_case (Writer *writer, guint index, GError **error)
{
  const BstHistoryCase *one = bst_history_table_case (writer->table, index);
  const BstHistoryCounterpart *unit = writer->found->pdata[2 * index];
  const BstHistoryCounterpart *service = writer->found->pdata[2 * index + 1];
  guint n_events;
  const BstHistoryEvent *events = bst_history_table_events (writer->table, index, &n_events);
  g_autoptr (GArray) steps = NULL;
  BstHistoryMove end;
  Outcome outcome;

  writer->counts.left_out++;
  if (!unit || !service)
    return TRUE;
  steps = bst_history_steps (events, n_events, &end);
  if (steps->len == 0 || steps->len > HISTORY_MAX)
    {
      if (!one->bad)
        bst_history_table_reject (writer->table, one->line, "case %s has %s",
                                  one->texts[BST_HISTORY_NUMBER],
                                  steps->len ? "more than 10000 steps" : "no event");
      return TRUE;
    }
  writer->counts.left_out--;
  outcome = judge (steps, &end);
  return write_case (writer, one, unit, service, steps, &outcome, error);
}

/* ---- cases that were there ---- */

static gboolean
write_known (Writer *writer, const char *text, GError **error)
{
  g_autoptr (GVariant) doc = bst_json_parse_object (text, -1, error);
  g_autoptr (GVariant) before =
      doc ? bst_storage_get (writer->storage, "Request", bst_doc_get_string (doc, "id"), error)
          : NULL;
  BstPutResult result;

  if (!before)
    return FALSE;
  if (bst_doc_get_int (before, "eventSequence", 0) > 0)
    {
      writer->counts.kept++;
      return TRUE;
    }
  if (!bst_storage_put (writer->storage, writer->type, doc, &result, error))
    return FALSE;
  writer->counts.same += result == BST_PUT_SAME;
  writer->counts.changed += result != BST_PUT_SAME;
  return TRUE;
}

gboolean
bst_history_write_all (BstStorage *storage,
                       BstHistoryMap *map,
                       BstHistoryTable *table,
                       BstHistoryNames *units,
                       BstHistoryNames *services,
                       BstHistoryCounts *ret_counts,
                       GError **error)
{
  g_autoptr (BstStorageBulk) bulk = bst_storage_bulk_new (storage);
  g_autoptr (GString) body = g_string_sized_new (4096);
  g_autoptr (GPtrArray) known = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  Writer writer = { .storage = storage,
                    .map = map,
                    .table = table,
                    .units = units,
                    .services = services,
                    .bulk = bulk,
                    .body = body,
                    .found = found,
                    .known = known };

  writer.type = bst_record_type_find ("Request");

  if (!find_counterparts (&writer, error))
    return FALSE;
  for (guint i = 0; i < bst_history_table_n_cases (table); i++)
    if (!take_case (&writer, i, error))
      return FALSE;
  if (!bst_storage_bulk_finish (bulk, "imported", writer.type, error))
    return FALSE;
  for (guint i = 0; i < known->len; i++)
    if (!write_known (&writer, known->pdata[i], error))
      return FALSE;
  *ret_counts = writer.counts;
  return TRUE;
}
