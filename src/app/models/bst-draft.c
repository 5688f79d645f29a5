/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-draft-private.h"

#include "bst-agreement-book.h"
#include "bst-error.h"
#include "bst-life.h"
#include "bst-records.h"
#include "bst-text.h"

#define SAVE_DELAY_MS 300
#define RETRY_SECONDS 5

G_DEFINE_FINAL_TYPE (BstDraft, bst_draft, G_TYPE_OBJECT)

enum
{
  CHANGED,
  SAVED,
  FAILED,
  MERGED,
  PARTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* One save under way: which count of edits it holds. */
typedef struct
{
  BstDraft *draft;
  guint edits;
} Saving;

/* ---- saving ---- */

static gboolean part (BstDraft *self, const GError *error);
static gboolean save_due_cb (gpointer user_data);
/* Said once; then tried again until there is room. */
static void
took_failure (BstDraft *self, const GError *error)
{
  gboolean said = self->failing;

  self->failing = g_error_matches (error, BST_ERROR, BST_ERROR_STORAGE);
  if (self->failing && !self->save_source && !self->abandoned)
    self->save_source = g_timeout_add_seconds (RETRY_SECONDS, save_due_cb, self);
  if (!said || !self->failing)
    g_signal_emit (self, signals[FAILED], 0, error);
}

/* With what it is written over, and what is to be decided. */
static GVariant *
whole (BstDraft *self)
{
  g_autoptr (GVariant) based =
      self->base ? bst_doc_set (self->doc, "@local/base", self->base) : g_variant_ref (self->doc);

  return g_variant_n_children (self->conflicts) > 0
             ? bst_doc_set (based, "@local/conflicts", self->conflicts)
             : g_steal_pointer (&based);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Saving *saving = user_data;
  g_autoptr (BstDraft) self = saving->draft;
  guint edits = saving->edits;
  g_autoptr (GError) error = NULL;

  g_free (saving);
  self->saving--;
  if (!bst_store_save_draft_finish (BST_STORE (source), result, &error))
    {
      if (!part (self, error))
        took_failure (self, error);
      return;
    }
  self->failing = FALSE;
  self->stored = TRUE;
  self->saved_edits = MAX (self->saved_edits, edits);
  if (self->saved_edits != self->edits)
    return;
  self->saved_at = bst_clock_now (bst_session_get_clock (self->session));
  g_signal_emit (self, signals[SAVED], 0);
}

static void
save (BstDraft *self)
{
  g_autoptr (GVariant) doc = NULL;
  Saving *saving;

  if (self->abandoned || self->saved_edits == self->edits ||
      (!self->stored && self->saving == 0 && bst_draft_is_empty (self)))
    return;
  saving = g_new (Saving, 1);
  saving->draft = g_object_ref (self);
  saving->edits = self->edits;
  self->saving++;
  doc = whole (self);
  bst_store_save_draft_async (bst_session_get_store (self->session), doc, NULL, saved_cb, saving);
}

static gboolean
save_due_cb (gpointer user_data)
{
  BstDraft *self = user_data;

  self->save_source = 0;
  save (self);
  return G_SOURCE_REMOVE;
}

void
bst_draft_fill_context (BstDraft *self, BstRequestContext *context, char **ret_today)
{
  *ret_today = bst_session_today (self->session);
  *context = (BstRequestContext){
    .lookup = bst_records_lookup,
    .closure = bst_records_for_store (bst_session_get_store (self->session)),
    .org = bst_session_get_org (self->session),
    .today = *ret_today,
    .roles = bst_session_get_roles (self->session, bst_doc_get_string (self->doc, "unit")),
    .agreements = bst_agreement_book_agreements (bst_agreement_book_for_session (self->session)),
  };
}

/* The day that a package is for moves its lines, until the order has been sent. */
static GVariant *
scheduled (BstDraft *self, GVariant *doc)
{
  BstRequestContext context;
  g_autofree char *today = NULL;

  if (self->amends)
    return g_variant_ref (doc);
  bst_draft_fill_context (self, &context, &today);
  return bst_request_schedule (doc, &context);
}

void
bst_draft_took_edit (BstDraft *self, GVariant *next, gboolean lines)
{
  bst_doc_replace (&self->doc, scheduled (self, next));
  g_variant_unref (next);
  self->edits++;
  self->saved_at = 0;
  g_clear_handle_id (&self->save_source, g_source_remove);
  if (!self->abandoned)
    self->save_source = g_timeout_add (SAVE_DELAY_MS, save_due_cb, self);
  g_signal_emit (self, signals[CHANGED], 0, lines);
}

/* ---- the object ---- */

static void
bst_draft_dispose (GObject *object)
{
  BstDraft *self = BST_DRAFT (object);

  g_clear_handle_id (&self->save_source, g_source_remove);
  g_clear_object (&self->session);
  g_clear_pointer (&self->doc, g_variant_unref);
  g_clear_pointer (&self->base, g_variant_unref);
  g_clear_pointer (&self->conflicts, g_variant_unref);
  G_OBJECT_CLASS (bst_draft_parent_class)->dispose (object);
}

static void
bst_draft_class_init (BstDraftClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bst_draft_dispose;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[SAVED] = g_signal_new ("saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[MERGED] = g_signal_new ("merged", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
  signals[PARTED] = g_signal_new ("parted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
bst_draft_init (BstDraft *self)
{
  self->conflicts = bst_doc_get_list (NULL, "conflicts");
}

/* ---- what others do ---- */

/* Under a number of its own: the order went without it. */
static gboolean
part (BstDraft *self, const GError *error)
{
  g_autofree char *uid = NULL;
  g_autoptr (GVariant) own = NULL;

  if (!g_error_matches (error, BST_ERROR, BST_ERROR_FORBIDDEN) || self->amends || self->abandoned ||
      !(self->base || self->shared))
    return FALSE;
  uid = bst_uid_new (bst_session_get_clock (self->session));
  own = bst_record_client_part (self->doc, bst_record_type_find ("Request"));
  bst_doc_replace (&self->doc, bst_doc_set_string (own, "uid", uid));
  g_clear_pointer (&self->base, g_variant_unref);
  self->shared = FALSE;
  bst_draft_keep (self);
  bst_draft_flush (self);
  g_signal_emit (self, signals[PARTED], 0, TRUE);
  return TRUE;
}

static gboolean
same (GVariant *a, GVariant *b)
{
  return a == b || (a && b && bst_doc_equal (a, b));
}

static void
take_state (BstDraft *self, GVariant *request)
{
  g_clear_pointer (&self->base, g_variant_unref);
  g_clear_pointer (&self->conflicts, g_variant_unref);
  self->base = bst_doc_lookup (request, "@local/base");
  self->conflicts = bst_doc_get_list (request, "@local/conflicts");
  self->shared = bst_doc_get_bool (request, "@local/shared");
  self->amends = bst_state_from_name (bst_doc_get_string (request, "state")) != BST_STATE_DRAFT;
}

/* What the store has, brought together with what colleagues wrote. */
static void
adopt (BstDraft *self, GVariant *request)
{
  g_autoptr (GVariant) base = bst_doc_lookup (request, "@local/base");
  g_autoptr (GVariant) conflicts = bst_doc_get_list (request, "@local/conflicts");
  gboolean news = !same (self->conflicts, conflicts) || (self->base && !same (self->base, base));

  if (!news && same (self->base, base))
    return;
  take_state (self, request);
  bst_doc_replace (&self->doc, bst_doc_set (request, "@local", NULL));
  if (news)
    g_signal_emit (self, signals[MERGED], 0);
}

/* Nothing was written here yet: it is as the server has it. FALSE: it is no draft any more. */
static gboolean
take_theirs (BstDraft *self, GVariant *request)
{
  gboolean draft = bst_state_from_name (bst_doc_get_string (request, "state")) == BST_STATE_DRAFT;

  if (!self->amends && !draft)
    return FALSE;
  if (same (self->base, request))
    return TRUE;
  g_clear_pointer (&self->base, g_variant_unref);
  self->base = g_variant_ref (request);
  bst_doc_replace (&self->doc, g_variant_ref (request));
  g_signal_emit (self, signals[MERGED], 0);
  return TRUE;
}

/*
 * Whether somebody else ended it. While what has come is written, a draft can be read as the server has it, or not at all; it
 * is read again after that.
 */
static gboolean
is_gone (BstDraft *self, GVariant *request)
{
  if (!request)
    return !self->stored;
  return !self->amends &&
         bst_state_from_name (bst_doc_get_string (request, "state")) != BST_STATE_DRAFT;
}

/* One reading under way: of which count of edits. */
typedef struct
{
  BstDraft *draft;
  guint edits;
} Reading;

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Reading *reading = user_data;
  g_autoptr (BstDraft) self = reading->draft;
  gboolean current = reading->edits == self->edits && self->saved_edits == self->edits;
  g_autoptr (GVariant) request = bst_store_get_finish (BST_STORE (source), result, NULL);

  g_free (reading);
  /* What was typed meanwhile is saved soon, and read again after that. */
  if (self->abandoned || !current)
    return;
  if (request && bst_doc_has (request, "@local/state"))
    {
      adopt (self, request);
      return;
    }
  if (request && !self->stored && take_theirs (self, request))
    return;
  if (!is_gone (self, request))
    return;
  bst_draft_abandon (self);
  g_signal_emit (self, signals[PARTED], 0, FALSE);
}

static void
store_changed_cb (BstStore *store, const char *type, BstDraft *self)
{
  Reading *reading;

  if (g_strcmp0 (type, "Request") != 0 || self->abandoned || self->saving > 0 ||
      !(self->base || self->shared) || self->saved_edits != self->edits)
    return;
  reading = g_new (Reading, 1);
  reading->draft = g_object_ref (self);
  reading->edits = self->edits;
  bst_store_get_async (store, "Request", bst_draft_get_uid (self), NULL, read_cb, reading);
}

/* ---- making ---- */

static GVariant *
with_text (GVariant *doc, const char *path, const char *text)
{
  g_autoptr (GVariant) old = doc;

  return bst_doc_set (old, path, text && *text ? g_variant_new_string (text) : NULL);
}

static GVariant *
with_unit (BstSession *session, GVariant *doc, const char *unit)
{
  BstOrg *org = bst_session_get_org (session);

  doc = with_text (doc, "unit", unit);
  if (!org || !unit)
    return doc;
  doc = with_text (doc, "ean", bst_org_inherited (org, unit, "gln"));
  return with_text (doc, "costPlace", bst_org_inherited (org, unit, "costPlace"));
}

static GVariant *
new_request (BstSession *session)
{
  g_autofree char *uid = bst_uid_new (bst_session_get_clock (session));
  g_auto (GStrv) units = bst_session_get_units (session);
  const char *unit = bst_session_get_unit (session);
  GVariant *person = bst_session_get_person (session);
  const char *own = person ? bst_doc_get_string (person, "unit") : NULL;
  GVariant *doc = bst_doc_new ();

  doc = with_text (doc, "uid", uid);
  doc = with_text (doc, "orderer", bst_session_get_person_id (session));
  if (!unit || !g_strv_contains ((const char *const *) units, unit))
    unit = own && g_strv_contains ((const char *const *) units, own) ? own : units[0];
  return with_unit (session, doc, unit);
}

BstDraft *
bst_draft_new (BstSession *session, GVariant *request)
{
  BstDraft *self = g_object_new (BST_TYPE_DRAFT, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (bst_session_get_store (session), "changed",
                           G_CALLBACK (store_changed_cb), self, 0);
  if (!request)
    {
      self->doc = new_request (session);
      return self;
    }
  self->doc = bst_doc_set (request, "@local", NULL);
  take_state (self, request);
  /* Nothing of mine in it yet: it is as the server has it. */
  self->stored = bst_doc_has (request, "@local/state") || !bst_doc_has (request, "rev");
  if (!self->stored)
    {
      self->base = g_variant_ref (self->doc);
      self->shared = !self->amends;
    }
  self->saved_at = bst_clock_now (bst_session_get_clock (session));
  return self;
}

/* ---- reading ---- */

GVariant *
bst_draft_get_doc (BstDraft *self)
{
  return self->doc;
}

const char *
bst_draft_get_uid (BstDraft *self)
{
  const char *uid = bst_doc_get_string (self->doc, "uid");

  return uid ? uid : bst_doc_get_string (self->doc, "id");
}

gboolean
bst_draft_is_empty (BstDraft *self)
{
  g_auto (GStrv) lines = bst_request_line_ids (self->doc);
  g_autoptr (GVariant) attachments = bst_doc_get_map (self->doc, "attachments");
  const char *need = bst_doc_get_string (self->doc, "need");
  const char *title = bst_doc_get_string (self->doc, "title");

  return !lines[0] && !(need && *need) && !(title && *title) &&
         g_variant_n_children (attachments) == 0;
}

GVariant *
bst_draft_get_conflicts (BstDraft *self)
{
  return self->conflicts;
}

gboolean
bst_draft_is_shared (BstDraft *self)
{
  return self->shared;
}

gboolean
bst_draft_amends (BstDraft *self)
{
  return self->amends;
}

gboolean
bst_draft_is_failing (BstDraft *self)
{
  return self->failing;
}

gint64
bst_draft_saved_at (BstDraft *self)
{
  return self->saved_at;
}

/* What was agreed on when it was sent is not looked at again. */
static GPtrArray *
amendment_problems (BstDraft *self)
{
  GPtrArray *problems = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_problem_free);
  const char *title = bst_doc_get_string (self->doc, "title");

  if (!title || !*title)
    g_ptr_array_add (problems, bst_problem_new ("title", "required", "missing"));
  return problems;
}

GPtrArray *
bst_draft_problems (BstDraft *self)
{
  BstRequestContext context;
  g_autofree char *today = NULL;

  bst_draft_fill_context (self, &context, &today);
  if (self->amends)
    return amendment_problems (self);
  return bst_request_problems (self->doc, &context);
}

GPtrArray *
bst_draft_stale (BstDraft *self)
{
  BstRequestContext context;
  g_autofree char *today = NULL;

  bst_draft_fill_context (self, &context, &today);
  if (self->amends)
    return g_ptr_array_new_with_free_func ((GDestroyNotify) bst_stale_free);
  return bst_request_stale (self->doc, &context);
}

gboolean
bst_draft_needs_approval (BstDraft *self)
{
  BstRequestContext context;
  g_autofree char *today = NULL;

  bst_draft_fill_context (self, &context, &today);
  return bst_request_needs_approval (self->doc, &context);
}

/* ---- changing ---- */

void
bst_draft_set (BstDraft *self, const char *path, GVariant *value)
{
  g_autoptr (GVariant) now = bst_doc_lookup (self->doc, path);
  g_autoptr (GVariant) next = value ? g_variant_ref_sink (value) : NULL;

  if ((!now && !next) || (now && next && bst_doc_equal (now, next)))
    return;
  bst_draft_took_edit (self, bst_doc_set (self->doc, path, next), FALSE);
}

void
bst_draft_set_text (BstDraft *self, const char *path, const char *text)
{
  bst_draft_set (self, path, text && *text ? g_variant_new_string (text) : NULL);
}

void
bst_draft_set_unit (BstDraft *self, const char *unit)
{
  if (g_strcmp0 (unit, bst_doc_get_string (self->doc, "unit")) != 0)
    bst_draft_took_edit (self, with_unit (self->session, g_variant_ref (self->doc), unit), FALSE);
}

void
bst_draft_schedule (BstDraft *self)
{
  g_autoptr (GVariant) doc = scheduled (self, self->doc);

  if (!bst_doc_equal (doc, self->doc))
    bst_draft_took_edit (self, g_steal_pointer (&doc), FALSE);
}

char *
bst_draft_purpose (BstDraft *self)
{
  BstRequestContext context;
  g_autofree char *today = NULL;

  bst_draft_fill_context (self, &context, &today);
  return bst_request_purpose (self->doc, &context);
}

void
bst_draft_refresh (BstDraft *self)
{
  BstRequestContext context;
  g_autofree char *today = NULL;

  bst_draft_fill_context (self, &context, &today);
  bst_draft_took_edit (self, bst_request_refresh (self->doc, &context), TRUE);
}

void
bst_draft_keep (BstDraft *self)
{
  self->stored = FALSE;
  bst_draft_took_edit (self, g_variant_ref (self->doc), FALSE);
}

void
bst_draft_flush (BstDraft *self)
{
  g_clear_handle_id (&self->save_source, g_source_remove);
  save (self);
  /* The store takes it in this order. */
  if (self->shared && !self->abandoned && self->pushed_edits != self->edits)
    bst_draft_share (self);
}

static void
shared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstDraft) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!bst_store_share_draft_finish (BST_STORE (source), result, &error))
    g_signal_emit (self, signals[FAILED], 0, error);
}

void
bst_draft_share (BstDraft *self)
{
  self->shared = TRUE;
  self->pushed_edits = self->edits;
  save (self);
  bst_store_share_draft_async (bst_session_get_store (self->session), bst_draft_get_uid (self),
                               NULL, shared_cb, g_object_ref (self));
}

/* ---- deciding ---- */

static GVariant *
without_conflict (GVariant *conflicts, const char *path)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));
  GVariantIter iter;
  GVariant *conflict;

  g_variant_iter_init (&iter, conflicts);
  while (g_variant_iter_next (&iter, "v", &conflict))
    {
      if (g_strcmp0 (bst_doc_get_string (conflict, "path"), path) != 0)
        g_variant_builder_add (&builder, "v", conflict);
      g_variant_unref (conflict);
    }
  return bst_doc_take (g_variant_builder_end (&builder));
}

void
bst_draft_decide (BstDraft *self, const char *path, GVariant *value)
{
  g_autoptr (GVariant) held = value ? g_variant_ref_sink (value) : NULL;
  GVariant *left = without_conflict (self->conflicts, path);

  g_variant_unref (self->conflicts);
  self->conflicts = left;
  bst_draft_took_edit (self, bst_doc_set (self->doc, path, held), FALSE);
  g_signal_emit (self, signals[MERGED], 0);
}

void
bst_draft_reopen (BstDraft *self, GVariant *conflict, GVariant *value)
{
  const char *path = bst_doc_get_string (conflict, "path");
  g_autoptr (GVariant) others = without_conflict (self->conflicts, path);
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));
  GVariantIter iter;
  GVariant *other;

  g_variant_builder_add (&builder, "v", conflict);
  g_variant_iter_init (&iter, others);
  while (g_variant_iter_next (&iter, "v", &other))
    {
      g_variant_builder_add (&builder, "v", other);
      g_variant_unref (other);
    }
  g_variant_unref (self->conflicts);
  self->conflicts = bst_doc_take (g_variant_builder_end (&builder));
  bst_draft_took_edit (self, bst_doc_set (self->doc, path, value), FALSE);
  g_signal_emit (self, signals[MERGED], 0);
}

void
bst_draft_abandon (BstDraft *self)
{
  self->abandoned = TRUE;
  g_clear_handle_id (&self->save_source, g_source_remove);
}

gboolean
bst_draft_is_abandoned (BstDraft *self)
{
  return self->abandoned;
}

/* ---- sending ---- */

static void
submitted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BstDraft *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!bst_store_submit_finish (BST_STORE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  bst_draft_abandon (self);
  g_task_return_boolean (task, TRUE);
}

static void
saved_before_submit_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BstDraft *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!bst_store_save_draft_finish (BST_STORE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  bst_store_submit_async (BST_STORE (source), bst_draft_get_uid (self), NULL, submitted_cb,
                          g_steal_pointer (&task));
}

void
bst_draft_submit_async (BstDraft *self, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  g_autoptr (GVariant) doc = whole (self);

  g_clear_handle_id (&self->save_source, g_source_remove);
  bst_store_save_draft_async (bst_session_get_store (self->session), doc, NULL,
                              saved_before_submit_cb, task);
}

gboolean
bst_draft_submit_finish (BstDraft *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
