/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-draft.h"
#include "bst-request.h"

G_BEGIN_DECLS

struct _BstDraft
{
  GObject parent_instance;

  BstSession *session;
  GVariant *doc;
  GVariant *base;      /* (nullable) the server's record, over which it is written */
  GVariant *conflicts; /* av: what two changed, and is to be decided */
  gboolean shared;
  gboolean amends;
  guint pushed_edits; /* the count that colleagues can see soon */
  guint save_source;
  guint edits;       /* counts changes */
  guint saved_edits; /* the count that the store has confirmed */
  guint saving;      /* under way */
  gboolean stored;   /* the store knows it */
  gboolean failing;  /* it could not be kept, and is tried again by itself */
  gboolean abandoned;
  gint64 saved_at;
};

/** bst_draft_fill_context: @ret_today: (out) (transfer full): what @context borrows */
void bst_draft_fill_context (BstDraft *draft, BstRequestContext *context, char **ret_today);

/** bst_draft_took_edit: @next (transfer full): the order as it is now; it is saved soon. @lines: of ::changed */
void bst_draft_took_edit (BstDraft *draft, GVariant *next, gboolean lines);

G_END_DECLS
