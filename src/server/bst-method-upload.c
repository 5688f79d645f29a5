/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Blob/upload (RFC 9404 §4): small files within a request, for parcels, which have no other way. One source of data for each,
 * in base64.
 */

#include "bst-methods.h"

#include "bst-api-blob.h"
#include "bst-error.h"
#include "bst-json.h"

#include <string.h>

/* (transfer full) (nullable) */
static GBytes *
read_octets (GVariant *upload)
{
  g_autoptr (GVariant) data = bst_doc_lookup (upload, "data");
  g_autoptr (GVariant) boxed = NULL;
  g_autoptr (GVariant) source = NULL;
  const char *coded;
  guchar *octets;
  gsize len;

  if (!data || !g_variant_is_of_type (data, G_VARIANT_TYPE ("av")) ||
      g_variant_n_children (data) != 1)
    return NULL;
  boxed = g_variant_get_child_value (data, 0);
  source = g_variant_get_variant (boxed);
  coded = g_variant_is_of_type (source, G_VARIANT_TYPE_VARDICT)
              ? bst_doc_get_string (source, "data:asBase64")
              : NULL;
  if (!coded)
    return NULL;
  octets = g_base64_decode (coded, &len);
  return g_bytes_new_take (octets, len);
}

static void
append_refusal (GString *refused, const char *key, const char *type, const char *description)
{
  if (refused->len > 1)
    g_string_append_c (refused, ',');
  bst_json_append_string (refused, key);
  g_string_append (refused, ":{\"type\":");
  bst_json_append_string (refused, type);
  bst_method_append_key (refused, "description");
  bst_json_append_string (refused, description);
  g_string_append_c (refused, '}');
}

static gboolean
keep (BstMethod *method, const char *id, GBytes *octets, GError **error)
{
  return bst_blob_write (method->storage, id, octets, error) &&
         bst_blob_note (method->storage, method->account, id, g_bytes_get_size (octets),
                        method->person, error);
}

static gboolean
upload_one (BstMethod *method,
            const char *key,
            GVariant *upload,
            GString *created,
            GString *refused,
            GError **error)
{
  g_autoptr (GBytes) octets =
      g_variant_is_of_type (upload, G_VARIANT_TYPE_VARDICT) ? read_octets (upload) : NULL;
  g_autofree char *sum = NULL;
  g_autofree char *id = NULL;

  if (!octets || g_bytes_get_size (octets) > BST_MAX_SIZE_UPLOAD)
    {
      append_refusal (refused, key, octets ? "tooLarge" : "invalidProperties",
                      octets ? "maxSizeUpload" : "one data:asBase64 is wanted");
      return TRUE;
    }
  sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, octets);
  id = g_strconcat ("B", sum, NULL);
  if (!keep (method, id, octets, error))
    return FALSE;
  if (created->len > 1)
    g_string_append_c (created, ',');
  bst_json_append_string (created, key);
  g_string_append (created, ":{\"id\":");
  bst_json_append_string (created, id);
  g_string_append_printf (created, ",\"size\":%" G_GSIZE_FORMAT "}", g_bytes_get_size (octets));
  g_hash_table_replace (method->created_ids, g_strdup (key), g_steal_pointer (&id));
  return TRUE;
}

gboolean
bst_method_upload (BstMethod *method)
{
  g_autoptr (GVariant) uploads = bst_doc_get_map (method->args, "create");
  g_autoptr (GString) created = g_string_new ("{");
  g_autoptr (GString) refused = g_string_new ("{");
  GVariantIter iter;
  const char *key;
  GVariant *upload;

  g_variant_iter_init (&iter, uploads);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &upload))
    {
      g_autoptr (GVariant) value = upload;
      g_autoptr (GError) error = NULL;

      if (!upload_one (method, key, value, created, refused, &error))
        return bst_method_fail_storage (method, error);
    }
  g_string_append (method->out, "{\"accountId\":");
  bst_json_append_string (method->out, method->account);
  g_string_append_printf (method->out, ",\"created\":%s},\"notCreated\":%s}}", created->str,
                          refused->str);
  return TRUE;
}

/* ---- what was asked ---- */

static GVariant *
without_octets (GVariant *args)
{
  g_autoptr (GVariant) uploads = bst_doc_get_map (args, "create");
  g_autoptr (GVariant) nothing = bst_doc_new ();
  GVariantDict brief, create;
  GVariantIter iter;
  const char *key;

  g_variant_dict_init (&create, NULL);
  g_variant_iter_init (&iter, uploads);
  while (g_variant_iter_next (&iter, "{&sv}", &key, NULL))
    g_variant_dict_insert_value (&create, key, nothing);
  g_variant_dict_init (&brief, args);
  g_variant_dict_insert_value (&brief, "create", g_variant_dict_end (&create));
  return g_variant_dict_end (&brief);
}

GPtrArray *
bst_method_upload_forget (GPtrArray *calls)
{
  GPtrArray *brief = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_jmap_call_free);

  for (guint i = 0; i < calls->len; i++)
    {
      const BstJmapCall *call = g_ptr_array_index (calls, i);
      gboolean upload = strcmp (call->name, BST_JMAP_UPLOAD) == 0;

      g_ptr_array_add (brief, bst_jmap_call_new (call->name,
                                                 upload ? without_octets (call->args)
                                                        : g_variant_ref (call->args),
                                                 call->id));
    }
  return brief;
}
