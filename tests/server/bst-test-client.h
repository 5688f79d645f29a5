/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-test-server.h"

G_BEGIN_DECLS

/* A bare HTTPS client for the server's tests: nothing of the app's own. */

typedef struct
{
  guint status;
  char *type;
  char *encoding;
  GBytes *body;
  GVariant *json; /* (nullable) */
} BstTestReply;

void bst_test_reply_free (BstTestReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstTestReply, bst_test_reply_free)

/** bst_test_send: @body of @len octets (-1: a string); @headers: name, value, …, NULL. */
BstTestReply *bst_test_send (BstTestServer *server,
                             const char *method,
                             const char *path,
                             const char *token,
                             const char *content_type,
                             const char *body,
                             gssize len,
                             const char *const *headers);

/** bst_test_post: JSON to a path. */
BstTestReply *
bst_test_post (BstTestServer *server, const char *path, const char *token, const char *json);

/** bst_test_call: one method call (name and arguments as JSON) through /jmap/api/; its answer's arguments; asserts its name. */
GVariant *
bst_test_call (BstTestServer *server, const char *token, const char *name, const char *args);

/** bst_test_call_error: the type of the method error. (transfer full) */
char *
bst_test_call_error (BstTestServer *server, const char *token, const char *name, const char *args);

/** bst_test_listen: opens the event stream, calls @act when it stands, reads until the server closes it. (transfer full) */
char *bst_test_listen (BstTestServer *server,
                       const char *token,
                       const char *query,
                       void (*act) (BstTestServer *server));

/** bst_test_initial_state, bst_test_problem: (transfer full) */
char *bst_test_initial_state (BstTestServer *server, const char *token, const char *account);
const char *
bst_test_problem (BstTestReply *reply); /* borrowed: behind the last slash or colon of its type */

G_END_DECLS
