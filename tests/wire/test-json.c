/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-error.h"
#include "bst-json.h"

#include <locale.h>
#include <string.h>

static void
assert_round_trip (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = bst_json_parse (text, -1, &error);
  g_autofree char *printed = NULL;

  g_assert_no_error (error);
  printed = bst_json_print (value);
  g_assert_cmpstr (printed, ==, text);
}

static void
test_round_trip (void)
{
  static const char *const texts[] = {
    "{}",
    "[]",
    "null",
    "true",
    "\"\"",
    "{\"a\":1,\"b\":[true,false,null,\"x\"],\"c\":{\"d\":{}}}",
    "\"Rengøring af gulve – 3 × om ugen\"",
    "9223372036854775807",
    "-9223372036854775808",
    "0.1",
    "1.0",
    "1e+300",
    "[0.30000000000000004,2.5]",
    "\"\\\"\\\\\\n\\t\\r\\u0001\"",
    "\"𝄞\"",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_round_trip (texts[i]);
}

static void
test_types (void)
{
  g_autoptr (GVariant) doc =
      bst_json_parse_object (" {\"i\": 7 , \"d\":7.0,\"big\":9223372036854775808.0,\r\n\"n\":null,"
                             "\"s\":\"\\u00e5\\ud834\\udd1e\\/\"}\n",
                             -1, NULL);
  g_autoptr (GVariant) big = bst_doc_lookup (doc, "big");

  g_assert_nonnull (doc);
  g_assert_cmpint (bst_doc_get_int (doc, "i", 0), ==, 7);
  g_assert_cmpint (bst_doc_get_int (doc, "d", -1), ==, -1);
  g_assert_true (g_variant_is_of_type (big, G_VARIANT_TYPE_DOUBLE));
  g_assert_false (bst_doc_has (doc, "n"));
  g_assert_cmpstr (bst_doc_get_string (doc, "s"), ==, "å𝄞/");
}

typedef struct
{
  const char *text;
  const char *where;
} Bad;

static void
test_refused (void)
{
  static const Bad bad[] = {
    { "", "line 1, column 1" },
    { "{", "line 1, column 2" },
    { "[1,]", "line 1, column 4" },
    { "{\"a\":1,}", "line 1, column 8" },
    { "{'a':1}", "line 1, column 2" },
    { "{\"a\" 1}", "line 1, column 6" },
    { "{\n  \"å\": tru\n}", "line 2, column 8" },
    { "{\"a\":1,\"a\":2}", "line 1, column 10: the key is there twice" },
    { "{\"a\":1,\"\\u0061\":2}", "twice" },
    { "01", "line 1, column 1: invalid token" },
    { "-", "line 1, column 1: invalid token" },
    { "1.", "line 1, column 1: invalid token" },
    { "1e", "invalid token" },
    { "1e999", "line 1, column 1: the number is too large" },
    { "[-1e400]", "line 1, column 2: the number is too large" },
    { "9223372036854775808", "the number is too large" },
    { "-9223372036854775809", "the number is too large" },
    { "0x10", "follows" },
    { "NaN", "line 1, column 1: invalid token" },
    { "-Infinity", "invalid token" },
    { "\"\\ud834\"", "invalid Unicode" },
    { "\"\\udd1e\"", "invalid Unicode" },
    { "\"\\ud834\\u0041\"", "invalid Unicode" },
    { "\"\\u0000\"", "U+0000" },
    { "{\"\\u0000\":1}", "U+0000" },
    { "\"\\u12\"", "escape" },
    { "\"\\x\"", "escape" },
    { "\"a\nb\"", "line 1, column 2: unexpected newline" },
    { "\"a\033b\"", "control character 0x1b" },
    { "\"a", "line 1, column 3: the text ends" },
    { "\"a\\", "invalid escape" },
    { "[\n\n", "line 3, column 1: the text ends" },
    { "/* no */ 1", "line 1, column 1: invalid token" },
    { "1 2", "follows" },
    { "\"\xff\"", "line 1, column 2: not UTF-8" },
    { "[\"å\",\n\"åå\xff\"]", "line 2, column 4: not UTF-8" },
    { "\"\xc0\xaf\"", "UTF-8" },
    { "\"\xed\xa0\x80\"", "UTF-8" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (bst_json_parse (bad[i].text, -1, &error));
      g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, bad[i].where));
    }
}

/* What a double cannot hold exactly becomes the nearest that it can. */
static void
test_numbers (void)
{
  static const char *const texts[][2] = {
    { "-0", "0" },
    { "-0.0", "-0.0" },
    { "1E3", "1000.0" },
    { "1e-400", "0.0" },
    { "9223372036854775808.0", "9.223372036854776e+18" },
    { "0.1000000000000000055511151231257827", "0.1" },
    { "1.7976931348623157e308", "1.7976931348623157e+308" },
    { "4.9e-324", "4.94065645841247e-324" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) value = bst_json_parse (texts[i][0], -1, &error);
      g_autofree char *printed = NULL;

      g_assert_no_error (error);
      printed = bst_json_print (value);
      g_assert_cmpstr (printed, ==, texts[i][1]);
    }
}

/* The point of a number is a point, wherever the reader lives. */
static void
test_locale (void)
{
  if (!setlocale (LC_ALL, "da_DK.UTF-8"))
    {
      g_test_skip ("the locale da_DK.UTF-8 is not installed");
      return;
    }
  assert_round_trip ("[2.5,-0.1,1e+300]");
  setlocale (LC_ALL, "C");
}

/* Where a library expects no octet 0: behind the value, in a string, in a key, between the tokens. */
static void
test_octet_zero (void)
{
  static const char texts[][6] = { "[1]\0 ", "\"a\0b\"", "{\"\0\":", "[\0 1]" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (bst_json_parse (texts[i], 5, &error));
      g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, "octet 0"));
    }
}

static void
test_byte_order_mark (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = bst_json_parse ("\xef\xbb\xbf[1]", -1, NULL);

  g_assert_nonnull (value);
  g_assert_null (bst_json_parse ("\xef\xbb\xbf[1,]", -1, &error));
  g_assert_nonnull (strstr (error->message, "line 1, column 4"));
}

static char *
nested (guint depth, const char *open, const char *close)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < depth; i++)
    g_string_append (text, open);
  g_string_append (text, "\"in\"");
  for (guint i = 0; i < depth; i++)
    g_string_append (text, close);
  return g_string_free (text, FALSE);
}

/* What is nested as deeply as allowed is read, serialised and printed whole. */
static void
assert_depth (const char *open, const char *close)
{
  g_autofree char *deepest = nested (BST_JSON_MAX_DEPTH, open, close);
  g_autofree char *deeper = nested (BST_JSON_MAX_DEPTH + 1, open, close);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = bst_json_parse (deepest, -1, NULL);
  g_autoptr (GBytes) bytes = g_variant_get_data_as_bytes (value);
  g_autoptr (GVariant) again =
      g_variant_ref_sink (g_variant_new_from_bytes (g_variant_get_type (value), bytes, FALSE));
  g_autofree char *printed = bst_json_print (again);

  g_assert_cmpstr (printed, ==, deepest);
  g_assert_cmpuint (bst_json_depth (again), ==, BST_JSON_MAX_DEPTH);
  g_assert_null (bst_json_parse (deeper, -1, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_TOO_LARGE);
}

/* A document of about @size octets, around which the width of offsets changes. */
static char *
make_document (gsize size)
{
  GString *text =
      g_string_new ("{\"empty\":{},\"none\":[],\"nothing\":null,\"yes\":true,\"list\":[");

  for (guint i = 0; text->len < size; i++)
    g_string_append_printf (text, "%s{\"n\":%u,\"half\":%u.5,\"\":\"æ\",\"in\":[[],[\"x\"]]}",
                            i > 0 ? "," : "", i, i);
  g_string_append (text, "]}");
  return g_string_free (text, FALSE);
}

/* What is written straight in the serialised form is what GVariant would have written. */
static void
test_serialised_form (void)
{
  static const gsize sizes[] = { 10, 90, 150, 200, 250, 300, 20000, 40000, 60000, 80000, 200000 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *text = make_document (sizes[i]);
      g_autoptr (GVariant) value = bst_json_parse (text, -1, NULL);
      g_autoptr (GBytes) bytes = g_variant_get_data_as_bytes (value);
      g_autoptr (GVariant) untrusted =
          g_variant_ref_sink (g_variant_new_from_bytes (g_variant_get_type (value), bytes, FALSE));
      g_autofree char *printed = bst_json_print (value);
      g_autofree char *as_text = g_variant_print (value, TRUE);
      g_autoptr (GVariant) built =
          g_variant_parse (G_VARIANT_TYPE_VARDICT, as_text, NULL, NULL, NULL);
      g_autoptr (GBytes) expected = g_variant_get_data_as_bytes (built);

      g_assert_true (g_variant_is_normal_form (untrusted));
      g_assert_cmpstr (printed, ==, text);
      g_assert_true (g_bytes_equal (bytes, expected));
    }
}

static void
test_depth (void)
{
  g_autofree char *abyss = g_strnfill (1000000, '[');
  g_autoptr (GError) error = NULL;

  assert_depth ("{\"k\":", "}");
  assert_depth ("[", "]");
  g_assert_null (bst_json_parse (abyss, -1, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_TOO_LARGE);
}

static void
test_size (void)
{
  g_autofree char *text = g_strnfill (BST_JSON_MAX_BYTES + 1, ' ');
  g_autoptr (GError) error = NULL;

  g_assert_null (bst_json_parse (text, -1, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_TOO_LARGE);
}

static void
test_many_keys (void)
{
  g_autoptr (GString) text = g_string_new ("{");
  g_autoptr (GVariant) doc = NULL;

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (text, "\"k%u\":%u,", i, i);
  g_string_append (text, "\"last\":1}");
  doc = bst_json_parse_object (text->str, -1, NULL);
  g_assert_cmpuint (g_variant_n_children (doc), ==, 20001);

  g_string_truncate (text, text->len - 1);
  g_string_append (text, ",\"k17\":1}");
  g_assert_null (bst_json_parse_object (text->str, -1, NULL));
}

static void
test_object_only (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (bst_json_parse_object ("[1]", -1, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
}

static void
test_pretty (void)
{
  g_autoptr (GVariant) doc = bst_json_parse ("{\"a\":[1,{}],\"b\":[]}", -1, NULL);
  g_autofree char *pretty = bst_json_print_pretty (doc);

  g_assert_cmpstr (pretty, ==, "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}\n");
}

static void
test_hash (void)
{
  g_autoptr (GVariant) one = bst_json_parse ("{\"a\":1,\"b\":{\"x\":2.0,\"y\":[1]}}", -1, NULL);
  g_autoptr (GVariant) two = bst_json_parse ("{ \"b\":{\"y\":[1.0],\"x\":2},\"a\":1}", -1, NULL);
  g_autoptr (GVariant) other = bst_json_parse ("{\"a\":1,\"b\":{\"x\":2,\"y\":[2]}}", -1, NULL);
  g_autofree char *hash_one = bst_json_hash (one);
  g_autofree char *hash_two = bst_json_hash (two);
  g_autofree char *hash_other = bst_json_hash (other);

  g_assert_cmpuint (strlen (hash_one), ==, 64);
  g_assert_cmpstr (hash_one, ==, hash_two);
  g_assert_cmpstr (hash_one, !=, hash_other);
}

/* Servers keep hashes: the canonical form never changes. */
static void
test_hash_is_kept (void)
{
  g_autoptr (GVariant) doc = bst_json_parse ("{\"b\":[1.0,0.1,1e300,-0.0,null,true],\"a\":{\"å\":"
                                             "\"\\u0007\\/\\n\",\"A\":9007199254740993}}",
                                             -1, NULL);
  g_autofree char *hash = bst_json_hash (doc);

  g_assert_cmpstr (hash, ==, "93a37113e2f9327ea5d0f4deb5c4a1abe384426fe5f41df3646a8599216fca07");
}

/* Every text cut off anywhere is refused, and nothing is read behind its end. */
static void
test_truncated (void)
{
  const char *text =
      "{\"title\":\"Ny pc \\u00e5\",\"n\":[-1.5e3,true,null],\"m\":{\"k\":\"\\ud834\\udd1e\"}}";
  gsize len = strlen (text);

  for (gsize i = 0; i < len; i++)
    {
      g_autofree char *cut = g_memdup2 (text, i ? i : 1);

      g_assert_null (bst_json_parse (cut, (gssize) i, NULL));
    }
}

/* What we print, a program that others wrote reads as the same. */
static void
test_foreign_reader (void)
{
  g_autoptr (GVariant) doc = bst_json_parse (
      "{\"a\":[1,2.5,\"æ\\u0007\\\\\"],\"b\":null,\"c\":9007199254740993}", -1, NULL);
  g_autofree char *printed = bst_json_print (doc);
  const char *argv[] = { "python3", "-c",
                         "import json, sys; print(json.dumps(json.loads(sys.argv[1])))", printed,
                         NULL };
  g_autofree char *theirs = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) again = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &theirs, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, &error));
  again = bst_json_parse (theirs, -1, NULL);
  g_assert_true (bst_doc_equal (doc, again));
  g_assert_cmpint (bst_doc_get_int (again, "c", 0), ==, 9007199254740993);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/round-trip", test_round_trip);
  g_test_add_func ("/json/types", test_types);
  g_test_add_func ("/json/refused", test_refused);
  g_test_add_func ("/json/numbers", test_numbers);
  g_test_add_func ("/json/locale", test_locale);
  g_test_add_func ("/json/octet-zero", test_octet_zero);
  g_test_add_func ("/json/serialised-form", test_serialised_form);
  g_test_add_func ("/json/byte-order-mark", test_byte_order_mark);
  g_test_add_func ("/json/depth", test_depth);
  g_test_add_func ("/json/size", test_size);
  g_test_add_func ("/json/many-keys", test_many_keys);
  g_test_add_func ("/json/object-only", test_object_only);
  g_test_add_func ("/json/pretty", test_pretty);
  g_test_add_func ("/json/hash", test_hash);
  g_test_add_func ("/json/hash-is-kept", test_hash_is_kept);
  g_test_add_func ("/json/truncated", test_truncated);
  g_test_add_func ("/json/foreign-reader", test_foreign_reader);
  return g_test_run ();
}
