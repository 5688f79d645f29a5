/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-costs.h"

#include <glib/gi18n.h>

#include "bst-format.h"
#include "bst-store-charges.h"

#define PAGE    500
#define MAX_ODD 100

static void
odd_free (gpointer data)
{
  BstOddCharge *odd = data;

  g_variant_unref (odd->charge);
  g_free (odd->order);
  g_free (odd);
}

void
bst_costs_free (BstCosts *costs)
{
  g_free (costs->unit);
  g_clear_pointer (&costs->months, g_ptr_array_unref);
  g_clear_pointer (&costs->groups, g_ptr_array_unref);
  g_clear_pointer (&costs->worths, g_ptr_array_unref);
  g_clear_pointer (&costs->odd, g_ptr_array_unref);
  g_free (costs);
}

typedef struct
{
  BstStore *store;
  BstOrg *org;
  GTimeZone *zone;
  char *today;
  char *language;
  char *department; /* (nullable): of @unit, else the person's */
  char first[16];
  char last[16];
  BstCosts *costs;
  GHashTable *records; /* "Type/id" -> document, as read; NULL for what is not there */
  BstQuery *lines;     /* (nullable): what is asked for, of single lines */
  guint max;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_object_unref (reading->store);
  bst_org_unref (reading->org);
  g_time_zone_unref (reading->zone);
  g_free (reading->today);
  g_free (reading->language);
  g_free (reading->department);
  g_clear_pointer (&reading->costs, bst_costs_free);
  g_hash_table_unref (reading->records);
  g_clear_pointer (&reading->lines, bst_query_free);
  g_free (reading);
}

/* Borrowed from the reading; %NULL when there is none. */
static GVariant *
look_up (Reading *reading, const char *type, const char *id)
{
  g_autofree char *key = id ? g_strconcat (type, "/", id, NULL) : NULL;
  gpointer found;

  if (!id)
    return NULL;
  if (!g_hash_table_lookup_extended (reading->records, key, NULL, &found))
    {
      found = bst_store_get (reading->store, type, id, NULL);
      g_hash_table_insert (reading->records, g_steal_pointer (&key), found);
    }
  return found;
}

static GVariant *
lookup_cb (const char *type, const char *id, gpointer closure)
{
  GVariant *found = look_up (closure, type, id);

  return found ? g_variant_ref (found) : NULL;
}

static void
unref_nullable (gpointer data)
{
  if (data)
    g_variant_unref (data);
}

/* ---- the budget ---- */

/* Whether a unit above, within what was asked for, has one itself. */
static gboolean
is_covered (Reading *reading, GPtrArray *budgets, const char *unit)
{
  for (const char *above = bst_org_parent (reading->org, unit); above;
       above = bst_org_parent (reading->org, above))
    {
      if (reading->costs->unit && !bst_org_is_within (reading->org, above, reading->costs->unit))
        return FALSE;
      for (guint i = 0; i < budgets->len; i++)
        if (g_strcmp0 (bst_doc_get_string (budgets->pdata[i], "unit"), above) == 0)
          return TRUE;
    }
  return FALSE;
}

/* Its own; where it has none, those below it. */
static gboolean
read_budget (Reading *reading, GError **error)
{
  BstQuery query = { .type = "Budget", .unit = reading->costs->unit };
  g_autoptr (GPtrArray) all = bst_store_find (reading->store, &query, 0, 10000, error);
  g_autoptr (GPtrArray) budgets = g_ptr_array_new ();

  if (!all)
    return FALSE;
  for (guint i = 0; i < all->len; i++)
    if (bst_doc_get_int (all->pdata[i], "year", 0) == reading->costs->year)
      g_ptr_array_add (budgets, all->pdata[i]);
  for (guint i = 0; i < budgets->len; i++)
    {
      const char *unit = bst_doc_get_string (budgets->pdata[i], "unit");
      BstMoney amount;

      if (unit && !is_covered (reading, budgets, unit) &&
          bst_money_from_doc (budgets->pdata[i], "amount", &amount) &&
          !bst_money_add (&reading->costs->budget, &amount, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- totals ---- */

/* What cost most first. */
static int
compare_sums (gconstpointer a, gconstpointer b)
{
  const BstChargeTotal *const *one = a;
  const BstChargeTotal *const *other = b;
  BstMoney first = { 0 };
  BstMoney second = { 0 };

  bst_charge_total_sum (*one, &first, NULL);
  bst_charge_total_sum (*other, &second, NULL);
  if (first.amount != second.amount)
    return first.amount > second.amount ? -1 : 1;
  return strcmp ((*one)->key, (*other)->key);
}

static gboolean
read_totals (Reading *reading, GError **error)
{
  BstCosts *costs = reading->costs;
  BstQuery query = { .type = "Charge",
                     .unit = costs->unit,
                     .first_month = reading->first,
                     .last_month = reading->last };
  g_autoptr (BstChargeTotal) all = NULL;

  costs->months = bst_store_charge_totals (reading->store, &query, BST_CHARGES_BY_MONTH, error);
  costs->groups =
      costs->months ? bst_store_charge_totals (reading->store, &query, costs->by, error) : NULL;
  if (costs->groups && costs->by != BST_CHARGES_BY_MONTH)
    g_ptr_array_sort (costs->groups, compare_sums);
  all = costs->groups ? bst_charge_totals_of_all (costs->months, error) : NULL;
  return all && bst_charge_total_sum (all, &costs->charged, error) &&
         bst_charge_forecast (costs->months, costs->year, reading->today, &costs->forecast, error);
}

/* ---- price × quality ---- */

/* The measures of a unit alone, by service. (element-type GVariant) */
static GPtrArray *
measures_of (Reading *reading, const char *unit, GError **error)
{
  BstQuery query = {
    .type = "Measure", .unit = unit, .first_month = reading->first, .last_month = reading->last
  };
  g_autoptr (GPtrArray) all = bst_store_find (reading->store, &query, 0, 100000, error);
  GPtrArray *own;

  if (!all)
    return NULL;
  own = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  for (guint i = 0; i < all->len; i++)
    if (g_strcmp0 (bst_doc_get_string (all->pdata[i], "unit"), unit) == 0)
      g_ptr_array_add (own, g_variant_ref (all->pdata[i]));
  return own;
}

/* What the department knows of the whole authority goes beside what is its units' own. */
static void
give_all (GPtrArray *measures, GPtrArray *of_department)
{
  for (guint i = 0; i < measures->len; i++)
    for (guint j = 0; j < of_department->len && !bst_doc_has (measures->pdata[i], "all"); j++)
      {
        GVariant *other = of_department->pdata[j];
        g_autoptr (GVariant) all = NULL;

        if (g_strcmp0 (bst_doc_get_string (other, "month"),
                       bst_doc_get_string (measures->pdata[i], "month")) != 0 ||
            g_strcmp0 (bst_doc_get_string (other, "service"),
                       bst_doc_get_string (measures->pdata[i], "service")) != 0 ||
            !bst_doc_has (other, "all"))
          continue;
        all = bst_doc_get_map (other, "all");
        bst_doc_replace ((GVariant **) &measures->pdata[i],
                         bst_doc_set (measures->pdata[i], "all", all));
      }
}

static gboolean
read_worths (Reading *reading, GError **error)
{
  const char *unit = reading->costs->unit ? reading->costs->unit : reading->department;
  BstQuery query = {
    .type = "Charge", .unit = unit, .first_month = reading->first, .last_month = reading->last
  };
  g_autoptr (GPtrArray) totals = NULL;
  g_autoptr (GPtrArray) measures = NULL;
  g_autoptr (GPtrArray) of_department = NULL;

  totals = bst_store_charge_totals (reading->store, &query, BST_CHARGES_BY_SERVICE, error);
  measures = totals ? measures_of (reading, unit, error) : NULL;
  if (!measures)
    return FALSE;
  if (g_strcmp0 (unit, reading->department) != 0)
    {
      of_department = measures_of (reading, reading->department, error);
      if (!of_department)
        return FALSE;
      give_all (measures, of_department);
    }
  reading->costs->worths = bst_worth_of_services (totals, measures, lookup_cb, reading, error);
  return reading->costs->worths != NULL;
}

/* ---- what does not fit ---- */

/* The other charges of an order. (element-type GVariant) */
static GPtrArray *
others_of (Reading *reading, const char *request)
{
  BstQuery query = { .type = "Charge", .request = request };

  return request ? bst_store_find (reading->store, &query, 0, PAGE, NULL) : NULL;
}

static BstOddCharge *
look_at (Reading *reading, GVariant *charge)
{
  const char *request_id = bst_doc_get_string (charge, "request");
  GVariant *request = look_up (reading, "Request", request_id);
  GVariant *service = look_up (reading, "Service", bst_doc_get_string (charge, "service"));
  g_autoptr (GPtrArray) others = others_of (reading, request_id);
  BstChargeContext context = { reading->org, reading->zone, reading->language };
  BstOddCharge *line = g_new0 (BstOddCharge, 1);

  line->charge = g_variant_ref (charge);
  line->flags = bst_charge_check (charge, request, service, &context, others);
  line->order = request ? g_strdup (bst_doc_get_string (request, "number")) : NULL;
  return line;
}

static void
check_charge (Reading *reading, GVariant *charge)
{
  BstCosts *costs = reading->costs;
  BstOddCharge *line = look_at (reading, charge);

  if (line->flags != BST_CHARGE_FINE)
    costs->n_odd++;
  if (line->flags != BST_CHARGE_FINE && costs->odd->len < MAX_ODD)
    g_ptr_array_add (costs->odd, line);
  else
    odd_free (line);
}

static gboolean
read_odd (Reading *reading, GCancellable *cancellable, GError **error)
{
  BstQuery query = { .type = "Charge",
                     .unit = reading->costs->unit,
                     .first_month = reading->first,
                     .last_month = reading->last,
                     .sort = "month" };

  reading->costs->odd = g_ptr_array_new_with_free_func (odd_free);
  for (guint offset = 0;; offset += PAGE)
    {
      g_autoptr (GPtrArray) page = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      page = bst_store_find (reading->store, &query, offset, PAGE, error);
      if (!page)
        return FALSE;
      for (guint i = 0; i < page->len; i++)
        check_charge (reading, page->pdata[i]);
      if (page->len < PAGE)
        return TRUE;
    }
}

/* ---- reading ---- */

static void
read_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Reading *reading = data;
  g_autoptr (GError) error = NULL;

  if (read_totals (reading, &error) && read_budget (reading, &error) &&
      read_worths (reading, &error) && read_odd (reading, cancellable, &error))
    g_task_return_pointer (task, g_steal_pointer (&reading->costs),
                           (GDestroyNotify) bst_costs_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
sum_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Reading *reading = data;
  g_autoptr (GError) error = NULL;

  if (read_totals (reading, &error) && read_budget (reading, &error))
    g_task_return_pointer (task, g_steal_pointer (&reading->costs),
                           (GDestroyNotify) bst_costs_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static Reading *
reading_new (BstSession *session, int year, const char *unit, BstChargeGrouping by)
{
  Reading *reading = g_new0 (Reading, 1);
  GVariant *person = bst_session_get_person (session);
  const char *own = person ? bst_doc_get_string (person, "unit") : NULL;

  reading->store = g_object_ref (bst_session_get_store (session));
  reading->org = bst_org_ref (bst_session_get_org (session));
  reading->zone = g_time_zone_ref (bst_session_get_zone (session));
  reading->today = bst_session_today (session);
  reading->language = g_strdup (bst_session_get_language (session));
  if (unit || own)
    reading->department = g_strdup (bst_org_department (reading->org, unit ? unit : own));
  g_snprintf (reading->first, sizeof reading->first, "%04d-01", year);
  g_snprintf (reading->last, sizeof reading->last, "%04d-12", year);
  reading->costs = g_new0 (BstCosts, 1);
  reading->costs->year = year;
  reading->costs->unit = g_strdup (unit);
  reading->costs->by = by;
  reading->records = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref_nullable);
  return reading;
}

void
bst_costs_read_async (BstSession *session,
                      int year,
                      const char *unit,
                      BstChargeGrouping by,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (session, cancellable, callback, user_data);

  g_return_if_fail (bst_session_get_org (session) != NULL);
  g_task_set_task_data (task, reading_new (session, year, unit, by), reading_free);
  g_task_run_in_thread (task, read_thread);
}

void
bst_costs_sum_async (BstSession *session,
                     int year,
                     const char *unit,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (session, cancellable, callback, user_data);

  g_return_if_fail (bst_session_get_org (session) != NULL);
  g_task_set_task_data (task, reading_new (session, year, unit, BST_CHARGES_BY_MONTH),
                        reading_free);
  g_task_run_in_thread (task, sum_thread);
}

static void
lines_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Reading *reading = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (odd_free);
  g_autoptr (GPtrArray) charges =
      bst_store_find (reading->store, reading->lines, 0, reading->max, &error);

  for (guint i = 0; charges && i < charges->len; i++)
    g_ptr_array_add (lines, look_at (reading, charges->pdata[i]));
  if (charges)
    g_task_return_pointer (task, g_steal_pointer (&lines), (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
bst_costs_lines_async (BstSession *session,
                       const BstQuery *query,
                       guint max,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (session, cancellable, callback, user_data);
  Reading *reading;

  g_return_if_fail (bst_session_get_org (session) != NULL);
  reading = reading_new (session, 0, NULL, BST_CHARGES_BY_MONTH);
  reading->lines = bst_query_copy (query);
  reading->max = max;
  g_task_set_task_data (task, reading, reading_free);
  g_task_run_in_thread (task, lines_thread);
}

GPtrArray *
bst_costs_lines_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

BstCosts *
bst_costs_read_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- words ---- */

char *
bst_costs_share_text (const BstCosts *costs, const BstMoney *part, const char *language)
{
  const BstMoney *budget = &costs->budget;
  g_autofree char *percent = NULL;

  if (budget->amount <= 0 || g_strcmp0 (budget->currency, part->currency) != 0)
    return NULL;
  percent =
      bst_format_percent (100.0 * (double) part->amount / (double) budget->amount, 1, language);
  /* Translators: %s is a percentage: "61.4 %". */
  return g_strdup_printf (_ ("%s of the budget"), percent);
}

char *
bst_charge_flags_text (BstChargeFlags flags)
{
  static const char *const words[BST_CHARGE_N_FLAGS] = {
    N_ ("No such order"),       N_ ("Not delivered"),
    N_ ("Cancelled"),           N_ ("Not the price that was ordered"),
    N_ ("Not the order's EAN"), N_ ("Charged twice"),
  };
  g_autoptr (GString) text = g_string_new (NULL);

  for (int i = 0; i < BST_CHARGE_N_FLAGS; i++)
    if (flags & (1u << i))
      g_string_append_printf (text, "%s%s", text->len ? " · " : "", _ (words[i]));
  return g_strdup (text->str);
}

const char *
bst_charge_objection_text (GVariant *charge)
{
  const char *state = bst_doc_get_string (charge, "objectionState");
  const char *words = bst_doc_get_string (charge, "objection");

  if (g_strcmp0 (state, "accepted") == 0)
    return _ ("Objection accepted");
  if (g_strcmp0 (state, "declined") == 0)
    return _ ("Objection declined");
  if (g_strcmp0 (bst_doc_get_string (charge, "@local/state"), "refused") == 0)
    return _ ("Objection refused by the server");
  if (state)
    return _ ("Objected to");
  return words && *words ? _ ("Objection on its way") : NULL;
}

const char *
bst_charge_kind_text (GVariant *charge)
{
  const char *kind = bst_doc_get_string (charge, "kind");

  if (g_strcmp0 (kind, "monthly") == 0)
    return _ ("Monthly");
  return g_strcmp0 (kind, "credit") == 0 ? _ ("Credit") : _ ("Once");
}
