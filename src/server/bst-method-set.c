/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Foo/set (RFC 8620 §5.3): the envelope of it; the work on one record is in bst-set-record.c. */

#include "bst-method-set.h"

#include "bst-error.h"
#include "bst-json.h"

#include <string.h>

/* The answer's maps, as they are filled. */
typedef struct
{
  BstMethod *method;
  GVariantBuilder created, updated, destroyed;
  GVariantBuilder not_created, not_updated, not_destroyed;
} Set;

static void
set_init (Set *set, BstMethod *method)
{
  set->method = method;
  g_variant_builder_init (&set->created, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_init (&set->updated, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_init (&set->destroyed, G_VARIANT_TYPE ("av"));
  g_variant_builder_init (&set->not_created, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_init (&set->not_updated, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_init (&set->not_destroyed, G_VARIANT_TYPE_VARDICT);
}

static void
set_clear (Set *set)
{
  g_variant_builder_clear (&set->created);
  g_variant_builder_clear (&set->updated);
  g_variant_builder_clear (&set->destroyed);
  g_variant_builder_clear (&set->not_created);
  g_variant_builder_clear (&set->not_updated);
  g_variant_builder_clear (&set->not_destroyed);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Set, set_clear)

/* "#k" stands for the record that was created as k (RFC 8620 §5.3); borrowed. */
static const char *
real_id (BstMethod *method, const char *id)
{
  const char *known = id[0] == '#' ? g_hash_table_lookup (method->created_ids, id + 1) : NULL;

  return known ? known : id;
}

/* References to records that were created in the same request. */
static GVariant *
resolve_creations (BstMethod *method, GVariant *doc)
{
  GVariant *resolved = g_variant_ref (doc);

  for (const BstField *field = method->type->fields; field->name; field++)
    {
      const char *id = field->kind == BST_FIELD_REF ? bst_doc_get_string (doc, field->name) : NULL;

      if (id && id[0] == '#' && real_id (method, id) != id)
        bst_doc_replace (&resolved,
                         bst_doc_set_string (resolved, field->name, real_id (method, id)));
    }
  return resolved;
}

static gboolean
create_one (Set *set, const char *key, GVariant *given, GError **error)
{
  BstMethod *method = set->method;
  g_autoptr (GVariant) refused = NULL;
  g_autoptr (GVariant) server = NULL;
  g_autoptr (GVariant) doc = NULL;

  if (!g_variant_is_of_type (given, G_VARIANT_TYPE_VARDICT))
    refused = bst_refusal_new ("invalidProperties", "an object expected");
  else
    {
      doc = resolve_creations (method, given);
      if (!bst_set_create (method, doc, &server, &refused, error) && !refused)
        return FALSE;
    }
  if (refused)
    {
      g_variant_builder_add (&set->not_created, "{sv}", key, refused);
      return TRUE;
    }
  g_hash_table_replace (method->created_ids, g_strdup (key),
                        g_strdup (bst_doc_get_string (server, "id")));
  g_variant_builder_add (&set->created, "{sv}", key, server);
  return TRUE;
}

static gboolean
update_one (Set *set, const char *key, GVariant *patch, GError **error)
{
  g_autoptr (GVariant) refused = NULL;
  g_autoptr (GVariant) server = NULL;
  const char *id = real_id (set->method, key);

  if (!g_variant_is_of_type (patch, G_VARIANT_TYPE_VARDICT))
    refused = bst_refusal_new ("invalidPatch", "an object expected");
  else if (!bst_set_update (set->method, id, patch, &server, &refused, error) && !refused)
    return FALSE;
  if (refused)
    g_variant_builder_add (&set->not_updated, "{sv}", id, refused);
  else
    g_variant_builder_add (&set->updated, "{sv}", id, server);
  return TRUE;
}

static gboolean
destroy_one (Set *set, const char *key, GError **error)
{
  g_autoptr (GVariant) refused = NULL;
  g_autoptr (GVariant) revs = bst_doc_get_map (set->method->args, "destroyRevs");
  const char *id = real_id (set->method, key);
  gint64 rev = G_MAXINT64;

  g_variant_lookup (revs, id, "x", &rev);
  if (!bst_set_destroy (set->method, id, rev, &refused, error) && !refused)
    return FALSE;
  if (refused)
    g_variant_builder_add (&set->not_destroyed, "{sv}", id, refused);
  else
    g_variant_builder_add (&set->destroyed, "v", g_variant_new_string (id));
  return TRUE;
}

static gboolean
each_entry (Set *set,
            const char *argument,
            gboolean (*one) (Set *set, const char *key, GVariant *value, GError **error),
            GError **error)
{
  g_autoptr (GVariant) map = bst_doc_get_map (set->method->args, argument);

  for (gsize i = 0; i < g_variant_n_children (map); i++)
    {
      const char *key;
      g_autoptr (GVariant) value = NULL;

      g_variant_get_child (map, i, "{&sv}", &key, &value);
      if (!one (set, key, value, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
run_all (Set *set, GError **error)
{
  g_auto (GStrv) destroy = bst_doc_get_strv (set->method->args, "destroy");

  if (!each_entry (set, "create", create_one, error) ||
      !each_entry (set, "update", update_one, error))
    return FALSE;
  for (char **id = destroy; *id; id++)
    if (!destroy_one (set, *id, error))
      return FALSE;
  return TRUE;
}

/* ---- arguments ---- */

static gboolean
check_argument (BstMethod *method, const char *name, const GVariantType *type, gsize *n)
{
  g_autoptr (GVariant) value = bst_doc_lookup (method->args, name);
  g_autofree char *what = NULL;

  if (bst_value_is_null (value))
    return TRUE;
  if (g_variant_is_of_type (value, type))
    {
      *n += g_variant_n_children (value);
      return TRUE;
    }
  what = g_strconcat (name, ": wrong type", NULL);
  return bst_method_fail (method, "invalidArguments", what);
}

static gboolean
check_args (BstMethod *method)
{
  gsize n = 0;

  if (!check_argument (method, "create", G_VARIANT_TYPE_VARDICT, &n) ||
      !check_argument (method, "update", G_VARIANT_TYPE_VARDICT, &n) ||
      !check_argument (method, "destroy", G_VARIANT_TYPE ("av"), &n) ||
      !check_argument (method, "destroyRevs", G_VARIANT_TYPE_VARDICT, &(gsize){ 0 }))
    return FALSE;
  if (n > BST_MAX_SET)
    return bst_method_fail (method, "requestTooLarge", NULL);
  if (strcmp (method->account, BST_JMAP_CATALOGUE_ACCOUNT) == 0)
    return bst_method_fail (method, "accountReadOnly", NULL);
  return TRUE;
}

/* ---- the answer ---- */

static void
append_filled (GString *out, const char *name, GVariantBuilder *builder)
{
  g_autoptr (GVariant) value = bst_doc_take (g_variant_builder_end (builder));

  bst_method_append_key (out, name);
  if (g_variant_n_children (value))
    bst_json_append (out, value);
  else
    g_string_append (out, "null");
}

static void
append_set (Set *set, const char *old_state)
{
  BstMethod *method = set->method;
  GString *out = method->out;
  g_autofree char *new_state =
      bst_method_state_now (method->storage, method->scope, method->account);

  g_string_append (out, "{\"accountId\":");
  bst_json_append_string (out, method->account);
  bst_method_append_key (out, "oldState");
  bst_json_append_string (out, old_state);
  bst_method_append_key (out, "newState");
  bst_json_append_string (out, new_state);
  append_filled (out, "created", &set->created);
  append_filled (out, "updated", &set->updated);
  append_filled (out, "destroyed", &set->destroyed);
  append_filled (out, "notCreated", &set->not_created);
  append_filled (out, "notUpdated", &set->not_updated);
  append_filled (out, "notDestroyed", &set->not_destroyed);
  g_string_append_c (out, '}');
}

/* In the transaction; its end is the caller's. */
static gboolean
run_set (Set *set, char **ret_old_state, GError **error)
{
  BstMethod *method = set->method;
  const char *expected = bst_doc_get_string (method->args, "ifInState");
  g_autofree char *old_state = NULL;

  /* What she sees, as of this transaction. */
  method->scope = bst_storage_scope (method->storage, method->person, error);
  if (!method->scope)
    return FALSE;
  old_state = bst_method_state_now (method->storage, method->scope, method->account);
  if (expected && strcmp (expected, old_state) != 0)
    return bst_method_fail (method, "stateMismatch", NULL);
  if (!run_all (set, error))
    return FALSE;
  *ret_old_state = g_steal_pointer (&old_state);
  return TRUE;
}

gboolean
bst_method_set (BstMethod *method)
{
  g_auto (Set) set;
  g_autoptr (GError) error = NULL;
  g_autofree char *old_state = NULL;

  set_init (&set, method);
  if (!check_args (method))
    return FALSE;
  if (!bst_storage_begin (method->storage, &error))
    return bst_method_fail_storage (method, error);
  if (!run_set (&set, &old_state, &error))
    {
      bst_storage_rollback (method->storage);
      return method->error_type ? FALSE : bst_method_fail_storage (method, error);
    }
  if (!bst_storage_commit (method->storage, &error))
    return bst_method_fail_storage (method, error);
  append_set (&set, old_state);
  return TRUE;
}
