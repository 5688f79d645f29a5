/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-level-words.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "bst-format.h"

#define NONE   "–"
#define NBSP   "\u00a0"
#define HOUR   3600
#define MINUTE 60
#define EVEN   0.05 /* percent points that are no change */

char *
bst_level_percent_text (double percent, const char *language)
{
  gboolean whole = fabs (percent - round (percent)) < 0.05;

  return percent < 0 ? g_strdup (NONE) : bst_format_percent (percent, whole ? 0 : 1, language);
}

/* ---- time ---- */

/* 1,0 is 1. */
static char *
amount_text (double amount, const char *language)
{
  double rounded = round (amount * 10) / 10;

  return bst_format_decimal (rounded, fabs (rounded - round (rounded)) < 0.05 ? 0 : 1, language);
}

char *
bst_level_time_text (gint64 seconds, const char *language)
{
  g_autofree char *amount = NULL;

  if (seconds < 0)
    return g_strdup (NONE);
  if (seconds >= BST_LEVEL_DAY)
    {
      amount = amount_text ((double) seconds / BST_LEVEL_DAY, language);
      /* Translators: working days, as short as can be. */
      return g_strdup_printf (C_ ("time", "%s\u00a0d"), amount);
    }
  if (seconds >= HOUR)
    {
      amount = amount_text ((double) seconds / HOUR, language);
      /* Translators: opening hours, as short as can be. */
      return g_strdup_printf (C_ ("time", "%s\u00a0h"), amount);
    }
  return g_strdup_printf (C_ ("time", "%d\u00a0min"), (int) (seconds / MINUTE));
}

/* Plural of what is not whole: as of two. */
static gulong
plural_of (double amount)
{
  return fabs (amount - 1) < 0.05 ? 1 : 2;
}

char *
bst_level_time_long (gint64 seconds, const char *language)
{
  double amount = (double) seconds / (seconds >= BST_LEVEL_DAY ? BST_LEVEL_DAY : HOUR);
  g_autofree char *text = amount_text (amount, language);

  if (seconds < 0)
    return g_strdup (NONE);
  if (seconds >= BST_LEVEL_DAY)
    return g_strdup_printf (ngettext ("%s working day", "%s working days", plural_of (amount)),
                            text);
  if (seconds >= HOUR)
    return g_strdup_printf (ngettext ("%s opening hour", "%s opening hours", plural_of (amount)),
                            text);
  return g_strdup_printf (ngettext ("%d minute", "%d minutes", (gulong) (seconds / MINUTE)),
                          (int) (seconds / MINUTE));
}

char *
bst_level_range_text (gint64 low, gint64 high, const char *language)
{
  g_autofree char *least = bst_level_time_text (low, language);
  g_autofree char *most = bst_level_time_text (high, language);

  const char *unit = low >= 0 ? strstr (least, NBSP) : NULL;

  if (g_strcmp0 (least, most) == 0)
    return g_steal_pointer (&least);
  if (unit && g_str_has_suffix (most, unit)) /* "1.1–1.6 d" */
    least[unit - least] = '\0';
  return g_strconcat (least, "–", most, NULL);
}

/* ---- results ---- */

char *
bst_level_satisfaction_text (const BstLevel *level, const char *language)
{
  double stars = bst_level_satisfaction (level);
  g_autofree char *mean = NULL;
  g_autofree char *count = NULL;

  if (stars < 0)
    return g_strdup (level->cases > 0 ? C_ ("ratings", "fewer than 5") : NONE);
  mean = bst_format_decimal (stars, 1, language);
  count = bst_format_int (level->ratings, language);
  return g_strdup_printf ("%s (%s)", mean, count);
}

char *
bst_level_counts_text (const BstLevel *level, const char *language)
{
  g_autofree char *met = bst_format_int (level->met, language);
  g_autofree char *all = bst_format_int (level->met + level->breached, language);

  return g_strdup_printf (_ ("%s of %s on time"), met, all);
}

char *
bst_level_sentence (const char *name, const BstLevel *level, double target, const char *language)
{
  g_autofree char *cases = bst_format_int (level->cases, language);
  g_autofree char *on_time = bst_level_percent_text (bst_level_on_time (level), language);
  g_autofree char *wanted = bst_level_percent_text (target, language);
  g_autofree char *median = bst_level_range_text (level->median_low, level->median_high, language);
  g_autofree char *p90 = bst_level_range_text (level->p90_low, level->p90_high, language);
  g_autofree char *first = bst_level_percent_text (bst_level_first_time (level), language);
  g_autofree char *stars = bst_level_satisfaction_text (level, language);

  return g_strdup_printf (_ ("%s: cases %s, on time %s, target %s, half of them within %s, 90 %% "
                             "within %s, right first time %s, satisfaction %s"),
                          name, cases, on_time, wanted, median, p90, first, stars);
}

const char *
bst_level_trend_icon (double before, double now, const char **ret_text)
{
  *ret_text = NULL;
  if (before < 0 || now < 0 || fabs (now - before) < EVEN)
    return NULL;
  *ret_text =
      now > before ? _ ("Better than the period before") : _ ("Worse than the period before");
  return now > before ? "pan-up-symbolic" : "pan-down-symbolic";
}

/* ---- what changed ---- */

const char *
bst_level_cause_text (BstCause cause)
{
  static const char *const texts[] = {
    [BST_CAUSE_SUPPLIER] = N_ ("waited for a supplier"),
    [BST_CAUSE_ORDERER] = N_ ("waited for the orderer"),
    [BST_CAUSE_DISPUTED] = N_ ("was delivered and disputed"),
    [BST_CAUSE_PERFORMER] = N_ ("nobody else was waited for"),
  };

  return _ (texts[cause]);
}

static char *
cause_sentence (const BstChange *change)
{
  int n = change->of_cause;

  switch (change->cause)
    {
    case BST_CAUSE_SUPPLIER:
      return g_strdup_printf (ngettext ("%d of them waited for a supplier",
                                        "%d of them waited for a supplier", (gulong) n),
                              n);
    case BST_CAUSE_ORDERER:
      return g_strdup_printf (ngettext ("%d of them waited for the orderer",
                                        "%d of them waited for the orderer", (gulong) n),
                              n);
    case BST_CAUSE_DISPUTED:
      return g_strdup_printf (ngettext ("%d of them was delivered and disputed",
                                        "%d of them were delivered and disputed", (gulong) n),
                              n);
    case BST_CAUSE_PERFORMER:
    case BST_N_CAUSES:
    default:
      return g_strdup_printf (ngettext ("with %d of them nobody else was waited for",
                                        "with %d of them nobody else was waited for", (gulong) n),
                              n);
    }
}

char *
bst_level_change_text (const BstChange *change, const char *service, const char *month_before)
{
  gulong n = (gulong) ABS (change->more);
  g_autofree char *head = NULL;
  g_autofree char *cause = NULL;
  g_autofree char *where = NULL;

  if (n == 0)
    return g_strdup_printf (_ ("As many breached cases as in %s."), month_before);
  if (change->more > 0)
    head = g_strdup_printf (
        ngettext ("%d more case breached than in %s", "%d more cases breached than in %s", n),
        (int) n, month_before);
  else
    head = g_strdup_printf (
        ngettext ("%d fewer case breached than in %s", "%d fewer cases breached than in %s", n),
        (int) n, month_before);
  cause = change->of_cause > 0 ? cause_sentence (change) : g_strdup ("");
  if (service && change->of_service > 0)
    where = g_strdup_printf (_ ("%d in %s"), change->of_service, service);
  return g_strdup_printf ("%s%s%s%s%s.", head, *cause ? "; " : "", cause, where ? "; " : "",
                          where ? where : "");
}

/* ---- clocks ---- */

const char *
bst_level_turn_name (BstStretchKind kind, const char *waiting_for)
{
  static const struct
  {
    const char *waiting_for;
    const char *text;
  } pauses[] = {
    { "orderer", N_ ("Waiting for the orderer") },
    { "supplier", N_ ("Waiting for a supplier") },
  };

  switch (kind)
    {
    case BST_STRETCH_CLOSED:
      return C_ ("opening hours", "Closed");
    case BST_STRETCH_DELIVERED:
      return _ ("Delivered, with the receiver");
    case BST_STRETCH_PAUSED:
      for (guint i = 0; i < G_N_ELEMENTS (pauses); i++)
        if (g_strcmp0 (pauses[i].waiting_for, waiting_for) == 0)
          return _ (pauses[i].text);
      return _ ("Paused");
    case BST_STRETCH_RUNNING:
    default:
      return _ ("The performer’s turn");
    }
}

char *
bst_level_turn_text (const BstTurn *turn, GTimeZone *zone, const char *language)
{
  g_autofree char *from = bst_format_moment (turn->from, zone, BST_DATE_BRIEF, language);
  g_autofree char *to = bst_format_moment (turn->to, zone, BST_DATE_BRIEF, language);
  g_autofree char *time = bst_level_time_long (turn->seconds, language);

  /* Translators: whose turn it was, from when, until when, how much opening time. */
  return g_strdup_printf (_ ("%s: %s – %s, %s"),
                          bst_level_turn_name (turn->kind, turn->waiting_for), from, to, time);
}

const char *
bst_level_channel_text (const char *channel)
{
  static const struct
  {
    const char *name;
    const char *text;
  } channels[] = {
    { "app", N_ ("In Bestiller") }, { "phone", N_ ("By telephone") },
    { "mail", N_ ("By mail") },     { "counter", N_ ("In person") },
    { "web", N_ ("On the web") },   { "other", N_ ("Otherwise") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    if (g_strcmp0 (channels[i].name, channel) == 0)
      return _ (channels[i].text);
  return channel;
}
