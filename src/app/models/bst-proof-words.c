/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-proof-words.h"

#include <glib/gi18n.h>

#include "bst-format.h"
#include "bst-level-words.h"

/* ---- all of it ---- */

char *
bst_proof_summary (const BstProof *proof)
{
  if (proof->differences->len > 0)
    return g_strdup_printf (ngettext ("%d figure is not what the cases on this computer say:",
                                      "%d figures are not what the cases on this computer say:",
                                      proof->differences->len),
                            (int) proof->differences->len);
  if (proof->cases->len > 0)
    return g_strdup_printf (
        ngettext (
            "The figures are the same, but %d case is counted otherwise:",
            "The figures are the same, but %d cases are counted otherwise:", proof->cases->len),
        (int) proof->cases->len);
  return g_strdup_printf (
      ngettext ("Counted again from %d case on this computer: the same as the performer says.",
                "Counted again from %d cases on this computer: the same as the performer says.",
                proof->n_cases),
      (int) proof->n_cases);
}

static gboolean
adds_up (const BstProof *proof)
{
  for (guint i = 0; i < proof->differences->len; i++)
    if (!((BstDifference *) proof->differences->pdata[i])->is_sum)
      return FALSE;
  return TRUE;
}

char **
bst_proof_remarks (const BstProof *proof)
{
  g_autoptr (GStrvBuilder) remarks = g_strv_builder_new ();
  g_autofree char *absent = g_strdup_printf (
      ngettext ("The performer counts %d case whose order is not on this computer.",
                "The performer counts %d cases whose orders are not on this computer.",
                proof->n_absent),
      (int) proof->n_absent);
  g_autofree char *unseen = g_strdup_printf (
      ngettext ("%d case in the performer’s figure is of a unit that you do not see, and cannot be "
                "counted here.",
                "%d cases in the performer’s figure are of units that you do not see, and cannot "
                "be counted here.",
                proof->n_unseen),
      (int) proof->n_unseen);

  if (proof->n_absent > 0)
    g_strv_builder_add (remarks, absent);
  if (proof->n_unseen > 0)
    g_strv_builder_add (remarks, unseen);
  if (!adds_up (proof))
    g_strv_builder_add (
        remarks,
        _ ("The performer’s figure is not the sum of the cases that the performer names."));
  else if (proof->differences->len > 0 && proof->n_told == 0)
    g_strv_builder_add (
        remarks,
        _ ("The performer has not named the cases, so they cannot be compared one by one."));
  else if (proof->differences->len > 0 && proof->cases->len == 0)
    g_strv_builder_add (remarks, _ ("All cases are counted alike; the ratings differ, and those "
                                    "are not told one by one."));
  return g_strv_builder_end (remarks);
}

/* ---- a case ---- */

typedef struct
{
  const BstProofCase *one;
  BstProofName name_of;
  gpointer closure;
  GTimeZone *zone;
  const char *language;
} Words;

static const char *
verdict_text (const BstCase *one)
{
  if (one->due == BST_CALENDAR_NEVER)
    return C_ ("verdict", "without a promise");
  return one->verdict == BST_SLA_MET ? C_ ("verdict", "kept") : C_ ("verdict", "breached");
}

static const char *
response_text (const BstCase *one)
{
  if (one->response_due == BST_CALENDAR_NEVER ||
      (one->response_verdict != BST_SLA_MET && one->response_verdict != BST_SLA_BREACHED))
    return C_ ("verdict", "not counted");
  return one->response_verdict == BST_SLA_MET ? C_ ("verdict", "kept") : C_ ("verdict", "breached");
}

static char *
moment_text (const Words *words, gint64 instant)
{
  return instant == 0 || instant == BST_CALENDAR_NEVER
             ? g_strdup (C_ ("moment", "not yet"))
             : bst_format_moment (instant, words->zone, BST_DATE_BRIEF, words->language);
}

static char *
one_sided_text (const Words *words)
{
  const BstProofCase *one = words->one;
  const BstCase *counted = one->theirs.month[0] ? &one->theirs : &one->ours;
  g_autofree char *month = bst_format_month (counted->month, words->language);

  if (!one->theirs.month[0])
    /* Translators: "kept" or "breached", and a month. */
    return g_strdup_printf (_ ("The performer does not count it; here it is %s in %s"),
                            verdict_text (counted), month);
  if (!one->request)
    return g_strdup_printf (
        _ ("The performer counts it as %s in %s; its order is not on this computer"),
        verdict_text (counted), month);
  return g_strdup_printf (_ ("The performer counts it as %s in %s; here it counts in no month"),
                          verdict_text (counted), month);
}

/* ---- in what it differs ---- */

static char *
month_text (const Words *words)
{
  g_autofree char *theirs = bst_format_month (words->one->theirs.month, words->language);
  g_autofree char *ours = bst_format_month (words->one->ours.month, words->language);

  return g_strdup_printf (_ ("The performer counts it in %s, here it is in %s"), theirs, ours);
}

static char *
service_text (const Words *words)
{
  return g_strdup_printf (_ ("The performer counts it for %s, here it is for %s"),
                          words->name_of ("Service", words->one->theirs.service, words->closure),
                          words->name_of ("Service", words->one->ours.service, words->closure));
}

static char *
unit_text (const Words *words)
{
  return g_strdup_printf (_ ("The performer counts it for %s, here it is for %s"),
                          words->name_of ("OrgUnit", words->one->theirs.unit, words->closure),
                          words->name_of ("OrgUnit", words->one->ours.unit, words->closure));
}

static char *
verdicts_text (const Words *words)
{
  return g_strdup_printf (_ ("The performer counts it as %s, here it is %s"),
                          verdict_text (&words->one->theirs), verdict_text (&words->one->ours));
}

static char *
due_text (const Words *words)
{
  g_autofree char *theirs = moment_text (words, words->one->theirs.due);
  g_autofree char *ours = moment_text (words, words->one->ours.due);

  return g_strdup_printf (_ ("Due %s for the performer, %s here"), theirs, ours);
}

static char *
stopped_text (const Words *words)
{
  g_autofree char *theirs = moment_text (words, words->one->theirs.stopped);
  g_autofree char *ours = moment_text (words, words->one->ours.stopped);

  return g_strdup_printf (_ ("Delivered %s for the performer, %s here"), theirs, ours);
}

static char *
elapsed_text (const Words *words)
{
  gint64 difference = words->one->theirs.elapsed - words->one->ours.elapsed;
  g_autofree char *time = bst_level_time_long (MAX (60, ABS (difference)), words->language);

  return g_strdup_printf (difference > 0 ? _ ("Took %s longer for the performer than here")
                                         : _ ("Took %s less for the performer than here"),
                          time);
}

static char *
answer_text (const Words *words)
{
  return g_strdup_printf (_ ("The first answer is %s for the performer, %s here"),
                          response_text (&words->one->theirs), response_text (&words->one->ours));
}

static char *
answer_due_text (const Words *words)
{
  g_autofree char *theirs = moment_text (words, words->one->theirs.response_due);
  g_autofree char *ours = moment_text (words, words->one->ours.response_due);

  return g_strdup_printf (_ ("The first answer was due %s for the performer, %s here"), theirs,
                          ours);
}

static char *
first_time_text (const Words *words)
{
  return g_strdup (words->one->theirs.first_time
                       ? _ ("Right first time for the performer, disputed here")
                       : _ ("Disputed for the performer, right first time here"));
}

static char *
channel_text (const Words *words)
{
  return g_strdup_printf (_ ("The performer counts it as %s, here it is %s"),
                          bst_level_channel_text (words->one->theirs.channel),
                          bst_level_channel_text (words->one->ours.channel));
}

char *
bst_proof_case_text (const BstProofCase *one,
                     BstProofName name_of,
                     gpointer closure,
                     GTimeZone *zone,
                     const char *language)
{
  static const struct
  {
    BstTallyDiffers differs;
    char *(*text) (const Words *words);
  } ways[] = {
    { BST_TALLY_NOT_THEIRS | BST_TALLY_NOT_OURS, one_sided_text },
    { BST_TALLY_VERDICT, verdicts_text },
    { BST_TALLY_MONTH, month_text },
    { BST_TALLY_SERVICE, service_text },
    { BST_TALLY_UNIT, unit_text },
    { BST_TALLY_DUE, due_text },
    { BST_TALLY_STOPPED, stopped_text },
    { BST_TALLY_ELAPSED, elapsed_text },
    { BST_TALLY_RESPONSE, answer_text },
    { BST_TALLY_RESPONSE_DUE, answer_due_text },
    { BST_TALLY_FIRST_TIME, first_time_text },
    { BST_TALLY_CHANNEL, channel_text },
  };
  const Words words = { one, name_of, closure, zone, language };
  g_autoptr (GStrvBuilder) parts = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    if (one->differs & ways[i].differs)
      {
        g_autofree char *text = ways[i].text (&words);

        g_strv_builder_add (parts, text);
      }
  all = g_strv_builder_end (parts);
  return g_strjoinv (" · ", all);
}
