/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-case-words.h"

#include <glib/gi18n.h>
#include <string.h>

#include "bst-format.h"
#include "bst-level-words.h"
#include "bst-request.h"
#include "bst-text.h"

/* ---- a case ---- */

static char *
late_text (const BstCaseView *view, GTimeZone *zone, const char *language)
{
  g_autofree char *late = bst_level_time_long (view->late, language);
  g_autofree char *due = bst_format_moment (view->sla.due, zone, BST_DATE_BRIEF, language);

  /* Translators: how late, when it was due, what else it waited for. */
  return g_strdup_printf (_ ("%s late, due %s · %s"), late, due,
                          bst_level_cause_text (view->cause));
}

static char *
result_text (const BstCaseView *view, GTimeZone *zone, const char *language)
{
  gint64 instant = view->sla.stopped ? view->sla.stopped : view->sla.due;
  g_autofree char *moment = instant == BST_CALENDAR_NEVER
                                ? NULL
                                : bst_format_moment (instant, zone, BST_DATE_BRIEF, language);

  if (view->sla.verdict == BST_SLA_BREACHED)
    return late_text (view, zone, language);
  if (!moment)
    return g_strdup (C_ ("verdict", "without a promise"));
  if (!view->sla.stopped)
    return g_strdup_printf (_ ("due %s"), moment);
  return g_strdup_printf (view->sla.due == BST_CALENDAR_NEVER ? _ ("delivered %s, nothing promised")
                                                              : _ ("on time, delivered %s"),
                          moment);
}

/* An order that is called as its service says so already. */
char *
bst_case_text (const BstCaseView *view, GTimeZone *zone, const char *language)
{
  g_autoptr (GVariant) line = bst_request_line (view->request, view->line);
  const char *service = line ? bst_text_pick (line, "name", language) : NULL;
  g_autofree char *result = result_text (view, zone, language);

  if (!service || g_strcmp0 (service, bst_doc_get_string (view->request, "title")) == 0)
    return g_steal_pointer (&result);
  return g_strdup_printf ("%s · %s", service, result);
}

/* ---- which ---- */

static const char *const choice_names[] = {
  [BST_CASE_CHOICE_ALL] = N_ ("All cases"),
  [BST_CASE_CHOICE_LATE] = N_ ("Breached cases"),
  [BST_CASE_CHOICE_DISPUTED] = N_ ("Not right first time"),
  [BST_CASE_CHOICE_RATED] = N_ ("Rated cases"),
};

const char *
bst_case_choice_name (BstCaseChoice choice)
{
  return _ (choice_names[choice]);
}

#define N_PARTS      6
#define FEWEST_RATED 5 /* as in measures */

char *
bst_case_filter_format (const BstCaseFilter *filter)
{
  return g_strdup_printf ("%d\n%s\n%s\n%s\n%s\n%s", (int) filter->choice, filter->unit,
                          filter->service ? filter->service : "",
                          filter->channel ? filter->channel : "", filter->from, filter->to);
}

static char *
text_or_null (const char *text)
{
  return *text ? g_strdup (text) : NULL;
}

gboolean
bst_case_filter_parse (const char *text, BstCaseFilter *ret_filter)
{
  g_auto (GStrv) parts = g_strsplit (text ? text : "", "\n", -1);
  gint64 choice;

  if (g_strv_length (parts) != N_PARTS)
    return FALSE;
  choice = g_ascii_strtoll (parts[0], NULL, 10);
  *ret_filter = (BstCaseFilter){
    .choice =
        choice > 0 && choice < BST_N_CASE_CHOICES ? (BstCaseChoice) choice : BST_CASE_CHOICE_ALL,
    .unit = g_strdup (parts[1]),
    .service = text_or_null (parts[2]),
    .channel = text_or_null (parts[3]),
    .from = g_strdup (parts[4]),
    .to = g_strdup (parts[5]),
  };
  return TRUE;
}

void
bst_case_filter_clear (BstCaseFilter *filter)
{
  g_clear_pointer (&filter->unit, g_free);
  g_clear_pointer (&filter->service, g_free);
  g_clear_pointer (&filter->channel, g_free);
  g_clear_pointer (&filter->from, g_free);
  g_clear_pointer (&filter->to, g_free);
}

gboolean
bst_case_filter_takes (const BstCaseFilter *filter, const BstCaseView *view)
{
  const BstCase *found = &view->found;

  if (!found->month[0] || strcmp (found->month, filter->from) < 0 ||
      strcmp (found->month, filter->to) > 0 ||
      (filter->service && strcmp (found->service, filter->service) != 0) ||
      (filter->channel && strcmp (found->channel, filter->channel) != 0))
    return FALSE;
  switch (filter->choice)
    {
    case BST_CASE_CHOICE_LATE:
      return found->due != BST_CALENDAR_NEVER && found->verdict == BST_SLA_BREACHED;
    case BST_CASE_CHOICE_DISPUTED:
      return found->stopped && !found->first_time;
    case BST_CASE_CHOICE_RATED: /* how, is not said: bst_case_filter_hides() */
      return found->stars > 0;
    case BST_CASE_CHOICE_ALL:
    case BST_N_CASE_CHOICES:
    default:
      return TRUE;
    }
}

gboolean
bst_case_filter_hides (const BstCaseFilter *filter, guint n)
{
  return filter->choice == BST_CASE_CHOICE_RATED && n < FEWEST_RATED;
}
