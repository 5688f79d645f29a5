/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finding and checking what is stored, for those who run the server. */

#include "bst-storage-private.h"

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
  GVariant *hit;
  guint score;
  guint order;
} Hit;

static void
hit_clear (gpointer hit)
{
  g_variant_unref (((Hit *) hit)->hit);
}

static gboolean
text_contains (GVariant *value, const char *word)
{
  g_autoptr (GString) words = g_string_new (NULL);

  add_words (words, value);
  return strstr (words->str, word) != NULL;
}

/* The weight of the best property that has the word, over all words; 0 when one of them is nowhere. */
static guint
score_of (const BstRecordType *type, GVariant *doc, char **words)
{
  guint sum = 0;

  for (guint i = 0; words[i]; i++)
    {
      guint best = 0;

      for (const BstField *field = type->fields; field->name; field++)
        {
          g_autoptr (GVariant) value = NULL;

          if (!(field->flags & BST_FIELD_SEARCHABLE) || field->weight <= best)
            continue;
          value = bst_doc_lookup (doc, field->name);
          if (value && text_contains (value, words[i]))
            best = field->weight;
        }
      if (best == 0)
        return 0;
      sum += best;
    }
  return sum;
}

static int
compare_hits (gconstpointer a, gconstpointer b)
{
  const Hit *one = a, *two = b;

  if (one->score != two->score)
    return one->score < two->score ? 1 : -1;
  return one->order < two->order ? -1 : one->order > two->order;
}

static gboolean
search_type (BstStorage *storage,
             const BstRecordType *type,
             char **words,
             GArray *hits,
             GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db, "SELECT doc FROM record WHERE type = ?1 AND instr (words, ?2) > 0", error);
  gboolean row = TRUE;

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, type->name);
  bst_stmt_bind_text (stmt, 2, words[0]);
  while (row)
    {
      g_autoptr (GVariant) doc = NULL;
      Hit hit = { NULL, 0, hits->len };
      GVariantDict dict;

      if (!bst_stmt_step (stmt, &row, error))
        return FALSE;
      if (!row)
        break;
      doc = bst_json_parse_object (bst_stmt_text (stmt, 0), (gssize) bst_stmt_text_len (stmt, 0),
                                   error);
      if (!doc)
        return FALSE;
      hit.score = score_of (type, doc, words);
      if (hit.score == 0)
        continue;
      g_variant_dict_init (&dict, NULL);
      g_variant_dict_insert (&dict, "type", "s", type->name);
      g_variant_dict_insert_value (&dict, "record", doc);
      hit.hit = bst_doc_take (g_variant_dict_end (&dict));
      g_array_append_val (hits, hit);
    }
  return TRUE;
}

/* The words of the text, folded. (transfer full) */
static char **
fold_words (const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_auto (GStrv) parts = g_strsplit_set (folded, " \t\n,;", -1);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  for (guint i = 0; parts[i]; i++)
    if (parts[i][0])
      g_strv_builder_add (words, parts[i]);
  return g_strv_builder_end (words);
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
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GArray) hits = g_array_new (FALSE, FALSE, sizeof (Hit));
  g_auto (GStrv) words = fold_words (text);

  g_array_set_clear_func (hits, hit_clear);
  for (const char *const *name = types ? types : catalogue; words[0] && *name; name++)
    {
      const BstRecordType *type = bst_record_type_find (*name);

      if (type && !search_type (storage, type, words, hits, error))
        return NULL;
    }
  g_array_sort (hits, compare_hits);
  for (guint i = 0; i < hits->len && i < limit; i++)
    g_ptr_array_add (found, g_variant_ref (g_array_index (hits, Hit, i).hit));
  return g_steal_pointer (&found);
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
