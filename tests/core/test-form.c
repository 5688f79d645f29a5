/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "bst-form.h"

static const char form[] =
    "{'form': ["
    "{'key': 'kind', 'kind': 'choice', 'required': true, 'choices': [{'value': 'new'}, {'value': "
    "'old'}, {'value': 'other'}]},"
    "{'key': 'room', 'kind': 'text', 'required': true, 'maxLength': 5, 'pattern': '[A-Z][0-9]+', "
    "'when': {'field': 'kind', 'equals': 'new'}},"
    "{'key': 'floor', 'kind': 'number', 'min': -1, 'max': 12.5, 'required': true, 'when': "
    "{'field': 'room', 'filled': true}},"
    "{'key': 'why', 'kind': 'multiline', 'when': {'field': 'kind', 'in': ['old', 'other']}},"
    "{'key': 'keys', 'kind': 'check', 'required': true, 'when': {'field': 'floor', 'equals': 3}},"
    "{'key': 'note', 'kind': 'text', 'when': {'field': 'keys', 'equals': true}},"
    "{'key': 'tools', 'kind': 'choices', 'choices': [{'value': 'saw'}, {'value': 'axe'}]},"
    "{'key': 'blade', 'kind': 'text', 'when': {'field': 'tools', 'equals': 'saw'}},"
    "{'key': 'day', 'kind': 'date'},"
    "{'key': 'circle', 'kind': 'text', 'when': {'field': 'circle', 'filled': true}},"
    "{'key': 'hen', 'kind': 'text', 'when': {'field': 'egg', 'filled': true}},"
    "{'key': 'egg', 'kind': 'text', 'when': {'field': 'hen', 'filled': true}},"
    "{'key': 'lost', 'kind': 'text', 'when': {'field': 'nowhere', 'filled': false}}"
    "]}";

#define ALWAYS "tools day"

static void
test_asked (void)
{
  static const struct
  {
    const char *answers;
    const char *asked;
  } cases[] = {
    { "{}", "kind " ALWAYS },
    { "{'kind': 'new'}", "kind room " ALWAYS },
    { "{'kind': 'old'}", "kind why " ALWAYS },
    { "{'kind': 'other'}", "kind why " ALWAYS },
    { "{'kind': 'new', 'room': 'A1'}", "kind room floor " ALWAYS },
    { "{'kind': 'new', 'room': '  '}", "kind room " ALWAYS },
    { "{'kind': 'new', 'room': 'A1', 'floor': 3.0}", "kind room floor keys " ALWAYS },
    { "{'kind': 'new', 'room': 'A1', 'floor': 3, 'keys': true}",
      "kind room floor keys note " ALWAYS },
    { "{'kind': 'new', 'room': 'A1', 'floor': 3, 'keys': false}", "kind room floor keys " ALWAYS },
    /* an answer to a field that is not asked opens nothing */
    { "{'kind': 'old', 'room': 'A1', 'floor': 3, 'keys': true}", "kind why " ALWAYS },
    { "{'tools': ['axe', 'saw']}", "kind tools blade day" },
    { "{'tools': ['axe']}", "kind " ALWAYS },
    { "{'circle': 'x', 'hen': 'x', 'egg': 'x', 'nowhere': 'x'}", "kind " ALWAYS },
    { "{'kind': null}", "kind " ALWAYS },
    { "[]", "kind " ALWAYS },
  };
  g_autoptr (GVariant) service = core_doc (form);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) answers = core_doc (cases[i].answers);

      core_assert_list (bst_form_asked (service, answers), cases[i].asked);
    }
}

static void
test_unticked (void)
{
  g_autoptr (GVariant) service =
      core_doc ("{'form': [{'key': 'a', 'kind': 'check'}, {'key': 'b', 'kind': 'text', 'when': "
                "{'field': 'a', 'equals': false}},"
                "{'key': 'c', 'kind': 'text', 'when': {'field': 'a', 'filled': true}}]}");
  g_autoptr (GVariant) none = core_doc ("{}");
  g_autoptr (GVariant) unticked = core_doc ("{'a': false}");
  g_autoptr (GVariant) ticked = core_doc ("{'a': true}");

  core_assert_list (bst_form_asked (service, none), "a b");
  core_assert_list (bst_form_asked (service, unticked), "a b");
  core_assert_list (bst_form_asked (service, ticked), "a c");
}

static void
test_problems (void)
{
  static const struct
  {
    const char *answers;
    const char *key;
    const char *code;
  } cases[] = {
    { "{}", "kind", "required" },
    { "{'kind': 'strange'}", "kind", "choice" },
    { "{'kind': 5}", "kind", "type" },
    { "{'kind': 'new'}", "room", "required" },
    { "{'kind': 'new', 'room': ' '}", "room", "required" },
    { "{'kind': 'new', 'room': 'A12345', 'floor': 1}", "room", "too-long" },
    { "{'kind': 'new', 'room': 'a1', 'floor': 1}", "room", "pattern" },
    { "{'kind': 'new', 'room': 'A1\\n', 'floor': 1}", "room", "pattern" },
    { "{'kind': 'new', 'room': 'A1x', 'floor': 1}", "room", "pattern" },
    { "{'kind': 'new', 'room': 'A1'}", "floor", "required" },
    { "{'kind': 'new', 'room': 'A1', 'floor': -2}", "floor", "too-small" },
    { "{'kind': 'new', 'room': 'A1', 'floor': 12.6}", "floor", "too-large" },
    { "{'kind': 'new', 'room': 'A1', 'floor': '3'}", "floor", "type" },
    { "{'kind': 'new', 'room': 'A1', 'floor': 3}", "keys", "required" },
    { "{'kind': 'new', 'room': 'A1', 'floor': 3, 'keys': false}", "keys", "required" },
    { "{'kind': 'old', 'tools': ['saw', 'fork']}", "tools", "choice" },
    { "{'kind': 'old', 'tools': 'saw'}", "tools", "type" },
    { "{'kind': 'old', 'tools': {'saw': true}}", "tools", "type" },
    { "{'kind': 'old', 'day': '24.3.2026'}", "day", "value" },
  };
  g_autoptr (GVariant) service = core_doc (form);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) answers = core_doc (cases[i].answers);
      g_autoptr (GPtrArray) problems = bst_form_problems (service, answers, "lines/l1/answers/");
      g_autofree char *path = g_strconcat ("lines/l1/answers/", cases[i].key, NULL);

      if (g_strcmp0 (core_problem (problems, path), cases[i].code) != 0)
        g_error ("%s: %s is %s, not %s", cases[i].answers, path, core_problem (problems, path),
                 cases[i].code);
      g_assert_cmpuint (problems->len, ==, 1);
    }
}

static void
test_sound (void)
{
  static const char *const cases[] = {
    "{'kind': 'new', 'room': 'A1', 'floor': 3, 'keys': true, 'tools': ['saw'], 'day': "
    "'2026-03-24'}",
    "{'kind': 'new', 'room': 'A1234', 'floor': -1}",
    "{'kind': 'new', 'room': 'A1', 'floor': 12.5}",
    /* wrong answers to what is not asked do no harm */
    "{'kind': 'old', 'room': 5, 'floor': 'x', 'unknown': {}}",
  };
  g_autoptr (GVariant) service = core_doc (form);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) answers = core_doc (cases[i]);
      g_autoptr (GPtrArray) problems = bst_form_problems (service, answers, "");

      g_assert_cmpuint (problems->len, ==, 0);
    }
}

static void
test_clean (void)
{
  g_autoptr (GVariant) service = core_doc (form);
  g_autoptr (GVariant) answers =
      core_doc ("{'kind': 'old', 'why': 'so', 'room': 'A1', 'floor': 3}");
  g_autoptr (GVariant) expected = core_doc ("{'kind': 'old', 'why': 'so'}");
  g_autoptr (GVariant) clean = bst_form_clean (service, answers);

  g_assert_true (bst_doc_equal (clean, expected));
}

/* What the form asks for no more stays to be shown; what a condition hides, and what is merely wrong, is still asked for. */
static void
test_left (void)
{
  static const struct
  {
    const char *answers;
    const char *asked;
    const char *left;
  } cases[] = {
    { "{}", "{}", "" },
    { "{'kind': 'old', 'room': 'A1', 'floor': 3}", "{}", "" },
    { "{'gone': 'x', 'also': 2, 'day': '2026-03-01'}", "{}", "also gone" },
    { "{'gone': '', 'also': [], 'nothing': null}", "{}", "" },
    /* half a number, and a word that never was a choice: said at the field */
    { "{'floor': '12x', 'kind': 'nonsense'}", "{}", "" },
    { "{'floor': '12x'}", "{'floor': {'key': 'floor', 'kind': 'number'}}", "" },
    /* the question was another one */
    { "{'floor': 'ground'}", "{'floor': {'key': 'floor', 'kind': 'text'}}", "floor" },
    { "{'kind': 'used'}",
      "{'kind': {'key': 'kind', 'kind': 'choice', 'choices': [{'value': 'used'}]}}", "kind" },
    { "{'kind': 'new'}",
      "{'kind': {'key': 'kind', 'kind': 'choice', 'choices': [{'value': 'new'}]}}", "" },
  };
  g_autoptr (GVariant) service = core_doc (form);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) answers = core_doc (cases[i].answers);
      g_autoptr (GVariant) asked = core_doc (cases[i].asked);

      core_assert_list (bst_form_left (service, answers, asked), cases[i].left);
    }
}

static void
test_no_form (void)
{
  g_autoptr (GVariant) service = bst_doc_new ();
  g_autoptr (GPtrArray) problems = bst_form_problems (service, NULL, NULL);

  core_assert_list (bst_form_asked (service, NULL), "");
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_null (bst_form_field (service, "x"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/asked", test_asked);
  g_test_add_func ("/form/unticked", test_unticked);
  g_test_add_func ("/form/problems", test_problems);
  g_test_add_func ("/form/sound", test_sound);
  g_test_add_func ("/form/clean", test_clean);
  g_test_add_func ("/form/left", test_left);
  g_test_add_func ("/form/no-form", test_no_form);
  return g_test_run ();
}
