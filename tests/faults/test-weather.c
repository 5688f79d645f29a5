/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Whatever comes: three computers, two people, one server, and all that can go wrong, by chance; in the end
 * the sun shines, and everything that was done must be there once. A scenario is its seed:
 *   ./dev faults 1 SEED
 * plays it again, and with G_MESSAGES_DEBUG=all says what happens.
 */

#include "bst-weather.h"

#define N_STEPS 18

guint
bst_weather_below (BstWeather *weather, guint n)
{
  return (guint) g_rand_int_range (weather->chance, 0, (gint32) n);
}

/* ---- a scenario ---- */

/* Of a hundred steps, so many are … */
static const struct
{
  const char *name;
  guint share;
  void (*step) (BstWeather *weather, guint who);
} steps[] = {
  { "order", 19, bst_weather_order },
  { "order with a file", 3, bst_weather_order_with_file },
  { "message", 12, bst_weather_message },
  { "bad round", 24, bst_weather_bad_round },
  { "round", 8, bst_weather_round },
  { "files carried", 9, bst_weather_exchange },
  { "mended", 3, bst_weather_mend },
  { "restart", 3, bst_weather_restart },
  { "killed", 2, bst_weather_kill },
  { "wrong clock", 3, bst_weather_skew },
  { "replica lost", 2, bst_weather_lose_replica },
  { "another price", 2, bst_weather_price },
  { "another right", 3, bst_weather_rights },
  { "server restarted", 3, bst_weather_restart_server },
  { "back to a copy", 4, bst_weather_old_copy },
};

static void
do_step (BstWeather *weather)
{
  guint who = bst_weather_below (weather, BST_WEATHER_COMPUTERS);
  guint what = bst_weather_below (weather, 100);

  for (guint i = 0; i < G_N_ELEMENTS (steps); what -= steps[i++].share)
    if (what < steps[i].share)
      {
        g_debug ("step %u: computer %u: %s", weather->step, who, steps[i].name);
        steps[i].step (weather, who);
        return;
      }
}

static void
all_synchronise (BstWeather *weather)
{
  for (guint i = 0; i < BST_WEATHER_COMPUTERS; i++)
    bst_computer_sync (weather->computers[i]);
}

/* What came back is put right; what a restored server has forgotten comes from the one who did it; the others see it a round later. */
static void
sunshine (BstWeather *weather)
{
  if (weather->no_rights >= 0)
    bst_weather_rights (weather, 0);
  all_synchronise (weather);
  for (guint i = 0; i < BST_WEATHER_COMPUTERS; i++)
    bst_weather_mend (weather, i);
  for (guint round = 0; round < 3; round++)
    all_synchronise (weather);
  for (guint i = 0; i < BST_WEATHER_COMPUTERS; i++)
    {
      bst_ledger_check_told (weather->ledger, weather->computers[i]);
      bst_ledger_check_end (weather->ledger, weather->computers[i]);
    }
}

static void
weather_clear (BstWeather *weather)
{
  for (guint i = 0; i < BST_WEATHER_COMPUTERS; i++)
    {
      bst_computer_free (weather->computers[i]);
      g_ptr_array_unref (weather->deeds[i]);
    }
  g_ptr_array_unref (weather->parcels);
  g_ptr_array_unref (weather->answers);
  bst_ledger_free (weather->ledger);
  bst_world_free (weather->world);
  g_rand_free (weather->chance);
}

static void
play (guint32 seed)
{
  static const char *const names[] = { "desk", "laptop", "colleague" };
  static const char *const people[] = { "orla", "orla", "olga" };
  BstWeather weather = { .seed = seed, .chance = g_rand_new_with_seed (seed) };

  weather.child = seed % 4 == 0;
  weather.no_rights = -1;
  weather.version = 1;
  weather.parcels = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_stick_free);
  weather.answers = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_stick_free);
  weather.client_goes_back = seed % 2 == 0;
  weather.world = bst_world_new (weather.child ? BST_WORLD_CHILD : BST_WORLD_THREAD, seed);
  weather.ledger = bst_ledger_new (weather.world);
  for (guint i = 0; i < BST_WEATHER_COMPUTERS; i++)
    {
      weather.computers[i] = bst_computer_new (weather.world, names[i], people[i]);
      weather.deeds[i] = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_deed_free);
      weather.copied[i] = -1;
      bst_computer_sync (weather.computers[i]);
    }
  for (weather.step = 0; weather.step < N_STEPS; weather.step++)
    do_step (&weather);
  sunshine (&weather);
  weather_clear (&weather);
}

static guint
number_of (const char *variable, guint fallback)
{
  const char *text = g_getenv (variable);

  return text ? (guint) g_ascii_strtoull (text, NULL, 10) : fallback;
}

static void
test_weather (void)
{
  guint n = number_of ("BST_FAULTS_SCENARIOS", 30);
  guint32 first = number_of ("BST_FAULTS_SEED", 1);

  for (guint i = 0; i < n; i++)
    {
      g_print ("# scenario %u of %u: seed %u\n", i + 1, n, first + i);
      play (first + i);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/faults/weather", test_weather);
  return g_test_run ();
}
