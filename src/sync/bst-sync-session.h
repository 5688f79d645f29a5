/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-sync-batch.h"

G_BEGIN_DECLS

/**
 * BstSyncSession: what a session (RFC 8620 §2) says that synchronising needs.
 * @accounts: id -> {…}, as it stands there
 * @limits: of one request; @apart is not of the session
 * @max_upload: octets of a file; 0: it does not say
 */
typedef struct
{
  GVariant *accounts;
  char *state;
  char *epoch;
  BstSyncLimits limits;
  guint max_calls;
  gint64 max_part;
  gint64 max_upload;
} BstSyncSession;

/**
 * bst_sync_session_parse: @identity: whose it must be, as far as that is known.
 *
 * Returns: (transfer full): %NULL with PORTAL when @text is no session, PROTOCOL when it is another's
 */
BstSyncSession *bst_sync_session_parse (GBytes *text, GVariant *identity, GError **error);
void bst_sync_session_free (BstSyncSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstSyncSession, bst_sync_session_free)

/** bst_sync_session_initial_state: before all that there is in the account that @value is of; %NULL: nothing is told of it. Borrowed. */
const char *bst_sync_session_initial_state (GVariant *value);

G_END_DECLS
