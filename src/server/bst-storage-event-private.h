/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-storage-private.h"

G_BEGIN_DECLS

/* One event on its way in. */
typedef struct
{
  BstStorage *storage;
  BstScope *scope;
  BstStorageRow *row; /* of the request */
  GVariant *request;  /* as it becomes */
  GVariant *event;    /* as it becomes */
  BstRole roles;
  GVariant *refused;
} BstEventStep;

/** bst_event_step_refuse: @refusal (transfer full): a SetError. Returns: %FALSE. */
gboolean bst_event_step_refuse (BstEventStep *step, GVariant *refusal);

/** bst_event_step_receive: what a submitted order gets: prices, number, who performs its lines, what is promised. %FALSE: refused, or @error. */
gboolean bst_event_step_receive (BstEventStep *step, GError **error);

/** bst_event_step_set_due: by when its lines, and hence the order, are promised now that the event has happened. */
gboolean bst_event_step_set_due (BstEventStep *step, GError **error);

G_END_DECLS
