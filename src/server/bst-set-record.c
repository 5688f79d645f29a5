/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Creating, updating and destroying one record for a person (docs/protocol.md: "Creating once", "Revisions"). */

#include "bst-method-set.h"

#include "bst-error.h"
#include "bst-json.h"
#include "bst-life.h"
#include "bst-proposal.h"
#include "bst-request.h"

#include <string.h>

static gboolean
refuse (GVariant **ret_refused, GVariant *refusal)
{
  *ret_refused = refusal;
  return FALSE;
}

/* The properties that the server set, and the revision. */
static GVariant *
server_part (const BstRecordType *type, GVariant *doc)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  for (const BstField *field = type->fields; field->name; field++)
    {
      g_autoptr (GVariant) value = g_variant_lookup_value (doc, field->name, NULL);

      if (value && ((field->flags & BST_FIELD_SERVER) || strcmp (field->name, "uid") == 0))
        g_variant_dict_insert_value (&dict, field->name, value);
    }
  return bst_doc_take (g_variant_dict_end (&dict));
}

/* ---- rights ---- */

static BstRole
needed_roles (const BstRecordType *type)
{
  static const struct
  {
    const char *type;
    BstRole roles;
  } rows[] = {
    { "Request", BST_ROLE_ORDERER | BST_ROLE_ADMINISTRATOR },
    { "Proposal", BST_ROLE_STRATEGIC | BST_ROLE_ADMINISTRATOR },
    { "Charge", BST_ROLE_ORDERER | BST_ROLE_STRATEGIC | BST_ROLE_ADMINISTRATOR },
    { "Mandate", BST_ROLE_ORDERER | BST_ROLE_APPROVER | BST_ROLE_ADMINISTRATOR },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (strcmp (rows[i].type, type->name) == 0)
      return rows[i].roles;
  return BST_ROLE_NONE;
}

gboolean
bst_set_may_write (BstMethod *method, GVariant *doc, GVariant **ret_refused, GError **error)
{
  const BstRecordType *type = method->type;
  const char *unit = bst_doc_get_string (doc, type->unit_field);
  BstOrg *org = bst_storage_org (method->storage, error);
  const char *account = org && unit ? bst_org_department (org, unit) : NULL;
  BstRole roles;

  if (!org)
    return FALSE;
  if (!account || strcmp (account, method->account) != 0 ||
      !bst_scope_sees (method->scope, type->name, unit))
    return refuse (ret_refused, bst_refusal_property ("invalidProperties", type->unit_field,
                                                      "no such unit in this account"));
  roles = bst_storage_roles (method->storage, method->scope->person, unit, error);
  if (!(roles & needed_roles (type)))
    return refuse (ret_refused,
                   bst_refusal_new ("forbidden", "her roles on the unit do not allow it"));
  if (strcmp (type->name, "Mandate") == 0 && !(roles & BST_ROLE_ADMINISTRATOR) &&
      g_strcmp0 (bst_doc_get_string (doc, "principal"), method->person) != 0)
    return refuse (ret_refused, bst_refusal_property ("forbidden", "principal",
                                                      "only what is her own can be lent"));
  return TRUE;
}

/* Attachments name blobs that are there. */
static gboolean
check_blobs (BstMethod *method, GVariant *doc, GVariant **ret_refused, GError **error)
{
  g_autoptr (GVariant) attachments = bst_doc_get_map (doc, "attachments");
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      method->storage->db, "SELECT 1 FROM blob WHERE account = ?1 AND id = ?2", error);

  for (gsize i = 0; stmt && i < g_variant_n_children (attachments); i++)
    {
      const char *key;
      g_autoptr (GVariant) attachment = NULL;
      g_autofree char *path = NULL;
      const char *blob;
      gboolean row;

      g_variant_get_child (attachments, i, "{&sv}", &key, &attachment);
      blob = bst_doc_get_string (attachment, "blobId");
      if (!blob)
        continue;
      bst_stmt_reset (stmt);
      bst_stmt_bind_text (stmt, 1, method->account);
      bst_stmt_bind_text (stmt, 2, blob);
      if (!bst_stmt_step (stmt, &row, error))
        return FALSE;
      path = g_strdup_printf ("attachments/%s/blobId", key);
      if (!row)
        return refuse (ret_refused,
                       bst_refusal_property ("invalidProperties", path, "blobNotFound"));
    }
  return stmt != NULL;
}

/* ---- creating ---- */

static gboolean
check_new (BstMethod *method, GVariant *doc, GVariant **ret_refused)
{
  const BstRecordType *type = method->type;
  const char *uid = bst_doc_get_string (doc, "uid");
  g_autoptr (GPtrArray) problems = NULL;

  if (!(type->flags & BST_RECORD_CREATE))
    return refuse (ret_refused, bst_refusal_new ("forbidden", "only the server makes these"));
  problems = bst_record_type_validate (type, doc, NULL, FALSE);
  *ret_refused = bst_refusal_problems (problems);
  if (*ret_refused)
    return FALSE;
  if (bst_json_depth (doc) > BST_MAX_DOC_DEPTH)
    return refuse (ret_refused, bst_refusal_new ("tooLarge", "nested too deeply"));
  if (bst_doc_has (doc, "uid") && (!uid || !bst_uid_is_valid (uid)))
    return refuse (ret_refused,
                   bst_refusal_property ("invalidProperties", "uid", "a UUIDv7 expected"));
  return TRUE;
}

/* The uid is there already: the first answer again, or a clear no. */
static gboolean
answer_again (BstMethod *method,
              BstStorageRow *known,
              const char *uid,
              const char *hash,
              GVariant **ret_server,
              GVariant **ret_refused)
{
  g_autoptr (GVariant) refusal = NULL;

  if (known->doc && g_strcmp0 (known->hash, hash) == 0 &&
      strcmp (known->account, method->account) == 0 &&
      bst_scope_sees (method->scope, method->type->name, known->unit))
    {
      *ret_server = server_part (method->type, known->doc);
      return TRUE;
    }
  refusal = bst_refusal_new ("alreadyExists", "the uid was used for other content");
  return refuse (ret_refused, bst_doc_set_string (refusal, "existingId", uid));
}

static GVariant *
with_defaults (BstMethod *method, GVariant *doc, const char *uid)
{
  GVariant *made = bst_doc_set_string (doc, "uid", uid);

  if (strcmp (method->type->name, "Request") == 0)
    {
      bst_doc_replace (&made, bst_doc_set_string (made, "state", "draft"));
      if (!bst_doc_has (made, "orderer"))
        bst_doc_replace (&made, bst_doc_set_string (made, "orderer", method->person));
    }
  else if (strcmp (method->type->name, "Proposal") == 0)
    {
      bst_doc_replace (&made, bst_doc_set_string (made, "state", "proposed"));
      bst_doc_replace (&made, bst_doc_set_string (made, "proposer", method->person));
    }
  return made;
}

gboolean
bst_set_create (BstMethod *method,
                GVariant *doc,
                GVariant **ret_server,
                GVariant **ret_refused,
                GError **error)
{
  const char *given = bst_doc_get_string (doc, "uid");
  g_autofree char *uid = given ? g_strdup (given) : bst_uid_new (method->storage->clock);
  g_autofree char *hash = NULL;
  g_autoptr (BstStorageRow) known = NULL;
  g_autoptr (GVariant) made = NULL;
  g_autoptr (GVariant) stored = NULL;

  if (!check_new (method, doc, ret_refused))
    return FALSE;
  hash = bst_json_hash (doc);
  known = bst_storage_row_load (method->storage, method->type->name, uid, NULL);
  if (known)
    return answer_again (method, known, uid, hash, ret_server, ret_refused);
  if (strcmp (method->type->name, "RequestEvent") == 0)
    stored =
        bst_storage_create_event (method->storage, method->person, doc, NULL, ret_refused, error);
  else if (bst_set_may_write (method, doc, ret_refused, error) &&
           check_blobs (method, doc, ret_refused, error))
    {
      made = with_defaults (method, doc, uid);
      stored = bst_storage_write (method->storage, method->type, uid, NULL, made, hash, error);
    }
  if (!stored)
    return FALSE;
  *ret_server = server_part (method->type, stored);
  return TRUE;
}

/* ---- updating ---- */

/* Whether one path is the other or lies in it. */
static gboolean
paths_meet (const char *a, const char *b)
{
  gsize len = MIN (strlen (a), strlen (b));

  return strncmp (a, b, len) == 0 && (a[len] == '\0' || a[len] == '/') &&
         (b[len] == '\0' || b[len] == '/');
}

static gboolean
changed_since (GVariant *revs, const char *path, gint64 rev)
{
  GVariantIter iter;
  const char *changed;
  GVariant *at;
  gboolean found = FALSE;

  g_variant_iter_init (&iter, revs);
  while (g_variant_iter_loop (&iter, "{&sv}", &changed, &at))
    found |= paths_meet (changed, path) && g_variant_get_int64 (at) > rev;
  return found;
}

/* The properties that the patch would change and that another changed after @rev. */
static GVariant *
rev_conflict (BstStorageRow *row, GVariant *diff, gint64 rev)
{
  g_auto (GVariantBuilder) paths = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));
  g_autoptr (GVariant) list = NULL;
  g_autoptr (GVariant) refusal = NULL;
  GVariantIter iter;
  const char *path;

  g_variant_iter_init (&iter, diff);
  while (g_variant_iter_next (&iter, "{&sv}", &path, NULL))
    if (changed_since (row->revs, path, rev))
      g_variant_builder_add (&paths, "v", g_variant_new_string (path));
  list = g_variant_ref_sink (g_variant_builder_end (&paths));
  if (g_variant_n_children (list) == 0)
    return NULL;
  refusal = bst_refusal_new ("revMismatch", "changed by another since that revision");
  bst_doc_replace (&refusal, bst_doc_set (refusal, "properties", list));
  return bst_doc_set (refusal, "current", row->doc);
}

/* After an order was sent, what was agreed on stands. */
static GVariant *
sent_conflict (BstMethod *method, BstStorageRow *row, GVariant *diff)
{
  GVariantIter iter;
  const char *path;

  if (strcmp (method->type->name, "Request") != 0 ||
      bst_state_from_name (bst_doc_get_string (row->doc, "state")) == BST_STATE_DRAFT)
    return NULL;
  g_variant_iter_init (&iter, diff);
  while (g_variant_iter_next (&iter, "{&sv}", &path, NULL))
    if (!bst_request_may_amend (path))
      return bst_refusal_property ("forbidden", path, "the order was sent");
  return NULL;
}

/* What follows from a change of a proposal: one that is over stands; one that is thought better of is withdrawn. */
static gboolean
change_proposal (GVariant *before, GVariant **doc, GVariant **ret_refused)
{
  if (!bst_proposal_is_open (before))
    return refuse (ret_refused,
                   bst_refusal_property ("forbidden", "state", "the proposal has had its outcome"));
  if (bst_doc_get_bool (*doc, "withdrawn"))
    bst_doc_replace (doc, bst_doc_set_string (*doc, "state", "withdrawn"));
  return TRUE;
}

/*
 * An objection is raised by its words, and withdrawn by taking them away. What was answered stands, and a credit is nobody's to object
 * to.
 */
static gboolean
change_charge (GVariant *before, GVariant **doc, GVariant **ret_refused)
{
  const char *state = bst_doc_get_string (before, "objectionState");
  const char *words = bst_doc_get_string (*doc, "objection");

  if (bst_doc_has (before, "credits"))
    return refuse (ret_refused,
                   bst_refusal_property ("forbidden", "objection", "a credit is not objected to"));
  if (state && strcmp (state, "raised") != 0)
    return refuse (ret_refused,
                   bst_refusal_property ("forbidden", "objection", "the objection was answered"));
  bst_doc_replace (doc,
                   bst_doc_set_string (*doc, "objectionState", words && *words ? "raised" : NULL));
  return TRUE;
}

/* What the server adds to a change of the person's. */
static gboolean
add_consequences (BstMethod *method, GVariant *before, GVariant **doc, GVariant **ret_refused)
{
  static const struct
  {
    const char *type;
    gboolean (*change) (GVariant *before, GVariant **doc, GVariant **ret_refused);
  } rows[] = {
    { "Charge", change_charge },
    { "Proposal", change_proposal },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (strcmp (rows[i].type, method->type->name) == 0)
      return rows[i].change (before, doc, ret_refused);
  return TRUE;
}

/* The record after the patch; %NULL with *@ret_refused. */
static GVariant *
patched (BstMethod *method, BstStorageRow *row, GVariant *patch, GVariant **ret_refused)
{
  g_autoptr (GVariant) plain = bst_doc_set (patch, "rev", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) doc = bst_doc_patch (row->doc, plain, &error);
  g_autoptr (GPtrArray) problems = NULL;

  if (!doc)
    {
      *ret_refused = bst_refusal_new ("invalidPatch", error->message);
      return NULL;
    }
  problems = bst_record_type_validate (method->type, doc, row->doc, FALSE);
  *ret_refused = bst_refusal_problems (problems);
  if (!*ret_refused && bst_json_depth (doc) > BST_MAX_DOC_DEPTH)
    *ret_refused = bst_refusal_new ("tooLarge", "nested too deeply");
  return *ret_refused ? NULL : g_steal_pointer (&doc);
}

static BstStorageRow *
find_row (BstMethod *method, const char *id, GVariant **ret_refused)
{
  g_autoptr (BstStorageRow) row =
      bst_storage_row_load (method->storage, method->type->name, id, NULL);

  if (row && row->doc && strcmp (row->account, method->account) == 0 &&
      bst_scope_sees (method->scope, method->type->name, row->unit))
    return g_steal_pointer (&row);
  *ret_refused = bst_refusal_new ("notFound", NULL);
  return NULL;
}

/* The events of an order follow it to another unit. */
static gboolean
move_events (BstMethod *method, const char *request, const char *unit, GError **error)
{
  const BstRecordType *type = bst_record_type_find ("RequestEvent");
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (method->storage->db,
                      "SELECT id FROM record WHERE request = ?1 AND type = 'RequestEvent'", error);
  gboolean row = TRUE;

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, request);
  while (row)
    {
      if (!bst_stmt_step (stmt, &row, error))
        return FALSE;
      if (row)
        g_ptr_array_add (ids, g_strdup (bst_stmt_text (stmt, 0)));
    }
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (BstStorageRow) old =
          bst_storage_row_load (method->storage, type->name, ids->pdata[i], error);
      g_autoptr (GVariant) moved = old ? bst_doc_set_string (old->doc, "unit", unit) : NULL;
      g_autoptr (GVariant) stored =
          moved ? bst_storage_write (method->storage, type, ids->pdata[i], old, moved, NULL, error)
                : NULL;

      if (!stored)
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_update (BstMethod *method,
              const char *id,
              BstStorageRow *row,
              GVariant *doc,
              GVariant **ret_server,
              GError **error)
{
  const char *unit = bst_doc_get_string (doc, method->type->unit_field);
  g_autoptr (GVariant) stored =
      bst_storage_write (method->storage, method->type, id, row, doc, NULL, error);

  if (!stored)
    return FALSE;
  if (g_strcmp0 (unit, row->unit) != 0 && !move_events (method, id, unit, error))
    return FALSE;
  *ret_server = server_part (method->type, stored);
  return TRUE;
}

gboolean
bst_set_update (BstMethod *method,
                const char *id,
                GVariant *patch,
                GVariant **ret_server,
                GVariant **ret_refused,
                GError **error)
{
  g_autoptr (BstStorageRow) row = find_row (method, id, ret_refused);
  g_autoptr (GVariant) doc = NULL;
  g_autoptr (GVariant) diff = NULL;

  if (!row)
    return FALSE;
  if (!(method->type->flags & BST_RECORD_UPDATE))
    return refuse (ret_refused,
                   bst_refusal_new ("forbidden", "records of this type are not changed"));
  doc = patched (method, row, patch, ret_refused);
  if (!doc)
    return FALSE;
  diff = bst_doc_diff (row->doc, doc);
  if (g_variant_n_children (diff) == 0)
    {
      *ret_server = server_part (method->type, row->doc);
      return TRUE;
    }
  *ret_refused = rev_conflict (row, diff, bst_doc_get_int (patch, "rev", row->rev));
  if (!*ret_refused)
    *ret_refused = sent_conflict (method, row, diff);
  if (*ret_refused || !bst_set_may_write (method, row->doc, ret_refused, error) ||
      !bst_set_may_write (method, doc, ret_refused, error) ||
      !check_blobs (method, doc, ret_refused, error) ||
      !add_consequences (method, row->doc, &doc, ret_refused))
    return FALSE;
  return write_update (method, id, row, doc, ret_server, error);
}

/* ---- destroying: only an order that was never sent ---- */

gboolean
bst_set_destroy (BstMethod *method,
                 const char *id,
                 gint64 rev,
                 GVariant **ret_refused,
                 GError **error)
{
  g_autoptr (BstStorageRow) row = find_row (method, id, ret_refused);
  g_autoptr (GVariant) changed = NULL;

  if (!row)
    return FALSE;
  if (row->rev > rev)
    {
      changed = bst_refusal_new ("revMismatch", "changed by another since that revision");
      return refuse (ret_refused, bst_doc_set (changed, "current", row->doc));
    }
  if (strcmp (method->type->name, "Request") != 0 ||
      bst_state_from_name (bst_doc_get_string (row->doc, "state")) != BST_STATE_DRAFT)
    return refuse (ret_refused,
                   bst_refusal_new ("forbidden", "what was sent is cancelled, not destroyed"));
  return bst_set_may_write (method, row->doc, ret_refused, error) &&
         bst_storage_erase (method->storage, method->type, id, row, error);
}
