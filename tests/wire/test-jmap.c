/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-error.h"
#include "bst-jmap.h"
#include "bst-json.h"

static GVariant *
json (const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *value = bst_json_parse (text, -1, &error);

  g_assert_no_error (error);
  return value;
}

static void
assert_json (GVariant *value, const char *text)
{
  g_autofree char *printed = value ? bst_json_print (value) : NULL;

  g_assert_cmpstr (printed, ==, text);
}

static void
test_request (void)
{
  g_autoptr (GPtrArray) calls =
      g_ptr_array_new_with_free_func ((GDestroyNotify) bst_jmap_call_free);
  g_autoptr (BstJmapRequest) request = NULL;
  g_autofree char *text = NULL;
  BstJmapCall *call;

  g_ptr_array_add (calls, bst_jmap_call_new ("Core/echo", json ("{\"a\":[1]}"), "c\"0"));
  text = bst_jmap_request_print (calls);
  request = bst_jmap_request_parse (text, -1, NULL);
  g_assert_nonnull (request);
  g_assert_true (g_strv_contains ((const char *const *) request->using, BST_JMAP_OWN));
  g_assert_cmpuint (request->calls->len, ==, 1);
  call = g_ptr_array_index (request->calls, 0);
  g_assert_cmpstr (call->name, ==, "Core/echo");
  g_assert_cmpstr (call->id, ==, "c\"0");
  assert_json (call->args, "{\"a\":[1]}");
}

static void
test_not_request (void)
{
  static const char *const texts[] = {
    "[]",
    "{}",
    "{\"using\":\"x\",\"methodCalls\":[]}",
    "{\"using\":[1],\"methodCalls\":[]}",
    "{\"using\":[],\"methodCalls\":{}}",
    "{\"using\":[],\"methodCalls\":[[\"a\",{}]]}",
    "{\"using\":[],\"methodCalls\":[[\"a\",[],\"0\"]]}",
    "{\"using\":[],\"methodCalls\":[[1,{},\"0\"]]}",
    "{\"using\":[],\"methodCalls\":[[\"a\",{},0]]}",
    "{\"using\":[],\"methodCalls\":[],\"createdIds\":[]}",
    "{\"using\":[],\"methodCalls\":[],\"createdIds\":{\"k\":1}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (bst_jmap_request_parse (texts[i], -1, &error));
      g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
    }
}

static void
test_response (void)
{
  g_autofree char *state = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) calls =
      bst_jmap_response_parse ("{\"methodResponses\":[[\"error\",{\"type\":\"unknownMethod\"},"
                               "\"0\"]],\"sessionState\":\"s\"}",
                               -1, &state, NULL);

  g_assert_cmpuint (calls->len, ==, 1);
  g_assert_cmpstr (state, ==, "s");
  g_assert_null (bst_jmap_response_parse ("<html>Welcome to the hotel</html>", -1, NULL, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_PROTOCOL);
  g_clear_error (&error);
  g_assert_null (bst_jmap_response_parse ("{\"ok\":true}", -1, NULL, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_PROTOCOL);
}

/* The examples of RFC 6901 §5 that apply, and of RFC 8620 §3.7. */
static void
test_pointer (void)
{
  static const struct
  {
    const char *pointer;
    const char *expected;
  } cases[] = {
    { "/foo/0", "\"bar\"" },
    { "/", "0" },
    { "/a~1b", "1" },
    { "/m~0n", "8" },
    { "/foo/2", NULL },
    { "/foo/00", NULL },
    { "/foo/-", NULL },
    { "/none", NULL },
    { "foo", NULL },
    { "/list/*/id", "[\"x\",\"y\"]" },
    { "/list/*/ids", "[1,2,3]" },
    { "/list/*/none", NULL },
    { "/foo/*", "[\"bar\",\"baz\"]" },
  };
  g_autoptr (GVariant) doc =
      json ("{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"m~n\":8,"
            "\"list\":[{\"id\":\"x\",\"ids\":[1]},{\"id\":\"y\",\"ids\":[2,3]}]}");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) found = bst_jmap_pointer (doc, cases[i].pointer);

      assert_json (found, cases[i].expected);
    }
}

static void
test_resolve (void)
{
  g_autoptr (GPtrArray) previous =
      g_ptr_array_new_with_free_func ((GDestroyNotify) bst_jmap_call_free);
  g_autoptr (GVariant) args = json ("{\"accountId\":\"a\",\"#ids\":{\"resultOf\":\"t0\","
                                    "\"name\":\"Foo/changes\",\"path\":\"/created\"}}");
  g_autoptr (GVariant) wrong =
      json ("{\"#ids\":{\"resultOf\":\"t0\",\"name\":\"Foo/get\",\"path\":\"/created\"}}");
  g_autoptr (GVariant) twice = json ("{\"ids\":[],\"#ids\":{\"resultOf\":\"t0\","
                                     "\"name\":\"Foo/changes\",\"path\":\"/created\"}}");
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) resolved = NULL;

  g_ptr_array_add (previous,
                   bst_jmap_call_new ("Foo/changes", json ("{\"created\":[\"1\",\"2\"]}"), "t0"));
  resolved = bst_jmap_resolve (args, previous, &error);
  g_assert_no_error (error);
  assert_json (resolved, "{\"accountId\":\"a\",\"ids\":[\"1\",\"2\"]}");
  g_assert_true (bst_jmap_has_references (args));
  g_assert_false (bst_jmap_has_references (resolved));

  g_assert_null (bst_jmap_resolve (wrong, previous, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (bst_jmap_resolve (twice, previous, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_CONFLICT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/jmap/request", test_request);
  g_test_add_func ("/jmap/not-request", test_not_request);
  g_test_add_func ("/jmap/response", test_response);
  g_test_add_func ("/jmap/pointer", test_pointer);
  g_test_add_func ("/jmap/resolve", test_resolve);
  return g_test_run ();
}
