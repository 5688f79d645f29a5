/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Whatever comes: three computers, two people, one server, and all that can go wrong, by chance; in the end
 * the sun shines, and everything that was done must be there once. A scenario is its seed:
 *   ./dev faults 1 SEED
 * plays it again, and with G_MESSAGES_DEBUG=all says what happens.
 */

#include "bst-error.h"
#include "bst-ledger.h"

#include <glib/gstdio.h>
#include <string.h>

#define N_COMPUTERS 3
#define N_STEPS     18

typedef struct
{
  char *order; /* nullable: of a message, else the order itself is meant by @id */
  char *id;    /* uid of the order, or text of the message */
  guint step;
} Deed;

typedef struct
{
  guint32 seed;
  GRand *chance;
  BstWorld *world;
  BstLedger *ledger;
  BstComputer *computers[N_COMPUTERS];
  GPtrArray *deeds[N_COMPUTERS]; /* Deed */
  gint copied[N_COMPUTERS];      /* step at which a copy was made; -1 */
  gboolean unsure[N_COMPUTERS];  /* the server forgot, and this computer does not know it yet */
  gboolean child;
  gboolean client_goes_back; /* else the server does */
  gboolean backed_up;
  guint events; /* before the round under way */
  guint step;
  guint messages;
} Weather;

static void
deed_free (Deed *deed)
{
  g_free (deed->order);
  g_free (deed->id);
  g_free (deed);
}

static guint
below (Weather *weather, guint n)
{
  return (guint) g_rand_int_range (weather->chance, 0, (gint32) n);
}

static void
remember (Weather *weather, guint who, const char *order, const char *id)
{
  Deed *deed = g_new0 (Deed, 1);

  deed->order = g_strdup (order);
  deed->id = g_strdup (id);
  deed->step = weather->step;
  g_ptr_array_add (weather->deeds[who], deed);
}

/* ---- what people do ---- */

/* A replica that is begun anew has no catalogue, and knows no roles, until the next good line. */
static gboolean
has_catalogue (Weather *weather, guint who)
{
  g_autoptr (GVariant) service =
      bst_store_get (weather->computers[who]->store, "Service", "chair", NULL);

  return service != NULL;
}

static void
do_order (Weather *weather, guint who)
{
  g_autofree char *title = g_strdup_printf ("Bestilling %u", weather->step);
  g_autofree char *uid = NULL;
  if (!has_catalogue (weather, who))
    return;
  uid = bst_computer_order (weather->computers[who], "s1", title);
  bst_ledger_add_order (weather->ledger, uid);
  bst_ledger_add_title (weather->ledger, uid, title);
  remember (weather, who, NULL, uid);
}

static void
do_message (Weather *weather, guint who)
{
  GPtrArray *orders = weather->deeds[below (weather, N_COMPUTERS)];
  const Deed *deed = orders->len ? orders->pdata[below (weather, orders->len)] : NULL;
  g_autoptr (GVariant) order =
      deed ? bst_computer_get (weather->computers[who], deed->order ? deed->order : deed->id)
           : NULL;
  g_autofree char *text = g_strdup_printf ("Besked %u", weather->messages++);
  const char *uid;

  if (!order || !has_catalogue (weather, who))
    return;
  uid = bst_doc_get_string (order, "id");
  bst_computer_step (weather->computers[who], uid, "message", text);
  bst_ledger_add_message (weather->ledger, uid, text);
  remember (weather, who, uid, text);
}

/* ---- rounds ---- */

static gboolean
is_weather (const GError *error)
{
  static const BstErrorCode codes[] = { BST_ERROR_OFFLINE, BST_ERROR_OUTCOME_UNKNOWN,
                                        BST_ERROR_PORTAL, BST_ERROR_PROTOCOL };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, BST_ERROR, (int) codes[i]))
      return TRUE;
  return FALSE;
}

/* Nothing that was done on a computer vanishes from it, unless the server has it. */
static void
check_own (Weather *weather, guint who)
{
  GPtrArray *deeds = weather->deeds[who];

  for (guint i = 0; i < deeds->len; i++)
    {
      const Deed *deed = deeds->pdata[i];

      if (!deed->order)
        bst_ledger_check_kept (weather->ledger, weather->computers[who], deed->id);
    }
}

static void
do_round (Weather *weather, guint who)
{
  g_autoptr (GError) error = bst_computer_try (weather->computers[who]);

  g_debug ("  %s", error ? error->message : "synchronised");
  bst_fault_proxy_set (bst_world_proxy (weather->world), NULL);
  if (error && !is_weather (error))
    g_error ("seed %u, step %u: %s", weather->seed, weather->step, error->message);
  if (!error)
    weather->unsure[who] = FALSE;
  if (!weather->unsure[who])
    bst_ledger_check_receipts (weather->ledger, weather->computers[who]);
  check_own (weather, who);
}

static gboolean
has_happened_cb (gpointer closure)
{
  Weather *weather = closure;

  return bst_world_count (weather->world, "RequestEvent") > weather->events;
}

static void
do_bad_round (Weather *weather, guint who)
{
  BstFaults faults = BST_FAULTS_NONE;

  weather->events = bst_world_count (weather->world, "RequestEvent");
  switch (below (weather, 7))
    {
    case 0:
      faults.refuse = TRUE;
      break;
    case 1:
      faults.reset = TRUE;
      break;
    case 2:
      faults.page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>Welcome</html>";
      break;
    case 3:
      faults.cut_up = below (weather, 1800);
      break;
    case 4:
      faults.cut_down = below (weather, 5000);
      break;
    default:
      faults.probe = has_happened_cb;
      faults.closure = weather;
      faults.after_probe = below (weather, 2) ? 0 : below (weather, 400);
    }
  bst_fault_proxy_set (bst_world_proxy (weather->world), &faults);
  do_round (weather, who);
}

/* ---- what happens to computers ---- */

static void
do_restart (Weather *weather, guint who)
{
  bst_computer_shut (weather->computers[who]);
  bst_computer_open (weather->computers[who]);
}

static void
do_skew (Weather *weather, guint who)
{
  weather->computers[who]->skew_ms =
      ((gint64) below (weather, 17520) - 8760) * 3600 * 1000; /* within a year */
}

static void
do_lose_replica (Weather *weather, guint who)
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
copy_of (Weather *weather, guint who)
{
  return g_strdup_printf ("%s/copy-%u", bst_world_directory (weather->world), who);
}

static void
do_copy (Weather *weather, guint who)
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
forget_since (Weather *weather, guint who)
{
  GPtrArray *deeds = weather->deeds[who];

  for (guint i = deeds->len; i-- > 0;)
    {
      const Deed *deed = deeds->pdata[i];

      if ((gint) deed->step < weather->copied[who] ||
          bst_ledger_is_received (weather->ledger, deed->order != NULL, deed->id))
        continue;
      bst_ledger_forget (weather->ledger, deed->id);
      g_ptr_array_remove_index (deeds, i);
    }
}

static void
do_go_back (Weather *weather, guint who)
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
}

/* ---- what happens to the server ---- */

static void
do_restart_server (Weather *weather, guint who)
{
  if (weather->child && below (weather, 2))
    bst_world_kill (weather->world);
  else
    bst_world_stop (weather->world);
  bst_world_start (weather->world);
}

static void
do_restore_server (Weather *weather)
{
  if (!weather->backed_up)
    {
      bst_world_backup (weather->world, "backup.db");
      weather->backed_up = TRUE;
      return;
    }
  bst_world_stop (weather->world);
  bst_world_restore (weather->world, "backup.db");
  bst_world_start (weather->world);
  for (guint i = 0; i < N_COMPUTERS; i++)
    weather->unsure[i] = TRUE;
}

static void
do_old_copy (Weather *weather, guint who)
{
  if (!weather->client_goes_back)
    do_restore_server (weather);
  else if (below (weather, 2))
    do_copy (weather, who);
  else
    do_go_back (weather, who);
}

/* ---- a scenario ---- */

/* Of a hundred steps, so many are … */
static const struct
{
  const char *name;
  guint share;
  void (*step) (Weather *weather, guint who);
} steps[] = {
  { "order", 25, do_order },
  { "message", 15, do_message },
  { "bad round", 25, do_bad_round },
  { "round", 12, do_round },
  { "restart", 5, do_restart },
  { "wrong clock", 4, do_skew },
  { "replica lost", 2, do_lose_replica },
  { "server restarted", 4, do_restart_server },
  { "back to a copy", 8, do_old_copy },
};

static void
do_step (Weather *weather)
{
  guint who = below (weather, N_COMPUTERS);
  guint what = below (weather, 100);

  for (guint i = 0; i < G_N_ELEMENTS (steps); what -= steps[i++].share)
    if (what < steps[i].share)
      {
        g_debug ("step %u: computer %u: %s", weather->step, who, steps[i].name);
        steps[i].step (weather, who);
        return;
      }
}

/* What a restored server has forgotten comes from the one who did it; the others see it a round later. */
static void
sunshine (Weather *weather)
{
  for (guint round = 0; round < 3; round++)
    for (guint i = 0; i < N_COMPUTERS; i++)
      bst_computer_sync (weather->computers[i]);
  for (guint i = 0; i < N_COMPUTERS; i++)
    {
      bst_ledger_check_told (weather->ledger, weather->computers[i]);
      bst_ledger_check_end (weather->ledger, weather->computers[i]);
    }
}

static void
weather_clear (Weather *weather)
{
  for (guint i = 0; i < N_COMPUTERS; i++)
    {
      bst_computer_free (weather->computers[i]);
      g_ptr_array_unref (weather->deeds[i]);
    }
  bst_ledger_free (weather->ledger);
  bst_world_free (weather->world);
  g_rand_free (weather->chance);
}

static void
play (guint32 seed)
{
  static const char *const names[] = { "desk", "laptop", "colleague" };
  static const char *const people[] = { "orla", "orla", "olga" };
  Weather weather = { .seed = seed, .chance = g_rand_new_with_seed (seed) };

  weather.child = seed % 4 == 0;
  weather.client_goes_back = seed % 2 == 0;
  weather.world = bst_world_new (weather.child ? BST_WORLD_CHILD : BST_WORLD_THREAD, seed);
  weather.ledger = bst_ledger_new (weather.world);
  for (guint i = 0; i < N_COMPUTERS; i++)
    {
      weather.computers[i] = bst_computer_new (weather.world, names[i], people[i]);
      weather.deeds[i] = g_ptr_array_new_with_free_func ((GDestroyNotify) deed_free);
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
