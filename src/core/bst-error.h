/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BST_ERROR:
 *
 * The one error domain of Bestiller's own rules. Errors of GIO, SQLite, TLS … are turned into it
 * (or passed on untouched as %G_IO_ERROR) where they cross a module's border.
 */
#define BST_ERROR (bst_error_quark ())

/**
 * BstErrorCode:
 * @BST_ERROR_INVALID: a value breaks a rule; the message names the property or the line and column
 * @BST_ERROR_NOT_FOUND: no such record, file, command …
 * @BST_ERROR_FORBIDDEN: the rights or the order's life do not allow it
 * @BST_ERROR_CONFLICT: the same property was changed on both sides, or the uid exists with other content
 * @BST_ERROR_TOO_LARGE: over a stated limit (size, depth, count)
 * @BST_ERROR_NEWER: a database or document that a newer Bestiller wrote; left untouched
 * @BST_ERROR_CORRUPT: stored or received data that cannot be read
 * @BST_ERROR_STORAGE: the disk refused (full, read-only, I/O); nothing was changed
 * @BST_ERROR_BUSY: another process holds it
 * @BST_ERROR_OFFLINE: no line to the server; nothing was sent
 * @BST_ERROR_OUTCOME_UNKNOWN: it was sent, and no answer came; ask again with the same uid
 * @BST_ERROR_PORTAL: something answered, but not our server (captive portal, proxy page)
 * @BST_ERROR_CERTIFICATE: the server's certificate is expired, for another host, or not trusted
 * @BST_ERROR_SIGN_IN: token missing, expired or revoked
 * @BST_ERROR_LOST: this computer was reported lost: what came from the server is to go from it
 * @BST_ERROR_CODE_WRONG: an enrolment code that does not exist here
 * @BST_ERROR_CODE_EXPIRED: an enrolment code past its time
 * @BST_ERROR_CODE_USED: an enrolment code used before
 * @BST_ERROR_OTHER_AUTHORITY: an enrolment code that belongs to another authority's server
 * @BST_ERROR_PROTOCOL: the server's answer is not what the protocol promises
 * @BST_ERROR_SERVER: the server says that it failed (5xx, serverFail)
 * @BST_ERROR_STATE_LOST: changes since our state cannot be told; take a new replica
 */
typedef enum
{
  BST_ERROR_INVALID,
  BST_ERROR_NOT_FOUND,
  BST_ERROR_FORBIDDEN,
  BST_ERROR_CONFLICT,
  BST_ERROR_TOO_LARGE,
  BST_ERROR_NEWER,
  BST_ERROR_CORRUPT,
  BST_ERROR_STORAGE,
  BST_ERROR_BUSY,
  BST_ERROR_OFFLINE,
  BST_ERROR_OUTCOME_UNKNOWN,
  BST_ERROR_PORTAL,
  BST_ERROR_CERTIFICATE,
  BST_ERROR_SIGN_IN,
  BST_ERROR_CODE_WRONG,
  BST_ERROR_CODE_EXPIRED,
  BST_ERROR_CODE_USED,
  BST_ERROR_OTHER_AUTHORITY,
  BST_ERROR_PROTOCOL,
  BST_ERROR_SERVER,
  BST_ERROR_STATE_LOST,
  BST_ERROR_LOST,
} BstErrorCode;

GQuark bst_error_quark (void);

G_END_DECLS
