/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What Foo/query finds by words, and what whoever runs the server finds: the same as the application. */

#include "bst-db.h"
#include "bst-json.h"
#include "bst-test-client.h"

#include <string.h>

typedef struct
{
  BstTestServer *server;
  char *anna; /* of s1 */
  char *bo;   /* of d1 */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->server = bst_test_server_new ();
  fixture->anna = bst_test_server_token (fixture->server, "anna");
  fixture->bo = bst_test_server_token (fixture->server, "bo");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->anna);
  g_free (fixture->bo);
  bst_test_server_free (fixture->server);
}

static void
put_order (Fixture *fixture, const char *id, const char *unit, const char *title)
{
  g_autofree char *json = g_strdup_printf (
      "{\"id\":\"%s\",\"title\":\"%s\",\"unit\":\"%s\",\"lines\":{}}", id, title, unit);

  bst_test_server_put (fixture->server, "Request", json);
}

/* The ids found, in order. */
static char *
query (Fixture *fixture, const char *token, const char *filter)
{
  g_autofree char *args = g_strdup_printf ("{\"accountId\":\"d1\",\"filter\":%s}", filter);
  g_autoptr (GVariant) answer = bst_test_call (fixture->server, token, "Request/query", args);
  g_auto (GStrv) ids = bst_doc_get_strv (answer, "ids");

  return g_strjoinv (" ", ids);
}

static void
test_words (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *filter;
    const char *found;
  } rows[] = {
    { "{\"text\":\"ældrecenter\"}", "r1" },
    { "{\"text\":\"AELDRECENTER\"}", "r1" },
    { "{\"text\":\"center\"}", "r1" },              /* the end of a compound */
    { "{\"text\":\"rengoring\"}", "r1" },           /* ø typed as o */
    { "{\"text\":\"stol\"}", "r2 r3" },             /* another inflection */
    { "{\"text\":\"kontorst\"}", "r2" },            /* not yet typed to its end */
    { "{\"text\":\"rengørnig center\"}", "r1" },    /* mistyped */
    { "{\"text\":\"stole fjernvarme\"}", "r2 r3" }, /* a word that stands nowhere */
    { "{\"text\":\"fjernvarme\"}", "" },
    { "{\"text\":\"\"}", "r1 r2 r3" },
    { "{\"text\":\"stole\",\"unit\":\"s2\"}", "r3" },
    { "{\"operator\":\"NOT\",\"conditions\":[{\"text\":\"stole\"}]}", "r1" },
    { "{\"text\":\"\\\" *)(\"}", "r1 r2 r3" }, /* no words, and no syntax */
  };

  put_order (fixture, "r1", "s1", "Rengøring af ældrecenter");
  put_order (fixture, "r2", "s1", "Kontorstole");
  put_order (fixture, "r3", "s2", "Nye stole");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *found = query (fixture, fixture->bo, rows[i].filter);

      g_test_message ("%s", rows[i].filter);
      g_assert_cmpstr (found, ==, rows[i].found);
    }
}

/* What others have must not show in what she finds, nor in what she does not find. */
static void
test_scope (Fixture *fixture, gconstpointer data)
{
  g_autofree char *own = NULL;
  g_autofree char *other = NULL;

  put_order (fixture, "r1", "s1", "Stole");
  put_order (fixture, "r2", "s2", "Stole til fyringssamtaler");
  own = query (fixture, fixture->anna, "{\"text\":\"stole fyringssamtaler\"}");
  other = query (fixture, fixture->anna, "{\"text\":\"fyringssamtaler\"}");
  g_assert_cmpstr (own, ==, "r1");
  g_assert_cmpstr (other, ==, "");
}

static void
test_followed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  BstStorage *storage = bst_test_server_storage (fixture->server);
  g_autofree char *before = NULL;
  g_autofree char *changed = NULL;
  g_autofree char *destroyed = NULL;

  put_order (fixture, "r1", "s1", "Stole");
  before = query (fixture, fixture->bo, "{\"text\":\"stole\"}");
  put_order (fixture, "r1", "s1", "Borde");
  changed = query (fixture, fixture->bo, "{\"text\":\"stole\"}");
  put_order (fixture, "r1", "s1", "Stole");
  bst_storage_begin (storage, &error);
  bst_storage_destroy (storage, bst_record_type_find ("Request"), "r1", &error);
  bst_storage_commit (storage, &error);
  g_assert_no_error (error);
  destroyed = query (fixture, fixture->bo, "{\"text\":\"stole\"}");
  g_assert_cmpstr (before, ==, "r1");
  g_assert_cmpstr (changed, ==, "");
  g_assert_cmpstr (destroyed, ==, "");
}

static void
test_unsupported (Fixture *fixture, gconstpointer data)
{
  g_autofree char *type =
      bst_test_call_error (fixture->server, fixture->bo, "RequestEvent/query",
                           "{\"accountId\":\"d1\",\"filter\":{\"text\":\"stole\"}}");

  g_assert_cmpstr (type, ==, "unsupportedFilter");
}

static void
test_catalogue (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  BstStorage *storage = bst_test_server_storage (fixture->server);
  g_autoptr (GPtrArray) found = NULL;

  bst_test_server_put (fixture->server, "Article",
                       "{\"id\":\"a1\",\"number\":\"4711\",\"name\":{\"da\":\"Bærbar pc\"},"
                       "\"price\":{\"amount\":1,\"currency\":\"DKK\"}}");
  found = bst_storage_search (storage, "bærbare pc", "da", NULL, 10, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 2);
  g_assert_cmpstr (bst_doc_get_string (found->pdata[0], "type"), ==, "Service");
  g_assert_cmpstr (bst_doc_get_string (found->pdata[1], "type"), ==, "Article");
}

/* An index of another dictionary is made anew. */
static void
test_made_anew (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path =
      g_build_filename (bst_test_server_directory (fixture->server), "bestiller.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (BstDb) db = NULL;
  g_autofree char *found = NULL;

  put_order (fixture, "r1", "s1", "Stole");
  bst_test_server_stop (fixture->server);
  db = bst_db_open (path, 0, &error);
  g_assert_no_error (error);
  bst_db_exec (db,
               "UPDATE setting SET value = 'older' WHERE key = 'text';"
               "DELETE FROM \"Request_text\"",
               &error);
  g_assert_no_error (error);
  bst_test_server_start (fixture->server);
  found = query (fixture, fixture->bo, "{\"text\":\"stole\"}");
  g_assert_cmpstr (found, ==, "r1");
}

#define ADD(path, func) g_test_add ("/server/text/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("words", test_words);
  ADD ("scope", test_scope);
  ADD ("followed", test_followed);
  ADD ("unsupported", test_unsupported);
  ADD ("catalogue", test_catalogue);
  ADD ("made-anew", test_made_anew);
  return g_test_run ();
}
