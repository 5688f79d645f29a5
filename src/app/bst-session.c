/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-session.h"

#include "bst-date.h"
#include "bst-task.h"

/* Changes come in swarms, above all in the first synchronisation. */
#define COUNT_DELAY_MS 250

struct _BstSession
{
  GObject parent_instance;

  BstStore *store;
  BstSync *sync;
  const BstClock *clock;
  char *language;
  GVariant *identity;
  GVariant *person;
  BstOrg *org;
  GPtrArray *mandates;    /* element-type GVariant */
  GHashTable *principals; /* id -> Person: whom I may stand in for */
  GTimeZone *zone;
  char *unit;
  gboolean starting;
  guint waiting;
  guint unfinished;
  gboolean loading; /* a read of the people and units is under way */
  gboolean again;   /* … and must be repeated after it */
  gboolean counting;
  guint count_source;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (BstSession, bst_session, G_TYPE_OBJECT)

typedef enum
{
  PROP_STORE = 1,
  PROP_SYNC,
  PROP_LANGUAGE,
  PROP_PERSON,
  PROP_ORG,
  PROP_UNIT,
  PROP_STARTING,
  PROP_WAITING,
  PROP_UNFINISHED,
  N_PROPS
} BstSessionProperty;

static GParamSpec *properties[N_PROPS];

static void load (BstSession *self);
static void count (BstSession *self);

/* ---- people and units ---- */

/* What the reading thread brings back. */
typedef struct
{
  GVariant *person;
  BstOrg *org;
  GPtrArray *mandates;
  GHashTable *principals;
} Loaded;

static void
loaded_free (Loaded *loaded)
{
  g_clear_pointer (&loaded->person, g_variant_unref);
  g_clear_pointer (&loaded->org, bst_org_unref);
  g_clear_pointer (&loaded->mandates, g_ptr_array_unref);
  g_clear_pointer (&loaded->principals, g_hash_table_unref);
  g_free (loaded);
}

typedef struct
{
  BstStore *store;
  char *person;
} LoadTask;

static void
load_task_free (LoadTask *task)
{
  g_object_unref (task->store);
  g_free (task->person);
  g_free (task);
}

static GHashTable *
read_principals (BstStore *store, GPtrArray *mandates, const char *me)
{
  GHashTable *people =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);

  for (guint i = 0; i < mandates->len; i++)
    {
      const char *id = bst_doc_get_string (mandates->pdata[i], "principal");
      GVariant *person;

      if (!id || g_strcmp0 (bst_doc_get_string (mandates->pdata[i], "substitute"), me) != 0)
        continue;
      person = bst_store_get (store, "Person", id, NULL);
      if (person)
        g_hash_table_replace (people, g_strdup (id), person);
    }
  return people;
}

static void
load_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LoadTask *what = data;
  Loaded *loaded = g_new0 (Loaded, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) units = NULL;

  units = bst_store_find (what->store, &(BstQuery){ .type = "OrgUnit" }, 0, G_MAXINT, &error);
  if (units && units->len)
    loaded->org = bst_org_new (units, &error);
  if (what->person && !error)
    loaded->person = bst_store_get (what->store, "Person", what->person, NULL);
  if (!error)
    loaded->mandates =
        bst_store_find (what->store, &(BstQuery){ .type = "Mandate" }, 0, G_MAXINT, &error);
  if (!error)
    {
      loaded->principals = read_principals (what->store, loaded->mandates, what->person);
      g_task_return_pointer (task, loaded, (GDestroyNotify) loaded_free);
      return;
    }
  loaded_free (loaded);
  g_task_return_error (task, g_steal_pointer (&error));
}

static void
update_zone (BstSession *self)
{
  const char *unit = self->person ? bst_doc_get_string (self->person, "unit") : NULL;
  const char *name = self->org && unit ? bst_org_inherited (self->org, unit, "timeZone") : NULL;
  GTimeZone *zone = name ? g_time_zone_new_identifier (name) : NULL;

  g_time_zone_unref (self->zone);
  self->zone = zone ? zone : g_time_zone_new_local ();
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  BstSession *self = BST_SESSION (source);
  g_autoptr (GError) error = NULL;
  Loaded *loaded = g_task_propagate_pointer (G_TASK (result), &error);

  self->loading = FALSE;
  if (!loaded)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_warning ("People and units cannot be read: %s", error->message);
      return;
    }
  g_clear_pointer (&self->person, g_variant_unref);
  g_clear_pointer (&self->org, bst_org_unref);
  g_clear_pointer (&self->mandates, g_ptr_array_unref);
  g_clear_pointer (&self->principals, g_hash_table_unref);
  self->person = g_steal_pointer (&loaded->person);
  self->org = g_steal_pointer (&loaded->org);
  self->mandates = g_steal_pointer (&loaded->mandates);
  self->principals = g_steal_pointer (&loaded->principals);
  loaded_free (loaded);
  update_zone (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ORG]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PERSON]);
  count (self);
  if (self->again)
    load (self);
}

static void
load (BstSession *self)
{
  g_autoptr (GTask) task = NULL;
  LoadTask *what;

  self->again = self->loading;
  if (self->loading)
    return;
  self->loading = TRUE;
  what = g_new0 (LoadTask, 1);
  what->store = g_object_ref (self->store);
  what->person = g_strdup (bst_session_get_person_id (self));
  task = g_task_new (self, self->cancellable, loaded_cb, NULL);
  g_task_set_task_data (task, what, (GDestroyNotify) load_task_free);
  g_task_set_priority (task, G_PRIORITY_DEFAULT_IDLE);
  g_task_run_in_thread (task, load_thread);
}

/* ---- counts ---- */

typedef struct
{
  GPtrArray *candidates; /* Request documents that may ask something of me */
  GPtrArray *local;      /* those with unsent work */
} Counted;

static void
counted_free (Counted *counted)
{
  g_clear_pointer (&counted->candidates, g_ptr_array_unref);
  g_clear_pointer (&counted->local, g_ptr_array_unref);
  g_free (counted);
}

typedef struct
{
  BstStore *store;
  char *unit;
} CountTask;

static void
count_task_free (CountTask *task)
{
  g_object_unref (task->store);
  g_free (task->unit);
  g_free (task);
}

static void
count_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  CountTask *what = data;
  g_autoptr (GError) error = NULL;
  const BstQuery candidates = { .type = "Request",
                                .states = bst_task_states (),
                                .unit = what->unit,
                                .sort = "due",
                                .ascending = TRUE };
  const BstQuery local = { .type = "Request", .local_only = TRUE };
  Counted *counted = g_new0 (Counted, 1);

  counted->candidates = bst_store_find (what->store, &candidates, 0, BST_TASK_LIMIT, &error);
  if (counted->candidates)
    counted->local = bst_store_find (what->store, &local, 0, BST_TASK_LIMIT, &error);
  if (counted->local)
    {
      g_task_return_pointer (task, counted, (GDestroyNotify) counted_free);
      return;
    }
  counted_free (counted);
  g_task_return_error (task, g_steal_pointer (&error));
}

/* What is in both lists is one thing. */
static guint
count_tasks (BstSession *self, const Counted *counted)
{
  g_autoptr (GHashTable) tasks = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *const lists[] = { counted->candidates, counted->local };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    for (guint j = 0; j < lists[i]->len; j++)
      {
        const char *id = bst_doc_get_string (lists[i]->pdata[j], "id");

        if (id && bst_task_of (lists[i]->pdata[j], self))
          g_hash_table_add (tasks, (gpointer) id);
      }
  return g_hash_table_size (tasks);
}

static void
set_count (BstSession *self, guint *place, guint value, BstSessionProperty id)
{
  if (*place == value)
    return;
  *place = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  BstSession *self = BST_SESSION (source);
  g_autoptr (GError) error = NULL;
  Counted *counted = g_task_propagate_pointer (G_TASK (result), &error);

  self->counting = FALSE;
  if (!counted)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_warning ("What waits cannot be counted: %s", error->message);
      return;
    }
  set_count (self, &self->waiting, count_tasks (self, counted), PROP_WAITING);
  set_count (self, &self->unfinished, counted->local->len, PROP_UNFINISHED);
  counted_free (counted);
}

static gboolean
count_cb (gpointer data)
{
  BstSession *self = data;
  g_autoptr (GTask) task = NULL;
  CountTask *what;

  if (self->counting)
    return G_SOURCE_CONTINUE;
  self->count_source = 0;
  self->counting = TRUE;
  what = g_new0 (CountTask, 1);
  what->store = g_object_ref (self->store);
  what->unit = g_strdup (self->unit);
  task = g_task_new (self, self->cancellable, counted_cb, NULL);
  g_task_set_task_data (task, what, (GDestroyNotify) count_task_free);
  g_task_set_priority (task, G_PRIORITY_DEFAULT_IDLE);
  g_task_run_in_thread (task, count_thread);
  return G_SOURCE_REMOVE;
}

static void
count (BstSession *self)
{
  if (!self->count_source && !g_cancellable_is_cancelled (self->cancellable))
    self->count_source = g_timeout_add (COUNT_DELAY_MS, count_cb, self);
}

static void
store_changed_cb (BstStore *store, const char *type, BstSession *self)
{
  if (g_strcmp0 (type, "OrgUnit") == 0 || g_strcmp0 (type, "Person") == 0 ||
      g_strcmp0 (type, "Mandate") == 0)
    load (self);
  if (g_strcmp0 (type, "Request") == 0)
    count (self);
}

static void
outbox_changed_cb (BstStore *store, BstSession *self)
{
  count (self);
}

/* ---- the object ---- */

static void
bst_session_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BstSession *self = BST_SESSION (object);

  switch ((BstSessionProperty) id)
    {
    case PROP_STORE:
      g_value_set_object (value, self->store);
      break;
    case PROP_SYNC:
      g_value_set_object (value, self->sync);
      break;
    case PROP_LANGUAGE:
      g_value_set_string (value, self->language);
      break;
    case PROP_PERSON:
      g_value_set_variant (value, self->person);
      break;
    case PROP_ORG:
      g_value_set_pointer (value, self->org);
      break;
    case PROP_UNIT:
      g_value_set_string (value, self->unit);
      break;
    case PROP_STARTING:
      g_value_set_boolean (value, self->starting);
      break;
    case PROP_WAITING:
      g_value_set_uint (value, self->waiting);
      break;
    case PROP_UNFINISHED:
      g_value_set_uint (value, self->unfinished);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bst_session_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_UNIT)
    bst_session_set_unit (BST_SESSION (object), g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bst_session_dispose (GObject *object)
{
  BstSession *self = BST_SESSION (object);

  bst_session_end (self);
  g_clear_object (&self->sync);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (bst_session_parent_class)->dispose (object);
}

static void
bst_session_finalize (GObject *object)
{
  BstSession *self = BST_SESSION (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->identity, g_variant_unref);
  g_clear_pointer (&self->person, g_variant_unref);
  g_clear_pointer (&self->org, bst_org_unref);
  g_clear_pointer (&self->mandates, g_ptr_array_unref);
  g_clear_pointer (&self->principals, g_hash_table_unref);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_free (self->language);
  g_free (self->unit);
  G_OBJECT_CLASS (bst_session_parent_class)->finalize (object);
}

static void
bst_session_class_init (BstSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bst_session_get_property;
  object_class->set_property = bst_session_set_property;
  object_class->dispose = bst_session_dispose;
  object_class->finalize = bst_session_finalize;

  properties[PROP_STORE] = g_param_spec_object ("store", NULL, NULL, BST_TYPE_STORE, readable);
  properties[PROP_SYNC] = g_param_spec_object ("sync", NULL, NULL, BST_TYPE_SYNC, readable);
  properties[PROP_LANGUAGE] = g_param_spec_string ("language", NULL, NULL, NULL, readable);
  properties[PROP_PERSON] =
      g_param_spec_variant ("person", NULL, NULL, G_VARIANT_TYPE_VARDICT, NULL, readable);
  properties[PROP_ORG] = g_param_spec_pointer ("org", NULL, NULL, readable);
  properties[PROP_UNIT] =
      g_param_spec_string ("unit", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_STARTING] = g_param_spec_boolean ("starting", NULL, NULL, FALSE, readable);
  properties[PROP_WAITING] = g_param_spec_uint ("waiting", NULL, NULL, 0, G_MAXUINT, 0, readable);
  properties[PROP_UNFINISHED] =
      g_param_spec_uint ("unfinished", NULL, NULL, 0, G_MAXUINT, 0, readable);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bst_session_init (BstSession *self)
{
  self->cancellable = g_cancellable_new ();
  self->zone = g_time_zone_new_local ();
}

BstSession *
bst_session_new (BstStore *store, const BstClock *clock, const char *language)
{
  BstSession *self = g_object_new (BST_TYPE_SESSION, NULL);

  self->store = g_object_ref (store);
  self->starting = TRUE;
  self->clock = clock;
  self->language = g_strdup (language);
  self->identity = bst_store_get_identity (store);
  g_signal_connect_object (store, "changed", G_CALLBACK (store_changed_cb), self, 0);
  g_signal_connect_object (store, "outbox-changed", G_CALLBACK (outbox_changed_cb), self, 0);
  load (self);
  count (self);
  return self;
}

void
bst_session_end (BstSession *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->count_source, g_source_remove);
  if (self->store)
    g_signal_handlers_disconnect_by_data (self->store, self);
}

BstStore *
bst_session_get_store (BstSession *self)
{
  return self->store;
}

BstSync *
bst_session_get_sync (BstSession *self)
{
  return self->sync;
}

void
bst_session_set_sync (BstSession *self, BstSync *sync)
{
  gboolean changed = g_set_object (&self->sync, sync);

  if (self->starting)
    {
      self->starting = FALSE;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STARTING]);
    }
  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SYNC]);
}

gboolean
bst_session_get_starting (BstSession *self)
{
  return self->starting;
}

const BstClock *
bst_session_get_clock (BstSession *self)
{
  return self->clock;
}

const char *
bst_session_get_language (BstSession *self)
{
  return self->language;
}

GVariant *
bst_session_get_identity (BstSession *self)
{
  return self->identity;
}

const char *
bst_session_get_person_id (BstSession *self)
{
  return bst_doc_get_string (self->identity, "person");
}

GVariant *
bst_session_get_person (BstSession *self)
{
  return self->person;
}

BstOrg *
bst_session_get_org (BstSession *self)
{
  return self->org;
}

const char *
bst_session_get_unit (BstSession *self)
{
  return self->unit;
}

void
bst_session_set_unit (BstSession *self, const char *unit)
{
  if (unit && !*unit)
    unit = NULL;
  if (g_strcmp0 (self->unit, unit) == 0)
    return;
  g_free (self->unit);
  self->unit = g_strdup (unit);
  count (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNIT]);
}

static GVariant *
look_up_person (const char *id, gpointer closure)
{
  GVariant *person = g_hash_table_lookup (closure, id);

  return person ? g_variant_ref (person) : NULL;
}

BstRole
bst_session_get_roles (BstSession *self, const char *unit)
{
  g_autofree char *today = bst_session_today (self);
  BstMandates mandates = { self->mandates, today, look_up_person, self->principals };

  if (!self->org || !self->person)
    return BST_ROLE_NONE;
  return bst_org_acting_roles (self->org, self->person, unit, self->mandates ? &mandates : NULL);
}

/* By path from the root, so that a department stands before its institutions. */
char **
bst_session_get_units (BstSession *self)
{
  g_autoptr (GStrvBuilder) units = g_strv_builder_new ();
  g_auto (GStrv) roots = NULL;

  if (!self->org || !self->person)
    return g_strv_builder_end (units);
  roots = bst_org_roots (self->org);
  for (guint i = 0; roots[i]; i++)
    {
      g_auto (GStrv) all = bst_org_descendants (self->org, roots[i]);

      for (guint j = 0; all[j]; j++)
        if (bst_org_has_role (self->org, self->person, BST_ROLE_ORDERER, all[j]))
          g_strv_builder_add (units, all[j]);
    }
  return g_strv_builder_end (units);
}

GTimeZone *
bst_session_get_zone (BstSession *self)
{
  return self->zone;
}

char *
bst_session_today (BstSession *self)
{
  return bst_date_of_instant (bst_clock_now (self->clock), self->zone);
}
