/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Proposals to change an SLA: the performer's side (docs/protocol.md, "Proposals"). */

#include "bst-storage-private.h"

#include "bst-agreement.h"
#include "bst-error.h"
#include "bst-proposal.h"

static gboolean
may_answer (BstStorage *storage, const char *person, GVariant *proposal, GError **error)
{
  BstScope *scope = bst_storage_scope (storage, person, error);
  BstRole roles;

  if (!scope)
    return FALSE;
  roles = bst_storage_roles (storage, scope->person, bst_doc_get_string (proposal, "unit"), NULL);
  if (roles & (BST_ROLE_PERFORMER | BST_ROLE_ADMINISTRATOR))
    return TRUE;
  g_set_error (error, BST_ERROR, BST_ERROR_FORBIDDEN, "%s does not perform for the unit", person);
  return FALSE;
}

static gboolean
collect_cb (GVariant *record, gpointer closure)
{
  g_ptr_array_add (closure, g_variant_ref (record));
  return TRUE;
}

/* The version that the proposal changes: the one in force on the day, which need not be the one that it was written on. */
static GVariant *
find_agreement (BstStorage *storage, GVariant *proposal, GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  BstOrg *org = bst_storage_org (storage, error);
  GVariant *found;

  if (!org || !bst_storage_each (storage, "Agreement", collect_cb, all, error))
    return NULL;
  found = bst_agreement_in_force (all, org, bst_doc_get_string (proposal, "unit"), "sla",
                                  bst_doc_get_string (proposal, "inForceFrom"));
  if (found)
    return g_variant_ref (found);
  g_set_error (error, BST_ERROR, BST_ERROR_NOT_FOUND, "no SLA is in force for the unit on %s",
               bst_doc_get_string (proposal, "inForceFrom"));
  return NULL;
}

/* The next version of the agreement, and the last day of the one before. */
static gboolean
enact (BstStorage *storage, GVariant *proposal, GError **error)
{
  const BstRecordType *type = bst_record_type_find ("Agreement");
  g_autoptr (GVariant) agreement = find_agreement (storage, proposal, error);
  g_autofree char *id = bst_uid_new (storage->clock);
  g_autoptr (GVariant) ended = NULL;
  g_autoptr (GVariant) next =
      agreement ? bst_proposal_enact (proposal, agreement, id, &ended, error) : NULL;

  return next && bst_storage_put (storage, type, ended, NULL, error) &&
         bst_storage_put (storage, type, next, NULL, error);
}

GVariant *
bst_storage_act_on_proposal (BstStorage *storage,
                             const char *person,
                             const char *id,
                             const char *action,
                             GVariant *answer,
                             GError **error)
{
  const BstRecordType *type = bst_record_type_find ("Proposal");
  g_autoptr (GVariant) before = bst_storage_get (storage, "Proposal", id, error);
  g_autoptr (GVariant) after = NULL;
  g_autofree char *today = NULL;
  const char *actor = storage->actor;
  BstProposalAct act;
  gboolean ok;

  if (!before || !may_answer (storage, person, before, error))
    return NULL;
  if (!bst_proposal_act_from_name (action, &act) || act == BST_PROPOSAL_WITHDRAW)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "action: “%s” is no answer", action);
      return NULL;
    }
  today = bst_storage_today (storage, bst_doc_get_string (before, "unit"));
  after = bst_proposal_act (before, act, answer, today, error);
  if (!after)
    return NULL;
  storage->actor = person;
  ok = (act != BST_PROPOSAL_AGREE || enact (storage, after, error)) &&
       bst_storage_put (storage, type, after, NULL, error);
  storage->actor = actor;
  return ok ? g_steal_pointer (&after) : NULL;
}
