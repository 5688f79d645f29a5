/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Charges added up: by group, as a forecast, and beside the quality that was had for them. */

#include "bst-charge.h"

#include "bst-doc.h"
#include "bst-error.h"
#include "bst-month.h"

#include <string.h>

/* ---- totals ---- */

void
bst_charge_total_free (BstChargeTotal *total)
{
  g_free (total->key);
  g_free (total);
}

gboolean
bst_charge_total_sum (const BstChargeTotal *total, BstMoney *ret_sum, GError **error)
{
  BstMoney sum = { 0 };

  if (!bst_money_add (&sum, &total->once, error) || !bst_money_add (&sum, &total->monthly, error) ||
      !bst_money_add (&sum, &total->credit, error))
    return FALSE;
  *ret_sum = sum;
  return TRUE;
}

static BstChargeTotal *
find_total (GPtrArray *totals, const char *key)
{
  BstChargeTotal *total;

  for (guint i = totals->len; i > 0; i--)
    {
      total = totals->pdata[i - 1];
      if (strcmp (total->key, key) == 0)
        return total;
    }
  total = g_new0 (BstChargeTotal, 1);
  total->key = g_strdup (key);
  g_ptr_array_add (totals, total);
  return total;
}

gboolean
bst_charge_totals_add (GPtrArray *totals,
                       const char *key,
                       const char *kind,
                       const BstMoney *money,
                       gint64 n,
                       GError **error)
{
  BstChargeTotal *total = find_total (totals, key ? key : "");
  BstMoney *sum = g_strcmp0 (kind, "monthly") == 0  ? &total->monthly
                  : g_strcmp0 (kind, "credit") == 0 ? &total->credit
                                                    : &total->once;

  if (!bst_money_add (sum, money, error))
    return FALSE;
  total->count += n;
  return TRUE;
}

static int
compare_totals (gconstpointer a, gconstpointer b)
{
  const BstChargeTotal *const *one = a;
  const BstChargeTotal *const *other = b;

  return strcmp ((*one)->key, (*other)->key);
}

/* (transfer full) */
static char *
group_of (GVariant *charge, BstChargeGrouping by, BstRecordLookup lookup, gpointer closure)
{
  static const char *const properties[] = { "month", "service", "unit", "service" };
  const char *value = bst_doc_get_string (charge, properties[by]);
  g_autoptr (GVariant) service = NULL;

  if (by != BST_CHARGES_BY_OBLIGATION || !value)
    return g_strdup (value ? value : "");
  service = lookup ("Service", value, closure);
  value = service ? bst_doc_get_string (service, "obligation") : NULL;
  return g_strdup (value ? value : "");
}

GPtrArray *
bst_charge_totals (GPtrArray *charges,
                   BstChargeGrouping by,
                   BstRecordLookup lookup,
                   gpointer closure,
                   GError **error)
{
  g_autoptr (GPtrArray) totals =
      g_ptr_array_new_with_free_func ((GDestroyNotify) bst_charge_total_free);

  for (guint i = 0; i < charges->len; i++)
    {
      g_autofree char *key = group_of (charges->pdata[i], by, lookup, closure);
      BstMoney amount = { 0 };

      bst_money_from_doc (charges->pdata[i], "amount", &amount);
      if (!bst_charge_totals_add (totals, key, bst_doc_get_string (charges->pdata[i], "kind"),
                                  &amount, 1, error))
        return NULL;
    }
  g_ptr_array_sort (totals, compare_totals);
  return g_steal_pointer (&totals);
}

BstChargeTotal *
bst_charge_totals_of_all (GPtrArray *totals, GError **error)
{
  g_autoptr (BstChargeTotal) all = g_new0 (BstChargeTotal, 1);

  all->key = g_strdup ("");
  for (guint i = 0; i < totals->len; i++)
    {
      const BstChargeTotal *total = totals->pdata[i];

      if (!bst_money_add (&all->once, &total->once, error) ||
          !bst_money_add (&all->monthly, &total->monthly, error) ||
          !bst_money_add (&all->credit, &total->credit, error))
        return NULL;
      all->count += total->count;
    }
  return g_steal_pointer (&all);
}

/* ---- forecast ---- */

/* @amount × @times / @by, rounded half up. */
static gboolean
scale (BstMoney *money, gint64 times, gint64 by, GError **error)
{
  gint64 whole, rest;

  if (!bst_money_multiply (money, times, error))
    return FALSE;
  whole = money->amount / by;
  rest = money->amount % by;
  if (rest < 0)
    {
      whole--;
      rest += by;
    }
  money->amount = whole + (rest * 2 >= by ? 1 : 0);
  return TRUE;
}

typedef struct
{
  BstMoney over;    /* charged in the months that are over */
  BstMoney odd;     /* … once, credits taken off */
  BstMoney now;     /* charged in this month */
  BstMoney now_odd; /* … once, credits taken off */
  BstMoney running; /* monthly, in the newest month that has any */
  const char *newest;
} YearSoFar;

static gboolean
add_month (YearSoFar *so_far, const BstChargeTotal *total, int order, GError **error)
{
  BstMoney odd = total->once;
  BstMoney sum;

  if (order > 0)
    return TRUE;
  if (total->monthly.amount != 0 && (!so_far->newest || strcmp (total->key, so_far->newest) > 0))
    {
      so_far->newest = total->key;
      so_far->running = total->monthly;
    }
  return bst_money_add (&odd, &total->credit, error) && bst_charge_total_sum (total, &sum, error) &&
         bst_money_add (order < 0 ? &so_far->over : &so_far->now, &sum, error) &&
         bst_money_add (order < 0 ? &so_far->odd : &so_far->now_odd, &odd, error);
}

/* This month, and then the @to_come others. */
static gboolean
look_ahead (const YearSoFar *so_far, int n_over, int to_come, BstMoney *ret_sum, GError **error)
{
  BstMoney sum = so_far->over;
  BstMoney this_month = n_over ? so_far->odd : so_far->now_odd;
  BstMoney rest = this_month;
  BstMoney running = so_far->running;
  int months = MAX (n_over, 1);

  if (!scale (&this_month, 1, months, error) || !scale (&rest, to_come, months, error) ||
      !bst_money_add (&this_month, &running, error) ||
      !bst_money_multiply (&running, to_come, error))
    return FALSE;
  if (so_far->now.amount > this_month.amount)
    this_month = so_far->now;
  if (!bst_money_add (&sum, &this_month, error) || !bst_money_add (&sum, &running, error) ||
      !bst_money_add (&sum, &rest, error))
    return FALSE;
  *ret_sum = sum;
  return TRUE;
}

gboolean
bst_charge_forecast (GPtrArray *months,
                     int year,
                     const char *today,
                     BstMoney *ret_forecast,
                     GError **error)
{
  g_autofree char *this_month = g_strndup (today, 7);
  YearSoFar so_far = { 0 };
  int this_year, number;

  if (!bst_month_parse (this_month, &this_year, &number))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "“%s” is no day", today);
      return FALSE;
    }
  for (guint i = 0; i < months->len; i++)
    {
      const BstChargeTotal *total = months->pdata[i];
      int of_year;

      if (bst_month_parse (total->key, &of_year, NULL) && of_year == year &&
          !add_month (&so_far, total, strcmp (total->key, this_month), error))
        return FALSE;
    }
  if (year != this_year)
    {
      *ret_forecast = so_far.over;
      return TRUE;
    }
  return look_ahead (&so_far, number - 1, 12 - number, ret_forecast, error);
}

/* ---- price × quality ---- */

void
bst_worth_free (BstWorth *worth)
{
  g_free (worth->service);
  g_free (worth);
}

static BstWorth *
find_worth (GPtrArray *list, const char *service)
{
  BstWorth *worth;

  for (guint i = 0; i < list->len; i++)
    {
      worth = list->pdata[i];
      if (strcmp (worth->service, service) == 0)
        return worth;
    }
  worth = g_new0 (BstWorth, 1);
  worth->service = g_strdup (service);
  worth->own = worth->all = BST_LEVEL_NONE;
  g_ptr_array_add (list, worth);
  return worth;
}

static void
add_measure (GPtrArray *list, GVariant *measure)
{
  const char *service = bst_doc_get_string (measure, "service");
  BstWorth *worth = service ? find_worth (list, service) : NULL;
  g_autoptr (GVariant) all = NULL;
  BstLevel month = BST_LEVEL_NONE;

  if (!worth)
    return;
  bst_level_read (measure, &month);
  bst_level_add (&worth->own, &month);
  if (!bst_doc_has (measure, "all"))
    return;
  all = bst_doc_get_map (measure, "all");
  month = BST_LEVEL_NONE;
  bst_level_read (all, &month);
  bst_level_add (&worth->all, &month);
  worth->has_all = TRUE;
}

static gboolean
price_worth (BstWorth *worth, BstRecordLookup lookup, gpointer closure, GError **error)
{
  g_autoptr (GVariant) service = lookup ("Service", worth->service, closure);
  g_autoptr (GVariant) price = service ? bst_doc_lookup (service, "price") : NULL;

  if (!bst_value_is_null (price))
    {
      bst_price_once (price, &worth->once);
      bst_price_monthly (price, &worth->monthly);
    }
  if (worth->own.cases == 0 || !worth->charged.currency[0])
    return TRUE;
  worth->per_case = worth->charged;
  return scale (&worth->per_case, 1, worth->own.cases, error);
}

static int
compare_worths (gconstpointer a, gconstpointer b)
{
  const BstWorth *const *one = a;
  const BstWorth *const *other = b;

  return strcmp ((*one)->service, (*other)->service);
}

GPtrArray *
bst_worth_of_services (GPtrArray *totals,
                       GPtrArray *measures,
                       BstRecordLookup lookup,
                       gpointer closure,
                       GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_worth_free);

  for (guint i = 0; i < totals->len; i++)
    {
      const BstChargeTotal *total = totals->pdata[i];

      if (*total->key &&
          !bst_charge_total_sum (total, &find_worth (list, total->key)->charged, error))
        return NULL;
    }
  for (guint i = 0; i < measures->len; i++)
    add_measure (list, measures->pdata[i]);
  for (guint i = 0; i < list->len; i++)
    if (!price_worth (list->pdata[i], lookup, closure, error))
      return NULL;
  g_ptr_array_sort (list, compare_worths);
  return g_steal_pointer (&list);
}
