/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The server's data: pages and checkpoints, queries against an oracle in memory, lists that follow, search.
 */

#include "store-fixture.h"

#include "bst-db.h"
#include "bst-error.h"
#include "bst-record-list.h"

#include <string.h>

/* ---- pages ---- */

static gint64
count (StoreFixture *fixture, const char *type)
{
  const BstQuery query = { .type = type };

  return bst_store_count (fixture->store, &query, NULL);
}

static void
check_checkpoint (StoreFixture *fixture, const char *account, const char *expected)
{
  g_autofree char *state = bst_store_get_checkpoint (fixture->store, account, NULL);

  g_assert_cmpstr (state, ==, expected);
}

static void
test_refused_answers (StoreFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *text;
    BstErrorCode code;
  } rows[] = {
    { "", BST_ERROR_PROTOCOL },
    { "<html>Log in</html>", BST_ERROR_PROTOCOL },
    { "{\"methodResponses\":[],\"sessionState\":\"s\"}", BST_ERROR_PROTOCOL },
    { "{\"methodResponses\":[[\"Record/"
      "changes\",{\"accountId\":\"d1\",\"oldState\":\"e.r.1\",\"newSt",
      BST_ERROR_PROTOCOL },
    { "{\"methodResponses\":[[\"Record/"
      "changes\",{\"accountId\":\"d1\"},\"c\"]],\"sessionState\":\"s\"}",
      BST_ERROR_PROTOCOL },
    { "{\"methodResponses\":[[\"Record/"
      "changes\",{\"accountId\":\"d1\",\"oldState\":\"e.r.9\",\"newState\":\"e.r.10\",\"records\":{"
      "}},\"c\"]],\"sessionState\":\"s\"}",
      BST_ERROR_PROTOCOL },
    { "{\"methodResponses\":[[\"Record/"
      "changes\",{\"accountId\":\"d1\",\"oldState\":\"e.r.1\",\"newState\":\"e.r.2\",\"records\":{"
      "\"Request\":[{\"id\":\"r1\"},{\"title\":\"uden id\"}]}},\"c\"]],\"sessionState\":\"s\"}",
      BST_ERROR_PROTOCOL },
    { "{\"methodResponses\":[[\"Record/"
      "changes\",{\"accountId\":\"d1\",\"oldState\":\"e.r.1\",\"newState\":\"e.r.2\",\"records\":{"
      "\"Request\":{\"id\":\"r1\"}}},\"c\"]],\"sessionState\":\"s\"}",
      BST_ERROR_PROTOCOL },
    { "{\"methodResponses\":[[\"Record/"
      "changes\",{\"accountId\":\"d1\",\"oldState\":\"e.r.1\",\"newState\":\"e.r.2\",\"records\":{}"
      ","
      "\"destroyed\":{\"Request\":[{}]}},\"c\"]],\"sessionState\":\"s\"}",
      BST_ERROR_PROTOCOL },
    { "{\"methodResponses\":[[\"error\",{\"type\":\"cannotCalculateChanges\"},\"c1\"]],"
      "\"sessionState\":\"s\"}",
      BST_ERROR_STATE_LOST },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (rows[i].text, strlen (rows[i].text));
      g_autoptr (GError) error = NULL;

      g_assert_null (bst_store_apply_response (fixture->store, bytes, &error));
      g_assert_error (error, BST_ERROR, (int) rows[i].code);
      check_checkpoint (fixture, "d1", "e.r.1");
      g_assert_cmpint (count (fixture, "Request"), ==, 0);
    }
}

static void
test_changed_and_destroyed (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *title = NULL;
  const BstQuery words = { .type = "Request", .text = "reol", .language = "da" };
  const BstQuery more = { .type = "Request", .text = "reol fjernvarme", .language = "da" };

  store_fixture_must_apply (
      fixture, "d1", "e.r.2", FALSE,
      "{\"Request\":[{\"id\":\"r1\",\"title\":\"Reol\",\"unit\":\"s1\"},{\"id\":\"r2\",\"title\":"
      "\"Bord\",\"unit\":\"s1\"}],\"Unknown\":[{\"id\":\"x\"}]}",
      "{}");
  g_assert_cmpint (bst_store_count (fixture->store, &words, NULL), ==, 1);
  /* A word that stands nowhere: what the others find, as in the catalogue. */
  g_assert_cmpint (bst_store_count (fixture->store, &more, NULL), ==, 1);
  store_fixture_must_apply (
      fixture, "d1", "e.r.3", FALSE,
      "{\"Request\":[{\"id\":\"r1\",\"title\":\"Hylde\",\"unit\":\"s1\",\"future\":[1]}]}",
      "{\"Request\":[\"r2\",\"never\"]}");
  check_checkpoint (fixture, "d1", "e.r.3");
  g_assert_cmpint (count (fixture, "Request"), ==, 1);
  g_assert_cmpint (bst_store_count (fixture->store, &words, NULL), ==, 0);
  title = property_of (fixture, "Request", "r1", "title");
  g_assert_cmpstr (title, ==, "Hylde");
}

static void
test_accounts (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) fewer = json ("{\"catalogue\":{\"initialState\":\"e.r.0\"}}");
  g_autofree char *uid = save_and_submit (fixture, "Min");
  g_autofree char *local = NULL;

  store_fixture_must_apply (fixture, "d1", "e.r.2", FALSE,
                            "{\"Request\":[{\"id\":\"r1\",\"title\":\"Reol\",\"unit\":\"s1\"}]}",
                            "{}");
  g_assert_true (bst_store_reset_account (fixture->store, "d1", NULL));
  check_checkpoint (fixture, "d1", NULL);
  g_assert_cmpint (count (fixture, "Request"), ==, 1);
  local = local_state (fixture, uid);
  g_assert_cmpstr (local, ==, "queued");

  g_assert_true (bst_store_set_accounts (fixture->store, fewer, NULL));
  g_assert_cmpint (count (fixture, "Request"), ==, 1);
  g_assert_cmpint (count (fixture, "OrgUnit"), ==, 6);
}

/* ---- the text index ---- */

/* Each term of the orders, and in how many of them it is. */
static char *
list_terms (StoreFixture *fixture)
{
  g_autofree char *path = store_fixture_file (fixture, "replica.db");
  g_autoptr (GError) error = NULL;
  g_autoptr (BstDb) db = bst_db_open (path, BST_DB_READONLY, &error);
  g_autoptr (BstStmt) stmt = NULL;
  GString *terms = g_string_new (NULL);
  gboolean row;

  g_assert_no_error (error);
  bst_db_exec (db, "CREATE VIRTUAL TABLE temp.words USING fts5vocab (main, Request_text, col)",
               &error);
  stmt = bst_db_prepare (db, "SELECT term, col, doc FROM temp.words ORDER BY 1, 2", &error);
  g_assert_no_error (error);
  while (bst_stmt_step (stmt, &row, &error) && row)
    g_string_append_printf (terms, "%s %s %d\n", bst_stmt_text (stmt, 0), bst_stmt_text (stmt, 1),
                            (int) bst_stmt_int (stmt, 2));
  g_assert_no_error (error);
  return g_string_free (terms, FALSE);
}

/* What another store has of which @records is all it ever got. */
static void
check_terms (StoreFixture *fixture, const char *records)
{
  StoreFixture fresh = { NULL };
  g_autofree char *terms = list_terms (fixture);
  g_autofree char *expected = NULL;

  store_fixture_set_up_filled (&fresh, NULL);
  store_fixture_must_apply (&fresh, "d1", "e.r.2", FALSE, records, "{}");
  expected = list_terms (&fresh);
  store_fixture_tear_down (&fresh, NULL);
  g_assert_cmpstr (terms, ==, expected);
}

#define REOL                                                                                       \
  "{\"id\":\"r1\",\"title\":\"To reoler\",\"need\":\"Til "                                         \
  "\\\"\\u00e6ldrecentret\\\"\",\"unit\":\"s1\"}"
#define BORD "{\"id\":\"r2\",\"title\":\"Borde\",\"number\":\"2026-000002\",\"unit\":\"s1\"}"
#define STOL                                                                                       \
  "{\"id\":\"r2\",\"title\":\"Stole\",\"number\":\"2026-000002\",\"unit\":\"s1\",\"state\":"       \
  "\"closed\"}"

/* What a row said before is gone, what it says now is there: once. */
static void
test_terms (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *uid = save_and_submit (fixture, "Lamper");

  /* Twice in one page; on a page that is not the last, it is found at once. */
  store_fixture_must_apply (fixture, "d1", "e.r.2", TRUE,
                            "{\"Request\":[" BORD "," REOL "," BORD "]}", "{}");
  g_assert_true (bst_store_withdraw (fixture->store, uid, NULL));
  g_assert_true (bst_store_remove_draft (fixture->store, uid, NULL));
  check_terms (fixture, "{\"Request\":[" REOL "," BORD "]}");

  store_fixture_must_apply (fixture, "d1", "e.r.3", FALSE, "{\"Request\":[" STOL "," REOL "]}",
                            "{}");
  check_terms (fixture, "{\"Request\":[" STOL "," REOL "]}");

  store_fixture_must_apply (fixture, "d1", "e.r.4", FALSE, "{}",
                            "{\"Request\":[\"r1\",\"never\"]}");
  check_terms (fixture, "{\"Request\":[" STOL "]}");
}

/* An account goes, of two that have orders, and then the other. */
static void
test_terms_of_accounts (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) two =
      json ("{\"catalogue\":{\"initialState\":\"e.r.0\"},\"d1\":{"
            "\"initialState\":\"e.r.0\"},\"d2\":{\"initialState\":\"e.r.0\"}}");

  g_assert_true (bst_store_set_accounts (fixture->store, two, NULL));
  store_fixture_must_apply (fixture, "d1", "e.r.2", FALSE, "{\"Request\":[" REOL "]}", "{}");
  store_fixture_must_apply (fixture, "d2", "e.r.2", FALSE, "{\"Request\":[" BORD "]}", "{}");
  g_assert_true (bst_store_reset_account (fixture->store, "d2", NULL));
  check_terms (fixture, "{\"Request\":[" REOL "]}");
  g_assert_true (bst_store_reset_account (fixture->store, "d1", NULL));
  check_terms (fixture, "{}");
}

/* ---- queries ---- */

static void
check_find (StoreFixture *fixture, const BstQuery *query, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) docs = bst_store_find (fixture->store, query, 0, 100, &error);
  g_autoptr (GString) ids = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < docs->len; i++)
    g_string_append_printf (ids, "%s%s", i > 0 ? " " : "",
                            bst_doc_get_string (g_ptr_array_index (docs, i), "id"));
  g_assert_cmpstr (ids->str, ==, expected);
  g_assert_cmpint (bst_store_count (fixture->store, query, NULL), ==, docs->len);
}

static void
test_queries (StoreFixture *fixture, gconstpointer data)
{
  const char *const states[] = { "closed", "delivered", NULL };
  const BstQuery all = { .type = "Request" };
  const BstQuery by_state = { .type = "Request", .states = states };
  const BstQuery department = { .type = "Request", .unit = "d1" };
  const BstQuery school = { .type = "Request", .unit = "s2" };
  const BstQuery service = { .type = "Request", .service = "chair" };
  const BstQuery period = { .type = "Request", .after = "2026-01-02", .before = "2026-01-03" };
  const BstQuery orderer = { .type = "Request", .orderer = "p2" };
  const BstQuery units = { .type = "OrgUnit", .sort = "name", .ascending = TRUE, .language = "da" };
  const BstQuery valid = {
    .type = "Service", .valid_only = TRUE, .sort = "code", .ascending = TRUE
  };
  const BstQuery bad_sort = { .type = "Request", .sort = "need" };
  const BstQuery bad_type = { .type = "Nothing" };
  const BstQuery bad_filter = { .type = "Service", .states = states };
  g_autoptr (GError) error = NULL;

  store_fixture_must_apply (
      fixture, "d1", "e.r.2", FALSE,
      "{\"Request\":["
      "{\"id\":\"r1\",\"title\":\"Å\",\"unit\":\"s1\",\"state\":\"closed\",\"updated\":\"2026-01-"
      "01T10:00:00Z\",\"created\":\"2026-01-01T10:00:00Z\",\"orderer\":\"p1\",\"lines\":{\"l\":{"
      "\"service\":\"chair\"}}},"
      "{\"id\":\"r2\",\"title\":\"B\",\"unit\":\"s2\",\"state\":\"delivered\",\"updated\":\"2026-"
      "01-03T10:00:00Z\",\"created\":\"2026-01-02T10:00:00Z\",\"submittedAt\":\"2026-01-03T23:59:"
      "59Z\",\"orderer\":\"p2\"},"
      "{\"id\":\"r3\",\"title\":\"C\",\"unit\":\"n1\",\"state\":\"submitted\",\"updated\":\"2026-"
      "01-02T10:00:00Z\",\"created\":\"2026-01-02T00:00:00Z\",\"orderer\":\"p2\"}]}",
      "{}");
  check_find (fixture, &all, "r2 r3 r1");
  check_find (fixture, &by_state, "r2 r1");
  check_find (fixture, &department, "r2 r1");
  check_find (fixture, &school, "r2");
  check_find (fixture, &service, "r1");
  check_find (fixture, &period, "r2 r3");
  check_find (fixture, &orderer, "r2 r3");
  /* Bakkeskolen, Børn og Unge, Plejehjemmet, Prøve Kommune, Ældre, Aaskolen */
  check_find (fixture, &units, "s2 d1 n1 a d2 s1");
  check_find (fixture, &valid, "chair clean");

  g_assert_null (bst_store_find (fixture->store, &bad_sort, 0, 1, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_cmpint (bst_store_count (fixture->store, &bad_type, &error), ==, -1);
  g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_cmpint (bst_store_count (fixture->store, &bad_filter, &error), ==, -1);
  g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
}

/* ---- search ---- */

static void
test_search (StoreFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *language;
    const char *text;
    const char *first; /* "" for nothing */
  } rows[] = {
    { "da", "kontorstol", "chair" }, { "da", "stol", "chair" },
    { "da", "stole", "chair" },      { "da", "kontorstolene", "chair" },
    { "da", "kontrstol", "chair" },  { "da", "KONTOR", "chair" },
    { "da", "rengoring", "clean" },  { "da", "rengøring", "clean" },
    { "da", "rengoering", "clean" }, { "da", "reng", "clean" },
    { "nb", "renhold", "clean" },    { "nb", "rengjøring", "clean" },
    { "da", "renhold", "clean" },    { "da", "vask", "clean" },
    { "da", "FM-2", "clean" },       { "da", "sæde", "chair" },
    { "da", "saede", "chair" },      { "nb", "sete", "chair" },
    { "da", "xyzzyq", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) found =
          bst_store_search (fixture->store, rows[i].text, rows[i].language, 10, &error);

      g_assert_no_error (error);
      g_test_message ("%s", rows[i].text);
      g_assert_cmpstr (
          found->len > 0 ? bst_doc_get_string (g_ptr_array_index (found, 0), "record/id") : "", ==,
          rows[i].first);
      for (guint j = 0; j < found->len; j++)
        g_assert_cmpstr (bst_doc_get_string (g_ptr_array_index (found, j), "record/id"), !=, "old");
    }
}

/* ---- lists ---- */

typedef struct
{
  BstRecordList *list;
  guint n;
  guint position, removed, added, signals;
} Watch;

static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added, Watch *watch)
{
  watch->position = position;
  watch->removed = removed;
  watch->added = added;
  watch->signals++;
}

static gboolean
has_length (gpointer data)
{
  Watch *watch = data;

  return g_list_model_get_n_items (G_LIST_MODEL (watch->list)) == watch->n;
}

static gboolean
has_doc (gpointer data)
{
  return bst_record_row_get_doc (data) != NULL;
}

/* A new order on top: one row is added, and the others stay who they are. */
static void
test_list_follows (StoreFixture *fixture, gconstpointer data)
{
  const BstQuery query = { .type = "Request" };
  g_autoptr (BstRecordList) list = NULL;
  g_autoptr (BstRecordRow) old_first = NULL;
  g_autoptr (BstRecordRow) new_first = NULL;
  g_autoptr (BstRecordRow) second = NULL;
  Watch watch = { 0 };

  store_fixture_must_apply (
      fixture, "d1", "e.r.2", FALSE,
      "{\"Request\":[{\"id\":\"r1\",\"title\":\"A\",\"unit\":\"s1\",\"updated\":\"2026-01-01T10:00:"
      "00Z\"},"
      "{\"id\":\"r2\",\"title\":\"B\",\"unit\":\"s1\",\"updated\":\"2026-01-02T10:00:00Z\"}]}",
      "{}");
  spin_idle ();
  list = bst_record_list_new (fixture->store, &query);
  watch = (Watch){ .list = list, .n = 2 };
  spin_until (has_length, &watch);
  old_first = g_list_model_get_item (G_LIST_MODEL (list), 0);
  spin_until (has_doc, old_first);
  g_assert_cmpstr (bst_doc_get_string (bst_record_row_get_doc (old_first), "id"), ==, "r2");

  g_signal_connect (list, "items-changed", G_CALLBACK (items_changed_cb), &watch);
  store_fixture_must_apply (fixture, "d1", "e.r.3", FALSE,
                            "{\"Request\":[{\"id\":\"r3\",\"title\":\"C\",\"unit\":\"s1\","
                            "\"updated\":\"2026-01-03T10:00:00Z\"}]}",
                            "{}");
  watch.n = 3;
  spin_until (has_length, &watch);
  g_assert_cmpuint (watch.signals, ==, 1);
  g_assert_cmpuint (watch.position, ==, 0);
  g_assert_cmpuint (watch.removed, ==, 0);
  g_assert_cmpuint (watch.added, ==, 1);
  second = g_list_model_get_item (G_LIST_MODEL (list), 1);
  g_assert_true (second == old_first);
  new_first = g_list_model_get_item (G_LIST_MODEL (list), 0);
  spin_until (has_doc, new_first);
  g_assert_cmpstr (bst_doc_get_string (bst_record_row_get_doc (new_first), "id"), ==, "r3");

  bst_record_list_set_query (list, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/store/replica/" path, StoreFixture, NULL, store_fixture_set_up_filled, function,   \
              store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("refused-answers", test_refused_answers);
  ADD ("changed-and-destroyed", test_changed_and_destroyed);
  ADD ("accounts", test_accounts);
  ADD ("terms", test_terms);
  ADD ("terms-of-accounts", test_terms_of_accounts);
  ADD ("queries", test_queries);
  ADD ("search", test_search);
  ADD ("list-follows", test_list_follows);
  return g_test_run ();
}
