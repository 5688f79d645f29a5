/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-request.h"

/* Single quotes for readability. */
static GVariant *
order (const char *title, const char *place, const char *lines)
{
  GVariant *doc = bst_doc_set_string (NULL, "uid", "u");

  bst_doc_replace (&doc, bst_doc_set_string (doc, "title", title));
  bst_doc_replace (&doc, bst_doc_set_string (doc, "place", place));
  if (lines)
    {
      g_autoptr (GVariant) parsed =
          g_variant_parse (G_VARIANT_TYPE_VARDICT, lines, NULL, NULL, NULL);

      bst_doc_replace (&doc, bst_doc_set (doc, "lines", parsed));
    }
  return doc;
}

static GVariant *
at (GVariant *doc, const char *rev_state, gint64 rev)
{
  g_autoptr (GVariant) with_state = bst_doc_set_string (doc, "state", rev_state);

  g_variant_unref (doc);
  return bst_doc_set_int (with_state, "rev", rev);
}

static void
assert_conflict (GVariant *conflicts,
                 guint i,
                 const char *path,
                 const char *mine,
                 const char *theirs)
{
  g_autoptr (GVariant) box = g_variant_get_child_value (conflicts, i);
  g_autoptr (GVariant) conflict = g_variant_get_variant (box);

  g_assert_cmpstr (bst_doc_get_string (conflict, "path"), ==, path);
  g_assert_cmpstr (bst_doc_get_string (conflict, "mine"), ==, mine);
  g_assert_cmpstr (bst_doc_get_string (conflict, "theirs"), ==, theirs);
}

static void
test_fields (void)
{
  g_autoptr (GVariant) base = at (order ("A", "P", NULL), "draft", 1);
  g_autoptr (GVariant) mine = at (order ("B", "P", NULL), "draft", 1);
  g_autoptr (GVariant) theirs = at (order ("A", "Q", NULL), "draft", 2);
  g_autoptr (GVariant) other = at (order ("C", "Q", NULL), "submitted", 3);
  g_autoptr (GVariant) conflicts = NULL;
  g_autoptr (GVariant) merged = bst_request_merge (base, mine, theirs, &conflicts);

  g_assert_cmpuint (g_variant_n_children (conflicts), ==, 0);
  g_assert_cmpstr (bst_doc_get_string (merged, "title"), ==, "B");
  g_assert_cmpstr (bst_doc_get_string (merged, "place"), ==, "Q");
  g_assert_cmpint (bst_doc_get_int (merged, "rev", 0), ==, 2);

  g_clear_pointer (&conflicts, g_variant_unref);
  g_clear_pointer (&merged, g_variant_unref);
  merged = bst_request_merge (base, mine, other, &conflicts);
  g_assert_cmpuint (g_variant_n_children (conflicts), ==, 1);
  assert_conflict (conflicts, 0, "title", "B", "C");
  g_assert_cmpstr (bst_doc_get_string (merged, "title"), ==, "B");
  g_assert_cmpstr (bst_doc_get_string (merged, "place"), ==, "Q");
  g_assert_cmpstr (bst_doc_get_string (merged, "state"), ==, "submitted");
}

#define ONE "{'l1': <{'service': <'chair'>, 'quantity': <int64 1>, 'price': <{'once': <int64 5>}>}>"

/* Two lines that were added under one key are two; what was frozen of a line goes with the line. */
static void
test_lines (void)
{
  g_autoptr (GVariant) base = order ("A", "P", ONE "}");
  g_autoptr (GVariant) mine = order ("A", "P", ONE ", 'l2': <{'service': <'desk'>}>}");
  g_autoptr (GVariant) theirs = order ("A", "P", ONE ", 'l2': <{'service': <'lamp'>}>}");
  g_autoptr (GVariant) conflicts = NULL;
  g_autoptr (GVariant) merged = bst_request_merge (base, mine, theirs, &conflicts);

  g_assert_cmpuint (g_variant_n_children (conflicts), ==, 0);
  g_assert_cmpstr (bst_doc_get_string (merged, "lines/l2/service"), ==, "lamp");
  g_assert_cmpstr (bst_doc_get_string (merged, "lines/l3/service"), ==, "desk");
}

static void
check_place (const char *mine_text, const char *theirs_text, const char *path, const char *gone)
{
  g_autoptr (GVariant) base = order ("A", "P", ONE "}");
  g_autoptr (GVariant) mine = order ("A", "P", mine_text);
  g_autoptr (GVariant) theirs = order ("A", "P", theirs_text);
  g_autoptr (GVariant) conflicts = NULL;
  g_autoptr (GVariant) merged = bst_request_merge (base, mine, theirs, &conflicts);
  g_autoptr (GVariant) box = NULL;
  g_autoptr (GVariant) conflict = NULL;
  g_autoptr (GVariant) stands = bst_doc_lookup (merged, path);
  g_autoptr (GVariant) own = bst_doc_lookup (mine, path);

  g_assert_cmpuint (g_variant_n_children (conflicts), ==, 1);
  box = g_variant_get_child_value (conflicts, 0);
  conflict = g_variant_get_variant (box);
  g_assert_cmpstr (bst_doc_get_string (conflict, "path"), ==, path);
  if (gone)
    g_assert_false (bst_doc_has (conflict, gone));
  g_assert_true (own ? bst_doc_equal (stands, own) : stands == NULL);
}

static void
test_places (void)
{
  check_place (
      "{'l1': <{'service': <'chair'>, 'quantity': <int64 2>, 'price': <{'once': <int64 5>}>}>}",
      "{'l1': <{'service': <'chair'>, 'quantity': <int64 3>, 'price': <{'once': <int64 5>}>}>}",
      "lines/l1/quantity", NULL);
  check_place (
      "{'l1': <{'service': <'chair'>, 'quantity': <int64 1>, 'price': <{'once': <int64 6>}>}>}",
      "{'l1': <{'service': <'chair'>, 'quantity': <int64 1>, 'price': <{'once': <int64 7>}>}>}",
      "lines/l1", NULL);
  check_place (
      "{'l1': <{'service': <'chair'>, 'quantity': <int64 2>, 'price': <{'once': <int64 5>}>}>}",
      "@a{sv} {}", "lines/l1", "theirs");
  check_place (
      "@a{sv} {}",
      "{'l1': <{'service': <'chair'>, 'quantity': <int64 2>, 'price': <{'once': <int64 5>}>}>}",
      "lines/l1", "mine");
}

static void
test_amend (void)
{
  g_assert_true (bst_request_may_amend ("title"));
  g_assert_true (bst_request_may_amend ("receivers/p1/name"));
  g_assert_false (bst_request_may_amend ("receiver"));
  g_assert_false (bst_request_may_amend ("lines/l1/quantity"));
  g_assert_false (bst_request_may_amend ("unit"));
}

static void
test_both (void)
{
  g_autoptr (GVariant) a = g_variant_ref_sink (g_variant_new_string ("mine"));
  g_autoptr (GVariant) b = g_variant_ref_sink (g_variant_new_string ("theirs"));
  g_autoptr (GVariant) n = g_variant_ref_sink (g_variant_new_int64 (1));
  g_autoptr (GVariant) both = bst_request_both_texts (a, b);

  g_assert_cmpstr (g_variant_get_string (both, NULL), ==, "theirs / mine");
  g_assert_null (bst_request_both_texts (a, n));
  g_assert_null (bst_request_both_texts (NULL, b));
}

/* A line with an answer, and the question as it was. */
static GVariant *
answered (const char *kind)
{
  g_autofree char *lines = g_strdup_printf (
      "{'l1': <{'service': <'desk'>, 'answers': <{'room': <'A1'>}>, 'asked': <{'room': <{'key': "
      "<'room'>, 'kind': <'%s'>}>}>}>}",
      kind);

  return order ("A", "P", lines);
}

/* The words of a question lie beside its answer; nobody is asked to decide between them. */
static void
test_asked (void)
{
  g_autoptr (GVariant) base = order ("A", "P", "{'l1': <{'service': <'desk'>}>}");
  g_autoptr (GVariant) mine = answered ("text");
  g_autoptr (GVariant) theirs = at (answered ("multiline"), "draft", 2);
  g_autoptr (GVariant) conflicts = NULL;
  g_autoptr (GVariant) merged = bst_request_merge (base, mine, theirs, &conflicts);

  g_assert_cmpuint (g_variant_n_children (conflicts), ==, 0);
  g_assert_cmpstr (bst_doc_get_string (merged, "lines/l1/asked/room/kind"), ==, "multiline");
  g_assert_cmpstr (bst_doc_get_string (merged, "lines/l1/answers/room"), ==, "A1");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/request-merge/fields", test_fields);
  g_test_add_func ("/request-merge/lines", test_lines);
  g_test_add_func ("/request-merge/places", test_places);
  g_test_add_func ("/request-merge/amend", test_amend);
  g_test_add_func ("/request-merge/both", test_both);
  g_test_add_func ("/request-merge/asked", test_asked);
  return g_test_run ();
}
