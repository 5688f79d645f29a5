/* SPDX-License-Identifier: GPL-3.0-or-later */

/* RequestEvents: the only door to an order's life (docs/protocol.md, "Irreversible steps"). */

#include "bst-storage-event-private.h"

#include "bst-billing-private.h"
#include "bst-error.h"
#include "bst-json.h"
#include "bst-life.h"
#include "bst-request.h"
#include "bst-storage-measure.h"
#include "bst-storage-terms.h"

#include <string.h>

/* ---- every step ---- */

gboolean
bst_event_step_refuse (BstEventStep *step, GVariant *refusal)
{
  step->refused = refusal;
  return FALSE;
}

static gboolean
check_mandate (BstEventStep *step, BstAction action, GError **error)
{
  BstMoney total;
  const char *unit = bst_doc_get_string (step->request, "unit");

  if (action != BST_ACTION_APPROVE)
    return TRUE;
  if (!bst_money_from_doc (step->request, "total", &total))
    bst_money_init (&total, 0, NULL);
  if (bst_storage_may_approve (step->storage, step->scope->person, unit, &total, error))
    return TRUE;
  return bst_event_step_refuse (step,
                                bst_refusal_new ("forbidden", "over the limit of who approves"));
}

/* What the server says of the event. */
static GVariant *
stamp_event (BstEventStep *step, const char *person)
{
  g_autofree char *now = bst_clock_now_text (step->storage->clock);
  GVariantDict dict;

  g_variant_dict_init (&dict, step->event);
  g_variant_dict_insert (&dict, "receivedAt", "s", now);
  g_variant_dict_insert (&dict, "person", "s", person);
  g_variant_dict_insert (&dict, "unit", "s", bst_doc_get_string (step->request, "unit"));
  g_variant_dict_insert (&dict, "sequence", "x",
                         bst_doc_get_int (step->request, "eventSequence", 0) + 1);
  return bst_doc_take (g_variant_dict_end (&dict));
}

static GVariant *
life_refusal (GError *error)
{
  const char *colon = strchr (error->message, ':');

  if (g_error_matches (error, BST_ERROR, BST_ERROR_INVALID) && colon)
    {
      g_autofree char *property = g_strndup (error->message, (gsize) (colon - error->message));

      return bst_refusal_property ("invalidProperties", property, error->message);
    }
  if (g_error_matches (error, BST_ERROR, BST_ERROR_INVALID))
    return bst_refusal_property ("invalidProperties", "action", error->message);
  if (g_error_matches (error, BST_ERROR, BST_ERROR_NOT_FOUND))
    return bst_refusal_property ("invalidProperties", "line", error->message);
  return bst_refusal_new ("forbidden", error->message);
}

/* ---- what only the server says in data ---- */

static GVariant *
without_our_words (GVariant *event)
{
  static const char *const ours[] = { "data/approval", "data/terms", "data/from", "data/by" };
  GVariant *stripped = g_variant_ref (event);

  for (guint i = 0; i < G_N_ELEMENTS (ours); i++)
    if (bst_doc_has (stripped, ours[i]))
      bst_doc_replace (&stripped, bst_doc_set (stripped, ours[i], NULL));
  return stripped;
}

/* Who had each line until now, so that the clock of each unit can be told. */
static GVariant *
performers_of (GVariant *request)
{
  g_auto (GStrv) lines = bst_request_line_ids (request);
  GVariantBuilder from;

  g_variant_builder_init (&from, G_VARIANT_TYPE_VARDICT);
  for (guint i = 0; lines[i]; i++)
    {
      g_autoptr (GVariant) line = bst_request_line (request, lines[i]);
      const char *performer = bst_doc_get_string (line, "performer");

      if (performer)
        g_variant_builder_add (&from, "{sv}", lines[i], g_variant_new_string (performer));
    }
  return g_variant_builder_end (&from);
}

static gboolean
add_our_words (BstEventStep *step, BstAction action, GError **error)
{
  const char *priority = bst_doc_get_string (step->event, "data/priority");

  if (action == BST_ACTION_MESSAGE && (step->roles & BST_ROLE_PERFORMER) &&
      !(step->roles & (BST_ROLE_ORDERER | BST_ROLE_RECEIVER)))
    bst_doc_replace (&step->event, bst_doc_set_string (step->event, "data/by", "performer"));
  if (action == BST_ACTION_CHANGE_PERFORMER)
    bst_doc_replace (&step->event,
                     bst_doc_set (step->event, "data/from", performers_of (step->request)));
  if (action == BST_ACTION_CHANGE_PRIORITY && priority)
    bst_doc_replace (&step->event,
                     bst_doc_set_take (step->event, "data/terms",
                                       bst_storage_priority_terms (step->storage, step->request,
                                                                   priority, error)));
  return TRUE;
}

/* What an event is said of must be there: "contest" speaks of a pause, and nothing happened in the future. */
static gboolean
check_subject (BstEventStep *step, BstAction action, GError **error)
{
  g_autoptr (GPtrArray) events = NULL;
  gint64 sequence = bst_doc_get_int (step->event, "data/event", 0);
  const char *at = bst_doc_get_string (step->event, "data/at");
  gint64 instant = 0;

  if (action != BST_ACTION_CONTEST && action != BST_ACTION_CORRECT)
    return TRUE;
  if (at && bst_instant_parse (at, &instant) && instant > bst_clock_now (step->storage->clock))
    return bst_event_step_refuse (
        step, bst_refusal_property ("invalidProperties", "data/at", "it is in the future"));
  events = bst_storage_request_events (step->storage, step->request, error);
  for (guint i = 0; events && i < events->len; i++)
    {
      const char *name = bst_doc_get_string (events->pdata[i], "action");

      if (bst_doc_get_int (events->pdata[i], "sequence", 0) == sequence &&
          (at || g_strcmp0 (name, "wait") == 0))
        return TRUE;
    }
  return events &&
         bst_event_step_refuse (step, bst_refusal_property ("invalidProperties", "data/event",
                                                            "there is no such pause or event"));
}

static gboolean
apply (BstEventStep *step, const char *person, GError **error)
{
  g_autoptr (GError) life_error = NULL;
  BstAction action;
  GVariant *after;

  if (!bst_action_from_name (bst_doc_get_string (step->event, "action"), &action))
    return bst_event_step_refuse (
        step, bst_refusal_property ("invalidProperties", "action", "no such action"));
  bst_doc_replace (&step->event, without_our_words (step->event));
  if (!bst_life_is_allowed (step->request, bst_doc_get_string (step->event, "line"), action,
                            step->roles) &&
      action == BST_ACTION_SUBMIT)
    return bst_event_step_refuse (
        step, bst_refusal_new ("forbidden", "it cannot be submitted now, or not by this person"));
  if (action == BST_ACTION_SUBMIT && !bst_event_step_receive (step, error))
    return FALSE;
  if (!check_mandate (step, action, error) || !check_subject (step, action, error) ||
      !add_our_words (step, action, error))
    return FALSE;
  bst_doc_replace (&step->event, stamp_event (step, person));
  after = bst_life_apply (step->request, step->event, step->roles, &life_error);
  if (!after)
    return bst_event_step_refuse (step, life_refusal (life_error));
  bst_doc_replace (&step->request, after);
  return bst_event_step_set_due (step, error);
}

static GVariant *
store (BstEventStep *step, const char *id, const char *hash, GError **error)
{
  const BstRecordType *request_type = bst_record_type_find ("Request");
  const BstRecordType *event_type = bst_record_type_find ("RequestEvent");
  GVariant *request;
  g_autoptr (GVariant) event = NULL;

  step->storage->counts_later = TRUE;
  request =
      bst_storage_write (step->storage, request_type, bst_doc_get_string (step->request, "id"),
                         step->row, step->request, NULL, error);
  step->storage->counts_later = FALSE;
  if (!request)
    return NULL;
  bst_doc_replace (&step->request, request);
  if (g_strcmp0 (bst_doc_get_string (step->event, "action"),
                 bst_action_name (BST_ACTION_DELIVER)) == 0 &&
      !bst_billing_charge_delivered (step->storage, step->request, error))
    return NULL;
  event = bst_storage_write (step->storage, event_type, id, NULL, step->event, hash, error);
  if (!event || !bst_storage_count_request (step->storage, step->row->row, step->request, error))
    return NULL;
  return g_steal_pointer (&event);
}

static void
step_clear (BstEventStep *step)
{
  g_clear_pointer (&step->row, bst_storage_row_free);
  g_clear_pointer (&step->request, g_variant_unref);
  g_clear_pointer (&step->event, g_variant_unref);
  g_clear_pointer (&step->refused, g_variant_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BstEventStep, step_clear)

static gboolean
find_request (BstEventStep *step, GError **error)
{
  const char *id = bst_doc_get_string (step->event, "request");

  step->row = id ? bst_storage_row_load (step->storage, "Request", id, NULL) : NULL;
  if (!step->row || !step->row->doc || !bst_scope_sees (step->scope, "Request", step->row->unit))
    return bst_event_step_refuse (
        step, bst_refusal_property ("invalidProperties", "request", "no such order"));
  step->request = g_variant_ref (step->row->doc);
  step->roles = bst_storage_roles (step->storage, step->scope->person, step->row->unit, error);
  return TRUE;
}

GVariant *
bst_storage_create_event (BstStorage *storage,
                          const char *person,
                          GVariant *event,
                          GVariant **ret_request,
                          GVariant **ret_refused,
                          GError **error)
{
  g_auto (BstEventStep) step = { .storage = storage, .event = g_variant_ref (event) };
  const char *uid = bst_doc_get_string (event, "uid");
  g_autofree char *id = uid ? g_strdup (uid) : bst_uid_new (storage->clock);
  g_autofree char *hash = bst_json_hash (event);
  g_autoptr (GVariant) stored = NULL;
  const char *before = storage->actor;

  if (!uid)
    bst_doc_replace (&step.event, bst_doc_set_string (step.event, "uid", id));
  step.scope = bst_storage_scope (storage, person, error);
  if (!step.scope)
    return NULL;
  storage->actor = person;
  if (find_request (&step, error) && apply (&step, person, error))
    stored = store (&step, id, hash, error);
  storage->actor = before;
  if (stored && ret_request)
    *ret_request = g_steal_pointer (&step.request);
  *ret_refused = g_steal_pointer (&step.refused);
  return g_steal_pointer (&stored);
}

/* The SetError as an error of ours, for the command line. */
static void
set_refusal_error (GVariant *refused, GError **error)
{
  const char *type = bst_doc_get_string (refused, "type");
  const char *description = bst_doc_get_string (refused, "description");
  g_auto (GStrv) properties = bst_doc_get_strv (refused, "properties");
  BstErrorCode code = strcmp (type, "forbidden") == 0          ? BST_ERROR_FORBIDDEN
                      : strcmp (type, "catalogueChanged") == 0 ? BST_ERROR_CONFLICT
                                                               : BST_ERROR_INVALID;

  g_set_error (error, BST_ERROR, code, "%s%s%s", properties[0] ? properties[0] : "",
               properties[0] ? ": " : "", description ? description : type);
}

GVariant *
bst_storage_apply_event (BstStorage *storage, const char *person, GVariant *event, GError **error)
{
  g_autoptr (GPtrArray) problems =
      bst_record_type_validate (bst_record_type_find ("RequestEvent"), event, NULL, FALSE);
  g_autoptr (GVariant) refused = bst_refusal_problems (problems);
  g_autoptr (GVariant) request = NULL;
  g_autoptr (GVariant) stored = NULL;
  const char *uid = bst_doc_get_string (event, "uid");
  g_autoptr (BstStorageRow) known =
      uid ? bst_storage_row_load (storage, "RequestEvent", uid, NULL) : NULL;

  if (known && known->doc)
    return bst_storage_get (storage, "Request", bst_doc_get_string (known->doc, "request"), error);
  if (!refused)
    stored = bst_storage_create_event (storage, person, event, &request, &refused, error);
  if (stored)
    return g_steal_pointer (&request);
  if (refused)
    set_refusal_error (refused, error);
  return NULL;
}
