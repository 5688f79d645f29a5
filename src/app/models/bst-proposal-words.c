/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-proposal-words.h"

#include <glib/gi18n.h>

#include "bst-format.h"
#include "bst-offer.h"
#include "bst-text.h"

const char *
bst_proposal_state_text (GVariant *proposal)
{
  /* clang-format off */
  static const struct
  {
    const char *local; /* (nullable) */
    const char *state;
    const char *text;
  } rows[] = {
    { "refused", NULL, N_("Refused") },
    { "sending", NULL, N_("Under way") },
    { "queued", NULL, N_("Waiting to be sent") },
    { NULL, "proposed", N_("Proposed") },
    { NULL, "answered", N_("Answered") },
    { NULL, "agreed", N_("Agreed on") },
    { NULL, "declined", N_("Declined") },
    { NULL, "withdrawn", N_("Withdrawn") },
  };
  /* clang-format on */
  const char *local = bst_doc_get_string (proposal, "@local/state");
  const char *state = bst_doc_get_string (proposal, "state");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_strcmp0 (rows[i].local, local) == 0 &&
        (!rows[i].state || g_strcmp0 (rows[i].state, state) == 0))
      return _ (rows[i].text);
  return _ ("Proposed");
}

char *
bst_proposal_text (GVariant *proposal, BstAgreementBook *book, const char *language)
{
  GVariant *service =
      bst_agreement_book_get (book, "Service", bst_doc_get_string (proposal, "service"));
  const char *name = service ? bst_text_pick (service, "name", language) : NULL;
  const char *from = bst_doc_get_string (proposal, "inForceFrom");
  g_autoptr (GVariant) promise = bst_doc_get_map (proposal, "promise");
  g_autofree char *time = bst_offer_promise_text (promise);
  g_autoptr (GString) text = g_string_new (bst_proposal_state_text (proposal));

  if (name && time)
    g_string_append_printf (text, " · %s: %s", name, time);
  if (from)
    {
      g_autofree char *day = bst_format_date (from, BST_DATE_MEDIUM, language);
      g_autofree char *part = g_strdup_printf (_ ("in force from %s"), day);

      g_string_append_printf (text, " · %s", part);
    }
  return g_strdup (text->str);
}

static char *
count_text (guint n, guint of, const char *language)
{
  g_autofree char *number = bst_format_int (n, language);
  g_autofree char *share = bst_format_percent (100.0 * n / of, 0, language);

  return g_strdup_printf ("%s (%s)", number, share);
}

char *
bst_replay_text (const BstReplay *replay, const char *language)
{
  g_autofree char *now = NULL;
  g_autofree char *then = NULL;

  if (replay->cases == 0)
    return g_strdup (
        _ ("No orders of this service have been delivered to you in the last 13 months"));
  now = count_text (replay->met_now, replay->cases, language);
  then = count_text (replay->met_then, replay->cases, language);
  return g_strdup_printf (ngettext ("Of %u order in the last 13 months %s was on time. Under this "
                                    "promise it would have been %s.",
                                    "Of %u orders in the last 13 months %s were on time. Under "
                                    "this promise it would have been %s.",
                                    replay->cases),
                          replay->cases, now, then);
}

char *
bst_replay_cost_text (const BstReplay *replay, gboolean offered, const char *language)
{
  g_autofree char *now = bst_offer_totals_text (&replay->once_now, &replay->monthly_now, language);
  g_autofree char *then =
      bst_offer_totals_text (&replay->once_then, &replay->monthly_then, language);

  if (replay->mixed)
    return g_strdup (_ ("These orders are in different currencies and cannot be added up"));
  if (!offered && !now)
    return g_strdup (
        _ ("Included in the agreement today; the performer answers what it will cost"));
  if (!offered)
    /* Translators: an amount. */
    return g_strdup_printf (_ ("These orders cost %s. The performer answers what it will cost."),
                            now);
  /* Translators: two amounts. */
  return g_strdup_printf (_ ("At the price offered these orders would cost %s instead of %s"),
                          then ? then : _ ("nothing"), now ? now : _ ("nothing"));
}
