/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finding and checking what is stored, for those who run the server. */

#include "bst-storage-private.h"

#include "bst-catalogue-index.h"
#include "bst-error.h"
#include "bst-json.h"

#include <string.h>

/* ---- what a search looks through ---- */

static void
add_words (GString *words, GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    {
      g_autofree char *folded = g_utf8_casefold (g_variant_get_string (value, NULL), -1);

      g_string_append (words, folded);
      g_string_append_c (words, '\n');
      return;
    }
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
    return;
  for (gsize i = 0; i < g_variant_n_children (value); i++)
    {
      g_autoptr (GVariant) child = NULL;

      g_variant_get_child (value, i, "{&sv}", NULL, &child);
      add_words (words, child);
    }
}

char *
bst_storage_words (const BstRecordType *type, GVariant *doc)
{
  GString *words = g_string_new (NULL);

  for (const BstField *field = type->fields; field->name; field++)
    {
      g_autoptr (GVariant) value = NULL;

      if (!(field->flags & BST_FIELD_SEARCHABLE))
        continue;
      value = bst_doc_lookup (doc, field->name);
      if (value)
        add_words (words, value);
    }
  return g_string_free (words, FALSE);
}

/* ---- searching ---- */

typedef struct
{
  BstCatalogueIndex *index;
  const BstRecordType *type;
  GError *error;
} Filling;

static gboolean
fill_cb (GVariant *record, gpointer closure)
{
  Filling *filling = closure;

  return bst_catalogue_index_add (filling->index, filling->type, record, &filling->error);
}

static BstCatalogueIndex *
make_index (BstStorage *storage, const char *const *types, GError **error)
{
  gboolean norwegian = g_strcmp0 (bst_doc_get_string (storage->settings, "country"), "NO") == 0;
  g_autoptr (BstCatalogueIndex) index =
      bst_catalogue_index_new (types, norwegian ? "nb" : "da", error);
  Filling filling = { .index = index };

  for (; index && *types; types++)
    {
      filling.type = bst_record_type_find (*types);
      if (!bst_storage_each (storage, *types, fill_cb, &filling, error))
        return NULL;
      if (filling.error)
        {
          g_propagate_error (error, filling.error);
          return NULL;
        }
    }
  return g_steal_pointer (&index);
}

GPtrArray *
bst_storage_search (BstStorage *storage,
                    const char *text,
                    const char *language,
                    const char *const *types,
                    guint limit,
                    GError **error)
{
  static const char *const catalogue[] = { "Service", "Bundle", "Article", NULL };
  g_autoptr (BstCatalogueIndex) index = make_index (storage, types ? types : catalogue, error);

  return index ? bst_catalogue_index_search (index, text, language, limit, error) : NULL;
}

/* ---- checking ---- */

static void
check_refs (BstStorage *storage, const BstRecordType *type, GVariant *record, GPtrArray *findings)
{
  for (const BstField *field = type->fields; field->name; field++)
    {
      const char *target =
          field->kind == BST_FIELD_REF ? bst_doc_get_string (record, field->name) : NULL;
      g_autoptr (GVariant) there =
          target ? bst_storage_get (storage, field->target, target, NULL) : NULL;

      if (target && !there)
        g_ptr_array_add (findings, g_strdup_printf ("%s %s: %s: there is no %s “%s”", type->name,
                                                    bst_doc_get_string (record, "id"), field->name,
                                                    field->target, target));
    }
}

typedef struct
{
  BstStorage *storage;
  const BstRecordType *type;
  GPtrArray *findings;
} Check;

static gboolean
check_cb (GVariant *record, gpointer closure)
{
  Check *check = closure;
  g_autoptr (GPtrArray) problems = bst_record_type_validate (check->type, record, NULL, TRUE);

  for (guint i = 0; i < problems->len; i++)
    {
      BstProblem *problem = problems->pdata[i];

      g_ptr_array_add (check->findings, g_strdup_printf ("%s %s: %s: %s", check->type->name,
                                                         bst_doc_get_string (record, "id"),
                                                         problem->path, problem->message));
    }
  check_refs (check->storage, check->type, record, check->findings);
  return TRUE;
}

gboolean
bst_storage_check (BstStorage *storage, GPtrArray *findings, GError **error)
{
  if (!bst_db_check (storage->db, error))
    return FALSE;
  for (const BstRecordType *const *type = bst_record_types (); *type; type++)
    {
      Check check = { storage, *type, findings };

      if (!bst_storage_each (storage, (*type)->name, check_cb, &check, error))
        return FALSE;
    }
  return TRUE;
}
