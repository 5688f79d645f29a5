/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-sync-private.h"

#define PING_SECONDS 30

static GParamSpec *properties[BST_SYNC_PROP_METERED + 1];

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
    case BST_SYNC_PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case BST_SYNC_PROP_PENDING:
      g_value_set_uint (value, self->pending);
      break;
    case BST_SYNC_PROP_REFUSED:
      g_value_set_uint (value, self->refused);
      break;
    case BST_SYNC_PROP_LAST_CONTACT:
      g_value_set_int64 (value, self->last_contact);
      break;
    case BST_SYNC_PROP_DONE:
      g_value_set_int64 (value, self->done);
      break;
    case BST_SYNC_PROP_TOTAL:
      g_value_set_int64 (value, self->total);
      break;
    case BST_SYNC_PROP_ERROR_CODE:
      g_value_set_int (value, self->error_code);
      break;
    case BST_SYNC_PROP_MESSAGE:
      g_value_set_string (value, self->message);
      break;
    case BST_SYNC_PROP_NEWS:
      g_value_set_enum (value, self->news);
      break;
    case BST_SYNC_PROP_INTERVAL:
      g_value_set_uint (value,
                        self->interval_seconds * (self->metered ? BST_SYNC_METERED_FACTOR : 1));
      break;
    case BST_SYNC_PROP_METERED:
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

  properties[BST_SYNC_PROP_STATE] =
      g_param_spec_enum ("state", NULL, NULL, BST_TYPE_SYNC_STATE, BST_SYNC_OFFLINE, flags);
  properties[BST_SYNC_PROP_PENDING] =
      g_param_spec_uint ("pending", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[BST_SYNC_PROP_REFUSED] =
      g_param_spec_uint ("refused", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[BST_SYNC_PROP_LAST_CONTACT] =
      g_param_spec_int64 ("last-contact", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[BST_SYNC_PROP_DONE] = g_param_spec_int64 ("done", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[BST_SYNC_PROP_TOTAL] =
      g_param_spec_int64 ("total", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[BST_SYNC_PROP_ERROR_CODE] =
      g_param_spec_int ("error-code", NULL, NULL, -1, G_MAXINT, -1, flags);
  properties[BST_SYNC_PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, flags);
  properties[BST_SYNC_PROP_NEWS] =
      g_param_spec_enum ("news", NULL, NULL, BST_TYPE_SYNC_NEWS, BST_SYNC_NEWS_ASKED, flags);
  properties[BST_SYNC_PROP_INTERVAL] =
      g_param_spec_uint ("interval", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[BST_SYNC_PROP_METERED] = g_param_spec_boolean ("metered", NULL, NULL, FALSE, flags);
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
  self->engine = bst_sync_engine_new (store, self->transport, bst_sync_report_progress, self);
  if (token)
    bst_sync_engine_remember (self->engine, server, token);
  bst_sync_files_set_progress (bst_sync_engine_get_files (self->engine), bst_sync_tell_file, self);
  g_signal_connect_object (store, "outbox-changed", G_CALLBACK (bst_sync_watch_outbox), self,
                           G_CONNECT_SWAPPED);
  bst_sync_watch_outbox (self);
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

void
bst_sync_notify (BstSync *self, BstSyncProperty property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}
