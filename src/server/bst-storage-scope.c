/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who sees what: the tree of units, people, and the version of their rights. */

#include "bst-storage-private.h"

#include "bst-date.h"
#include "bst-error.h"
#include "bst-jmap.h"
#include "bst-json.h"

#include <string.h>

static void
scope_free (BstScope *scope)
{
  g_variant_unref (scope->person);
  g_hash_table_unref (scope->units);
  g_hash_table_unref (scope->above);
  g_strfreev (scope->accounts);
  g_hash_table_unref (scope->rights);
  g_free (scope);
}

void
bst_storage_forget_scopes (BstStorage *storage)
{
  g_clear_pointer (&storage->scopes, g_hash_table_unref);
  g_clear_pointer (&storage->org, bst_org_unref);
  storage->scope_seq = -1;
}

/* Another process may have changed units or people. */
static gboolean
refresh (BstStorage *storage, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db,
      "SELECT max ((SELECT coalesce (max (seq), 0) FROM record WHERE type = 'OrgUnit' AND account "
      "= ?1), "
      "(SELECT coalesce (max (seq), 0) FROM record WHERE type = 'Person' AND account = ?1))",
      error);
  gboolean row;

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, BST_JMAP_CATALOGUE_ACCOUNT);
  if (!bst_stmt_step (stmt, &row, error))
    return FALSE;
  if (storage->scopes && storage->scope_seq == bst_stmt_int (stmt, 0))
    return TRUE;
  bst_storage_forget_scopes (storage);
  storage->scope_seq = bst_stmt_int (stmt, 0);
  storage->scopes =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) scope_free);
  return TRUE;
}

static gboolean
collect_cb (GVariant *record, gpointer closure)
{
  g_ptr_array_add (closure, g_variant_ref (record));
  return TRUE;
}

BstOrg *
bst_storage_org (BstStorage *storage, GError **error)
{
  g_autoptr (GPtrArray) units = NULL;

  if (!refresh (storage, error))
    return NULL;
  if (storage->org)
    return storage->org;
  units = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  if (!bst_storage_each (storage, "OrgUnit", collect_cb, units, error))
    return NULL;
  storage->org = bst_org_new (units, error);
  return storage->org;
}

const char *
bst_storage_account_of (BstStorage *storage,
                        const BstRecordType *type,
                        GVariant *doc,
                        GError **error)
{
  BstOrg *org;
  const char *unit;
  const char *account;

  if (type->account == BST_ACCOUNT_SHARED)
    return BST_JMAP_CATALOGUE_ACCOUNT;
  unit = bst_doc_get_string (doc, type->unit_field);
  org = bst_storage_org (storage, error);
  if (!org)
    return NULL;
  account = unit ? bst_org_department (org, unit) : NULL;
  if (!account)
    g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "%s: no such unit", type->unit_field);
  return account;
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The units above those that are seen, up to their departments. */
static GHashTable *
units_above (BstScope *scope, BstOrg *org)
{
  GHashTable *above = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer unit;

  g_hash_table_iter_init (&iter, scope->units);
  while (g_hash_table_iter_next (&iter, &unit, NULL))
    {
      const char *department = bst_org_department (org, unit);
      const char *next = unit;

      while (department && strcmp (next, department) != 0 && (next = bst_org_parent (org, next)))
        if (!g_hash_table_contains (scope->units, next))
          g_hash_table_add (above, g_strdup (next));
    }
  return above;
}

static void
add_to_accounts (GHashTable *seen, BstOrg *org, GHashTable *units)
{
  GHashTableIter iter;
  gpointer unit;

  g_hash_table_iter_init (&iter, units);
  while (g_hash_table_iter_next (&iter, &unit, NULL))
    {
      const char *account = bst_org_department (org, unit);

      if (!account)
        continue;
      if (!g_hash_table_contains (seen, account))
        g_hash_table_insert (seen, (gpointer) account, g_ptr_array_new ());
      g_ptr_array_add (g_hash_table_lookup (seen, account), unit);
    }
}

/* The version of the rights in an account: a digest of the units that are seen there, and of those above. */
static void
note_rights (BstScope *scope, BstOrg *org)
{
  g_autoptr (GHashTable) seen =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  GHashTableIter iter;
  gpointer unit, list;

  add_to_accounts (seen, org, scope->units);
  add_to_accounts (seen, org, scope->above);
  g_hash_table_iter_init (&iter, seen);
  while (g_hash_table_iter_next (&iter, &unit, &list))
    {
      GPtrArray *units = list;
      g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

      g_ptr_array_sort (units, compare_texts);
      for (guint i = 0; i < units->len; i++)
        g_checksum_update (sum, units->pdata[i], (gssize) strlen (units->pdata[i]) + 1);
      g_hash_table_insert (scope->rights, g_strdup (unit),
                           g_strndup (g_checksum_get_string (sum), 8));
    }
  g_hash_table_insert (scope->rights, g_strdup (BST_JMAP_CATALOGUE_ACCOUNT), g_strdup ("0"));
}

static gboolean
has_left (BstStorage *storage, GVariant *person)
{
  const char *left = bst_doc_get_string (person, "left");
  g_autofree char *today =
      left ? bst_storage_today (storage, bst_doc_get_string (person, "unit")) : NULL;

  return left && strcmp (left, today) <= 0;
}

BstScope *
bst_storage_scope (BstStorage *storage, const char *id, GError **error)
{
  BstOrg *org = bst_storage_org (storage, error);
  BstScope *scope = org ? g_hash_table_lookup (storage->scopes, id) : NULL;
  g_autoptr (GVariant) person = NULL;

  if (!org)
    return NULL;
  if (!scope)
    {
      person = bst_storage_get (storage, "Person", id, NULL);
      if (!person)
        {
          g_set_error (error, BST_ERROR, BST_ERROR_SIGN_IN, "there is no such person any longer");
          return NULL;
        }
      scope = g_new0 (BstScope, 1);
      scope->person = g_steal_pointer (&person);
      scope->units = bst_org_visible_units (org, scope->person);
      scope->above = units_above (scope, org);
      scope->accounts = bst_org_accounts (org, scope->person);
      scope->rights = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      note_rights (scope, org);
      g_hash_table_insert (storage->scopes, g_strdup (id), scope);
    }
  if (has_left (storage, scope->person))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_SIGN_IN, "this person has left");
      return NULL;
    }
  return scope;
}

gboolean
bst_scope_has_account (BstScope *scope, const char *account)
{
  return strcmp (account, BST_JMAP_CATALOGUE_ACCOUNT) == 0 ||
         g_strv_contains ((const char *const *) scope->accounts, account);
}

gboolean
bst_scope_sees (BstScope *scope, const char *type, const char *unit)
{
  const BstRecordType *described;

  if (!unit || g_hash_table_contains (scope->units, unit))
    return TRUE;
  if (!g_hash_table_contains (scope->above, unit))
    return FALSE;
  described = bst_record_type_find (type);
  return described && (described->flags & BST_RECORD_FROM_BELOW);
}

/* Borrowed. */
static GTimeZone *
find_zone (BstStorage *storage, const char *name)
{
  GTimeZone *zone;

  if (!storage->zones)
    storage->zones =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_time_zone_unref);
  zone = g_hash_table_lookup (storage->zones, name);
  if (zone)
    return zone;
  zone = g_time_zone_new_identifier (name);
  if (!zone)
    zone = g_time_zone_new_utc ();
  g_hash_table_insert (storage->zones, g_strdup (name), zone);
  return zone;
}

GTimeZone *
bst_storage_zone (BstStorage *storage, const char *unit)
{
  BstOrg *org = bst_storage_org (storage, NULL);
  const char *name = org && unit ? bst_org_inherited (org, unit, "timeZone") : NULL;

  return find_zone (storage, name ? name : "Europe/Copenhagen");
}

char *
bst_storage_today (BstStorage *storage, const char *unit)
{
  return bst_date_of_instant (bst_clock_now (storage->clock), bst_storage_zone (storage, unit));
}

static GVariant *
lookup_person_cb (const char *id, gpointer closure)
{
  return bst_storage_get (closure, "Person", id, NULL);
}

/* All mandates; borrowed. They are asked for at every write, and change seldom. */
static GPtrArray *
get_mandates (BstStorage *storage, GError **error)
{
  gint64 version = bst_storage_others_version (storage);
  g_autoptr (GPtrArray) mandates = NULL;

  if (storage->mandates && version >= 0 && storage->mandates_version == version)
    return storage->mandates;
  mandates = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  if (!bst_storage_each (storage, "Mandate", collect_cb, mandates, error))
    return NULL;
  g_clear_pointer (&storage->mandates, g_ptr_array_unref);
  storage->mandates = g_steal_pointer (&mandates);
  storage->mandates_version = version;
  return storage->mandates;
}

BstRole
bst_storage_roles (BstStorage *storage, GVariant *person, const char *unit, GError **error)
{
  g_autofree char *today = bst_storage_today (storage, unit);
  BstOrg *org = bst_storage_org (storage, error);
  GPtrArray *mandates = org ? get_mandates (storage, error) : NULL;
  BstMandates lent = { mandates, today, lookup_person_cb, storage };

  return mandates ? bst_org_acting_roles (org, person, unit, &lent) : BST_ROLE_NONE;
}

gboolean
bst_storage_may_approve (BstStorage *storage,
                         GVariant *person,
                         const char *unit,
                         const BstMoney *total,
                         GError **error)
{
  g_autofree char *today = bst_storage_today (storage, unit);
  BstOrg *org = bst_storage_org (storage, error);
  GPtrArray *mandates = org ? get_mandates (storage, error) : NULL;
  BstMandates lent = { mandates, today, lookup_person_cb, storage };

  return mandates && bst_org_may_approve (org, person, unit, total, &lent);
}
