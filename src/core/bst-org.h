/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-money.h"

G_BEGIN_DECLS

/** BstRole: what a grant lets a person be, as flags. */
typedef enum
{
  BST_ROLE_NONE = 0,
  BST_ROLE_RECEIVER = 1 << 0,
  BST_ROLE_ORDERER = 1 << 1,
  BST_ROLE_APPROVER = 1 << 2,
  BST_ROLE_STRATEGIC = 1 << 3,
  BST_ROLE_PERFORMER = 1 << 4,
  BST_ROLE_ADMINISTRATOR = 1 << 5,
} BstRole;

#define BST_ROLE_ALL ((BstRole) 0x3f)

/** bst_role_from_name: "orderer" -> %BST_ROLE_ORDERER; %BST_ROLE_NONE when there is none of that name. */
BstRole bst_role_from_name (const char *name);

/** bst_role_name: of a single flag; %NULL otherwise. Static. */
const char *bst_role_name (BstRole role);

/** bst_org_unit_check: whether the time zone that an OrgUnit names, if any, is one of the tz database; INVALID that names the property. */
gboolean bst_org_unit_check (GVariant *unit, GError **error);

/**
 * BstOrg:
 *
 * The tree of units, built from OrgUnit documents; immutable, so safe from every thread. Ids that it returns are
 * borrowed and live as long as it does. A unit whose parent is not (yet) known stands as a root.
 */
typedef struct _BstOrg BstOrg;

/**
 * bst_org_new:
 * @units: (element-type GVariant): OrgUnit documents
 *
 * Returns: (transfer full): %NULL with %BST_ERROR_INVALID that names a unit, when the parents go round in a circle, an id is
 * missing or comes twice
 */
BstOrg *bst_org_new (GPtrArray *units, GError **error);
BstOrg *bst_org_ref (BstOrg *org);
void bst_org_unref (BstOrg *org);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstOrg, bst_org_unref)

/** bst_org_unit: the document; borrowed; %NULL when unknown. */
GVariant *bst_org_unit (BstOrg *org, const char *id);
const char *bst_org_unit_name (BstOrg *org, const char *id);
const char *bst_org_unit_kind (BstOrg *org, const char *id);
const char *bst_org_parent (BstOrg *org, const char *id);

/** bst_org_roots, bst_org_children: ids by name (Danish-Norwegian order). Returns: (transfer full). */
char **bst_org_roots (BstOrg *org);
char **bst_org_children (BstOrg *org, const char *id);

/** bst_org_chain: @id, its parent, … the root. Returns: (transfer full). */
char **bst_org_chain (BstOrg *org, const char *id);

/** bst_org_descendants: @id and all below it, parents before children. Returns: (transfer full). */
char **bst_org_descendants (BstOrg *org, const char *id);

/** bst_org_is_within: whether @id is @ancestor or below it. */
gboolean bst_org_is_within (BstOrg *org, const char *id, const char *ancestor);

/** bst_org_department: the account a unit belongs to: its nearest ancestor-or-self of kind "department", else its root. %NULL when unknown. */
const char *bst_org_department (BstOrg *org, const char *id);

/** bst_org_inherited: the string property @name of the unit or of its nearest ancestor that has it; borrowed. */
const char *bst_org_inherited (BstOrg *org, const char *id, const char *name);

/**
 * bst_org_roles:
 * @person: a Person document
 * @unit: (nullable): %NULL: the roles she has anywhere
 *
 * A grant holds on its unit and all below. A performer's grant on a unit of kind "performer" holds on all that it performs for:
 * its nearest ancestor that is no performer, and all below.
 */
BstRole bst_org_roles (BstOrg *org, GVariant *person, const char *unit);
gboolean bst_org_has_role (BstOrg *org, GVariant *person, BstRole role, const char *unit);

/** bst_org_visible_units: what her grants reach, and her own unit. Returns: (transfer full) (element-type utf8): a set of ids. */
GHashTable *bst_org_visible_units (BstOrg *org, GVariant *person);

/** bst_org_accounts: the departments of the visible units, sorted by name. Returns: (transfer full). */
char **bst_org_accounts (BstOrg *org, GVariant *person);

/** BstPersonLookup: a Person by id; (transfer full) (nullable). */
typedef GVariant *(*BstPersonLookup) (const char *id, gpointer closure);

/**
 * BstMandates: who may act for whom.
 * @mandates: (element-type GVariant): Mandate documents, any number, in force or not
 * @today: YYYY-MM-DD
 * @lookup: to find the principals
 */
typedef struct
{
  GPtrArray *mandates;
  const char *today;
  BstPersonLookup lookup;
  gpointer closure;
} BstMandates;

/**
 * bst_org_acting_roles:
 * @mandates: (nullable): %NULL: own grants only
 *
 * Own roles on @unit, and those that mandates in force lend: the substitute gets the role where the principal has it herself,
 * on the mandate's unit and below. What is lent cannot be lent on. A principal who has left lends nothing.
 */
BstRole
bst_org_acting_roles (BstOrg *org, GVariant *person, const char *unit, const BstMandates *mandates);

/**
 * bst_org_may_approve:
 * @total: the order's one-off total
 *
 * Whether @person is approver for @unit up to @total, by herself or by mandate (the lower of the principal's and the mandate's
 * limit). No limit: any amount. A limit in another currency than @total does not reach.
 */
gboolean bst_org_may_approve (BstOrg *org,
                              GVariant *person,
                              const char *unit,
                              const BstMoney *total,
                              const BstMandates *mandates);

/** bst_org_approver_limit: largest own limit on @unit; %FALSE when no approver there. *@ret_unlimited: then *@ret_limit is untouched. */
gboolean bst_org_approver_limit (BstOrg *org,
                                 GVariant *person,
                                 const char *unit,
                                 BstMoney *ret_limit,
                                 gboolean *ret_unlimited);

G_END_DECLS
