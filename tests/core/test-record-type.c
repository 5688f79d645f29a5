/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "bst-record-type.h"

#include <string.h>

static GPtrArray *
validate (const char *type, GVariant *doc, GVariant *previous, gboolean by_server)
{
  return bst_record_type_validate (bst_record_type_find (type), doc, previous, by_server);
}

/* Sets @path of a sound record to @value and expects @code there; NULL: no problem at all. */
static void
check_value (const char *type,
             const char *sound,
             const char *path,
             const char *value,
             const char *code)
{
  g_autoptr (GVariant) record = core_doc (sound);
  g_autoptr (GVariant) to = core_doc (value);
  g_autoptr (GVariant) doc = bst_doc_set (record, path, to);
  g_autoptr (GPtrArray) problems = validate (type, doc, NULL, TRUE);

  if (g_strcmp0 (core_problem (problems, path), code) != 0)
    g_error ("%s.%s = %.60s: %s, not %s", type, path, value, core_problem (problems, path), code);
  g_assert_cmpuint (problems->len, ==, code ? 1 : 0);
}

#define REQUEST                                                                                    \
  "{'title': 'Laptop', 'unit': 'u1', 'lines': {'l1': {'service': 's1', 'quantity': 1}}}"
#define RATED "{'title': 'Laptop', 'unit': 'u1', 'rating': {'stars': 5}}"
#define UNIT  "{'name': 'Skole', 'kind': 'institution'}"
#define SERVICE                                                                                    \
  "{'code': 'IT-1', 'area': 'a', 'name': {'da': 'Laptop'}, 'obligation': 'add-on', 'price': "      \
  "{'model': 'included'}}"
#define CALENDAR                                                                                   \
  "{'code': 'c', 'name': {'da': 'c'}, 'timeZone': 'Europe/Oslo', 'weekly': {'mon': "               \
  "[['08:00', '16:00']]}}"

static void
test_values (void)
{
  static const struct
  {
    const char *type;
    const char *sound;
    const char *path;
    const char *value;
    const char *code;
  } cases[] = {
    { "Request", REQUEST, "title", "'x'", NULL },
    { "Request", REQUEST, "title", "5", "type" },
    { "Request", REQUEST, "title", "''", "required" },
    { "Request", REQUEST, "title", "null", "required" },
    { "Request", REQUEST, "title", "'two\\nlines'", "value" },
    { "Request", REQUEST, "need", "'two\\nlines'", NULL },
    { "Request", REQUEST, "ean", "'5792601815903'", NULL },
    { "Request", REQUEST, "ean", "'5792601815904'", "check-digit" },
    { "Request", REQUEST, "ean", "5792601815903", "type" },
    { "Request", REQUEST, "wantedDate", "'2026-03-12'", NULL },
    { "Request", REQUEST, "wantedDate", "'12.3.2026'", "value" },
    { "Request", REQUEST, "submittedAt", "'2026-03-12T14:02:00Z'", NULL },
    { "Request", REQUEST, "submittedAt", "'2026-03-12'", "value" },
    { "Request", REQUEST, "state", "'delivered'", NULL },
    { "Request", REQUEST, "state", "'done'", "value" },
    { "Request", REQUEST, "total", "{'amount': 5, 'currency': 'DKK'}", NULL },
    { "Request", REQUEST, "total", "{'amount': 5.5, 'currency': 'DKK'}", "value" },
    { "Request", REQUEST, "total", "{'amount': 5}", "value" },
    { "Request", REQUEST, "total", "5", "type" },
    { "Request", REQUEST, "area", "''", "value" },
    { "Request", REQUEST, "lines", "[]", "type" },
    { "Request", REQUEST, "lines/l1", "5", "type" },
    { "Request", REQUEST, "lines/l1/service", "null", "required" },
    { "Request", REQUEST, "lines/l1/quantity", "1.5", "type" },
    { "Request", REQUEST, "lines/l1/price", "{'model': 'one-off'}", NULL },
    { "Request", REQUEST, "lines/l1/price/model", "'free'", "value" },
    { "Request", REQUEST, "lines/l1/answers", "[1, {'x': null}]", NULL },
    { "Request", RATED, "rating/stars", "'many'", "type" },
    { "Request", REQUEST, "somethingNew", "{'anything': [1, 2]}", NULL },
    { "OrgUnit", UNIT, "cvr", "'99999993'", NULL },
    { "OrgUnit", UNIT, "cvr", "'99999994'", "check-digit" },
    { "OrgUnit", UNIT, "orgnr", "'974760673'", NULL },
    { "OrgUnit", UNIT, "orgnr", "'974760674'", "check-digit" },
    { "OrgUnit", UNIT, "sample", "true", NULL },
    { "OrgUnit", UNIT, "sample", "'yes'", "type" },
    { "Service", SERVICE, "name", "'Laptop'", "type" },
    { "Service", SERVICE, "name", "{}", "required" },
    { "Service", SERVICE, "name/nb", "5", "type" },
    { "Service", SERVICE, "name/nb", "null", NULL },
    { "Service", SERVICE, "form", "[{'key': 'a', 'kind': 'text', 'label': {'da': 'A'}}]", NULL },
    { "Service", SERVICE, "articles", "['a', 'b']", NULL },
    { "Service", SERVICE, "articles", "'a'", "type" },
    { "Calendar", CALENDAR, "holidays", "[{'rule': 'easter'}]", NULL },
    /* What only makes no sense. */
    { "Service", SERVICE, "target", "{'percent': 0, 'satisfaction': 1, 'availability': 99.5}",
      NULL },
    { "Service", SERVICE, "target/percent", "101", "value" },
    { "Service", SERVICE, "target/percent", "-1", "value" },
    { "Service", SERVICE, "target/satisfaction", "5.1", "value" },
    { "Service", SERVICE, "target/satisfaction", "-1", "value" },
    { "Calendar", CALENDAR, "timeZone", "'Europe/Atlantis'", "value" },
    { "OrgUnit", UNIT, "timeZone", "'Europe/Oslo'", NULL },
    { "OrgUnit", UNIT, "timeZone", "'Europe/Atlantis'", "value" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    check_value (cases[i].type, cases[i].sound, cases[i].path, cases[i].value, cases[i].code);
}

/* Problems inside lists and refs are named by their place. */
static void
test_places_in_lists (void)
{
  g_autoptr (GVariant) service = core_doc (SERVICE);
  g_autoptr (GVariant) form = core_doc ("[{'key': 'a', 'kind': 'text', 'label': {'da': 'A'}}, "
                                        "{'key': 'b', 'kind': 'song', 'label': 5}]");
  g_autoptr (GVariant) articles = core_doc ("['a', '', 5]");
  g_autoptr (GVariant) with_form = bst_doc_set (service, "form", form);
  g_autoptr (GVariant) doc = bst_doc_set (with_form, "articles", articles);
  g_autoptr (GPtrArray) problems = validate ("Service", doc, NULL, TRUE);

  g_assert_cmpstr (core_problem (problems, "form/1/kind"), ==, "value");
  g_assert_cmpstr (core_problem (problems, "form/1/label"), ==, "type");
  g_assert_cmpstr (core_problem (problems, "articles/1"), ==, "value");
  g_assert_cmpstr (core_problem (problems, "articles/2"), ==, "type");
  g_assert_cmpuint (problems->len, ==, 4);
}

static GVariant *
with_text (const char *path, gsize letters, const char *letter)
{
  g_autoptr (GVariant) record = core_doc (REQUEST);
  g_autoptr (GString) text = g_string_sized_new (letters * strlen (letter));

  for (gsize i = 0; i < letters; i++)
    g_string_append (text, letter);
  return bst_doc_set_string (record, path, text->str);
}

static void
test_lengths (void)
{
  static const struct
  {
    const char *path;
    gsize letters;
    const char *letter;
    const char *code;
  } cases[] = {
    { "title", 1000, "x", NULL },    { "title", 1001, "x", "too-long" },
    { "title", 1000, "å", NULL },    { "title", 1001, "å", "too-long" },
    { "title", 1000, "🖥", NULL }, { "title", 10 * 1000 * 1000, "x", "too-long" },
    { "need", 100000, "å", NULL },   { "need", 100001, "å", "too-long" },
    { "unit", 255, "x", NULL },      { "unit", 256, "x", "too-long" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) doc = with_text (cases[i].path, cases[i].letters, cases[i].letter);
      g_autoptr (GPtrArray) problems = validate ("Request", doc, NULL, TRUE);

      g_assert_cmpstr (core_problem (problems, cases[i].path), ==, cases[i].code);
      if (problems->len)
        g_assert_cmpuint (strlen (((BstProblem *) problems->pdata[0])->message), <, 200);
    }
}

static void
test_server_set (void)
{
  g_autoptr (GVariant) before = core_doc (
      "{'id': 'r1', 'uid': 'x', 'rev': 3, 'title': 'A', 'unit': 'u', 'state': 'submitted',"
      " 'lines': {'l1': {'service': 's', 'quantity': 1, 'state': 'submitted'}}}");
  g_autoptr (GVariant) title = bst_doc_set_string (before, "title", "B");
  g_autoptr (GVariant) state = bst_doc_set_string (before, "state", "closed");
  g_autoptr (GVariant) line = bst_doc_set_string (before, "lines/l1/state", "closed");
  g_autoptr (GVariant) removed = bst_doc_set (before, "state", NULL);
  g_autoptr (GVariant) new_line =
      core_doc ("{'service': 's', 'quantity': 1, 'state': 'delivered'}");
  g_autoptr (GVariant) smuggled = bst_doc_set (before, "lines/l2", new_line);
  g_autoptr (GPtrArray) fine = validate ("Request", title, before, FALSE);
  g_autoptr (GPtrArray) by_client = validate ("Request", state, before, FALSE);
  g_autoptr (GPtrArray) by_server = validate ("Request", state, before, TRUE);
  g_autoptr (GPtrArray) in_line = validate ("Request", line, before, FALSE);
  g_autoptr (GPtrArray) taken_away = validate ("Request", removed, before, FALSE);
  g_autoptr (GPtrArray) in_new_line = validate ("Request", smuggled, before, FALSE);
  g_autoptr (GPtrArray) created = validate ("Request", before, NULL, FALSE);

  g_assert_cmpuint (fine->len, ==, 0);
  g_assert_cmpstr (core_problem (by_client, "state"), ==, "server-set");
  g_assert_cmpuint (by_server->len, ==, 0);
  g_assert_cmpstr (core_problem (in_line, "lines/l1/state"), ==, "server-set");
  g_assert_cmpstr (core_problem (taken_away, "state"), ==, "server-set");
  g_assert_cmpstr (core_problem (in_new_line, "lines/l2/state"), ==, "server-set");
  g_assert_cmpstr (core_problem (created, "id"), ==, "server-set");
  g_assert_cmpstr (core_problem (created, "rev"), ==, "server-set");
  g_assert_null (core_problem (created, "uid"));
}

static void
test_immutable (void)
{
  g_autoptr (GVariant) before = core_doc ("{'uid': 'x', 'title': 'A', 'unit': 'u'}");
  g_autoptr (GVariant) after = bst_doc_set_string (before, "uid", "y");
  g_autoptr (GPtrArray) by_client = validate ("Request", after, before, FALSE);
  g_autoptr (GPtrArray) by_server = validate ("Request", after, before, TRUE);
  g_autoptr (GPtrArray) same = validate ("Request", before, before, FALSE);

  g_assert_cmpstr (core_problem (by_client, "uid"), ==, "immutable");
  g_assert_cmpstr (core_problem (by_server, "uid"), ==, "immutable");
  g_assert_cmpuint (same->len, ==, 0);
}

/* What is wrong a million times is not told a million times. */
static void
test_bounded (void)
{
  g_autoptr (GVariant) record = core_doc (REQUEST);
  GVariantBuilder lines;
  g_autoptr (GVariant) doc = NULL;
  g_autoptr (GPtrArray) problems = NULL;

  g_variant_builder_init (&lines, G_VARIANT_TYPE_VARDICT);
  for (int i = 0; i < 9000; i++)
    {
      g_autofree char *key = g_strdup_printf ("l%d", i);

      g_variant_builder_add (&lines, "{sv}", key, g_variant_new_int64 (i));
    }
  doc = bst_doc_set (record, "lines", g_variant_builder_end (&lines));
  problems = validate ("Request", doc, NULL, TRUE);
  g_assert_cmpuint (problems->len, ==, 100);
}

static void
test_not_an_object (void)
{
  g_autoptr (GVariant) list = core_doc ("[]");
  g_autoptr (GPtrArray) problems = validate ("Request", list, NULL, TRUE);

  g_assert_cmpstr (core_problem (problems, ""), ==, "type");
}

/* The dictionary itself: names are there once, references lead to types, parts have fields. */
static void
check_fields (const BstField *fields)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (const BstField *field = fields; field->name; field++)
    {
      g_assert_true (g_hash_table_add (seen, (gpointer) field->name));
      if (field->kind == BST_FIELD_REF || field->kind == BST_FIELD_REFS)
        g_assert_nonnull (bst_record_type_find (field->target));
      if (field->kind == BST_FIELD_ENUM)
        g_assert_nonnull (field->values[0]);
      g_assert_cmpint (field->part != NULL, ==,
                       field->kind == BST_FIELD_MAP || field->kind == BST_FIELD_OBJECT ||
                           field->kind == BST_FIELD_LIST);
      g_assert_cmpint ((field->flags & BST_FIELD_SEARCHABLE) != 0, ==, field->weight > 0);
      if (field->part)
        check_fields (field->part->fields);
    }
}

static void
test_dictionary (void)
{
  for (const BstRecordType *const *type = bst_record_types (); *type; type++)
    {
      check_fields ((*type)->fields);
      g_assert_true (bst_record_type_find ((*type)->name) == *type);
      if ((*type)->account == BST_ACCOUNT_DEPARTMENT)
        g_assert_nonnull (bst_record_type_field (*type, (*type)->unit_field));
      if ((*type)->title_field)
        g_assert_nonnull (bst_record_type_field (*type, (*type)->title_field));
    }
  g_assert_null (bst_record_type_find ("Nothing"));
  g_assert_null (bst_record_type_find (NULL));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/record-type/values", test_values);
  g_test_add_func ("/record-type/places-in-lists", test_places_in_lists);
  g_test_add_func ("/record-type/lengths", test_lengths);
  g_test_add_func ("/record-type/server-set", test_server_set);
  g_test_add_func ("/record-type/immutable", test_immutable);
  g_test_add_func ("/record-type/bounded", test_bounded);
  g_test_add_func ("/record-type/not-an-object", test_not_an_object);
  g_test_add_func ("/record-type/dictionary", test_dictionary);
  return g_test_run ();
}
