/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What pushing rests on, without a line and without a clock: reading the stream, when to try again, noticing sleep. */

#include "bst-event-stream.h"
#include "bst-push-plan.h"
#include "bst-wake.h"

#include <string.h>

/* ---- the stream ---- */

static void
note_cb (const char *event, const char *data, gpointer closure)
{
  g_string_append_printf (closure, "[%s|%s]", event, data);
}

static const struct
{
  const char *octets;
  const char *heard;
  const char *last_id;
} streams[] = {
  { "data: a\n\n", "[message|a]", NULL },
  { "event: state\ndata: {}\nid: x 1\n\n", "[state|{}]", "x 1" },
  { ": hello\n\ndata:a\n\n", "[message|a]", NULL },
  { "data: a\r\ndata: b\r\n\r\n", "[message|a\nb]", NULL },
  { "data: a\rdata: b\r\r", "[message|a\nb]", NULL },
  { "\xEF\xBB\xBF"
    "data: a\n\n",
    "[message|a]", NULL },
  { "data\n\n", "[message|]", NULL },
  { "data:  two blanks\n\n", "[message| two blanks]", NULL },
  { "event: ping\n\ndata: a\n\n", "[message|a]", NULL },
  { "id: 1\n\n", "", "1" },
  { "id: 1\ndata: a\n\nid\ndata: b\n\n", "[message|a][message|b]", "" },
  { "unknown: x\nretry: 10\ndata: a\n\n", "[message|a]", NULL },
  { "event: state\ndata: not whole\nid: 7\n", "", NULL },
  { "event: a\ndata: 1\n\nevent: b\ndata: 2\n\n", "[a|1][b|2]", NULL },
};

static void
test_stream (void)
{
  /* However the line cuts it up. */
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    for (gsize step = 1; step <= strlen (streams[i].octets); step++)
      {
        g_autoptr (GString) heard = g_string_new (NULL);
        g_autoptr (BstEventStream) stream = bst_event_stream_new (note_cb, heard);
        gsize len = strlen (streams[i].octets);

        for (gsize at = 0; at < len; at += step)
          g_assert_true (
              bst_event_stream_feed (stream, streams[i].octets + at, MIN (step, len - at)));
        g_assert_cmpstr (heard->str, ==, streams[i].heard);
        g_assert_cmpstr (bst_event_stream_get_last_id (stream), ==, streams[i].last_id);
      }
}

static void
test_endless (void)
{
  g_autoptr (GString) heard = g_string_new (NULL);
  g_autoptr (BstEventStream) stream = bst_event_stream_new (note_cb, heard);
  const char *line = "data: 0123456789abcdef0123456789abcdef\n";
  gsize taken = 0;

  while (bst_event_stream_feed (stream, line, strlen (line)))
    g_assert_cmpuint (taken += strlen (line), <, 2 * 1024 * 1024);
  g_assert_cmpstr (heard->str, ==, "");
}

/* ---- the plan ---- */

typedef struct
{
  BstPushOutcome outcome;
  gint64 stood_ms;
  BstPushMode mode; /* after it */
  gint64 at_least;
  gint64 at_most;
} Step;

static void
follow (const Step *steps, guint n)
{
  BstPushPlan plan = { 0 };

  for (guint i = 0; i < n; i++)
    {
      gint64 pause = bst_push_plan_next (&plan, steps[i].outcome, steps[i].stood_ms);

      g_assert_cmpint (plan.mode, ==, steps[i].mode);
      g_assert_cmpint (pause, >=, steps[i].at_least);
      g_assert_cmpint (pause, <=, steps[i].at_most);
    }
}

#define MINUTE (60 * 1000)
#define HOUR   (60 * MINUTE)

static void
test_plan_good (void)
{
  static const Step steps[] = {
    { BST_PUSH_ENDED, HOUR, BST_PUSH_STREAM, 1, 5000 },
    { BST_PUSH_ENDED, HOUR, BST_PUSH_STREAM, 1, 5000 },
    { BST_PUSH_SILENT, 0, BST_PUSH_STREAM, 1, 5000 },
    { BST_PUSH_ENDED, HOUR, BST_PUSH_STREAM, 1, 5000 },
    { BST_PUSH_SILENT, 0, BST_PUSH_STREAM, 1, 5000 }, /* not twice in a row */
  };

  follow (steps, G_N_ELEMENTS (steps));
}

/* Held back twice: one by one. Not even so: only asking, and an hour later once more. */
static void
test_plan_held_back (void)
{
  static const Step steps[] = {
    { BST_PUSH_SILENT, 0, BST_PUSH_STREAM, 1, 5000 },
    { BST_PUSH_SILENT, 0, BST_PUSH_ONE_BY_ONE, 1, 1000 },
    { BST_PUSH_TOLD, MINUTE, BST_PUSH_ONE_BY_ONE, 1, 1000 },
    { BST_PUSH_SILENT, 5 * MINUTE, BST_PUSH_ONE_BY_ONE, 1, 1000 },
    { BST_PUSH_SILENT, 5 * MINUTE, BST_PUSH_ONE_BY_ONE, 1, 1000 },
    { BST_PUSH_TOLD, MINUTE, BST_PUSH_ONE_BY_ONE, 1, 1000 },
  };
  static const Step deaf[] = {
    { BST_PUSH_SILENT, 0, BST_PUSH_STREAM, 1, 5000 },
    { BST_PUSH_SILENT, 0, BST_PUSH_ONE_BY_ONE, 1, 1000 },
    { BST_PUSH_SILENT, 0, BST_PUSH_ONE_BY_ONE, 1, 5000 },
    { BST_PUSH_SILENT, 0, BST_PUSH_BLOCKED, HOUR, HOUR },
    { BST_PUSH_ENDED, HOUR, BST_PUSH_STREAM, 1, 5000 },
  };

  follow (steps, G_N_ELEMENTS (steps));
  follow (deaf, G_N_ELEMENTS (deaf));
}

/* A server that answers at once, again and again, is not asked without end. */
static void
test_plan_chatter (void)
{
  BstPushPlan plan = { .mode = BST_PUSH_ONE_BY_ONE };
  gint64 waited = 0;

  for (guint i = 0; i < 20; i++)
    waited += bst_push_plan_next (&plan, BST_PUSH_TOLD, 10);
  g_assert_cmpint (waited, >, 10 * MINUTE);
  g_assert_cmpint (bst_push_plan_next (&plan, BST_PUSH_TOLD, MINUTE), <, 1000);
}

static void
test_plan_refused (void)
{
  static const Step steps[] = {
    { BST_PUSH_REFUSED, 0, BST_PUSH_STREAM, 10000, 2 * MINUTE },
    { BST_PUSH_REFUSED, 0, BST_PUSH_STREAM, 10000, 2 * MINUTE },
    { BST_PUSH_REFUSED, 0, BST_PUSH_BLOCKED, HOUR, HOUR },
    { BST_PUSH_REFUSED, 0, BST_PUSH_BLOCKED, HOUR, HOUR }, /* one try an hour */
    { BST_PUSH_SILENT, 0, BST_PUSH_STREAM, 1, 5000 },
    { BST_PUSH_REFUSED, 0, BST_PUSH_STREAM, 10000, 2 * MINUTE },
    { BST_PUSH_ENDED, HOUR, BST_PUSH_STREAM, 1, 5000 },
    { BST_PUSH_REFUSED, 0, BST_PUSH_STREAM, 10000, 2 * MINUTE },
  };

  follow (steps, G_N_ELEMENTS (steps));
}

/* Longer and longer, to a limit. */
static void
test_plan_no_line (void)
{
  BstPushPlan plan = { 0 };
  gint64 last = 0;

  for (guint i = 0; i < 40; i++)
    {
      gint64 pause = bst_push_plan_next (&plan, BST_PUSH_NO_LINE, 0);

      g_assert_cmpint (pause, >=, last);
      g_assert_cmpint (pause, <=, 15 * MINUTE);
      last = pause;
    }
  g_assert_cmpint (last, >, 5 * MINUTE);
  bst_push_plan_next (&plan, BST_PUSH_ENDED, HOUR);
  g_assert_cmpint (bst_push_plan_next (&plan, BST_PUSH_NO_LINE, 0), <, 5000);
}

/* ---- sleep ---- */

static void
test_wake (void)
{
  const gint64 second = G_USEC_PER_SEC;
  BstWake wake = { 0 };
  gint64 monotonic = 500 * second, boottime = 9000 * second;

  g_assert_false (bst_wake_look (&wake, monotonic, boottime)); /* slept before we began */
  for (guint i = 0; i < 5; i++)
    g_assert_false (
        bst_wake_look (&wake, monotonic += 10 * second, boottime += 10 * second + 3000));
  g_assert_true (bst_wake_look (&wake, monotonic += 10 * second, boottime += 3610 * second));
  g_assert_false (bst_wake_look (&wake, monotonic += 10 * second, boottime += 10 * second));
  /* Stopped with all its clocks. */
  g_assert_true (bst_wake_look (&wake, monotonic += 300 * second, boottime += 300 * second));
  /* A busy computer is only a little late. */
  g_assert_false (bst_wake_look (&wake, monotonic += 25 * second, boottime += 25 * second));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/push-rules/stream", test_stream);
  g_test_add_func ("/push-rules/endless", test_endless);
  g_test_add_func ("/push-rules/plan/good", test_plan_good);
  g_test_add_func ("/push-rules/plan/held-back", test_plan_held_back);
  g_test_add_func ("/push-rules/plan/chatter", test_plan_chatter);
  g_test_add_func ("/push-rules/plan/refused", test_plan_refused);
  g_test_add_func ("/push-rules/plan/no-line", test_plan_no_line);
  g_test_add_func ("/push-rules/wake", test_wake);
  return g_test_run ();
}
