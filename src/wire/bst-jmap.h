/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-doc.h"

G_BEGIN_DECLS

/* The JMAP envelope (RFC 8620 §3), both directions. See docs/protocol.md. */

#define BST_JMAP_CORE              "urn:ietf:params:jmap:core"
#define BST_JMAP_OWN               "https://bestiller.org/ns/jmap"
#define BST_JMAP_CATALOGUE_ACCOUNT "catalogue"
#define BST_JMAP_UPLOAD            "Blob/upload" /* files within a request: see docs/protocol.md, "Parcels" */

/** BstJmapCall: one Invocation: [name, arguments, call id]. */
typedef struct
{
  char *name;
  GVariant *args;
  char *id;
} BstJmapCall;

BstJmapCall *
bst_jmap_call_new (const char *name, GVariant *args, const char *id); /* @args: floating is sunk */
void bst_jmap_call_free (BstJmapCall *call);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstJmapCall, bst_jmap_call_free)

/** bst_jmap_request_print: a Request object (§3.3) with using = core and ours. (transfer full) */
char *bst_jmap_request_print (GPtrArray *calls);

/** BstJmapRequest: a Request as the server received it. */
typedef struct
{
  char **using;
  GPtrArray *calls;      /* (element-type BstJmapCall) */
  GVariant *created_ids; /* (nullable): a{sv} of strings */
} BstJmapRequest;

/** bst_jmap_request_parse: %BST_ERROR_INVALID where the type signature of §3.3 does not hold. */
BstJmapRequest *bst_jmap_request_parse (const char *text, gssize len, GError **error);

/** bst_jmap_request_read: the same from JSON that is already parsed (a server tells notJSON from notRequest). */
BstJmapRequest *bst_jmap_request_read (GVariant *value, GError **error);
void bst_jmap_request_free (BstJmapRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstJmapRequest, bst_jmap_request_free)

/**
 * bst_jmap_response_parse:
 * @ret_session_state: (out) (optional) (transfer full)
 *
 * For small answers (bulk pages are SQLite's work). Returns: (transfer full) (element-type BstJmapCall):
 * %NULL with %BST_ERROR_PROTOCOL when it is not a Response (§3.4).
 */
GPtrArray *
bst_jmap_response_parse (const char *text, gssize len, char **ret_session_state, GError **error);

/** bst_jmap_pointer: evaluates a JSON Pointer with the "*" of §3.7. Returns: (transfer full) (nullable) */
GVariant *bst_jmap_pointer (GVariant *value, const char *pointer);

/** bst_jmap_has_references: whether any argument begins with "#". */
gboolean bst_jmap_has_references (GVariant *args);

/**
 * bst_jmap_resolve: replaces every "#name" argument by what its ResultReference (§3.7) points at.
 * @previous: (element-type BstJmapCall): answers so far
 *
 * Returns: (transfer full): %NULL with %BST_ERROR_INVALID for invalidResultReference, %BST_ERROR_CONFLICT when an argument is
 * there both by value and by reference (invalidArguments)
 */
GVariant *bst_jmap_resolve (GVariant *args, GPtrArray *previous, GError **error);

G_END_DECLS
