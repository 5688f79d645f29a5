/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who may do what where: grants and mandates over the tree of units. */

#include "bst-org.h"

#include "bst-doc.h"
#include "bst-text.h"

#include <string.h>

typedef struct
{
  BstRole role;
  const char *reach; /* top of what it holds on */
  gboolean limited;
  BstMoney limit;
} Grant;

/* A performer's grant on a performer reaches what that one performs for. */
static const char *
grant_reach (BstOrg *org, BstRole role, const char *unit)
{
  const char *reach = unit;

  while (role == BST_ROLE_PERFORMER &&
         g_strcmp0 (bst_org_unit_kind (org, reach), "performer") == 0 &&
         bst_org_parent (org, reach))
    reach = bst_org_parent (org, reach);
  return reach;
}

static gboolean
has_left (GVariant *person, const char *today)
{
  const char *left = bst_doc_get_string (person, "left");

  return left && today && strcmp (left, today) <= 0;
}

/* Ids are borrowed from @org. Returns: (transfer full) (element-type Grant). */
static GArray *
read_grants (BstOrg *org, GVariant *person)
{
  GArray *grants = g_array_new (FALSE, TRUE, sizeof (Grant));
  g_autoptr (GVariant) map = bst_doc_get_map (person, "grants");
  GVariantIter iter;
  GVariant *doc;

  g_variant_iter_init (&iter, map);
  while (g_variant_iter_loop (&iter, "{&sv}", NULL, &doc))
    {
      Grant grant = { bst_role_from_name (bst_doc_get_string (doc, "role")) };
      GVariant *unit = bst_org_unit (org, bst_doc_get_string (doc, "unit"));

      if (grant.role == BST_ROLE_NONE || !unit)
        continue;
      grant.reach = grant_reach (org, grant.role, bst_doc_get_string (unit, "id"));
      /* A limit that cannot be read allows nothing, rather than everything. */
      grant.limited = bst_doc_has (doc, "limit");
      bst_money_init (&grant.limit, 0, NULL);
      bst_money_from_doc (doc, "limit", &grant.limit);
      g_array_append_val (grants, grant);
    }
  return grants;
}

BstRole
bst_org_roles (BstOrg *org, GVariant *person, const char *unit)
{
  g_autoptr (GArray) grants = read_grants (org, person);
  BstRole roles = BST_ROLE_NONE;

  for (guint i = 0; i < grants->len; i++)
    {
      const Grant *grant = &g_array_index (grants, Grant, i);

      if (!unit || bst_org_is_within (org, unit, grant->reach))
        roles |= grant->role;
    }
  return roles;
}

gboolean
bst_org_has_role (BstOrg *org, GVariant *person, BstRole role, const char *unit)
{
  return (bst_org_roles (org, person, unit) & role) != 0;
}

GHashTable *
bst_org_visible_units (BstOrg *org, GVariant *person)
{
  GHashTable *visible = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GArray) grants = read_grants (org, person);
  const char *own = bst_doc_get_string (person, "unit");

  if (bst_org_unit (org, own))
    g_hash_table_add (visible, g_strdup (own));
  for (guint i = 0; i < grants->len; i++)
    {
      g_auto (GStrv) below = bst_org_descendants (org, g_array_index (grants, Grant, i).reach);

      for (char **id = below; *id; id++)
        g_hash_table_add (visible, g_strdup (*id));
    }
  return visible;
}

typedef struct
{
  char *key;
  const char *id;
} Named;

static void
named_clear (gpointer data)
{
  g_free (((Named *) data)->key);
}

static int
compare_named (gconstpointer a, gconstpointer b)
{
  const Named *one = a;
  const Named *two = b;
  int order = strcmp (one->key, two->key);

  return order ? order : strcmp (one->id, two->id);
}

char **
bst_org_accounts (BstOrg *org, GVariant *person)
{
  g_autoptr (GHashTable) visible = bst_org_visible_units (org, person);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GArray) departments = g_array_new (FALSE, FALSE, sizeof (Named));
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  GHashTableIter iter;
  gpointer unit;

  g_array_set_clear_func (departments, named_clear);
  g_hash_table_iter_init (&iter, visible);
  while (g_hash_table_iter_next (&iter, &unit, NULL))
    {
      const char *id = bst_org_department (org, unit);
      const char *name = bst_org_unit_name (org, id);
      Named department = { NULL, id };

      if (!g_hash_table_add (seen, (gpointer) id))
        continue;
      department.key = bst_text_collation_key (name ? name : id, "da");
      g_array_append_val (departments, department);
    }
  g_array_sort (departments, compare_named);
  for (guint i = 0; i < departments->len; i++)
    g_strv_builder_add (ids, g_array_index (departments, Named, i).id);
  return g_strv_builder_end (ids);
}

/* ---- mandates ---- */

static gboolean
in_force (GVariant *mandate, const char *today)
{
  const char *from = bst_doc_get_string (mandate, "from");
  const char *until = bst_doc_get_string (mandate, "until");

  return from && strcmp (from, today) <= 0 && (!until || strcmp (today, until) <= 0);
}

/* The principal of a mandate that lends @person something on @unit today; %NULL when it does not. Returns: (transfer full). */
static GVariant *
lender (BstOrg *org,
        GVariant *mandate,
        GVariant *person,
        const char *unit,
        const BstMandates *mandates)
{
  const char *id = bst_doc_get_string (person, "id");
  const char *principal = bst_doc_get_string (mandate, "principal");
  const char *where = bst_doc_get_string (mandate, "unit");
  g_autoptr (GVariant) doc = NULL;

  if (!id || !principal || g_strcmp0 (bst_doc_get_string (mandate, "substitute"), id) != 0 ||
      !in_force (mandate, mandates->today))
    return NULL;
  if (unit && !bst_org_is_within (org, unit, where))
    return NULL;
  doc = mandates->lookup (principal, mandates->closure);
  if (!doc || has_left (doc, mandates->today))
    return NULL;
  return g_steal_pointer (&doc);
}

/* With no unit asked for, what a mandate lends is what the principal has on its own unit. */
BstRole
bst_org_acting_roles (BstOrg *org, GVariant *person, const char *unit, const BstMandates *mandates)
{
  BstRole roles = bst_org_roles (org, person, unit);

  for (guint i = 0; mandates && mandates->mandates && i < mandates->mandates->len; i++)
    {
      GVariant *mandate = mandates->mandates->pdata[i];
      g_autoptr (GVariant) principal = lender (org, mandate, person, unit, mandates);
      BstRole lent = bst_role_from_name (bst_doc_get_string (mandate, "role"));

      if (principal)
        roles |= lent &
                 bst_org_roles (org, principal, unit ? unit : bst_doc_get_string (mandate, "unit"));
    }
  return roles;
}

static gboolean
within_limit (const BstMoney *total, const BstMoney *limit)
{
  if (total->amount == 0)
    return TRUE;
  return strcmp (total->currency, limit->currency) == 0 && total->amount <= limit->amount;
}

static gboolean
may_approve_herself (BstOrg *org, GVariant *person, const char *unit, const BstMoney *total)
{
  g_autoptr (GArray) grants = read_grants (org, person);

  for (guint i = 0; i < grants->len; i++)
    {
      const Grant *grant = &g_array_index (grants, Grant, i);

      if (grant->role == BST_ROLE_APPROVER && bst_org_is_within (org, unit, grant->reach) &&
          (!grant->limited || within_limit (total, &grant->limit)))
        return TRUE;
    }
  return FALSE;
}

static gboolean
mandate_reaches (GVariant *mandate, const BstMoney *total)
{
  BstMoney limit;

  if (!bst_doc_has (mandate, "limit"))
    return TRUE;
  return bst_money_from_doc (mandate, "limit", &limit) && within_limit (total, &limit);
}

gboolean
bst_org_may_approve (BstOrg *org,
                     GVariant *person,
                     const char *unit,
                     const BstMoney *total,
                     const BstMandates *mandates)
{
  if (may_approve_herself (org, person, unit, total))
    return TRUE;
  for (guint i = 0; mandates && mandates->mandates && i < mandates->mandates->len; i++)
    {
      GVariant *mandate = mandates->mandates->pdata[i];
      g_autoptr (GVariant) principal = lender (org, mandate, person, unit, mandates);

      if (principal && g_strcmp0 (bst_doc_get_string (mandate, "role"), "approver") == 0 &&
          mandate_reaches (mandate, total) && may_approve_herself (org, principal, unit, total))
        return TRUE;
    }
  return FALSE;
}

gboolean
bst_org_approver_limit (BstOrg *org,
                        GVariant *person,
                        const char *unit,
                        BstMoney *ret_limit,
                        gboolean *ret_unlimited)
{
  g_autoptr (GArray) grants = read_grants (org, person);
  const Grant *best = NULL;

  for (guint i = 0; i < grants->len; i++)
    {
      const Grant *grant = &g_array_index (grants, Grant, i);

      if (grant->role != BST_ROLE_APPROVER || !bst_org_is_within (org, unit, grant->reach))
        continue;
      if (!best || (best->limited && (!grant->limited || grant->limit.amount > best->limit.amount)))
        best = grant;
    }
  if (!best)
    return FALSE;
  *ret_unlimited = !best->limited;
  if (best->limited)
    *ret_limit = best->limit;
  return TRUE;
}
