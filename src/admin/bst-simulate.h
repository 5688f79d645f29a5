/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-calendar.h"
#include "bst-life.h"
#include "bst-storage-bulk.h"

G_BEGIN_DECLS

/*
 * A made-up time for an authority that has none yet: orders, queues, pauses, breaches, ratings, decided by one seed. The plan of an
 * order is drawn here; what comes of it is left to the order's life, the SLA clock and the agreements.
 */

/** BstSimService: @kinds: of units where it may be ordered (BstSimUnit.kind). @lateness: how much of what was promised the work takes, without queue; above 1 it is late as a rule */
typedef struct
{
  GVariant *doc;
  const char *id;
  const char *performer;
  guint kinds;
  double weight;
  double lateness;
} BstSimService;

/** BstSimUnit: @kind: 1: department, 2: institution. Who orders, approves and receives there; ids of people, borrowed. */
typedef struct
{
  GVariant *doc;
  const char *id;
  guint kind;
  double weight;
  GPtrArray *orderers;
  GPtrArray *approvers;
  GPtrArray *people;
} BstSimUnit;

/** BstSimQueue: a performer unit. @servers (gint64): when each that works there is free again. @down_from, @down_to: when nothing could be done; 0: never */
typedef struct
{
  const char *id;
  GPtrArray *people;
  GArray *servers;
  double work;  /* business seconds that are asked of it in all */
  double scale; /* by which they are taken, so that it is as busy as it shall be */
  double busy;  /* share of the opening hours */
  gint64 down_from;
  gint64 down_to;
} BstSimQueue;

typedef struct
{
  BstStorage *storage;
  GRand *rand;
  gint64 from;
  gint64 to;
  BstOrg *org;
  GHashTable *calendars; /* id -> BstCalendar */
  BstCalendar *office;   /* in which people order */
  GPtrArray *services;   /* BstSimService */
  GPtrArray *units;      /* BstSimUnit */
  GHashTable *queues;    /* id -> BstSimQueue */
  GHashTable *people;    /* id -> Person document */
  GPtrArray *bundles;    /* joiners */
  const char *language;
} BstSimWorld;

/** bst_sim_world_new: @favoured: (nullable): ids of units that order more than others */
BstSimWorld *bst_sim_world_new (BstStorage *storage,
                                guint32 seed,
                                gint64 from,
                                gint64 to,
                                const char *const *favoured,
                                GError **error);
void bst_sim_world_free (BstSimWorld *world);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstSimWorld, bst_sim_world_free)

BstCalendar *bst_sim_calendar (const char *id, gpointer world); /* a BstCalendarLookup */
BstSimService *bst_sim_service (BstSimWorld *world, const char *id);
BstSimUnit *bst_sim_unit (BstSimWorld *world, const char *id);

/* ---- chance ---- */

gboolean bst_sim_chance (BstSimWorld *world, double share);

/** bst_sim_spread: around @median, never negative: half of the time between 0.7 and 1.4 times as much when @sigma is 0.5 */
double bst_sim_spread (BstSimWorld *world, double median, double sigma);
gpointer bst_sim_pick (BstSimWorld *world, GPtrArray *from);

/* ---- words ---- */

typedef enum
{
  BST_SIM_NEED,
  BST_SIM_QUESTION,
  BST_SIM_ANSWER,
  BST_SIM_SUPPLIER,
  BST_SIM_BUSY,
  BST_SIM_MESSAGE,
  BST_SIM_REMINDER,
  BST_SIM_DISPUTE,
  BST_SIM_REJECT,
  BST_SIM_DECLINE,
  BST_SIM_CANCEL,
  BST_SIM_DELIVERED,
  BST_SIM_GOOD,
  BST_SIM_BAD,
  BST_SIM_FORM,
  BST_SIM_TROUBLE, /* title of a disturbance */
  BST_SIM_OBJECTION,
  BST_SIM_CREDITED,
  BST_SIM_STANDS, /* why a charge is not taken back */
  BST_N_SIM_WORDS,
} BstSimWords;

/** bst_sim_words: one of them, in the authority's language; static. */
const char *bst_sim_words (BstSimWorld *world, BstSimWords kind);

/* ---- orders ---- */

/** BstSimScript: how far an order gets that shall be there at the end. */
typedef enum
{
  BST_SIM_WHOLE,
  BST_SIM_ASKED,    /* waits for the orderer */
  BST_SIM_UNSIGNED, /* waits for approval */
  BST_SIM_ARRIVED,  /* delivered, to be confirmed */
  BST_SIM_PRESSED,  /* nearly due */
  BST_SIM_OVERDUE,
} BstSimScript;

/** BstSimLine: @touch: business seconds for which it keeps a server */
typedef struct
{
  BstSimService *service;
  char id[8];
  GVariant *doc;
  GVariant *promise; /* (nullable): what holds for it */
  double touch;
  double handling; /* and how long it takes beside that */
} BstSimLine;

typedef struct
{
  gint64 at;
  BstSimUnit *unit;
  const char *orderer;
  GArray *lines; /* BstSimLine */
  BstSimScript script;
} BstSimOrder;

/** bst_sim_orders: all of them by time. Returns: (transfer full) (element-type BstSimOrder) */
GPtrArray *bst_sim_orders (BstSimWorld *world, guint n, const char *const *favoured);

/** BstSimEvent: @line: (nullable): all lines; texts are static or the world's */
typedef struct
{
  gint64 at;
  guint order;
  BstAction action;
  const char *line;
  const char *person;
  const char *text;
  const char *waiting_for;
  int stars;
} BstSimEvent;

/** bst_sim_disturb: days on which nothing goes at some of the performers, with the notices that told of them. In a transaction. */
gboolean bst_sim_disturb (BstSimWorld *world, GError **error);

/** bst_sim_plan: what happens to it until world->to, by time. @approver: (nullable): who must approve it. Returns: (transfer full) (element-type BstSimEvent). */
GArray *bst_sim_plan (BstSimWorld *world, BstSimOrder *order, const char *approver);

/** bst_sim_receive: the order as a request that the server has received, not yet submitted; %NULL: nobody could approve it. *@ret_approver: (nullable): who must */
GVariant *bst_sim_receive (BstSimWorld *world, BstSimOrder *order, const char **ret_approver);

/** bst_sim_bills: of each month that was billed until world->to, with objections to some and their answers. The months must be charged. In a transaction. */
gboolean
bst_sim_bills (BstSimWorld *world, const char *const *favoured, guint *ret_n, GError **error);

/** bst_sim_back: the instant from which on @seconds of opening pass until @end. */
gint64 bst_sim_back (BstCalendar *calendar, gint64 end, gint64 seconds);

G_END_DECLS
