/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Stepping over JSON without parsing it. */

#include "bst-jmap-slice.h"
#include "bst-json-slice.h"

#include <string.h>

static const char page[] = " { \"a\" : [ {\"id\":\"r1\",\"t\":\"x\\\\\"} , 12, \"]}\\\",\" ],\n"
                           "\"b\":{}, \"c\\\"d\":null,\"e\":[[true]]} ";

static void
check_slice (const BstJsonSlice *slice, const char *key, const char *text)
{
  g_autofree char *found = g_strndup (slice->text, slice->len);

  g_assert_cmpstr (slice->key, ==, key);
  g_assert_cmpstr (found, ==, text);
}

static void
test_items (void)
{
  g_autoptr (GArray) slices = bst_json_slices (page, strlen (page), 2);
  const BstJsonSlice *list = bst_json_slice_find (slices, "a");

  g_assert_cmpuint (slices->len, ==, 4);
  check_slice (&g_array_index (slices, BstJsonSlice, 1), "b", "{}");
  check_slice (&g_array_index (slices, BstJsonSlice, 2), "c\\\"d", "null");
  check_slice (&g_array_index (slices, BstJsonSlice, 3), "e", "[[true]]");
  g_assert_null (bst_json_slice_find (slices, "f"));

  g_assert_cmpuint (list->items->len, ==, 3);
  check_slice (&g_array_index (list->items, BstJsonSlice, 0), NULL,
               "{\"id\":\"r1\",\"t\":\"x\\\\\"}");
  check_slice (&g_array_index (list->items, BstJsonSlice, 1), NULL, "12");
  check_slice (&g_array_index (list->items, BstJsonSlice, 2), NULL, "\"]}\\\",\"");
  g_assert_null (g_array_index (list->items, BstJsonSlice, 0).items);
}

/* Whatever is cut off, nothing is found, and nothing behind the end is read. */
static void
test_cut (void)
{
  gsize len = strlen (page) - 1;

  for (guint depth = 1; depth <= 4; depth++)
    for (gsize i = 0; i < len; i++)
      {
        g_autofree char *cut = g_memdup2 (page, i ? i : 1);

        g_assert_null (bst_json_slices (cut, i, depth));
      }
  g_assert_null (bst_json_slices ("12", 2, 1));
  g_assert_null (bst_json_slices ("{} {}", 5, 1));
}

static void
test_pick (void)
{
  static const char text[] = "{\"other\":{\"title\":\"no\"},\"tit\":1,\"title\":\"K\\u00f8b "
                             "\\\"nu\\\"\",\"title\":\"later\",\"n\":[1]}";
  static const char *const names[] = { "title", "id", "n", NULL };
  BstJsonSlice found[3];
  g_autofree char *title = NULL;

  g_assert_true (bst_json_slices_pick (text, strlen (text), names, found));
  title = bst_json_slice_dup_string (&found[0]);
  g_assert_cmpstr (title, ==, "Køb \"nu\"");
  g_assert_null (found[1].text);
  g_assert_null (bst_json_slice_dup_string (&found[1]));
  check_slice (&found[2], NULL, "[1]");
  g_assert_null (bst_json_slice_dup_string (&found[2]));
  g_assert_true (bst_json_slices_pick ("{}", 2, names, found));
  g_assert_false (bst_json_slices_pick ("[1]", 3, names, found));
  g_assert_false (bst_json_slices_pick (text, 20, names, found));
}

static void
test_response (void)
{
  static const char text[] =
      "{\"methodResponses\":[[\"Record/changes\",{\"records\":{\"Request\":[{},{}]}},"
      "\"c0\"]],\"sessionState\":\"s\"}";
  g_autoptr (GPtrArray) flat = bst_jmap_response_slices (text, strlen (text), 0, NULL, NULL);
  g_autoptr (GPtrArray) deep = bst_jmap_response_slices (text, strlen (text), 3, NULL, NULL);
  const BstJmapSlice *slice = flat->pdata[0];
  const BstJsonSlice *types;

  g_assert_null (bst_jmap_response_slices (NULL, 0, 0, NULL, NULL)); /* an empty body */
  g_assert_null (slice->items);
  g_assert_cmpuint (slice->len, ==, strlen ("{\"records\":{\"Request\":[{},{}]}}"));
  slice = deep->pdata[0];
  types = bst_json_slice_find (slice->items, "records");
  g_assert_cmpuint (g_array_index (types->items, BstJsonSlice, 0).items->len, ==, 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/slice/items", test_items);
  g_test_add_func ("/slice/cut", test_cut);
  g_test_add_func ("/slice/pick", test_pick);
  g_test_add_func ("/slice/response", test_response);
  return g_test_run ();
}
