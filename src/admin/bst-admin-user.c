/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-admin.h"

#include "bst-error.h"
#include "bst-money.h"
#include "bst-org.h"

#include <string.h>

typedef gboolean (
    *Step) (BstAdmin *admin, BstStorage *storage, int argc, char **argv, GError **error);

static char *
roles_text (GVariant *person)
{
  g_autoptr (GVariant) grants = bst_doc_get_map (person, "grants");
  GString *text = g_string_new (NULL);
  GVariantIter iter;
  const char *key;
  GVariant *value;

  g_variant_iter_init (&iter, grants);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &value))
    {
      g_autoptr (GVariant) grant = value;

      g_string_append_printf (text, "%s%s: %s %s", text->len ? ", " : "", key,
                              bst_doc_get_string (grant, "role"),
                              bst_doc_get_string (grant, "unit"));
    }
  return g_string_free (text, FALSE);
}

static gboolean
collect_cb (GVariant *person, gpointer closure)
{
  g_ptr_array_add (closure, g_variant_ref (person));
  return TRUE;
}

static void
print_people (BstAdmin *admin, GPtrArray *people)
{
  static const char *const headings[] = { "ID", "NAME", "UNIT", "RIGHTS", NULL };
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  for (guint i = 0; i < people->len; i++)
    {
      g_autofree char *roles = roles_text (people->pdata[i]);
      const char *cells[] = { bst_doc_get_string (people->pdata[i], "id"),
                              bst_doc_get_string (people->pdata[i], "name"),
                              bst_doc_get_string (people->pdata[i], "unit"), roles, NULL };

      g_ptr_array_add (rows, g_strdupv ((char **) cells));
    }
  bst_admin_print_table (admin, headings, rows);
}

static gboolean
list_people (BstAdmin *admin, BstStorage *storage, int argc, char **argv, GError **error)
{
  g_autoptr (GPtrArray) people = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GVariant) list = NULL;

  if (!bst_storage_each (storage, "Person", collect_cb, people, error))
    return FALSE;
  print_people (admin, people);
  list = bst_admin_list (people);
  bst_admin_print_json (admin, list);
  return TRUE;
}

static gboolean
show_person (BstAdmin *admin, BstStorage *storage, int argc, char **argv, GError **error)
{
  g_autoptr (GPtrArray) people = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  GVariant *person = bst_storage_get (storage, "Person", argv[2], error);

  if (!person)
    return FALSE;
  g_ptr_array_add (people, person);
  print_people (admin, people);
  bst_admin_print_json (admin, person);
  return TRUE;
}

static gboolean
store_person (BstAdmin *admin, BstStorage *storage, GVariant *person, GError **error)
{
  BstPutResult result;

  if (!bst_storage_begin (storage, error))
    return FALSE;
  if (!bst_storage_put (storage, bst_record_type_find ("Person"), person, &result, error))
    {
      bst_storage_rollback (storage);
      return FALSE;
    }
  if (!bst_storage_commit (storage, error))
    return FALSE;
  bst_admin_print (admin, "%s: rights changed; her computers follow at their next contact.",
                   bst_doc_get_string (person, "name"));
  bst_admin_print_json (admin, person);
  return TRUE;
}

static char *
free_grant_key (GVariant *person)
{
  for (guint i = 1;; i++)
    {
      g_autofree char *key = g_strdup_printf ("g%u", i);
      g_autofree char *path = g_strconcat ("grants/", key, NULL);

      if (!bst_doc_has (person, path))
        return g_steal_pointer (&key);
    }
}

/* The currency that amounts of this unit are in: its own, or the nearest above it that names one. */
static char *
currency_of (BstStorage *storage, const char *unit_id, GError **error)
{
  g_autofree char *id = g_strdup (unit_id);

  for (guint depth = 0; id && depth < 64; depth++)
    {
      g_autoptr (GVariant) unit = bst_storage_get (storage, "OrgUnit", id, error);

      if (!unit)
        return NULL;
      if (bst_doc_get_string (unit, "currency"))
        return g_strdup (bst_doc_get_string (unit, "currency"));
      g_free (id);
      id = g_strdup (bst_doc_get_string (unit, "parent"));
    }
  return g_strdup ("DKK");
}

static gboolean
grant (BstAdmin *admin, BstStorage *storage, int argc, char **argv, GError **error)
{
  g_autofree char *limit = NULL;
  const GOptionEntry entries[] = { { "limit", 0, 0, G_OPTION_ARG_STRING, &limit, NULL, NULL },
                                   { NULL } };
  g_autoptr (GVariant) person = NULL;
  g_autofree char *currency = NULL;
  g_autofree char *key = NULL;
  g_autofree char *path = NULL;
  GVariantDict right;

  if (!bst_admin_parse (entries, &argc, &argv, error))
    return FALSE;
  if (argc != 5 || bst_role_from_name (argv[3]) == BST_ROLE_NONE)
    return bst_admin_usage_error (
        error, "user grant ID receiver|orderer|approver|strategic|performer|administrator UNIT");
  person = bst_storage_get (storage, "Person", argv[2], error);
  currency = person ? currency_of (storage, argv[4], error) : NULL;
  if (!currency)
    return FALSE;
  g_variant_dict_init (&right, NULL);
  g_variant_dict_insert (&right, "role", "s", argv[3]);
  g_variant_dict_insert (&right, "unit", "s", argv[4]);
  if (limit)
    {
      BstMoney money;
      g_autoptr (GVariant) value = NULL;

      if (!bst_money_parse (limit, currency, strcmp (currency, "NOK") == 0 ? "nb" : "da", &money,
                            error))
        {
          g_variant_dict_clear (&right);
          g_prefix_error (error, "--limit: ");
          return FALSE;
        }
      value = bst_money_to_doc (&money);
      g_variant_dict_insert_value (&right, "limit", value);
    }
  key = free_grant_key (person);
  path = g_strconcat ("grants/", key, NULL);
  bst_doc_replace (&person, bst_doc_set (person, path, g_variant_dict_end (&right)));
  return store_person (admin, storage, person, error);
}

static gboolean
withdraw_grant (BstAdmin *admin, BstStorage *storage, int argc, char **argv, GError **error)
{
  g_autoptr (GVariant) person = NULL;
  g_autofree char *path = NULL;

  if (argc != 4)
    return bst_admin_usage_error (error, "user withdraw ID GRANT, as “user show” names it");
  person = bst_storage_get (storage, "Person", argv[2], error);
  if (!person)
    return FALSE;
  path = g_strconcat ("grants/", argv[3], NULL);
  if (!bst_doc_has (person, path))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_NOT_FOUND, "%s has no right “%s”", argv[2], argv[3]);
      return FALSE;
    }
  bst_doc_replace (&person, bst_doc_set (person, path, NULL));
  return store_person (admin, storage, person, error);
}

static gboolean
revoke_devices (BstAdmin *admin, BstStorage *storage, int argc, char **argv, GError **error)
{
  g_autoptr (GVariant) person = bst_storage_get (storage, "Person", argv[2], error);
  GVariantDict answer;
  guint n;

  if (!person || !bst_storage_revoke_person (storage, argv[2], &n, error))
    return FALSE;
  bst_admin_print (admin, "%u computers of %s must be enrolled again.", n,
                   bst_doc_get_string (person, "name"));
  g_variant_dict_init (&answer, NULL);
  g_variant_dict_insert (&answer, "revoked", "x", (gint64) n);
  bst_admin_print_json (admin, g_variant_dict_end (&answer));
  return TRUE;
}

static gboolean
lose_computers (BstAdmin *admin, BstStorage *storage, int argc, char **argv, GError **error)
{
  g_autoptr (GVariant) person = bst_storage_get (storage, "Person", argv[2], error);
  const char *device = argc > 3 ? argv[3] : NULL;
  GVariantDict answer;
  guint n;

  if (!person || !bst_storage_lose_computers (storage, argv[2], device, &n, error))
    return FALSE;
  if (n == 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_NOT_FOUND,
                   "%s has no such computer: see “user devices”", argv[2]);
      return FALSE;
    }
  bst_admin_print (
      admin,
      "%u computers of %s are shut out. What they copied from the server is removed at "
      "their next contact; unsent work stays on them.",
      n, bst_doc_get_string (person, "name"));
  g_variant_dict_init (&answer, NULL);
  g_variant_dict_insert (&answer, "lost", "x", (gint64) n);
  bst_admin_print_json (admin, g_variant_dict_end (&answer));
  return TRUE;
}

static gboolean
list_devices (BstAdmin *admin, BstStorage *storage, int argc, char **argv, GError **error)
{
  static const char *const headings[] = { "COMPUTER", "ENROLLED", "LAST SEEN", NULL };
  g_autoptr (GPtrArray) devices = bst_storage_devices (storage, argv[2], error);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr (GVariant) list = NULL;

  if (!devices)
    return FALSE;
  for (guint i = 0; i < devices->len; i++)
    {
      const char *seen = bst_doc_get_string (devices->pdata[i], "lastSeen");
      const char *cells[] = { bst_doc_get_string (devices->pdata[i], "device"),
                              bst_doc_get_string (devices->pdata[i], "created"),
                              seen ? seen : "never", NULL };

      g_ptr_array_add (rows, g_strdupv ((char **) cells));
    }
  bst_admin_print_table (admin, headings, rows);
  list = bst_admin_list (devices);
  bst_admin_print_json (admin, list);
  return TRUE;
}

static const struct
{
  const char *name;
  int least; /* arguments, with "user" and the name */
  Step run;
} steps[] = {
  { "list", 2, list_people },      { "show", 3, show_person },
  { "grant", 5, grant },           { "withdraw", 4, withdraw_grant },
  { "revoke", 3, revoke_devices }, { "devices", 3, list_devices },
  { "lost", 3, lose_computers },
};

gboolean
bst_admin_user (BstAdmin *admin, int argc, char **argv, GError **error)
{
  for (guint i = 0; argc > 1 && i < G_N_ELEMENTS (steps); i++)
    if (strcmp (steps[i].name, argv[1]) == 0)
      {
        g_autoptr (BstStorage) storage = NULL;

        if (argc < steps[i].least)
          break;
        storage = bst_admin_open (admin, error);
        return storage && steps[i].run (admin, storage, argc, argv, error);
      }
  return bst_admin_usage_error (error, "not enough was said");
}
