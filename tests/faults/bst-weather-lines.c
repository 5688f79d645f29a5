/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rounds over good and bad lines, and files where there is none. */

#include "bst-weather.h"

#include "bst-courier.h"
#include "bst-error.h"
#include "bst-server.h"

#define PATIENCE_USEC 30000

static gboolean
is_weather (const GError *error)
{
  static const BstErrorCode codes[] = { BST_ERROR_OFFLINE, BST_ERROR_OUTCOME_UNKNOWN,
                                        BST_ERROR_PORTAL, BST_ERROR_PROTOCOL };

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, BST_ERROR, (int) codes[i]))
      return TRUE;
  return FALSE;
}

/* Nothing that was done on a computer vanishes from it, unless the server has it. */
static void
check_own (BstWeather *weather, guint who)
{
  GPtrArray *deeds = weather->deeds[who];

  for (guint i = 0; i < deeds->len; i++)
    {
      const BstDeed *deed = deeds->pdata[i];

      if (!deed->order)
        bst_ledger_check_kept (weather->ledger, weather->computers[who], deed->id);
    }
}

static void
take_round (BstWeather *weather, guint who, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  bst_sync_run (weather->computers[who]->sync, cancellable, &error);
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

void
bst_weather_round (BstWeather *weather, guint who)
{
  take_round (weather, who, NULL);
}

static gboolean
has_happened_cb (gpointer closure)
{
  BstWeather *weather = closure;

  return bst_world_count (weather->world, "RequestEvent") > weather->events;
}

static gpointer
give_up (gpointer cancellable)
{
  gint64 until = g_get_monotonic_time () + PATIENCE_USEC;
  GMutex lock;
  GCond news;

  /* Of somebody before whose eyes nothing happens. */
  g_mutex_init (&lock);
  g_cond_init (&news);
  g_mutex_lock (&lock);
  while (g_cond_wait_until (&news, &lock, until))
    ;
  g_mutex_unlock (&lock);
  g_mutex_clear (&lock);
  g_cond_clear (&news);
  g_cancellable_cancel (cancellable);
  return NULL;
}

/* Nothing comes back, and the lid is closed; what was held may yet arrive. */
static void
black_hole (BstWeather *weather, guint who)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GThread *thread = g_thread_new ("gives-up", give_up, cancellable);

  take_round (weather, who, cancellable);
  g_thread_join (thread);
}

static const char *const pages[] = {
  "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>Welcome</html>",
  "HTTP/1.1 302 Found\r\nLocation: https://portal.example/\r\nContent-Length: 0\r\n\r\n",
};

typedef enum
{
  LINE_REFUSED,
  LINE_RESET,
  LINE_PORTAL,
  LINE_CUT_UP,
  LINE_CUT_DOWN,
  LINE_SLOW,
  LINE_BLACK_HOLE,
  LINE_ANSWER_LOST,
  N_LINES
} Line;

static void
spoil (BstWeather *weather, Line line, BstFaults *faults)
{
  switch (line)
    {
    case LINE_REFUSED:
      faults->refuse = TRUE;
      break;
    case LINE_RESET:
      faults->reset = TRUE;
      break;
    case LINE_PORTAL:
      faults->page = pages[bst_weather_below (weather, G_N_ELEMENTS (pages))];
      break;
    case LINE_CUT_UP:
      faults->cut_up = bst_weather_below (weather, bst_weather_below (weather, 4) ? 1800 : 300000);
      break;
    case LINE_CUT_DOWN:
      faults->cut_down = bst_weather_below (weather, 5000);
      break;
    case LINE_SLOW:
      faults->latency_ms = 5;
      faults->cut_down = bst_weather_below (weather, 20000);
      break;
    case LINE_BLACK_HOLE:
      faults->hang = TRUE;
      break;
    case LINE_ANSWER_LOST:
    case N_LINES:
    default:
      faults->probe = has_happened_cb;
      faults->closure = weather;
      faults->after_probe = bst_weather_below (weather, 2) ? 0 : bst_weather_below (weather, 400);
    }
}

void
bst_weather_bad_round (BstWeather *weather, guint who)
{
  BstFaults faults = BST_FAULTS_NONE;
  Line line = MIN (bst_weather_below (weather, N_LINES + 1), LINE_ANSWER_LOST); /* twice as often */

  weather->events = bst_world_count (weather->world, "RequestEvent");
  spoil (weather, line, &faults);
  bst_fault_proxy_set (bst_world_proxy (weather->world), &faults);
  if (line == LINE_BLACK_HOLE)
    black_hole (weather, who);
  else
    take_round (weather, who, NULL);
}

/* ---- as files ---- */

void
bst_stick_free (BstStick *stick)
{
  g_bytes_unref (stick->octets);
  g_free (stick);
}

static void
put (GPtrArray *sticks, guint who, GBytes *octets)
{
  BstStick *stick = g_new0 (BstStick, 1);

  stick->who = who;
  stick->octets = octets;
  g_ptr_array_add (sticks, stick);
}

static void
pack (BstWeather *weather, guint who)
{
  BstComputer *computer = weather->computers[who];
  g_autoptr (GError) error = NULL;
  GBytes *parcel = bst_courier_pack (computer->store, &computer->clock, computer->token, &error);

  if (parcel)
    put (weather->parcels, who, parcel);
  else /* a replica that is begun anew */
    g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
}

/* Any of them, at any time, also once more. */
static void
carry (BstWeather *weather)
{
  guint n = weather->parcels->len;
  const BstStick *stick = n ? weather->parcels->pdata[bst_weather_below (weather, n)] : NULL;
  g_autoptr (GError) error = NULL;
  GBytes *answer;

  if (!stick)
    return;
  answer = bst_server_carry (bst_world_data (weather->world), bst_world_clock (weather->world),
                             stick->octets, &error);
  g_assert_no_error (error);
  put (weather->answers, stick->who, answer);
}

static void
unpack (BstWeather *weather)
{
  guint n = weather->answers->len;
  const BstStick *stick = n ? weather->answers->pdata[bst_weather_below (weather, n)] : NULL;
  BstComputer *computer = stick ? weather->computers[stick->who] : NULL;
  g_autoptr (GError) error = NULL;
  BstCourierResult result;

  if (!stick)
    return;
  bst_courier_unpack (computer->store, computer->token, stick->octets, &result, &error);
  g_debug ("  %s", error ? error->message : "read");
  if (!weather->unsure[stick->who])
    bst_ledger_check_receipts (weather->ledger, computer);
  check_own (weather, stick->who);
}

void
bst_weather_exchange (BstWeather *weather, guint who)
{
  if (bst_weather_below (weather, 3) == 0)
    pack (weather, who);
  if (bst_weather_below (weather, 2) == 0)
    carry (weather);
  if (bst_weather_below (weather, 2) == 0)
    unpack (weather);
}
