/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-measure.h"

G_BEGIN_DECLS

/* How BstMeasures is divided: bst-measure.c takes cases in, bst-measure-group.c brings a month's together, bst-measure-write.c writes. */

#define BST_MEASURE_CHANNELS 8

/* What is added up. */
typedef struct
{
  gint64 cases;
  gint64 met;
  gint64 breached;
  gint64 response_met;
  gint64 response_breached;
  gint64 first_time;
  gint64 delivered;
  gint64 ratings;
  gint64 rating_sum;
  gint64 channels[BST_MEASURE_CHANNELS];
} BstMeasureSums;

/* What a unit itself had of a service in a month. */
typedef struct
{
  guint unit;
  guint service;
  BstMeasureSums sums;
  GArray *times; /* gint64: of delivered cases */
} BstMeasureAtom;

typedef struct
{
  char *name;
  GHashTable *atoms; /* unit and service -> BstMeasureAtom */
} BstMeasureMonth;

struct _BstMeasures
{
  BstOrg *org;
  const char *const *channels; /* of the dictionary, at most BST_MEASURE_CHANNELS */
  BstAvailability availability;
  gboolean has_availability;
  GHashTable *units; /* id -> number + 1; ids are owned */
  GPtrArray *unit_ids;
  GArray *parents;      /* int: by unit */
  GHashTable *services; /* id -> number + 1 */
  GPtrArray *service_ids;
  GHashTable *months;       /* name -> BstMeasureMonth */
  BstMeasureMonth *current; /* the last that was added to; %NULL: none yet */
};

/* Numbers of a unit and a service as one key. */
static inline gint64
bst_measure_key (guint unit, guint service)
{
  return ((gint64) unit << 32) | service;
}

/* A unit with all below it, one service or all. */
typedef struct
{
  guint unit;
  guint service; /* the number of services: all */
  BstMeasureSums sums;
  GPtrArray *atoms;
  gboolean shown; /* its ratings may be */
  gint64 median;  /* of delivered cases */
  gint64 p90;
} BstMeasureGroup;

/* bst_measure_groups: of @month, with what is hidden and the ranks: a table by bst_measure_key(). (transfer full) */
GHashTable *bst_measure_groups (BstMeasures *measures, BstMeasureMonth *month);

G_END_DECLS
