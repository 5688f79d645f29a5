/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "bst-request.h"

#define NURSE                                                                                      \
  "{'id': 'nurse', 'purpose': 'joiner', 'items': ["                                                \
  "{'service': 'contract', 'offsetDays': -20}, {'service': 'laptop', 'offsetDays': 0},"            \
  "{'service': 'course', 'offsetDays': -1}, {'service': 'course', 'offsetDays': 30},"              \
  "{'service': 'badge'}]}"
#define ORDER                                                                                      \
  "'lines': {'l1': {'service': 'contract', 'bundle': 'nurse', 'order': 1},"                        \
  "'l2': {'service': 'laptop', 'bundle': 'nurse', 'order': 2},"                                    \
  "'l3': {'service': 'course', 'bundle': 'nurse', 'order': 3},"                                    \
  "'l4': {'service': 'course', 'bundle': 'nurse', 'order': 4},"                                    \
  "'l5': {'service': 'badge', 'bundle': 'nurse', 'order': 5},"                                     \
  "'l6': {'service': 'laptop', 'order': 6, 'wantedDate': '2026-05-05'},"                           \
  "'l7': {'service': 'laptop', 'bundle': 'unheard-of', 'order': 7, 'wantedDate': '2026-05-06'}}}"

static GVariant *
look_up (const char *type, const char *id, gpointer closure)
{
  return g_str_equal (type, "Bundle") && g_str_equal (id, "nurse") ? core_doc (NURSE) : NULL;
}

static const BstRequestContext context = { .lookup = look_up, .today = "2026-03-12" };

/* The wanted dates of l1, l2 …, "-" for none. */
static char *
dates_of (GVariant *request)
{
  g_auto (GStrv) ids = bst_request_line_ids (request);
  g_autoptr (GString) dates = g_string_new (NULL);

  for (guint i = 0; ids[i]; i++)
    {
      g_autoptr (GVariant) line = bst_request_line (request, ids[i]);
      const char *date = bst_doc_get_string (line, "wantedDate");

      g_string_append_printf (dates, "%s%s", i > 0 ? " " : "", date ? date : "-");
    }
  return g_string_free (g_steal_pointer (&dates), FALSE);
}

static void
assert_dates (const char *request, const char *expected)
{
  g_autoptr (GVariant) doc = core_doc (request);
  g_autoptr (GVariant) scheduled = bst_request_schedule (doc, &context);
  g_autoptr (GVariant) again = bst_request_schedule (scheduled, &context);
  g_autofree char *dates = dates_of (scheduled);

  g_assert_cmpstr (dates, ==, expected);
  g_assert_true (bst_doc_equal (scheduled, again));
}

static void
test_days (void)
{
  assert_dates ("{'wantedDate': '2026-04-30', " ORDER,
                "2026-04-10 2026-04-30 2026-04-29 2026-05-30 - 2026-05-05 2026-05-06");
}

/* Twenty days before next week have passed: it is wanted today. Nor is a first day of last week any use. */
static void
test_passed (void)
{
  assert_dates ("{'wantedDate': '2026-03-13', " ORDER,
                "2026-03-12 2026-03-13 2026-03-12 2026-04-12 - 2026-05-05 2026-05-06");
  assert_dates ("{'wantedDate': '2026-03-01', " ORDER,
                "2026-03-12 2026-03-12 2026-03-12 2026-03-31 - 2026-05-05 2026-05-06");
}

static void
test_no_day (void)
{
  g_autoptr (GVariant) doc = core_doc ("{'wantedDate': '2026-04-30', " ORDER);
  g_autoptr (GVariant) scheduled = bst_request_schedule (doc, &context);
  g_autoptr (GVariant) without = bst_doc_set (scheduled, "wantedDate", NULL);
  g_autoptr (GVariant) cleared = bst_request_schedule (without, &context);
  g_autofree char *dates = dates_of (cleared);

  g_assert_cmpstr (dates, ==, "- - - - - 2026-05-05 2026-05-06");
  assert_dates ("{'wantedDate': 'soon', " ORDER, "- - - - - 2026-05-05 2026-05-06");
  assert_dates ("{'title': 'no lines'}", "");
}

static void
test_purpose (void)
{
  g_autoptr (GVariant) with = core_doc ("{" ORDER);
  g_autoptr (GVariant) without = core_doc ("{'lines': {'l1': {'service': 'laptop'}}}");
  g_autofree char *joiner = bst_request_purpose (with, &context);
  g_autofree char *none = bst_request_purpose (without, &context);

  g_assert_cmpstr (joiner, ==, "joiner");
  g_assert_null (none);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/request-bundle/days", test_days);
  g_test_add_func ("/request-bundle/passed", test_passed);
  g_test_add_func ("/request-bundle/no-day", test_no_day);
  g_test_add_func ("/request-bundle/purpose", test_purpose);
  return g_test_run ();
}
