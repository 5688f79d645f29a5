/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-sync.h"

#include "bst-error.h"
#include "bst-line.h"
#include "bst-push.h"
#include "bst-sync-engine.h"
#include "bst-sync-private.h"

#define FIRST_BACKOFF_SECONDS 2
#define LAST_BACKOFF_SECONDS  (15 * 60)
#define PING_SECONDS          30
#define METERED_FACTOR        5

struct _BstSync
{
  GObject parent_instance;

  BstStore *store;
  const BstClock *clock;
  BstTransport *transport;
  char *server;
  char *token;
  char *ca_file;
  BstSyncEngine *engine; /* the worker's, or bst_sync_run()'s: under @round */
  GMutex round;
  GMainContext *context;    /* where properties change */
  GNetworkMonitor *monitor; /* (nullable): the system's */
  BstLine *line;
  BstPush *push;
  guint ping_seconds;
  gboolean push_when_metered;

  /* Shared with the worker, under @lock. */
  GMutex lock;
  GCond wake;
  GThread *worker;
  GCancellable *cancellable;
  gboolean stopping;
  gboolean kicked;
  GHashTable *
      told; /* account -> state: what the server said that it has, not yet compared with what we have */
  guint interval_seconds;
  gboolean metered;

  /* Properties; main context only. */
  BstSyncState state;
  guint pending;
  guint refused;
  gint64 last_contact;
  gint64 done;
  gint64 total;
  int error_code;
  char *message;
  BstSyncNews news;
  gboolean keep_files; /* here, while the line is metered */
};

typedef enum
{
  PROP_STATE = 1,
  PROP_PENDING,
  PROP_REFUSED,
  PROP_LAST_CONTACT,
  PROP_DONE,
  PROP_TOTAL,
  PROP_ERROR_CODE,
  PROP_MESSAGE,
  PROP_NEWS,
  PROP_INTERVAL,
  PROP_METERED,
} BstSyncProperty;

static GParamSpec *properties[PROP_METERED + 1];

G_DEFINE_FINAL_TYPE (BstSync, bst_sync, G_TYPE_OBJECT)

GType
bst_sync_state_get_type (void)
{
  static gsize type;
  static const GEnumValue values[] = {
    { BST_SYNC_OFFLINE, "BST_SYNC_OFFLINE", "offline" },
    { BST_SYNC_UP_TO_DATE, "BST_SYNC_UP_TO_DATE", "up-to-date" },
    { BST_SYNC_SENDING, "BST_SYNC_SENDING", "sending" },
    { BST_SYNC_SIGN_IN, "BST_SYNC_SIGN_IN", "sign-in" },
    { BST_SYNC_TROUBLE, "BST_SYNC_TROUBLE", "trouble" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("BstSyncState", values));
  return type;
}

GType
bst_sync_news_get_type (void)
{
  static gsize type;
  static const GEnumValue values[] = {
    { BST_SYNC_NEWS_ASKED, "BST_SYNC_NEWS_ASKED", "asked" },
    { BST_SYNC_NEWS_PUSHED, "BST_SYNC_NEWS_PUSHED", "pushed" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("BstSyncNews", values));
  return type;
}

/* ---- what the worker tells the main context ---- */

typedef struct
{
  GWeakRef sync;
  BstSyncState state;
  int error_code;
  char *message;
  gint64 contact; /* 0: no contact made */
  gint64 done;
  gint64 total;
  BstSyncNews news;
  gboolean begins; /* a round; nothing is known of it yet */
} Report;

static void
report_free (gpointer data)
{
  Report *report = data;

  g_weak_ref_clear (&report->sync);
  g_free (report->message);
  g_free (report);
}

static void
set_int64 (BstSync *self, gint64 *field, gint64 value, BstSyncProperty property)
{
  if (*field == value)
    return;
  *field = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static gboolean
report_cb (gpointer data)
{
  Report *report = data;
  g_autoptr (BstSync) self = g_weak_ref_get (&report->sync);

  if (!self)
    return G_SOURCE_REMOVE;
  /* Without a valid sign-in a try is no work, and whoever says that one is needed is not to flicker. */
  if (report->begins && self->state == BST_SYNC_SIGN_IN)
    return G_SOURCE_REMOVE;
  g_object_freeze_notify (G_OBJECT (self));
  if (report->contact)
    set_int64 (self, &self->last_contact, report->contact, PROP_LAST_CONTACT);
  set_int64 (self, &self->done, report->done, PROP_DONE);
  set_int64 (self, &self->total, report->total, PROP_TOTAL);
  if (self->error_code != report->error_code)
    {
      self->error_code = report->error_code;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR_CODE]);
    }
  if (g_strcmp0 (self->message, report->message) != 0)
    {
      g_free (self->message);
      self->message = g_steal_pointer (&report->message);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE]);
    }
  if (self->state != report->state)
    {
      self->state = report->state;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }
  g_object_thaw_notify (G_OBJECT (self));
  return G_SOURCE_REMOVE;
}

static void
send (BstSync *self, GSourceFunc callback, Report *report)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  /* Not g_main_context_invoke(): it would run here, in the worker, whenever nobody iterates the context. */
  g_weak_ref_init (&report->sync, self);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, callback, report, report_free);
  g_source_attach (source, self->context);
}

static void
send_report (BstSync *self, Report *report)
{
  send (self, report_cb, report);
}

/* ---- files ---- */

gboolean
bst_sync_get_files_held (BstSync *self)
{
  return self->metered && self->keep_files;
}

static void
hold_files (BstSync *self)
{
  bst_sync_files_hold (bst_sync_engine_get_files (self->engine), bst_sync_get_files_held (self));
}

void
bst_sync_set_files_when_metered (BstSync *self, gboolean send_them)
{
  self->keep_files = !send_them;
  hold_files (self);
  if (send_them)
    bst_sync_now (self);
}

BstStore *
bst_sync_get_store (BstSync *self)
{
  return self->store;
}

GMainContext *
bst_sync_get_context (BstSync *self)
{
  return self->context;
}

BstTransport *
bst_sync_get_transport (BstSync *self)
{
  return self->transport;
}

static gboolean
news_cb (gpointer data)
{
  Report *report = data;
  g_autoptr (BstSync) self = g_weak_ref_get (&report->sync);

  if (!self || self->news == report->news)
    return G_SOURCE_REMOVE;
  self->news = report->news;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NEWS]);
  return G_SOURCE_REMOVE;
}

static void
progress_cb (gint64 done, gint64 total, gpointer closure)
{
  BstSync *self = closure;
  Report *report = g_new0 (Report, 1);

  report->state = BST_SYNC_SENDING;
  report->error_code = -1;
  report->done = done;
  report->total = total;
  send_report (self, report);
}

static const struct
{
  BstErrorCode code;
  BstSyncState state;
} states[] = {
  { BST_ERROR_OFFLINE, BST_SYNC_OFFLINE },
  { BST_ERROR_OUTCOME_UNKNOWN, BST_SYNC_OFFLINE },
  { BST_ERROR_SIGN_IN, BST_SYNC_SIGN_IN },
};

static BstSyncState
state_of_error (const GError *error)
{
  if (error->domain == G_IO_ERROR)
    return BST_SYNC_OFFLINE; /* cancelled: we are stopping */
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (error->domain == BST_ERROR && error->code == (int) states[i].code)
      return states[i].state;
  return BST_SYNC_TROUBLE;
}

static void
report_outcome (BstSync *self, const GError *error)
{
  Report *report = g_new0 (Report, 1);

  report->state = error ? state_of_error (error) : BST_SYNC_UP_TO_DATE;
  report->error_code = error && error->domain == BST_ERROR ? error->code : -1;
  report->message = error ? g_strdup (error->message) : NULL;
  report->contact = error ? 0 : bst_clock_now (self->clock);
  send_report (self, report);
}

static void
report_begin (BstSync *self)
{
  Report *report = g_new0 (Report, 1);

  report->state = BST_SYNC_SENDING;
  report->error_code = -1;
  report->begins = TRUE;
  send_report (self, report);
}

/* ---- the worker ---- */

/* Half fixed, half by chance, so that a thousand computers do not come back at the same second. */
static gint64
with_jitter (BstSync *self, gint64 seconds)
{
  guint32 chance;

  self->clock->fill_random (self->clock->closure, (guint8 *) &chance, sizeof chance);
  return seconds * G_USEC_PER_SEC / 2 + (gint64) (chance % 1000) * seconds * G_USEC_PER_SEC / 2000;
}

static gint64
next_pause (BstSync *self, const GError *error, guint failures)
{
  guint interval;

  if (error)
    return with_jitter (self,
                        MIN (FIRST_BACKOFF_SECONDS << MIN (failures, 12), LAST_BACKOFF_SECONDS));
  g_mutex_lock (&self->lock);
  interval = self->interval_seconds * (self->metered ? METERED_FACTOR : 1);
  g_mutex_unlock (&self->lock);
  return with_jitter (self, interval * 4 / 3);
}

/* Whether the server has said something that we do not have. In the worker, so not while a round fetches just that. Under
 * the lock, which is let go while the disk is asked. */
static gboolean
is_news (BstSync *self)
{
  g_autoptr (GHashTable) told = g_steal_pointer (&self->told);
  gboolean news = FALSE;
  GHashTableIter iter;
  gpointer account, state;

  g_mutex_unlock (&self->lock);
  g_hash_table_iter_init (&iter, told);
  while (!news && g_hash_table_iter_next (&iter, &account, &state))
    {
      g_autofree char *ours = bst_store_get_checkpoint (self->store, account, NULL);

      news = g_strcmp0 (ours, state) != 0;
    }
  g_mutex_lock (&self->lock);
  return news;
}

/* Waits until it is time, somebody asks, or the server has news. Returns FALSE when the worker shall end. */
static gboolean
wait_for_turn (BstSync *self, gint64 pause_usec)
{
  gint64 until = g_get_monotonic_time () + pause_usec;
  gboolean go_on;

  g_mutex_lock (&self->lock);
  while (!self->stopping && !self->kicked)
    {
      if (self->told ? is_news (self) : !g_cond_wait_until (&self->wake, &self->lock, until))
        break;
    }
  self->kicked = FALSE;
  go_on = !self->stopping;
  g_mutex_unlock (&self->lock);
  return go_on;
}

/* One at a time, whoever asks. */
static gboolean
run_round (BstSync *self, GCancellable *cancellable, GError **error)
{
  gboolean ok;

  g_mutex_lock (&self->round);
  ok = bst_sync_engine_round (self->engine, cancellable, error);
  g_mutex_unlock (&self->round);
  return ok;
}

static gpointer
work (gpointer data)
{
  BstSync *self = data;
  gint64 pause = 0;
  guint failures = 0;

  while (wait_for_turn (self, pause))
    {
      g_autoptr (GError) error = NULL;

      report_begin (self);
      failures = run_round (self, self->cancellable, &error) ? 0 : failures + 1;
      report_outcome (self, error);
      if (!error && self->push)
        bst_push_line_is_up (self->push);
      pause = next_pause (self, error, failures);
      /* Without a valid sign-in there is nothing to try until somebody asks. */
      if (g_error_matches (error, BST_ERROR, BST_ERROR_SIGN_IN))
        pause = LAST_BACKOFF_SECONDS * G_USEC_PER_SEC;
    }
  return NULL;
}

void
bst_sync_now (BstSync *self)
{
  g_mutex_lock (&self->lock);
  self->kicked = TRUE;
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
}

/* ---- what makes it begin ---- */

static void
outbox_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstSync) self = user_data;
  g_autoptr (GPtrArray) items = bst_store_outbox_finish (BST_STORE (source), result, NULL);
  g_autoptr (GHashTable) waiting = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) back = g_hash_table_new (g_str_hash, g_str_equal);
  guint pending, refused;
  gboolean fresh = FALSE;

  if (!items)
    return;
  for (guint i = 0; i < items->len; i++)
    {
      const BstOutboxItem *item = items->pdata[i];

      g_hash_table_add (item->state == BST_OUTBOX_REFUSED ? back : waiting, item->request);
      fresh |= item->state == BST_OUTBOX_QUEUED && item->tries == 0;
    }
  /* To a person an order and its sending are one thing. */
  pending = g_hash_table_size (waiting);
  refused = g_hash_table_size (back);
  if (self->pending != pending)
    {
      self->pending = pending;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PENDING]);
    }
  if (self->refused != refused)
    {
      self->refused = refused;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REFUSED]);
    }
  if (fresh && self->worker)
    bst_sync_now (self);
}

static void
outbox_changed_cb (BstSync *self)
{
  bst_store_outbox_async (self->store, NULL, outbox_read_cb, g_object_ref (self));
}

/* ---- what the server tells by itself; in the listening thread ---- */

static void
push_news_cb (GVariant *changed, gpointer closure)
{
  BstSync *self = closure;
  GVariantIter accounts;
  const char *account;
  GVariant *types;

  g_mutex_lock (&self->lock);
  if (!self->told)
    self->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_variant_iter_init (&accounts, changed);
  while (g_variant_iter_next (&accounts, "{&sv}", &account, &types))
    {
      g_autoptr (GVariant) map = types;
      g_autoptr (GVariant) state = NULL;

      /* The state is the account's; all its types say the same. */
      if (g_variant_is_of_type (map, G_VARIANT_TYPE_VARDICT) && g_variant_n_children (map) > 0)
        {
          g_variant_get_child (map, 0, "{&sv}", NULL, &state);
          if (g_variant_is_of_type (state, G_VARIANT_TYPE_STRING))
            g_hash_table_replace (self->told, g_strdup (account),
                                  g_variant_dup_string (state, NULL));
        }
    }
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
}

static void
push_stands_cb (gboolean stands, gpointer closure)
{
  Report *report = g_new0 (Report, 1);

  report->news = stands ? BST_SYNC_NEWS_PUSHED : BST_SYNC_NEWS_ASKED;
  send (closure, news_cb, report);
}

/* The worker finds out for itself, and says so. */
static void
push_sign_in_cb (gpointer closure)
{
  bst_sync_now (closure);
}

static const BstPushListener push_listener = { push_news_cb, push_stands_cb, push_sign_in_cb };

/* ---- the line ---- */

static gboolean
may_push (BstSync *self)
{
  return !self->metered || self->push_when_metered;
}

static void
set_metered (BstSync *self, gboolean metered)
{
  if (self->metered == metered)
    return;
  g_mutex_lock (&self->lock);
  self->metered = metered;
  g_mutex_unlock (&self->lock);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_METERED]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INTERVAL]);
  if (self->push)
    bst_push_allow (self->push, may_push (self));
  hold_files (self);
  if (!metered)
    bst_sync_now (self);
}

void
bst_sync_woke (BstSync *self)
{
  if (self->push)
    bst_push_again (self->push);
  bst_sync_now (self);
}

static void
line_changed_cb (BstLineEvent event, gpointer closure)
{
  BstSync *self = closure;

  if (event == BST_LINE_METERED)
    set_metered (self, bst_line_get_metered (self->line));
  else
    bst_sync_woke (self);
}

void
bst_sync_set_push (BstSync *self, guint ping_seconds)
{
  self->ping_seconds = ping_seconds;
}

void
bst_sync_set_push_when_metered (BstSync *self, gboolean push)
{
  self->push_when_metered = push;
  if (self->push)
    bst_push_allow (self->push, may_push (self));
}

void
bst_sync_set_monitor (BstSync *self, GNetworkMonitor *monitor)
{
  g_set_object (&self->monitor, monitor);
}

void
bst_sync_start (BstSync *self, guint interval_seconds)
{
  g_mutex_lock (&self->lock);
  self->interval_seconds = MAX (interval_seconds, 5);
  g_mutex_unlock (&self->lock);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INTERVAL]);
  if (self->worker)
    {
      bst_sync_now (self);
      return;
    }
  self->stopping = FALSE;
  self->cancellable = g_cancellable_new ();
  self->line = bst_line_new (self->monitor, line_changed_cb, self);
  set_metered (self, bst_line_get_metered (self->line));
  if (self->ping_seconds > 0)
    self->push = bst_push_new (self->transport, self->clock, self->ping_seconds, may_push (self),
                               &push_listener, self);
  self->worker = g_thread_new ("bst-sync", work, self);
}

void
bst_sync_stop (BstSync *self)
{
  if (!self->worker)
    return;
  g_clear_pointer (&self->line, bst_line_free);
  g_cancellable_cancel (self->cancellable);
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
  g_thread_join (g_steal_pointer (&self->worker));
  g_clear_pointer (&self->push, bst_push_free); /* after the worker, who speaks to it */
  g_clear_pointer (&self->told, g_hash_table_unref);
  g_clear_object (&self->cancellable);
}

gboolean
bst_sync_run (BstSync *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  gboolean ok = run_round (self, cancellable, &local);

  report_outcome (self, local);
  if (!ok)
    g_propagate_error (error, g_steal_pointer (&local));
  return ok;
}

/* ---- the object ---- */

static void
bst_sync_dispose (GObject *object)
{
  BstSync *self = BST_SYNC (object);

  bst_sync_stop (self);
  if (self->store)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_pointer (&self->engine, bst_sync_engine_free);
  g_clear_object (&self->store);
  g_clear_object (&self->transport);
  g_clear_object (&self->monitor);
  G_OBJECT_CLASS (bst_sync_parent_class)->dispose (object);
}

static void
bst_sync_finalize (GObject *object)
{
  BstSync *self = BST_SYNC (object);

  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_mutex_clear (&self->round);
  g_cond_clear (&self->wake);
  g_free (self->message);
  g_free (self->server);
  g_free (self->token);
  g_free (self->ca_file);
  G_OBJECT_CLASS (bst_sync_parent_class)->finalize (object);
}

static void
bst_sync_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BstSync *self = BST_SYNC (object);

  switch ((BstSyncProperty) id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_PENDING:
      g_value_set_uint (value, self->pending);
      break;
    case PROP_REFUSED:
      g_value_set_uint (value, self->refused);
      break;
    case PROP_LAST_CONTACT:
      g_value_set_int64 (value, self->last_contact);
      break;
    case PROP_DONE:
      g_value_set_int64 (value, self->done);
      break;
    case PROP_TOTAL:
      g_value_set_int64 (value, self->total);
      break;
    case PROP_ERROR_CODE:
      g_value_set_int (value, self->error_code);
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, self->message);
      break;
    case PROP_NEWS:
      g_value_set_enum (value, self->news);
      break;
    case PROP_INTERVAL:
      g_value_set_uint (value, self->interval_seconds * (self->metered ? METERED_FACTOR : 1));
      break;
    case PROP_METERED:
      g_value_set_boolean (value, self->metered);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bst_sync_class_init (BstSyncClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = bst_sync_dispose;
  object_class->finalize = bst_sync_finalize;
  object_class->get_property = bst_sync_get_property;

  properties[PROP_STATE] =
      g_param_spec_enum ("state", NULL, NULL, BST_TYPE_SYNC_STATE, BST_SYNC_OFFLINE, flags);
  properties[PROP_PENDING] = g_param_spec_uint ("pending", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_REFUSED] = g_param_spec_uint ("refused", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_LAST_CONTACT] =
      g_param_spec_int64 ("last-contact", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_DONE] = g_param_spec_int64 ("done", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_TOTAL] = g_param_spec_int64 ("total", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_ERROR_CODE] =
      g_param_spec_int ("error-code", NULL, NULL, -1, G_MAXINT, -1, flags);
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, flags);
  properties[PROP_NEWS] =
      g_param_spec_enum ("news", NULL, NULL, BST_TYPE_SYNC_NEWS, BST_SYNC_NEWS_ASKED, flags);
  properties[PROP_INTERVAL] = g_param_spec_uint ("interval", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_METERED] = g_param_spec_boolean ("metered", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  g_signal_new ("file-progress", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_INT64, G_TYPE_INT64);
}

static void
bst_sync_init (BstSync *self)
{
  g_mutex_init (&self->lock);
  g_mutex_init (&self->round);
  g_cond_init (&self->wake);
  self->context = g_main_context_ref_thread_default ();
  self->error_code = -1;
  self->ping_seconds = PING_SECONDS;
}

BstSync *
bst_sync_new (BstStore *store,
              const BstClock *clock,
              const char *server,
              const char *token,
              const char *ca_file)
{
  BstSync *self = g_object_new (BST_TYPE_SYNC, NULL);

  self->store = g_object_ref (store);
  self->clock = clock;
  self->transport = bst_transport_https_new (server, token, ca_file);
  self->server = g_strdup (server);
  self->token = g_strdup (token);
  self->ca_file = g_strdup (ca_file);
  self->engine = bst_sync_engine_new (store, self->transport, progress_cb, self);
  bst_sync_files_set_progress (bst_sync_engine_get_files (self->engine), bst_sync_tell_file, self);
  g_signal_connect_object (store, "outbox-changed", G_CALLBACK (outbox_changed_cb), self,
                           G_CONNECT_SWAPPED);
  outbox_changed_cb (self);
  return self;
}

const BstClock *
bst_sync_get_clock (BstSync *self)
{
  return self->clock;
}

const char *
bst_sync_get_server (BstSync *self)
{
  return self->server;
}

const char *
bst_sync_get_token (BstSync *self)
{
  return self->token;
}

const char *
bst_sync_get_ca_file (BstSync *self)
{
  return self->ca_file;
}
