/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <glib/gi18n.h>

#include "bst-sync-status.h"

#include "bst-date.h"
#include "bst-error.h"
#include "bst-error-text.h"
#include "bst-format.h"

BstSyncFacts
bst_sync_facts (BstSync *sync)
{
  BstSyncFacts facts = { .state = BST_SYNC_SIGN_IN, .error_code = -1 };

  if (!sync)
    return facts;
  facts.signed_in = TRUE;
  g_object_get (sync, "state", &facts.state, "pending", &facts.pending, "refused", &facts.refused,
                "last-contact", &facts.last_contact, "done", &facts.done, "total", &facts.total,
                "error-code", &facts.error_code, "news", &facts.news, "interval", &facts.interval,
                "metered", &facts.metered, NULL);
  return facts;
}

static gboolean
same_day (gint64 a, gint64 b, GTimeZone *zone)
{
  g_autofree char *day_a = bst_date_of_instant (a, zone);
  g_autofree char *day_b = bst_date_of_instant (b, zone);

  return g_strcmp0 (day_a, day_b) == 0;
}

char *
bst_sync_when (gint64 instant, gint64 now, GTimeZone *zone, const char *language)
{
  if (same_day (instant, now, zone))
    return bst_format_time (instant, zone, language);
  return bst_format_moment (instant, zone, BST_DATE_BRIEF, language);
}

static char *
offline_text (const BstSyncFacts *facts, gint64 now, GTimeZone *zone, const char *language)
{
  g_autofree char *when = NULL;

  if (facts->last_contact <= 0)
    return g_strdup (_ ("Offline"));
  if (same_day (facts->last_contact, now, zone))
    when = bst_format_time (facts->last_contact, zone, language);
  else
    when = bst_format_instant_date (facts->last_contact, zone, BST_DATE_BRIEF, language);
  /* Translators: %s is a time, as in 9:40, or a day, as in Tue 24 Mar. */
  return g_strdup_printf (_ ("Offline since %s"), when);
}

static char *
working_text (const BstSyncFacts *facts, const char *language)
{
  if (facts->total > 0 && facts->done < facts->total)
    {
      g_autofree char *done = bst_format_int (facts->done, language);
      g_autofree char *total = bst_format_int (facts->total, language);

      /* Translators: progress of the first synchronisation: 12,000 of 100,000. */
      return g_strdup_printf (_ ("Fetching: %s of %s"), done, total);
    }
  if (facts->pending > 0)
    {
      guint batch = MAX (facts->batch, facts->pending);

      /* Translators: which of how many orders and messages is being sent: Sending 1 of 2. */
      return g_strdup_printf (_ ("Sending %u of %u"), batch - facts->pending + 1, batch);
    }
  return g_strdup (_ ("Looking for news"));
}

static const char *
trouble_text (int code)
{
  if (code == BST_ERROR_CERTIFICATE)
    return _ ("Certificate not trusted");
  if (code == BST_ERROR_PORTAL)
    return _ ("The network asks for a sign-in");
  if (code == BST_ERROR_STORAGE)
    return _ ("Cannot save on this computer");
  return _ ("Trouble at the server");
}

static char *
state_text (const BstSyncFacts *facts, gint64 now, GTimeZone *zone, const char *language)
{
  if (facts->starting)
    return g_strdup (_ ("Starting"));
  switch (facts->state)
    {
    case BST_SYNC_OFFLINE:
      return offline_text (facts, now, zone, language);
    case BST_SYNC_SENDING:
      return working_text (facts, language);
    case BST_SYNC_SIGN_IN:
      return g_strdup (_ ("Not signed in"));
    case BST_SYNC_TROUBLE:
      return g_strdup (trouble_text (facts->error_code));
    case BST_SYNC_UP_TO_DATE:
    default:
      return g_strdup (_ ("Up to date"));
    }
}

char *
bst_sync_facts_short (const BstSyncFacts *facts, gint64 now, GTimeZone *zone, const char *language)
{
  g_autofree char *state = state_text (facts, now, zone, language);
  g_autoptr (GString) text = g_string_new (state);

  if (facts->pending > 0 && facts->state != BST_SYNC_SENDING)
    {
      /* Translators: how many orders and messages are still to be sent. */
      g_string_append_printf (text, ngettext (" · %u waiting", " · %u waiting", facts->pending),
                              facts->pending);
    }
  if (facts->refused > 0)
    {
      /* Translators: how many the server refused. */
      g_string_append_printf (text, ngettext (" · %u refused", " · %u refused", facts->refused),
                              facts->refused);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
bst_sync_facts_long (const BstSyncFacts *facts)
{
  if (facts->starting)
    return g_strdup (_ ("Bestiller is getting ready."));
  switch (facts->state)
    {
    case BST_SYNC_OFFLINE:
      return g_strdup (
          _ ("The server cannot be reached. You can go on working: everything is kept on "
             "this computer and sent when the line is back."));
    case BST_SYNC_SENDING:
      return g_strdup (_ ("Your work is being sent, and news is fetched."));
    case BST_SYNC_SIGN_IN:
      if (facts->error_code == BST_ERROR_LOST)
        return g_strdup (bst_error_code_text (BST_ERROR_LOST));
      return g_strdup (
          _ ("This computer is not signed in. Your work is kept here; enrol the computer "
             "again to send it."));
    case BST_SYNC_TROUBLE:
      return g_strdup (bst_error_code_text (facts->error_code));
    case BST_SYNC_UP_TO_DATE:
    default:
      if (facts->refused > 0)
        return g_strdup (
            _ ("The server has been heard, and has refused something. It is kept here; "
               "see what needs you."));
      return g_strdup (facts->pending > 0 ? _ ("The server has been heard. The rest is sent soon.")
                                          : _ ("Everything you sent has been received."));
    }
}

char *
bst_sync_facts_contact (const BstSyncFacts *facts,
                        gint64 now,
                        GTimeZone *zone,
                        const char *language)
{
  g_autofree char *time = NULL;

  if (facts->last_contact <= 0)
    return g_strdup (C_ ("last contact", "Never"));
  if (!same_day (facts->last_contact, now, zone))
    return bst_format_moment (facts->last_contact, zone, BST_DATE_BRIEF, language);
  time = bst_format_time (facts->last_contact, zone, language);
  /* Translators: %s is a time. */
  return g_strdup_printf (_ ("Today %s"), time);
}

char *
bst_sync_facts_news (const BstSyncFacts *facts)
{
  guint minutes = MAX (1, (facts->interval + 30) / 60);

  if (!facts->signed_in || facts->starting || facts->state == BST_SYNC_SIGN_IN ||
      facts->interval == 0)
    return NULL;
  if (facts->news == BST_SYNC_NEWS_PUSHED)
    return g_strdup (_ ("News comes at once: the server tells of it."));
  if (facts->metered)
    return g_strdup_printf (
        ngettext ("The connection is metered: to save data, the server is asked for news only "
                  "every minute.",
                  "The connection is metered: to save data, the server is asked for news only "
                  "every %u minutes.",
                  minutes),
        minutes);
  return g_strdup_printf (ngettext ("The server is asked for news every minute.",
                                    "The server is asked for news every %u minutes.", minutes),
                          minutes);
}

const char *
bst_sync_facts_icon (const BstSyncFacts *facts)
{
  static const char *const icons[] = {
    [BST_SYNC_OFFLINE] = "bst-computer-only-symbolic",
    [BST_SYNC_UP_TO_DATE] = "bst-received-symbolic",
    [BST_SYNC_SENDING] = "bst-under-way-symbolic",
    [BST_SYNC_SIGN_IN] = "bst-key-symbolic",
    [BST_SYNC_TROUBLE] = "dialog-warning-symbolic",
  };

  if (facts->starting)
    return "bst-waits-symbolic";
  if (facts->refused > 0)
    return "dialog-warning-symbolic";
  return icons[facts->state];
}

double
bst_sync_facts_fraction (const BstSyncFacts *facts)
{
  if (facts->state != BST_SYNC_SENDING || facts->total <= 0 || facts->done >= facts->total)
    return -1;
  return (double) facts->done / (double) facts->total;
}
