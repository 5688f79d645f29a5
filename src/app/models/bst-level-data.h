/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-case-view.h"
#include "bst-level.h"
#include "bst-org.h"

G_BEGIN_DECLS

/** BstLevelRow: the results of a service, a unit or a channel. @before: of as many months before; @target: percent; negative: none. */
typedef struct
{
  char *id;
  char *name;
  BstLevel level;
  BstLevel before;
  double target;
} BstLevelRow;

/** BstLevelMonth: @month is "2026-03". */
typedef struct
{
  char *month;
  BstLevel level;
  double target;
} BstLevelMonth;

/**
 * BstLevelData: all that the page, its report and the overview say of a unit's service levels; made by bst_level_data_new().
 * @service: (nullable): %NULL: all together
 * @from, @to: months, both included
 * @total, @before, @target: of the unit and the service; the target of all services is weighted by their cases
 * @services: (element-type BstLevelRow): by name; only @service when there is one
 * @units: (element-type BstLevelRow): directly below the unit, by name
 * @channels: (element-type BstLevelRow): only level.cases; the most first
 * @months: (element-type BstLevelMonth): thirteen, ending with @to
 * @late: (element-type BstCaseView): breached in the period, the latest first
 * @change: of the month @to against the one before; only with @has_change
 */
typedef struct
{
  char *unit;
  char *unit_name;
  char *service;
  char *service_name;
  char *from;
  char *to;
  BstLevel total;
  BstLevel before;
  double target;
  GPtrArray *services;
  GPtrArray *units;
  GPtrArray *channels;
  GPtrArray *months;
  GPtrArray *late;
  gboolean has_change;
  BstChange change;
  char *change_service;
} BstLevelData;

void bst_level_data_free (BstLevelData *data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstLevelData, bst_level_data_free)

/**
 * BstLevelSources: what it is made from.
 * @measures: (element-type GVariant): of bst_store_measures(), from bst_level_data_first_month() on, whole from bst_level_data_month_before() on
 * @agreements: (element-type GVariant)
 * @late: (element-type BstStoredCase): late from the month before @to, or from @from, on; @complete: there were no more of them
 * @records: services and calendars, as far as they are here
 */
typedef struct
{
  const char *unit;
  const char *service;
  const char *from;
  const char *to;
  GPtrArray *measures;
  GPtrArray *agreements;
  GPtrArray *late;
  gboolean complete;
  BstOrg *org;
  BstRecords *records;
  const char *language;
  gint64 now;
} BstLevelSources;

BstLevelData *bst_level_data_new (const BstLevelSources *sources);

/** bst_level_data_month_before: where the period begins that @from … @to is compared with. (transfer full) */
char *bst_level_data_month_before (const char *from, const char *to);

/** bst_level_data_first_month: from which measures must be read. (transfer full) */
char *bst_level_data_first_month (const char *from, const char *to);

/** bst_level_data_zone: of the unit; (transfer full). */
GTimeZone *bst_level_data_zone (BstOrg *org, const char *unit);

#define BST_LEVEL_TREND 13 /* months */

G_END_DECLS
