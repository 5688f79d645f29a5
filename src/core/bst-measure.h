/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-case.h"

G_BEGIN_DECLS

/**
 * BstMeasures:
 *
 * Adds cases up into Measure documents: of a unit with all below it, of one service or of all, in a month. The server's figures and
 * those that the application recomputes come from here, and from nothing else. The order of the cases decides nothing.
 *
 * A median (or "90 % within") is the smallest time of a delivered case such that half (90 %) of them took no longer (nearest rank).
 * Ratings are shown by bst_suppress(): what is not shown has no "ratings" and "ratingSum". What may be shown depends on all cases of the
 * authority: whoever adds up only some of them may come to show more, or less.
 */
typedef struct _BstMeasures BstMeasures;

BstMeasures *bst_measures_new (BstOrg *org);
void bst_measures_free (BstMeasures *measures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstMeasures, bst_measures_free)

/** bst_measures_add: a case that counts in no month is passed over. */
void bst_measures_add (BstMeasures *measures, const BstCase *one);

/**
 * BstAvailability: from what the availability of services is told.
 * @notices: (element-type GVariant): Notice documents; those of kind "disturbance" count
 * @services: (element-type GVariant): Service documents: the opening hours are those of the calendar of their promise
 * @now: a disturbance without an end has lasted to the end of each month that is over; in the running month it counts when it has ended
 */
typedef struct
{
  GPtrArray *notices;
  GPtrArray *services;
  BstCalendarLookup lookup;
  gpointer closure;
  gint64 now;
} BstAvailability;

/** bst_measures_set_availability: @availability is copied; what it points to must live as long as @measures. Without it there is none. */
void bst_measures_set_availability (BstMeasures *measures, const BstAvailability *availability);

/**
 * bst_measures_documents:
 * @month: (nullable): %NULL: all
 *
 * Returns: (transfer full) (element-type GVariant): Measures, by id. Only of groups with cases.
 */
GPtrArray *bst_measures_documents (BstMeasures *measures, const char *month);

/** bst_measures_read: one of them; @service: (nullable): all. (transfer full) (nullable): no cases. */
GVariant *
bst_measures_read (BstMeasures *measures, const char *unit, const char *service, const char *month);

/** bst_measure_id: "measure-UNIT-SERVICE-MONTH", "all" for no service. Returns: (transfer full). */
char *bst_measure_id (const char *unit, const char *service, const char *month);

/**
 * bst_availability: percent of the opening hours of @calendar in @month without disturbance of @service for @unit: one that names the unit or
 * one above it, or none, and the service, or none. Rounded to a thousandth. -1 when it is not open at all.
 */
double bst_availability (const BstAvailability *availability,
                         BstOrg *org,
                         const char *unit,
                         const char *service,
                         BstCalendar *calendar,
                         const char *month);

/** bst_availability_undisturbed: the same where nothing disturbs: 100, or -1 when it is not open at all. */
double bst_availability_undisturbed (BstCalendar *calendar, const char *month);

/** bst_availability_is_disturbed: whether something in @month disturbs @service for anybody; else it is undisturbed for everybody. */
gboolean bst_availability_is_disturbed (const BstAvailability *availability,
                                        const char *service,
                                        BstCalendar *calendar,
                                        const char *month);

G_END_DECLS
