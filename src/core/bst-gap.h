/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-calendar.h"
#include "bst-request.h"

G_BEGIN_DECLS

/*
 * The gap map: whether what the performers have agreed on among themselves (OLAs, the steps behind a service) can keep what the
 * SLA promises for it.
 *
 * The steps of a service begin when the order comes, or when the steps they wait for are done, and each takes what its own
 * promise and calendar say; working days count from the day on which the step before was done, even if at closing time. The chain is done with its last step. It is tried for an order that comes at any second of an
 * ordinary week: without holidays and closed days, and not when the clocks change. Pure; safe from every thread.
 */

typedef enum
{
  BST_GAP_NONE,     /* kept, whenever the order comes */
  BST_GAP_NO_CHAIN, /* nobody has agreed on a step behind it */
  BST_GAP_CIRCLE,   /* steps wait for each other, or for one that is not there */
  BST_GAP_UNKNOWN,  /* the target or a step has no promise, or no calendar that can be read */
  BST_GAP_TOO_SLOW, /* an order can come at a time at which the chain is done after the due instant */
} BstGapKind;

/** BstOffDuty: hours of the week in which the target's calendar is open and the one of step @key is not. */
typedef struct
{
  char *key;
  int weekday; /* 1: Monday … 7 */
  int from;    /* minutes of the day */
  int to;
} BstOffDuty;

/**
 * BstGap: one target of an agreement.
 * @promise: (nullable): what the SLA says, or the catalogue where it says nothing
 * @received: UTC seconds: when an order has the longest way beyond its due instant; TOO_SLOW only, as the next three
 * @needs: the least value, in the promise's own unit, that the chain keeps
 * @critical: keys of the steps that decide @finish, first to last
 * @off_duty: (element-type BstOffDuty): by weekday and hour, then by step
 */
typedef struct
{
  char *service;
  BstGapKind kind;
  GVariant *promise;
  gint64 received;
  gint64 due;
  gint64 finish;
  gint64 needs;
  char **critical;
  GPtrArray *off_duty;
} BstGap;

void bst_gap_free (BstGap *gap);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstGap, bst_gap_free)

/**
 * bst_gap_map:
 * @agreement: an SLA
 * @lookup: finds Service and Calendar documents
 *
 * Returns: (transfer full) (element-type BstGap): one for each target, in their order
 */
GPtrArray *bst_gap_map (GVariant *agreement, BstRecordLookup lookup, gpointer closure);

/**
 * bst_gap_of:
 * @promise: (nullable): tried instead of what the agreement says
 *
 * Returns: (transfer full): the same for one service, whether or not the agreement names it
 */
BstGap *bst_gap_of (GVariant *agreement,
                    const char *service,
                    GVariant *promise,
                    BstRecordLookup lookup,
                    gpointer closure);

G_END_DECLS
