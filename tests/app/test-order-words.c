/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the pages say of orders, offers and dates; in English, where the figures are Danish. */

#include "bst-due-reasons.h"
#include "bst-json.h"
#include "bst-offer.h"
#include "bst-order-words.h"
#include "bst-request.h"

#define CALENDAR                                                                                   \
  "{\"id\":\"c\",\"code\":\"c\",\"name\":{\"en\":\"x\"},\"timeZone\":\"Europe/"                    \
  "Copenhagen\",\"weekly\":{"                                                                      \
  "\"mon\":[[\"08:00\",\"16:00\"]],\"tue\":[[\"08:00\",\"16:00\"]],\"wed\":[[\"08:00\",\"16:00\"]" \
  "],"                                                                                             \
  "\"thu\":[[\"08:00\",\"16:00\"]],\"fri\":[[\"08:00\",\"16:00\"]]},\"holidays\":["                \
  "{\"rule\":\"easter\",\"offset\":-3,\"name\":{\"en\":\"Maundy Thursday\"}},"                     \
  "{\"rule\":\"easter\",\"offset\":-2,\"name\":{\"en\":\"Good Friday\"}},"                         \
  "{\"rule\":\"easter\",\"offset\":1,\"name\":{\"en\":\"Easter Monday\"}}]}"

static GVariant *
json (const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *doc = bst_json_parse (text, -1, &error);

  g_assert_no_error (error);
  return doc;
}

static void
assert_price (const char *price, const char *expected)
{
  g_autoptr (GVariant) doc = json (price);
  g_autofree char *text = bst_offer_price_text (doc, "da");

  g_assert_cmpstr (text, ==, expected);
}

static void
test_prices (void)
{
  assert_price ("{\"model\":\"included\"}", "Included in the agreement");
  assert_price ("{\"model\":\"one-off\",\"once\":{\"amount\":495000,\"currency\":\"DKK\"}}",
                "4.950\u00a0kr.");
  assert_price ("{\"model\":\"monthly\",\"monthly\":{\"amount\":21000,\"currency\":\"DKK\"}}",
                "210\u00a0kr. a month");
  assert_price (
      "{\"model\":\"one-off-and-monthly\",\"once\":{\"amount\":495000,\"currency\":\"DKK\"},"
      "\"monthly\":{\"amount\":21000,\"currency\":\"DKK\"}}",
      "4.950\u00a0kr. once · 210\u00a0kr. a month");
  assert_price ("{\"model\":\"per-unit\",\"once\":{\"amount\":1200,\"currency\":\"DKK\"},\"unit\":{"
                "\"da\":\"m²\"}}",
                "12\u00a0kr. per m²");
}

static void
assert_promise (const char *promise, const char *expected)
{
  g_autoptr (GVariant) doc = json (promise);
  g_autofree char *text = bst_offer_promise_text (doc);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_promises (void)
{
  assert_promise ("{\"value\":1,\"unit\":\"working-days\"}", "1 working day");
  assert_promise ("{\"value\":8,\"unit\":\"working-days\"}", "8 working days");
  assert_promise ("{\"value\":4,\"unit\":\"hours\"}", "4 opening hours");
  assert_promise ("{\"value\":0,\"unit\":\"working-days\"}", "the same working day");
  assert_promise ("{}", NULL);
}

/* Easter 2026 is 5 April: from Wednesday 1 to Tuesday 7 nothing is open in between, and each day has its reason. */
static void
test_due_reasons (void)
{
  g_autoptr (GVariant) doc = json (CALENDAR);
  g_autoptr (BstCalendar) calendar = bst_calendar_new (doc, NULL);
  gint64 from, due;
  g_auto (GStrv) reasons = NULL;

  g_assert_true (bst_instant_parse ("2026-04-01T10:00:00Z", &from));
  g_assert_true (bst_instant_parse ("2026-04-07T14:00:00Z", &due));
  reasons = bst_due_reasons (calendar, from, due, "en");
  g_assert_cmpuint (g_strv_length (reasons), ==, 4);
  g_assert_nonnull (strstr (reasons[0], "Maundy Thursday"));
  g_assert_nonnull (strstr (reasons[1], "Good Friday"));
  g_assert_nonnull (strstr (reasons[2], "closed"));
  g_assert_nonnull (strstr (reasons[2], "–"));
  g_assert_nonnull (strstr (reasons[3], "Easter Monday"));
}

static void
test_no_due (void)
{
  g_autoptr (GVariant) doc = json (CALENDAR);
  g_autoptr (BstCalendar) calendar = bst_calendar_new (doc, NULL);
  g_auto (GStrv) reasons = bst_due_reasons (calendar, 0, BST_CALENDAR_NEVER, "en");

  g_assert_null (reasons[0]);
}

static void
test_late (void)
{
  g_autoptr (GVariant) running =
      json ("{\"state\":\"in-progress\",\"due\":\"2026-03-10T15:00:00Z\"}");
  g_autoptr (GVariant) delivered =
      json ("{\"state\":\"delivered\",\"due\":\"2026-03-10T15:00:00Z\"}");
  gint64 due;

  g_assert_true (bst_instant_parse ("2026-03-10T15:00:00Z", &due));
  g_assert_false (bst_order_is_late (running, due));
  g_assert_true (bst_order_is_late (running, due + 1));
  g_assert_false (bst_order_is_late (delivered, due + 1));
}

/* "Sent" is proof: it is not said of what the server has not named. */
static void
test_unsent (void)
{
  g_autoptr (GVariant) queued =
      json ("{\"state\":\"submitted\",\"@local\":{\"state\":\"queued\"}}");
  g_autoptr (GVariant) sending =
      json ("{\"state\":\"submitted\",\"@local\":{\"state\":\"sending\"}}");
  g_autoptr (GVariant) named = json ("{\"state\":\"submitted\",\"number\":\"2026-000001\"}");
  g_autoptr (GVariant) later =
      json ("{\"state\":\"closed\",\"number\":\"1\",\"@local\":{\"state\":\"queued\"}}");

  g_assert_cmpstr (bst_order_status_text (queued), ==, "Waiting to be sent");
  g_assert_cmpstr (bst_order_status_text (sending), ==, "Under way");
  g_assert_cmpstr (bst_order_status_text (named), ==, "Sent");
  g_assert_false (bst_order_is_unsent (later));
  g_assert_cmpstr (bst_order_local_text (later), ==, "On this computer");
  g_assert_null (bst_order_local_text (named));
}

static void
assert_problem (const char *path, const char *code, GVariant *service, const char *expected)
{
  g_autoptr (GVariant) request = json ("{}");
  BstProblem problem = { (char *) path, (char *) code, NULL };
  g_autofree char *text = bst_order_problem_text (request, &problem, service, "en");

  g_assert_cmpstr (text, ==, expected);
}

static void
test_problems (void)
{
  g_autoptr (GVariant) service =
      json ("{\"form\":[{\"key\":\"room\",\"kind\":\"text\",\"label\":{\"en\":\"Room\"}}]}");

  assert_problem ("title", "required", NULL, "Give the order a title");
  assert_problem ("lines", "no-lines", NULL, "Add at least one service");
  assert_problem ("lines/l1/answers/room", "required", service, "Room");
  assert_problem ("lines/l1/answers/room", "too-long", service, "Room: The text is too long");
  assert_problem ("lines/l1", "withdrawn", NULL,
                  "This service has been withdrawn from the catalogue");
  assert_problem ("strange", "unheard-of", NULL, "Please check this");
}

/* Every state and every action has words, and none is said twice by mistake. */
static void
test_all_have_words (void)
{
  for (int state = 0; state < BST_N_STATES; state++)
    {
      g_assert_cmpstr (bst_order_state_text (state, NULL), !=, "");
      g_assert_nonnull (bst_order_state_icon (state, NULL));
    }
  for (int action = 0; action < BST_N_ACTIONS; action++)
    g_assert_cmpstr (bst_order_action_text (action), !=, "");
  g_assert_cmpstr (bst_order_state_text (BST_STATE_WAITING, "orderer"), !=,
                   bst_order_state_text (BST_STATE_WAITING, "supplier"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/words/prices", test_prices);
  g_test_add_func ("/app/words/promises", test_promises);
  g_test_add_func ("/app/words/due-reasons", test_due_reasons);
  g_test_add_func ("/app/words/no-due", test_no_due);
  g_test_add_func ("/app/words/late", test_late);
  g_test_add_func ("/app/words/unsent", test_unsent);
  g_test_add_func ("/app/words/problems", test_problems);
  g_test_add_func ("/app/words/all", test_all_have_words);
  return g_test_run ();
}
