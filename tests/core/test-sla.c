/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-clock.h"
#include "bst-doc.h"
#include "bst-sla.h"

#include <string.h>

#define MINUTE 60
#define HOUR   3600

static BstCalendar *
office (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) doc = bst_doc_take (g_variant_new_parsed (
      "{'code': <'t'>, 'timeZone': <'Europe/Copenhagen'>, 'weekly': <{"
      "'mon': <[<[<'08:00'>, <'16:00'>]>]>, 'tue': <[<[<'08:00'>, <'16:00'>]>]>, 'wed': "
      "<[<[<'08:00'>, <'16:00'>]>]>,"
      "'thu': <[<[<'08:00'>, <'16:00'>]>]>, 'fri': <[<[<'08:00'>, <'16:00'>]>]>}>}"));
  BstCalendar *calendar = bst_calendar_new (doc, &error);

  g_assert_no_error (error);
  return calendar;
}

static gint64
at (const char *text)
{
  gint64 seconds = 0;

  g_assert_true (bst_instant_parse (text, &seconds));
  return seconds;
}

static GVariant *
promise (gint64 value, const char *unit)
{
  return bst_doc_take (g_variant_new_parsed ("{'value': <%x>, 'unit': <%s>}", value, unit));
}

static BstSla
compute (const BstSlaStep *steps, gsize n, GVariant *promised, const char *now)
{
  g_autoptr (BstCalendar) calendar = office ();
  BstSla sla;

  bst_sla_compute (steps, n, calendar, promised, at (now), &sla);
  return sla;
}

/* Monday 2 March 2026, 08:00 in Copenhagen, is 07:00 UTC. */
#define MONDAY "2026-03-02T"

static void
test_plain (void)
{
  g_autoptr (GVariant) eight = promise (8, "hours");
  const BstSlaStep steps[] = {
    { at (MONDAY "11:00:00Z"), 1, BST_CLOCK_RUNS, FALSE, NULL, NULL },
    { at ("2026-03-03T10:00:00Z"), 2, BST_CLOCK_STOPS, TRUE, NULL, NULL },
  };
  BstSla sla = compute (steps, 2, eight, "2026-03-09T00:00:00Z");

  g_assert_cmpint (sla.elapsed, ==, 7 * HOUR);
  g_assert_cmpint (sla.due, ==, at ("2026-03-03T11:00:00Z"));
  g_assert_cmpint (sla.verdict, ==, BST_SLA_MET);
  g_assert_cmpint (sla.stopped, ==, steps[1].at);
}

static void
test_due_at_closing_is_met (void)
{
  g_autoptr (GVariant) eight = promise (8, "hours");
  const BstSlaStep steps[] = {
    { at (MONDAY "07:00:00Z"), 1, BST_CLOCK_RUNS, FALSE, NULL, NULL },
    { at (MONDAY "15:00:00Z"), 2, BST_CLOCK_STOPS, TRUE, NULL, NULL },
  };
  const BstSlaStep late[] = {
    steps[0],
    { at (MONDAY "15:00:01Z"), 2, BST_CLOCK_STOPS, TRUE, NULL, NULL },
  };

  g_assert_cmpint (compute (steps, 2, eight, MONDAY "15:00:00Z").verdict, ==, BST_SLA_MET);
  g_assert_cmpint (compute (late, 2, eight, MONDAY "20:00:00Z").verdict, ==, BST_SLA_BREACHED);
}

static void
test_weekend_and_pause (void)
{
  g_autoptr (GVariant) sixteen = promise (16, "hours");
  /* Friday 6 March 14:00 local; paused Friday 15:00 to Monday 10:00: 1 + 2 opening hours. */
  const BstSlaStep steps[] = {
    { at ("2026-03-06T13:00:00Z"), 1, BST_CLOCK_RUNS, FALSE, NULL, NULL },
    { at ("2026-03-06T14:00:00Z"), 2, BST_CLOCK_PAUSES, FALSE, "orderer", "Which room?" },
    { at ("2026-03-09T09:00:00Z"), 3, BST_CLOCK_RUNS, FALSE, NULL, NULL },
    { at ("2026-03-10T15:00:00Z"), 4, BST_CLOCK_STOPS, TRUE, NULL, NULL },
  };
  BstSla sla = compute (steps, 4, sixteen, "2026-03-30T00:00:00Z");

  g_assert_cmpint (sla.paused, ==, 3 * HOUR);
  g_assert_cmpint (sla.elapsed, ==, (1 + 6 + 8) * HOUR);
  /* 16 hours from Friday 14:00 end on Tuesday 14:00; three more are Wednesday 09:00 local. */
  g_assert_cmpint (sla.due, ==, at ("2026-03-11T08:00:00Z"));
  g_assert_cmpint (sla.verdict, ==, BST_SLA_MET);
}

static void
test_running_past_due (void)
{
  g_autoptr (GVariant) two = promise (2, "working-days");
  const BstSlaStep steps[] = { { at (MONDAY "09:00:00Z"), 1, BST_CLOCK_RUNS, FALSE, NULL, NULL } };

  g_assert_cmpint (compute (steps, 1, two, "2026-03-04T15:00:00Z").verdict, ==, BST_SLA_RUNNING);
  g_assert_cmpint (compute (steps, 1, two, "2026-03-04T15:00:01Z").verdict, ==, BST_SLA_BREACHED);
  g_assert_cmpint (compute (steps, 1, NULL, "2027-03-04T15:00:01Z").verdict, ==, BST_SLA_RUNNING);
}

static void
test_dispute (void)
{
  g_autoptr (GVariant) eight = promise (8, "hours");
  const BstSlaStep steps[] = {
    { at (MONDAY "07:00:00Z"), 1, BST_CLOCK_RUNS, FALSE, NULL, NULL },
    { at (MONDAY "09:00:00Z"), 2, BST_CLOCK_STOPS, TRUE, NULL, NULL },
    { at (MONDAY "12:00:00Z"), 3, BST_CLOCK_RUNS, FALSE, NULL, NULL },
    { at (MONDAY "13:00:00Z"), 4, BST_CLOCK_STOPS, TRUE, NULL, NULL },
  };
  BstSla sla = compute (steps, 4, eight, "2026-03-30T00:00:00Z");

  g_assert_cmpint (sla.elapsed, ==, 3 * HOUR);
  g_assert_cmpint (sla.paused, ==, 0);
  g_assert_cmpuint (sla.disputes, ==, 1);
  /* The receiver's three hours move the due instant: 15:00 + 3 is Tuesday 10:00 UTC. */
  g_assert_cmpint (sla.due, ==, at ("2026-03-03T10:00:00Z"));
  g_assert_cmpint (sla.verdict, ==, BST_SLA_MET);
}

static void
test_withdrawn_counts_nowhere (void)
{
  g_autoptr (GVariant) one = promise (1, "hours");
  const BstSlaStep steps[] = {
    { at (MONDAY "07:00:00Z"), 1, BST_CLOCK_RUNS, FALSE, NULL, NULL },
    { at ("2026-03-20T09:00:00Z"), 2, BST_CLOCK_STOPS, FALSE, NULL, NULL },
  };
  const BstSlaStep never[] = { { at (MONDAY "07:00:00Z"), 1, BST_CLOCK_KEEPS, FALSE, NULL, NULL } };

  g_assert_cmpint (compute (steps, 2, one, "2026-03-30T00:00:00Z").verdict, ==, BST_SLA_ENDED);
  g_assert_cmpint (compute (never, 1, one, "2026-03-30T00:00:00Z").verdict, ==,
                   BST_SLA_NOT_STARTED);
  g_assert_cmpint (compute (NULL, 0, one, "2026-03-30T00:00:00Z").verdict, ==, BST_SLA_NOT_STARTED);
}

/* A clock that jumped back between two steps takes nothing away. */
static void
test_time_that_jumps_back (void)
{
  const BstSlaStep steps[] = {
    { at (MONDAY "10:00:00Z"), 1, BST_CLOCK_RUNS, FALSE, NULL, NULL },
    { at (MONDAY "08:00:00Z"), 2, BST_CLOCK_PAUSES, FALSE, "supplier", NULL },
    { at (MONDAY "12:00:00Z"), 3, BST_CLOCK_STOPS, TRUE, NULL, NULL },
  };
  BstSla sla = compute (steps, 3, NULL, "2026-03-30T00:00:00Z");

  g_assert_cmpint (sla.elapsed, ==, 0);
  g_assert_cmpint (sla.paused, ==, 2 * HOUR);
}

/* ---- against stepping through the minutes, and in any order ---- */

static gsize
random_steps (BstSlaStep *steps)
{
  gsize n = (gsize) g_test_rand_int_range (1, 12);
  gint64 time =
      at ("2026-03-20T00:00:00Z") + g_test_rand_int_range (0, 14 * 24 * 60) * (gint64) MINUTE;

  for (gsize i = 0; i < n; i++)
    {
      steps[i] = (BstSlaStep){ time,
                               (gint64) i + 1,
                               (BstClockEffect) g_test_rand_int_range (0, 4),
                               g_test_rand_bit (),
                               NULL,
                               NULL };
      time += g_test_rand_int_range (0, 3 * 24 * 60) * (gint64) MINUTE;
    }
  return n;
}

static void
shuffle (BstSlaStep *steps, gsize n)
{
  for (gsize i = n; i > 1; i--)
    {
      gsize j = (gsize) g_test_rand_int_range (0, (gint32) i);
      BstSlaStep held = steps[i - 1];

      steps[i - 1] = steps[j];
      steps[j] = held;
    }
}

/* Walks minute by minute with nothing but is_open(). */
static void
brute (BstCalendar *calendar,
       const BstSlaStep *steps,
       gsize n,
       gint64 now,
       gint64 *ret_elapsed,
       gint64 *ret_paused)
{
  BstClockEffect state = BST_CLOCK_KEEPS;
  gsize next = 0;

  *ret_elapsed = *ret_paused = 0;
  for (gint64 minute = steps[0].at; minute < now || next < n; minute += MINUTE)
    {
      for (; next < n && steps[next].at <= minute; next++)
        if (steps[next].effect != BST_CLOCK_KEEPS &&
            (state != BST_CLOCK_KEEPS || steps[next].effect == BST_CLOCK_RUNS) &&
            (state != BST_CLOCK_STOPS || steps[next].effect == BST_CLOCK_RUNS))
          state = steps[next].effect;
      if (minute < now || next < n)
        {
          *ret_elapsed +=
              state == BST_CLOCK_RUNS && bst_calendar_is_open (calendar, minute) ? MINUTE : 0;
          *ret_paused +=
              state == BST_CLOCK_PAUSES && bst_calendar_is_open (calendar, minute) ? MINUTE : 0;
        }
    }
}

static void
test_against_minutes (void)
{
  g_autoptr (BstCalendar) calendar = office ();

  for (guint round = 0; round < 400; round++)
    {
      BstSlaStep steps[12], shuffled[12];
      gsize n = random_steps (steps);
      gint64 now = steps[n - 1].at + g_test_rand_int_range (0, 2 * 24 * 60) * (gint64) MINUTE;
      g_autoptr (GVariant) promised =
          promise (g_test_rand_int_range (0, 30), g_test_rand_bit () ? "hours" : "working-days");
      gint64 elapsed, paused, explained[4] = { 0 };
      BstSla sla, other;
      g_autoptr (GArray) stretches = NULL;

      memcpy (shuffled, steps, sizeof steps);
      shuffle (shuffled, n);
      bst_sla_compute (steps, n, calendar, promised, now, &sla);
      bst_sla_compute (shuffled, n, calendar, promised, now, &other);
      g_assert_cmpmem (&sla, sizeof sla, &other, sizeof other);
      brute (calendar, steps, n, now, &elapsed, &paused);
      g_assert_cmpint (sla.elapsed, ==, elapsed);
      g_assert_cmpint (sla.paused, ==, paused);

      stretches = bst_sla_explain (shuffled, n, calendar, now);
      for (guint i = 0; i < stretches->len; i++)
        {
          const BstStretch *stretch = &g_array_index (stretches, BstStretch, i);

          g_assert_cmpint (stretch->from, <, stretch->to);
          if (i > 0)
            g_assert_cmpint (stretch->from, ==, g_array_index (stretches, BstStretch, i - 1).to);
          explained[stretch->kind] += stretch->to - stretch->from;
        }
      g_assert_cmpint (explained[BST_STRETCH_RUNNING], ==, elapsed);
    }
}

/* ---- from an order and its events ---- */

static GVariant *
event (gint64 sequence, const char *received, const char *action, const char *waiting_for)
{
  g_autoptr (GVariant) plain =
      bst_doc_take (g_variant_new_parsed ("{'sequence': <%x>, 'receivedAt': <%s>, 'at': <%s>, "
                                          "'action': <%s>, 'text': <'because'>, 'person': <'p'>}",
                                          sequence, received, received, action));

  return waiting_for ? bst_doc_set_string (plain, "data/for", waiting_for) : g_variant_ref (plain);
}

static void
test_from_events (void)
{
  g_autoptr (BstCalendar) calendar = office ();
  g_autoptr (GVariant) request = bst_doc_take (
      g_variant_new_parsed ("{'id': <'r'>, 'state': <'delivered'>, 'lines': <{'l1': <{'service': "
                            "<'s'>, 'quantity': <int64 1>, 'state': <'delivered'>}>}>}"));
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GArray) steps = NULL;
  BstSla sla;

  g_ptr_array_add (events, event (5, MONDAY "14:00:00Z", "deliver", NULL));
  g_ptr_array_add (events, event (2, MONDAY "08:00:00Z", "accept", NULL));
  g_ptr_array_add (events, event (3, MONDAY "10:00:00Z", "wait", "orderer"));
  g_ptr_array_add (events, event (1, MONDAY "07:00:00Z", "submit", NULL));
  g_ptr_array_add (events, event (4, MONDAY "12:00:00Z", "answer", NULL));
  steps = bst_sla_steps (request, "l1", events);
  bst_sla_compute ((const BstSlaStep *) steps->data, steps->len, calendar, NULL,
                   at ("2026-03-30T00:00:00Z"), &sla);
  g_assert_cmpint (sla.started, ==, at (MONDAY "07:00:00Z"));
  g_assert_cmpint (sla.elapsed, ==, 5 * HOUR);
  g_assert_cmpint (sla.paused, ==, 2 * HOUR);
  g_assert_cmpint (sla.verdict, ==, BST_SLA_MET);
  {
    g_autoptr (GArray) stretches = bst_sla_explain ((const BstSlaStep *) steps->data, steps->len,
                                                    calendar, at (MONDAY "14:00:00Z"));

    g_assert_cmpuint (stretches->len, ==, 3);
    g_assert_cmpstr (g_array_index (stretches, BstStretch, 1).waiting_for, ==, "orderer");
    g_assert_cmpstr (g_array_index (stretches, BstStretch, 1).reason, ==, "because");
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sla/plain", test_plain);
  g_test_add_func ("/sla/due-at-closing-is-met", test_due_at_closing_is_met);
  g_test_add_func ("/sla/weekend-and-pause", test_weekend_and_pause);
  g_test_add_func ("/sla/running-past-due", test_running_past_due);
  g_test_add_func ("/sla/dispute", test_dispute);
  g_test_add_func ("/sla/withdrawn-counts-nowhere", test_withdrawn_counts_nowhere);
  g_test_add_func ("/sla/time-that-jumps-back", test_time_that_jumps_back);
  g_test_add_func ("/sla/against-minutes", test_against_minutes);
  g_test_add_func ("/sla/from-events", test_from_events);
  return g_test_run ();
}
