/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-level.h"
#include "bst-request.h"

G_BEGIN_DECLS

/*
 * What orders cost (Charge documents). Pure functions; amounts are minor units, nowhere a floating point.
 *
 * A line is charged once, in the month of its delivery, and each month from the one after its delivery for as long as it runs:
 * while it stands delivered, and not after its "chargeUntil". What was ordered decides: price and quantity of the line.
 * A delivery that is disputed does not run, and delivering it again charges nothing once more.
 *
 * The id of a charge is made from order, line, kind and month, so that charging again, in any order and by anybody, makes none twice.
 * Months are those of the unit's time zone, as "2026-03".
 */

/**
 * BstChargeContext:
 * @org: for what a unit inherits: EAN and cost place
 * @zone: of the unit
 * @language: of the charge's text
 */
typedef struct
{
  BstOrg *org;
  GTimeZone *zone;
  const char *language;
} BstChargeContext;

/** bst_charge_id: @kind: "once" (the month then does not count) or "monthly". Returns: (transfer full). */
char *bst_charge_id (const char *request, const char *line, const char *kind, const char *month);

/** bst_charge_credit_id: of what takes back the charge @charge. Returns: (transfer full). */
char *bst_charge_credit_id (const char *charge);

/**
 * bst_charges_for_line:
 * @request: as it is now
 *
 * What @line costs in @month. %BST_ERROR_TOO_LARGE when price × quantity is no amount any longer, %BST_ERROR_INVALID when @month is no
 * month. Returns: (transfer full) (element-type GVariant): Charge documents with their ids; empty when it costs nothing
 */
GPtrArray *bst_charges_for_line (GVariant *request,
                                 const char *line,
                                 const char *month,
                                 const BstChargeContext *context,
                                 GError **error);

/** bst_charges_for_request: of all its lines. */
GPtrArray *bst_charges_for_request (GVariant *request,
                                    const char *month,
                                    const BstChargeContext *context,
                                    GError **error);

/** bst_charge_credit: what takes @charge back, in @month. Returns: (transfer full): %NULL when it is a credit itself. */
GVariant *bst_charge_credit (GVariant *charge, const char *month, const char *text);

/** BstChargeFlags: what does not fit between a charge and what it charges. */
typedef enum
{
  BST_CHARGE_FINE = 0,
  BST_CHARGE_UNTRACED = 1 << 0,      /* no such order or line */
  BST_CHARGE_NOT_DELIVERED = 1 << 1, /* not delivered, or not before this month */
  BST_CHARGE_CANCELLED = 1 << 2,     /* cancelled, rejected, or charged after it ended */
  BST_CHARGE_WRONG_PRICE = 1 << 3,   /* not what was ordered, or of a price version that was not */
  BST_CHARGE_WRONG_EAN = 1 << 4,     /* another EAN than the order's, or another unit */
  BST_CHARGE_TWICE = 1 << 5,         /* the same was charged before */
} BstChargeFlags;

#define BST_CHARGE_N_FLAGS 6

/**
 * bst_charge_check:
 * @request: (nullable): the order that the charge names; %NULL when there is none
 * @service: (nullable): the service as it is now; its price is compared only where it is of the ordered version
 * @others: (nullable) (element-type GVariant): the other charges of the order; the charge itself may be among them
 *
 * A credit is compared with what it takes back, where that is among @others.
 */
BstChargeFlags bst_charge_check (GVariant *charge,
                                 GVariant *request,
                                 GVariant *service,
                                 const BstChargeContext *context,
                                 GPtrArray *others);

/** bst_charge_flag_name: of a single flag, as in a report: "untraced", "not-delivered", … Static. */
const char *bst_charge_flag_name (BstChargeFlags flag);

/** bst_charge_is_open: whether it may be objected to: no credit, and not objected to before. */
gboolean bst_charge_is_open (GVariant *charge);

/* ---- totals ---- */

typedef enum
{
  BST_CHARGES_BY_MONTH,
  BST_CHARGES_BY_SERVICE,
  BST_CHARGES_BY_UNIT,
  BST_CHARGES_BY_OBLIGATION,
} BstChargeGrouping;

/**
 * BstChargeTotal: the charges of one group.
 * @key: month, id of the service or unit, "mandatory" or "add-on"; "" when not known
 * @once, @monthly, @credit: by kind; a credit is negative. A charge without kind counts as once.
 */
typedef struct
{
  char *key;
  gint64 count;
  BstMoney once;
  BstMoney monthly;
  BstMoney credit;
} BstChargeTotal;

void bst_charge_total_free (BstChargeTotal *total);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstChargeTotal, bst_charge_total_free)

/** bst_charge_total_sum: of the three kinds. */
gboolean bst_charge_total_sum (const BstChargeTotal *total, BstMoney *ret_sum, GError **error);

/**
 * bst_charge_totals_add: @n charges of @kind, together @money, to the group @key of @totals (element-type BstChargeTotal), which is
 * made where it is missing. %BST_ERROR_INVALID on mixed currencies, %BST_ERROR_TOO_LARGE.
 */
gboolean bst_charge_totals_add (GPtrArray *totals,
                                const char *key,
                                const char *kind,
                                const BstMoney *money,
                                gint64 n,
                                GError **error);

/** bst_charge_totals: @lookup: for the obligation of services; (nullable) with other groupings. Returns: (transfer full): by key */
GPtrArray *bst_charge_totals (GPtrArray *charges,
                              BstChargeGrouping by,
                              BstRecordLookup lookup,
                              gpointer closure,
                              GError **error);

/** bst_charge_totals_of_all: all of @totals together; its key is "". %NULL as bst_charge_totals_add(). */
BstChargeTotal *bst_charge_totals_of_all (GPtrArray *totals, GError **error);

/**
 * bst_charge_forecast:
 * @months: (element-type BstChargeTotal): the year's charges by month
 * @today: YYYY-MM-DD
 *
 * What @year will have cost when it is over. A year that is over: what was charged. A year to come: nothing. In between:
 *
 *   what was charged in the months that are over
 *   + for this month and each to come: what runs monthly, as charged in the newest month that has monthly charges,
 *     and the mean of what was charged once (credits taken off) over the months that are over, rounded half up;
 *   but this month never less than what is charged in it already.
 *
 * In January no month is over: then what is charged in January stands for the mean.
 */
gboolean bst_charge_forecast (GPtrArray *months,
                              int year,
                              const char *today,
                              BstMoney *ret_forecast,
                              GError **error);

/* ---- price × quality ---- */

/**
 * BstWorth: what a service cost and how good it was, in a period.
 * @per_case: charged for each case, rounded half up; its currency is "" when there was no case or no charge
 * @once, @monthly: the catalogue's prices, which the authority pays; currency "": none
 * @own, @all: results of the unit, and of the whole authority; @has_all: whether these are known
 */
typedef struct
{
  char *service;
  BstMoney charged;
  BstMoney per_case;
  BstMoney once;
  BstMoney monthly;
  BstLevel own;
  BstLevel all;
  gboolean has_all;
} BstWorth;

void bst_worth_free (BstWorth *worth);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstWorth, bst_worth_free)

/**
 * bst_worth_of_services:
 * @totals: (element-type BstChargeTotal): by service
 * @measures: (element-type GVariant): Measure documents of the unit by service and month, for the same period
 *
 * Services that were charged or measured, by id. Returns: (transfer full) (element-type BstWorth): %NULL as bst_charge_totals_add()
 */
GPtrArray *bst_worth_of_services (GPtrArray *totals,
                                  GPtrArray *measures,
                                  BstRecordLookup lookup,
                                  gpointer closure,
                                  GError **error);

G_END_DECLS
