/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-levels.h"

#include "bst-clock.h"
#include "bst-month.h"
#include "bst-store-levels.h"

#define MAX_LATE       300
#define MAX_AGREEMENTS 500
#define RELOAD_MS      200 /* one reading for a burst of changes */

struct _BstLevels
{
  GObject parent_instance;

  BstSession *session;
  BstRecords *records;
  char *unit;
  char *service;
  char *from;
  char *to;

  GPtrArray *measures;
  GPtrArray *agreements;
  GPtrArray *late;
  BstLevelData *data;
  GCancellable *reading;
  guint reload_source;
};

G_DEFINE_FINAL_TYPE (BstLevels, bst_levels, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* ---- reading ---- */

static void
make (BstLevels *self)
{
  BstOrg *org = bst_session_get_org (self->session);
  BstLevelSources sources = {
    .unit = self->unit,
    .service = self->service,
    .from = self->from,
    .to = self->to,
    .measures = self->measures,
    .agreements = self->agreements,
    .late = self->late,
    .org = org,
    .records = self->records,
    .language = bst_session_get_language (self->session),
    .now = bst_clock_now (bst_session_get_clock (self->session)),
  };

  if (!org || !self->measures || !self->agreements || !self->late)
    return;
  sources.complete = self->late->len < MAX_LATE;
  g_clear_pointer (&self->data, bst_level_data_free);
  self->data = bst_level_data_new (&sources);
  if (!bst_records_is_loading (self->records))
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
take (BstLevels *self, GPtrArray **into, GPtrArray *found)
{
  if (!found)
    return;
  g_clear_pointer (into, g_ptr_array_unref);
  *into = found;
  make (self);
}

static void
measures_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstLevels) self = user_data;

  take (self, &self->measures, bst_store_measures_finish (BST_STORE (source), result, NULL));
}

static void
agreements_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstLevels) self = user_data;

  take (self, &self->agreements, bst_store_find_finish (BST_STORE (source), result, NULL));
}

static void
late_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstLevels) self = user_data;

  take (self, &self->late, bst_store_cases_finish (BST_STORE (source), result, NULL));
}

static gboolean
late_period (BstLevels *self, gint64 *ret_from, gint64 *ret_to)
{
  g_autoptr (GTimeZone) zone =
      bst_level_data_zone (bst_session_get_org (self->session), self->unit);
  g_autofree char *before = bst_month_add (self->to, -1);
  const char *first = before && strcmp (before, self->from) < 0 ? before : self->from;
  gint64 unused;

  return bst_month_bounds (first, zone, ret_from, &unused) &&
         bst_month_bounds (self->to, zone, &unused, ret_to);
}

static void
read_all (BstLevels *self)
{
  BstStore *store = bst_session_get_store (self->session);
  const BstQuery agreements = { .type = "Agreement" };
  g_autofree char *first = NULL;
  g_autofree char *before = NULL;
  BstMeasureQuery measures;
  BstCaseQuery late = {
    .unit = self->unit, .service = self->service, .scope = BST_CASES_LATE, .limit = MAX_LATE
  };

  if (!self->unit || !bst_session_get_org (self->session) ||
      !late_period (self, &late.from, &late.to))
    return;
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  first = bst_level_data_first_month (self->from, self->to);
  before = bst_level_data_month_before (self->from, self->to);
  measures = (BstMeasureQuery){ self->unit, first, self->to, before, self->service };
  bst_store_measures_async (store, &measures, self->reading, measures_cb, g_object_ref (self));
  bst_store_find_async (store, &agreements, 0, MAX_AGREEMENTS, self->reading, agreements_cb,
                        g_object_ref (self));
  bst_store_cases_async (store, &late, self->reading, late_cb, g_object_ref (self));
}

static gboolean
reload_due_cb (gpointer user_data)
{
  BstLevels *self = user_data;

  self->reload_source = 0;
  read_all (self);
  return G_SOURCE_REMOVE;
}

static void
store_changed_cb (BstStore *store, const char *type, BstLevels *self)
{
  static const char *const shown[] = { "Measure", "Request", "Agreement", "OrgUnit", NULL };

  if (g_strv_contains (shown, type) && !self->reload_source)
    self->reload_source = g_timeout_add (RELOAD_MS, reload_due_cb, self);
}

static void
org_cb (BstLevels *self)
{
  read_all (self);
}

/* ---- the object ---- */

static void
bst_levels_dispose (GObject *object)
{
  BstLevels *self = BST_LEVELS (object);

  g_clear_handle_id (&self->reload_source, g_source_remove);
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (bst_levels_parent_class)->dispose (object);
}

static void
bst_levels_finalize (GObject *object)
{
  BstLevels *self = BST_LEVELS (object);

  g_free (self->unit);
  g_free (self->service);
  g_free (self->from);
  g_free (self->to);
  g_clear_pointer (&self->measures, g_ptr_array_unref);
  g_clear_pointer (&self->agreements, g_ptr_array_unref);
  g_clear_pointer (&self->late, g_ptr_array_unref);
  g_clear_pointer (&self->data, bst_level_data_free);
  G_OBJECT_CLASS (bst_levels_parent_class)->finalize (object);
}

static void
bst_levels_class_init (BstLevelsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bst_levels_dispose;
  G_OBJECT_CLASS (klass)->finalize = bst_levels_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
bst_levels_init (BstLevels *self)
{
}

BstLevels *
bst_levels_new (BstSession *session)
{
  BstLevels *self = g_object_new (BST_TYPE_LEVELS, NULL);
  BstStore *store = bst_session_get_store (session);

  self->session = g_object_ref (session);
  self->records = bst_records_for_store (store);
  g_signal_connect_object (store, "changed", G_CALLBACK (store_changed_cb), self, 0);
  g_signal_connect_object (self->records, "loaded", G_CALLBACK (make), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::org", G_CALLBACK (org_cb), self, G_CONNECT_SWAPPED);
  return self;
}

static gboolean
replace (char **place, const char *value)
{
  if (g_strcmp0 (*place, value) == 0)
    return FALSE;
  g_free (*place);
  *place = g_strdup (value);
  return TRUE;
}

void
bst_levels_choose (BstLevels *self,
                   const char *unit,
                   const char *service,
                   const char *from,
                   const char *to)
{
  gboolean other = replace (&self->unit, unit);

  other = replace (&self->service, service) || other;
  other = replace (&self->from, from) || other;
  other = replace (&self->to, to) || other;
  if (other)
    {
      g_clear_pointer (&self->measures, g_ptr_array_unref);
      g_clear_pointer (&self->late, g_ptr_array_unref);
    }
  read_all (self);
}

const BstLevelData *
bst_levels_get_data (BstLevels *self)
{
  return self->data;
}

char *
bst_levels_get_month (BstSession *session, const char *unit)
{
  g_autoptr (GTimeZone) zone = bst_level_data_zone (bst_session_get_org (session), unit);

  return bst_month_of_instant (bst_clock_now (bst_session_get_clock (session)), zone);
}

const char *
bst_levels_default_unit (BstSession *session)
{
  GVariant *person = bst_session_get_person (session);
  BstOrg *org = bst_session_get_org (session);
  const char *unit = bst_session_get_unit (session);
  const char *own, *department;
  g_autoptr (GHashTable) visible = NULL;

  if (unit || !org || !person)
    return unit;
  own = bst_doc_get_string (person, "unit");
  department = bst_org_department (org, own);
  visible = bst_org_visible_units (org, person);
  return department && g_hash_table_contains (visible, department) ? department : own;
}
