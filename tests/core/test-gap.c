/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The gap map: by example, and against brute force that tries an order at every minute of the week. */

#include "core-fixture.h"

#include "bst-date.h"
#include "bst-gap.h"

#include <string.h>

#define MONDAY G_GINT64_CONSTANT (1774821600) /* 30 March 2026, 00:00 in Copenhagen */
#define WEEK   (7 * 86400)

static const char office[] =
    "{'timeZone': 'Europe/Copenhagen', 'weekly': {"
    "'mon': [['08:00','16:00']], 'tue': [['08:00','16:00']], 'wed': [['08:00','16:00']],"
    "'thu': [['08:00','16:00']], 'fri': [['08:00','16:00']]},"
    "'holidays': [{'rule': 'easter', 'offset': -2}],"
    "'closed': [{'from': '2026-03-30', 'to': '2026-04-30'}]}";
static const char short_friday[] =
    "{'timeZone': 'Europe/Copenhagen', 'weekly': {"
    "'mon': [['08:00','16:00']], 'tue': [['08:00','16:00']], 'wed': [['08:00','16:00']],"
    "'thu': [['08:00','16:00']], 'fri': [['08:00','14:00']]}}";

static GVariant *
lookup (const char *type, const char *id, gpointer closure)
{
  if (closure && g_hash_table_contains (closure, id))
    return g_variant_ref (g_hash_table_lookup (closure, id));
  if (strcmp (type, "Calendar") == 0 && strcmp (id, "office") == 0)
    return core_doc (office);
  if (strcmp (type, "Calendar") == 0 && strcmp (id, "short") == 0)
    return core_doc (short_friday);
  if (strcmp (type, "Service") == 0 && strcmp (id, "listed") == 0)
    return core_doc ("{'promise': {'value': 2, 'unit': 'working-days', 'calendar': 'office'}}");
  return NULL;
}

/* The gap of service "s" with this promise and these steps (without "service", which is "s"). */
static BstGap *
gap_of (const char *promise, const char *olas)
{
  g_autofree char *text = g_strdup_printf ("{'calendar': 'office', 'targets': [{'service': 's', "
                                           "'promise': %s}], 'olas': [%s]}",
                                           promise, olas);
  g_autoptr (GVariant) agreement = core_doc (text);
  g_autoptr (GPtrArray) gaps = bst_gap_map (agreement, lookup, NULL);

  g_assert_cmpuint (gaps->len, ==, 1);
  return g_ptr_array_steal_index (gaps, 0);
}

#define DAYS(n)         "{'value': " #n ", 'unit': 'working-days'}"
#define STEP(key, rest) "{'service': 's', 'key': '" key "', " rest "}"

static void
test_kept (void)
{
  g_autoptr (BstGap) gap = gap_of (DAYS (2), STEP ("a", "'promise': " DAYS (1)) "," STEP (
                                                 "b", "'after': ['a'], 'promise': " DAYS (1)));

  g_assert_cmpint (gap->kind, ==, BST_GAP_NONE);
  g_assert_cmpuint (gap->off_duty->len, ==, 0);
  g_assert_cmpint (gap->needs, ==, 0);
}

/* "SLA 2 days, the chain behind it needs 4." */
static void
test_too_slow (void)
{
  g_autoptr (BstGap) gap =
      gap_of (DAYS (2), STEP ("b", "'after': ['a'], 'promise': " DAYS (3)) "," STEP (
                            "a", "'promise': " DAYS (1)) "," STEP ("c", "'promise': " DAYS (2)));

  g_assert_cmpint (gap->kind, ==, BST_GAP_TOO_SLOW);
  g_assert_cmpint (gap->needs, ==, 4);
  g_assert_cmpstr (gap->critical[0], ==, "a");
  g_assert_cmpstr (gap->critical[1], ==, "b");
  g_assert_null (gap->critical[2]);
  g_assert_cmpint (gap->finish, >, gap->due);
}

/* Four hours and eight are within two days, but not within the next one when the order comes late in the day. */
static void
test_late_in_the_day (void)
{
  static const char steps[] = STEP ("a", "'promise': {'value': 4, 'unit': 'hours'}") "," STEP (
      "b", "'after': ['a'], 'promise': {'value': 8, 'unit': 'hours'}");
  g_autoptr (BstGap) one = gap_of (DAYS (1), steps);
  g_autoptr (BstGap) two = gap_of (DAYS (2), steps);

  g_assert_cmpint (one->kind, ==, BST_GAP_TOO_SLOW);
  g_assert_cmpint (one->needs, ==, 2);
  g_assert_cmpint (two->kind, ==, BST_GAP_NONE);
}

/* Half an hour is enough at 15:30, and at closing time it counts as the next day; what comes in between is not done the same day. */
static void
test_between (void)
{
  g_autoptr (BstGap) gap =
      gap_of (DAYS (0), STEP ("a", "'promise': {'value': 30, 'unit': 'minutes'}"));

  g_assert_cmpint (gap->kind, ==, BST_GAP_TOO_SLOW);
  g_assert_cmpint (gap->needs, ==, 1);
}

/* "Nobody on duty Friday 14–16." */
static void
test_off_duty (void)
{
  g_autoptr (BstGap) gap =
      gap_of ("{'value': 8, 'unit': 'hours', 'calendar': 'office'}",
              STEP ("a", "'promise': {'value': 8, 'unit': 'hours', 'calendar': 'short'}"));
  const BstOffDuty *off;

  g_assert_cmpint (gap->kind, ==, BST_GAP_TOO_SLOW);
  g_assert_cmpint (gap->needs, ==, 10);
  g_assert_cmpuint (gap->off_duty->len, ==, 1);
  off = gap->off_duty->pdata[0];
  g_assert_cmpstr (off->key, ==, "a");
  g_assert_cmpint (off->weekday, ==, 5);
  g_assert_cmpint (off->from, ==, 14 * 60);
  g_assert_cmpint (off->to, ==, 16 * 60);
}

static void
test_outside_hours (void)
{
  g_autoptr (BstGap) gap = gap_of ("{'value': 1, 'unit': 'hours', 'outside': {'value': 2, 'unit': "
                                   "'working-days', 'calendar': 'office'}}",
                                   STEP ("a", "'promise': {'value': 1, 'unit': 'hours'}"));

  g_assert_cmpint (gap->kind, ==, BST_GAP_NONE);
}

static void
test_not_whole (void)
{
  g_autoptr (BstGap) none = gap_of (DAYS (2), "");
  g_autoptr (BstGap) circle =
      gap_of (DAYS (2), STEP ("a", "'after': ['b'], 'promise': " DAYS (1)) "," STEP (
                            "b", "'after': ['a'], 'promise': " DAYS (1)));
  g_autoptr (BstGap) missing =
      gap_of (DAYS (2), STEP ("a", "'after': ['x'], 'promise': " DAYS (1)));
  g_autoptr (BstGap) unsaid = gap_of (DAYS (2), STEP ("a", "'promise': {}"));
  g_autoptr (BstGap) elsewhere = gap_of (
      DAYS (2), STEP ("a", "'promise': {'value': 1, 'unit': 'hours', 'calendar': 'nowhere'}"));
  g_autoptr (BstGap) negative =
      gap_of (DAYS (2), STEP ("a", "'promise': {'value': -1, 'unit': 'hours'}"));

  g_assert_cmpint (none->kind, ==, BST_GAP_NO_CHAIN);
  g_assert_cmpint (circle->kind, ==, BST_GAP_CIRCLE);
  g_assert_cmpint (missing->kind, ==, BST_GAP_CIRCLE);
  g_assert_cmpint (unsaid->kind, ==, BST_GAP_UNKNOWN);
  g_assert_cmpint (elsewhere->kind, ==, BST_GAP_UNKNOWN);
  g_assert_cmpint (negative->kind, ==, BST_GAP_UNKNOWN);
}

/* The catalogue's promise where the agreement says nothing; another one to try. */
static void
test_of_one (void)
{
  g_autoptr (GVariant) agreement =
      core_doc ("{'calendar': 'office', 'targets': [{'service': 'listed'}], 'olas': [{'key': 'a', "
                "'service': 'listed', 'promise': {'value': 2, 'unit': 'working-days'}}]}");
  g_autoptr (GVariant) tried = core_doc ("{'value': 1, 'unit': 'working-days'}");
  g_autoptr (BstGap) now = bst_gap_of (agreement, "listed", NULL, lookup, NULL);
  g_autoptr (BstGap) then = bst_gap_of (agreement, "listed", tried, lookup, NULL);

  g_assert_cmpint (now->kind, ==, BST_GAP_NONE);
  g_assert_cmpint (bst_doc_get_int (now->promise, "value", 0), ==, 2);
  g_assert_cmpint (then->kind, ==, BST_GAP_TOO_SLOW);
  g_assert_cmpint (then->needs, ==, 2);
}

/* ---- brute force ---- */

#define MAX_STEPS 6

typedef struct
{
  int n;
  BstCalendar *calendars[MAX_STEPS + 1]; /* the last: the target's */
  GVariant *promises[MAX_STEPS + 1];
  gboolean after[MAX_STEPS][MAX_STEPS];
  GHashTable *records;
  GVariant *agreement;
} Graph;

static char *
random_calendar (void)
{
  static const char *const days[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
  const int grid = g_test_rand_bit () ? 30 : 5;
  GString *json = g_string_new ("{'timeZone': 'Europe/Copenhagen', 'weekly': {");

  for (int day = 0; day < 7; day++)
    {
      int from = g_test_rand_int_range (0, 720 / grid) * grid;
      int to = g_test_rand_int_range (from / grid + 1, 1440 / grid + 1) * grid;

      if (day > 0 && g_test_rand_int_range (0, 4) == 0)
        continue;
      g_string_append_printf (json, "%s'%s': [['%02d:%02d','%02d:%02d']]", day > 0 ? "," : "",
                              days[day], from / 60, from % 60, to / 60, to % 60);
    }
  g_string_append (json, "}}");
  return g_string_free (json, FALSE);
}

static char *
random_promise (int calendar, int largest)
{
  static const char *const units[] = { "minutes", "hours", "working-days" };
  int unit = g_test_rand_int_range (0, 3);
  int value =
      unit == 0 ? g_test_rand_int_range (1, 4 * largest) * 15 : g_test_rand_int_range (0, largest);

  return g_strdup_printf ("{'value': %d, 'unit': '%s', 'calendar': 'c%d'}", value, units[unit],
                          calendar);
}

static void
add_calendar (Graph *graph, int index)
{
  g_autofree char *text = random_calendar ();
  GVariant *doc = core_doc (text);

  g_hash_table_insert (graph->records, g_strdup_printf ("c%d", index), doc);
  graph->calendars[index] = bst_calendar_new (doc, NULL);
  g_assert_nonnull (graph->calendars[index]);
}

/* Steps that wait for earlier ones, written down in any order. */
static void
random_graph (Graph *graph)
{
  g_autoptr (GString) olas = g_string_new (NULL);
  g_autofree char *target = NULL;
  g_autofree char *text = NULL;
  int start;

  *graph = (Graph){ .n = g_test_rand_int_range (1, MAX_STEPS + 1) };
  graph->records =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
  start = g_test_rand_int_range (0, graph->n);
  for (int i = 0; i <= graph->n; i++)
    add_calendar (graph, i == graph->n ? MAX_STEPS : i);
  for (int n = 0; n < graph->n; n++)
    {
      int i = (start + n) % graph->n;
      g_autofree char *promise = random_promise (i, 8);
      gboolean first = TRUE;

      graph->promises[i] = core_doc (promise);
      g_string_append_printf (olas, "%s{'key': 'k%d', 'service': 's', 'promise': %s, 'after': [",
                              n ? "," : "", i, promise);
      for (int a = 0; a < i; a++)
        if ((graph->after[i][a] = g_test_rand_int_range (0, 3) == 0))
          {
            g_string_append_printf (olas, "%s'k%d'", first ? "" : ",", a);
            first = FALSE;
          }
      g_string_append (olas, "]}");
    }
  target = random_promise (MAX_STEPS, 60);
  graph->promises[MAX_STEPS] = core_doc (target);
  text = g_strdup_printf ("{'targets': [{'service': 's', 'promise': %s}], 'olas': [%s]}", target,
                          olas->str);
  graph->agreement = core_doc (text);
}

static void
graph_clear (Graph *graph)
{
  for (int i = 0; i <= MAX_STEPS; i++)
    {
      g_clear_pointer (&graph->calendars[i], bst_calendar_unref);
      g_clear_pointer (&graph->promises[i], g_variant_unref);
    }
  g_hash_table_unref (graph->records);
  g_variant_unref (graph->agreement);
}

static gint64
brute_finish (Graph *graph, int step, gint64 received)
{
  gint64 start = received;

  for (int a = 0; a < step; a++)
    if (graph->after[step][a])
      start = MAX (start, brute_finish (graph, a, received));
  if (start > received &&
      strcmp (bst_doc_get_string (graph->promises[step], "unit"), "working-days") == 0)
    start--;
  return bst_promise_due (graph->promises[step], graph->calendars[step], start);
}

static void
brute_week (Graph *graph, gint64 *ret_beyond, gint64 *ret_needs)
{
  static const int seconds[] = { 0, 1, 59 };
  GVariant *target = graph->promises[MAX_STEPS];
  BstCalendar *calendar = graph->calendars[MAX_STEPS];
  const char *unit = bst_doc_get_string (target, "unit");
  gint64 size = strcmp (unit, "hours") == 0 ? 3600 : 60;

  *ret_beyond = *ret_needs = 0;
  for (gint64 minute = MONDAY; minute < MONDAY + WEEK; minute += 60)
    for (gsize s = 0; s < G_N_ELEMENTS (seconds); s++)
      {
        gint64 at = minute + seconds[s];
        gint64 due = bst_promise_due (target, calendar, at);
        gint64 finish = at;
        gint64 needs;

        for (int i = 0; i < graph->n; i++)
          finish = MAX (finish, brute_finish (graph, i, at));
        needs = strcmp (unit, "working-days") == 0
                    ? bst_calendar_working_days (calendar, at, finish)
                    : (bst_calendar_elapsed (calendar, at, finish) + size - 1) / size;
        *ret_beyond = MAX (*ret_beyond, finish - due);
        *ret_needs = MAX (*ret_needs, needs);
      }
}

static void
test_brute (void)
{
  const int rounds = g_test_slow () ? 400 : 3;
  int slow = 0;

  for (int round = 0; round < rounds; round++)
    {
      Graph graph;
      gint64 beyond, needs;
      g_autoptr (GPtrArray) gaps = NULL;
      const BstGap *gap;

      random_graph (&graph);
      gaps = bst_gap_map (graph.agreement, lookup, graph.records);
      gap = gaps->pdata[0];
      brute_week (&graph, &beyond, &needs);
      g_assert_cmpint (gap->kind, ==, beyond > 0 ? BST_GAP_TOO_SLOW : BST_GAP_NONE);
      g_assert_cmpint (gap->finish - gap->due, ==, beyond);
      g_assert_cmpint (gap->needs, ==, beyond > 0 ? needs : 0);
      slow += beyond > 0;
      graph_clear (&graph);
    }
  g_test_message ("%d random chains, %d of them too slow", rounds, slow);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/gap/kept", test_kept);
  g_test_add_func ("/core/gap/too-slow", test_too_slow);
  g_test_add_func ("/core/gap/late-in-the-day", test_late_in_the_day);
  g_test_add_func ("/core/gap/between", test_between);
  g_test_add_func ("/core/gap/off-duty", test_off_duty);
  g_test_add_func ("/core/gap/outside-hours", test_outside_hours);
  g_test_add_func ("/core/gap/not-whole", test_not_whole);
  g_test_add_func ("/core/gap/of-one", test_of_one);
  g_test_add_func ("/core/gap/brute", test_brute);
  return g_test_run ();
}
