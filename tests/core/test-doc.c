/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "bst-doc-writer.h"
#include "bst-error.h"

#include <string.h>

/* ---- examples ---- */

static void
test_lookup (void)
{
  g_autoptr (GVariant) doc = core_doc (
      "{'a': {'b/c': {'d~e': 5}}, 'n': null, 's': 'x', 'l': ['p', 5, 'q'], 'f': 1.5, 't': true}");
  g_auto (GStrv) strings = bst_doc_get_strv (doc, "l");
  g_autofree char *escaped = bst_path_escape ("b/c~");

  g_assert_cmpint (bst_doc_get_int (doc, "a/b~1c/d~0e", 0), ==, 5);
  g_assert_cmpint (bst_doc_get_int (doc, "a/b/c", 7), ==, 7);
  g_assert_cmpint (bst_doc_get_int (doc, "f", 7), ==, 7);
  g_assert_cmpfloat (bst_doc_get_double (doc, "f", 0), ==, 1.5);
  g_assert_cmpstr (bst_doc_get_string (doc, "s"), ==, "x");
  g_assert_null (bst_doc_get_string (doc, "a"));
  g_assert_null (bst_doc_get_string (doc, "s/deeper"));
  g_assert_true (bst_doc_get_bool (doc, "t"));
  g_assert_false (bst_doc_has (doc, "n"));
  g_assert_true (bst_doc_has (doc, "a/b~1c"));
  g_assert_cmpstr (escaped, ==, "b~1c~0");
  g_assert_cmpuint (g_strv_length (strings), ==, 2);
  g_assert_cmpstr (strings[1], ==, "q");
}

static void
test_set (void)
{
  g_autoptr (GVariant) doc = bst_doc_set_int (NULL, "a/b/c", 1);
  g_autoptr (GVariant) more = bst_doc_set_string (doc, "a/d", "x");
  g_autoptr (GVariant) removed = bst_doc_set (more, "a/b", NULL);
  g_autoptr (GVariant) not_there = bst_doc_set (removed, "x/y", NULL);
  g_autoptr (GVariant) expected = core_doc ("{'a': {'d': 'x'}}");

  g_assert_true (bst_doc_equal (removed, expected));
  g_assert_true (bst_doc_equal (not_there, expected));
  /* the first is as it was */
  g_assert_false (bst_doc_has (doc, "a/d"));
  g_assert_cmpint (bst_doc_get_int (doc, "a/b/c", 0), ==, 1);
}

/* What was handed over is freed; what was borrowed is not. */
static void
test_ownership (void)
{
  GVariant *owned = core_doc ("{'x': 1}");
  g_autoptr (GVariant) watched = g_variant_ref (owned);
  g_autoptr (GVariant) one = bst_doc_set_take (NULL, "a", owned);
  g_autoptr (GVariant) two = bst_doc_set (one, "b", watched);

  g_assert_cmpint (bst_doc_get_int (two, "a/x", 0) + bst_doc_get_int (two, "b/x", 0), ==, 2);
}

static void
test_equal (void)
{
  g_autoptr (GVariant) a = core_doc ("{'x': 1, 'y': [1, {'z': null}]}");
  g_autoptr (GVariant) b = core_doc ("{'y': [1.0, {'z': null}], 'x': 1}");
  g_autoptr (GVariant) c = core_doc ("{'y': [1.0, {'z': 0}], 'x': 1}");
  g_autoptr (GVariant) canonical_a = bst_doc_canonical (a);
  g_autoptr (GVariant) keys = core_doc ("{'b': {'d': 1, 'c': 2}, 'a': 3}");
  g_autoptr (GVariant) same_keys = core_doc ("{'a': 3, 'b': {'c': 2, 'd': 1}}");
  g_autoptr (GVariant) canonical_keys = bst_doc_canonical (keys);
  g_autoptr (GVariant) canonical_same = bst_doc_canonical (same_keys);

  g_assert_true (bst_doc_equal (a, b));
  g_assert_false (bst_doc_equal (a, c));
  g_assert_true (bst_doc_equal (a, canonical_a));
  g_assert_false (bst_doc_equal (a, NULL));
  /* octet for octet */
  g_assert_true (g_variant_equal (canonical_keys, canonical_same));
}

static void
test_patch_refuses (void)
{
  static const char *const cases[] = {
    "{'nowhere/x': 1}", "{'s/x': 1}", "{'l/0': 1}", "{'m': {}, 'm/x': 1}", "{'m/x': null, 'm': {}}",
  };
  g_autoptr (GVariant) doc = core_doc ("{'s': 'x', 'l': [1], 'm': {'x': 1}}");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) patch = core_doc (cases[i]);
      g_autoptr (GError) error = NULL;

      g_assert_null (bst_doc_patch (doc, patch, &error));
      g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
    }
}

static void
test_patch_of_neighbours (void)
{
  g_autoptr (GVariant) doc = core_doc ("{'m': {'x': 1}, 'mm': {'x': 1}}");
  g_autoptr (GVariant) patch = core_doc ("{'m': null, 'mm/x': 2}");
  g_autoptr (GVariant) expected = core_doc ("{'mm': {'x': 2}}");
  g_autoptr (GVariant) result = bst_doc_patch (doc, patch, NULL);

  g_assert_true (bst_doc_equal (result, expected));
}

static void
check_merge (const char *base,
             const char *mine,
             const char *theirs,
             const char *merged,
             const char *conflicts)
{
  g_autoptr (GVariant) base_doc = core_doc (base);
  g_autoptr (GVariant) mine_doc = core_doc (mine);
  g_autoptr (GVariant) theirs_doc = core_doc (theirs);
  g_autoptr (GVariant) expected = core_doc (merged);
  char **paths = NULL;
  g_autoptr (GVariant) result = bst_doc_merge (base_doc, mine_doc, theirs_doc, &paths);

  core_assert_list (paths, conflicts);
  g_assert_true (bst_doc_equal (result, expected));
}

static void
test_merge (void)
{
  check_merge ("{'a': 1, 'b': 1}", "{'a': 2, 'b': 1}", "{'a': 1, 'b': 2}", "{'a': 2, 'b': 2}", "");
  check_merge ("{'a': 1}", "{'a': 2}", "{'a': 3}", "{'a': 3}", "a");
  check_merge ("{'a': 1}", "{'a': 2}", "{'a': 2}", "{'a': 2}", "");
  check_merge ("{'a': 1}", "{}", "{'a': 2}", "{'a': 2}", "a");
  check_merge ("{'a': 1}", "{}", "{}", "{}", "");
  check_merge ("{'a': 1}", "{'a': 2}", "{}", "{}", "a");
  check_merge ("{'l': {'x': {'q': 1}}}", "{'l': {'x': {'q': 2}}}",
               "{'l': {'x': {'q': 1}, 'y': {'q': 5}}}", "{'l': {'x': {'q': 2}, 'y': {'q': 5}}}",
               "");
  /* she removed the line whose quantity I changed */
  check_merge ("{'l': {'x': {'q': 1}}}", "{'l': {'x': {'q': 2}}}", "{'l': {}}", "{'l': {}}",
               "l/x/q");
  /* one removed the line, the other something in it: the line is gone, whoever asks */
  check_merge ("{'l': {'x': {'q': 1, 'r': 1}}}", "{'l': {'x': {'q': 1}}}", "{'l': {}}", "{'l': {}}",
               "");
  check_merge ("{'l': {'x': {'q': 1, 'r': 1}}}", "{'l': {}}", "{'l': {'x': {'q': 1}}}", "{'l': {}}",
               "");
  check_merge ("{'l': {'x': {'q': 1, 'r': 1}}}", "{'l': {}}", "{'l': {'x': {'q': 2}}}",
               "{'l': {'x': {'q': 2}}}", "l/x");
  check_merge ("{'l': [1]}", "{'l': [1, 2]}", "{'l': [1, 3]}", "{'l': [1, 3]}", "l");
}

/* ---- laws, on random documents ---- */

static GVariant *random_value (int depth);

static GVariant *
random_map (int depth)
{
  static const char *const keys[] = { "a", "b", "a/b", "a~b", "~1", "/", "æ", "" };
  GVariantBuilder builder;
  guint used = 0;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  for (int n = g_test_rand_int_range (0, 5); n > 0; n--)
    {
      int key = g_test_rand_int_range (0, G_N_ELEMENTS (keys));

      if (!(used & (1u << key)))
        g_variant_builder_add (&builder, "{sv}", keys[key], random_value (depth - 1));
      used |= 1u << key;
    }
  return g_variant_builder_end (&builder);
}

static GVariant *
random_list (int depth)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("av"));
  for (int n = g_test_rand_int_range (0, 3); n > 0; n--)
    g_variant_builder_add (&builder, "v", random_value (depth - 1));
  return g_variant_builder_end (&builder);
}

/* No nulls in maps: a patch cannot tell them from absence (RFC 8620 §5.3). */
static GVariant *
random_value (int depth)
{
  switch (g_test_rand_int_range (0, depth > 0 ? 8 : 4))
    {
    case 0:
      return g_variant_new_int64 (g_test_rand_int_range (0, 3));
    case 1:
      return g_variant_new_string (g_test_rand_bit () ? "x" : "y");
    case 2:
      return g_variant_new_boolean (g_test_rand_bit ());
    case 3:
      return g_variant_new_double (g_test_rand_int_range (0, 3) / 2.0);
    case 4:
      return random_list (depth);
    default:
      return random_map (depth);
    }
}

static GVariant *
random_doc (void)
{
  return bst_doc_take (random_map (3));
}

static GVariant *
patched (GVariant *doc, GVariant *patch)
{
  g_autoptr (GError) error = NULL;
  GVariant *result = bst_doc_patch (doc, patch, &error);

  g_assert_no_error (error);
  return result;
}

static void
assert_equal (GVariant *a, GVariant *b)
{
  g_autofree char *text_a = g_variant_print (a, FALSE);
  g_autofree char *text_b = g_variant_print (b, FALSE);

  if (!bst_doc_equal (a, b))
    g_error ("%s is not %s", text_a, text_b);
}

static void
test_diff_and_patch (void)
{
  for (int i = 0; i < 5000; i++)
    {
      g_autoptr (GVariant) from = random_doc ();
      g_autoptr (GVariant) to = random_doc ();
      g_autoptr (GVariant) diff = bst_doc_diff (from, to);
      g_autoptr (GVariant) none = bst_doc_diff (to, to);
      g_autoptr (GVariant) result = patched (from, diff);
      g_autoptr (GVariant) again = NULL;

      assert_equal (result, to);
      again = bst_doc_diff (result, to);
      g_assert_cmpuint (g_variant_n_children (again), ==, 0);
      g_assert_cmpuint (g_variant_n_children (none), ==, 0);
    }
}

static GVariant *
merged (GVariant *base, GVariant *mine, GVariant *theirs, guint *ret_conflicts)
{
  g_auto (GStrv) conflicts = NULL;
  GVariant *result = bst_doc_merge (base, mine, theirs, &conflicts);

  *ret_conflicts = g_strv_length (conflicts);
  return result;
}

static void
test_merge_laws (void)
{
  guint clean = 0;

  for (int i = 0; i < 5000; i++)
    {
      g_autoptr (GVariant) base = random_doc ();
      g_autoptr (GVariant) mine =
          g_test_rand_bit () ? random_doc () : bst_doc_set_int (base, "mine", 5);
      g_autoptr (GVariant) theirs = random_doc ();
      guint n;
      guint back;
      g_autoptr (GVariant) only_mine = merged (base, mine, base, &n);
      g_autoptr (GVariant) only_theirs = NULL;
      g_autoptr (GVariant) both_same = NULL;
      g_autoptr (GVariant) one = NULL;
      g_autoptr (GVariant) other = NULL;

      assert_equal (only_mine, mine);
      g_assert_cmpuint (n, ==, 0);
      only_theirs = merged (base, base, theirs, &n);
      assert_equal (only_theirs, theirs);
      g_assert_cmpuint (n, ==, 0);
      both_same = merged (base, theirs, theirs, &n);
      assert_equal (both_same, theirs);
      g_assert_cmpuint (n, ==, 0);
      /* without conflicts it does not matter who is who */
      one = merged (base, mine, theirs, &n);
      other = merged (base, theirs, mine, &back);
      g_assert_cmpint (n == 0, ==, back == 0);
      clean += n == 0;
      if (n == 0)
        assert_equal (one, other);
    }
  g_assert_cmpuint (clean, >, 500);
}

/* ---- written straight away ---- */

static void
put (GVariantBuilder *builder, const char *key, GVariant *value)
{
  g_variant_builder_add (builder, "{sv}", key, value);
}

/* The same by both ways; objects of no, few and many entries, of up to some ten thousand octets, so that all widths of ends occur. */
static void
write_object (BstDocWriter *writer, GVariantBuilder *builder, int depth, int most)
{
  int n = g_test_rand_int_range (0, most);

  for (int i = 0; i < n; i++)
    {
      g_autofree char *key =
          g_strdup_printf ("%.*sæ%d", g_test_rand_int_range (0, 9), "abcdefgh", i);
      g_autofree char *text = g_strnfill ((gsize) g_test_rand_int_range (0, 400), 'x');
      double number = g_test_rand_double ();
      g_autoptr (GVariant) copied = NULL;
      GVariantBuilder within;

      switch (g_test_rand_int_range (0, depth > 0 ? 6 : 5))
        {
        case 0:
          bst_doc_writer_string (writer, key, text);
          put (builder, key, g_variant_new_string (text));
          break;
        case 1:
          bst_doc_writer_int (writer, key, n - i);
          put (builder, key, g_variant_new_int64 (n - i));
          break;
        case 2:
          bst_doc_writer_double (writer, key, number);
          put (builder, key, g_variant_new_double (number));
          break;
        case 3:
          bst_doc_writer_bool (writer, key, n > 2);
          put (builder, key, g_variant_new_boolean (n > 2));
          break;
        case 4:
          copied = bst_doc_take (g_variant_new_strv ((const char *const *) &text, 1));
          bst_doc_writer_value (writer, key, copied);
          put (builder, key, copied);
          break;
        default:
          bst_doc_writer_open (writer, key);
          g_variant_builder_init (&within, G_VARIANT_TYPE_VARDICT);
          write_object (writer, &within, depth - 1, most);
          bst_doc_writer_close (writer);
          put (builder, key, g_variant_builder_end (&within));
        }
    }
}

static void
test_writer (void)
{
  static const int sizes[] = { 1, 3, 12, 60, 400 };
  g_autoptr (BstDocWriter) writer = bst_doc_writer_new ();
  gsize largest = 0;

  for (guint round = 0; round < 100; round++)
    {
      GVariantBuilder builder;
      g_autoptr (GVariant) built = NULL;
      g_autoptr (GVariant) written = NULL;

      g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
      write_object (writer, &builder, round % 4 ? 1 : 3,
                    sizes[round % G_N_ELEMENTS (sizes)] / (round % 4 ? 1 : 40) + 1);
      built = bst_doc_take (g_variant_builder_end (&builder));
      written = bst_doc_writer_take (writer);
      g_assert_cmpmem (g_variant_get_data (written), g_variant_get_size (written),
                       g_variant_get_data (built), g_variant_get_size (built));
      g_assert_true (g_variant_is_normal_form (written));
      largest = MAX (largest, g_variant_get_size (written));
    }
  g_test_message ("up to %" G_GSIZE_FORMAT " octets", largest);
  g_assert_cmpuint (largest, >, 65536);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/doc/lookup", test_lookup);
  g_test_add_func ("/doc/set", test_set);
  g_test_add_func ("/doc/ownership", test_ownership);
  g_test_add_func ("/doc/equal", test_equal);
  g_test_add_func ("/doc/patch-refuses", test_patch_refuses);
  g_test_add_func ("/doc/patch-of-neighbours", test_patch_of_neighbours);
  g_test_add_func ("/doc/merge", test_merge);
  g_test_add_func ("/doc/diff-and-patch", test_diff_and_patch);
  g_test_add_func ("/doc/merge-laws", test_merge_laws);
  g_test_add_func ("/doc/writer", test_writer);
  return g_test_run ();
}
