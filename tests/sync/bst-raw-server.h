/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * A TLS server in a thread that says what the test tells it to, right or wrong, to every request.
 */
typedef struct _BstRawServer BstRawServer;

typedef enum
{
  BST_RAW_ANSWER,  /* says it and closes */
  BST_RAW_DRIBBLE, /* says it a few octets at a time */
  BST_RAW_CUT,     /* says half of it and is gone */
  BST_RAW_CLOSE,   /* reads the request and is gone */
  BST_RAW_SILENT,  /* reads the request and says nothing */
  BST_RAW_HOLD,    /* says it and nothing more */
  BST_RAW_REPEAT,  /* says it again and again until nobody listens */
} BstRawManner;

/** bst_raw_server_new: @directory: with tls/server.pem and tls/server.key; %NULL: plain TCP. On all of 127.0.0.0/8. */
BstRawServer *bst_raw_server_new (const char *directory);
void bst_raw_server_free (BstRawServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstRawServer, bst_raw_server_free)

guint16 bst_raw_server_get_port (BstRawServer *server);

/** bst_raw_server_say: @answer (octets of HTTP, copied) to all requests from now on. */
void bst_raw_server_say (BstRawServer *server, BstRawManner manner, const char *answer);

/** bst_raw_server_heard: the last request, whole. (transfer full) */
char *bst_raw_server_heard (BstRawServer *server);

/** bst_raw_server_requests: how many have come. */
guint bst_raw_server_requests (BstRawServer *server);

G_END_DECLS
