/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people do in it. */

#include "bst-weather.h"

#include "bst-error.h"

void
bst_deed_free (BstDeed *deed)
{
  g_free (deed->order);
  g_free (deed->id);
  g_free (deed);
}

static void
remember (BstWeather *weather, guint who, const char *order, const char *id)
{
  BstDeed *deed = g_new0 (BstDeed, 1);

  deed->order = g_strdup (order);
  deed->id = g_strdup (id);
  deed->step = weather->step;
  g_ptr_array_add (weather->deeds[who], deed);
}

/* ---- what people do ---- */

/* A replica that is begun anew has no catalogue, and knows no roles, until the next good line. */
static gboolean
has_catalogue (BstWeather *weather, guint who)
{
  g_autoptr (GVariant) service =
      bst_store_get (weather->computers[who]->store, "Service", "chair", NULL);

  return service != NULL;
}

static void
order (BstWeather *weather, guint who, char *(*make) (BstComputer *, const char *, const char *) )
{
  g_autofree char *title = g_strdup_printf ("Bestilling %u", weather->step);
  g_autofree char *uid = NULL;

  if (!has_catalogue (weather, who))
    return;
  uid = make (weather->computers[who], "s1", title);
  bst_ledger_add_order (weather->ledger, uid);
  bst_ledger_add_title (weather->ledger, uid, title);
  remember (weather, who, NULL, uid);
}

void
bst_weather_order (BstWeather *weather, guint who)
{
  order (weather, who, bst_computer_order);
}

void
bst_weather_order_with_file (BstWeather *weather, guint who)
{
  order (weather, who, bst_computer_order_with_file);
}

/* Not where a right that was withdrawn is known to be. */
static gboolean
say (BstWeather *weather, guint who, const char *uid, const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "request", "s", uid);
  g_variant_dict_insert (&dict, "action", "s", "message");
  g_variant_dict_insert (&dict, "text", "s", text);
  bst_store_add_event (weather->computers[who]->store, g_variant_dict_end (&dict), &error);
  if (!g_error_matches (error, BST_ERROR, BST_ERROR_FORBIDDEN))
    g_assert_no_error (error);
  return !error;
}

void
bst_weather_message (BstWeather *weather, guint who)
{
  GPtrArray *orders = weather->deeds[bst_weather_below (weather, BST_WEATHER_COMPUTERS)];
  const BstDeed *deed =
      orders->len ? orders->pdata[bst_weather_below (weather, orders->len)] : NULL;
  g_autoptr (GVariant) order =
      deed ? bst_computer_get (weather->computers[who], deed->order ? deed->order : deed->id)
           : NULL;
  g_autofree char *text = g_strdup_printf ("Besked %u", weather->messages++);
  const char *uid;

  if (!order || !has_catalogue (weather, who))
    return;
  uid = bst_doc_get_string (order, "id");
  if (!say (weather, who, uid, text))
    return;
  bst_ledger_add_message (weather->ledger, uid, text);
  remember (weather, who, uid, text);
}

/* A refused step is dropped and done once more. */
static void
mend_step (BstWeather *weather, guint who, const BstOutboxItem *item)
{
  const char *text = bst_doc_get_string (item->content, "text");
  g_autoptr (GError) error = NULL;

  bst_store_discard_refused (weather->computers[who]->store, item->seq, &error);
  g_assert_no_error (error);
  bst_computer_step (weather->computers[who], item->request, "message", text);
}

static void
mend_order (BstWeather *weather, guint who, const char *uid)
{
  g_autoptr (GVariant) order = bst_computer_get (weather->computers[who], uid);

  bst_computer_mend (weather->computers[who], uid, bst_doc_get_string (order, "title"));
}

void
bst_weather_mend (BstWeather *weather, guint who)
{
  g_autoptr (GPtrArray) items = bst_store_outbox (weather->computers[who]->store, NULL);
  g_autoptr (GHashTable) mended = g_hash_table_new (g_str_hash, g_str_equal);

  if (!has_catalogue (weather, who) || weather->no_rights >= 0)
    return;
  for (guint i = 0; i < items->len; i++)
    {
      const BstOutboxItem *item = items->pdata[i];

      if (item->state != BST_OUTBOX_REFUSED)
        continue;
      if (g_strcmp0 (bst_doc_get_string (item->content, "action"), "message") == 0)
        mend_step (weather, who, item);
      else if (g_hash_table_add (mended, item->request))
        mend_order (weather, who, item->request);
    }
}
