/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Folding events into a request, by the table in bst-life.c. */

#include "bst-life.h"

#include "bst-clock.h"
#include "bst-doc.h"
#include "bst-error.h"
#include "bst-record-type.h"

#include <string.h>

/* Whom a request waits for when its lines wait for several: the first of these. */
static const char *const waiting_order[] = { "orderer", "supplier", "performer" };

static gboolean
is_blank (const char *text)
{
  g_autofree char *copy = g_strdup (text ? text : "");

  return *g_strstrip (copy) == '\0';
}

static gboolean
is_waiting_for (const char *whom)
{
  for (gsize i = 0; whom && i < G_N_ELEMENTS (waiting_order); i++)
    if (strcmp (waiting_order[i], whom) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_priority (const char *name)
{
  const BstField *field = bst_record_type_field (bst_record_type_find ("Request"), "priority");

  return name && g_strv_contains (field->values, name);
}

/* Says whether it is void, or when it was; one of them at least. */
static gboolean
is_correction (GVariant *event)
{
  g_autoptr (GVariant) is_void = bst_doc_lookup (event, "data/void");
  const char *at = bst_doc_get_string (event, "data/at");
  gint64 instant;

  if (is_void && !g_variant_is_of_type (is_void, G_VARIANT_TYPE_BOOLEAN))
    return FALSE;
  return at ? bst_instant_parse (at, &instant) : is_void != NULL;
}

static gboolean
check_needs (GVariant *event, BstNeed needs, GError **error)
{
  gint64 stars = bst_doc_get_int (event, "data/stars", 0);
  const char *missing = NULL;

  if ((needs & BST_NEED_TEXT) && is_blank (bst_doc_get_string (event, "text")))
    missing = "text: a reason or message is needed";
  else if ((needs & BST_NEED_WAITING_FOR) &&
           !is_waiting_for (bst_doc_get_string (event, "data/for")))
    missing = "data/for: must be orderer, performer or supplier";
  else if ((needs & BST_NEED_STARS) && (stars < 1 || stars > 5))
    missing = "data/stars: must be 1 to 5";
  else if ((needs & BST_NEED_PERFORMER) && is_blank (bst_doc_get_string (event, "data/performer")))
    missing = "data/performer: must name a unit";
  else if ((needs & BST_NEED_PRIORITY) &&
           !is_priority (bst_doc_get_string (event, "data/priority")))
    missing = "data/priority: must be low, normal, high or urgent";
  else if ((needs & BST_NEED_EVENT) && bst_doc_get_int (event, "data/event", 0) < 1)
    missing = "data/event: must name an event by its sequence";
  else if ((needs & BST_NEED_CORRECTION) && !is_correction (event))
    missing = "data: must say void, true or false, or at, an instant";
  if (missing)
    g_set_error_literal (error, BST_ERROR, BST_ERROR_INVALID, missing);
  return missing == NULL;
}

static const char *
event_time (GVariant *event)
{
  const char *received = bst_doc_get_string (event, "receivedAt");

  return received ? received : bst_doc_get_string (event, "at");
}

/* One line after @row; also a request without lines, which is its own line. */
static GVariant *
move_line (GVariant *line, GVariant *event, const BstLifeRow *row)
{
  g_autoptr (GVariant) moved = g_variant_ref (line);

  if (row->to != BST_N_STATES)
    {
      bst_doc_replace (&moved, bst_doc_set_string (moved, "state", bst_state_name (row->to)));
      bst_doc_replace (&moved, bst_doc_set_string (moved, "waitingFor",
                                                   row->to == BST_STATE_WAITING
                                                       ? bst_doc_get_string (event, "data/for")
                                                       : NULL));
    }
  if (row->action == BST_ACTION_DELIVER)
    bst_doc_replace (&moved, bst_doc_set_string (moved, "deliveredAt", event_time (event)));
  if (row->action == BST_ACTION_CHANGE_PERFORMER)
    bst_doc_replace (&moved, bst_doc_set_string (moved, "performer",
                                                 bst_doc_get_string (event, "data/performer")));
  if (row->action == BST_ACTION_DISPUTE)
    {
      bst_doc_replace (&moved, bst_doc_set (moved, "deliveredAt", NULL));
      bst_doc_replace (
          &moved, bst_doc_set_int (moved, "disputes", bst_doc_get_int (moved, "disputes", 0) + 1));
    }
  return g_steal_pointer (&moved);
}

/* A request without lines is its own line. */
static GVariant *
move_whole (GVariant *request, GVariant *event, BstRole roles, guint *ret_moved)
{
  const BstLifeRow *row = bst_life_row (request, event, roles);

  *ret_moved = row != NULL;
  return row ? move_line (request, event, row) : g_variant_ref (request);
}

/* Moves all lines that the event concerns; *ret_moved says how many. The lines are built anew once, however many move. */
static GVariant *
move_lines (GVariant *request, GVariant *event, BstRole roles, guint *ret_moved)
{
  g_autoptr (GVariant) lines = bst_doc_get_map (request, "lines");
  const char *only = bst_doc_get_string (event, "line");
  GVariantBuilder builder;
  GVariantIter iter;
  const char *id;
  GVariant *line;

  if (g_variant_n_children (lines) == 0 && !only)
    return move_whole (request, event, roles, ret_moved);
  *ret_moved = 0;
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_iter_init (&iter, lines);
  while (g_variant_iter_next (&iter, "{&sv}", &id, &line))
    {
      g_autoptr (GVariant) held = line;
      const BstLifeRow *row =
          only && strcmp (only, id) != 0 ? NULL : bst_life_row (held, event, roles);
      g_autoptr (GVariant) moved = row ? move_line (held, event, row) : g_variant_ref (held);

      g_variant_builder_add (&builder, "{sv}", id, moved);
      *ret_moved += row != NULL;
    }
  return bst_doc_set (request, "lines", g_variant_builder_end (&builder));
}

static GVariant *
add_approval (GVariant *request, GVariant *event, const char *verdict)
{
  const char *uid = bst_doc_get_string (event, "uid");
  const char *key = uid ? uid : bst_doc_get_string (event, "id");
  const char *person = bst_doc_get_string (event, "person");
  g_autofree char *escaped = key ? bst_path_escape (key) : NULL;
  g_autofree char *path = g_strconcat ("approvals/", escaped, NULL);
  g_autoptr (GVariant) approval = bst_doc_new ();

  /* The server knows who it was; until it has said so there is nothing to write down. */
  if (!key || !person)
    return g_variant_ref (request);
  bst_doc_replace (&approval, bst_doc_set_string (approval, "person", person));
  bst_doc_replace (&approval, bst_doc_set_string (approval, "verdict", verdict));
  bst_doc_replace (&approval, bst_doc_set_string (approval, "at", event_time (event)));
  if (!is_blank (bst_doc_get_string (event, "text")))
    bst_doc_replace (&approval,
                     bst_doc_set_string (approval, "text", bst_doc_get_string (event, "text")));
  return bst_doc_set (request, path, approval);
}

static GVariant *
add_rating (GVariant *request, GVariant *event)
{
  g_autoptr (GVariant) rating =
      bst_doc_set_int (NULL, "stars", bst_doc_get_int (event, "data/stars", 0));

  if (!is_blank (bst_doc_get_string (event, "text")))
    bst_doc_replace (&rating,
                     bst_doc_set_string (rating, "text", bst_doc_get_string (event, "text")));
  return bst_doc_set (request, "rating", rating);
}

/* What an action leaves on the request itself. */
static GVariant *
mark_request (GVariant *request, GVariant *event, BstAction action)
{
  const char *text = bst_doc_get_string (event, "text");
  gboolean ends =
      action == BST_ACTION_DECLINE || action == BST_ACTION_REJECT || action == BST_ACTION_CANCEL;
  g_autoptr (GVariant) marked = g_variant_ref (request);

  if (ends && !is_blank (text))
    bst_doc_replace (&marked, bst_doc_set_string (marked, "reason", text));
  if (action == BST_ACTION_APPROVE || action == BST_ACTION_DECLINE)
    bst_doc_replace (
        &marked,
        add_approval (marked, event, action == BST_ACTION_APPROVE ? "approved" : "rejected"));
  if (action == BST_ACTION_RATE)
    bst_doc_replace (&marked, add_rating (marked, event));
  if (action == BST_ACTION_CHANGE_PRIORITY)
    bst_doc_replace (&marked, bst_doc_set_string (marked, "priority",
                                                  bst_doc_get_string (event, "data/priority")));
  if (action == BST_ACTION_SUBMIT && !bst_doc_has (marked, "submittedAt"))
    bst_doc_replace (&marked, bst_doc_set_string (marked, "submittedAt", event_time (event)));
  return g_steal_pointer (&marked);
}

/* How many lines are in each state; *ret_waiting_for: whom they wait for, the most urgent, or %NULL. Static. */
static void
count_states (GVariant *lines, guint counts[BST_N_STATES], const char **ret_waiting_for)
{
  gsize urgent = G_N_ELEMENTS (waiting_order);
  GVariantIter iter;
  GVariant *line;

  g_variant_iter_init (&iter, lines);
  while (g_variant_iter_loop (&iter, "{&sv}", NULL, &line))
    {
      BstState state = bst_state_from_name (bst_doc_get_string (line, "state"));

      counts[state]++;
      for (gsize i = 0; state == BST_STATE_WAITING && i < urgent; i++)
        if (g_strcmp0 (bst_doc_get_string (line, "waitingFor"), waiting_order[i]) == 0)
          urgent = i;
    }
  *ret_waiting_for = urgent < G_N_ELEMENTS (waiting_order) ? waiting_order[urgent] : NULL;
}

static BstState
state_of_counts (const guint counts[BST_N_STATES], gboolean orderer_waited)
{
  guint done = counts[BST_STATE_DELIVERED] + counts[BST_STATE_CLOSED];
  guint not_begun = counts[BST_STATE_SUBMITTED] + counts[BST_STATE_ACCEPTED];

  if (counts[BST_STATE_DRAFT])
    return BST_STATE_DRAFT;
  if (counts[BST_STATE_AWAITING_APPROVAL])
    return BST_STATE_AWAITING_APPROVAL;
  if (counts[BST_STATE_WAITING] && orderer_waited)
    return BST_STATE_WAITING;
  if (counts[BST_STATE_IN_PROGRESS])
    return BST_STATE_IN_PROGRESS;
  if (counts[BST_STATE_WAITING])
    return BST_STATE_WAITING;
  if (done && not_begun)
    return BST_STATE_IN_PROGRESS;
  if (counts[BST_STATE_SUBMITTED])
    return BST_STATE_SUBMITTED;
  if (counts[BST_STATE_ACCEPTED])
    return BST_STATE_ACCEPTED;
  if (counts[BST_STATE_DELIVERED])
    return BST_STATE_DELIVERED;
  if (counts[BST_STATE_CLOSED])
    return BST_STATE_CLOSED;
  return counts[BST_STATE_REJECTED] ? BST_STATE_REJECTED : BST_STATE_CANCELLED;
}

BstState
bst_life_derive_state (GVariant *request, const char **ret_waiting_for)
{
  g_autoptr (GVariant) lines = bst_doc_get_map (request, "lines");
  guint counts[BST_N_STATES] = { 0 };
  const char *waiting_for;
  BstState state;

  if (g_variant_n_children (lines) == 0)
    {
      *ret_waiting_for = bst_doc_get_string (request, "waitingFor");
      return bst_state_from_name (bst_doc_get_string (request, "state"));
    }
  count_states (lines, counts, &waiting_for);
  state = state_of_counts (counts, g_strcmp0 (waiting_for, "orderer") == 0);
  *ret_waiting_for = state == BST_STATE_WAITING ? waiting_for : NULL;
  return state;
}

static GVariant *
with_derived_state (GVariant *request)
{
  const char *waiting_for;
  BstState state = bst_life_derive_state (request, &waiting_for);
  g_autoptr (GVariant) derived = bst_doc_set_string (request, "state", bst_state_name (state));

  return bst_doc_set_string (derived, "waitingFor", waiting_for);
}

static gboolean
check_line (GVariant *request, GVariant *event, GError **error)
{
  const char *line = bst_doc_get_string (event, "line");
  g_autoptr (GVariant) lines = bst_doc_get_map (request, "lines");
  g_autoptr (GVariant) found = line ? g_variant_lookup_value (lines, line, NULL) : NULL;

  if (line && !found)
    g_set_error (error, BST_ERROR, BST_ERROR_NOT_FOUND, "line: there is no line %s", line);
  return !line || found;
}

GVariant *
bst_life_apply (GVariant *request, GVariant *event, BstRole roles, GError **error)
{
  const char *name = bst_doc_get_string (event, "action");
  gint64 sequence = bst_doc_get_int (event, "sequence", 0);
  g_autoptr (GVariant) result = NULL;
  guint moved = 0;
  BstAction action;

  if (sequence > 0 && sequence <= bst_doc_get_int (request, "eventSequence", 0))
    return g_variant_ref (request);
  if (!bst_action_from_name (name, &action))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "action: there is no action %.40s",
                   name ? name : "without a name");
      return NULL;
    }
  if (!check_needs (event, bst_life_needs (action), error) || !check_line (request, event, error))
    return NULL;
  if (action == BST_ACTION_CHANGE_PRIORITY && bst_doc_has (event, "line"))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "line: a priority is of the whole order");
      return NULL;
    }
  result = move_lines (request, event, roles, &moved);
  if (moved == 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_FORBIDDEN,
                   "“%s” is not allowed in state “%s”, or not for this person", name,
                   bst_state_name (bst_state_from_name (bst_doc_get_string (request, "state"))));
      return NULL;
    }
  bst_doc_replace (&result, mark_request (result, event, action));
  bst_doc_replace (&result, with_derived_state (result));
  if (sequence > 0)
    bst_doc_replace (&result, bst_doc_set_int (result, "eventSequence", sequence));
  return g_steal_pointer (&result);
}

static int
compare_sequence (gconstpointer a, gconstpointer b, gpointer order)
{
  GVariant *one = *(GVariant *const *) a;
  GVariant *two = *(GVariant *const *) b;
  gint64 first = bst_doc_get_int (one, "sequence", G_MAXINT64);
  gint64 second = bst_doc_get_int (two, "sequence", G_MAXINT64);

  return first < second ? -1 : first > second;
}

GVariant *
bst_life_fold (GVariant *request, GPtrArray *events)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_copy (events, NULL, NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GVariant) folded = g_variant_ref (request);

  g_ptr_array_set_free_func (sorted, NULL);
  g_ptr_array_sort_with_data (sorted, compare_sequence, NULL); /* stable */
  for (guint i = 0; i < sorted->len; i++)
    {
      const char *uid = bst_doc_get_string (sorted->pdata[i], "uid");
      GVariant *next;

      if (uid && !g_hash_table_add (seen, (gpointer) uid))
        continue;
      next = bst_life_apply (folded, sorted->pdata[i], BST_ROLE_ALL, NULL);
      if (next)
        bst_doc_replace (&folded, next);
    }
  return g_steal_pointer (&folded);
}
