/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-doc.h"

#include "bst-error.h"

#include <string.h>

static gboolean
is_map (GVariant *value)
{
  return value && g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT);
}

static gboolean
path_within (const char *path, const char *ancestor)
{
  gsize len = strlen (ancestor);

  return strncmp (path, ancestor, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

/* RFC 8620 §5.3: all parents must exist, and no path may lead into another. */
static gboolean
check_patch_path (GVariant *doc, GVariant *patch, const char *path, GError **error)
{
  const char *slash = strrchr (path, '/');
  GVariantIter iter;
  const char *other;

  if (slash)
    {
      g_autofree char *parent = g_strndup (path, (gsize) (slash - path));
      g_autoptr (GVariant) there = bst_doc_lookup (doc, parent);

      if (!is_map (there))
        {
          g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "%s: its parent is no object", path);
          return FALSE;
        }
    }
  g_variant_iter_init (&iter, patch);
  while (g_variant_iter_next (&iter, "{&sv}", &other, NULL))
    if (strcmp (other, path) != 0 && path_within (path, other))
      {
        g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "%s: lies within %s", path, other);
        return FALSE;
      }
  return TRUE;
}

GVariant *
bst_doc_patch (GVariant *doc, GVariant *patch, GError **error)
{
  g_autoptr (GVariant) result = g_variant_ref (doc);
  GVariantIter iter;
  const char *path;
  GVariant *value;

  g_variant_iter_init (&iter, patch);
  while (g_variant_iter_next (&iter, "{&sv}", &path, &value))
    {
      g_autoptr (GVariant) held = value;

      if (!check_patch_path (doc, patch, path, error))
        return NULL;
      bst_doc_replace (&result, bst_doc_set (result, path, bst_value_is_null (held) ? NULL : held));
    }
  return g_steal_pointer (&result);
}

static void
diff_into (GVariantDict *patch, const char *prefix, GVariant *from, GVariant *to)
{
  GVariantIter iter;
  const char *key;
  GVariant *value;

  g_variant_iter_init (&iter, to);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &value))
    {
      g_autoptr (GVariant) new_value = value;
      g_autoptr (GVariant) old_value = g_variant_lookup_value (from, key, NULL);
      g_autofree char *escaped = bst_path_escape (key);
      g_autofree char *path = g_strconcat (prefix, escaped, NULL);
      g_autofree char *inside = g_strconcat (path, "/", NULL);

      if (is_map (old_value) && is_map (new_value))
        diff_into (patch, inside, old_value, new_value);
      else if (!old_value || !bst_doc_equal (old_value, new_value))
        g_variant_dict_insert_value (patch, path, new_value);
    }

  g_variant_iter_init (&iter, from);
  while (g_variant_iter_next (&iter, "{&sv}", &key, NULL))
    {
      g_autoptr (GVariant) still = g_variant_lookup_value (to, key, NULL);
      g_autofree char *escaped = bst_path_escape (key);
      g_autofree char *path = g_strconcat (prefix, escaped, NULL);
      g_autoptr (GVariant) null = bst_doc_null ();

      if (!still)
        g_variant_dict_insert_value (patch, path, null);
    }
}

GVariant *
bst_doc_diff (GVariant *from, GVariant *to)
{
  GVariantDict patch;

  g_variant_dict_init (&patch, NULL);
  diff_into (&patch, "", from, to);
  return bst_doc_take (g_variant_dict_end (&patch));
}

/*
 * Whether @theirs did nothing to @path, or to what it lies in, and only removed things inside it: then who
 * replaces or removes the whole takes nothing away from them.
 */
static gboolean
only_removes_inside (GVariant *theirs, const char *path)
{
  GVariantIter iter;
  const char *other;
  GVariant *value;

  g_variant_iter_init (&iter, theirs);
  while (g_variant_iter_next (&iter, "{&sv}", &other, &value))
    {
      g_autoptr (GVariant) held = value;
      gboolean inside = path_within (other, path) && strcmp (other, path) != 0;

      if (path_within (path, other) || (inside && !bst_value_is_null (held)))
        return FALSE;
    }
  return TRUE;
}

GVariant *
bst_doc_merge (GVariant *base, GVariant *mine, GVariant *theirs, char ***ret_conflicts)
{
  g_autoptr (GVariant) my_patch = bst_doc_diff (base, mine);
  g_autoptr (GVariant) their_patch = bst_doc_diff (base, theirs);
  g_autoptr (GVariant) merged = g_variant_ref (theirs);
  g_autoptr (GStrvBuilder) conflicts = g_strv_builder_new ();
  GVariantIter iter;
  const char *path;
  GVariant *value;

  g_variant_iter_init (&iter, my_patch);
  while (g_variant_iter_next (&iter, "{&sv}", &path, &value))
    {
      g_autoptr (GVariant) mine_here = value;
      g_autoptr (GVariant) theirs_here = bst_doc_lookup (theirs, path);
      gboolean removed = bst_value_is_null (mine_here);

      if (only_removes_inside (their_patch, path))
        bst_doc_replace (&merged, bst_doc_set (merged, path, removed ? NULL : mine_here));
      else if (removed ? theirs_here != NULL
                       : !theirs_here || !bst_doc_equal (mine_here, theirs_here))
        g_strv_builder_add (conflicts, path);
    }
  *ret_conflicts = g_strv_builder_end (conflicts);
  return g_steal_pointer (&merged);
}
