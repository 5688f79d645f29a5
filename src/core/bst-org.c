/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-org.h"

#include "bst-doc.h"
#include "bst-error.h"
#include "bst-text.h"

#include <string.h>

typedef struct _Unit Unit;

struct _Unit
{
  GVariant *doc;
  const char *id;
  Unit *parent;
  GPtrArray *children; /* Unit, by name */
  char *collation;
};

struct _BstOrg
{
  gatomicrefcount refs;
  GHashTable *units; /* id -> Unit */
  GPtrArray *roots;
};

static const struct
{
  const char *name;
  BstRole role;
} role_names[] = {
  { "receiver", BST_ROLE_RECEIVER },   { "orderer", BST_ROLE_ORDERER },
  { "approver", BST_ROLE_APPROVER },   { "strategic", BST_ROLE_STRATEGIC },
  { "performer", BST_ROLE_PERFORMER }, { "administrator", BST_ROLE_ADMINISTRATOR },
};

BstRole
bst_role_from_name (const char *name)
{
  for (gsize i = 0; name && i < G_N_ELEMENTS (role_names); i++)
    if (strcmp (role_names[i].name, name) == 0)
      return role_names[i].role;
  return BST_ROLE_NONE;
}

const char *
bst_role_name (BstRole role)
{
  for (gsize i = 0; i < G_N_ELEMENTS (role_names); i++)
    if (role_names[i].role == role)
      return role_names[i].name;
  return NULL;
}

/* ---- the tree ---- */

static void
unit_free (gpointer data)
{
  Unit *unit = data;

  g_variant_unref (unit->doc);
  g_ptr_array_unref (unit->children);
  g_free (unit->collation);
  g_free (unit);
}

static Unit *
unit_new (GVariant *doc, const char *id)
{
  Unit *unit = g_new0 (Unit, 1);
  const char *name = bst_doc_get_string (doc, "name");

  unit->doc = g_variant_ref (doc);
  unit->id = id;
  unit->children = g_ptr_array_new ();
  unit->collation = bst_text_collation_key (name ? name : id, "da");
  return unit;
}

static Unit *
find_unit (BstOrg *org, const char *id)
{
  return id ? g_hash_table_lookup (org->units, id) : NULL;
}

static int
compare_units (gconstpointer a, gconstpointer b)
{
  const Unit *one = *(const Unit *const *) a;
  const Unit *two = *(const Unit *const *) b;
  int order = strcmp (one->collation, two->collation);

  return order ? order : strcmp (one->id, two->id);
}

static gboolean
take_units (BstOrg *org, GPtrArray *docs, GError **error)
{
  for (guint i = 0; i < docs->len; i++)
    {
      const char *id = bst_doc_get_string (docs->pdata[i], "id");

      if (!id || find_unit (org, id))
        {
          g_set_error (error, BST_ERROR, BST_ERROR_INVALID,
                       id ? "Unit %s is there twice" : "A unit has no id%s", id ? id : "");
          return FALSE;
        }
      g_hash_table_insert (org->units, (gpointer) id, unit_new (docs->pdata[i], id));
    }
  return TRUE;
}

/* Sorts before it links, so that the children come out sorted too. */
static void
link_units (BstOrg *org)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer unit;

  g_hash_table_iter_init (&iter, org->units);
  while (g_hash_table_iter_next (&iter, NULL, &unit))
    g_ptr_array_add (all, unit);
  g_ptr_array_sort (all, compare_units);
  for (guint i = 0; i < all->len; i++)
    {
      Unit *child = all->pdata[i];

      child->parent = find_unit (org, bst_doc_get_string (child->doc, "parent"));
      g_ptr_array_add (child->parent ? child->parent->children : org->roots, child);
    }
}

/* What hangs from no root goes round in a circle. */
static gboolean
check_circles (BstOrg *org, GError **error)
{
  g_autoptr (GHashTable) reached = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) todo = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer id;

  g_ptr_array_extend (todo, org->roots, NULL, NULL);
  while (todo->len > 0)
    {
      Unit *unit = g_ptr_array_steal_index (todo, todo->len - 1);

      g_hash_table_add (reached, (gpointer) unit->id);
      g_ptr_array_extend (todo, unit->children, NULL, NULL);
    }
  g_hash_table_iter_init (&iter, org->units);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (!g_hash_table_contains (reached, id))
      {
        g_set_error (error, BST_ERROR, BST_ERROR_INVALID,
                     "Unit %s is its own ancestor, or below one that is", (const char *) id);
        return FALSE;
      }
  return TRUE;
}

gboolean
bst_org_unit_check (GVariant *unit, GError **error)
{
  const char *name = bst_doc_get_string (unit, "timeZone");
  g_autoptr (GTimeZone) zone = name && *name ? g_time_zone_new_identifier (name) : NULL;

  if (zone || !name || !*name)
    return TRUE;
  g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "timeZone: there is no time zone %.60s", name);
  return FALSE;
}

BstOrg *
bst_org_new (GPtrArray *units, GError **error)
{
  g_autoptr (BstOrg) org = g_new0 (BstOrg, 1);

  g_atomic_ref_count_init (&org->refs);
  org->units = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, unit_free);
  org->roots = g_ptr_array_new ();
  if (!take_units (org, units, error))
    return NULL;
  link_units (org);
  if (!check_circles (org, error))
    return NULL;
  return g_steal_pointer (&org);
}

BstOrg *
bst_org_ref (BstOrg *org)
{
  g_atomic_ref_count_inc (&org->refs);
  return org;
}

void
bst_org_unref (BstOrg *org)
{
  if (!g_atomic_ref_count_dec (&org->refs))
    return;
  g_hash_table_unref (org->units);
  g_ptr_array_unref (org->roots);
  g_free (org);
}

GVariant *
bst_org_unit (BstOrg *org, const char *id)
{
  Unit *unit = find_unit (org, id);

  return unit ? unit->doc : NULL;
}

const char *
bst_org_unit_name (BstOrg *org, const char *id)
{
  return bst_doc_get_string (bst_org_unit (org, id), "name");
}

const char *
bst_org_unit_kind (BstOrg *org, const char *id)
{
  return bst_doc_get_string (bst_org_unit (org, id), "kind");
}

const char *
bst_org_parent (BstOrg *org, const char *id)
{
  Unit *unit = find_unit (org, id);

  return unit && unit->parent ? unit->parent->id : NULL;
}

static char **
ids_of (GPtrArray *units)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();

  for (guint i = 0; units && i < units->len; i++)
    g_strv_builder_add (ids, ((Unit *) units->pdata[i])->id);
  return g_strv_builder_end (ids);
}

char **
bst_org_roots (BstOrg *org)
{
  return ids_of (org->roots);
}

char **
bst_org_children (BstOrg *org, const char *id)
{
  Unit *unit = find_unit (org, id);

  return ids_of (unit ? unit->children : NULL);
}

char **
bst_org_chain (BstOrg *org, const char *id)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();

  for (Unit *unit = find_unit (org, id); unit; unit = unit->parent)
    g_strv_builder_add (ids, unit->id);
  return g_strv_builder_end (ids);
}

static void
collect (Unit *unit, GPtrArray *units)
{
  g_ptr_array_add (units, unit);
  for (guint i = 0; i < unit->children->len; i++)
    collect (unit->children->pdata[i], units);
}

char **
bst_org_descendants (BstOrg *org, const char *id)
{
  g_autoptr (GPtrArray) units = g_ptr_array_new ();
  Unit *unit = find_unit (org, id);

  if (unit)
    collect (unit, units);
  return ids_of (units);
}

static gboolean
is_within (Unit *unit, Unit *ancestor)
{
  for (; unit && ancestor; unit = unit->parent)
    if (unit == ancestor)
      return TRUE;
  return FALSE;
}

gboolean
bst_org_is_within (BstOrg *org, const char *id, const char *ancestor)
{
  return is_within (find_unit (org, id), find_unit (org, ancestor));
}

static gboolean
is_kind (Unit *unit, const char *kind)
{
  return g_strcmp0 (bst_doc_get_string (unit->doc, "kind"), kind) == 0;
}

const char *
bst_org_department (BstOrg *org, const char *id)
{
  const char *top = NULL;

  for (Unit *unit = find_unit (org, id); unit; unit = unit->parent)
    {
      top = unit->id;
      if (is_kind (unit, "department"))
        break;
    }
  return top;
}

const char *
bst_org_inherited (BstOrg *org, const char *id, const char *name)
{
  for (Unit *unit = find_unit (org, id); unit; unit = unit->parent)
    {
      const char *value = bst_doc_get_string (unit->doc, name);

      if (value && *value)
        return value;
    }
  return NULL;
}
