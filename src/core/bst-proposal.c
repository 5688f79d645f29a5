/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-proposal.h"

#include "bst-date.h"
#include "bst-error.h"
#include "bst-request.h"
#include "bst-sla.h"

#include <string.h>

/* ---- its life ---- */

static const struct
{
  const char *name;
  const char *from[3];
  const char *to;
  const char *needs; /* (nullable): property of the answer */
} acts[] = {
  [BST_PROPOSAL_ANSWER] = { "answer", { "proposed", "answered" }, "answered", "reply" },
  [BST_PROPOSAL_AGREE] = { "agree", { "proposed", "answered" }, "agreed", "inForceFrom" },
  [BST_PROPOSAL_DECLINE] = { "decline", { "proposed", "answered" }, "declined", "reply" },
  [BST_PROPOSAL_WITHDRAW] = { "withdraw", { "proposed", "answered" }, "withdrawn", NULL },
};

gboolean
bst_proposal_act_from_name (const char *name, BstProposalAct *ret_act)
{
  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    if (g_strcmp0 (acts[i].name, name) == 0)
      {
        *ret_act = (BstProposalAct) i;
        return TRUE;
      }
  return FALSE;
}

/* One that has not reached the server yet is as good as proposed. */
static const char *
state_of (GVariant *proposal)
{
  const char *state = bst_doc_get_string (proposal, "state");

  return state ? state : "proposed";
}

gboolean
bst_proposal_may (GVariant *proposal, BstProposalAct act)
{
  return g_strv_contains (acts[act].from, state_of (proposal));
}

gboolean
bst_proposal_is_open (GVariant *proposal)
{
  return bst_proposal_may (proposal, BST_PROPOSAL_WITHDRAW);
}

GVariant *
bst_proposal_act (GVariant *proposal,
                  BstProposalAct act,
                  GVariant *answer,
                  const char *today,
                  GError **error)
{
  static const char *const taken[] = { "reply", "olas", "price", "inForceFrom" };
  const char *from = bst_doc_get_string (answer, "inForceFrom");
  GVariant *after;

  if (!bst_proposal_may (proposal, act))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_FORBIDDEN, "a proposal that is %s cannot be %s",
                   state_of (proposal), acts[act].to);
      return NULL;
    }
  if (acts[act].needs && !bst_doc_has (answer, acts[act].needs))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "%s: missing", acts[act].needs);
      return NULL;
    }
  if (act == BST_PROPOSAL_AGREE && strcmp (from, today) <= 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "inForceFrom: a day after %s expected",
                   today);
      return NULL;
    }
  after = bst_doc_set_string (proposal, "state", acts[act].to);
  for (guint i = 0; i < G_N_ELEMENTS (taken); i++)
    {
      g_autoptr (GVariant) value = bst_doc_lookup (answer, taken[i]);

      if (value)
        bst_doc_replace (&after, bst_doc_set (after, taken[i], value));
    }
  return after;
}

/* ---- the new version ---- */

/* The targets with what was agreed on of the service; a target that was not there is added. */
static GVariant *
change_targets (GVariant *proposal, GVariant *agreement)
{
  static const char *const changed[] = { "promise", "target", "price" };
  const char *service = bst_doc_get_string (proposal, "service");
  g_autoptr (GVariant) targets = bst_doc_get_list (agreement, "targets");
  g_autoptr (GVariant) mine = bst_doc_new ();
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));
  GVariantIter iter;
  GVariant *target;

  bst_doc_replace (&mine, bst_doc_set_string (mine, "service", service));
  g_variant_iter_init (&iter, targets);
  while (g_variant_iter_loop (&iter, "v", &target))
    if (g_strcmp0 (bst_doc_get_string (target, "service"), service) == 0)
      bst_doc_replace (&mine, g_variant_ref (target));
    else
      g_variant_builder_add (&list, "v", target);
  for (guint i = 0; i < G_N_ELEMENTS (changed); i++)
    {
      g_autoptr (GVariant) value = bst_doc_lookup (proposal, changed[i]);

      if (value)
        bst_doc_replace (&mine, bst_doc_set (mine, changed[i], value));
    }
  g_variant_builder_add (&list, "v", mine);
  return bst_doc_take (g_variant_builder_end (&list));
}

/* The performers' steps behind the service as they were answered; those of others stand. */
static GVariant *
change_olas (GVariant *proposal, GVariant *agreement)
{
  const char *service = bst_doc_get_string (proposal, "service");
  g_autoptr (GVariant) olas = bst_doc_get_list (agreement, "olas");
  g_autoptr (GVariant) answered = bst_doc_get_list (proposal, "olas");
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));
  GVariantIter iter;
  GVariant *ola;

  if (g_variant_n_children (answered) == 0)
    return g_steal_pointer (&olas);
  g_variant_iter_init (&iter, olas);
  while (g_variant_iter_loop (&iter, "v", &ola))
    if (g_strcmp0 (bst_doc_get_string (ola, "service"), service) != 0)
      g_variant_builder_add (&list, "v", ola);
  g_variant_iter_init (&iter, answered);
  while (g_variant_iter_loop (&iter, "v", &ola))
    {
      g_autoptr (GVariant) whole = bst_doc_set_string (ola, "service", service);

      g_variant_builder_add (&list, "v", whole);
    }
  return bst_doc_take (g_variant_builder_end (&list));
}

GVariant *
bst_proposal_enact (GVariant *proposal,
                    GVariant *agreement,
                    const char *id,
                    GVariant **ret_ended,
                    GError **error)
{
  static const char *const set_by_server[] = { "uid", "rev", "created", "updated" };
  const char *from = bst_doc_get_string (proposal, "inForceFrom");
  const char *began = bst_doc_get_string (agreement, "validFrom");
  g_autoptr (GVariant) targets = NULL;
  g_autoptr (GVariant) olas = NULL;
  g_autofree char *last = NULL;
  GVariant *next;

  if (!bst_doc_get_string (proposal, "service") || !from || (began && strcmp (from, began) <= 0))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "%s",
                   from ? "inForceFrom: after the version began that it changes, with a service"
                        : "inForceFrom: missing");
      return NULL;
    }
  targets = change_targets (proposal, agreement);
  olas = change_olas (proposal, agreement);
  last = bst_date_add_days (from, -1);
  next = bst_doc_set_string (agreement, "id", id);
  for (guint i = 0; i < G_N_ELEMENTS (set_by_server); i++)
    bst_doc_replace (&next, bst_doc_set (next, set_by_server[i], NULL));
  bst_doc_replace (
      &next, bst_doc_set_int (next, "version", bst_doc_get_int (agreement, "version", 1) + 1));
  bst_doc_replace (&next, bst_doc_set_string (next, "validFrom", from));
  bst_doc_replace (&next, bst_doc_set (next, "targets", targets));
  bst_doc_replace (&next, bst_doc_set (next, "olas", olas));
  *ret_ended = bst_doc_set_string (agreement, "validTo", last);
  return next;
}

/* ---- replay ---- */

void
bst_replay_init (BstReplay *replay)
{
  *replay = (BstReplay){ .lost = g_ptr_array_new_with_free_func (g_free),
                         .won = g_ptr_array_new_with_free_func (g_free) };
}

void
bst_replay_clear (BstReplay *replay)
{
  g_clear_pointer (&replay->lost, g_ptr_array_unref);
  g_clear_pointer (&replay->won, g_ptr_array_unref);
}

static gboolean
is_decided (const BstSla *sla)
{
  return sla->verdict == BST_SLA_MET || sla->verdict == BST_SLA_BREACHED;
}

/* Price × quantity of one case, once and monthly. */
static gboolean
add_amounts (BstMoney *once,
             BstMoney *monthly,
             GVariant *price_once,
             GVariant *price_monthly,
             gint64 quantity)
{
  BstMoney money;

  if (bst_price_once (price_once, &money) &&
      (!bst_money_multiply (&money, quantity, NULL) || !bst_money_add (once, &money, NULL)))
    return FALSE;
  return !bst_price_monthly (price_monthly, &money) ||
         (bst_money_multiply (&money, quantity, NULL) && bst_money_add (monthly, &money, NULL));
}

static void
add_cost (BstReplay *replay, GVariant *line, GVariant *offered)
{
  g_autoptr (GVariant) price = bst_doc_get_map (line, "price");
  gint64 quantity = bst_doc_get_int (line, "quantity", 1);
  GVariant *then = offered ? offered : price;
  /* As lines are priced: an approved article's price takes the place of the service's. */
  GVariant *then_once = bst_doc_get_string (line, "article") ? price : then;

  if (!add_amounts (&replay->once_now, &replay->monthly_now, price, price, quantity) ||
      !add_amounts (&replay->once_then, &replay->monthly_then, then_once, then, quantity))
    replay->mixed = TRUE;
}

void
bst_replay_add (BstReplay *replay,
                GVariant *request,
                const char *line,
                GPtrArray *events,
                BstCalendar *calendar_now,
                const BstReplayTerms *then,
                gint64 now)
{
  g_autoptr (GVariant) doc = bst_request_line (request, line);
  g_autoptr (GVariant) promise = doc ? bst_doc_get_map (doc, "promise") : NULL;
  g_autoptr (GArray) steps = doc ? bst_sla_steps (request, line, events) : NULL;
  const BstSlaStep *first;
  BstSla is, would;

  if (!steps || !bst_doc_has (promise, "value"))
    return;
  first = (const BstSlaStep *) (gpointer) steps->data;
  bst_sla_compute (first, steps->len, calendar_now, promise, now, &is);
  bst_sla_compute (first, steps->len, then->calendar, then->promise, now, &would);
  if (!is_decided (&is) || !is_decided (&would))
    return;
  replay->cases++;
  replay->met_now += is.verdict == BST_SLA_MET;
  replay->met_then += would.verdict == BST_SLA_MET;
  add_cost (replay, doc, then->price);
  if (is.verdict != would.verdict)
    g_ptr_array_add (is.verdict == BST_SLA_MET ? replay->lost : replay->won,
                     g_strdup (bst_doc_get_string (request, "id")));
}
