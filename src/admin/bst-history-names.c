/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-history-names.h"

#include "bst-error.h"
#include "bst-json.h"

#include <string.h>

struct _BstHistoryNames
{
  BstStorage *storage;
  const BstRecordType *type;
  char *source;
  char *fallback;
  gboolean create;
  GHashTable
      *known; /* id, code or name as they say it, case folded -> BstHistoryCounterpart, borrowed */
  GHashTable *asked; /* text as it came -> the same */
  GPtrArray *all;    /* BstHistoryCounterpart */
  char *authority;   /* the unit at the top */
  char *area;        /* of services that are made; (nullable) */
  const char *language;
  guint made;
};

static void
counterpart_free (gpointer data)
{
  BstHistoryCounterpart *counterpart = data;

  g_free (counterpart->id);
  g_variant_unref (counterpart->doc);
  g_free (counterpart->head);
  g_free (counterpart);
}

void
bst_history_names_free (BstHistoryNames *names)
{
  g_free (names->source);
  g_free (names->fallback);
  g_hash_table_unref (names->known);
  g_hash_table_unref (names->asked);
  g_ptr_array_unref (names->all);
  g_free (names->authority);
  g_free (names->area);
  g_free (names);
}

/* ---- what there is ---- */

static void
know (BstHistoryNames *names, const char *text, BstHistoryCounterpart *counterpart)
{
  char *key = text ? g_utf8_casefold (text, -1) : NULL;

  if (key && !g_hash_table_contains (names->known, key))
    g_hash_table_insert (names->known, key, counterpart);
  else
    g_free (key);
}

/* What every line that orders the service begins with: what it is called, not what it promises or costs: that was agreed elsewhere. */
static char *
line_head (GVariant *service)
{
  g_autoptr (GVariant) name = bst_doc_get_map (service, "name");
  g_autoptr (GString) head = g_string_new ("\"service\":");
  const char *performer = bst_doc_get_string (service, "responsible/performer");

  bst_json_append_string (head, bst_doc_get_string (service, "id"));
  g_string_append_printf (head, ",\"serviceVersion\":%" G_GINT64_FORMAT ",\"name\":",
                          bst_doc_get_int (service, "version", 1));
  bst_json_append (head, name);
  g_string_append (head, ",\"quantity\":1,\"order\":1");
  if (performer)
    {
      g_string_append (head, ",\"performer\":");
      bst_json_append_string (head, performer);
    }
  return g_strdup (head->str);
}

static BstHistoryCounterpart *
add (BstHistoryNames *names, GVariant *doc)
{
  BstHistoryCounterpart *counterpart = g_new0 (BstHistoryCounterpart, 1);
  g_autoptr (GVariant) name = bst_doc_lookup (doc, "name");
  GVariantIter iter;
  GVariant *text;

  counterpart->id = g_strdup (bst_doc_get_string (doc, "id"));
  counterpart->doc = g_variant_ref (doc);
  if (strcmp (names->type->name, "Service") == 0)
    counterpart->head = line_head (doc);
  g_ptr_array_add (names->all, counterpart);
  know (names, counterpart->id, counterpart);
  know (names, bst_doc_get_string (doc, "code"), counterpart);
  if (name && g_variant_is_of_type (name, G_VARIANT_TYPE_STRING))
    know (names, g_variant_get_string (name, NULL), counterpart);
  else if (name && g_variant_is_of_type (name, G_VARIANT_TYPE_VARDICT))
    {
      g_variant_iter_init (&iter, name);
      while (g_variant_iter_loop (&iter, "{&sv}", NULL, &text))
        if (g_variant_is_of_type (text, G_VARIANT_TYPE_STRING))
          know (names, g_variant_get_string (text, NULL), counterpart);
    }
  return counterpart;
}

static gboolean
add_cb (GVariant *doc, gpointer closure)
{
  BstHistoryNames *names = closure;

  add (names, doc);
  if (!names->authority && g_strcmp0 (bst_doc_get_string (doc, "kind"), "authority") == 0)
    names->authority = g_strdup (bst_doc_get_string (doc, "id"));
  return TRUE;
}

static BstHistoryCounterpart *
look_up (BstHistoryNames *names, const char *text)
{
  g_autofree char *key = text ? g_utf8_casefold (text, -1) : NULL;

  return key ? g_hash_table_lookup (names->known, key) : NULL;
}

BstHistoryNames *
bst_history_names_new (BstStorage *storage,
                       const char *type,
                       const char *source,
                       const char *fallback,
                       gboolean create,
                       GError **error)
{
  g_autoptr (BstHistoryNames) names = g_new0 (BstHistoryNames, 1);
  g_autoptr (GVariant) settings = bst_storage_get_settings (storage, error);

  names->storage = storage;
  names->type = bst_record_type_find (type);
  names->source = g_strdup (source);
  names->fallback = g_strdup (fallback);
  names->create = create;
  names->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  names->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  names->all = g_ptr_array_new_with_free_func (counterpart_free);
  names->language = g_strcmp0 (bst_doc_get_string (settings, "country"), "NO") == 0 ? "nb" : "da";
  if (!bst_storage_each (storage, type, add_cb, names, error))
    return NULL;
  if (!fallback || look_up (names, fallback))
    return g_steal_pointer (&names);
  g_set_error (error, BST_ERROR, BST_ERROR_NOT_FOUND, "there is no %s “%s”", type, fallback);
  return NULL;
}

/* ---- what is made ---- */

/* The same whenever the same file is read again. */
static char *
made_id (BstHistoryNames *names, const char *prefix, const char *text)
{
  g_autofree char *both = g_strconcat (names->source, "\n", text, NULL);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, both, -1);

  digest[10] = '\0';
  return g_strconcat (prefix, digest, NULL);
}

static gboolean
put (BstHistoryNames *names, const char *type, GVariant *doc, GError **error)
{
  BstPutResult result;

  return bst_storage_put (names->storage, bst_record_type_find (type), doc, &result, error);
}

static GVariant *
localized (BstHistoryNames *names, const char *text)
{
  return bst_doc_set_string (NULL, names->language, text);
}

static gboolean
make_area (BstHistoryNames *names, GError **error)
{
  g_autoptr (GVariant) name = localized (names, names->source);
  g_autoptr (GVariant) area = NULL;

  if (names->area)
    return TRUE;
  names->area = made_id (names, "area-", "");
  area = bst_doc_set_string (NULL, "id", names->area);
  bst_doc_replace (&area, bst_doc_set (area, "name", name));
  bst_doc_replace (&area, bst_doc_set_int (area, "order", 1000));
  return put (names, "ServiceArea", area, error);
}

/* Nobody can order it: it is there for what once was. */
static GVariant *
make_service (BstHistoryNames *names, const char *text, GError **error)
{
  g_autofree char *id = made_id (names, "service-", text);
  g_autofree char *code = g_ascii_strup (id + strlen ("service-"), -1);
  g_autoptr (GVariant) name = localized (names, text);
  g_autoptr (GVariant) service = bst_doc_set_string (NULL, "id", id);

  if (!make_area (names, error))
    return NULL;
  bst_doc_replace (&service, bst_doc_set_string (service, "code", code));
  bst_doc_replace (&service, bst_doc_set_string (service, "area", names->area));
  bst_doc_replace (&service, bst_doc_set (service, "name", name));
  bst_doc_replace (&service, bst_doc_set_string (service, "obligation", "mandatory"));
  bst_doc_replace (&service, bst_doc_set_string (service, "price/model", "included"));
  bst_doc_replace (&service, bst_doc_set_string (service, "validTo", "1970-01-01"));
  bst_doc_replace (&service, bst_doc_set_int (service, "version", 1));
  return g_steal_pointer (&service);
}

static GVariant *
make_unit (BstHistoryNames *names, const char *text)
{
  g_autofree char *id = made_id (names, "unit-", text);
  g_autoptr (GVariant) unit = bst_doc_set_string (NULL, "id", id);

  bst_doc_replace (&unit, bst_doc_set_string (unit, "name", text));
  bst_doc_replace (&unit, bst_doc_set_string (unit, "kind", "institution"));
  bst_doc_replace (&unit, bst_doc_set_string (unit, "parent", names->authority));
  return g_steal_pointer (&unit);
}

static BstHistoryCounterpart *
make (BstHistoryNames *names, const char *text, GError **error)
{
  g_autofree char *short_text = g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), 200));
  g_autoptr (GVariant) doc = strcmp (names->type->name, "Service") == 0
                                 ? make_service (names, short_text, error)
                                 : make_unit (names, short_text);

  if (!doc || !put (names, names->type->name, doc, error))
    return NULL;
  names->made++;
  return add (names, doc);
}

/* ---- asking ---- */

const BstHistoryCounterpart *
bst_history_names_find (BstHistoryNames *names, const char *text, GError **error)
{
  BstHistoryCounterpart *found = text ? g_hash_table_lookup (names->asked, text) : NULL;

  if (!found)
    found = look_up (names, text);
  if (!found && text && names->create)
    {
      found = make (names, text, error);
      if (!found)
        return NULL;
    }
  if (!found)
    found = look_up (names, names->fallback);
  if (!found)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_NOT_FOUND, "no %s here answers to “%s”",
                   names->type->name, text ? text : "");
      return NULL;
    }
  if (text)
    g_hash_table_insert (names->asked, g_strdup (text), found);
  return found;
}

const BstHistoryCounterpart *
bst_history_names_known (BstHistoryNames *names, const char *text)
{
  return look_up (names, text);
}

guint
bst_history_names_made (BstHistoryNames *names)
{
  return names->made;
}
