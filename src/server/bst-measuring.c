/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-measuring.h"

#include "bst-error.h"

#define LOOK_SECONDS  1
#define SWEEP_SECONDS 60

struct _BstMeasuring
{
  BstStorage *storage;
  GSource *look;
  GSource *steps; /* (nullable): under way */
  guint looks;    /* until the next sweep */
};

/* Another process at the database is waited for until the next look. */
static void
say (const GError *error)
{
  if (!g_error_matches (error, BST_ERROR, BST_ERROR_BUSY))
    g_warning ("measuring failed: %s", error->message);
}

static void
drop_source (GSource **source)
{
  if (!*source)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/* A step whenever there is nothing else to do. */
static gboolean
step_cb (gpointer data)
{
  BstMeasuring *self = data;
  g_autoptr (GError) error = NULL;
  gboolean more = FALSE;

  if (!bst_storage_measure_step (self->storage, &more, &error))
    {
      say (error);
      more = FALSE;
    }
  if (more)
    return G_SOURCE_CONTINUE;
  drop_source (&self->steps);
  return G_SOURCE_REMOVE;
}

static gboolean
look_cb (gpointer data)
{
  BstMeasuring *self = data;
  g_autoptr (GError) error = NULL;

  if (self->steps)
    return G_SOURCE_CONTINUE;
  if (self->looks == 0)
    {
      if (!bst_storage_measure_sweep (self->storage, &error))
        say (error);
      self->looks = SWEEP_SECONDS / LOOK_SECONDS;
    }
  self->looks--;
  self->steps = g_idle_source_new ();
  g_source_set_priority (self->steps, G_PRIORITY_LOW);
  g_source_set_callback (self->steps, step_cb, self, NULL);
  g_source_attach (self->steps, g_main_context_get_thread_default ());
  return G_SOURCE_CONTINUE;
}

BstMeasuring *
bst_measuring_new (BstStorage *storage)
{
  BstMeasuring *self = g_new0 (BstMeasuring, 1);

  self->storage = storage;
  self->look = g_timeout_source_new_seconds (LOOK_SECONDS);
  g_source_set_callback (self->look, look_cb, self, NULL);
  g_source_attach (self->look, g_main_context_get_thread_default ());
  return self;
}

void
bst_measuring_free (BstMeasuring *self)
{
  drop_source (&self->look);
  drop_source (&self->steps);
  g_free (self);
}
