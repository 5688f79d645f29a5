/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An order against the catalogue: what is missing, what has changed, who must approve. */

#include "bst-request.h"

#include "bst-date.h"
#include "bst-error.h"
#include "bst-form.h"
#include "bst-number.h"

#include <string.h>

#define TITLE_MAX    1000
#define QUANTITY_MAX 100000
#define LINES_MAX    500

static GVariant *
look_up (const BstRequestContext *context, const char *type, const char *id)
{
  return id ? context->lookup (type, id, context->closure) : NULL;
}

/* "withdrawn", "not-yet" or %NULL; *ret_day is the day that says so. */
static const char *
out_of_date (GVariant *doc, const char *today, const char **ret_day)
{
  const char *from = bst_doc_get_string (doc, "validFrom");
  const char *to = bst_doc_get_string (doc, "validTo");
  const char *code = NULL;

  if (to && strcmp (today, to) > 0)
    code = "withdrawn";
  else if (from && strcmp (today, from) < 0)
    code = "not-yet";
  *ret_day = code ? (strcmp (code, "withdrawn") == 0 ? to : from) : NULL;
  return code;
}

/* ---- approval ---- */

static gboolean
rule_asks (GVariant *service, const BstMoney *total)
{
  const char *rule = bst_doc_get_string (service, "approval/rule");
  BstMoney above;

  if (!rule || strcmp (rule, "none") == 0)
    return FALSE;
  if (strcmp (rule, "above") != 0 || !bst_money_from_doc (service, "approval/above", &above))
    return TRUE;
  if (total->currency[0] && strcmp (total->currency, above.currency) != 0)
    return TRUE;
  return total->amount > above.amount;
}

gboolean
bst_request_needs_approval (GVariant *request, const BstRequestContext *context)
{
  g_auto (GStrv) ids = bst_request_line_ids (request);
  BstMoney once;
  BstMoney monthly;

  if (!bst_request_total (request, &once, &monthly, NULL))
    return TRUE;
  for (char **id = ids; *id; id++)
    {
      g_autoptr (GVariant) line = bst_request_line (request, *id);
      g_autoptr (GVariant) service =
          look_up (context, "Service", bst_doc_get_string (line, "service"));

      if (!service || rule_asks (service, &once))
        return TRUE;
    }
  return FALSE;
}

/* ---- what is missing ---- */

typedef struct
{
  GPtrArray *problems;
  GVariant *request;
  const BstRequestContext *context;
} Check;

static void
add (Check *check, const char *path, const char *code, const char *message)
{
  g_ptr_array_add (check->problems, bst_problem_new (path, code, message));
}

static void
add_in_line (Check *check,
             const char *prefix,
             const char *property,
             const char *code,
             const char *message)
{
  g_autofree char *path = g_strconcat (prefix, property, NULL);

  add (check, path, code, message);
}

static gboolean
is_blank (const char *text)
{
  g_autofree char *copy = g_strdup (text ? text : "");

  return *g_strstrip (copy) == '\0';
}

static void
check_wanted_date (Check *check, GVariant *doc, const char *prefix)
{
  const char *date = bst_doc_get_string (doc, "wantedDate");

  if (!date)
    return;
  if (!bst_date_parse (date, NULL))
    add_in_line (check, prefix, "wantedDate", "value", "is no day");
  else if (strcmp (date, check->context->today) < 0)
    add_in_line (check, prefix, "wantedDate", "past", "is in the past");
}

static void
check_head (Check *check)
{
  const char *title = bst_doc_get_string (check->request, "title");
  const char *unit = bst_doc_get_string (check->request, "unit");
  const char *ean = bst_doc_get_string (check->request, "ean");

  if (is_blank (title))
    add (check, "title", "required", "is missing");
  else if (strlen (title) > TITLE_MAX && g_utf8_strlen (title, -1) > TITLE_MAX)
    add (check, "title", "too-long", "is too long");
  if (is_blank (unit))
    add (check, "unit", "required", "is missing");
  else if (check->context->org && !bst_org_unit (check->context->org, unit))
    add (check, "unit", "unknown-unit", "there is no such unit");
  if (ean && *ean && !bst_number_check (BST_NUMBER_GLN, ean))
    add (check, "ean", "check-digit", "the number is not valid");
  check_wanted_date (check, check->request, "");
}

static gboolean
roles_fit (char **names, BstRole roles)
{
  for (char **name = names; *name; name++)
    if (bst_role_from_name (*name) & roles)
      return TRUE;
  return !*names;
}

static gboolean
units_fit (BstOrg *org, char **units, const char *unit)
{
  for (char **ancestor = units; *ancestor; ancestor++)
    if (bst_org_is_within (org, unit, *ancestor))
      return TRUE;
  return !*units;
}

static gboolean
may_order (Check *check, GVariant *service)
{
  BstOrg *org = check->context->org;
  const char *unit = bst_doc_get_string (check->request, "unit");
  const char *kind = org ? bst_org_unit_kind (org, unit) : NULL;
  g_auto (GStrv) roles = bst_doc_get_strv (service, "orderableBy/roles");
  g_auto (GStrv) kinds = bst_doc_get_strv (service, "orderableBy/unitKinds");
  g_auto (GStrv) units = bst_doc_get_strv (service, "orderableBy/units");

  if (!roles_fit (roles, check->context->roles))
    return FALSE;
  if (!org || !kind)
    return TRUE;
  return (!*kinds || g_strv_contains ((const char *const *) kinds, kind)) &&
         units_fit (org, units, unit);
}

static gboolean
is_approved_article (GVariant *service, GVariant *article)
{
  const char *id = bst_doc_get_string (service, "id");
  g_auto (GStrv) approved = bst_doc_get_strv (service, "articles");

  return g_strcmp0 (bst_doc_get_string (article, "service"), id) == 0 ||
         g_strv_contains ((const char *const *) approved, bst_doc_get_string (article, "id"));
}

static void
check_article (Check *check, GVariant *line, GVariant *service, const char *prefix)
{
  const char *id = bst_doc_get_string (line, "article");
  g_autoptr (GVariant) article = look_up (check->context, "Article", id);
  const char *day;
  const char *code;

  if (!id)
    return;
  code = article ? out_of_date (article, check->context->today, &day) : "withdrawn";
  if (code)
    add_in_line (check, prefix, "article", code, "cannot be ordered today");
  else if (!is_approved_article (service, article))
    add_in_line (check, prefix, "article", "value", "is not approved for this service");
}

static void
check_quantity (Check *check, GVariant *line, GVariant *service, const char *prefix)
{
  gint64 quantity = bst_doc_get_int (line, "quantity", 0);

  if (quantity > QUANTITY_MAX)
    add_in_line (check, prefix, "quantity", "too-large", "is too large");
  else if (quantity < 1 || (quantity > 1 && !bst_doc_get_bool (service, "quantity")))
    add_in_line (check, prefix, "quantity", "value",
                 "must be at least 1, and 1 where only one can be ordered");
}

static void
check_answers (Check *check, GVariant *line, GVariant *service, const char *prefix)
{
  g_autoptr (GVariant) answers = bst_doc_get_map (line, "answers");
  g_autofree char *inside = g_strconcat (prefix, "answers/", NULL);
  g_autoptr (GPtrArray) problems = bst_form_problems (service, answers, inside);

  g_ptr_array_extend_and_steal (check->problems, g_steal_pointer (&problems));
}

static void
check_order_line (Check *check, const char *id)
{
  g_autofree char *escaped = bst_path_escape (id);
  g_autofree char *prefix = g_strconcat ("lines/", escaped, "/", NULL);
  g_autoptr (GVariant) line = bst_request_line (check->request, id);
  g_autoptr (GVariant) service =
      look_up (check->context, "Service", bst_doc_get_string (line, "service"));
  const char *day;
  const char *code;

  if (!service)
    {
      add_in_line (check, prefix, "service", "unknown-service", "there is no such service");
      return;
    }
  code = out_of_date (service, check->context->today, &day);
  if (code)
    add_in_line (check, prefix, "service", code, "cannot be ordered today");
  else if (!may_order (check, service))
    add_in_line (check, prefix, "service", "not-orderable",
                 "cannot be ordered by this person for this unit");
  check_article (check, line, service, prefix);
  check_quantity (check, line, service, prefix);
  check_answers (check, line, service, prefix);
  check_wanted_date (check, line, prefix);
}

static void
check_total (Check *check)
{
  g_autoptr (GError) error = NULL;
  BstMoney once;
  BstMoney monthly;

  if (bst_request_total (check->request, &once, &monthly, &error))
    return;
  add (check, "lines",
       g_error_matches (error, BST_ERROR, BST_ERROR_TOO_LARGE) ? "too-large" : "mixed-currencies",
       error->message);
}

GPtrArray *
bst_request_problems (GVariant *request, const BstRequestContext *context)
{
  g_autoptr (GPtrArray) problems =
      g_ptr_array_new_with_free_func ((GDestroyNotify) bst_problem_free);
  g_auto (GStrv) ids = bst_request_line_ids (request);
  Check check = { problems, request, context };

  check_head (&check);
  if (!*ids)
    add (&check, "lines", "no-lines", "nothing is ordered");
  if (g_strv_length (ids) > LINES_MAX)
    {
      add (&check, "lines", "too-long", "has too many lines");
      return g_steal_pointer (&problems);
    }
  for (char **id = ids; *id; id++)
    check_order_line (&check, *id);
  check_total (&check);
  return g_steal_pointer (&problems);
}

/* ---- what has changed ---- */

void
bst_stale_free (BstStale *stale)
{
  g_free (stale->line);
  g_clear_pointer (&stale->then, g_variant_unref);
  g_clear_pointer (&stale->now, g_variant_unref);
  g_free (stale);
}

static void
add_stale (GPtrArray *list, const char *line, const char *code, GVariant *then, GVariant *now)
{
  BstStale *stale = g_new0 (BstStale, 1);

  stale->line = g_strdup (line);
  stale->code = code;
  stale->then = bst_value_is_null (then) ? NULL : g_variant_ref (then);
  stale->now = bst_value_is_null (now) ? NULL : g_variant_ref (now);
  g_ptr_array_add (list, stale);
}

/* Whether @name is the same in both; an absent value equals null. */
static gboolean
same (GVariant *a, GVariant *b, const char *name)
{
  g_autoptr (GVariant) one = bst_doc_lookup (a, name);
  g_autoptr (GVariant) two = bst_doc_lookup (b, name);

  if (bst_value_is_null (one) || bst_value_is_null (two))
    return bst_value_is_null (one) && bst_value_is_null (two);
  return bst_doc_equal (one, two);
}

/* "withdrawn" or "not-yet" when @service or its article cannot be ordered today. */
static gboolean
note_unavailable (GPtrArray *list,
                  const char *id,
                  GVariant *line,
                  GVariant *service,
                  GVariant *article,
                  const char *today)
{
  const char *day = NULL;
  const char *code = service ? out_of_date (service, today, &day) : "withdrawn";
  g_autoptr (GVariant) when = NULL;

  if (!code && bst_doc_has (line, "article"))
    code = article ? out_of_date (article, today, &day) : "withdrawn";
  if (!code)
    return FALSE;
  when = day ? bst_doc_take (g_variant_new_string (day)) : NULL;
  add_stale (list, id, code, NULL, when);
  return TRUE;
}

static void
note_change (GPtrArray *list,
             const char *id,
             const char *code,
             GVariant *line,
             GVariant *fresh,
             const char *name)
{
  g_autoptr (GVariant) then = bst_doc_lookup (line, name);
  g_autoptr (GVariant) now = bst_doc_lookup (fresh, name);

  add_stale (list, id, code, then, now);
}

void
bst_request_terms (GVariant *request,
                   GVariant *service,
                   const BstRequestContext *context,
                   BstTerms *ret_terms)
{
  const char *unit = bst_doc_get_string (request, "unit");
  GVariant *agreement =
      context->agreements && context->org && unit
          ? bst_agreement_in_force (context->agreements, context->org, unit, "sla", context->today)
          : NULL;

  bst_terms_resolve (service, agreement, bst_doc_get_string (request, "priority"), ret_terms);
}

/* The line as agreed today. */
static GVariant *
fresh_line (GVariant *request,
            GVariant *line,
            GVariant *service,
            GVariant *article,
            const BstRequestContext *context)
{
  g_autoptr (GVariant) plain = bst_request_refresh_line (line, service, article);
  g_auto (BstTerms) terms = { NULL };

  bst_request_terms (request, service, context, &terms);
  return bst_request_line_with_terms (plain, article, &terms);
}

static void
compare_line (GPtrArray *list,
              const char *id,
              GVariant *request,
              GVariant *line,
              const BstRequestContext *context)
{
  g_autoptr (GVariant) service = look_up (context, "Service", bst_doc_get_string (line, "service"));
  g_autoptr (GVariant) article = look_up (context, "Article", bst_doc_get_string (line, "article"));
  g_autoptr (GVariant) plain = NULL;
  g_autoptr (GVariant) fresh = NULL;
  gboolean price;
  gboolean promise;

  if (note_unavailable (list, id, line, service, article, context->today))
    return;
  plain = bst_request_refresh_line (line, service, article);
  fresh = fresh_line (request, line, service, article, context);
  price = same (line, fresh, "price") || same (line, plain, "price");
  promise = same (line, fresh, "promise") || same (line, plain, "promise");
  if (!price)
    note_change (list, id, "price", line, fresh, "price");
  if (!promise)
    note_change (list, id, "promise", line, fresh, "promise");
  if (price && promise && !same (line, fresh, "serviceVersion"))
    note_change (list, id, "terms", line, fresh, "serviceVersion");
}

GPtrArray *
bst_request_stale (GVariant *request, const BstRequestContext *context)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_stale_free);
  g_auto (GStrv) ids = bst_request_line_ids (request);

  for (char **id = ids; *id; id++)
    {
      g_autoptr (GVariant) line = bst_request_line (request, *id);

      compare_line (list, *id, request, line, context);
    }
  return list;
}

typedef struct
{
  GVariant *request;
  const BstRequestContext *context;
} Refresh;

static GVariant *
refresh_line (GVariant *line, gint64 place, gpointer closure)
{
  const Refresh *refresh = closure;
  const BstRequestContext *context = refresh->context;
  g_autoptr (GVariant) service = look_up (context, "Service", bst_doc_get_string (line, "service"));
  g_autoptr (GVariant) article = look_up (context, "Article", bst_doc_get_string (line, "article"));
  const char *day;

  if (!service || out_of_date (service, context->today, &day) ||
      (!article && bst_doc_has (line, "article")))
    return g_variant_ref (line);
  return fresh_line (refresh->request, line, service, article, context);
}

GVariant *
bst_request_refresh (GVariant *request, const BstRequestContext *context)
{
  Refresh refresh = { request, context };

  return bst_request_map_lines (request, refresh_line, &refresh);
}
