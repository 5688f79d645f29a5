/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * An order that two changed at once. What different fields say is taken together; where both changed the same, both are
 * kept, and a person decides. Nothing here looks at a clock.
 */

#include "bst-request.h"

#include <string.h>

static const char *const amendable[] = { "title",     "need",        "place",     "wantedDate",
                                         "receivers", "attachments", "costPlace", NULL };

gboolean
bst_request_may_amend (const char *path)
{
  gsize len = strcspn (path, "/");

  for (const char *const *name = amendable; *name; name++)
    if (strncmp (path, *name, len) == 0 && (*name)[len] == '\0')
      return TRUE;
  return FALSE;
}

/* ---- what both added ---- */

/* "l2" -> "l3", … : one that neither has. */
static char *
free_key (const char *key, GVariant *mine, GVariant *theirs)
{
  gsize stem = strlen (key);

  while (stem > 0 && g_ascii_isdigit (key[stem - 1]))
    stem--;
  for (guint i = 1;; i++)
    {
      g_autofree char *next = g_strdup_printf ("%.*s%u", (int) stem, key, i);
      g_autoptr (GVariant) in_mine = g_variant_lookup_value (mine, next, NULL);
      g_autoptr (GVariant) in_theirs = g_variant_lookup_value (theirs, next, NULL);

      if (!in_mine && !in_theirs)
        return g_steal_pointer (&next);
    }
}

/* Two lines that were added under the same key are two lines. */
static GVariant *
part_apart (GVariant *base, GVariant *mine, GVariant *theirs, const char *name)
{
  g_autoptr (GVariant) before = bst_doc_get_map (base, name);
  g_autoptr (GVariant) there = bst_doc_get_map (theirs, name);
  g_autoptr (GVariant) here = bst_doc_get_map (mine, name);
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (here);
  gboolean any = FALSE;
  GVariantIter iter;
  const char *key;
  GVariant *value;

  g_variant_iter_init (&iter, here);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &value))
    {
      g_autoptr (GVariant) held = value;
      g_autoptr (GVariant) old = g_variant_lookup_value (before, key, NULL);
      g_autoptr (GVariant) other = g_variant_lookup_value (there, key, NULL);
      g_autofree char *fresh = NULL;

      if (old || !other || bst_doc_equal (held, other))
        continue;
      fresh = free_key (key, here, there);
      g_variant_dict_remove (&dict, key);
      g_variant_dict_insert_value (&dict, fresh, held);
      any = TRUE;
    }
  return any ? bst_doc_set (mine, name, g_variant_dict_end (&dict)) : g_variant_ref (mine);
}

static GVariant *
parts_apart (GVariant *base, GVariant *mine, GVariant *theirs)
{
  const BstRecordType *type = bst_record_type_find ("Request");
  GVariant *apart = g_variant_ref (mine);

  for (const BstField *field = type->fields; field->name; field++)
    if (field->kind == BST_FIELD_MAP && field->part && !(field->flags & BST_FIELD_SERVER))
      bst_doc_replace (&apart, part_apart (base, apart, theirs, field->name));
  return apart;
}

/* ---- what both changed ---- */

/*
 * The place that a person can decide about: a receiver, a file, a line, or one of the things that are asked about a line.
 * What lies in something that @theirs has no more is decided with it.
 */
static char *
decidable (const char *path, GVariant *theirs)
{
  g_auto (GStrv) keys = g_strsplit (path, "/", -1);
  guint n = g_strv_length (keys);
  guint keep = 1;
  g_autoptr (GVariant) there = NULL;
  g_autofree char *whole = NULL;

  if (n > 1)
    {
      whole = g_strjoin ("/", keys[0], keys[1], NULL);
      there = bst_doc_lookup (theirs, whole);
      keep = 2;
    }
  if (n > 2 && there && strcmp (keys[0], "lines") == 0)
    keep = strcmp (keys[2], "answers") == 0 && n > 3                                  ? 4
           : strcmp (keys[2], "quantity") == 0 || strcmp (keys[2], "wantedDate") == 0 ? 3
                                                                                      : 2;
  for (guint i = keep; i < n; i++)
    g_clear_pointer (&keys[i], g_free);
  return g_strjoinv ("/", keys);
}

/* What is kept beside the answers for their words is not asked about: theirs stands. */
static gboolean
is_beside (const char *path)
{
  g_auto (GStrv) keys = g_strsplit (path, "/", 4);

  return g_strv_length (keys) > 2 && strcmp (keys[0], "lines") == 0 &&
         strcmp (keys[2], "asked") == 0;
}

static void
insert_value (GVariantDict *dict, const char *key, GVariant *doc, const char *path)
{
  g_autoptr (GVariant) value = bst_doc_lookup (doc, path);

  if (!bst_value_is_null (value))
    g_variant_dict_insert_value (dict, key, value);
}

static GVariant *
conflict_new (const char *path, GVariant *base, GVariant *mine, GVariant *theirs)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&dict, "path", "s", path);
  insert_value (&dict, "base", base, path);
  insert_value (&dict, "mine", mine, path);
  insert_value (&dict, "theirs", theirs, path);
  return g_variant_dict_end (&dict);
}

GVariant *
bst_request_merge (GVariant *base, GVariant *mine, GVariant *theirs, GVariant **ret_conflicts)
{
  const BstRecordType *type = bst_record_type_find ("Request");
  g_autoptr (GVariant) old = bst_record_client_part (base, type);
  g_autoptr (GVariant) there = bst_record_client_part (theirs, type);
  g_autoptr (GVariant) own = bst_record_client_part (mine, type);
  g_autoptr (GVariant) here = parts_apart (old, own, there);
  g_auto (GStrv) paths = NULL;
  g_autoptr (GVariant) merged = bst_doc_merge (old, here, there, &paths);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GVariantBuilder) conflicts = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));
  g_autoptr (GVariant) patch = NULL;

  for (guint i = 0; paths[i]; i++)
    {
      g_autofree char *path = decidable (paths[i], there);
      g_autoptr (GVariant) value = bst_doc_lookup (here, path);

      if (is_beside (paths[i]) || !g_hash_table_add (seen, g_strdup (path)))
        continue;
      bst_doc_replace (&merged,
                       bst_doc_set (merged, path, bst_value_is_null (value) ? NULL : value));
      g_variant_builder_add (&conflicts, "v", conflict_new (path, old, here, there));
    }
  *ret_conflicts = g_variant_ref_sink (g_variant_builder_end (&conflicts));
  patch = bst_doc_diff (there, merged);
  return bst_doc_patch (theirs, patch, NULL);
}

GVariant *
bst_request_both_texts (GVariant *mine, GVariant *theirs)
{
  const char *one, *other;
  gboolean lines;

  if (!mine || !theirs || !g_variant_is_of_type (mine, G_VARIANT_TYPE_STRING) ||
      !g_variant_is_of_type (theirs, G_VARIANT_TYPE_STRING))
    return NULL;
  one = g_variant_get_string (mine, NULL);
  other = g_variant_get_string (theirs, NULL);
  lines = strchr (one, '\n') || strchr (other, '\n') || strlen (one) + strlen (other) > 80;
  return g_variant_ref_sink (
      g_variant_new_take_string (g_strconcat (other, lines ? "\n\n" : " / ", one, NULL)));
}
