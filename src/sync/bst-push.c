/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-push.h"

#include "bst-doc.h"
#include "bst-error.h"
#include "bst-event-stream.h"
#include "bst-json.h"
#include "bst-push-plan.h"

#include <string.h>

#define LONG_WAIT_MS    (5 * 60 * 1000) /* for one answer, when they come one by one */
#define FIRST_ANSWER_MS (15 * 1000) /* which comes at once; there is a slow line to reckon with */
#define SIGN_IN_MS      (15 * 60 * 1000)
#define NOTHING_HEARD   "0" /* the server answers at once with all that we may have missed */
#define MAX_PING        3600

struct _BstPush
{
  BstTransport *transport;
  const BstClock *clock;
  BstPushListener listener;
  gpointer closure;
  guint ping_seconds; /* asked for */
  GThread *thread;

  /* Shared, under @lock. */
  GMutex lock;
  GCond wake;
  gboolean stopping;
  gboolean allowed;
  gboolean again;
  gboolean hurry;            /* do not wait for the pause to end */
  gboolean without_line;     /* what is waited for is a line */
  GCancellable *cancellable; /* of the stream that is open; NULL: none */

  /* The thread's own. */
  BstPushPlan plan;
  BstEventStream *events;
  char *last_id;
  guint interval_seconds; /* agreed on */
  gboolean opened;        /* something was heard on this stream */
  gboolean told;          /* a state event came on this stream */
  gboolean stands;
};

/* ---- what is heard ---- */

static void
set_stands (BstPush *push, gboolean stands)
{
  if (push->stands == stands)
    return;
  push->stands = stands;
  push->listener.stands (stands, push->closure);
}

static void
heard_state (BstPush *push, GVariant *data)
{
  g_autoptr (GVariant) changed = bst_doc_get_map (data, "changed");

  push->told = TRUE;
  if (changed)
    push->listener.news (changed, push->closure);
}

static void
event_cb (const char *event, const char *text, gpointer closure)
{
  BstPush *push = closure;
  g_autoptr (GVariant) data = bst_json_parse_object (text, -1, NULL);

  if (!data)
    return;
  push->opened = TRUE;
  set_stands (push, TRUE);
  if (strcmp (event, "state") == 0)
    heard_state (push, data);
  else if (strcmp (event, "ping") == 0)
    push->interval_seconds =
        (guint) CLAMP (bst_doc_get_int (data, "interval", push->ping_seconds), 1, MAX_PING);
}

static guint
patience_ms (BstPush *push)
{
  if (push->opened)
    return push->interval_seconds * 2500;
  if (push->plan.mode != BST_PUSH_ONE_BY_ONE)
    return push->ping_seconds * 1000;
  return push->plan.told ? LONG_WAIT_MS : MAX (push->ping_seconds * 1000, FIRST_ANSWER_MS);
}

static guint
heard_cb (const char *octets, gsize len, gpointer closure)
{
  BstPush *push = closure;

  if (octets && !bst_event_stream_feed (push->events, octets, len))
    return 0;
  return patience_ms (push);
}

/* ---- one stream ---- */

static BstPushOutcome
outcome_of (BstPush *push, const GError *error)
{
  static const BstErrorCode lines[] = { BST_ERROR_OFFLINE, BST_ERROR_OUTCOME_UNKNOWN };

  if (!error && push->told && push->plan.mode == BST_PUSH_ONE_BY_ONE)
    return BST_PUSH_TOLD;
  if (push->opened)
    return BST_PUSH_ENDED;
  if (!error || error->domain == G_IO_ERROR)
    return BST_PUSH_SILENT;
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    if (g_error_matches (error, BST_ERROR, (int) lines[i]))
      return BST_PUSH_NO_LINE;
  return BST_PUSH_REFUSED;
}

static char *
make_path (BstPush *push)
{
  return g_strdup_printf ("/jmap/eventsource/?types=*&closeafter=%s&ping=%u",
                          push->plan.mode == BST_PUSH_ONE_BY_ONE ? "state" : "no",
                          push->ping_seconds);
}

static void
keep_last_id (BstPush *push)
{
  const char *id = bst_event_stream_get_last_id (push->events);

  if (id && *id)
    {
      g_free (push->last_id);
      push->last_id = g_strdup (id);
    }
}

/* Returns how long to wait before the next one, milliseconds. */
static gint64
listen_once (BstPush *push, GCancellable *cancellable)
{
  gboolean one_by_one = push->plan.mode == BST_PUSH_ONE_BY_ONE;
  g_autofree char *path = make_path (push);
  g_autoptr (GError) error = NULL;
  gint64 begun = g_get_monotonic_time ();
  BstPushOutcome outcome;
  gint64 pause;

  push->events = bst_event_stream_new (event_cb, push);
  push->opened = FALSE;
  push->told = FALSE;
  push->interval_seconds = push->ping_seconds;
  bst_transport_listen (push->transport, path,
                        one_by_one && !push->plan.told ? NOTHING_HEARD : push->last_id,
                        patience_ms (push), heard_cb, push, cancellable, &error);
  keep_last_id (push);
  g_clear_pointer (&push->events, bst_event_stream_free);
  if (g_cancellable_is_cancelled (cancellable))
    {
      set_stands (push, FALSE);
      return 0;
    }
  if (g_error_matches (error, BST_ERROR, BST_ERROR_SIGN_IN) ||
      g_error_matches (error, BST_ERROR, BST_ERROR_LOST))
    {
      set_stands (push, FALSE);
      push->listener.sign_in (push->closure);
      return SIGN_IN_MS;
    }
  outcome = outcome_of (push, error);
  g_debug ("push: %s, outcome %d: %s", path, outcome, error ? error->message : "ended");
  pause = bst_push_plan_next (&push->plan, outcome, (g_get_monotonic_time () - begun) / 1000);
  set_stands (push, push->plan.mode == BST_PUSH_ONE_BY_ONE && push->plan.told &&
                        (outcome == BST_PUSH_TOLD || outcome == BST_PUSH_SILENT));
  g_mutex_lock (&push->lock);
  push->without_line = outcome == BST_PUSH_NO_LINE || outcome == BST_PUSH_ENDED;
  g_mutex_unlock (&push->lock);
  return pause;
}

/* ---- the thread ---- */

/* A quarter more or less, by chance. */
static gint64
with_jitter (BstPush *push, gint64 ms)
{
  guint32 chance;

  push->clock->fill_random (push->clock->closure, (guint8 *) &chance, sizeof chance);
  return ms * 750 + (gint64) (chance % 1000) * ms / 2;
}

/* Waits until a stream may be opened. Returns: (transfer full): what stops it; %NULL: the end. */
static GCancellable *
wait_for_turn (BstPush *push, gint64 pause_usec)
{
  gint64 until = g_get_monotonic_time () + pause_usec;
  GCancellable *cancellable = NULL;

  g_mutex_lock (&push->lock);
  while (!push->stopping && !push->again && !(push->hurry && push->allowed))
    {
      if (!push->allowed)
        g_cond_wait (&push->wake, &push->lock);
      else if (!g_cond_wait_until (&push->wake, &push->lock, until))
        break;
    }
  if (push->again)
    push->plan = (BstPushPlan){ .mode = BST_PUSH_STREAM };
  push->again = push->hurry = push->without_line = FALSE;
  if (!push->stopping && push->allowed)
    cancellable = push->cancellable = g_cancellable_new ();
  g_mutex_unlock (&push->lock);
  return cancellable ? g_object_ref (cancellable) : NULL;
}

static gboolean
is_stopping (BstPush *push)
{
  gboolean stopping;

  g_mutex_lock (&push->lock);
  stopping = push->stopping;
  g_mutex_unlock (&push->lock);
  return stopping;
}

static gpointer
listen_on (gpointer data)
{
  BstPush *push = data;
  gint64 pause = 0;

  while (!is_stopping (push))
    {
      g_autoptr (GCancellable) cancellable = wait_for_turn (push, with_jitter (push, pause));

      if (!cancellable)
        {
          set_stands (push, FALSE);
          continue;
        }
      pause = listen_once (push, cancellable);
      g_mutex_lock (&push->lock);
      g_clear_object (&push->cancellable);
      g_mutex_unlock (&push->lock);
    }
  return NULL;
}

/* Under the lock. */
static void
cut (BstPush *push)
{
  if (push->cancellable)
    g_cancellable_cancel (push->cancellable);
  g_cond_signal (&push->wake);
}

BstPush *
bst_push_new (BstTransport *transport,
              const BstClock *clock,
              guint ping_seconds,
              gboolean allowed,
              const BstPushListener *listener,
              gpointer closure)
{
  BstPush *push = g_new0 (BstPush, 1);

  g_mutex_init (&push->lock);
  g_cond_init (&push->wake);
  push->transport = g_object_ref (transport);
  push->clock = clock;
  push->ping_seconds = CLAMP (ping_seconds, 1, MAX_PING);
  push->allowed = allowed;
  push->listener = *listener;
  push->closure = closure;
  push->last_id = g_strdup (NOTHING_HEARD);
  push->thread = g_thread_new ("bst-push", listen_on, push);
  return push;
}

void
bst_push_free (BstPush *push)
{
  g_mutex_lock (&push->lock);
  push->stopping = TRUE;
  cut (push);
  g_mutex_unlock (&push->lock);
  g_thread_join (push->thread);
  g_clear_object (&push->cancellable);
  g_object_unref (push->transport);
  g_mutex_clear (&push->lock);
  g_cond_clear (&push->wake);
  g_free (push->last_id);
  g_free (push);
}

void
bst_push_allow (BstPush *push, gboolean allowed)
{
  g_mutex_lock (&push->lock);
  if (push->allowed != allowed)
    {
      push->allowed = allowed;
      push->hurry = allowed;
      cut (push);
    }
  g_mutex_unlock (&push->lock);
}

void
bst_push_again (BstPush *push)
{
  g_mutex_lock (&push->lock);
  push->again = TRUE;
  cut (push);
  g_mutex_unlock (&push->lock);
}

void
bst_push_line_is_up (BstPush *push)
{
  g_mutex_lock (&push->lock);
  push->hurry |= push->without_line;
  g_cond_signal (&push->wake);
  g_mutex_unlock (&push->lock);
}
