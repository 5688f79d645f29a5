/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A calendar tried by an administrator: questions as CSV on standard input, and what is said of bad ones; calendars and times that
 * make no sense do not come in.
 */

#include "admin-fixture.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static BstAdminExit
ask (Fixture *fixture, const char *question, const char *csv)
{
  g_autofree char *path = write_file (fixture, "questions.csv", csv);
  int before = dup (STDIN_FILENO);
  int file = open (path, O_RDONLY);
  BstAdminExit code;

  g_assert_cmpint (dup2 (file, STDIN_FILENO), ==, STDIN_FILENO);
  code = run (fixture, "calendar", question, "dk-office", NULL);
  dup2 (before, STDIN_FILENO);
  close (before);
  close (file);
  return code;
}

#define AT "2026-03-12T14:02:00Z"

static void
test_answers (Fixture *fixture, gconstpointer unused)
{
  static const struct
  {
    const char *question;
    const char *csv;
    const char *out;
  } cases[] = {
    { "due", "start_utc,duration_s\n" AT ",3600\n" AT ",0\n", "2026-03-13T07:02:00Z\n" AT "\n" },
    { "due", AT ";3600\r\n", "2026-03-13T07:02:00Z\n" },
    { "due", AT ",999999999999999999\n", "never\n" },
    { "due", "start_utc,duration_s\n", "" },
    { "elapsed", "start_utc,end_utc\n" AT "," AT "\n" AT ",2026-03-13T07:02:00Z\n", "0\n3600\n" },
  };

  import_sample (fixture, "dk");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpint (ask (fixture, cases[i].question, cases[i].csv), ==, BST_ADMIN_OK);
      g_assert_cmpstr (fixture->out->str, ==, cases[i].out);
    }
}

/* Each is named by its line and field, the first line too. */
static void
test_bad_questions (Fixture *fixture, gconstpointer unused)
{
  static const struct
  {
    const char *question;
    const char *csv;
    const char *says;
  } cases[] = {
    { "due", "start_utc,end_utc\n" AT ",60\n",
      "line 1, column 11: duration_s: “end_utc” is another heading" },
    { "due", "tomorrow,3600\n", "line 1, column 1: start_utc: “tomorrow” is no instant" },
    { "due", "start_utc,duration_s\n" AT ",-5\n",
      "line 2, column 22: duration_s: “-5” is negative" },
    { "due", AT ",1.5\n", "line 1, column 22: duration_s: “1.5” is no number" },
    { "due", AT ",99999999999999999999999\n", "duration_s: “99999999999999999999999” is no" },
    { "due", AT "\n", "line 1: duration_s: is missing" },
    { "due", "\n\n" AT ",60\n,60\n", "line 4: start_utc: is missing" },
    { "due", AT ",60,7\n" AT ",60,7,8\n", "line 2, column 27: more cells than headings" },
    { "due", "2026-03-12T14:02:00+01:00,60\n", "line 1, column 1: start_utc: “2026-03-12T14" },
    { "due", "2026-02-30T14:02:00Z,60\n", "line 1, column 1: start_utc: “2026-02-30T14" },
    { "due", "9999-03-12T14:02:00Z,60\n",
      "start_utc: “9999-03-12T14:02:00Z” is not between 1970 and 2100" },
    { "due", "0001-03-12T14:02:00Z,60\n", "is not between 1970 and 2100" },
    { "elapsed", AT ",9999-01-01T00:00:00Z\n", "line 1, column 22: end_utc: “9999" },
    { "elapsed", "start_utc,end_utc\n" AT ",2026-03-11T14:02:00Z\n",
      "line 2, column 22: end_utc: “2026-03-11T14:02:00Z” is before start_utc" },
    { "elapsed", "", "the file is empty" },
  };

  import_sample (fixture, "dk");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpint (ask (fixture, cases[i].question, cases[i].csv), ==, BST_ADMIN_INVALID);
      assert_has (fixture->err, cases[i].says);
    }
  assert_run (fixture, BST_ADMIN_USAGE, "calendar", "holidays", "dk-office", "MMXXVI");
  assert_has (fixture->err, "“MMXXVI” is no year from 1583 to 9999");
}

/* In the language of the authority's country. */
static void
test_norwegian_holidays (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *calendar =
      g_build_filename (g_getenv ("BST_DATA"), "calendars", "no-office.json", NULL);
  g_autofree char *data = g_build_filename (fixture->directory, "norway", NULL);

  g_free (fixture->data);
  fixture->data = g_steal_pointer (&data);
  assert_run (fixture, BST_ADMIN_OK, "init", "Eksempel", "--country", "NO");
  assert_run (fixture, BST_ADMIN_OK, "import", "calendar", calendar);
  assert_run (fixture, BST_ADMIN_OK, "calendar", "holidays", "no-office", "2026");
  assert_has (fixture->out, "2026-05-17 Grunnlovsdag");
}

#define HOURS "\"timeZone\": \"Europe/Oslo\", \"weekly\": {\"mon\": [[\"08:00\", \"16:00\"]]}"
#define SERVICE                                                                                    \
  "\"code\": \"x\", \"name\": {\"da\": \"X\"}, \"area\": \"dk-area-it\", \"obligation\": "         \
  "\"add-on\", \"price\": {\"model\": \"included\"}, "

/* What makes no sense is refused where it comes in, with its place; nothing of it is kept. */
static void
test_bad_records (Fixture *fixture, gconstpointer unused)
{
  static const struct
  {
    const char *type;
    const char *properties;
    const char *says; /* NULL: is taken */
  } cases[] = {
    { "Calendar", HOURS, NULL },
    { "Calendar",
      "\"timeZone\": \"Europe/Kobenhavn\", \"weekly\": {\"mon\": [[\"08:00\", \"16:00\"]]}",
      "timeZone: there is no time zone Europe/Kobenhavn" },
    { "Calendar", "\"weekly\": {\"mon\": [[\"08:00\", \"16:00\"]]}", "x: timeZone: is missing" },
    { "Calendar", "\"timeZone\": \"Europe/Oslo\", \"weekly\": {\"mon\": []}", "it is never open" },
    { "Calendar",
      "\"timeZone\": \"Europe/Oslo\", \"weekly\": {\"mon\": [[\"08:00\", \"12:00\"], [\"11:00\", "
      "\"16:00\"]]}",
      "weekly/mon: openings overlap" },
    { "Calendar", "\"timeZone\": \"Europe/Oslo\", \"weekly\": {\"mon\": [[\"16:00\", \"08:00\"]]}",
      "weekly/mon: an opening must be" },
    { "Calendar", HOURS ", \"closed\": [{\"from\": \"2026-01-05\", \"to\": \"2026-01-01\"}]",
      "closed/0: ends before it begins" },
    { "Calendar", HOURS ", \"holidays\": [{\"rule\": \"fixed\", \"month\": 13, \"day\": 1}]",
      "holidays/0: must be a rule" },
    { "Calendar",
      HOURS ", \"holidays\": [{\"rule\": \"fixed\", \"month\": 5, \"day\": 1, \"since\": 2030, "
            "\"until\": 2020}]",
      "holidays/0: until lies before since" },
    { "Service",
      SERVICE "\"promise\": {\"value\": -3, \"unit\": \"hours\", \"calendar\": \"dk-office\"}",
      "promise/value: must be from 0 to 100000" },
    { "Service",
      SERVICE
      "\"promise\": {\"value\": 300000000, \"unit\": \"hours\", \"calendar\": \"dk-office\"}",
      "promise/value: must be from 0 to 100000" },
    { "Service", SERVICE "\"promise\": {\"value\": 3, \"unit\": \"hours\", \"calendar\": \"none\"}",
      "promise/calendar: there is no Calendar “none”" },
    { "Service", SERVICE "\"target\": {\"percent\": 140}",
      "target/percent: must be from 0 to 100" },
    { "Service", SERVICE "\"target\": {\"satisfaction\": 5.5}",
      "target/satisfaction: must be from 0 to 5" },
    { "Budget",
      "\"unit\": \"dk-su\", \"year\": -3, \"amount\": {\"amount\": 5, \"currency\": \"DKK\"}",
      "year: must be from 1970 to 9999" },
    { "OrgUnit", "\"kind\": \"institution\", \"timeZone\": \"Mars/Olympus\"",
      "timeZone: there is no time zone Mars/Olympus" },
  };

  import_sample (fixture, "dk");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean localized = strcmp (cases[i].type, "Calendar") == 0;
      gboolean named = strcmp (cases[i].type, "OrgUnit") == 0;
      g_autofree char *text = g_strdup_printf (
          "{\"format\": \"bestiller-import/1\", \"records\": [\n{\"@type\": \"%s\", "
          "\"id\": \"x\", %s%s}]}",
          cases[i].type,
          localized ? "\"code\": \"x\", \"name\": {\"da\": \"X\"}, "
          : named   ? "\"name\": \"X\", "
                    : "",
          cases[i].properties);
      g_autofree char *path = write_file (fixture, "records.json", text);

      assert_run (fixture, cases[i].says ? BST_ADMIN_INVALID : BST_ADMIN_OK, "import", "all", path);
      if (cases[i].says)
        {
          assert_has (fixture->err, "line 2, column 1");
          assert_has (fixture->err, cases[i].says);
        }
    }
  assert_run (fixture, BST_ADMIN_OK, "check");
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/calendar/answers", test_answers);
  ADD ("/calendar/bad-questions", test_bad_questions);
  ADD ("/calendar/norwegian-holidays", test_norwegian_holidays);
  ADD ("/calendar/bad-records", test_bad_records);
  return g_test_run ();
}
