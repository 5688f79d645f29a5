/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Outbox and synchronisation without what does not matter: two clients who make orders, one server with a
 * log, a line on which requests and answers get lost or late, and parcels, which two carriers bring to the server
 * as often as they like, in any order, each with an answer of its own. What is durable is in the state; a
 * crash and a cut line are the same here: what was under way is gone.
 *
 * The rules are those of bst-sync-engine.c, bst-courier.c, bst-store-outbox.c, bst-store-heal.c and the server's
 * Foo/set and Record/changes: a change there is to be made here too.
 */

#define BST_MODEL_CLIENTS 2
#define BST_MODEL_ORDERS  2 /* that each makes */
#define BST_MODEL_LOG     12
#define BST_MODEL_PARCELS 2
#define BST_MODEL_COPIES  2 /* of each, with a carrier each */

/* Mistakes that the check must find: it is only worth something if it does. */
typedef enum
{
  BST_MISTAKE_NONE,
  BST_MISTAKE_NEW_UID,            /* a retry makes a new uid */
  BST_MISTAKE_CHECKPOINT_FIRST,   /* the checkpoint is committed before its data */
  BST_MISTAKE_SENT_IS_RECEIVED,   /* what left counts as received */
  BST_MISTAKE_SILENCE_IS_YES,     /* a lost answer counts as a good one */
  BST_MISTAKE_SERVER_TAKES_ALL,   /* the server does not know a uid again */
  BST_MISTAKE_EPOCH_IGNORED,      /* a restored server goes on counting as before */
  BST_MISTAKE_NOTHING_KEPT,       /* the client forgets what the replica shows */
  BST_MISTAKE_PARCEL_IS_RECEIVED, /* what went out as a file counts as received */
  BST_MISTAKE_PARCEL_NEW_UID,     /* a parcel carries orders under uids of its own */
  BST_MISTAKE_PARCEL_OVERTAKEN, /* the page of an answer is taken wherever the replica stands by then */
  BST_N_MISTAKES,
} BstMistake;

typedef enum
{
  BST_MODEL_NONE,
  BST_MODEL_QUEUED,
  BST_MODEL_SENDING,
  BST_MODEL_RECEIVED, /* the replica does not show it yet */
  BST_MODEL_KEPT,
} BstModelOrder;

typedef enum
{
  BST_MODEL_IDLE,
  BST_MODEL_REQUEST, /* on its way there */
  BST_MODEL_ANSWER,  /* on its way back */
  BST_MODEL_SETTLED, /* the fates are committed, the page is not */
} BstModelLine;

/* All octets, so that states can be compared and hashed as memory. */
/* What the server says of changes. */
typedef struct
{
  guint8 there;
  guint8 lost; /* cannotCalculateChanges */
  guint8 epoch;
  guint8 to;   /* the new checkpoint */
  guint8 page; /* set of orders */
  guint8 more;
} BstModelAnswer;

typedef struct
{
  guint8 made;
  guint8 order[BST_MODEL_ORDERS]; /* BstModelOrder */
  guint8 uid[BST_MODEL_ORDERS];   /* 0, and up with each new one of the same order */
  guint8 told[BST_MODEL_ORDERS];  /* the user was told that it is received */
  guint8 epoch;
  guint8 checkpoint;
  guint8 replica; /* set of orders */
  guint8 doubt;

  guint8 line; /* BstModelLine */
  guint8 sent; /* set of own orders in the request */
  guint8 sent_uid[BST_MODEL_ORDERS];
  guint8 sent_epoch, sent_checkpoint;
  guint8 late; /* set: of a request that arrives after its sender has given it up */
  guint8 late_uid[BST_MODEL_ORDERS];
  BstModelAnswer answer;
} BstModelClient;

/* Once made it lies about for ever. */
typedef struct
{
  guint8 owner; /* + 1; 0: none */
  guint8 sent;  /* set of orders */
  guint8 uid[BST_MODEL_ORDERS];
  guint8 epoch, checkpoint;
  BstModelAnswer answer[BST_MODEL_COPIES];
} BstModelParcel;

typedef struct
{
  guint8 log[BST_MODEL_LOG]; /* client, order and uid of each */
  guint8 n_log;
  guint8 epoch;
  guint8 backup; /* length of the log then, + 1; 0: none */
  BstModelClient client[BST_MODEL_CLIENTS];
  BstModelParcel parcel[BST_MODEL_PARCELS];
} BstModel;

/** What can happen: who × what. With parcels: which one. */
typedef enum
{
  BST_STEP_MAKE,
  BST_STEP_SEND,
  BST_STEP_DELIVER,
  BST_STEP_SETTLE,
  BST_STEP_APPLY,
  BST_STEP_CUT,
  BST_STEP_LATE,
  BST_STEP_BACKUP,  /* the server's */
  BST_STEP_RESTORE, /* the server's */
  BST_STEP_PACK,
  BST_STEP_CARRY,      /* to the server, by the first carrier */
  BST_STEP_CARRY_TOO,  /* … by the second */
  BST_STEP_UNPACK,     /* the answer that the first one brought */
  BST_STEP_UNPACK_TOO, /* … the second */
  BST_N_STEPS,
} BstModelStep;

const char *bst_model_step_name (BstModelStep step);
const char *bst_mistake_name (BstMistake mistake);

/** bst_model_do: Returns: %FALSE when that cannot happen now; @model is as before then. */
gboolean bst_model_do (BstModel *model, BstModelStep step, guint who, BstMistake mistake);

/** bst_model_wrong: what is wrong with this very state; %NULL: nothing. */
const char *bst_model_wrong (const BstModel *model);

/** bst_model_wrong_in_the_end: the same, when from now on all goes well and everybody synchronises. */
const char *bst_model_wrong_in_the_end (const BstModel *model, BstMistake mistake);

G_END_DECLS
