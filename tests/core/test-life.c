/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "bst-error.h"
#include "bst-life.h"

#include <string.h>

/* Whom a line waits for matters in state waiting; the others stand for themselves. */
static const char *const situations[] = {
  "draft",       "submitted",       "awaiting-approval", "accepted",
  "in-progress", "waiting:orderer", "waiting:supplier",  "waiting:performer",
  "delivered",   "closed",          "rejected",          "cancelled",
};

#define SENT                                                                                       \
  "submitted awaiting-approval accepted in-progress waiting:orderer waiting:supplier "             \
  "waiting:performer delivered closed rejected cancelled"
#define AT_WORK "submitted accepted in-progress waiting:orderer waiting:supplier waiting:performer"
#define WAITING "waiting:orderer waiting:supplier waiting:performer"

/* The life once more, in words, written from the design and not from the code. "=" stays. */
static const struct
{
  const char *action;
  const char *data;
  const char *from;
  const char *roles;
  const char *to;
  gboolean offered;
} expectations[] = {
  { "submit", "{}", "draft", "orderer", "submitted", TRUE },
  { "submit", "{'approval': true}", "draft", "orderer", "awaiting-approval", TRUE },
  { "approve", "{}", "awaiting-approval", "approver", "submitted", TRUE },
  { "decline", "{}", "awaiting-approval", "approver", "rejected", TRUE },
  { "accept", "{}", "submitted", "performer", "accepted", TRUE },
  { "reject", "{}", "submitted accepted", "performer", "rejected", TRUE },
  { "start", "{}", "accepted", "performer", "in-progress", TRUE },
  { "wait", "{'for': 'orderer'}", "accepted in-progress", "performer", "waiting:orderer", TRUE },
  { "wait", "{'for': 'supplier'}", "accepted in-progress", "performer", "waiting:supplier", TRUE },
  { "wait", "{'for': 'performer'}", "accepted in-progress", "performer", "waiting:performer",
    TRUE },
  { "resume", "{}", WAITING, "performer", "in-progress", TRUE },
  { "message", "{}", SENT, "receiver orderer approver strategic performer administrator", "=",
    TRUE },
  { "answer", "{}", "waiting:orderer", "orderer receiver", "in-progress", TRUE },
  { "answer", "{}",
    "submitted awaiting-approval accepted in-progress waiting:supplier waiting:performer delivered "
    "closed rejected cancelled",
    "orderer receiver", "=", FALSE },
  { "deliver", "{}", "accepted in-progress " WAITING, "performer", "delivered", TRUE },
  { "confirm", "{}", "delivered", "orderer receiver", "closed", TRUE },
  { "dispute", "{}", "delivered", "orderer receiver", "in-progress", TRUE },
  { "cancel", "{}", "awaiting-approval " AT_WORK, "orderer", "cancelled", TRUE },
  { "rate", "{'stars': 4}", "delivered closed", "orderer receiver", "=", TRUE },
  { "close", "{}", "delivered", "performer administrator", "closed", TRUE },
  { "change-performer", "{'performer': 'u9'}", AT_WORK, "performer administrator", "=", TRUE },
  { "change-priority", "{'priority': 'high'}", "awaiting-approval " AT_WORK,
    "orderer performer administrator", "=", TRUE },
  { "contest", "{'event': 3}", SENT, "orderer", "=", FALSE },
  { "correct", "{'event': 3, 'void': true}", SENT, "performer administrator", "=", FALSE },
};

static gboolean
names (const char *list, const char *name)
{
  g_auto (GStrv) words = g_strsplit (list, " ", -1);

  return g_strv_contains ((const char *const *) words, name);
}

/* A line in @situation: "waiting:orderer" has both state and waitingFor. */
static GVariant *
line_in (const char *situation)
{
  g_auto (GStrv) parts = g_strsplit (situation, ":", 2);
  g_autoptr (GVariant) line = bst_doc_set_string (NULL, "state", parts[0]);

  return bst_doc_set_string (line, "waitingFor", parts[1]);
}

static GVariant *
request_in (const char *situation)
{
  g_autoptr (GVariant) line = line_in (situation);
  g_autoptr (GVariant) state =
      bst_doc_set_string (NULL, "state", bst_doc_get_string (line, "state"));

  return bst_doc_set (state, "lines/l1", line);
}

static GVariant *
event_of (const char *action, const char *data)
{
  return core_doc_format ("{'uid': 'e1', 'action': '%s', 'text': 'because', 'at': "
                          "'2026-03-12T10:00:00Z', 'person': 'p1', 'data': %s}",
                          action, data);
}

static gboolean
is_offered (GVariant *request, const char *action, BstRole role)
{
  g_auto (GStrv) allowed = bst_life_allowed (request, "l1", role);
  BstAction found;
  gboolean offered = g_strv_contains ((const char *const *) allowed, action);

  g_assert_true (bst_action_from_name (action, &found));
  g_assert_cmpint (offered, ==, bst_life_is_allowed (request, "l1", found, role));
  g_assert_cmpint (offered, ==, bst_life_is_allowed (request, NULL, found, role));
  g_assert_false (bst_life_is_allowed (request, "l2", found, role));
  return offered;
}

/* The expectation for an event that carries @data; NULL when it shall be refused. */
static const char *
expected_state (const char *action,
                const char *data,
                const char *situation,
                const char *role,
                gboolean *ret_offered)
{
  *ret_offered = FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (expectations); i++)
    if (strcmp (expectations[i].action, action) == 0 && strcmp (expectations[i].data, data) == 0 &&
        names (expectations[i].from, situation) && names (expectations[i].roles, role))
      {
        *ret_offered = expectations[i].offered;
        return strcmp (expectations[i].to, "=") == 0 ? situation : expectations[i].to;
      }
  return NULL;
}

static void
check_combination (const char *action, const char *data, const char *situation, const char *role)
{
  g_autoptr (GVariant) request = request_in (situation);
  g_autoptr (GVariant) event = event_of (action, data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) after = bst_life_apply (request, event, bst_role_from_name (role), &error);
  gboolean offered;
  const char *expected = expected_state (action, data, situation, role, &offered);
  g_autoptr (GVariant) wanted = expected ? line_in (expected) : NULL;

  if (is_offered (request, action, bst_role_from_name (role)) != offered)
    g_error ("%s in %s by %s must %sbe offered", action, situation, role, offered ? "" : "not ");
  if (!expected)
    {
      if (after)
        g_error ("%s in %s by %s must be refused", action, situation, role);
      g_assert_error (error, BST_ERROR, BST_ERROR_FORBIDDEN);
      return;
    }
  g_assert_no_error (error);
  if (g_strcmp0 (bst_doc_get_string (after, "lines/l1/state"),
                 bst_doc_get_string (wanted, "state")) != 0 ||
      g_strcmp0 (bst_doc_get_string (after, "lines/l1/waitingFor"),
                 bst_doc_get_string (wanted, "waitingFor")) != 0)
    g_error ("%s in %s by %s must lead to %s", action, situation, role, expected);
  /* the request is what its only line is */
  g_assert_cmpstr (bst_doc_get_string (after, "state"), ==, bst_doc_get_string (wanted, "state"));
  g_assert_cmpstr (bst_doc_get_string (after, "waitingFor"), ==,
                   bst_doc_get_string (wanted, "waitingFor"));
}

/* Every state × action (with every kind of data) × role: allowed as expected, or refused. */
static void
test_table (void)
{
  static const char *const roles[] = { "receiver",  "orderer",   "approver",
                                       "strategic", "performer", "administrator" };
  guint actions = 0;

  for (gsize e = 0; e < G_N_ELEMENTS (expectations); e++)
    {
      BstAction action;

      g_assert_true (bst_action_from_name (expectations[e].action, &action));
      actions |= 1u << action;
      for (gsize s = 0; s < G_N_ELEMENTS (situations); s++)
        for (gsize r = 0; r < G_N_ELEMENTS (roles); r++)
          check_combination (expectations[e].action, expectations[e].data, situations[s], roles[r]);
    }
  g_assert_cmpuint (actions, ==, (1u << BST_N_ACTIONS) - 1);
}

static void
test_names (void)
{
  BstAction action;

  for (int i = 0; i < BST_N_STATES; i++)
    g_assert_cmpint (bst_state_from_name (bst_state_name ((BstState) i)), ==, i);
  for (int i = 0; i < BST_N_ACTIONS; i++)
    {
      g_assert_true (bst_action_from_name (bst_action_name ((BstAction) i), &action));
      g_assert_cmpint (action, ==, i);
    }
  g_assert_false (bst_action_from_name ("explode", &action));
  g_assert_false (bst_action_from_name (NULL, &action));
  g_assert_true (bst_state_is_over (BST_STATE_REJECTED));
  g_assert_false (bst_state_is_over (BST_STATE_DELIVERED));
}

/* No two rows can fit the same event: the table's order decides nothing. */
static void
test_rows_exclude_each_other (void)
{
  gsize n;
  const BstLifeRow *rows = bst_life_rows (&n);

  for (gsize i = 0; i < n; i++)
    {
      g_assert_cmpuint (rows[i].needs, ==, bst_life_needs (rows[i].action));
      for (gsize j = i + 1; j < n; j++)
        if (rows[i].action == rows[j].action && (rows[i].from & rows[j].from) &&
            (rows[i].roles & rows[j].roles))
          {
            g_assert_cmpint (rows[i].when, !=, rows[j].when);
            g_assert_cmpint (rows[i].when, !=, BST_WHEN_ALWAYS);
            g_assert_cmpint (rows[j].when, !=, BST_WHEN_ALWAYS);
          }
    }
}

static void
test_needs (void)
{
  static const struct
  {
    const char *situation;
    const char *event;
    const char *property;
  } cases[] = {
    { "submitted", "{'action': 'reject'}", "text:" },
    { "submitted", "{'action': 'reject', 'text': ' \\n '}", "text:" },
    { "submitted", "{'action': 'message'}", "text:" },
    { "awaiting-approval", "{'action': 'decline'}", "text:" },
    { "delivered", "{'action': 'dispute', 'text': ''}", "text:" },
    { "in-progress", "{'action': 'wait', 'text': 'x'}", "data/for:" },
    { "in-progress", "{'action': 'wait', 'text': 'x', 'data': {'for': 'weather'}}", "data/for:" },
    { "delivered", "{'action': 'rate'}", "data/stars:" },
    { "delivered", "{'action': 'rate', 'data': {'stars': 6}}", "data/stars:" },
    { "delivered", "{'action': 'rate', 'data': {'stars': 0}}", "data/stars:" },
    { "accepted", "{'action': 'change-performer', 'data': {'performer': ''}}", "data/performer:" },
    { "accepted", "{'action': 'change-priority'}", "data/priority:" },
    { "accepted", "{'action': 'change-priority', 'data': {'priority': 'now'}}", "data/priority:" },
    { "accepted", "{'action': 'change-priority', 'line': 'l1', 'data': {'priority': 'low'}}",
      "line:" },
    { "waiting", "{'action': 'contest', 'data': {'event': 2}}", "text:" },
    { "waiting", "{'action': 'contest', 'text': 'x'}", "data/event:" },
    { "waiting", "{'action': 'contest', 'text': 'x', 'data': {'event': 0}}", "data/event:" },
    { "waiting", "{'action': 'correct', 'data': {'void': true}}", "data/event:" },
    { "waiting", "{'action': 'correct', 'data': {'event': 2}}", "data:" },
    { "waiting", "{'action': 'correct', 'data': {'event': 2, 'void': 'yes'}}", "data:" },
    { "waiting", "{'action': 'correct', 'data': {'event': 2, 'at': 'noon'}}", "data:" },
    { "accepted", "{'action': 'explode'}", "action:" },
    { "accepted", "{}", "action:" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) request = request_in (cases[i].situation);
      g_autoptr (GVariant) event = core_doc (cases[i].event);
      g_autoptr (GError) error = NULL;

      g_assert_null (bst_life_apply (request, event, BST_ROLE_ALL, &error));
      g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
      g_assert_true (g_str_has_prefix (error->message, cases[i].property));
    }
}

static void
test_unknown_line (void)
{
  g_autoptr (GVariant) request = request_in ("submitted");
  g_autoptr (GVariant) event = core_doc ("{'action': 'accept', 'line': 'l7'}");
  g_autoptr (GError) error = NULL;

  g_assert_null (bst_life_apply (request, event, BST_ROLE_ALL, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_NOT_FOUND);
}

/* ---- the state of a request from those of its lines ---- */

static void
test_derived_state (void)
{
  static const struct
  {
    const char *lines;
    const char *state;
    const char *waiting_for;
  } cases[] = {
    { "submitted accepted", "submitted", NULL },
    { "accepted accepted", "accepted", NULL },
    { "accepted in-progress", "in-progress", NULL },
    { "submitted delivered", "in-progress", NULL },
    { "accepted closed", "in-progress", NULL },
    { "in-progress waiting:supplier", "in-progress", NULL },
    { "in-progress waiting:orderer", "waiting", "orderer" },
    { "delivered waiting:supplier waiting:performer", "waiting", "supplier" },
    { "waiting:supplier waiting:orderer", "waiting", "orderer" },
    { "delivered closed", "delivered", NULL },
    { "closed rejected", "closed", NULL },
    { "closed closed cancelled", "closed", NULL },
    { "rejected cancelled", "rejected", NULL },
    { "cancelled cancelled", "cancelled", NULL },
    { "awaiting-approval in-progress", "awaiting-approval", NULL },
    { "draft closed", "draft", NULL },
    { "delivered rejected", "delivered", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GStrv) words = g_strsplit (cases[i].lines, " ", -1);
      g_autoptr (GVariant) request = bst_doc_new ();
      const char *waiting_for;

      for (guint j = 0; words[j]; j++)
        {
          g_autofree char *path = g_strdup_printf ("lines/l%u", j);

          bst_doc_replace (&request, bst_doc_set_take (request, path, line_in (words[j])));
        }
      if (strcmp (bst_state_name (bst_life_derive_state (request, &waiting_for)), cases[i].state) !=
          0)
        g_error ("%s must be %s", cases[i].lines, cases[i].state);
      g_assert_cmpstr (waiting_for, ==, cases[i].waiting_for);
    }
}

/* ---- what events leave behind ---- */

static GVariant *
apply (GVariant *request, const char *event)
{
  g_autoptr (GVariant) doc = core_doc (event);
  g_autoptr (GError) error = NULL;
  GVariant *after = bst_life_apply (request, doc, BST_ROLE_ALL, &error);

  g_assert_no_error (error);
  return after;
}

static void
step (GVariant **request, const char *event)
{
  bst_doc_replace (request, apply (*request, event));
}

static void
test_course (void)
{
  g_autoptr (GVariant) request =
      core_doc ("{'title': 'x', 'lines': {'a': {'service': 's'}, 'b': {'service': 's'}}}");

  step (&request, "{'uid': 'e1', 'action': 'submit', 'at': '2026-03-12T09:00:00Z', 'receivedAt': "
                  "'2026-03-12T12:00:00Z',"
                  " 'data': {'approval': true}, 'sequence': 1}");
  g_assert_cmpstr (bst_doc_get_string (request, "state"), ==, "awaiting-approval");
  g_assert_cmpstr (bst_doc_get_string (request, "submittedAt"), ==, "2026-03-12T12:00:00Z");
  step (&request, "{'uid': 'e2', 'action': 'approve', 'person': 'boss', 'at': "
                  "'2026-03-12T13:00:00Z', 'text': 'fine', 'sequence': 2}");
  g_assert_cmpstr (bst_doc_get_string (request, "approvals/e2/person"), ==, "boss");
  g_assert_cmpstr (bst_doc_get_string (request, "approvals/e2/verdict"), ==, "approved");
  g_assert_cmpstr (bst_doc_get_string (request, "approvals/e2/at"), ==, "2026-03-12T13:00:00Z");
  step (&request, "{'uid': 'e3', 'action': 'accept', 'sequence': 3}");
  step (&request, "{'uid': 'e4', 'action': 'change-performer', 'line': 'b', 'data': {'performer': "
                  "'it'}, 'sequence': 4}");
  g_assert_cmpstr (bst_doc_get_string (request, "lines/b/performer"), ==, "it");
  g_assert_false (bst_doc_has (request, "lines/a/performer"));
  step (&request, "{'uid': 'e5', 'action': 'deliver', 'line': 'a', 'receivedAt': "
                  "'2026-03-13T09:00:00Z', 'sequence': 5}");
  g_assert_cmpstr (bst_doc_get_string (request, "state"), ==, "in-progress");
  g_assert_cmpstr (bst_doc_get_string (request, "lines/a/deliveredAt"), ==, "2026-03-13T09:00:00Z");
  step (&request,
        "{'uid': 'e6', 'action': 'dispute', 'line': 'a', 'text': 'broken', 'sequence': 6}");
  g_assert_cmpint (bst_doc_get_int (request, "lines/a/disputes", 0), ==, 1);
  g_assert_false (bst_doc_has (request, "lines/a/deliveredAt"));
  step (&request,
        "{'uid': 'e7', 'action': 'deliver', 'receivedAt': '2026-03-14T09:00:00Z', 'sequence': 7}");
  g_assert_cmpstr (bst_doc_get_string (request, "state"), ==, "delivered");
  step (&request, "{'uid': 'e8', 'action': 'confirm', 'line': 'a', 'sequence': 8}");
  g_assert_cmpstr (bst_doc_get_string (request, "state"), ==, "delivered");
  step (&request, "{'uid': 'e9', 'action': 'confirm', 'sequence': 9}");
  g_assert_cmpstr (bst_doc_get_string (request, "state"), ==, "closed");
  step (&request,
        "{'uid': 'e10', 'action': 'rate', 'data': {'stars': 5}, 'text': 'quick', 'sequence': 10}");
  g_assert_cmpint (bst_doc_get_int (request, "rating/stars", 0), ==, 5);
  g_assert_cmpstr (bst_doc_get_string (request, "rating/text"), ==, "quick");
  g_assert_cmpint (bst_doc_get_int (request, "eventSequence", 0), ==, 10);
  g_assert_cmpstr (bst_doc_get_string (request, "title"), ==, "x");
}

static void
test_reasons (void)
{
  static const char *const events[] = {
    "{'uid': 'e', 'action': 'decline', 'text': 'too dear', 'person': 'boss'}",
    "{'uid': 'e', 'action': 'cancel', 'text': 'too dear'}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    {
      g_autoptr (GVariant) request = request_in ("awaiting-approval");
      g_autoptr (GVariant) after = apply (request, events[i]);

      g_assert_cmpstr (bst_doc_get_string (after, "reason"), ==, "too dear");
      g_assert_cmpstr (bst_doc_get_string (after, "approvals/e/verdict"), ==,
                       i == 0 ? "rejected" : NULL);
    }
}

/* The same events in any order of arrival, and twice, come to the same. */
static void
test_fold (void)
{
  g_autoptr (GVariant) request =
      core_doc ("{'lines': {'a': {'service': 's'}, 'b': {'service': 's'}}}");
  g_autoptr (GPtrArray) events =
      core_docs ("[{'uid': 'e1', 'action': 'submit', 'sequence': 1, 'at': '2026-03-12T09:00:00Z'},"
                 "{'uid': 'e2', 'action': 'accept', 'sequence': 2}, {'uid': 'e3', 'action': "
                 "'start', 'sequence': 3},"
                 "{'uid': 'e4', 'action': 'wait', 'line': 'a', 'data': {'for': 'orderer'}, 'text': "
                 "'?', 'sequence': 4},"
                 "{'uid': 'e5', 'action': 'deliver', 'line': 'b', 'at': '2026-03-12T09:30:00Z', "
                 "'sequence': 5},"
                 "{'uid': 'e6', 'action': 'dispute', 'line': 'b', 'text': 'no', 'sequence': 6},"
                 "{'uid': 'e7', 'action': 'answer', 'text': 'room 5'}]");
  g_autoptr (GVariant) expected = bst_life_fold (request, events);

  g_assert_cmpstr (bst_doc_get_string (expected, "state"), ==, "in-progress");
  g_assert_cmpint (bst_doc_get_int (expected, "lines/b/disputes", 0), ==, 1);
  g_assert_cmpint (bst_doc_get_int (expected, "eventSequence", 0), ==, 6);
  for (int i = 0; i < 200; i++)
    {
      g_autoptr (GPtrArray) shuffled = g_ptr_array_new ();
      g_autoptr (GVariant) folded = NULL;

      for (guint j = 0; j < events->len * 2; j++)
        g_ptr_array_insert (shuffled, g_test_rand_int_range (0, (int) shuffled->len + 1),
                            events->pdata[j % events->len]);
      folded = bst_life_fold (request, shuffled);
      g_assert_true (bst_doc_equal (folded, expected));
    }
}

static void
test_idempotent (void)
{
  g_autoptr (GVariant) request = core_doc (
      "{'eventSequence': 5, 'state': 'delivered', 'lines': {'a': {'state': 'delivered'}}}");
  g_autoptr (GVariant) event =
      core_doc ("{'uid': 'e', 'action': 'dispute', 'text': 'no', 'sequence': 5}");
  g_autoptr (GVariant) again = bst_life_apply (request, event, BST_ROLE_ALL, NULL);

  g_assert_true (bst_doc_equal (again, request));
}

/* ---- the clock ---- */

static void
assert_clock (const char *situation, const char *action, const char *data, BstClockEffect expected)
{
  g_autoptr (GVariant) line = line_in (situation);
  g_autoptr (GVariant) event = event_of (action, data);
  const BstLifeRow *row = bst_life_row (line, event, BST_ROLE_ALL);

  g_assert_nonnull (row);
  g_assert_cmpint (row->clock, ==, expected);
}

static void
test_clock (void)
{
  assert_clock ("draft", "submit", "{}", BST_CLOCK_RUNS);
  assert_clock ("draft", "submit", "{'approval': true}", BST_CLOCK_KEEPS);
  assert_clock ("awaiting-approval", "approve", "{}", BST_CLOCK_RUNS);
  assert_clock ("in-progress", "wait", "{'for': 'orderer'}", BST_CLOCK_PAUSES);
  assert_clock ("in-progress", "wait", "{'for': 'supplier'}", BST_CLOCK_PAUSES);
  assert_clock ("in-progress", "wait", "{'for': 'performer'}", BST_CLOCK_KEEPS);
  assert_clock ("waiting:orderer", "answer", "{}", BST_CLOCK_RUNS);
  assert_clock ("waiting:supplier", "answer", "{}", BST_CLOCK_KEEPS);
  assert_clock ("waiting:supplier", "resume", "{}", BST_CLOCK_RUNS);
  assert_clock ("in-progress", "deliver", "{}", BST_CLOCK_STOPS);
  assert_clock ("delivered", "dispute", "{}", BST_CLOCK_RUNS);
  assert_clock ("delivered", "confirm", "{}", BST_CLOCK_KEEPS);
  assert_clock ("submitted", "reject", "{}", BST_CLOCK_STOPS);
  assert_clock ("accepted", "cancel", "{}", BST_CLOCK_STOPS);
}

/* Ten thousand lines, the most that validation lets through, in one event. */
static void
test_many_lines (void)
{
  GVariantBuilder lines;
  g_autoptr (GVariant) request = NULL;
  g_autoptr (GVariant) after = NULL;
  gint64 began;

  g_variant_builder_init (&lines, G_VARIANT_TYPE_VARDICT);
  for (int i = 0; i < 10000; i++)
    {
      g_autofree char *id = g_strdup_printf ("l%d", i);
      g_autoptr (GVariant) line = line_in ("delivered");

      g_variant_builder_add (&lines, "{sv}", id, line);
    }
  request = bst_doc_set (NULL, "lines", g_variant_builder_end (&lines));
  began = g_get_monotonic_time ();
  after = apply (request, "{'uid': 'e', 'action': 'dispute', 'text': 'all wrong'}");
  g_assert_cmpstr (bst_doc_get_string (after, "state"), ==, "in-progress");
  g_assert_cmpint (bst_doc_get_int (after, "lines/l9999/disputes", 0), ==, 1);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 5 * G_USEC_PER_SEC);
}

/* A request without lines lives by its own state. */
static void
test_without_lines (void)
{
  g_autoptr (GVariant) request = core_doc ("{'title': 'x'}");

  step (&request, "{'uid': 'e1', 'action': 'submit', 'at': '2026-03-12T09:00:00Z'}");
  g_assert_cmpstr (bst_doc_get_string (request, "state"), ==, "submitted");
  step (&request, "{'uid': 'e2', 'action': 'accept'}");
  step (&request, "{'uid': 'e3', 'action': 'wait', 'text': '?', 'data': {'for': 'orderer'}}");
  g_assert_cmpstr (bst_doc_get_string (request, "state"), ==, "waiting");
  g_assert_cmpstr (bst_doc_get_string (request, "waitingFor"), ==, "orderer");
}

/* Wherever a way is found, walking it leads there; where none is, no step leads out. */
static void
test_path (void)
{
  for (int from = 0; from < BST_N_STATES; from++)
    for (int to = 0; to < BST_N_STATES; to++)
      {
        BstAction steps[BST_LIFE_PATH_MAX];
        guint n = 99;
        g_autoptr (GVariant) line =
            bst_doc_set_string (NULL, "state", bst_state_name ((BstState) from));

        if (!bst_life_path ((BstState) from, (BstState) to, steps, &n))
          {
            g_assert_true (bst_state_is_over ((BstState) from) ||
                           from == BST_STATE_AWAITING_APPROVAL || to == BST_STATE_DRAFT ||
                           to == BST_STATE_AWAITING_APPROVAL || from > to ||
                           to == BST_STATE_REJECTED);
            continue;
          }
        for (guint i = 0; i < n; i++)
          {
            g_autoptr (GVariant) event =
                bst_doc_set_string (NULL, "action", bst_action_name (steps[i]));
            const BstLifeRow *row = bst_life_row (line, event, BST_ROLE_ALL);

            g_assert_nonnull (row);
            bst_doc_replace (&line, bst_doc_set_string (line, "state", bst_state_name (row->to)));
          }
        g_assert_cmpstr (bst_doc_get_string (line, "state"), ==, bst_state_name ((BstState) to));
        g_assert_true ((n == 0) == (from == to));
      }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/life/table", test_table);
  g_test_add_func ("/life/names", test_names);
  g_test_add_func ("/life/rows-exclude-each-other", test_rows_exclude_each_other);
  g_test_add_func ("/life/needs", test_needs);
  g_test_add_func ("/life/unknown-line", test_unknown_line);
  g_test_add_func ("/life/derived-state", test_derived_state);
  g_test_add_func ("/life/course", test_course);
  g_test_add_func ("/life/reasons", test_reasons);
  g_test_add_func ("/life/fold", test_fold);
  g_test_add_func ("/life/idempotent", test_idempotent);
  g_test_add_func ("/life/clock", test_clock);
  g_test_add_func ("/life/many-lines", test_many_lines);
  g_test_add_func ("/life/without-lines", test_without_lines);
  g_test_add_func ("/life/path", test_path);
  return g_test_run ();
}
