/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

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

/* Walks minute by minute with nothing but is_open(); @promised: minutes of opening. */
static void
brute (BstCalendar *calendar,
       const BstSlaStep *steps,
       gsize n,
       gint64 now,
       gint64 promised,
       gint64 *ret_elapsed,
       gint64 *ret_paused,
       gint64 *ret_due)
{
  BstClockEffect state = BST_CLOCK_KEEPS;
  gsize next = 0;

  *ret_elapsed = *ret_paused = *ret_due = 0;
  for (gint64 minute = steps[0].at; minute < now || next < n; minute += MINUTE)
    {
      for (; next < n && steps[next].at <= minute; next++)
        if (steps[next].effect != BST_CLOCK_KEEPS &&
            (state != BST_CLOCK_KEEPS || steps[next].effect == BST_CLOCK_RUNS) &&
            (state != BST_CLOCK_STOPS || steps[next].effect == BST_CLOCK_RUNS))
          state = steps[next].effect;
      if (!*ret_due && state == BST_CLOCK_RUNS && bst_calendar_is_open (calendar, minute) &&
          --promised == 0)
        *ret_due = minute + MINUTE;
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

  for (guint round = 0; round < 2000; round++)
    {
      BstSlaStep steps[12], shuffled[12];
      gsize n = random_steps (steps);
      gint64 now = steps[n - 1].at + g_test_rand_int_range (0, 2 * 24 * 60) * (gint64) MINUTE;
      gint64 hours = g_test_rand_int_range (1, 30);
      gboolean in_hours = g_test_rand_bit ();
      g_autoptr (GVariant) promised = promise (hours, in_hours ? "hours" : "working-days");
      gint64 elapsed, paused, due, explained[4] = { 0 };
      BstSla sla, other;
      g_autoptr (GArray) stretches = NULL;

      memcpy (shuffled, steps, sizeof steps);
      shuffle (shuffled, n);
      bst_sla_compute (steps, n, calendar, promised, now, &sla);
      bst_sla_compute (shuffled, n, calendar, promised, now, &other);
      g_assert_cmpmem (&sla, sizeof sla, &other, sizeof other);
      brute (calendar, steps, n, now, hours * 60, &elapsed, &paused, &due);
      g_assert_cmpint (sla.elapsed, ==, elapsed);
      g_assert_cmpint (sla.paused, ==, paused);
      if (in_hours && due)
        g_assert_cmpint (sla.due, ==, due);

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

/* ---- first answer, priority, performers, outside hours ---- */

static BstCalendar *
lookup (const char *id, gpointer closure)
{
  return g_strcmp0 (id, "office") == 0 ? closure : NULL;
}

static BstSla
judge (GArray *steps, GVariant *promised, GVariant *respond, gint64 fixed, const char *now)
{
  g_autoptr (BstCalendar) calendar = office ();
  const BstSlaTerms terms = { promised, respond, fixed, lookup, calendar };
  BstSla sla;

  bst_sla_judge ((const BstSlaStep *) steps->data, steps->len, &terms, at (now), &sla);
  return sla;
}

static GArray *
steps_of (const char *history, const char *events)
{
  g_autoptr (GVariant) request = core_doc_format (
      "{'id': 'r', 'history': %s, 'lines': {'l1': {'service': 's'}, 'l2': {'service': 's'}}}",
      history);
  static GPtrArray *kept; /* strings of the steps are borrowed from it */

  if (!kept)
    kept = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  g_ptr_array_add (kept, core_docs (events));
  g_ptr_array_add (kept, g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref));
  g_ptr_array_add (kept->pdata[kept->len - 1], g_variant_ref (request));
  return bst_sla_steps (request, "l1", kept->pdata[kept->len - 2]);
}

#define OFFICE(value, unit) "{'value':" #value ",'unit':'" unit "','calendar':'office'}"
#define EVENT(seq, hour, action, more)                                                             \
  "{'sequence':" #seq ",'receivedAt':'2026-03-02T" hour ":00Z','action':'" action "'" more "}"

static void
test_first_answer (void)
{
  static const struct
  {
    const char *event;
    BstSlaVerdict verdict;
  } answers[] = {
    { EVENT (2, "08:59", "accept", ""), BST_SLA_MET },
    { EVENT (2, "09:00", "reject", ",'text':'no'"), BST_SLA_MET },
    { EVENT (2, "09:01", "accept", ""), BST_SLA_BREACHED },
    { EVENT (2, "08:00", "message", ",'text':'?','data':{'by':'performer'}"), BST_SLA_MET },
    { EVENT (2, "08:00", "message", ",'text':'hurry'"), BST_SLA_RUNNING },
    { EVENT (2, "08:30", "cancel", ""), BST_SLA_ENDED },
  };
  g_autoptr (GVariant) respond = core_doc (OFFICE (2, "hours"));

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autofree char *events =
          g_strdup_printf ("[%s,%s]", EVENT (1, "07:00", "submit", ""), answers[i].event);
      g_autoptr (GArray) steps = steps_of ("[]", events);
      BstSla sla = judge (steps, NULL, respond, 0, MONDAY "09:00:00Z");

      g_assert_cmpint (sla.response_due, ==, at (MONDAY "09:00:00Z"));
      g_assert_cmpint (sla.response_verdict, ==, answers[i].verdict);
    }
  {
    g_autoptr (GArray) steps = steps_of ("[]", "[" EVENT (1, "07:00", "submit", "") "]");

    g_assert_cmpint (judge (steps, NULL, respond, 0, MONDAY "09:00:01Z").response_verdict, ==,
                     BST_SLA_BREACHED);
    g_assert_cmpint (judge (steps, NULL, NULL, 0, MONDAY "09:00:01Z").response_due, ==,
                     BST_CALENDAR_NEVER);
  }
}

/* A shorter promise counts from the change, a longer one from the start; what had fallen due stays due. */
static void
test_priority (void)
{
  static const struct
  {
    const char *change; /* its hour */
    const char *promise;
    const char *due;
  } changes[] = {
    { "10:00", OFFICE (1, "hours"), MONDAY "11:00:00Z" },
    { "10:00", OFFICE (4, "hours"), MONDAY "14:00:00Z" },
    { "10:00", OFFICE (5, "hours"), MONDAY "15:00:00Z" },
    { "10:00", OFFICE (16, "hours"), "2026-03-03T15:00:00Z" },
    { "14:59", OFFICE (6, "hours"), MONDAY "15:00:00Z" },
  };
  g_autoptr (GVariant) promised = core_doc (OFFICE (8, "hours"));

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *events = g_strdup_printf (
          "[{'sequence':2,'receivedAt':'2026-03-02T%s:00Z','action':'change-priority','data':{"
          "'priority':'high','terms':{'l1':{'promise':%s,'respond':%s},'l2':{'promise':%s}}}},%s]",
          changes[i].change, changes[i].promise, OFFICE (4, "hours"), OFFICE (2, "hours"),
          EVENT (1, "07:00", "submit", ""));
      g_autoptr (GArray) steps = steps_of ("[]", events);
      BstSla sla = judge (steps, promised, NULL, 0, MONDAY "15:00:00Z");

      g_assert_cmpint (sla.due, ==, at (changes[i].due));
      g_assert_cmpint (sla.elapsed, ==, 8 * HOUR);
    }
  {
    g_autoptr (GArray) steps =
        steps_of ("[]", "[" EVENT (1, "07:00", "submit",
                                   "") ",{'sequence':2,'receivedAt':"
                                       "'2026-03-03T07:00:00Z','action':'change-priority','data':{'"
                                       "priority':'low','terms':{'l1':"
                                       "{'promise':" OFFICE (80, "hours") "}}}}]");
    BstSla sla = judge (steps, promised, NULL, 0, "2026-03-03T08:00:00Z");

    g_assert_cmpint (sla.due, ==, at (MONDAY "15:00:00Z"));
    g_assert_cmpint (sla.verdict, ==, BST_SLA_BREACHED);
  }
}

/* clang-format off */
#define CHANGED_AFTER_PAUSE                                                                        \
  "[" EVENT (1, "07:00", "submit", "")                                                             \
  "," EVENT (4, "09:00", "resume", "")                                                             \
  "," EVENT (3, "08:00", "wait", ",'text':'?','data':{'for':'orderer'}")                           \
  "," EVENT (2, "07:30", "accept", "")                                                             \
  "," EVENT (5, "10:00", "change-priority",                                                        \
             ",'data':{'terms':{'l1':{'promise':" OFFICE (6, "hours") "}}}") "]"
#define HANDED_ON                                                                                  \
  "[" EVENT (1, "07:00", "submit", "")                                                             \
  "," EVENT (2, "07:30", "accept", "")                                                             \
  "," EVENT (3, "08:00", "change-performer", ",'data':{'performer':'net'}")                        \
  "," EVENT (4, "09:00", "wait", ",'text':'?','data':{'for':'supplier'}")                          \
  "," EVENT (5, "11:00", "change-performer", ",'data':{'performer':'desk'}")                       \
  "," EVENT (6, "12:00", "resume", "")                                                             \
  "," EVENT (7, "13:00", "change-performer", ",'data':{'performer':'net'}")                        \
  "," EVENT (8, "15:00", "deliver", "") "]"
#define PAUSED                                                                                     \
  EVENT (1, "07:00", "submit", "")                                                                 \
  "," EVENT (2, "07:00", "accept", "")                                                             \
  "," EVENT (3, "08:00", "wait", ",'text':'Which room?','data':{'for':'orderer'}")                 \
  "," EVENT (4, "12:00", "answer", ",'text':'12'")                                                 \
  "," EVENT (5, "14:00", "deliver", "")
#define SAYS(seq, action, data) "," EVENT (seq, "15:00", action, ",'text':'I had said','data':" data)
/* clang-format on */

/* A pause before the change moves the longer promise as well. */
static void
test_priority_after_pause (void)
{
  g_autoptr (GVariant) promised = core_doc (OFFICE (4, "hours"));
  g_autoptr (GVariant) respond = core_doc (OFFICE (3, "hours"));
  g_autoptr (GArray) steps = steps_of ("[]", CHANGED_AFTER_PAUSE);
  BstSla sla = judge (steps, promised, respond, 0, MONDAY "10:30:00Z");

  g_assert_cmpint (sla.paused, ==, HOUR);
  g_assert_cmpint (sla.due, ==, at (MONDAY "14:00:00Z"));
  g_assert_cmpint (sla.response_verdict, ==, BST_SLA_MET);
}

static void
test_performers (void)
{
  g_autoptr (BstCalendar) calendar = office ();
  g_autoptr (GArray) steps = steps_of ("[]", HANDED_ON);
  const BstSlaStep *all = (const BstSlaStep *) steps->data;
  g_autoptr (GArray) shares = bst_sla_shares (all, steps->len, calendar, at (MONDAY "20:00:00Z"));
  static const BstSlaShare expected[] = { { NULL, HOUR, 0 },
                                          { "net", 3 * HOUR, 2 * HOUR },
                                          { "desk", HOUR, HOUR } };

  g_assert_cmpuint (shares->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < shares->len; i++)
    {
      const BstSlaShare *share = &g_array_index (shares, BstSlaShare, i);

      g_assert_cmpstr (share->performer, ==, expected[i].performer);
      g_assert_cmpint (share->elapsed, ==, expected[i].elapsed);
      g_assert_cmpint (share->paused, ==, expected[i].paused);
    }
}

static void
test_outside_hours (void)
{
  g_autoptr (GVariant) promised = core_doc (
      "{'value':2,'unit':'hours','calendar':'office','outside':{'value':1,'unit':'hours'}}");
  g_autoptr (GVariant) elsewhere = core_doc ("{'value':2,'unit':'hours','calendar':'office',"
                                             "'outside':{'value':1,'unit':'hours','calendar':"
                                             "'unknown'}}");
  g_autoptr (GArray) inside = steps_of ("[]", "[" EVENT (1, "14:59", "submit", "") "]");
  g_autoptr (GArray) after = steps_of ("[]", "[" EVENT (1, "15:00", "submit", "") "]");

  g_assert_cmpint (judge (inside, promised, NULL, 0, MONDAY "15:00:00Z").due, ==,
                   at ("2026-03-03T08:59:00Z"));
  g_assert_cmpint (judge (after, promised, NULL, 0, MONDAY "15:00:00Z").due, ==,
                   at ("2026-03-03T08:00:00Z"));
  g_assert_cmpint (judge (after, elsewhere, NULL, 0, MONDAY "15:00:00Z").due, ==,
                   BST_CALENDAR_NEVER);
}

/* ---- put right, contested ---- */

static void
test_contested (void)
{
  g_autoptr (BstCalendar) calendar = office ();
  g_autoptr (GVariant) promised = core_doc (OFFICE (4, "hours"));
  g_autoptr (GArray) steps = steps_of ("[]", "[" PAUSED SAYS (6, "contest", "{'event':3}") "]");
  g_autoptr (GArray) contested = bst_sla_as_contested (steps);
  BstSla measured = judge (steps, promised, NULL, 0, MONDAY "20:00:00Z");
  BstSla seen = judge (contested, promised, NULL, 0, MONDAY "20:00:00Z");
  g_autoptr (GArray) stretches = bst_sla_explain ((const BstSlaStep *) steps->data, steps->len,
                                                  calendar, at (MONDAY "20:00:00Z"));
  const BstStretch *pause = &g_array_index (stretches, BstStretch, 1);

  g_assert_cmpint (measured.verdict, ==, BST_SLA_MET);
  g_assert_cmpint (measured.paused, ==, 4 * HOUR);
  g_assert_cmpint (seen.verdict, ==, BST_SLA_BREACHED);
  g_assert_cmpint (seen.elapsed, ==, 7 * HOUR);
  g_assert_cmpint (pause->kind, ==, BST_STRETCH_PAUSED);
  g_assert_cmpint (pause->sequence, ==, 3);
  g_assert_true (pause->contested);
  g_assert_cmpstr (pause->contest, ==, "I had said");
}

static void
test_corrected (void)
{
  static const struct
  {
    const char *corrections;
    gint64 elapsed;
    gint64 paused;
  } cases[] = {
    { "", 3 * HOUR, 4 * HOUR },
    { SAYS (6, "correct", "{'event':3,'void':true}"), 7 * HOUR, 0 },
    { SAYS (6, "correct", "{'event':3,'void':true}")
          SAYS (7, "correct", "{'event':3,'void':false}"),
      3 * HOUR, 4 * HOUR },
    { SAYS (6, "correct", "{'event':4,'at':'2026-03-02T09:00:00Z'}"), 6 * HOUR, HOUR },
    { SAYS (6, "correct", "{'event':5,'at':'2026-03-02T13:00:00Z'}"), 2 * HOUR, 4 * HOUR },
    { SAYS (6, "correct", "{'event':5,'void':true}"), 3 * HOUR, 4 * HOUR },
    { SAYS (6, "correct", "{'event':99,'void':true}"), 3 * HOUR, 4 * HOUR },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *events = g_strdup_printf ("[%s%s]", PAUSED, cases[i].corrections);
      g_autoptr (GVariant) promised = core_doc (OFFICE (4, "hours"));
      g_autoptr (GArray) steps = steps_of ("[]", events);
      BstSla sla = judge (steps, promised, NULL, 0, MONDAY "20:00:00Z");

      g_assert_cmpint (sla.elapsed, ==, cases[i].elapsed);
      g_assert_cmpint (sla.paused, ==, cases[i].paused);
    }
}

/* ---- why it is closed ---- */

static void
test_explained (void)
{
  g_autoptr (GVariant) doc =
      core_doc ("{'timeZone':'Europe/Copenhagen','weekly':{'mon':[['08:00','12:00'],['13:00',"
                "'16:00']],'thu':[['08:00','16:00']],'fri':[['08:00','16:00']]},"
                "'holidays':[{'rule':'easter','offset':-2,'name':{'da':'Langfredag'}}]}");
  g_autoptr (BstCalendar) calendar = bst_calendar_new (doc, NULL);
  const BstSlaStep steps[] = { { at ("2026-04-02T13:00:00Z"), 1, BST_CLOCK_RUNS, FALSE, NULL,
                                 NULL } };
  g_autoptr (GArray) stretches = bst_sla_explain (steps, 1, calendar, at ("2026-04-06T12:00:00Z"));
  static const struct
  {
    const char *until;
    BstStretchKind kind;
    BstClosedWhy why;
  } expected[] = {
    { "2026-04-02T14:00:00Z", BST_STRETCH_RUNNING, BST_CLOSED_NOT },
    { "2026-04-02T22:00:00Z", BST_STRETCH_CLOSED, BST_CLOSED_HOURS },
    { "2026-04-03T22:00:00Z", BST_STRETCH_CLOSED, BST_CLOSED_HOLIDAY },
    { "2026-04-05T22:00:00Z", BST_STRETCH_CLOSED, BST_CLOSED_WEEKDAY },
    { "2026-04-06T06:00:00Z", BST_STRETCH_CLOSED, BST_CLOSED_HOURS },
    { "2026-04-06T10:00:00Z", BST_STRETCH_RUNNING, BST_CLOSED_NOT },
    { "2026-04-06T11:00:00Z", BST_STRETCH_CLOSED, BST_CLOSED_HOURS },
    { "2026-04-06T12:00:00Z", BST_STRETCH_RUNNING, BST_CLOSED_NOT },
  };

  g_assert_cmpuint (stretches->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < stretches->len; i++)
    {
      const BstStretch *stretch = &g_array_index (stretches, BstStretch, i);

      g_assert_cmpint (stretch->to, ==, at (expected[i].until));
      g_assert_cmpint (stretch->kind, ==, expected[i].kind);
      g_assert_cmpint (stretch->why, ==, expected[i].why);
      g_assert_cmpint (stretch->name != NULL, ==, stretch->why == BST_CLOSED_HOLIDAY);
    }
}

/* ---- taken over from another system ---- */

static void
test_history (void)
{
  /* It was never accepted there; then it is disputed here. */
  g_autoptr (GArray) steps = steps_of (
      "[{'at':'2026-03-02T07:00:00Z','action':'submit'},"
      "{'at':'2026-03-02T08:00:00Z','action':'wait','for':'supplier','text':'parts'},"
      "{'at':'2026-03-02T10:00:00Z','action':'resume'},"
      "{'at':'2026-03-02T11:00:00Z','action':'deliver'},{'at':'bad','action':'start'}]",
      "[{'sequence':1,'receivedAt':'2026-03-02T13:00:00Z','action':'dispute','text':'x'}]");
  BstSla sla = judge (steps, NULL, NULL, at (MONDAY "11:00:00Z"), MONDAY "14:00:00Z");

  g_assert_cmpuint (sla.disputes, ==, 1);
  g_assert_cmpint (sla.due, ==, at (MONDAY "11:00:00Z"));
  g_assert_cmpint (sla.verdict, ==, BST_SLA_BREACHED);
  /* Without a calendar it is counted round the clock. */
  g_assert_cmpint (sla.elapsed, ==, 3 * HOUR);
  g_assert_cmpint (sla.paused, ==, 2 * HOUR);
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
  g_test_add_func ("/sla/first-answer", test_first_answer);
  g_test_add_func ("/sla/priority", test_priority);
  g_test_add_func ("/sla/priority-after-pause", test_priority_after_pause);
  g_test_add_func ("/sla/performers", test_performers);
  g_test_add_func ("/sla/outside-hours", test_outside_hours);
  g_test_add_func ("/sla/contested", test_contested);
  g_test_add_func ("/sla/corrected", test_corrected);
  g_test_add_func ("/sla/explained", test_explained);
  g_test_add_func ("/sla/history", test_history);
  return g_test_run ();
}
