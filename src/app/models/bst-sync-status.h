/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-sync.h"

G_BEGIN_DECLS

/**
 * BstSyncFacts: what is known about the synchronisation at one moment.
 * @batch: how many items there were when the sending began
 * @signed_in: %FALSE: there is no token (yet)
 * @starting: the token is being looked up
 */
typedef struct
{
  BstSyncState state;
  guint pending;
  guint refused;
  guint batch;
  gint64 last_contact; /* UTC seconds; 0: never */
  gint64 done;
  gint64 total;
  int error_code;
  gboolean signed_in;
  gboolean starting;
  BstSyncNews news;
  guint interval; /* seconds between two times of asking */
  gboolean metered;
} BstSyncFacts;

/** bst_sync_facts: of @sync (nullable: not signed in). @batch is left 0. */
BstSyncFacts bst_sync_facts (BstSync *sync);

/** bst_sync_facts_short: one line for the sidebar: "Offline since 9:40 · 2 waiting". Returns: (transfer full). */
char *
bst_sync_facts_short (const BstSyncFacts *facts, gint64 now, GTimeZone *zone, const char *language);

/** bst_sync_facts_long: a sentence or two: what it means, what is safe, what to do. Returns: (transfer full). */
char *bst_sync_facts_long (const BstSyncFacts *facts);

/** bst_sync_facts_contact: "Today 14:02", "Tue 24 Mar 14:02", "Never". Returns: (transfer full). */
char *bst_sync_facts_contact (const BstSyncFacts *facts,
                              gint64 now,
                              GTimeZone *zone,
                              const char *language);

/** bst_sync_facts_news: a sentence: how changes made elsewhere come here; %NULL when they do not. Returns: (transfer full). */
char *bst_sync_facts_news (const BstSyncFacts *facts);

/** bst_sync_facts_icon: static. */
const char *bst_sync_facts_icon (const BstSyncFacts *facts);

/** bst_sync_facts_fraction: of the first synchronisation, 0 … 1; negative when there is none under way. */
double bst_sync_facts_fraction (const BstSyncFacts *facts);

/** bst_sync_when: "14:02" today, "Tue 24 Mar 14:02" else. Returns: (transfer full). */
char *bst_sync_when (gint64 instant, gint64 now, GTimeZone *zone, const char *language);

G_END_DECLS
