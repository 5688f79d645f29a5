/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-offer.h"

#include <glib/gi18n.h>

#include "bst-doc.h"
#include "bst-format.h"
#include "bst-request.h"
#include "bst-text.h"

char *
bst_offer_totals_text (const BstMoney *once, const BstMoney *monthly, const char *language)
{
  g_autofree char *once_text = *once->currency ? bst_money_format (once, language) : NULL;
  g_autofree char *monthly_text = *monthly->currency ? bst_money_format (monthly, language) : NULL;

  if (once_text && monthly_text)
    /* Translators: two amounts: what is paid once, and what is paid every month. */
    return g_strdup_printf (_ ("%s once · %s a month"), once_text, monthly_text);
  if (monthly_text)
    return g_strdup_printf (_ ("%s a month"), monthly_text);
  return g_steal_pointer (&once_text);
}

static char *
price_text (GVariant *price, const char *language, const char *included)
{
  BstMoney once = { 0 };
  BstMoney monthly = { 0 };
  char *text;

  if (price && !bst_price_once (price, &once))
    bst_money_init (&once, 0, NULL);
  if (price && !bst_price_monthly (price, &monthly))
    bst_money_init (&monthly, 0, NULL);
  text = bst_offer_totals_text (&once, &monthly, language);
  return text ? text : g_strdup (included);
}

char *
bst_offer_price_text (GVariant *price, const char *language)
{
  g_autofree char *text = price_text (price, language, _ ("Included in the agreement"));
  const char *unit = price ? bst_text_pick (price, "unit", language) : NULL;

  if (!unit || g_strcmp0 (bst_doc_get_string (price, "model"), "per-unit") != 0)
    return g_steal_pointer (&text);
  /* Translators: a price and what it is for one of: "250 kr. per licence". */
  return g_strdup_printf (_ ("%s per %s"), text, unit);
}

char *
bst_offer_price_brief (GVariant *price, const char *language)
{
  return price_text (price, language, _ ("included"));
}

const char *
bst_offer_obligation_text (GVariant *service)
{
  const char *obligation = bst_doc_get_string (service, "obligation");

  if (g_strcmp0 (obligation, "mandatory") == 0)
    return C_ ("obligation", "mandatory");
  return g_strcmp0 (obligation, "add-on") == 0 ? C_ ("obligation", "add-on") : "";
}

char *
bst_offer_promise_text (GVariant *promise)
{
  gint64 value = promise ? bst_doc_get_int (promise, "value", -1) : -1;

  if (value < 0)
    return NULL;
  if (g_strcmp0 (bst_doc_get_string (promise, "unit"), "hours") == 0)
    return g_strdup_printf (ngettext ("%d opening hour", "%d opening hours", (gulong) value),
                            (int) value);
  if (g_strcmp0 (bst_doc_get_string (promise, "unit"), "minutes") == 0)
    return g_strdup_printf (ngettext ("%d minute", "%d minutes", (gulong) value), (int) value);
  if (value == 0)
    return g_strdup (_ ("the same working day"));
  return g_strdup_printf (ngettext ("%d working day", "%d working days", (gulong) value),
                          (int) value);
}

char *
bst_offer_by_text (gint64 due, GTimeZone *zone, const char *language)
{
  g_autofree char *day = NULL;

  if (due == BST_CALENDAR_NEVER)
    return NULL;
  day = bst_format_instant_date (due, zone, BST_DATE_BRIEF, language);
  /* Translators: delivered no later than that day: "by Tue 24 Mar". */
  return g_strdup_printf (_ ("by %s"), day);
}

char *
bst_offer_wanted_text (GVariant *line, const char *language)
{
  const char *wanted = bst_doc_get_string (line, "wantedDate");
  g_autofree char *day = wanted ? bst_format_date (wanted, BST_DATE_BRIEF, language) : NULL;

  /* Translators: an order's line is wanted on that day: "wanted on Tue 24 Mar". */
  return day ? g_strdup_printf (_ ("wanted on %s"), day) : NULL;
}

const char *
bst_offer_icon (GVariant *area)
{
  const char *name = area ? bst_doc_get_string (area, "icon") : NULL;

  return name && *name ? name : "bst-catalogue-symbolic";
}
