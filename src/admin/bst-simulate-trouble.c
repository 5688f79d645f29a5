/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Disturbances: they are told by a notice, and what was to be begun then waits. */

#include "bst-simulate.h"

#include <string.h>

#define HOUR         3600
#define SERVICES_MAX 6

static GVariant *
services_of (BstSimWorld *world, const BstSimQueue *queue)
{
  GVariantBuilder list;
  guint n = 0;

  g_variant_builder_init (&list, G_VARIANT_TYPE ("av"));
  for (guint i = 0; i < world->services->len && n < SERVICES_MAX; i++)
    {
      const BstSimService *service = world->services->pdata[i];

      if (strcmp (service->performer, queue->id) != 0)
        continue;
      g_variant_builder_add (&list, "v", g_variant_new_string (service->id));
      n++;
    }
  return g_variant_builder_end (&list);
}

static gboolean
tell (BstSimWorld *world, const BstSimQueue *queue, GError **error)
{
  g_autofree char *from = bst_instant_format (queue->down_from);
  g_autofree char *to = bst_instant_format (queue->down_to);
  g_autofree char *id = g_strconcat ("notice-", queue->id, "-", from, NULL);
  g_autofree char *title = g_strdup_printf ("%s: %s", bst_org_unit_name (world->org, queue->id),
                                            bst_sim_words (world, BST_SIM_TROUBLE));
  g_autoptr (GVariant) titles = bst_doc_set_string (NULL, world->language, title);
  g_autoptr (GVariant) notice = bst_doc_set_string (NULL, "id", id);
  BstPutResult result;

  bst_doc_replace (&notice, bst_doc_set_string (notice, "kind", "disturbance"));
  bst_doc_replace (&notice, bst_doc_set (notice, "title", titles));
  bst_doc_replace (&notice, bst_doc_set_string (notice, "from", from));
  bst_doc_replace (&notice, bst_doc_set_string (notice, "to", to));
  bst_doc_replace (&notice, bst_doc_set (notice, "services", services_of (world, queue)));
  return bst_storage_put (world->storage, bst_record_type_find ("Notice"), notice, &result, error);
}

/* The services' order is that of the catalogue; a table of queues has none that lasts. */
gboolean
bst_sim_disturb (BstSimWorld *world, GError **error)
{
  for (guint i = 0; i < world->services->len; i++)
    {
      const BstSimService *service = world->services->pdata[i];
      BstSimQueue *queue = g_hash_table_lookup (world->queues, service->performer);
      gint64 span = world->to - world->from;

      if (queue->down_from || !bst_sim_chance (world, 0.04))
        continue;
      queue->down_from = world->from + (gint64) (g_rand_double (world->rand) * 0.9 * (double) span);
      queue->down_to = bst_calendar_due (world->office, queue->down_from,
                                         g_rand_int_range (world->rand, 6, 30) * HOUR);
      if (queue->down_to < world->to && !tell (world, queue, error))
        return FALSE;
    }
  return TRUE;
}
