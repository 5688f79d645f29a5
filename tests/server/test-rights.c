/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who may do what, and what becomes of records when units move. */

#include "bst-date.h"
#include "bst-json.h"
#include "bst-test-client.h"

#include <string.h>

typedef struct
{
  BstTestServer *server;
  char *anna;
  char *bo;
  char *cilla;
  char *dan;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->server = bst_test_server_new ();
  fixture->anna = bst_test_server_token (fixture->server, "anna");
  fixture->bo = bst_test_server_token (fixture->server, "bo");
  fixture->cilla = bst_test_server_token (fixture->server, "cilla");
  fixture->dan = bst_test_server_token (fixture->server, "dan");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->anna);
  g_free (fixture->bo);
  g_free (fixture->cilla);
  g_free (fixture->dan);
  bst_test_server_free (fixture->server);
}

static GVariant *
set (Fixture *fixture, const char *token, const char *type, const char *arguments)
{
  g_autofree char *name = g_strconcat (type, "/set", NULL);
  g_autofree char *args = g_strdup_printf ("{\"accountId\":\"d1\",%s}", arguments);

  return bst_test_call (fixture->server, token, name, args);
}

/* An order of a service, as a draft on the server; its id. */
static char *
create_order (Fixture *fixture, const char *token, const char *unit, const char *service)
{
  g_autofree char *create = g_strdup_printf (
      "\"create\":{\"k\":{\"title\":\"Ordre\",\"unit\":\"%s\",\"ean\":\"5790000000012\","
      "\"lines\":{\"l1\":{\"service\":\"%s\",\"serviceVersion\":1,\"quantity\":1,\"price\":"
      "{\"model\":\"one-off\",\"once\":{\"amount\":300000,\"currency\":\"DKK\"}}}}}}",
      unit, service);
  g_autoptr (GVariant) answer = set (fixture, token, "Request", create);
  const char *id = bst_doc_get_string (answer, "created/k/id");

  g_assert_nonnull (id);
  return g_strdup (id);
}

static GVariant *
act (Fixture *fixture, const char *token, const char *request, const char *action)
{
  g_autofree char *create = g_strdup_printf (
      "\"create\":{\"k\":{\"request\":\"%s\",\"action\":\"%s\",\"at\":\"2026-03-12T10:00:00Z\"}}",
      request, action);

  return set (fixture, token, "RequestEvent", create);
}

/* The records of an account, from its beginning, as JSON. */
static char *
pull (Fixture *fixture, const char *token, const char *account, char **ret_state)
{
  g_autofree char *state = bst_test_initial_state (fixture->server, token, account);
  g_autofree char *args =
      g_strdup_printf ("{\"accountId\":\"%s\",\"sinceState\":\"%s\"}", account, state);
  g_autoptr (GVariant) answer = bst_test_call (fixture->server, token, "Record/changes", args);

  if (ret_state)
    *ret_state = g_strdup (bst_doc_get_string (answer, "newState"));
  return bst_json_print (answer);
}

static gboolean
sees (Fixture *fixture, const char *token, const char *account, const char *id)
{
  g_autofree char *text = pull (fixture, token, account, NULL);

  return strstr (text, id) != NULL;
}

/* ---- what was counted ---- */

static void
deliver_desk (Fixture *fixture, const char *token, const char *unit)
{
  g_autofree char *id = create_order (fixture, token, unit, "desk");
  g_autoptr (GVariant) sent = act (fixture, token, id, "submit");

  g_assert_true (bst_doc_has (sent, "created/k/id"));
  bst_test_server_act (fixture->server, "bo", id, "approve", NULL);
  bst_test_server_act (fixture->server, "pia", id, "accept", NULL);
  bst_test_server_act (fixture->server, "pia", id, "deliver", NULL);
}

/* The department's figures are for all below it; which cases they count is for those who see the orders. */
static void
test_tallies (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  deliver_desk (fixture, fixture->anna, "s1");
  deliver_desk (fixture, fixture->cilla, "s2");
  bst_storage_measure_all (bst_test_server_storage (fixture->server), &error);
  g_assert_no_error (error);
  g_assert_true (sees (fixture, fixture->anna, "d1", "measure-d1-desk-"));
  g_assert_true (sees (fixture, fixture->anna, "d1", "tally-s1-desk-"));
  g_assert_false (sees (fixture, fixture->anna, "d1", "tally-s2-desk-"));
  g_assert_true (sees (fixture, fixture->bo, "d1", "tally-s1-desk-"));
  g_assert_true (sees (fixture, fixture->bo, "d1", "tally-s2-desk-"));
}

/* ---- units that move ---- */

static void
move_s2 (Fixture *fixture)
{
  bst_test_server_put (fixture->server, "OrgUnit",
                       "{\"id\":\"s2\",\"name\":\"Nordre Skole\",\"kind\":\"institution\","
                       "\"parent\":\"d2\"}");
}

static void
test_unit_moves (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = create_order (fixture, fixture->cilla, "s2", "desk");
  g_autofree char *stays = create_order (fixture, fixture->anna, "s1", "desk");
  g_autofree char *state = NULL;
  g_autofree char *before = pull (fixture, fixture->bo, "d1", &state);
  g_autofree char *since = g_strdup_printf ("{\"accountId\":\"d1\",\"sinceState\":\"%s\"}", state);
  g_autoptr (GVariant) sent = act (fixture, fixture->cilla, id, "submit");
  g_autofree char *event = g_strdup (bst_doc_get_string (sent, "created/k/id"));
  g_autofree char *error = NULL;

  g_assert_nonnull (event);
  g_assert_nonnull (strstr (before, id));
  bst_test_server_put (fixture->server, "Person",
                       "{\"id\":\"dan\",\"name\":\"Dan Prøve\",\"unit\":\"d2\",\"grants\":{"
                       "\"g1\":{\"role\":\"orderer\",\"unit\":\"d2\"}}}");
  g_assert_false (sees (fixture, fixture->dan, "d2", id));
  move_s2 (fixture);

  /* The old account: what Bo sees there is another, and the order is not in it. */
  error = bst_test_call_error (fixture->server, fixture->bo, "Record/changes", since);
  g_assert_cmpstr (error, ==, "cannotCalculateChanges");
  g_assert_false (sees (fixture, fixture->bo, "d1", id));
  g_assert_false (sees (fixture, fixture->bo, "d1", event));
  g_assert_true (sees (fixture, fixture->bo, "d1", stays));
  /* The new one: order and event are there, for those who were there and for those who came along. */
  g_assert_true (sees (fixture, fixture->dan, "d2", id));
  g_assert_true (sees (fixture, fixture->dan, "d2", event));
  g_assert_true (sees (fixture, fixture->cilla, "d2", id));
}

/* Life goes on there. */
static void
test_order_moves_on (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = create_order (fixture, fixture->cilla, "s2", "desk");
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *args = g_strdup_printf (
      "{\"accountId\":\"d2\",\"create\":{\"k\":{\"request\":\"%s\",\"action\":\"submit\","
      "\"at\":\"2026-03-12T10:00:00Z\"}}}",
      id);

  move_s2 (fixture);
  answer = bst_test_call (fixture->server, fixture->cilla, "RequestEvent/set", args);
  g_assert_true (bst_doc_has (answer, "created/k"));
}

/* An import that is not kept leaves everything where it was. */
static void
test_move_undone (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = create_order (fixture, fixture->cilla, "s2", "desk");
  BstStorage *storage = bst_test_server_storage (fixture->server);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) unit =
      bst_json_parse_object ("{\"id\":\"s2\",\"name\":\"Nordre Skole\",\"kind\":\"institution\","
                             "\"parent\":\"d2\"}",
                             -1, NULL);
  BstPutResult result;

  bst_storage_begin (storage, &error);
  bst_storage_put (storage, bst_record_type_find ("OrgUnit"), unit, &result, &error);
  bst_storage_rollback (storage);
  g_assert_no_error (error);
  bst_test_server_put (fixture->server, "ServiceArea", "{\"id\":\"hr\",\"name\":{\"da\":\"HR\"}}");
  g_assert_true (sees (fixture, fixture->cilla, "d1", id));
}

/* ---- mandates ---- */

static void
lend (Fixture *fixture, const char *from, const char *until, int limit)
{
  g_autofree char *last = until ? g_strdup_printf (",\"until\":\"%s\"", until) : g_strdup ("");
  g_autofree char *create = g_strdup_printf (
      "\"create\":{\"k\":{\"unit\":\"d1\",\"principal\":\"bo\",\"substitute\":\"cilla\","
      "\"role\":\"approver\",\"limit\":{\"amount\":%d,\"currency\":\"DKK\"},\"from\":\"%s\"%s}}",
      limit, from, last);
  g_autoptr (GVariant) answer = set (fixture, fixture->bo, "Mandate", create);

  g_assert_true (bst_doc_has (answer, "created/k"));
}

static void
assert_approves (Fixture *fixture, const char *token, gboolean expected)
{
  g_autofree char *id = create_order (fixture, token, "s2", "desk");
  g_autoptr (GVariant) sent = act (fixture, token, id, "submit");
  g_autoptr (GVariant) approved = act (fixture, token, id, "approve");

  g_assert_true (bst_doc_has (sent, "created/k"));
  if (expected)
    g_assert_true (bst_doc_has (approved, "created/k"));
  else
    g_assert_cmpstr (bst_doc_get_string (approved, "notCreated/k/type"), ==, "forbidden");
}

static void
test_mandate (Fixture *fixture, gconstpointer data)
{
  assert_approves (fixture, fixture->cilla, FALSE);
  lend (fixture, "2020-01-01", "2020-12-31", 1000000);
  assert_approves (fixture, fixture->cilla, FALSE); /* over */
  lend (fixture, "2090-01-01", NULL, 1000000);
  assert_approves (fixture, fixture->cilla, FALSE); /* not yet */
  lend (fixture, "2020-01-01", NULL, 299999);
  assert_approves (fixture, fixture->cilla, FALSE); /* not so much */
  lend (fixture, "2020-01-01", NULL, 300000);
  assert_approves (fixture, fixture->cilla, TRUE);
}

/* What is known of mandates must not outlive what another process does to them. */
static void
test_mandate_elsewhere (Fixture *fixture, gconstpointer data)
{
  static const char mandate[] =
      "{\"id\":\"m1\",\"unit\":\"d1\",\"principal\":\"bo\",\"substitute\":\"cilla\","
      "\"role\":\"approver\",\"from\":\"2020-01-01\"%s}";
  g_autofree char *open = g_strdup_printf (mandate, "");
  g_autofree char *ended = g_strdup_printf (mandate, ",\"until\":\"2020-12-31\"");

  assert_approves (fixture, fixture->cilla, FALSE);
  bst_test_server_put (fixture->server, "Mandate", open);
  assert_approves (fixture, fixture->cilla, TRUE);
  bst_test_server_put (fixture->server, "Mandate", ended);
  assert_approves (fixture, fixture->cilla, FALSE);
}

static void
test_mandate_ends (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Copenhagen");
  g_autofree char *today =
      bst_date_of_instant (bst_clock_now (bst_test_server_clock (fixture->server)), zone);

  lend (fixture, "2020-01-01", today, 1000000);
  assert_approves (fixture, fixture->cilla, TRUE);
  bst_test_server_advance (fixture->server, 2 * 86400);
  assert_approves (fixture, fixture->cilla, FALSE);
}

/* Only what is her own can be lent. */
static void
test_mandate_of_others (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) answer =
      set (fixture, fixture->cilla, "Mandate",
           "\"create\":{\"k\":{\"unit\":\"s2\",\"principal\":\"bo\",\"substitute\":\"cilla\","
           "\"role\":\"approver\",\"from\":\"2020-01-01\"}}");

  g_assert_cmpstr (bst_doc_get_string (answer, "notCreated/k/type"), ==, "forbidden");
}

/* ---- proposals ---- */

static void
test_proposal (Fixture *fixture, gconstpointer data)
{
  static const char create[] = "\"create\":{\"k\":{\"unit\":\"d1\",\"title\":\"Hurtigere "
                               "pc'er\",\"reasons\":\"De er sene\"}}";
  g_autoptr (GVariant) refused = set (fixture, fixture->anna, "Proposal", create);
  g_autoptr (GVariant) made = set (fixture, fixture->bo, "Proposal", create);
  const char *id = bst_doc_get_string (made, "created/k/id");
  g_autofree char *update =
      g_strdup_printf ("\"update\":{\"%s\":{\"title\":\"Pc'er på fem dage\"}}", id);
  g_autofree char *answer = g_strdup_printf ("\"update\":{\"%s\":{\"state\":\"agreed\"}}", id);
  g_autofree char *updated_key = g_strconcat ("updated/", id, NULL);
  g_autofree char *refused_key = g_strconcat ("notUpdated/", id, "/type", NULL);
  g_autoptr (GVariant) updated = NULL;
  g_autoptr (GVariant) answered = NULL;

  /* Anna has no role on the department; she does not even see it. */
  g_assert_cmpstr (bst_doc_get_string (refused, "notCreated/k/type"), ==, "invalidProperties");
  g_assert_nonnull (id);
  updated = set (fixture, fixture->bo, "Proposal", update);
  answered = set (fixture, fixture->bo, "Proposal", answer);
  g_assert_true (bst_doc_has (updated, updated_key));
  /* The answer is not hers to give. */
  g_assert_cmpstr (bst_doc_get_string (answered, refused_key), ==, "invalidProperties");
}

static void
test_proposal_withdrawn (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) made =
      set (fixture, fixture->bo, "Proposal",
           "\"create\":{\"k\":{\"unit\":\"d1\",\"title\":\"Hurtigere pc'er\"}}");
  const char *id = bst_doc_get_string (made, "created/k/id");
  g_autofree char *withdraw = g_strdup_printf ("\"update\":{\"%s\":{\"withdrawn\":true}}", id);
  g_autofree char *edit = g_strdup_printf ("\"update\":{\"%s\":{\"title\":\"Nej\"}}", id);
  g_autofree char *state_key = g_strdup_printf ("updated/%s/state", id);
  g_autofree char *refused_key = g_strdup_printf ("notUpdated/%s/type", id);
  g_autoptr (GVariant) withdrawn = NULL;
  g_autoptr (GVariant) edited = NULL;

  g_assert_cmpstr (bst_doc_get_string (made, "created/k/proposer"), ==, "bo");
  g_assert_cmpstr (bst_doc_get_string (made, "created/k/state"), ==, "proposed");
  withdrawn = set (fixture, fixture->bo, "Proposal", withdraw);
  g_assert_cmpstr (bst_doc_get_string (withdrawn, state_key), ==, "withdrawn");
  edited = set (fixture, fixture->bo, "Proposal", edit);
  g_assert_cmpstr (bst_doc_get_string (edited, refused_key), ==, "forbidden");
}

/* ---- what the department has agreed on ---- */

static void
test_seen_from_below (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;

  bst_test_server_put (fixture->server, "Agreement",
                       "{\"id\":\"sla-d1\",\"kind\":\"sla\",\"name\":{\"da\":\"SLA\"},"
                       "\"unit\":\"d1\",\"version\":1,\"validFrom\":\"2026-01-01\"}");
  bst_test_server_put (fixture->server, "Agreement",
                       "{\"id\":\"sla-s2\",\"kind\":\"sla\",\"name\":{\"da\":\"SLA\"},"
                       "\"unit\":\"s2\",\"version\":1,\"validFrom\":\"2026-01-01\"}");
  bst_test_server_put (fixture->server, "Budget",
                       "{\"id\":\"budget-d1\",\"unit\":\"d1\",\"year\":2026,"
                       "\"amount\":{\"amount\":100000,\"currency\":\"DKK\"}}");
  text = pull (fixture, fixture->anna, "d1", NULL);
  /* Anna is at a school of the department: its agreement holds for her, its budget is not hers to see, nor is the other school. */
  g_assert_nonnull (strstr (text, "sla-d1"));
  g_assert_null (strstr (text, "sla-s2"));
  g_assert_null (strstr (text, "budget-d1"));
  g_assert_true (sees (fixture, fixture->bo, "d1", "sla-s2"));
}

/* ---- drafts on the server ---- */

static void
test_destroy (Fixture *fixture, gconstpointer data)
{
  g_autofree char *draft = create_order (fixture, fixture->anna, "s1", "desk");
  g_autofree char *sent = create_order (fixture, fixture->anna, "s1", "desk");
  g_autofree char *both = g_strdup_printf ("\"destroy\":[\"%s\",\"%s\"]", draft, sent);
  g_autofree char *refused_key = g_strconcat ("notDestroyed/", sent, "/type", NULL);
  g_autoptr (GVariant) event = act (fixture, fixture->anna, sent, "submit");
  g_autoptr (GVariant) by_other = set (fixture, fixture->cilla, "Request", both);
  g_autoptr (GVariant) by_herself = set (fixture, fixture->anna, "Request", both);
  g_auto (GStrv) destroyed = bst_doc_get_strv (by_herself, "destroyed");

  g_assert_true (bst_doc_has (event, "created/k"));
  g_assert_false (bst_doc_has (by_other, "destroyed"));
  g_assert_cmpuint (g_strv_length (destroyed), ==, 1);
  g_assert_cmpstr (destroyed[0], ==, draft);
  g_assert_cmpstr (bst_doc_get_string (by_herself, refused_key), ==, "forbidden");
  g_assert_false (sees (fixture, fixture->anna, "d1", draft));
}

/* ---- the audit log ---- */

static gboolean
note_cb (GVariant *entry, gpointer closure)
{
  g_string_append_printf (closure, "%s %s\n", bst_doc_get_string (entry, "action"),
                          bst_doc_get_string (entry, "type"));
  return TRUE;
}

static void
test_audit (Fixture *fixture, gconstpointer data)
{
  g_autofree char *kept = create_order (fixture, fixture->anna, "s1", "desk");
  g_autofree char *dropped = create_order (fixture, fixture->anna, "s1", "desk");
  g_autofree char *destroy = g_strdup_printf ("\"destroy\":[\"%s\"]", dropped);
  g_autoptr (GVariant) sent = act (fixture, fixture->anna, kept, "submit");
  g_autoptr (GVariant) destroyed = set (fixture, fixture->anna, "Request", destroy);
  g_autoptr (GString) notes = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  bst_test_server_act (fixture->server, "bo", kept, "approve", NULL);
  bst_storage_audit (bst_test_server_storage (fixture->server), 0, "anna", note_cb, notes, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (notes->str, ==,
                   "created Person\ngrants changed Person\ncode made Person\nsigned in Person\n"
                   "created Request\ncreated Request\nchanged Request\ncreated RequestEvent\n"
                   "destroyed Request\n");
  g_string_truncate (notes, 0);
  bst_storage_audit (bst_test_server_storage (fixture->server), 0, "bo", note_cb, notes, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (notes->str, "changed Request\ncreated RequestEvent\n"));
}

#define ADD(path, func) g_test_add ("/server/rights/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("tallies", test_tallies);
  ADD ("unit-moves", test_unit_moves);
  ADD ("order-moves-on", test_order_moves_on);
  ADD ("move-undone", test_move_undone);
  ADD ("mandate", test_mandate);
  ADD ("mandate-elsewhere", test_mandate_elsewhere);
  ADD ("mandate-ends", test_mandate_ends);
  ADD ("mandate-of-others", test_mandate_of_others);
  ADD ("proposal", test_proposal);
  ADD ("proposal-withdrawn", test_proposal_withdrawn);
  ADD ("seen-from-below", test_seen_from_below);
  ADD ("destroy", test_destroy);
  ADD ("audit", test_audit);
  return g_test_run ();
}
