/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "bst-clock.h"
#include "bst-error.h"
#include "bst-proposal.h"

#include <string.h>

#define TODAY "2026-03-12"

static GVariant *
proposed (void)
{
  return core_doc (
      "{'id': 'p1', 'unit': 'd1', 'title': 'Hurtigere', 'service': 's', 'state': 'proposed',"
      "'promise': {'value': 2, 'unit': 'working-days', 'calendar': 'c'}}");
}

static GVariant *
agreement (void)
{
  return core_doc (
      "{'id': 'a1', 'rev': 7, 'kind': 'sla', 'unit': 'd1', 'version': 2, 'validFrom': '2026-01-01',"
      "'targets': [{'service': 's', 'promise': {'value': 3, 'unit': 'working-days'}, 'target': "
      "{'percent': 95}},"
      "{'service': 't', 'promise': {'value': 9, 'unit': 'hours'}}],"
      "'olas': [{'service': 's', 'key': 'k1'}, {'service': 't', 'key': 'k2'}]}");
}

static void
test_life (void)
{
  static const char *const states[] = { "proposed", "answered", "agreed", "declined", "withdrawn" };
  g_autoptr (GVariant) unsent = core_doc ("{'title': 'x'}");

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autoptr (GVariant) doc = bst_doc_set_string (unsent, "state", states[i]);

      for (int act = BST_PROPOSAL_ANSWER; act <= BST_PROPOSAL_WITHDRAW; act++)
        g_assert_cmpint (bst_proposal_may (doc, (BstProposalAct) act), ==, i < 2);
      g_assert_cmpint (bst_proposal_is_open (doc), ==, i < 2);
    }
  g_assert_true (bst_proposal_is_open (unsent));
}

static void
test_acts (void)
{
  g_autoptr (GVariant) doc = proposed ();
  g_autoptr (GVariant) nothing = bst_doc_new ();
  g_autoptr (GVariant) reply =
      core_doc ("{'reply': 'Ja, mod betaling', 'state': 'agreed', 'price': {'model': 'included'}}");
  g_autoptr (GVariant) today = core_doc ("{'inForceFrom': '" TODAY "'}");
  g_autoptr (GVariant) later = core_doc ("{'inForceFrom': '2026-04-01'}");
  g_autoptr (GVariant) answered = NULL;
  g_autoptr (GVariant) agreed = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (bst_proposal_act (doc, BST_PROPOSAL_ANSWER, nothing, TODAY, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
  g_assert_true (g_str_has_prefix (error->message, "reply"));
  g_clear_error (&error);
  answered = bst_proposal_act (doc, BST_PROPOSAL_ANSWER, reply, TODAY, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (bst_doc_get_string (answered, "state"), ==, "answered");
  g_assert_cmpstr (bst_doc_get_string (answered, "price/model"), ==, "included");
  /* Not from today: what is ordered today was promised already. */
  g_assert_null (bst_proposal_act (answered, BST_PROPOSAL_AGREE, today, TODAY, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
  g_clear_error (&error);
  agreed = bst_proposal_act (answered, BST_PROPOSAL_AGREE, later, TODAY, &error);
  g_assert_cmpstr (bst_doc_get_string (agreed, "state"), ==, "agreed");
  g_assert_null (bst_proposal_act (agreed, BST_PROPOSAL_WITHDRAW, nothing, TODAY, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_FORBIDDEN);
}

static void
test_enact (void)
{
  g_autoptr (GVariant) plain = proposed ();
  g_autoptr (GVariant) doc = bst_doc_set_string (plain, "inForceFrom", "2026-04-01");
  g_autoptr (GVariant) old = agreement ();
  g_autoptr (GVariant) steps = core_doc ("{'olas': [{'key': 'n1'}, {'key': 'n2'}]}");
  g_autoptr (GVariant) olas = bst_doc_lookup (steps, "olas");
  g_autoptr (GVariant) with_olas = bst_doc_set (doc, "olas", olas);
  g_autoptr (GVariant) ended = NULL;
  g_autoptr (GVariant) next = bst_proposal_enact (with_olas, old, "a2", &ended, NULL);
  g_autoptr (GVariant) wanted = core_doc (
      "{'id': 'a2', 'kind': 'sla', 'unit': 'd1', 'version': 3, 'validFrom': '2026-04-01',"
      "'targets': [{'service': 't', 'promise': {'value': 9, 'unit': 'hours'}}, {'service': 's', "
      "'promise': {'value': 2, 'unit': 'working-days', 'calendar': 'c'}, 'target': {'percent': "
      "95}}],"
      "'olas': [{'service': 't', 'key': 'k2'}, {'key': 'n1', 'service': 's'}, {'key': 'n2', "
      "'service': 's'}]}");
  g_autoptr (GError) error = NULL;

  g_assert_true (bst_doc_equal (next, wanted));
  g_assert_cmpstr (bst_doc_get_string (ended, "validTo"), ==, "2026-03-31");
  g_assert_cmpint (bst_doc_get_int (ended, "version", 0), ==, 2);

  bst_doc_replace (&doc, bst_doc_set_string (doc, "inForceFrom", "2025-12-01"));
  g_clear_pointer (&ended, g_variant_unref);
  g_assert_null (bst_proposal_enact (doc, old, "a2", &ended, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
  g_assert_null (ended);
}

/* ---- replay ---- */

static void
add_order (BstReplay *replay, const char *id, const char *delivered, gint64 then, const char *extra)
{
  static const char office[] =
      "{'timeZone': 'Europe/Copenhagen', 'weekly': {'mon': [['08:00','16:00']],"
      "'tue': [['08:00','16:00']], 'wed': [['08:00','16:00']], 'thu': [['08:00','16:00']],"
      "'fri': [['08:00','16:00']]}}";
  g_autofree char *request_text =
      g_strdup_printf ("{'id': '%s', 'lines': {'l1': {'service': 's', 'quantity': 2, 'promise': "
                       "{'value': 3, 'unit': 'working-days'}%s}}}",
                       id, extra);
  g_autofree char *event_text =
      g_strdup_printf ("{'action': 'deliver', 'sequence': 4, 'receivedAt': '%s'}", delivered);
  g_autoptr (GVariant) request = core_doc (request_text);
  g_autoptr (GVariant) calendar_doc = core_doc (office);
  g_autoptr (BstCalendar) calendar = bst_calendar_new (calendar_doc, NULL);
  g_autoptr (GVariant) promise =
      bst_doc_take (g_variant_new_parsed ("{'value': <%x>, 'unit': <'working-days'>}", then));
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GVariant) price =
      core_doc ("{'model': 'one-off-and-monthly', 'once': {'amount': 9000, 'currency': 'DKK'},"
                "'monthly': {'amount': 700, 'currency': 'DKK'}}");
  const BstReplayTerms terms = { promise, calendar, price };
  gint64 now;

  /* Monday 2 March 2026. */
  g_ptr_array_add (
      events,
      core_doc ("{'action': 'submit', 'sequence': 1, 'receivedAt': '2026-03-02T09:00:00Z'}"));
  g_ptr_array_add (
      events,
      core_doc ("{'action': 'accept', 'sequence': 2, 'receivedAt': '2026-03-02T10:00:00Z'}"));
  g_ptr_array_add (
      events,
      core_doc ("{'action': 'start', 'sequence': 3, 'receivedAt': '2026-03-02T11:00:00Z'}"));
  if (*delivered)
    g_ptr_array_add (events, core_doc (event_text));
  g_assert_true (bst_instant_parse ("2026-03-03T12:00:00Z", &now));
  bst_replay_add (replay, request, "l1", events, calendar, &terms, now);
}

static void
test_replay (void)
{
  g_auto (BstReplay) shorter = { 0 };
  g_auto (BstReplay) longer = { 0 };

  bst_replay_init (&shorter);
  add_order (&shorter, "o1", "2026-03-04T10:00:00Z", 2, ""); /* two days: kept either way */
  add_order (&shorter, "o2", "2026-03-05T10:00:00Z", 2, ""); /* three days: would be late */
  add_order (&shorter, "o3", "2026-03-09T10:00:00Z", 2, ""); /* late either way */
  add_order (&shorter, "o4", "", 2, "");                     /* still running: decides nothing */
  g_assert_cmpuint (shorter.cases, ==, 3);
  g_assert_cmpuint (shorter.met_now, ==, 2);
  g_assert_cmpuint (shorter.met_then, ==, 1);
  g_assert_cmpuint (shorter.lost->len, ==, 1);
  g_assert_cmpstr (shorter.lost->pdata[0], ==, "o2");
  g_assert_cmpuint (shorter.won->len, ==, 0);

  bst_replay_init (&longer);
  add_order (&longer, "o3", "2026-03-09T10:00:00Z", 10, "");
  g_assert_cmpuint (longer.met_then, ==, 1);
  g_assert_cmpstr (longer.won->pdata[0], ==, "o3");
}

#define ONE_OFF(amount, currency)                                                                  \
  ", 'price': {'model': 'one-off', 'once': {'amount': " #amount ", 'currency': '" #currency "'}}"

/* What the orders cost, and would cost at the price offered. */
static void
test_replay_cost (void)
{
  g_auto (BstReplay) replay = { 0 };
  g_auto (BstReplay) mixed = { 0 };

  bst_replay_init (&replay);
  add_order (&replay, "o1", "2026-03-04T10:00:00Z", 2, ONE_OFF (5000, DKK));
  add_order (&replay, "o2", "2026-03-05T10:00:00Z", 2, ONE_OFF (4000, DKK) ", 'article': 'a1'");
  add_order (&replay, "o3", "2026-03-05T10:00:00Z", 2, ", 'price': {'model': 'included'}");
  add_order (&replay, "o4", "", 2, ONE_OFF (100, DKK)); /* still running: does not count */
  g_assert_cmpuint (replay.cases, ==, 3);
  g_assert_false (replay.mixed);
  g_assert_cmpint (replay.once_now.amount, ==, 2 * (5000 + 4000));
  g_assert_cmpstr (replay.once_now.currency, ==, "DKK");
  g_assert_cmpstr (replay.monthly_now.currency, ==, "");
  /* The approved article keeps its price. */
  g_assert_cmpint (replay.once_then.amount, ==, 2 * (9000 + 4000 + 9000));
  g_assert_cmpint (replay.monthly_then.amount, ==, 3 * 2 * 700);

  bst_replay_init (&mixed);
  add_order (&mixed, "o1", "2026-03-04T10:00:00Z", 2, ONE_OFF (5000, NOK));
  add_order (&mixed, "o2", "2026-03-04T10:00:00Z", 2, ONE_OFF (5000, DKK));
  g_assert_true (mixed.mixed);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/proposal/life", test_life);
  g_test_add_func ("/core/proposal/acts", test_acts);
  g_test_add_func ("/core/proposal/enact", test_enact);
  g_test_add_func ("/core/proposal/replay", test_replay);
  g_test_add_func ("/core/proposal/replay-cost", test_replay_cost);
  return g_test_run ();
}
