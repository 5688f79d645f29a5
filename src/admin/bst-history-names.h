/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-storage.h"

G_BEGIN_DECLS

/* Which of our units and services another system's words mean. */

/** BstHistoryCounterpart: @doc: the record; @head: of a service: the beginning of a line that orders it, as JSON without braces */
typedef struct
{
  char *id;
  GVariant *doc;
  char *head;
} BstHistoryCounterpart;

/**
 * BstHistoryNames: of one record type, OrgUnit or Service.
 * @fallback: (nullable): id, code or name of the one to be taken for what has no counterpart
 * @create: make one of that name instead
 */
typedef struct _BstHistoryNames BstHistoryNames;

BstHistoryNames *bst_history_names_new (BstStorage *storage,
                                        const char *type,
                                        const char *source,
                                        const char *fallback,
                                        gboolean create,
                                        GError **error);
void bst_history_names_free (BstHistoryNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstHistoryNames, bst_history_names_free)

/**
 * bst_history_names_find:
 * @text: (nullable): an id, a code, a name
 *
 * Returns: borrowed; %NULL with NOT_FOUND when it has no counterpart; other errors are the database's
 */
const BstHistoryCounterpart *
bst_history_names_find (BstHistoryNames *names, const char *text, GError **error);

/** bst_history_names_known: the same without fallback, and without making one; (nullable). */
const BstHistoryCounterpart *bst_history_names_known (BstHistoryNames *names, const char *text);

/** bst_history_names_made: how many were made. */
guint bst_history_names_made (BstHistoryNames *names);

G_END_DECLS
