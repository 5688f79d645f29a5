/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-simulate.h"

#include "bst-error.h"
#include "bst-org.h"
#include "bst-storage-terms.h"

#include <math.h>
#include <string.h>

/* A unit that is named orders as much as so many others. */
#define FAVOUR 14.0

static void
service_free (gpointer data)
{
  BstSimService *service = data;

  g_variant_unref (service->doc);
  g_free (service);
}

static void
unit_free (gpointer data)
{
  BstSimUnit *unit = data;

  g_variant_unref (unit->doc);
  g_ptr_array_unref (unit->orderers);
  g_ptr_array_unref (unit->approvers);
  g_ptr_array_unref (unit->people);
  g_free (unit);
}

static void
queue_free (gpointer data)
{
  BstSimQueue *queue = data;

  g_ptr_array_unref (queue->people);
  g_array_unref (queue->servers);
  g_free (queue);
}

void
bst_sim_world_free (BstSimWorld *world)
{
  g_rand_free (world->rand);
  g_clear_pointer (&world->org, bst_org_unref);
  g_hash_table_unref (world->queues);
  g_ptr_array_unref (world->services);
  g_ptr_array_unref (world->units);
  g_ptr_array_unref (world->bundles);
  g_hash_table_unref (world->people);
  g_hash_table_unref (world->calendars);
  g_free (world);
}

/* ---- chance ---- */

gboolean
bst_sim_chance (BstSimWorld *world, double share)
{
  return g_rand_double (world->rand) < share;
}

double
bst_sim_spread (BstSimWorld *world, double median, double sigma)
{
  double one = 1.0 - g_rand_double (world->rand);
  double other = g_rand_double (world->rand);

  return median * exp (sigma * sqrt (-2 * log (one)) * cos (2 * G_PI * other));
}

gpointer
bst_sim_pick (BstSimWorld *world, GPtrArray *from)
{
  return from->len ? from->pdata[g_rand_int_range (world->rand, 0, (gint32) from->len)] : NULL;
}

/* ---- looking up ---- */

BstCalendar *
bst_sim_calendar (const char *id, gpointer closure)
{
  BstSimWorld *world = closure;

  return id ? g_hash_table_lookup (world->calendars, id) : world->office;
}

BstSimService *
bst_sim_service (BstSimWorld *world, const char *id)
{
  for (guint i = 0; id && i < world->services->len; i++)
    if (strcmp (((BstSimService *) world->services->pdata[i])->id, id) == 0)
      return world->services->pdata[i];
  return NULL;
}

BstSimUnit *
bst_sim_unit (BstSimWorld *world, const char *id)
{
  for (guint i = 0; id && i < world->units->len; i++)
    if (strcmp (((BstSimUnit *) world->units->pdata[i])->id, id) == 0)
      return world->units->pdata[i];
  return NULL;
}

/* ---- what there is ---- */

static gboolean
keep_cb (GVariant *record, gpointer closure)
{
  g_ptr_array_add (closure, g_variant_ref (record));
  return TRUE;
}

static GPtrArray *
load (BstStorage *storage, const char *type, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);

  return bst_storage_each (storage, type, keep_cb, records, error) ? g_steal_pointer (&records)
                                                                   : NULL;
}

static gboolean
load_calendars (BstSimWorld *world, GError **error)
{
  g_autoptr (GPtrArray) docs = load (world->storage, "Calendar", error);

  for (guint i = 0; docs && i < docs->len; i++)
    {
      const char *id = bst_doc_get_string (docs->pdata[i], "id");
      BstCalendar *calendar = bst_calendar_new (docs->pdata[i], error);

      if (!calendar)
        return FALSE;
      g_hash_table_insert (world->calendars, g_strdup (id), calendar);
    }
  return docs != NULL;
}

/* The kinds of units whose orderers may order it: 1: departments, 2: institutions. */
static guint
read_kinds (GVariant *service)
{
  g_auto (GStrv) kinds = bst_doc_get_strv (service, "orderableBy/unitKinds");
  g_auto (GStrv) units = bst_doc_get_strv (service, "orderableBy/units");
  g_auto (GStrv) roles = bst_doc_get_strv (service, "orderableBy/roles");
  const char *const *names = (const char *const *) kinds;

  if (*units || (*roles && !g_strv_contains ((const char *const *) roles, "orderer")))
    return 0;
  return !*kinds ? 3
                 : (guint) g_strv_contains (names, "department") +
                       2 * (guint) g_strv_contains (names, "institution");
}

/* Everyday things are asked for often: most orders are for a few services. Every fifth service is late as a rule. */
static void
add_service (BstSimWorld *world, GVariant *doc)
{
  BstSimService *service = g_new0 (BstSimService, 1);
  double rank = g_rand_double_range (world->rand, 0.02, 1.0);

  service->doc = g_variant_ref (doc);
  service->id = bst_doc_get_string (service->doc, "id");
  service->performer = bst_doc_get_string (service->doc, "responsible/performer");
  service->weight = 1.0 / rank;
  service->kinds = read_kinds (service->doc);
  service->lateness = bst_sim_chance (world, 0.18) ? g_rand_double_range (world->rand, 0.8, 1.05)
                                                   : g_rand_double_range (world->rand, 0.25, 0.6);
  g_ptr_array_add (world->services, service);
}

static gboolean
load_services (BstSimWorld *world, GError **error)
{
  g_autoptr (GPtrArray) docs = load (world->storage, "Service", error);

  for (guint i = 0; docs && i < docs->len; i++)
    {
      const char *calendar = bst_doc_get_string (docs->pdata[i], "promise/calendar");

      if (!bst_doc_has (docs->pdata[i], "responsible/performer") ||
          bst_doc_has (docs->pdata[i], "validTo"))
        continue;
      add_service (world, docs->pdata[i]);
      if (!world->office)
        world->office = calendar ? g_hash_table_lookup (world->calendars, calendar) : NULL;
    }
  if (!docs)
    return FALSE;
  if (world->services->len > 0 && world->office)
    return TRUE;
  g_set_error (error, BST_ERROR, BST_ERROR_INVALID,
               "there is no catalogue whose services promise anything; import one first");
  return FALSE;
}

static BstSimQueue *
find_queue (BstSimWorld *world, const char *id)
{
  BstSimQueue *queue = g_hash_table_lookup (world->queues, id);

  if (queue)
    return queue;
  queue = g_new0 (BstSimQueue, 1);
  queue->id = id;
  queue->people = g_ptr_array_new ();
  queue->servers = g_array_new (FALSE, TRUE, sizeof (gint64));
  queue->busy = bst_sim_chance (world, 0.15) ? g_rand_double_range (world->rand, 0.9, 0.97)
                                             : g_rand_double_range (world->rand, 0.35, 0.65);
  g_hash_table_insert (world->queues, (gpointer) id, queue);
  return queue;
}

static void
add_unit (BstSimWorld *world, GVariant *doc, const char *const *favoured)
{
  const char *kind = bst_doc_get_string (doc, "kind");
  BstSimUnit *unit;

  if (g_strcmp0 (kind, "institution") != 0 && g_strcmp0 (kind, "department") != 0)
    return;
  unit = g_new0 (BstSimUnit, 1);
  unit->doc = g_variant_ref (doc);
  unit->id = bst_doc_get_string (unit->doc, "id");
  unit->kind = g_strcmp0 (kind, "department") == 0 ? 1 : 2;
  unit->weight = bst_sim_spread (world, 1.0, 0.6);
  if (favoured && g_strv_contains (favoured, unit->id))
    unit->weight = FAVOUR;
  unit->orderers = g_ptr_array_new ();
  unit->approvers = g_ptr_array_new ();
  unit->people = g_ptr_array_new ();
  g_ptr_array_add (world->units, unit);
}

static gboolean
load_units (BstSimWorld *world, const char *const *favoured, GError **error)
{
  g_autoptr (GPtrArray) docs = load (world->storage, "OrgUnit", error);

  world->org = docs ? bst_org_new (docs, error) : NULL;
  if (!world->org)
    return FALSE;
  for (guint i = 0; i < docs->len; i++)
    add_unit (world, docs->pdata[i], favoured);
  for (guint i = 0; favoured && favoured[i]; i++)
    if (!bst_sim_unit (world, favoured[i]))
      {
        g_set_error (error, BST_ERROR, BST_ERROR_NOT_FOUND, "there is no unit “%s” that orders",
                     favoured[i]);
        return FALSE;
      }
  return TRUE;
}

/* ---- people ---- */

static void
place_person (BstSimWorld *world, GVariant *person)
{
  const char *id = bst_doc_get_string (person, "id");
  BstSimUnit *own = bst_sim_unit (world, bst_doc_get_string (person, "unit"));
  g_autoptr (GHashTable) visible = bst_org_visible_units (world->org, person);

  if (own)
    g_ptr_array_add (own->people, (gpointer) id);
  for (guint i = 0; i < world->units->len; i++)
    {
      BstSimUnit *unit = world->units->pdata[i];
      BstRole roles = g_hash_table_contains (visible, unit->id)
                          ? bst_org_roles (world->org, person, unit->id)
                          : BST_ROLE_NONE;

      /* Who orders for all of a department does so mostly for herself. */
      if ((roles & BST_ROLE_ORDERER) && (unit == own || unit->orderers->len < 2))
        g_ptr_array_add (unit->orderers, (gpointer) id);
      if (roles & BST_ROLE_APPROVER)
        g_ptr_array_add (unit->approvers, (gpointer) id);
    }
}

static void
place_performer (BstSimWorld *world, GVariant *person)
{
  GHashTableIter iter;
  gpointer id, queue;

  if (!(bst_org_roles (world->org, person, NULL) & BST_ROLE_PERFORMER))
    return;
  g_hash_table_iter_init (&iter, world->queues);
  while (g_hash_table_iter_next (&iter, &id, &queue))
    if (bst_org_has_role (world->org, person, BST_ROLE_PERFORMER, id))
      g_ptr_array_add (((BstSimQueue *) queue)->people,
                       (gpointer) bst_doc_get_string (person, "id"));
}

static gboolean
load_people (BstSimWorld *world, GError **error)
{
  g_autoptr (GPtrArray) docs = load (world->storage, "Person", error);

  for (guint i = 0; i < world->services->len; i++)
    find_queue (world, ((BstSimService *) world->services->pdata[i])->performer);
  for (guint i = 0; docs && i < docs->len; i++)
    {
      GVariant *person = g_variant_ref (docs->pdata[i]);

      g_hash_table_insert (world->people, (gpointer) bst_doc_get_string (person, "id"), person);
      place_person (world, person);
      place_performer (world, person);
    }
  return docs != NULL;
}

/* Units where nobody orders order nothing; queues at which nobody works deliver nothing. */
static gboolean
drop_empty (BstSimWorld *world, GError **error)
{
  for (guint i = world->units->len; i > 0; i--)
    if (((BstSimUnit *) world->units->pdata[i - 1])->orderers->len == 0)
      g_ptr_array_remove_index (world->units, i - 1);
  for (guint i = world->services->len; i > 0; i--)
    {
      const BstSimService *service = world->services->pdata[i - 1];

      if (((BstSimQueue *) g_hash_table_lookup (world->queues, service->performer))->people->len ==
          0)
        g_ptr_array_remove_index (world->services, i - 1);
    }
  if (world->units->len > 0 && world->services->len > 0)
    return TRUE;
  g_set_error (error, BST_ERROR, BST_ERROR_INVALID,
               "nobody may order, or nobody performs; import people first");
  return FALSE;
}

static gboolean
load_bundles (BstSimWorld *world, GError **error)
{
  g_autoptr (GPtrArray) docs = load (world->storage, "Bundle", error);

  for (guint i = 0; docs && i < docs->len; i++)
    if (g_strcmp0 (bst_doc_get_string (docs->pdata[i], "purpose"), "joiner") == 0)
      g_ptr_array_add (world->bundles, g_variant_ref (docs->pdata[i]));
  return docs != NULL;
}

BstSimWorld *
bst_sim_world_new (BstStorage *storage,
                   guint32 seed,
                   gint64 from,
                   gint64 to,
                   const char *const *favoured,
                   GError **error)
{
  g_autoptr (BstSimWorld) world = g_new0 (BstSimWorld, 1);
  g_autoptr (GVariant) settings = bst_storage_get_settings (storage, error);
  GDestroyNotify unref = (GDestroyNotify) g_variant_unref;

  world->storage = storage;
  world->rand = g_rand_new_with_seed (seed);
  world->from = from;
  world->to = to;
  world->language = g_strcmp0 (bst_doc_get_string (settings, "country"), "NO") == 0 ? "nb" : "da";
  world->calendars =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) bst_calendar_unref);
  world->services = g_ptr_array_new_with_free_func (service_free);
  world->units = g_ptr_array_new_with_free_func (unit_free);
  world->queues = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, queue_free);
  world->people = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, unref);
  world->bundles = g_ptr_array_new_with_free_func (unref);
  if (!bst_storage_read_terms (storage, error) || !load_calendars (world, error) ||
      !load_services (world, error) || !load_units (world, favoured, error) ||
      !load_people (world, error) || !drop_empty (world, error) || !load_bundles (world, error))
    return NULL;
  return g_steal_pointer (&world);
}
