/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Service levels from a store with a year of orders: the numbers on the page are those of the measures, what is recomputed here
 * finds a figure that is wrong, and the report says the same on paper.
 *
 *   test-levels SEED-STORE SAMPLE PERSON
 */

#include "bst-app-test.h"
#include "bst-config.h"

#include <adwaita.h>
#include <glib/gstdio.h>
#include <libintl.h>
#include <locale.h>
#include <string.h>

#include "bst-clock.h"
#include "bst-level-report.h"
#include "bst-level-words.h"
#include "bst-levels.h"
#include "bst-month.h"
#include "bst-proof-words.h"
#include "bst-proof.h"
#include "bst-json.h"
#include "bst-system-clock.h"
#include "bst-text.h"

#define LIMIT_SECONDS         40
#define WAIT_UNTIL(condition) BST_WAIT_UNTIL (condition, LIMIT_SECONDS)

static char **arguments; /* seed-store, sample, person */
static char *directory;
static BstStore *store;
static BstSession *session;
static const char *language;

/* Whoever she is: one institution alone has too few cases. */
static void
look_at_department (void)
{
  BstOrg *org = bst_session_get_org (session);
  const char *own = bst_doc_get_string (bst_session_get_person (session), "unit");
  g_autoptr (GHashTable) visible = bst_org_visible_units (org, bst_session_get_person (session));

  g_assert_true (g_hash_table_contains (visible, bst_levels_default_unit (session)));
  bst_session_set_unit (session, bst_org_department (org, own));
}

static void
open_store (void)
{
  g_autofree char *profile = NULL;
  g_autoptr (GError) error = NULL;

  directory = g_dir_make_tmp ("bst-levels-XXXXXX", NULL);
  profile = bst_test_sample_profile (arguments[0], directory, arguments[1], arguments[2]);
  store = bst_store_open (profile, bst_system_clock (), &error);
  g_assert_no_error (error);
  session = bst_session_new (store, bst_system_clock (), language);
  WAIT_UNTIL (bst_session_get_org (session) && bst_session_get_person (session));
  look_at_department ();
}

static gboolean was_changed;

static void
changed_cb (BstLevels *levels, gpointer data)
{
  was_changed = TRUE;
}

static const BstLevelData *
choose (BstLevels *levels, const char *service, const char *from, const char *to)
{
  was_changed = FALSE;
  bst_levels_choose (levels, bst_levels_default_unit (session), service, from, to);
  /* What an earlier test has let go of may still say that it changed. */
  WAIT_UNTIL (was_changed && bst_levels_get_data (levels) &&
              bst_levels_get_data (levels)->total.cases > 0 &&
              g_strcmp0 (bst_levels_get_data (levels)->from, from) == 0 &&
              g_strcmp0 (bst_levels_get_data (levels)->service, service) == 0);
  return bst_levels_get_data (levels);
}

static BstLevels *
new_levels (void)
{
  BstLevels *levels = bst_levels_new (session);

  g_signal_connect (levels, "changed", G_CALLBACK (changed_cb), NULL);
  return levels;
}

static char *
month_ago (int n)
{
  g_autofree char *now = bst_levels_get_month (session, bst_levels_default_unit (session));

  return bst_month_add (now, -n);
}

static GVariant *
measure (const char *unit, const char *service, const char *month)
{
  g_autofree char *id =
      g_strdup_printf ("measure-%s-%s-%s", unit, service ? service : "all", month);

  return bst_store_get (store, "Measure", id, NULL);
}

/* ---- what is put together ---- */

static void
test_month_is_the_measure (void)
{
  g_autoptr (BstLevels) levels = new_levels ();
  g_autofree char *month = month_ago (1);
  const BstLevelData *data = choose (levels, NULL, month, month);
  g_autoptr (GVariant) all = measure (data->unit, NULL, month);
  gint64 cases = 0;
  gint64 below = 0;

  g_assert_cmpint (data->total.cases, ==, bst_doc_get_int (all, "cases", -1));
  g_assert_cmpint (data->total.breached, ==, bst_doc_get_int (all, "breached", -1));
  g_assert_cmpint (data->total.median_low, ==, bst_doc_get_int (all, "medianSeconds", -1));
  g_assert_cmpuint (data->months->len, ==, BST_LEVEL_TREND);
  g_assert_cmpstr (((BstLevelMonth *) data->months->pdata[BST_LEVEL_TREND - 1])->month, ==, month);
  for (guint i = 0; i < data->services->len; i++)
    {
      const BstLevelRow *row = data->services->pdata[i];
      g_autoptr (GVariant) own = measure (data->unit, row->id, month);

      g_assert_cmpint (row->level.cases, ==, bst_doc_get_int (own, "cases", -1));
      g_assert_cmpint (row->level.met, ==, bst_doc_get_int (own, "met", -1));
      cases += row->level.cases;
    }
  for (guint i = 0; i < data->units->len; i++)
    below += ((BstLevelRow *) data->units->pdata[i])->level.cases;
  g_assert_cmpint (cases, ==, data->total.cases);
  g_assert_cmpint (below, ==, data->total.cases);
}

/* The cases that are listed as breached are as many as the measure says, and each is late. */
static void
test_breached_cases (void)
{
  g_autoptr (BstLevels) levels = new_levels ();

  for (int ago = 1; ago < 5; ago++)
    {
      g_autofree char *month = month_ago (ago);
      g_autofree char *before = month_ago (ago + 1);
      const BstLevelData *data = choose (levels, NULL, month, month);
      g_autoptr (GVariant) last = measure (data->unit, NULL, before);

      g_assert_cmpint (data->late->len, ==, data->total.breached);
      for (guint i = 0; i < data->late->len; i++)
        {
          const BstCaseView *view = data->late->pdata[i];

          g_assert_cmpstr (view->found.month, ==, month);
          g_assert_cmpint (view->sla.verdict, ==, BST_SLA_BREACHED);
        }
      g_assert_true (data->has_change);
      g_assert_cmpint (data->change.more, ==,
                       data->total.breached - bst_doc_get_int (last, "breached", 0));
    }
}

/* ---- what changed, reckoned without the rules ---- */

/* Opening seconds of what was not the performer's turn, stretch by stretch. */
static BstCause
brute_cause (const BstCaseView *view)
{
  gint64 seconds[BST_N_CAUSES] = { 0 };
  int most = BST_CAUSE_PERFORMER;

  for (guint i = 0; i < view->stretches->len; i++)
    {
      const BstStretch *stretch = &g_array_index (view->stretches, BstStretch, i);
      int whose = stretch->kind == BST_STRETCH_DELIVERED              ? BST_CAUSE_DISPUTED
                  : stretch->kind != BST_STRETCH_PAUSED               ? BST_CAUSE_PERFORMER
                  : g_strcmp0 (stretch->waiting_for, "supplier") == 0 ? BST_CAUSE_SUPPLIER
                  : g_strcmp0 (stretch->waiting_for, "orderer") == 0  ? BST_CAUSE_ORDERER
                                                                      : BST_CAUSE_PERFORMER;

      if (whose != BST_CAUSE_PERFORMER)
        seconds[whose] += view->sla.calendar ? bst_calendar_elapsed (view->sla.calendar,
                                                                     stretch->from, stretch->to)
                                             : stretch->to - stretch->from;
    }
  for (int cause = BST_CAUSE_PERFORMER - 1; cause >= 0; cause--)
    if (seconds[cause] > 0 && seconds[cause] >= seconds[most])
      most = cause;
  return (BstCause) most;
}

/* How many more (in the direction of the whole difference) there are of @name: a service's, or a cause's. */
static int
brute_more (const BstLevelData *data, const char *service, int cause)
{
  int more = 0;

  for (guint i = 0; i < data->late->len; i++)
    {
      const BstCaseView *view = data->late->pdata[i];

      if (service ? g_strcmp0 (view->found.service, service) == 0
                  : brute_cause (view) == (BstCause) cause)
        more += strcmp (view->found.month, data->to) == 0 ? 1 : -1;
    }
  return data->change.more < 0 ? -more : more;
}

static void
check_change (const BstLevelData *data)
{
  int difference = ABS (data->change.more);
  int most_cause = 0;
  int most_service = 0;
  int named = 0;

  for (int cause = 0; cause < BST_N_CAUSES; cause++)
    most_cause = MAX (most_cause, brute_more (data, NULL, cause));
  for (guint i = 0; i < data->late->len; i++)
    {
      const char *service = ((BstCaseView *) data->late->pdata[i])->found.service;
      GVariant *doc = bst_records_get (bst_records_for_store (store), "Service", service);
      int more = brute_more (data, service, 0);

      most_service = MAX (most_service, more);
      if (data->change_service &&
          g_strcmp0 (bst_text_pick (doc, "name", bst_session_get_language (session)),
                     data->change_service) == 0)
        named = MAX (named, more);
    }
  most_cause = MIN (most_cause, difference);
  g_assert_cmpint (data->change.of_cause, ==, most_cause * 3 < difference ? 0 : most_cause);
  if (data->change.of_cause > 0)
    g_assert_cmpint (MIN (brute_more (data, NULL, (int) data->change.cause), difference), ==,
                     most_cause);
  g_assert_cmpint (
      named, ==,
      difference == 0 || MIN (most_service, difference) * 3 < difference ? 0 : most_service);
}

/* Each month against the one before: what is named contributed most, and nothing that contributed little is named. */
static void
test_change_is_true (void)
{
  g_autoptr (BstLevels) levels = new_levels ();
  guint explained = 0;

  for (int ago = 1; ago < 12; ago++)
    {
      g_autofree char *month = month_ago (ago);
      g_autofree char *before = month_ago (ago + 1);
      const BstLevelData *data = choose (levels, NULL, before, month);

      g_assert_true (data->has_change);
      check_change (data);
      explained += data->change.of_cause > 0 || data->change_service;
    }
  g_assert_cmpuint (explained, >, 3);
}

static void
test_year (void)
{
  g_autoptr (BstLevels) levels = new_levels ();
  g_autofree char *from = month_ago (12);
  g_autofree char *to = month_ago (1);
  const BstLevelData *data = choose (levels, NULL, from, to);
  gint64 cases = 0;

  for (guint i = 1; i < data->months->len; i++)
    cases += ((BstLevelMonth *) data->months->pdata[i])->level.cases;
  g_assert_cmpint (data->total.cases, ==, cases);
  g_assert_cmpint (data->total.months, ==, 12);
  g_assert_cmpint (data->total.median_low, <=, data->total.median_high);
}

static void
test_one_service (void)
{
  g_autoptr (BstLevels) levels = new_levels ();
  g_autofree char *month = month_ago (1);
  const BstLevelData *data = choose (levels, NULL, month, month);
  g_autofree char *service = g_strdup (((BstLevelRow *) data->services->pdata[0])->id);
  gint64 cases = ((BstLevelRow *) data->services->pdata[0])->level.cases;

  data = choose (levels, service, month, month);
  g_assert_cmpint (data->total.cases, ==, cases);
  g_assert_cmpuint (data->services->len, ==, 1);
  for (guint i = 0; i < data->late->len; i++)
    g_assert_cmpstr (((BstCaseView *) data->late->pdata[i])->found.service, ==, service);
}

/* ---- counting again ---- */

static void
proved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  *(BstProof **) data = bst_proof_finish (result, &error);
  g_assert_no_error (error);
}

static BstProof *
prove (const char *service, const char *from, const char *to)
{
  BstProof *proof = NULL;

  bst_proof_async (session, bst_levels_default_unit (session), service, from, to, NULL, proved_cb,
                   &proof);
  WAIT_UNTIL (proof);
  return proof;
}

/* As if the performer had said something else. */
static void
replace_record (const char *type, GVariant *changed)
{
  const char *unit = bst_levels_default_unit (session);
  g_autofree char *state = bst_store_get_checkpoint (store, unit, NULL);
  g_autofree char *next = g_strconcat (state, "1", NULL);
  g_autofree char *record = bst_json_print (changed);
  g_autofree char *answer = g_strdup_printf (
      "{\"sessionState\":\"1\",\"methodResponses\":[[\"Record/changes\",{\"accountId\":\"%s\","
      "\"oldState\":\"%s\",\"newState\":\"%s\",\"hasMoreChanges\":false,\"destroyed\":{},"
      "\"records\":{\"%s\":[%s]}},\"c\"]]}",
      unit, state, next, type, record);
  g_autoptr (GBytes) bytes = g_bytes_new (answer, strlen (answer));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pages = bst_store_apply_response (store, bytes, &error);

  g_assert_no_error (error);
}

static void
test_proof (void)
{
  const char *unit = bst_levels_default_unit (session);
  g_autofree char *from = month_ago (3);
  g_autofree char *to = month_ago (1);
  g_autofree char *month = month_ago (2);
  g_autoptr (BstLevels) levels = new_levels ();
  const BstLevelData *data = choose (levels, NULL, month, month);
  g_autofree char *service = g_strdup (((BstLevelRow *) data->services->pdata[0])->id);
  gint64 cases = choose (levels, NULL, from, to)->total.cases;
  g_autoptr (GVariant) right = measure (unit, service, month);
  g_autoptr (GVariant) wrong =
      bst_doc_set_int (right, "met", bst_doc_get_int (right, "met", 0) + 1);
  g_autoptr (BstProof) same = prove (NULL, from, to);
  g_autoptr (BstProof) other = NULL;
  g_autoptr (BstProof) own = NULL;
  g_autoptr (BstProof) elsewhere = NULL;
  BstDifference *difference;

  g_assert_cmpint (same->n_cases, ==, cases);
  g_assert_cmpuint (same->n_figures, >, 3);
  g_assert_cmpuint (same->differences->len, ==, 0);
  g_assert_cmpuint (same->cases->len, ==, 0);
  g_assert_cmpint (same->n_told, ==, cases);

  replace_record ("Measure", wrong);
  other = prove (NULL, from, to);
  own = prove (service, month, month);
  elsewhere = prove (service, to, to);
  g_assert_cmpuint (other->differences->len, ==, 1);
  difference = other->differences->pdata[0];
  g_assert_cmpstr (difference->service, ==, service);
  g_assert_cmpstr (difference->month, ==, month);
  g_assert_cmpint (difference->theirs.met, ==, difference->ours.met + 1);
  /* The cases are right: it is the figure that is none of them. */
  g_assert_false (difference->is_sum);
  g_assert_cmpuint (other->cases->len, ==, 0);
  g_assert_cmpuint (own->differences->len, ==, 1);
  g_assert_cmpuint (elsewhere->differences->len, ==, 0);
  replace_record ("Measure", right);
}

/* ---- case by case ---- */

/* A tally of the month with at least three cases; @ret_cases: its list. */
static GVariant *
find_tally (const char *month, GVariant **ret_cases)
{
  const BstQuery query = { .type = "Tally",
                           .unit = bst_levels_default_unit (session),
                           .first_month = month,
                           .last_month = month };
  g_autoptr (GPtrArray) all = bst_store_find (store, &query, 0, 1000, NULL);

  for (guint i = 0; i < all->len; i++)
    {
      g_autoptr (GVariant) cases = bst_doc_get_list (all->pdata[i], "cases");

      if (g_variant_n_children (cases) < 3)
        continue;
      *ret_cases = g_steal_pointer (&cases);
      return g_variant_ref (all->pdata[i]);
    }
  g_assert_not_reached ();
}

/* Without @at, or with @entry in its place, or with that one more. */
static GVariant *
with_cases (GVariant *tally, GVariant *cases, gsize at, GVariant *entry)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("av"));
  for (gsize i = 0; i < g_variant_n_children (cases); i++)
    {
      g_autoptr (GVariant) boxed = g_variant_get_child_value (cases, i);

      if (i != at)
        g_variant_builder_add_value (&builder, boxed);
    }
  if (entry)
    g_variant_builder_add (&builder, "v", entry);
  return bst_doc_set (tally, "cases", g_variant_builder_end (&builder));
}

static GVariant *
entry_at (GVariant *cases, gsize at)
{
  g_autoptr (GVariant) boxed = g_variant_get_child_value (cases, at);
  g_autoptr (GVariant) entry = g_variant_get_variant (boxed);

  return bst_doc_take (g_variant_ref (entry));
}

static const char *
name_of (const char *type, const char *id, gpointer closure)
{
  return id;
}

/* What is told of the one case that differs. */
static void
assert_one (const BstProof *proof, GVariant *entry, BstTallyDiffers differs, gboolean here)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  const BstProofCase *one;
  g_autofree char *text = NULL;

  g_assert_cmpuint (proof->cases->len, ==, 1);
  one = proof->cases->pdata[0];
  g_assert_cmpstr (one->id, ==, bst_doc_get_string (entry, "request"));
  g_assert_cmpint (one->differs, ==, differs);
  g_assert_cmpint (one->request != NULL, ==, here);
  g_assert_cmpint (proof->n_absent, ==, here ? 0 : 1);
  text = bst_proof_case_text (one, name_of, NULL, zone, language);
  g_assert_cmpuint (strlen (text), >, 10);
  if (strcmp (language, "en") != 0)
    g_assert_false (g_str_has_prefix (text, "The performer"));
}

/* One case is counted otherwise, in each of the ways in which it can be: that one is named, and no other. */
static void
test_proof_cases (void)
{
  g_autofree char *month = month_ago (1);
  g_autofree char *from = month_ago (3);
  g_autoptr (GVariant) cases = NULL;
  g_autoptr (GVariant) right = find_tally (month, &cases);
  g_autoptr (GVariant) entry = entry_at (cases, 1);
  gboolean met = g_strcmp0 (bst_doc_get_string (entry, "verdict"), "met") == 0;
  g_autoptr (GVariant) turned = bst_doc_set_string (entry, "verdict", met ? "breached" : "met");
  g_autoptr (GVariant) due = bst_doc_set_string (entry, "due", "2020-01-01T08:00:00Z");
  g_autoptr (GVariant) slow =
      bst_doc_set_int (entry, "elapsed", bst_doc_get_int (entry, "elapsed", 0) + 7200);
  g_autoptr (GVariant) stranger =
      bst_doc_set_string (entry, "request", "01234567-89ab-7cde-8f01-23456789abcd");
  const struct
  {
    gsize without;
    GVariant *entry;
    GVariant *named;
    BstTallyDiffers differs;
    gboolean here;
  } ways[] = {
    { 1, turned, entry, BST_TALLY_VERDICT, TRUE },
    { 1, due, entry, BST_TALLY_DUE, TRUE },
    { 1, slow, entry, BST_TALLY_ELAPSED, TRUE },
    { 1, NULL, entry, BST_TALLY_NOT_THEIRS, TRUE },
    { G_MAXSIZE, stranger, stranger, BST_TALLY_NOT_OURS, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autoptr (GVariant) wrong = with_cases (right, cases, ways[i].without, ways[i].entry);
      g_autoptr (BstProof) proof = NULL;

      replace_record ("Tally", wrong);
      proof = prove (NULL, from, month);
      assert_one (proof, ways[i].named, ways[i].differs, ways[i].here);
    }
  replace_record ("Tally", right);
}

/* Counted in another month by the performer: found from both months, and said once. */
static void
test_proof_month (void)
{
  g_autofree char *month = month_ago (1);
  g_autofree char *other = month_ago (2);
  g_autoptr (GVariant) cases = NULL;
  g_autoptr (GVariant) right = find_tally (month, &cases);
  g_autoptr (GVariant) entry = entry_at (cases, 0);
  g_autoptr (GVariant) without = with_cases (right, cases, 0, NULL);
  const char *unit = bst_doc_get_string (right, "unit");
  const char *service = bst_doc_get_string (right, "service");
  g_autofree char *id = g_strdup_printf ("tally-%s-%s-%s", unit, service, other);
  g_autoptr (GVariant) known = bst_store_get (store, "Tally", id, NULL);
  g_autoptr (GVariant) nothing =
      g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE_VARIANT, NULL, 0));
  g_autoptr (GVariant) before = g_variant_ref (known ? known : right);
  g_autoptr (GVariant) list = known ? bst_doc_get_list (known, "cases") : g_variant_ref (nothing);
  g_autoptr (GVariant) with = NULL;
  g_autoptr (BstProof) both = NULL;
  g_autoptr (BstProof) one = NULL;
  g_autoptr (BstProof) there = NULL;

  bst_doc_replace (&before, bst_doc_set_string (before, "id", id));
  bst_doc_replace (&before, bst_doc_set_string (before, "month", other));
  bst_doc_replace (&before, bst_doc_set (before, "cases", list));
  with = with_cases (before, list, G_MAXSIZE, entry);
  replace_record ("Tally", without);
  replace_record ("Tally", with);
  both = prove (NULL, other, month);
  one = prove (NULL, month, month);
  there = prove (service, other, other);
  assert_one (both, entry, BST_TALLY_MONTH, TRUE);
  assert_one (one, entry, BST_TALLY_MONTH, TRUE);
  assert_one (there, entry, BST_TALLY_MONTH, TRUE);
  replace_record ("Tally", right);
  replace_record ("Tally", before);
}

/* What could not be compared is said with its number. */
static void
test_proof_words (void)
{
  g_autoptr (GPtrArray) differences = g_ptr_array_new ();
  g_autoptr (GPtrArray) cases = g_ptr_array_new ();
  BstDifference wrong = { .is_sum = FALSE };
  BstProof proof = { 12, 3, differences, 12, cases, 0, 0 };
  g_autofree char *same = bst_proof_summary (&proof);
  g_auto (GStrv) nothing = bst_proof_remarks (&proof);
  g_auto (GStrv) three = NULL;

  g_assert_nonnull (strstr (same, "12"));
  g_assert_cmpuint (g_strv_length (nothing), ==, 0);
  proof.n_absent = 4;
  proof.n_unseen = 7;
  g_ptr_array_add (differences, &wrong);
  three = bst_proof_remarks (&proof);
  g_assert_cmpuint (g_strv_length (three), ==, 3);
  g_assert_nonnull (strstr (three[0], "4"));
  g_assert_nonnull (strstr (three[1], "7"));
}

/* ---- the report ---- */

static void
assert_says (const char *text, const char *words)
{
  if (!strstr (text, words))
    g_error ("the report does not say “%s”", words);
}

/* What stands over a table that is longer than a page stands over each part of it. */
static void
assert_repeats (const char *text, const char *heading)
{
  const char *first = strstr (text, heading);

  if (!first || !strstr (first + 1, heading))
    g_error ("“%s” is not said again", heading);
}

static void
test_report (void)
{
  g_autoptr (BstLevels) levels = new_levels ();
  g_autofree char *from = month_ago (12);
  g_autofree char *to = month_ago (1);
  const BstLevelData *data = choose (levels, NULL, from, to);
  g_autoptr (GTimeZone) zone = bst_level_data_zone (bst_session_get_org (session), data->unit);
  g_autofree char *path = g_build_filename (directory, "report.pdf", NULL);
  g_autofree char *counts = bst_level_counts_text (&data->total, language);
  g_autofree char *text = NULL;
  g_autofree char *late = NULL;
  g_autofree char *fonts = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;
  guint pages = 0;

  bst_level_report_save_pdf (data, path, zone, language, bst_clock_now (bst_system_clock ()),
                             &error);
  g_assert_no_error (error);
  text = bst_test_output ("pdftotext", "-layout", path, "-");
  for (const char *page = text; (page = strchr (page, '\f')); page++)
    pages++;
  g_assert_cmpuint (pages, >=, 3);
  assert_says (text, gettext ("Service level review"));
  assert_says (text, gettext ("In short"));
  assert_says (text, gettext ("Result by service"));
  assert_says (text, gettext ("Breached cases"));
  assert_says (text, gettext ("What the terms mean"));
  assert_says (text, data->unit_name);
  assert_says (text, counts);
  for (guint i = 0; i < data->late->len; i++)
    assert_says (text,
                 bst_doc_get_string (((BstCaseView *) data->late->pdata[i])->request, "number"));
  late = g_strdup_printf (ngettext ("Breached cases (%d)", "Breached cases (%d)", data->late->len),
                          (int) data->late->len);
  assert_repeats (text, late);
  if (strcmp (language, "en") != 0) /* the words come from the catalogue */
    g_assert_null (strstr (text, "Service level review"));
  /* Every font is in the file. */
  fonts = bst_test_output ("pdffonts", path, NULL, NULL);
  lines = g_strsplit (fonts, "\n", -1);
  for (guint i = 2; lines[i] && *lines[i]; i++)
    g_assert_nonnull (strstr (lines[i], " yes "));
  if (g_getenv ("BST_TEST_KEEP_REPORT"))
    g_free (bst_test_output ("cp", path, g_getenv ("BST_TEST_KEEP_REPORT"), NULL));
}

static void
test_report_cannot_be_written (void)
{
  g_autoptr (BstLevels) levels = new_levels ();
  g_autofree char *month = month_ago (1);
  const BstLevelData *data = choose (levels, NULL, month, month);
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *path = g_build_filename (directory, "nowhere", "report.pdf", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (bst_level_report_save_pdf (data, path, zone, language, 0, &error));
  g_assert_nonnull (error);
}

/* ---- words ---- */

static void
test_words (void)
{
  const BstLevel hidden = { .cases = 3 };
  g_autofree char *none = bst_level_percent_text (-1, "en");
  g_autofree char *whole = bst_level_percent_text (95, "en");
  g_autofree char *part = bst_level_percent_text (95.83, "en");
  g_autofree char *days = bst_level_time_text (BST_LEVEL_DAY * 3 / 2, "en");
  g_autofree char *hours = bst_level_time_text (2 * 3600, "en");
  g_autofree char *range = bst_level_range_text (3600, 7200, "en");
  g_autofree char *mixed = bst_level_range_text (3600, BST_LEVEL_DAY, "en");
  g_autofree char *stars = bst_level_satisfaction_text (&hidden, "en");

  g_assert_cmpstr (none, ==, "–");
  g_assert_cmpstr (whole, ==, "95%");
  g_assert_cmpstr (part, ==, "95.8%");
  if (strcmp (language, "en") != 0)
    return;
  g_assert_cmpstr (days, ==, "1.5\u00a0d");
  g_assert_cmpstr (hours, ==, "2\u00a0h");
  g_assert_cmpstr (range, ==, "1–2\u00a0h");
  g_assert_cmpstr (mixed, ==, "1\u00a0h–1\u00a0d");
  g_assert_cmpstr (stars, ==, "fewer than 5");
}

static void
test_change_words (void)
{
  const BstChange more = { 3, BST_CAUSE_SUPPLIER, 2, NULL, 2 };
  const BstChange fewer = { -1, BST_CAUSE_PERFORMER, 0, NULL, 0 };
  g_autofree char *worse = bst_level_change_text (&more, "Laptop", "February 2026");
  g_autofree char *better = bst_level_change_text (&fewer, NULL, "February 2026");

  if (strcmp (language, "en") != 0)
    return;
  g_assert_cmpstr (
      worse, ==,
      "3 more cases breached than in February 2026; 2 of them waited for a supplier; 2 "
      "in Laptop.");
  g_assert_cmpstr (better, ==, "1 fewer case breached than in February 2026.");
}

int
main (int argc, char **argv)
{
  int result;

  gtk_test_init (&argc, &argv, NULL);
  language = g_getenv ("BST_TEST_LANGUAGE");
  g_setenv ("LANGUAGE", language, TRUE);
  g_assert_nonnull (setlocale (LC_ALL, g_getenv ("BST_TEST_LOCALE")));
  bindtextdomain (BST_GETTEXT_DOMAIN, g_getenv ("BST_TEST_LOCALES"));
  bind_textdomain_codeset (BST_GETTEXT_DOMAIN, "UTF-8");
  textdomain (BST_GETTEXT_DOMAIN);
  adw_init ();
  g_assert_cmpint (argc, ==, 4);
  arguments = argv + 1;
  open_store ();
  g_test_add_func ("/levels/words", test_words);
  g_test_add_func ("/levels/change-words", test_change_words);
  g_test_add_func ("/levels/month-is-the-measure", test_month_is_the_measure);
  g_test_add_func ("/levels/breached-cases", test_breached_cases);
  g_test_add_func ("/levels/change-is-true", test_change_is_true);
  g_test_add_func ("/levels/year", test_year);
  g_test_add_func ("/levels/one-service", test_one_service);
  g_test_add_func ("/levels/proof", test_proof);
  g_test_add_func ("/levels/proof-cases", test_proof_cases);
  g_test_add_func ("/levels/proof-month", test_proof_month);
  g_test_add_func ("/levels/proof-words", test_proof_words);
  g_test_add_func ("/levels/report", test_report);
  g_test_add_func ("/levels/report-cannot-be-written", test_report_cannot_be_written);
  result = g_test_run ();
  bst_session_end (session);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_clear_object (&session);
  bst_store_close (store);
  bst_test_remove_tree (directory);
  g_free (directory);
  return result;
}
