/* SPDX-License-Identifier: GPL-3.0-or-later */

/* News that comes by itself, with the real server, over good and bad lines. The server is asked once an hour here, so
 * what arrives within a test was pushed. */

#include "bst-error.h"
#include "bst-holding-proxy.h"
#include "bst-push.h"
#include "bst-raw-server.h"
#include "bst-server.h"
#include "bst-test-monitor.h"
#include "bst-world.h"

#include <string.h>

#define NEVER 3600 /* seconds between two times of asking */

/* ---- waiting ---- */

static gboolean
late_cb (gpointer late)
{
  *(gboolean *) late = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
tick_cb (gpointer nothing)
{
  return G_SOURCE_CONTINUE;
}

/* Until @condition holds; the test fails when that takes 20 seconds. */
#define WAIT_UNTIL(condition)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gboolean late = FALSE;                                                                         \
    guint limit = g_timeout_add_seconds (20, late_cb, &late);                                      \
    guint tick = g_timeout_add (20, tick_cb, NULL);                                                \
                                                                                                   \
    while (!(condition))                                                                           \
      {                                                                                            \
        g_assert_false (late &&#condition);                                                        \
        g_main_context_iteration (NULL, TRUE);                                                     \
      }                                                                                            \
    g_source_remove (limit);                                                                       \
    g_source_remove (tick);                                                                        \
  }                                                                                                \
  G_STMT_END

static gboolean
is_in_state (BstComputer *computer, const char *id, const char *expected)
{
  g_autofree char *state = bst_computer_state (computer, id);

  return g_strcmp0 (state, expected) == 0;
}

static BstSyncState
sync_state (BstComputer *computer)
{
  BstSyncState state;

  g_object_get (computer->sync, "state", &state, NULL);
  return state;
}

static gboolean
is_pushed (BstComputer *computer)
{
  BstSyncNews news;

  g_object_get (computer->sync, "news", &news, NULL);
  return news == BST_SYNC_NEWS_PUSHED;
}

/* Up to date, with a stream that stands. */
static void
start (BstComputer *computer)
{
  bst_sync_start (computer->sync, NEVER);
  bst_sync_now (computer->sync);
  WAIT_UNTIL (sync_state (computer) == BST_SYNC_UP_TO_DATE && is_pushed (computer));
}

static char *
received_order (BstComputer *computer, const char *title)
{
  char *uid = bst_computer_order (computer, "s1", title);

  WAIT_UNTIL (is_in_state (computer, uid, "submitted"));
  return uid;
}

/* ---- a good line ---- */

/* A performer's step, by bestiller-admin, in another process. */
static void
accept_elsewhere (BstWorld *world, const char *uid)
{
  const char *argv[] = { g_getenv ("BST_ADMIN"),
                         "--data",
                         bst_world_data (world),
                         "request",
                         "accept",
                         uid,
                         "--as",
                         "perle",
                         NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *said = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, &said,
                &status, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (said, ==, "");
  g_spawn_check_wait_status (status, &error);
  g_assert_no_error (error);
}

typedef struct
{
  BstComputer *computer;
  const char *uid;
  gboolean shown; /* store::changed came, and the order is in its new state then */
} Screen;

static void
changed_cb (BstStore *store, const char *type, Screen *screen)
{
  screen->shown |=
      strcmp (type, "Request") == 0 && is_in_state (screen->computer, screen->uid, "accepted");
}

static void
test_performer_to_orderer (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 101);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *uid = NULL;
  Screen screen = { here, NULL, FALSE };
  gint64 begun, took;

  start (here);
  screen.uid = uid = received_order (here, "Hurtigt");
  g_signal_connect (here->store, "changed", G_CALLBACK (changed_cb), &screen);
  accept_elsewhere (world, uid);
  begun = g_get_monotonic_time ();
  WAIT_UNTIL (screen.shown);
  took = (g_get_monotonic_time () - begun) / 1000;
  g_test_message ("from the performer's step to the orderer's screen: %" G_GINT64_FORMAT " ms",
                  took);
  if (g_test_perf ())
    g_assert_cmpint (took, <=, 1000);
  g_signal_handlers_disconnect_by_data (here->store, &screen);
}

/* Colleagues see each other's orders at once. */
static void
test_colleagues (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 102);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autoptr (BstComputer) there = bst_computer_new (world, "there", "olga");
  g_autofree char *mine = NULL;
  g_autofree char *theirs = NULL;

  start (here);
  start (there);
  mine = received_order (here, "Min");
  WAIT_UNTIL (is_in_state (there, mine, "submitted"));
  theirs = received_order (there, "Din");
  WAIT_UNTIL (is_in_state (here, theirs, "submitted"));
}

/* ---- bad lines ---- */

/* Cut off, it comes back, and misses nothing of what happened in between. */
static void
test_cut (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 103);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *uid = NULL;
  BstFaults refuse = BST_FAULTS_NONE;

  start (here);
  uid = received_order (here, "Afbrudt");
  refuse.refuse = TRUE;
  bst_fault_proxy_set (bst_world_proxy (world), &refuse);
  WAIT_UNTIL (!is_pushed (here));
  accept_elsewhere (world, uid);
  bst_fault_proxy_set (bst_world_proxy (world), NULL);
  WAIT_UNTIL (is_in_state (here, uid, "accepted") && is_pushed (here));
}

/* The server is started anew: the stream with it. */
static void
test_server_restarts (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 104);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *uid = NULL;

  start (here);
  uid = received_order (here, "Genstart");
  bst_world_stop (world);
  WAIT_UNTIL (!is_pushed (here));
  bst_world_start (world);
  WAIT_UNTIL (is_pushed (here));
  accept_elsewhere (world, uid);
  WAIT_UNTIL (is_in_state (here, uid, "accepted"));
}

/* A portal's page is no stream; behind it everything is as before. */
static void
test_portal (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 105);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autoptr (BstTestMonitor) monitor = bst_test_monitor_new (FALSE);
  BstFaults portal = BST_FAULTS_NONE;

  portal.page = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nevent: state\ndata: "
                "{\"changed\":{}}\n\n";
  bst_fault_proxy_set (bst_world_proxy (world), &portal);
  bst_sync_set_monitor (here->sync, G_NETWORK_MONITOR (monitor));
  bst_sync_start (here->sync, NEVER);
  bst_sync_now (here->sync);
  WAIT_UNTIL (sync_state (here) == BST_SYNC_TROUBLE);
  WAIT_UNTIL (bst_fault_proxy_struck (bst_world_proxy (world)) >= 2); /* both have tried */
  g_assert_false (is_pushed (here));
  bst_fault_proxy_set (bst_world_proxy (world), NULL);
  g_signal_emit_by_name (monitor, "network-changed", TRUE);
  WAIT_UNTIL (sync_state (here) == BST_SYNC_UP_TO_DATE && is_pushed (here));
}

/* A proxy that hands on nothing before it is whole: one answer at a time. */
static void
test_held_back (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 106);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autoptr (BstHoldingProxy) proxy =
      bst_holding_proxy_new (bst_world_data (world), bst_world_port (world));
  g_autofree char *url = bst_holding_proxy_get_url (proxy);
  g_autoptr (BstTestMonitor) monitor = bst_test_monitor_new (FALSE);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  guint streams;

  g_object_unref (here->sync);
  here->sync = bst_sync_new (here->store, &here->clock, url, here->token, bst_world_ca (world));
  bst_sync_set_push (here->sync, 1);
  bst_sync_set_monitor (here->sync, G_NETWORK_MONITOR (monitor));
  start (here);
  streams = bst_holding_proxy_asked (proxy, "closeafter=no");
  g_assert_cmpuint (bst_holding_proxy_asked (proxy, "closeafter=state"), >=, 1);
  first = received_order (here, "Et");
  accept_elsewhere (world, first);
  WAIT_UNTIL (is_in_state (here, first, "accepted"));
  second = received_order (here, "To");
  accept_elsewhere (world, second);
  WAIT_UNTIL (is_in_state (here, second, "accepted"));
  g_assert_true (is_pushed (here));
  g_assert_cmpuint (bst_holding_proxy_asked (proxy, "closeafter=no"), ==, streams);
  bst_sync_stop (here->sync);
}

/* ---- the listener alone, and a server that says what the test wants ---- */

typedef struct
{
  GMutex lock;
  guint news;
  guint stood;
  guint fell;
  guint sign_in;
} Heard;

static void
news_cb (GVariant *changed, gpointer closure)
{
  g_mutex_lock (&((Heard *) closure)->lock);
  ((Heard *) closure)->news++;
  g_mutex_unlock (&((Heard *) closure)->lock);
}

static void
stands_cb (gboolean stands, gpointer closure)
{
  Heard *heard = closure;

  g_mutex_lock (&heard->lock);
  heard->stood += stands;
  heard->fell += !stands;
  g_mutex_unlock (&heard->lock);
}

static void
sign_in_cb (gpointer closure)
{
  g_mutex_lock (&((Heard *) closure)->lock);
  ((Heard *) closure)->sign_in++;
  g_mutex_unlock (&((Heard *) closure)->lock);
}

static const BstPushListener push_listener = { news_cb, stands_cb, sign_in_cb };

static guint
count (Heard *heard, const guint *which)
{
  guint n;

  g_mutex_lock (&heard->lock);
  n = *which;
  g_mutex_unlock (&heard->lock);
  return n;
}

typedef struct
{
  char *directory;
  BstRawServer *server;
  BstTransport *transport;
  BstPush *push;
  Heard heard;
} Ear;

static void
ear_open (Ear *ear, BstWorld *world, BstRawManner manner, const char *answer)
{
  g_autofree char *url = NULL;

  memset (ear, 0, sizeof *ear);
  g_mutex_init (&ear->heard.lock);
  ear->server = bst_raw_server_new (bst_world_data (world));
  bst_raw_server_say (ear->server, manner, answer);
  url = g_strdup_printf ("https://localhost:%u", bst_raw_server_get_port (ear->server));
  ear->transport = bst_transport_https_new (url, "token", bst_world_ca (world));
  ear->push =
      bst_push_new (ear->transport, bst_world_clock (world), 3, TRUE, &push_listener, &ear->heard);
}

static void
ear_close (Ear *ear)
{
  bst_push_free (ear->push);
  bst_raw_server_free (ear->server);
  g_object_unref (ear->transport);
  g_mutex_clear (&ear->heard.lock);
}

#define STREAM_HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
#define PING        "event: ping\ndata: {\"interval\":1}\n\n"
#define STATE       "event: state\ndata: {\"changed\":{\"d1\":{\"Request\":\"x\"}}}\nid: e 7\n\n"

/* A line that has died without a word is noticed when the pings stay away; then it names what it heard last. */
static void
test_dead_line (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 107);
  g_autofree char *heard = NULL;
  Ear ear;

  ear_open (&ear, world, BST_RAW_HOLD, STREAM_HEAD PING STATE);
  WAIT_UNTIL (count (&ear.heard, &ear.heard.news) == 1);
  g_assert_cmpuint (count (&ear.heard, &ear.heard.fell), ==, 0);
  WAIT_UNTIL (count (&ear.heard, &ear.heard.fell) == 1);
  WAIT_UNTIL (bst_raw_server_requests (ear.server) == 2);
  heard = bst_raw_server_heard (ear.server);
  g_assert_nonnull (strstr (heard, "Last-Event-ID: e 7\r\n"));
  g_assert_nonnull (strstr (heard, "closeafter=no&ping=3"));
  ear_close (&ear);
}

/* Nothing else than a stream is taken for one. */
static void
test_no_stream (void)
{
  static const char *const answers[] = {
    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\n" PING,
    "HTTP/1.1 302 Found\r\nLocation: https://portal.example/\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 403 Forbidden\r\nContent-Type: text/event-stream\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
    STREAM_HEAD "<html>event: ping</html>",
    "nonsense",
  };
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 108);

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      Ear ear;

      ear_open (&ear, world, BST_RAW_ANSWER, answers[i]);
      WAIT_UNTIL (bst_raw_server_requests (ear.server) >= 1);
      bst_push_again (ear.push); /* does not wait for the pause */
      WAIT_UNTIL (bst_raw_server_requests (ear.server) >= 2);
      g_assert_cmpuint (count (&ear.heard, &ear.heard.stood), ==, 0);
      g_assert_cmpuint (count (&ear.heard, &ear.heard.news), ==, 0);
      ear_close (&ear);
    }
}

static void
test_sign_in (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 109);
  Ear ear;

  ear_open (&ear, world, BST_RAW_ANSWER,
            "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/problem+json\r\n"
            "Content-Length: 2\r\n\r\n{}");
  WAIT_UNTIL (count (&ear.heard, &ear.heard.sign_in) == 1);
  ear_close (&ear);
}

/* Stopping waits neither for a dead line nor for a pause. */
static void
test_stop (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 110);
  gint64 begun = g_get_monotonic_time ();
  Ear ear;

  ear_open (&ear, world, BST_RAW_SILENT, "");
  WAIT_UNTIL (bst_raw_server_requests (ear.server) == 1);
  ear_close (&ear);
  ear_open (&ear, world, BST_RAW_HOLD, STREAM_HEAD PING);
  WAIT_UNTIL (count (&ear.heard, &ear.heard.stood) == 1);
  ear_close (&ear);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 10 * G_USEC_PER_SEC);
}

/* ---- sleep, and lines that cost ---- */

static void
test_woke (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 111);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *uid = NULL;
  BstFaults hang = BST_FAULTS_NONE;
  guint connections;

  start (here);
  uid = received_order (here, "Sover");
  /* The connections of before lead nowhere. */
  hang.hang = TRUE;
  bst_fault_proxy_set (bst_world_proxy (world), &hang);
  accept_elsewhere (world, uid);
  connections = bst_fault_proxy_connections (bst_world_proxy (world));
  bst_fault_proxy_drop_connections (bst_world_proxy (world));
  bst_fault_proxy_set (bst_world_proxy (world), NULL);
  bst_sync_woke (here->sync);
  WAIT_UNTIL (is_in_state (here, uid, "accepted") && is_pushed (here));
  g_assert_cmpuint (bst_fault_proxy_connections (bst_world_proxy (world)), >, connections);
}

static void
test_metered (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 112);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autoptr (BstTestMonitor) monitor = bst_test_monitor_new (TRUE);
  g_autofree char *uid = NULL;
  guint interval;
  gboolean metered;

  bst_sync_set_monitor (here->sync, G_NETWORK_MONITOR (monitor));
  bst_sync_start (here->sync, NEVER);
  bst_sync_now (here->sync);
  WAIT_UNTIL (sync_state (here) == BST_SYNC_UP_TO_DATE);
  g_object_get (here->sync, "interval", &interval, "metered", &metered, NULL);
  g_assert_true (metered);
  g_assert_cmpuint (interval, ==, 5 * NEVER);
  uid = received_order (here, "Dyr linje"); /* one's own work goes at once all the same */
  g_assert_false (is_pushed (here));
  g_assert_cmpuint (bst_fault_proxy_connections (bst_world_proxy (world)), ==, 1);

  bst_sync_set_push_when_metered (here->sync, TRUE);
  WAIT_UNTIL (is_pushed (here));
  bst_sync_set_push_when_metered (here->sync, FALSE);
  WAIT_UNTIL (!is_pushed (here));
  accept_elsewhere (world, uid);
  bst_test_monitor_set_metered (monitor, FALSE);
  WAIT_UNTIL (is_pushed (here) && is_in_state (here, uid, "accepted"));
  g_object_get (here->sync, "interval", &interval, "metered", &metered, NULL);
  g_assert_false (metered);
  g_assert_cmpuint (interval, ==, NEVER);
  bst_test_monitor_set_metered (monitor, TRUE);
  WAIT_UNTIL (!is_pushed (here));
}

/* ---- the sign-in runs out ---- */

static void
revoke_person (BstWorld *world, const char *person)
{
  g_autoptr (BstStorage) storage = bst_world_storage (world);
  g_autoptr (GError) error = NULL;
  guint n;

  bst_storage_revoke_person (storage, person, &n, &error);
  g_assert_no_error (error);
}

/* A new code, and the same person: a new token in the same store. */
static void
enrol_again (BstComputer *computer)
{
  g_autoptr (BstStorage) storage = bst_world_storage (computer->world);
  g_autofree char *code = bst_world_code (computer->world, computer->person, 3600);
  g_autofree char *who = NULL;
  g_autoptr (GError) error = NULL;

  g_free (computer->token);
  computer->token = bst_storage_redeem_code (storage, code, "test", &who, &error);
  g_assert_no_error (error);
  bst_computer_shut (computer);
  bst_computer_open (computer);
}

static void
count_cb (guint *n)
{
  ++*n;
}

/* The server is asked, and says no, and nobody sees anything of it. */
static void
ask_in_vain (BstComputer *computer)
{
  BstFaultProxy *proxy = bst_world_proxy (computer->world);
  gint64 before, now;
  guint changes = 0;

  g_signal_connect_swapped (computer->sync, "notify::state", G_CALLBACK (count_cb), &changes);
  bst_fault_proxy_passed (proxy, NULL, &before);
  bst_sync_now (computer->sync);
  WAIT_UNTIL ((bst_fault_proxy_passed (proxy, NULL, &now), now > before));
  WAIT_UNTIL (sync_state (computer) == BST_SYNC_SIGN_IN);
  g_assert_cmpuint (changes, ==, 0);
  g_signal_handlers_disconnect_by_data (computer->sync, &changes);
}

/* Noticed without asking; work goes on; nothing queued is lost; afterwards all of it goes, once. */
static void
test_sign_in_runs_out (void)
{
  enum
  {
    N = 12
  };
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 113);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autoptr (BstComputer) other = bst_computer_new (world, "other", "olga");
  g_autofree char *before = NULL;
  g_autofree char *draft = NULL;
  g_autofree char *theirs = NULL;
  char *orders[N];

  start (here);
  start (other);
  before = received_order (here, "Før");
  orders[0] = bst_computer_order (here, "s1", "Midt i"); /* maybe on its way right now */
  revoke_person (world, "orla");
  for (guint i = 1; i < N; i++)
    orders[i] = bst_computer_order (here, "s1", "Uden adgang");
  bst_computer_step (here, before, "message", "Haster");
  WAIT_UNTIL (sync_state (here) == BST_SYNC_SIGN_IN && !is_pushed (here));
  ask_in_vain (here);
  draft = bst_computer_draft (here, "s1", "Kladde", 2);
  g_assert_true (is_in_state (here, draft, "draft"));
  for (guint i = 1; i < N; i++)
    WAIT_UNTIL (is_in_state (here, orders[i], "queued"));
  theirs = received_order (other, "Andre mærker intet");

  enrol_again (here);
  start (here);
  for (guint i = 0; i < N; i++)
    {
      WAIT_UNTIL (is_in_state (here, orders[i], "submitted"));
      g_free (orders[i]);
    }
  WAIT_UNTIL (is_in_state (here, theirs, "submitted"));
  WAIT_UNTIL (bst_computer_outbox (here, BST_OUTBOX_QUEUED) == 0);
  g_assert_true (is_in_state (here, draft, "draft"));
  g_assert_cmpuint (bst_computer_outbox (here, BST_OUTBOX_REFUSED), ==, 0);
  g_assert_cmpuint (bst_world_count (world, "Request"), ==, N + 2);
  g_assert_cmpuint (bst_world_count (world, "RequestEvent"), ==, N + 3); /* and the message */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/push/performer-to-orderer", test_performer_to_orderer);
  g_test_add_func ("/push/colleagues", test_colleagues);
  g_test_add_func ("/push/cut", test_cut);
  g_test_add_func ("/push/server-restarts", test_server_restarts);
  g_test_add_func ("/push/portal", test_portal);
  g_test_add_func ("/push/held-back", test_held_back);
  g_test_add_func ("/push/dead-line", test_dead_line);
  g_test_add_func ("/push/no-stream", test_no_stream);
  g_test_add_func ("/push/sign-in", test_sign_in);
  g_test_add_func ("/push/stop", test_stop);
  g_test_add_func ("/push/woke", test_woke);
  g_test_add_func ("/push/metered", test_metered);
  g_test_add_func ("/push/sign-in-runs-out", test_sign_in_runs_out);
  return g_test_run ();
}
