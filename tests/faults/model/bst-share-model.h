/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A draft that two clients share: two fields, which both write in. What is written goes up as a patch that names the
 * revision it was made on; patches and answers get lost or late. Nothing that somebody wrote may vanish unless
 * somebody who saw it wrote over it, or decided against it.
 *
 * The rules are those of bst-store-share.c, bst-store-merge.c and the server's Request/set: a change there is to be
 * made here too.
 */

#define BST_SHARE_CLIENTS 2
#define BST_SHARE_FIELDS  2
#define BST_SHARE_WORDS   2 /* that each client writes at most; no two are the same */

typedef enum
{
  BST_SHARE_MISTAKE_NONE,
  BST_SHARE_MISTAKE_LAST_WINS,    /* the server takes a patch on any revision */
  BST_SHARE_MISTAKE_REFUSED_DONE, /* a patch on an old revision counts as done */
  BST_SHARE_MISTAKE_MINE_WINS,    /* what both changed is kept once: ours */
  BST_SHARE_MISTAKE_THEIRS_WINS,  /* … theirs */
  BST_SHARE_N_MISTAKES,
} BstShareMistake;

typedef struct
{
  guint8 rev; /* 0: there is none */
  guint8 field[BST_SHARE_FIELDS];
} BstShareRecord;

/* @mask: set of fields; 0: nothing waits */
typedef struct
{
  guint8 create;
  guint8 rev;
  guint8 mask;
  guint8 field[BST_SHARE_FIELDS];
} BstSharePatch;

typedef struct
{
  BstShareRecord base; /* the server's, under the draft */
  guint8 mine[BST_SHARE_FIELDS];
  guint8 twice; /* set of fields that both changed; theirs is in @base */
  guint8 written;
  BstSharePatch item; /* in the outbox, until it is answered */

  guint8 line; /* 0 idle, 1 asked, 2 answered */
  BstSharePatch sent;
  BstSharePatch late; /* given up, and yet to arrive */
  guint8 done;        /* of the answer */
  BstShareRecord answer;
} BstShareClient;

/* All octets. */
typedef struct
{
  BstShareRecord server;
  guint8 gone; /* set of words that somebody who saw them has replaced */
  guint8 field_of[1 + BST_SHARE_CLIENTS * BST_SHARE_WORDS];
  BstShareClient client[BST_SHARE_CLIENTS];
} BstShareModel;

typedef enum
{
  BST_SHARE_WRITE, /* in the first field */
  BST_SHARE_WRITE_TOO,
  BST_SHARE_SEND,
  BST_SHARE_DELIVER,
  BST_SHARE_TAKE,
  BST_SHARE_CUT,
  BST_SHARE_LATE,
  BST_SHARE_KEEP_MINE,
  BST_SHARE_KEEP_THEIRS,
  BST_SHARE_N_STEPS,
} BstShareStep;

const char *bst_share_step_name (guint step);
const char *bst_share_mistake_name (guint mistake);

/* As those of bst-sync-model.h. */
gboolean bst_share_do (gpointer model, guint step, guint who, guint mistake);
const char *bst_share_wrong (gconstpointer model);
const char *bst_share_wrong_in_the_end (gconstpointer model, guint mistake);

G_END_DECLS
