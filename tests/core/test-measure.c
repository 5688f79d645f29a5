/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "bst-clock.h"
#include "bst-measure.h"
#include "bst-month.h"
#include "bst-record-type.h"

#include <string.h>

static const char *const units[] = { "town", "schools", "north", "south", "care", "home" };
static const char *const services[] = { "laptop", "phone", "payroll" };
static const char *const months[] = { "2026-01", "2026-02", "" };
static const char *const channels[] = { "app", "phone", "carrier pigeon" };

#define N_CASES 400

static BstOrg *
tree (void)
{
  g_autoptr (GPtrArray) docs =
      core_docs ("[{'id':'town','name':'Town','kind':'authority'},"
                 "{'id':'schools','name':'Schools','kind':'department','parent':'town'},"
                 "{'id':'north','name':'North','kind':'institution','parent':'schools'},"
                 "{'id':'south','name':'South','kind':'institution','parent':'schools'},"
                 "{'id':'care','name':'Care','kind':'department','parent':'town'},"
                 "{'id':'home','name':'Home','kind':'institution','parent':'care'}]");

  return bst_org_new (docs, NULL);
}

#define PICK(list) list[g_test_rand_int_range (0, (gint32) G_N_ELEMENTS (list))]

static BstCase
random_case (void)
{
  static const BstSlaVerdict verdicts[] = { BST_SLA_MET, BST_SLA_BREACHED };
  BstCase one = { .unit = PICK (units), .service = PICK (services), .channel = PICK (channels) };

  g_strlcpy (one.month, PICK (months), sizeof one.month);
  one.verdict = PICK (verdicts);
  one.response_verdict = PICK (verdicts);
  one.stopped = one.verdict == BST_SLA_MET || g_test_rand_bit () ? 1 : 0;
  one.due = g_test_rand_int_range (0, 5) ? 1 : BST_CALENDAR_NEVER;
  one.response_due = g_test_rand_bit () ? 1 : BST_CALENDAR_NEVER;
  one.elapsed = g_test_rand_int_range (0, 50);
  one.first_time = one.stopped && g_test_rand_bit ();
  one.stars = one.stopped && g_test_rand_bit () ? g_test_rand_int_range (1, 6) : 0;
  return one;
}

static gint
compare_times (gconstpointer a, gconstpointer b)
{
  return *(const int *) a - *(const int *) b;
}

/* The same by looking at every case. */
static void
check_group (BstOrg *org,
             const BstCase *cases,
             guint n,
             GVariant *measure,
             const char *unit,
             const char *service,
             const char *month)
{
  gint64 count = 0, met = 0, breached = 0, answered = 0, first = 0, ratings = 0, stars = 0, app = 0;
  int times[N_CASES];
  guint delivered = 0;

  for (guint i = 0; i < n; i++)
    {
      const BstCase *one = &cases[i];

      if (!bst_org_is_within (org, one->unit, unit) || strcmp (one->month, month) != 0 ||
          (service && strcmp (one->service, service) != 0))
        continue;
      count++;
      met += one->due == 1 && one->verdict == BST_SLA_MET;
      breached += one->due == 1 && one->verdict == BST_SLA_BREACHED;
      answered += one->response_due == 1 && one->response_verdict == BST_SLA_MET;
      first += one->first_time;
      ratings += one->stars > 0;
      stars += one->stars;
      app += strcmp (one->channel, "app") == 0;
      if (one->stopped)
        times[delivered++] = (int) one->elapsed;
    }
  g_assert_cmpint (count > 0, ==, measure != NULL);
  if (!measure)
    return;
  g_assert_cmpint (bst_doc_get_int (measure, "cases", -1), ==, count);
  g_assert_cmpint (bst_doc_get_int (measure, "met", -1), ==, met);
  g_assert_cmpint (bst_doc_get_int (measure, "breached", -1), ==, breached);
  g_assert_cmpint (bst_doc_get_int (measure, "responseMet", -1), ==, answered);
  g_assert_cmpint (bst_doc_get_int (measure, "firstTime", -1), ==, first);
  g_assert_cmpint (bst_doc_get_int (measure, "delivered", -1), ==, delivered);
  g_assert_cmpint (bst_doc_get_int (measure, "channels/app/cases", 0), ==, app);
  if (bst_doc_has (measure, "ratings"))
    {
      g_assert_cmpint (ratings, >=, 5);
      g_assert_cmpint (bst_doc_get_int (measure, "ratings", -1), ==, ratings);
      g_assert_cmpint (bst_doc_get_int (measure, "ratingSum", -1), ==, stars);
    }
  qsort (times, delivered, sizeof (int), compare_times);
  for (guint percent = 50; percent <= 90; percent += 40)
    {
      gint64 said = bst_doc_get_int (measure, percent == 50 ? "medianSeconds" : "p90Seconds", -1);
      guint rank = 0;

      while (rank < delivered && (rank + 1) * 100 < percent * delivered)
        rank++;
      g_assert_cmpint (said, ==, delivered ? times[rank] : -1);
    }
}

static void
check_all (BstOrg *org, BstMeasures *measures, const BstCase *cases, guint n)
{
  guint expected = 0;
  g_autoptr (GPtrArray) documents = bst_measures_documents (measures, NULL);

  for (guint m = 0; m < 2; m++)
    for (guint u = 0; u < G_N_ELEMENTS (units); u++)
      for (guint s = 0; s <= G_N_ELEMENTS (services); s++)
        {
          const char *service = s < G_N_ELEMENTS (services) ? services[s] : NULL;
          g_autoptr (GVariant) measure = bst_measures_read (measures, units[u], service, months[m]);

          check_group (org, cases, n, measure, units[u], service, months[m]);
          expected += measure != NULL;
        }
  g_assert_cmpuint (documents->len, ==, expected);
}

static void
test_naive (void)
{
  g_autoptr (BstOrg) org = tree ();

  for (guint round = 0; round < 100; round++)
    {
      g_autoptr (BstMeasures) measures = bst_measures_new (org);
      g_autoptr (BstMeasures) backwards = bst_measures_new (org);
      g_autoptr (GPtrArray) documents = NULL;
      g_autoptr (GPtrArray) others = NULL;
      BstCase cases[N_CASES];
      guint n = (guint) g_test_rand_int_range (1, N_CASES + 1);

      for (guint i = 0; i < n; i++)
        cases[i] = random_case ();
      for (guint i = 0; i < n; i++)
        {
          bst_measures_add (measures, &cases[i]);
          bst_measures_add (backwards, &cases[n - 1 - i]);
        }
      check_all (org, measures, cases, n);
      documents = bst_measures_documents (measures, NULL);
      others = bst_measures_documents (backwards, NULL);
      g_assert_cmpuint (documents->len, ==, others->len);
      for (guint i = 0; i < documents->len; i++)
        g_assert_true (bst_doc_equal (documents->pdata[i], others->pdata[i]));
    }
}

/* A department stands beside the whole authority; ids are as agreed, and the documents as the dictionary has them. */
static void
test_documents (void)
{
  g_autoptr (BstOrg) org = tree ();
  g_autoptr (BstMeasures) measures = bst_measures_new (org);
  g_autoptr (GPtrArray) january = NULL;
  g_autoptr (GVariant) schools = NULL;
  g_autoptr (GVariant) north = NULL;

  for (guint i = 0; i < 20; i++)
    {
      BstCase one = { .unit = i < 12 ? "north" : "home",
                      .service = "phone",
                      .channel = "app",
                      .month = "2026-01",
                      .due = 1,
                      .stopped = 1,
                      .verdict = BST_SLA_MET,
                      .elapsed = i,
                      .stars = 4,
                      .response_due = BST_CALENDAR_NEVER };

      bst_measures_add (measures, &one);
    }
  january = bst_measures_documents (measures, "2026-01");
  g_assert_cmpuint (january->len, ==, 10);
  for (guint i = 0; i < january->len; i++)
    {
      g_autoptr (GPtrArray) problems = bst_record_type_validate (bst_record_type_find ("Measure"),
                                                                 january->pdata[i], NULL, TRUE);

      g_assert_cmpuint (problems->len, ==, 0);
    }
  schools = bst_measures_read (measures, "schools", "phone", "2026-01");
  g_assert_cmpstr (bst_doc_get_string (schools, "id"), ==, "measure-schools-phone-2026-01");
  g_assert_cmpint (bst_doc_get_int (schools, "ratings", 0), ==, 12);
  g_assert_cmpint (bst_doc_get_int (schools, "all/ratings", 0), ==, 20);
  g_assert_cmpint (bst_doc_get_int (schools, "all/medianSeconds", 0), ==, 9);
  north = bst_measures_read (measures, "north", NULL, "2026-01");
  g_assert_cmpstr (bst_doc_get_string (north, "id"), ==, "measure-north-all-2026-01");
  g_assert_false (bst_doc_has (north, "all"));
  g_assert_null (bst_measures_read (measures, "north", NULL, "2026-02"));
  g_assert_null (bst_measures_read (measures, "south", NULL, "2026-01"));
}

/* ---- availability ---- */

static BstCalendar *
lookup (const char *id, gpointer closure)
{
  return g_strcmp0 (id, "office") == 0 ? closure : NULL;
}

static BstCalendar *
office (void)
{
  g_autoptr (GVariant) doc = core_doc (
      "{'timeZone':'Europe/Copenhagen','weekly':{'mon':[['08:00','16:00']],'tue':[['08:00',"
      "'16:00']],'wed':[['08:00','16:00']],'sun':[['00:00','12:00']]}}");

  return bst_calendar_new (doc, NULL);
}

#define NOW "2026-04-10T12:00:00Z"

static GVariant *
random_notice (void)
{
  static const char *const kinds[] = { "disturbance", "disturbance", "planned", "news" };
  static const char *const hit[] = { "[]", "['laptop']", "['phone','laptop']", "['phone']" };
  static const char *const where[] = { "[]", "['town']", "['schools']", "['south','north']",
                                       "['care']" };
  gint64 from;
  g_autofree char *begin = NULL;
  g_autofree char *end = NULL;

  bst_instant_parse ("2026-02-10T00:00:00Z", &from);
  from += g_test_rand_int_range (0, 80 * 1440) * G_GINT64_CONSTANT (60);
  begin = bst_instant_format (from);
  end = bst_instant_format (from + g_test_rand_int_range (-600, 6000) * G_GINT64_CONSTANT (60));
  if (g_test_rand_int_range (0, 5) == 0)
    return core_doc_format ("{'kind':'%s','services':%s,'units':%s,'from':'%s'}", PICK (kinds),
                            PICK (hit), PICK (where), begin);
  return core_doc_format ("{'kind':'%s','services':%s,'units':%s,'from':'%s','to':'%s'}",
                          PICK (kinds), PICK (hit), PICK (where), begin, end);
}

/* Whether the notice disturbs laptops in the north at @minute. */
static gboolean
disturbs (GVariant *notice, gint64 minute, gint64 month_end, gint64 now)
{
  g_auto (GStrv) hit = bst_doc_get_strv (notice, "services");
  g_auto (GStrv) where = bst_doc_get_strv (notice, "units");
  gboolean north = !where[0];
  gint64 from = 0;
  gint64 to = month_end > now ? 0 : G_MAXINT64;

  for (guint i = 0; where[i]; i++)
    north |= strcmp (where[i], "care") != 0 && strcmp (where[i], "south") != 0;
  bst_instant_parse (bst_doc_get_string (notice, "from"), &from);
  bst_instant_parse (bst_doc_get_string (notice, "to"), &to);
  return north && (!hit[0] || g_strv_contains ((const char *const *) hit, "laptop")) &&
         strcmp (bst_doc_get_string (notice, "kind"), "disturbance") == 0 && from <= minute &&
         minute < to;
}

static double
stepped (GPtrArray *notices, BstCalendar *calendar, const char *month)
{
  gint64 open = 0, disturbed = 0, from, to, now;

  bst_instant_parse (NOW, &now);
  bst_month_bounds (month, bst_calendar_zone (calendar), &from, &to);
  for (gint64 minute = from; minute < to; minute += 60)
    {
      gboolean any = FALSE;

      if (!bst_calendar_is_open (calendar, minute))
        continue;
      open++;
      for (guint i = 0; i < notices->len; i++)
        any |= disturbs (notices->pdata[i], minute, to, now);
      disturbed += any;
    }
  return 100.0 * (double) (open - disturbed) / (double) open;
}

static void
test_availability (void)
{
  g_autoptr (BstOrg) org = tree ();
  g_autoptr (BstCalendar) calendar = office ();
  static const char *const over[] = { "2026-02", "2026-03", "2026-04" };

  for (guint round = 0; round < 20; round++)
    {
      g_autoptr (GPtrArray) notices =
          g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
      BstAvailability availability = { notices, NULL, lookup, calendar, 0 };

      bst_instant_parse (NOW, &availability.now);
      for (int i = g_test_rand_int_range (0, 6); i > 0; i--)
        g_ptr_array_add (notices, random_notice ());
      for (guint m = 0; m < G_N_ELEMENTS (over); m++)
        {
          double percent =
              bst_availability (&availability, org, "north", "laptop", calendar, over[m]);
          double brute = stepped (notices, calendar, over[m]);

          g_assert_cmpfloat_with_epsilon (percent, brute, 0.00051);
        }
    }
}

static void
test_availability_in_measures (void)
{
  g_autoptr (BstOrg) org = tree ();
  g_autoptr (BstCalendar) calendar = office ();
  g_autoptr (BstMeasures) measures = bst_measures_new (org);
  g_autoptr (GPtrArray) notices =
      core_docs ("[{'kind':'disturbance','from':'2026-01-05T07:00:00Z','to':'2026-01-05T11:00:"
                 "00Z'}]");
  g_autoptr (GPtrArray) known = core_docs ("[{'id':'laptop','promise':{'calendar':'office'}},"
                                           "{'id':'phone','promise':{'calendar':'none'}}]");
  const BstAvailability availability = { notices, known, lookup, calendar, 0 };
  const BstCase laptop = {
    .unit = "north", .service = "laptop", .channel = "app", .month = "2026-01"
  };
  const BstCase phone = {
    .unit = "north", .service = "phone", .channel = "app", .month = "2026-01"
  };
  g_autoptr (GVariant) of_laptop = NULL;
  g_autoptr (GVariant) of_phone = NULL;
  g_autoptr (GVariant) of_all = NULL;

  bst_measures_set_availability (measures, &availability);
  bst_measures_add (measures, &laptop);
  bst_measures_add (measures, &phone);
  of_laptop = bst_measures_read (measures, "schools", "laptop", "2026-01");
  of_phone = bst_measures_read (measures, "schools", "phone", "2026-01");
  of_all = bst_measures_read (measures, "schools", NULL, "2026-01");
  /* Four hours of 12 days of 8 and four of 12: 144. */
  g_assert_cmpfloat_with_epsilon (bst_doc_get_double (of_laptop, "availability", -1), 97.222, 1e-9);
  g_assert_true (bst_doc_has (of_laptop, "all/availability"));
  g_assert_false (bst_doc_has (of_phone, "availability"));
  g_assert_false (bst_doc_has (of_all, "availability"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/measure/naive", test_naive);
  g_test_add_func ("/measure/documents", test_documents);
  g_test_add_func ("/measure/availability", test_availability);
  g_test_add_func ("/measure/availability-in-measures", test_availability_in_measures);
  return g_test_run ();
}
