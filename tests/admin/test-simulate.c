/* SPDX-License-Identifier: GPL-3.0-or-later */

/* bestiller-admin simulate: the same seed makes the same; what is made keeps the rules. */

#include "admin-fixture.h"

#include "bst-form.h"
#include "bst-json.h"
#include "bst-life.h"
#include "bst-month.h"
#include "bst-request.h"
#include "bst-storage.h"
#include "bst-system-clock.h"

#include <string.h>

#define CASES "50"

static const struct
{
  const char *country;
  const char *unit;
  const char *orderer;
} authorities[] = {
  { "dk", "dk-su-aeldrecenter-solgaarden", "person-demo-dk" },
  { "no", "unit-no-solhoyda-sykehjem", "person-demo-no" },
};

static gboolean
collect_cb (GVariant *record, gpointer found)
{
  g_ptr_array_add (found, g_variant_ref (record));
  return TRUE;
}

static GPtrArray *
load (Fixture *fixture, const char *type)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BstStorage) storage = bst_storage_open (fixture->data, bst_system_clock (), &error);
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);

  g_assert_no_error (error);
  bst_storage_each (storage, type, collect_cb, found, &error);
  g_assert_no_error (error);
  return found;
}

static GVariant *
find (GPtrArray *records, const char *id)
{
  for (guint i = 0; i < records->len; i++)
    if (g_strcmp0 (bst_doc_get_string (records->pdata[i], "id"), id) == 0)
      return records->pdata[i];
  return NULL;
}

/* Without what the time of the run stamps. */
static char *
fingerprint (GPtrArray *records)
{
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint i = 0; i < records->len; i++)
    {
      g_autoptr (GVariant) one = bst_doc_set (records->pdata[i], "created", NULL);

      bst_doc_replace (&one, bst_doc_set (one, "updated", NULL));
      bst_json_append (all, one);
    }
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, all->str, -1);
}

/* The order as it was sent: without what its life has left on it. */
static GVariant *
as_drafted (GVariant *request)
{
  static const char *const left[] = { "state",  "waitingFor", "submittedAt",  "approvals",
                                      "rating", "reason",     "eventSequence" };
  static const char *const on_lines[] = { "state", "waitingFor", "deliveredAt", "disputes" };
  g_autoptr (GVariant) draft = g_variant_ref (request);
  g_autoptr (GVariant) lines = bst_doc_get_map (request, "lines");
  GVariantIter iter;
  const char *id;

  for (guint i = 0; i < G_N_ELEMENTS (left); i++)
    bst_doc_replace (&draft, bst_doc_set (draft, left[i], NULL));
  g_variant_iter_init (&iter, lines);
  while (g_variant_iter_next (&iter, "{&sv}", &id, NULL))
    for (guint i = 0; i < G_N_ELEMENTS (on_lines); i++)
      {
        g_autofree char *path = g_strconcat ("lines/", id, "/", on_lines[i], NULL);

        bst_doc_replace (&draft, bst_doc_set (draft, path, NULL));
      }
  return g_steal_pointer (&draft);
}

static void
check_form (GVariant *request, GPtrArray *services)
{
  g_autoptr (GVariant) lines = bst_doc_get_map (request, "lines");
  GVariantIter iter;
  const char *id;
  GVariant *line;

  g_variant_iter_init (&iter, lines);
  while (g_variant_iter_loop (&iter, "{&sv}", &id, &line))
    {
      g_autoptr (GVariant) answers = bst_doc_get_map (line, "answers");
      GVariant *service = find (services, bst_doc_get_string (line, "service"));
      g_autoptr (GPtrArray) problems = bst_form_problems (service, answers, "");

      g_assert_nonnull (bst_doc_get_string (line, "performer"));
      for (guint i = 0; i < problems->len; i++)
        if (strcmp (((BstProblem *) problems->pdata[i])->code, "required") != 0)
          g_error ("%s: %s", bst_doc_get_string (service, "code"),
                   ((BstProblem *) problems->pdata[i])->message);
    }
}

/* Every event is one that the doer may do then, in order of time; folding them gives what is stored. */
static void
check_life (GVariant *request, GPtrArray *events, GPtrArray *people, BstOrg *org)
{
  g_autoptr (GVariant) now = as_drafted (request);
  const char *unit = bst_doc_get_string (request, "unit");
  const char *last = "";
  gint64 sequence = 0;

  for (guint i = 0; i < events->len; i++)
    {
      GVariant *event = events->pdata[i];
      GVariant *person = find (people, bst_doc_get_string (event, "person"));
      g_autoptr (GError) error = NULL;
      GVariant *after;

      if (strcmp (bst_doc_get_string (event, "request"), bst_doc_get_string (request, "id")) != 0)
        continue;
      g_assert_nonnull (person);
      g_assert_cmpint (bst_doc_get_int (event, "sequence", 0), ==, ++sequence);
      g_assert_cmpstr (bst_doc_get_string (event, "receivedAt"), >=, last);
      last = bst_doc_get_string (event, "receivedAt");
      after = bst_life_apply (now, event, bst_org_roles (org, person, unit), &error);
      g_assert_no_error (error);
      bst_doc_replace (&now, after);
    }
  g_assert_cmpint (sequence, >, 0);
  if (!bst_doc_equal (now, request))
    {
      g_autofree char *folded = bst_json_print (now);
      g_autofree char *stored = bst_json_print (request);

      g_error ("%s\n%s", folded, stored);
    }
}

static void
check_records (GPtrArray *records, const char *type)
{
  for (guint i = 0; i < records->len; i++)
    {
      g_autoptr (GPtrArray) problems =
          bst_record_type_validate (bst_record_type_find (type), records->pdata[i], NULL, TRUE);

      if (problems->len > 0)
        g_error ("%s: %s", type, ((BstProblem *) problems->pdata[0])->message);
    }
}

/* What is promised is frozen as at any receipt: with the version of its calendar. */
static void
check_frozen (GVariant *request, GPtrArray *calendars)
{
  g_auto (GStrv) ids = bst_request_line_ids (request);

  for (guint i = 0; ids[i]; i++)
    {
      g_autoptr (GVariant) line = bst_request_line (request, ids[i]);
      const char *id = bst_doc_get_string (line, "promise/calendar");
      GVariant *calendar = id ? find (calendars, id) : NULL;

      if (id)
        g_assert_cmpint (bst_doc_get_int (line, "calendarVersion", -1), ==,
                         bst_doc_get_int (calendar, "version", 0));
    }
}

static guint
count (GPtrArray *requests, const char *unit, const char *state)
{
  guint n = 0;

  for (guint i = 0; i < requests->len; i++)
    n += g_strcmp0 (bst_doc_get_string (requests->pdata[i], "unit"), unit) == 0 &&
         g_strcmp0 (bst_doc_get_string (requests->pdata[i], "state"), state) == 0;
  return n;
}

/* Billed each month; of what was objected to, some was taken back and some not. */
static void
check_bills (Fixture *fixture)
{
  g_autoptr (GPtrArray) charges = load (fixture, "Charge");
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (bst_clock_now (bst_system_clock ()));
  g_autofree char *running = g_date_time_format (now, "%Y-%m");
  g_autofree char *before = bst_month_add (running, -1);
  guint n_billed = 0, n_credits = 0, n_accepted = 0, n_declined = 0;

  for (guint i = 0; i < charges->len; i++)
    {
      const char *state = bst_doc_get_string (charges->pdata[i], "objectionState");
      gboolean billed = bst_doc_has (charges->pdata[i], "bill");

      /* The newest month but one may be billed already. */
      if (strcmp (bst_doc_get_string (charges->pdata[i], "month"), before) < 0)
        g_assert_true (billed);
      n_billed += billed;
      n_credits += g_strcmp0 (bst_doc_get_string (charges->pdata[i], "kind"), "credit") == 0;
      n_accepted += g_strcmp0 (state, "accepted") == 0;
      n_declined += g_strcmp0 (state, "declined") == 0;
    }
  g_assert_cmpuint (n_billed, >, 50);
  g_assert_cmpuint (n_accepted + n_declined, >, 0);
  g_assert_cmpuint (n_credits, ==, n_accepted);
  assert_run (fixture, BST_ADMIN_OK, "charge", "list", "--flagged");
}

static void
test_rules (Fixture *fixture, gconstpointer authority)
{
  guint i = GPOINTER_TO_UINT (authority);
  g_autoptr (GPtrArray) requests = NULL, events = NULL, people = NULL, units = NULL,
                        services = NULL, calendars = NULL;
  g_autoptr (BstOrg) org = NULL;

  import_sample (fixture, authorities[i].country);
  assert_run (fixture, BST_ADMIN_OK, "simulate", "--cases", CASES, "--unit", authorities[i].unit);
  requests = load (fixture, "Request");
  events = load (fixture, "RequestEvent");
  people = load (fixture, "Person");
  units = load (fixture, "OrgUnit");
  services = load (fixture, "Service");
  calendars = load (fixture, "Calendar");
  org = bst_org_new (units, NULL);
  g_assert_cmpuint (requests->len, >, 50);
  check_records (requests, "Request");
  check_records (events, "RequestEvent");
  for (guint j = 0; j < requests->len; j++)
    {
      check_life (requests->pdata[j], events, people, org);
      check_form (requests->pdata[j], services);
      check_frozen (requests->pdata[j], calendars);
    }
  check_bills (fixture);
  /* There is something to do on every page of who tries it out. */
  g_assert_cmpuint (count (requests, authorities[i].unit, "waiting"), >, 0);
  g_assert_cmpuint (count (requests, authorities[i].unit, "delivered"), >, 0);
  g_assert_cmpuint (count (requests, authorities[i].unit, "in-progress"), >, 0);
  g_assert_cmpuint (count (requests, authorities[i].unit, "awaiting-approval"), >, 0);
  assert_run (fixture, BST_ADMIN_OK, "check");
}

static void
test_seed (Fixture *fixture, gconstpointer unused)
{
  static const char *const seeds[] = { "7", "7", "8" };
  g_autofree char *kept = g_strdup (fixture->data);
  g_autoptr (GPtrArray) made = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < G_N_ELEMENTS (seeds); i++)
    {
      g_autoptr (GPtrArray) requests = NULL, events = NULL;
      g_autofree char *one = NULL;
      g_autofree char *other = NULL;

      g_free (fixture->data);
      fixture->data = g_strdup_printf ("%s-%u", kept, i);
      assert_run (fixture, BST_ADMIN_OK, "init", "Eksempel", "--country", "DK");
      import_sample (fixture, "dk");
      assert_run (fixture, BST_ADMIN_OK, "simulate", "--seed", seeds[i], "--cases", "40", "--from",
                  "2026-02-01", "--to", "2026-05-01");
      requests = load (fixture, "Request");
      events = load (fixture, "RequestEvent");
      one = fingerprint (requests);
      other = fingerprint (events);
      g_ptr_array_add (made, g_strconcat (one, other, NULL));
    }
  g_assert_cmpstr (made->pdata[0], ==, made->pdata[1]);
  g_assert_cmpstr (made->pdata[0], !=, made->pdata[2]);
}

static void
test_refusals (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *real = write_file (
      fixture, "org.json",
      "{\"format\": \"bestiller-import/1\", \"records\": [{\"@type\": \"OrgUnit\", \"id\": "
      "\"real\", \"name\": \"A real one\", \"kind\": \"authority\"}]}");

  assert_run (fixture, BST_ADMIN_INVALID, "simulate");
  import_sample (fixture, "dk");
  assert_run (fixture, BST_ADMIN_USAGE, "simulate", "--from", "2026-13-01");
  assert_run (fixture, BST_ADMIN_USAGE, "simulate", "--to", "2199-01-01");
  assert_run (fixture, BST_ADMIN_USAGE, "simulate", "--from", "2026-03-01", "--to", "2026-02-01");
  assert_run (fixture, BST_ADMIN_NOT_FOUND, "simulate", "--unit", "nowhere");
  assert_run (fixture, BST_ADMIN_OK, "import", "org", real);
  assert_run (fixture, BST_ADMIN_FORBIDDEN, "simulate");
  assert_has (fixture->err, "no sample data");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/simulate/rules/dk", Fixture, GUINT_TO_POINTER (0), set_up, test_rules, tear_down);
  g_test_add ("/simulate/rules/no", Fixture, GUINT_TO_POINTER (1), set_up, test_rules, tear_down);
  g_test_add ("/simulate/seed", Fixture, NULL, set_up, test_seed, tear_down);
  g_test_add ("/simulate/refusals", Fixture, NULL, set_up, test_refusals, tear_down);
  return g_test_run ();
}
