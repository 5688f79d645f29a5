/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-oracle.h"

G_BEGIN_DECLS

#define N_ORDERS 4

/* One entry of the outbox; what was taken by the server stays in the list as received. */
typedef struct
{
  gboolean event;
  gboolean create;
  char *action; /* of an event */
  char *uid;    /* of an event: learned from the store */
  guint order;
  int state; /* BstOutboxState, or RECEIVED */
  guint tries;
  GVariant *content;
  GVariant *record; /* RECEIVED: what the server set */
} Item;

#define RECEIVED 3

typedef struct
{
  char *uid;
  char *title;      /* of the draft */
  gboolean draft;   /* being edited */
  gboolean pending; /* submitted: the draft is kept aside */
  char *submitted;  /* title of the last submission */

  GVariant *server; /* (nullable): as the server has it */
  GPtrArray *steps; /* there: events */
  GVariant *shown;  /* (nullable): the server's, as of the last page */
  guint n_shown;    /* steps shown */
} Order;

struct _StoreOracle
{
  StoreFixture *fixture;
  GRand *chance;
  Order orders[N_ORDERS];
  GPtrArray *items; /* in the order of the outbox */
  guint page;
  guint title;
};

/** store_oracle_serve: what the server does with @item: the properties it sets; %NULL: refused. What it knows already it answers again. */
GVariant *store_oracle_serve (StoreOracle *oracle, const Item *item, gboolean willing);

G_END_DECLS
