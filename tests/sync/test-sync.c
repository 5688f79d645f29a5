/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The real server behind a line that can fail, and real stores before it. */

#include "bst-error.h"
#include "bst-world.h"

#include <string.h>

static void
assert_state (BstComputer *computer, const char *id, const char *expected)
{
  g_autofree char *state = bst_computer_state (computer, id);

  g_assert_cmpstr (state, ==, expected);
}

static void
assert_try (BstComputer *computer, BstErrorCode code)
{
  g_autoptr (GError) error = bst_computer_try (computer);

  g_assert_error (error, BST_ERROR, (int) code);
}

static void
set_line (BstWorld *world, gboolean good)
{
  BstFaults faults = BST_FAULTS_NONE;

  faults.refuse = !good;
  bst_fault_proxy_set (bst_world_proxy (world), &faults);
}

/* ---- the first order ---- */

static void
test_first_order (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 1);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *uid = NULL;
  g_autoptr (GVariant) order = NULL;
  g_autoptr (GPtrArray) receipts = NULL;
  guint n_events;

  bst_computer_sync (here);
  set_line (world, FALSE);
  uid = bst_computer_draft (here, "s1", "Nye stole", 2);
  assert_state (here, uid, "draft");
  bst_store_submit (here->store, uid, NULL);
  assert_state (here, uid, "queued");
  assert_try (here, BST_ERROR_OFFLINE);
  assert_state (here, uid, "queued");
  g_assert_false (bst_world_has (world, "Request", uid));

  set_line (world, TRUE);
  bst_computer_sync (here);
  assert_state (here, uid, "submitted");
  g_assert_true (bst_world_has (world, "Request", uid));
  receipts = bst_computer_receipts (here);
  g_assert_cmpuint (receipts->len, ==, 2);
  for (guint i = 0; i < receipts->len; i++)
    {
      g_assert_cmpstr (bst_doc_get_string (receipts->pdata[i], "number"), ==, "2026-000001");
      g_assert_nonnull (bst_doc_get_string (receipts->pdata[i], "receivedAt"));
      g_assert_cmpstr (bst_doc_get_string (receipts->pdata[i], "title"), ==, "Nye stole");
    }

  bst_world_step (world, "perle", uid, "accept", NULL);
  bst_world_step (world, "perle", uid, "start", NULL);
  bst_world_step (world, "perle", uid, "deliver", NULL);
  bst_computer_sync (here);
  assert_state (here, uid, "delivered");
  bst_computer_step (here, uid, "confirm", NULL);
  assert_state (here, uid, "queued");
  bst_computer_sync (here);
  assert_state (here, uid, "closed");
  order = bst_world_request (world, uid);
  g_assert_cmpstr (bst_doc_get_string (order, "state"), ==, "closed");
  g_assert_cmpint (bst_doc_get_int (order, "total/amount", 0), ==, 30000);

  /* Nothing more is sent, and nothing happens twice. */
  n_events = bst_world_count (world, "RequestEvent");
  bst_computer_sync (here);
  bst_computer_shut (here);
  bst_computer_open (here);
  bst_computer_sync (here);
  g_assert_cmpuint (bst_world_count (world, "RequestEvent"), ==, n_events);
  g_assert_cmpuint (bst_world_count (world, "Request"), ==, 1);
}

/* ---- enrolment ---- */

typedef struct
{
  GVariant *identity;
  GError *error;
  gboolean done;
} Enrolment;

static void
enrolled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Enrolment *enrolment = user_data;

  enrolment->identity = bst_enrol_finish (result, &enrolment->error);
  enrolment->done = TRUE;
}

static GVariant *
enrol (BstWorld *world, const char *code, GError **error)
{
  g_autofree char *url = bst_fault_proxy_get_url (bst_world_proxy (world));
  Enrolment enrolment = { NULL, NULL, FALSE };

  bst_enrol_async (url, code, "test computer", bst_world_ca (world), NULL, enrolled_cb, &enrolment);
  while (!enrolment.done)
    g_main_context_iteration (NULL, TRUE);
  if (enrolment.error)
    g_propagate_error (error, enrolment.error);
  return enrolment.identity;
}

static void
assert_enrol_fails (BstWorld *world, const char *code, BstErrorCode expected)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (enrol (world, code, &error));
  g_assert_error (error, BST_ERROR, (int) expected);
}

static void
test_enrolment (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 2);
  g_autofree char *code = bst_world_code (world, "orla", 3600);
  g_autofree char *old = bst_world_code (world, "orla", -1);
  g_autofree char *typed = g_ascii_strdown (code, -1);
  g_autoptr (GVariant) identity = NULL;
  g_autoptr (GError) error = NULL;
  BstFaults portal = BST_FAULTS_NONE;

  assert_enrol_fails (world, "PRVE-0000-0000-0000", BST_ERROR_CODE_WRONG);
  assert_enrol_fails (world, "NKRK-7F3M-Q0ZV-81AT", BST_ERROR_OTHER_AUTHORITY);
  assert_enrol_fails (world, old, BST_ERROR_CODE_EXPIRED);
  identity = enrol (world, typed, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (bst_doc_get_string (identity, "person"), ==, "orla");
  g_assert_cmpstr (bst_doc_get_string (identity, "personName"), ==, "Orla Prøve");
  g_assert_cmpstr (bst_doc_get_string (identity, "authority"), ==, "dk-proeve");
  g_assert_cmpuint (strlen (bst_doc_get_string (identity, "token")), >=, 43);
  assert_enrol_fails (world, code, BST_ERROR_CODE_USED);

  portal.page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>Welcome</html>";
  bst_fault_proxy_set (bst_world_proxy (world), &portal);
  assert_enrol_fails (world, code, BST_ERROR_PORTAL);
  set_line (world, FALSE);
  assert_enrol_fails (world, code, BST_ERROR_OFFLINE);
}

/* ---- refusals ---- */

static const BstOutboxItem *
find_refused (GPtrArray *items, const char *request)
{
  for (guint i = 0; i < items->len; i++)
    {
      const BstOutboxItem *item = items->pdata[i];

      if (item->state == BST_OUTBOX_REFUSED && strcmp (item->request, request) == 0)
        return item;
    }
  return NULL;
}

static void
assert_refused (BstComputer *computer, const char *request, const char *reason)
{
  g_autoptr (GPtrArray) items = bst_store_outbox (computer->store, NULL);
  g_autoptr (GVariant) doc = bst_computer_get (computer, request);
  const BstOutboxItem *item = find_refused (items, request);

  g_assert_nonnull (item);
  g_assert_cmpstr (item->reason, ==, reason);
  g_assert_cmpstr (bst_doc_get_string (doc, "@local/state"), ==, "refused");
}

/* The price went up while the order was under way: it comes back, is looked at, and goes again; others went on. */
static void
test_catalogue_changed (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 3);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *stale = NULL;
  g_autofree char *clean = NULL;
  g_autoptr (GVariant) doc = NULL;
  g_autoptr (GVariant) draft = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) changes = NULL;
  g_autoptr (GVariant) received = NULL;

  bst_computer_sync (here);
  stale = bst_computer_order (here, "s1", "For dyr");
  bst_world_put (
      world, "Service",
      "{'id':'chair','code':'FM-1','area':'fm','name':{'da':'Kontorstol'},'obligation':'mandatory',"
      "'quantity':true,'price':{'model':'one-off','once':{'amount':17500,'currency':'DKK'}},"
      "'responsible':{'performer':'pu'},'version':2}");
  clean = bst_computer_draft (here, "s1", "Rengøring", 1);
  draft = bst_computer_get (here, clean);
  bst_doc_replace (&draft, bst_doc_set (draft, "lines/l1", NULL));
  {
    g_autoptr (GVariant) service = bst_store_get (here->store, "Service", "clean", &error);

    bst_doc_replace (&draft, bst_doc_set_take (
                                 draft, "lines/l1",
                                 bst_doc_take (g_variant_new_parsed (
                                     "{'service': <'clean'>, 'serviceVersion': <int64 1>,"
                                     " 'name': <{'da': <'Rengøring'>}>, 'quantity': <int64 1>,"
                                     " 'price': <{'model': <'included'>}>, 'order': <int64 1>}"))));
    g_assert_nonnull (service);
  }
  bst_store_save_draft (here->store, draft, &error);
  g_assert_no_error (error);
  bst_store_submit (here->store, clean, &error);
  g_assert_no_error (error);

  bst_computer_sync (here);
  assert_refused (here, stale, "catalogueChanged");
  assert_state (here, clean, "submitted");
  doc = bst_computer_get (here, stale);
  changes = bst_doc_get_list (doc, "@local/changes");
  g_assert_cmpuint (g_variant_n_children (changes), >=, 1);

  /* Put right and sent again: the same order. */
  bst_doc_replace (&doc, bst_doc_set_int (doc, "lines/l1/price/once/amount", 17500));
  bst_doc_replace (&doc, bst_doc_set_int (doc, "lines/l1/serviceVersion", 2));
  bst_store_save_draft (here->store, doc, &error);
  g_assert_no_error (error);
  assert_state (here, stale, "refused");
  bst_store_submit (here->store, stale, &error);
  g_assert_no_error (error);
  bst_computer_sync (here);
  assert_state (here, stale, "submitted");
  received = bst_world_request (world, stale);
  g_assert_cmpint (bst_doc_get_int (received, "total/amount", 0), ==, 17500);
  g_assert_cmpuint (bst_world_count (world, "Request"), ==, 2);
  g_assert_cmpuint (bst_computer_outbox (here, BST_OUTBOX_REFUSED), ==, 0);
}

/* A right was withdrawn while offline: the order comes back with its reason, the work stays, others go on. */
static void
test_right_withdrawn (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 4);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "both");
  g_autofree char *there = NULL;
  g_autofree char *school = NULL;
  g_autofree char *home = NULL;
  g_autofree char *draft = NULL;
  g_autoptr (GVariant) gone = NULL;

  bst_computer_sync (here);
  there = bst_computer_order (here, "n1", "Før");
  bst_computer_sync (here);
  assert_state (here, there, "submitted");

  home = bst_computer_order (here, "n1", "Nu ikke mere");
  draft = bst_computer_draft (here, "n1", "Kladde", 3);
  school = bst_computer_order (here, "s1", "Stadig");
  bst_world_put (
      world, "Person",
      "{'id':'both','name':'Bo Prøve','unit':'d1','grants':{'g':{'role':'orderer','unit':'d1'}}}");
  bst_computer_sync (here);
  assert_state (here, school, "submitted");
  assert_state (here, home, "refused");
  assert_state (here, draft, "draft");
  g_assert_false (bst_world_has (world, "Request", home));
  gone = bst_computer_get (here, there); /* no longer to be seen */
  g_assert_null (gone);

  /* The right is given back: all is as before. */
  bst_world_put (
      world, "Person",
      "{'id':'both','name':'Bo Prøve','unit':'d1','grants':{'g':{'role':'orderer','unit':'d1'},"
      "'h':{'role':'orderer','unit':'d2'}}}");
  bst_computer_sync (here);
  assert_state (here, there, "submitted");
  {
    g_autoptr (GVariant) again = bst_computer_get (here, home);
    g_autoptr (GError) error = NULL;

    bst_store_save_draft (here->store, again, &error);
    g_assert_no_error (error);
    bst_store_submit (here->store, home, &error);
    g_assert_no_error (error);
  }
  bst_computer_sync (here);
  assert_state (here, home, "submitted");
}

/* What the server finds wrong with one order is said at that order; the messages behind it wait; others go on. */
static void
test_no_jam (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 5);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *bad = NULL;
  g_autofree char *good[20] = { NULL };
  g_autoptr (GVariant) order = NULL;

  bst_computer_sync (here);
  bad = bst_computer_order (here, "s1", "Udgået");
  bst_computer_step (here, bad, "message", "Haster");
  bst_world_put (
      world, "Service",
      "{'id':'chair','code':'FM-1','area':'fm','name':{'da':'Kontorstol'},'obligation':'mandatory',"
      "'quantity':true,'price':{'model':'one-off','once':{'amount':15000,'currency':'DKK'}},"
      "'responsible':{'performer':'pu'},'version':1,'validTo':'2026-03-01'}");
  bst_computer_sync (here);
  assert_refused (here, bad, "catalogueChanged");
  g_assert_cmpuint (bst_computer_outbox (here, BST_OUTBOX_QUEUED), ==, 1); /* the message */

  bst_world_put (
      world, "Service",
      "{'id':'chair','code':'FM-1','area':'fm','name':{'da':'Kontorstol'},'obligation':'mandatory',"
      "'quantity':true,'price':{'model':'one-off','once':{'amount':15000,'currency':'DKK'}},"
      "'responsible':{'performer':'pu'},'version':1}");
  bst_computer_sync (here);
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    good[i] = bst_computer_order (here, "s1", "God");
  bst_computer_sync (here);
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      assert_state (here, good[i], "submitted");
      g_clear_pointer (&good[i], g_free);
    }
  assert_state (here, bad, "refused");
  {
    g_autoptr (GVariant) again = bst_computer_get (here, bad);

    bst_store_save_draft (here->store, again, NULL);
    bst_store_submit (here->store, bad, NULL);
  }
  bst_computer_sync (here);
  assert_state (here, bad, "submitted");
  g_assert_cmpuint (bst_computer_outbox (here, BST_OUTBOX_QUEUED), ==, 0);
}

/* ---- signing in ---- */

static void
test_token_revoked (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 6);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *uid = NULL;
  g_autofree char *draft = NULL;
  g_autofree char *code = NULL;
  g_autoptr (GVariant) identity = NULL;
  g_autoptr (GError) error = NULL;

  bst_computer_sync (here);
  uid = bst_computer_order (here, "s1", "Venter");
  draft = bst_computer_draft (here, "s1", "Kladde", 1);
  {
    g_autoptr (BstStorage) storage = bst_world_storage (world);
    guint n = 0;

    bst_storage_revoke_person (storage, "orla", &n, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (n, ==, 1);
  }
  assert_try (here, BST_ERROR_SIGN_IN);
  assert_state (here, uid, "queued");
  assert_state (here, draft, "draft");

  code = bst_world_code (world, "orla", 3600);
  identity = enrol (world, code, &error);
  g_assert_no_error (error);
  g_free (here->token);
  here->token = g_strdup (bst_doc_get_string (identity, "token"));
  bst_computer_shut (here);
  bst_computer_open (here);
  bst_computer_sync (here);
  assert_state (here, uid, "submitted");
  assert_state (here, draft, "draft");
}

/* Another person's token, or another authority's server, must not touch this store. */
static void
test_wrong_person (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 7);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autoptr (BstComputer) other = bst_computer_new (world, "other", "olga");
  g_autofree char *uid = NULL;

  bst_computer_sync (here);
  uid = bst_computer_order (here, "s1", "Min");
  g_free (here->token);
  here->token = g_strdup (other->token);
  bst_computer_shut (here);
  bst_computer_open (here);
  assert_try (here, BST_ERROR_PROTOCOL);
  assert_state (here, uid, "queued");
  g_assert_cmpuint (bst_world_count (world, "Request"), ==, 0);
}

/* ---- first synchronisation ---- */

static void
fill (BstWorld *world, guint n)
{
  g_autoptr (BstStorage) storage = bst_world_storage (world);
  g_autoptr (GError) error = NULL;

  bst_storage_begin (storage, &error);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("old-%05u", i);
      g_autofree char *number = g_strdup_printf ("2025-%06u", i + 1);
      g_autoptr (GVariant) doc = bst_doc_take (g_variant_new_parsed (
          "{'id': <%s>, 'number': <%s>, 'title': <'Ældre bestilling'>, 'need': <%s>, 'unit': "
          "<'s1'>, 'orderer':"
          " <'olga'>, 'state': <'closed'>, 'lines': <{'l1': <{'service': <'chair'>, 'quantity': "
          "<int64 1>,"
          " 'state': <'closed'>, 'name': <{'da': <'Kontorstol'>}>, 'price': <{'model': "
          "<'included'>}>}>}>}",
          id, number, "Vi mangler stole til tre nye kolleger, og de gamle er slidt op."));
      BstPutResult result;

      bst_storage_put (storage, bst_record_type_find ("Request"), doc, &result, &error);
      g_assert_no_error (error);
    }
  bst_storage_commit (storage, &error);
  g_assert_no_error (error);
}

typedef struct
{
  gint64 last;
  gint64 total;
  guint n;
} Progress;

static void
progress_cb (BstSync *sync, GParamSpec *pspec, gpointer user_data)
{
  Progress *progress = user_data;
  gint64 done, total;

  g_object_get (sync, "done", &done, "total", &total, NULL);
  if (total == 0)
    return;
  g_assert_cmpint (done, <=, total);
  g_assert_cmpint (done, >=, progress->last);
  progress->last = done;
  progress->total = total;
  progress->n++;
}

/* Cut off again and again, it goes on where it was, and costs little more than without. */
static void
test_first_sync_interrupted (void)
{
  enum
  {
    N = 9000
  };
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 8);
  g_autoptr (BstComputer) steady = bst_computer_new (world, "steady", "orla");
  g_autoptr (BstComputer) shaky = bst_computer_new (world, "shaky", "olga");
  BstFaultProxy *proxy = bst_world_proxy (world);
  const BstQuery query = { .type = "Request" };
  gint64 before, after, whole, rest;
  Progress progress = { 0 };
  BstFaults faults = BST_FAULTS_NONE;
  guint failed = 0;

  fill (world, N);
  bst_fault_proxy_passed (proxy, NULL, &before);
  g_signal_connect (steady->sync, "notify::done", G_CALLBACK (progress_cb), &progress);
  bst_computer_sync (steady);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  bst_fault_proxy_passed (proxy, NULL, &after);
  whole = after - before;
  g_assert_cmpint (bst_store_count (steady->store, &query, NULL), ==, N);
  g_assert_cmpuint (progress.n, >=, 3);
  g_assert_cmpint (progress.total, >=, N);

  for (;;)
    {
      g_autoptr (GError) error = NULL;

      faults.cut_down = whole * 3 / 10;
      bst_fault_proxy_set (proxy, &faults);
      error = bst_computer_try (shaky);
      if (!error)
        break;
      g_assert_error (error, BST_ERROR, BST_ERROR_OUTCOME_UNKNOWN);
      g_assert_cmpuint (++failed, <, 20);
      bst_computer_shut (shaky);
      bst_computer_open (shaky);
    }
  g_assert_cmpuint (failed, >=, 1);
  bst_fault_proxy_passed (proxy, NULL, &rest);
  g_assert_cmpint (bst_store_count (shaky->store, &query, NULL), ==, N);
  g_test_message ("uninterrupted %" G_GINT64_FORMAT
                  " octets, interrupted %u times %" G_GINT64_FORMAT,
                  whole, failed, rest - after);
  g_assert_cmpint (rest - after, <, whole * 2);
}

/* ---- two computers ---- */

static void
test_two_computers (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 9);
  g_autoptr (BstComputer) one = bst_computer_new (world, "one", "orla");
  g_autoptr (BstComputer) two = bst_computer_new (world, "two", "orla");
  g_autoptr (BstComputer) colleague = bst_computer_new (world, "three", "olga");
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr (GPtrArray) none = NULL;

  bst_computer_sync (one);
  bst_computer_sync (two);
  bst_computer_sync (colleague);
  first = bst_computer_order (one, "s1", "Fra den ene");
  second = bst_computer_order (two, "s1", "Fra den anden");
  bst_computer_sync (one);
  bst_computer_sync (two);
  bst_computer_sync (one);
  bst_computer_sync (colleague);
  assert_state (one, first, "submitted");
  assert_state (one, second, "submitted");
  assert_state (two, first, "submitted");
  assert_state (two, second, "submitted");
  assert_state (colleague, first, "submitted");
  none = bst_computer_receipts (colleague);
  g_assert_cmpuint (none->len, ==, 0);

  /* Both confirm at once: one closes it, the other is told that it is closed already. */
  bst_world_step (world, "perle", first, "accept", NULL);
  bst_world_step (world, "perle", first, "start", NULL);
  bst_world_step (world, "perle", first, "deliver", NULL);
  bst_computer_sync (one);
  bst_computer_sync (two);
  bst_computer_step (one, first, "confirm", NULL);
  bst_computer_step (two, first, "confirm", NULL);
  bst_computer_sync (one);
  bst_computer_sync (two);
  assert_state (one, first, "closed");
  g_assert_cmpuint (bst_computer_outbox (two, BST_OUTBOX_REFUSED), ==, 1);
  {
    g_autoptr (GPtrArray) items = bst_store_outbox (two->store, NULL);

    g_assert_cmpstr (((BstOutboxItem *) items->pdata[0])->reason, ==, "forbidden");
    bst_store_discard_refused (two->store, ((BstOutboxItem *) items->pdata[0])->seq, NULL);
  }
  assert_state (two, first, "closed");
}

/* ---- back to a backup ---- */

static void
test_server_restored (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 13);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autoptr (BstComputer) other = bst_computer_new (world, "other", "olga");
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *theirs = NULL;
  g_autofree char *waiting = NULL;
  g_autoptr (GVariant) order = NULL;

  bst_computer_sync (here);
  bst_computer_sync (other);
  before = bst_computer_order (here, "s1", "Før");
  bst_computer_sync (here);
  bst_world_backup (world, "backup.db");
  after = bst_computer_order (here, "s1", "Efter");
  bst_computer_step (here, after, "message", "Haster");
  bst_computer_step (here, before, "message", "Også her");
  bst_computer_sync (here);
  theirs = bst_computer_order (other, "s1", "Olgas");
  bst_computer_sync (other);
  bst_computer_sync (here);
  waiting = bst_computer_order (here, "s1", "Ikke sendt");
  bst_computer_step (here, after, "message", "Ikke sendt heller");
  bst_computer_step (here, theirs, "message", "Til Olga");
  g_assert_cmpuint (bst_world_count (world, "Request"), ==, 3);
  g_assert_cmpuint (bst_world_count (world, "RequestEvent"), ==, 5);

  bst_world_stop (world);
  bst_world_restore (world, "backup.db");
  bst_world_start (world);
  g_assert_cmpuint (bst_world_count (world, "Request"), ==, 1);

  bst_computer_sync (here);
  g_assert_cmpuint (bst_world_count (world, "Request"), ==, 3);
  order = bst_world_request (world, after);
  g_assert_cmpstr (bst_doc_get_string (order, "state"), ==, "submitted");
  assert_state (here, before, "submitted");
  assert_state (here, after, "submitted");
  assert_state (here, waiting, "submitted");
  bst_computer_sync (other);
  bst_computer_sync (here);
  assert_state (here, theirs, "submitted");
  g_assert_cmpuint (bst_world_count (world, "Request"), ==, 4);
  bst_computer_sync (here);
  g_assert_cmpuint (bst_world_count (world, "RequestEvent"), ==, 8);
  g_assert_cmpuint (bst_computer_outbox (here, BST_OUTBOX_QUEUED), ==, 0);
  g_assert_cmpuint (bst_computer_outbox (here, BST_OUTBOX_REFUSED), ==, 0);
  g_assert_cmpuint (bst_computer_outbox (here, BST_OUTBOX_SENDING), ==, 0);

  /* Once is enough. */
  bst_computer_sync (here);
  g_assert_cmpuint (bst_world_count (world, "RequestEvent"), ==, 8);
}

/* ---- in the background ---- */

static void
wait_for (BstComputer *computer, BstSyncState wanted)
{
  gint64 until = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  BstSyncState state;

  for (;;)
    {
      g_object_get (computer->sync, "state", &state, NULL);
      if (state == wanted)
        return;
      g_assert_cmpint (g_get_monotonic_time (), <, until);
      g_main_context_iteration (NULL, FALSE);
      g_thread_yield ();
    }
}

static void
wait_for_submitted (BstComputer *computer, const char *id)
{
  gint64 until = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  for (;;)
    {
      g_autofree char *state = bst_computer_state (computer, id);

      if (g_strcmp0 (state, "submitted") == 0)
        return;
      g_assert_cmpint (g_get_monotonic_time (), <, until);
      g_main_context_iteration (NULL, FALSE);
    }
}

static void
test_background (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 10);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  gint64 contact;
  int code;

  bst_sync_start (here->sync, 3600);
  bst_sync_now (here->sync);
  wait_for (here, BST_SYNC_UP_TO_DATE);
  g_object_get (here->sync, "last-contact", &contact, "error-code", &code, NULL);
  g_assert_cmpint (contact, >, 0);
  g_assert_cmpint (code, ==, -1);

  first = bst_computer_order (here, "s1", "Straks"); /* what is queued goes by itself */
  wait_for_submitted (here, first);

  set_line (world, FALSE);
  second = bst_computer_order (here, "s1", "Senere");
  wait_for (here, BST_SYNC_OFFLINE);
  g_object_get (here->sync, "error-code", &code, NULL);
  g_assert_cmpint (code, ==, BST_ERROR_OFFLINE);
  set_line (world, TRUE);
  bst_sync_now (here->sync); /* cuts the back-off short */
  wait_for (here, BST_SYNC_UP_TO_DATE);
  wait_for_submitted (here, second);
}

/* Without anybody asking, it tries again by itself; and stopping does not wait for a dead line. */
static void
test_back_off_and_stop (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 11);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  BstFaults faults = BST_FAULTS_NONE;
  gint64 before;

  set_line (world, FALSE);
  bst_sync_start (here->sync, 3600);
  bst_sync_now (here->sync);
  wait_for (here, BST_SYNC_SENDING);
  wait_for (here, BST_SYNC_OFFLINE);
  set_line (world, TRUE);
  wait_for (here, BST_SYNC_UP_TO_DATE);

  faults.hang = TRUE;
  bst_fault_proxy_set (bst_world_proxy (world), &faults);
  bst_sync_now (here->sync);
  wait_for (here, BST_SYNC_SENDING);
  before = g_get_monotonic_time ();
  bst_sync_stop (here->sync);
  g_assert_cmpint (g_get_monotonic_time () - before, <, 5 * G_USEC_PER_SEC);
}

static void
test_portal (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 12);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  BstFaults portal = BST_FAULTS_NONE;
  g_autofree char *uid = NULL;
  int code;

  bst_computer_sync (here);
  uid = bst_computer_order (here, "s1", "I toget");
  portal.page = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"methodResponses\":[]}";
  bst_fault_proxy_set (bst_world_proxy (world), &portal);
  bst_sync_start (here->sync, 3600);
  bst_sync_now (here->sync);
  wait_for (here, BST_SYNC_TROUBLE);
  g_object_get (here->sync, "error-code", &code, NULL);
  g_assert_cmpint (code, ==, BST_ERROR_PORTAL);
  g_assert_cmpuint (bst_computer_outbox (here, BST_OUTBOX_REFUSED), ==, 0);
  bst_fault_proxy_set (bst_world_proxy (world), NULL);
  bst_sync_now (here->sync);
  wait_for (here, BST_SYNC_UP_TO_DATE);
  wait_for_submitted (here, uid);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/first-order", test_first_order);
  g_test_add_func ("/sync/enrolment", test_enrolment);
  g_test_add_func ("/sync/catalogue-changed", test_catalogue_changed);
  g_test_add_func ("/sync/right-withdrawn", test_right_withdrawn);
  g_test_add_func ("/sync/no-jam", test_no_jam);
  g_test_add_func ("/sync/token-revoked", test_token_revoked);
  g_test_add_func ("/sync/wrong-person", test_wrong_person);
  g_test_add_func ("/sync/first-sync-interrupted", test_first_sync_interrupted);
  g_test_add_func ("/sync/two-computers", test_two_computers);
  g_test_add_func ("/sync/server-restored", test_server_restored);
  g_test_add_func ("/sync/background", test_background);
  g_test_add_func ("/sync/back-off-and-stop", test_back_off_and_stop);
  g_test_add_func ("/sync/portal", test_portal);
  return g_test_run ();
}
