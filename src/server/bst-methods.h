/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-jmap.h"
#include "bst-storage-private.h"

G_BEGIN_DECLS

/* What the session advertises and the methods enforce. */
#define BST_MAX_SIZE_REQUEST (16 * 1024 * 1024)
#define BST_MAX_SIZE_UPLOAD  (50 * 1000 * 1000)
#define BST_MAX_SIZE_PART    (4 * 1024 * 1024)
#define BST_MAX_CALLS        64
#define BST_MAX_GET          5000
#define BST_MAX_SET          1000
#define BST_MAX_CHANGES      2000
/* Deeper documents would not fit into the answers that carry them. */
#define BST_MAX_DOC_DEPTH 24

/** BstMethod: one call being answered. */
typedef struct
{
  BstStorage *storage;
  BstScope *scope;
  const char *person;
  const BstRecordType *type; /* of Foo/…; NULL otherwise */
  GVariant *args;            /* references resolved */
  const char *account;       /* checked; borrowed from args */
  GHashTable *created_ids;   /* creation id -> id, over the whole request */
  GString *out;              /* the answer's arguments */
  const char *error_type;    /* static */
  char *description;
} BstMethod;

/** bst_method_fail: returns FALSE, for tail calls. @type must be static. */
gboolean bst_method_fail (BstMethod *method, const char *type, const char *description);

/** bst_method_fail_storage: logs @error, answers serverFail. */
gboolean bst_method_fail_storage (BstMethod *method, GError *error);

/** BstMethodState: EPOCH.RIGHTS.SEQ, in a first synchronisation followed by .POSITION.TOTAL (docs/protocol.md, "State"). */
typedef struct
{
  gint64 seq;
  gint64 position; /* -1: no first synchronisation */
  gint64 total;
} BstMethodState;

/** bst_method_state_text: of @account for this person. (transfer full) */
char *bst_method_state_text (BstStorage *storage,
                             BstScope *scope,
                             const char *account,
                             const BstMethodState *state);

/** bst_method_state_now: the account as it is. (transfer full) */
char *bst_method_state_now (BstStorage *storage, BstScope *scope, const char *account);

/** bst_method_state_parse: %FALSE when changes since then cannot be told. */
gboolean bst_method_state_parse (BstMethod *method, const char *text, BstMethodState *ret_state);

gboolean bst_method_get (BstMethod *method);
gboolean bst_method_changes (BstMethod *method);
gboolean bst_method_all_changes (BstMethod *method);
gboolean bst_method_set (BstMethod *method);
gboolean bst_method_query (BstMethod *method);
gboolean bst_method_upload (BstMethod *method);

/** bst_method_upload_forget: @calls without the octets of files: what was asked, briefly. (transfer full) (element-type BstJmapCall) */
GPtrArray *bst_method_upload_forget (GPtrArray *calls);

/** bst_method_append_key: ,"@name": at the end of the answer. */
void bst_method_append_key (GString *out, const char *name);

/** bst_methods_run: all calls of @request. Returns: (transfer full): a Response */
GString *bst_methods_run (BstStorage *storage,
                          const char *person,
                          BstJmapRequest *request,
                          const char *session_state);

G_END_DECLS
