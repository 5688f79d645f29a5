/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What happens to computers, to the server, and to what it knows. */

#include "bst-weather.h"

#include "bst-process.h"

#include <glib/gstdio.h>

void
bst_weather_restart (BstWeather *weather, guint who)
{
  bst_computer_shut (weather->computers[who]);
  bst_computer_open (weather->computers[who]);
}

void
bst_weather_skew (BstWeather *weather, guint who)
{
  weather->computers[who]->skew_ms =
      ((gint64) bst_weather_below (weather, 17520) - 8760) * 3600 * 1000; /* within a year */
}

void
bst_weather_lose_replica (BstWeather *weather, guint who)
{
  static const char *const files[] = { "replica.db", "replica.db-wal", "replica.db-shm" };
  BstComputer *computer = weather->computers[who];
  g_autoptr (GError) error = NULL;

  bst_computer_shut (computer);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *file = g_build_filename (computer->directory, files[i], NULL);

      g_unlink (file);
    }
  bst_computer_open (computer);
  error = bst_computer_try (computer); /* the catalogue, so that she can order again */
  g_assert_no_error (error);
  weather->unsure[who] = FALSE;
}

static char *
copy_of (BstWeather *weather, guint who)
{
  return g_strdup_printf ("%s/copy-%u", bst_world_directory (weather->world), who);
}

static void
do_copy (BstWeather *weather, guint who)
{
  g_autofree char *copy = copy_of (weather, who);

  bst_computer_shut (weather->computers[who]);
  bst_world_remove_tree (copy);
  bst_world_copy_tree (weather->computers[who]->directory, copy);
  bst_computer_open (weather->computers[who]);
  weather->copied[who] = (gint) weather->step;
}

/* What was done since and never left is gone with the disk: nobody can bring it back. */
static void
forget_since (BstWeather *weather, guint who)
{
  GPtrArray *deeds = weather->deeds[who];

  for (guint i = deeds->len; i-- > 0;)
    {
      const BstDeed *deed = deeds->pdata[i];

      if ((gint) deed->step < weather->copied[who] ||
          bst_ledger_is_received (weather->ledger, deed->order != NULL, deed->id))
        continue;
      bst_ledger_forget (weather->ledger, deed->id);
      g_ptr_array_remove_index (deeds, i);
    }
}

/* What was in the same bag as the computer. */
static void
drop_sticks (BstWeather *weather, guint who)
{
  for (guint i = weather->parcels->len; i-- > 0;)
    if (((BstStick *) weather->parcels->pdata[i])->who == who)
      g_ptr_array_remove_index (weather->parcels, i);
}

static void
do_go_back (BstWeather *weather, guint who)
{
  g_autofree char *copy = copy_of (weather, who);
  BstComputer *computer = weather->computers[who];

  if (weather->copied[who] < 0)
    return;
  bst_computer_shut (computer);
  bst_world_remove_tree (computer->directory);
  bst_world_copy_tree (copy, computer->directory);
  bst_computer_open (computer);
  forget_since (weather, who);
  drop_sticks (weather, who);
}

/* ---- what happens to the server ---- */

void
bst_weather_restart_server (BstWeather *weather, guint who)
{
  if (weather->child && bst_weather_below (weather, 2))
    bst_world_kill (weather->world);
  else
    bst_world_stop (weather->world);
  bst_world_start (weather->world);
}

static void
do_restore_server (BstWeather *weather)
{
  if (!weather->backed_up)
    {
      bst_world_backup (weather->world, "backup.db");
      weather->backed_up = TRUE;
      weather->no_rights_then = weather->no_rights;
      return;
    }
  bst_world_stop (weather->world);
  bst_world_restore (weather->world, "backup.db");
  bst_world_start (weather->world);
  weather->no_rights = weather->no_rights_then;
  for (guint i = 0; i < BST_WEATHER_COMPUTERS; i++)
    weather->unsure[i] = TRUE;
}

void
bst_weather_old_copy (BstWeather *weather, guint who)
{
  if (!weather->client_goes_back)
    do_restore_server (weather);
  else if (bst_weather_below (weather, 2))
    do_copy (weather, who);
  else
    do_go_back (weather, who);
}

/* In the midst of a round, or of nothing. */
void
bst_weather_kill (BstWeather *weather, guint who)
{
  BstComputer *computer = weather->computers[who];
  BstProcess *process;
  gint64 up;

  bst_computer_shut (computer);
  process = bst_process_new (computer);
  bst_fault_proxy_passed (bst_world_proxy (weather->world), &up, NULL);
  bst_process_tell (process, "sync");
  bst_fault_proxy_wait_up (bst_world_proxy (weather->world), up + bst_weather_below (weather, 3000),
                           1);
  bst_process_kill (process);
  bst_computer_open (computer);
}

/* Another price: what was ordered at the old one comes back. */
void
bst_weather_price (BstWeather *weather, guint who)
{
  weather->version++;
  bst_world_set_price (weather->world, 15000 + weather->version * 100, weather->version);
}

static void
set_rights (BstWeather *weather, const char *person, gboolean given)
{
  g_autofree char *json = g_strdup_printf (
      "{'id':'%s','name':'Prøve','unit':'d1','grants':{%s}}", person,
      given ? "'g':{'role':'orderer','unit':'d1'}" : "'g':{'role':'receiver','unit':'d1'}");

  bst_world_put (weather->world, "Person", json);
}

/* A right is withdrawn, or given back. */
void
bst_weather_rights (BstWeather *weather, guint who)
{
  if (weather->no_rights >= 0)
    {
      set_rights (weather, weather->computers[weather->no_rights]->person, TRUE);
      weather->no_rights = -1;
      return;
    }
  weather->no_rights = (gint) who;
  set_rights (weather, weather->computers[who]->person, FALSE);
}
