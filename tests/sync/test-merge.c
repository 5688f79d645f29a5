/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Two computers, or two colleagues, at one order: a shared draft, and an order that was sent. What different fields say is
 * taken together; where both changed the same, both stay until somebody decides.
 */

#include "bst-error.h"
#include "bst-world.h"

#include <glib/gstdio.h>

typedef struct
{
  BstWorld *world;
  BstComputer *orla;
  BstComputer *olga;
} Desk;

static void
set_up (Desk *desk, gconstpointer data)
{
  desk->world = bst_world_new (BST_WORLD_THREAD, 1);
  desk->orla = bst_computer_new (desk->world, "orla", "orla");
  desk->olga = bst_computer_new (desk->world, "olga", "olga");
  bst_computer_sync (desk->orla);
  bst_computer_sync (desk->olga);
}

static void
tear_down (Desk *desk, gconstpointer data)
{
  bst_computer_free (desk->orla);
  bst_computer_free (desk->olga);
  bst_world_free (desk->world);
}

/* Types into an order as an editor does that was opened now. */
static void
type_in (BstComputer *computer, const char *uid, const char *path, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) now = bst_computer_get (computer, uid);
  g_autoptr (GVariant) next = NULL;

  g_assert_nonnull (now);
  next = bst_doc_set_string (now, path, text);
  bst_store_save_draft (computer->store, next, &error);
  g_assert_no_error (error);
}

static void
assert_text (BstComputer *computer, const char *uid, const char *path, const char *text)
{
  g_autoptr (GVariant) order = bst_computer_get (computer, uid);

  g_assert_nonnull (order);
  g_assert_cmpstr (bst_doc_get_string (order, path), ==, text);
}

static void
assert_server (Desk *desk, const char *uid, const char *path, const char *text)
{
  g_autoptr (GVariant) order = bst_world_request (desk->world, uid);

  g_assert_nonnull (order);
  g_assert_cmpstr (bst_doc_get_string (order, path), ==, text);
}

static guint
n_conflicts (BstComputer *computer, const char *uid)
{
  g_autoptr (GVariant) order = bst_computer_get (computer, uid);
  g_autoptr (GVariant) conflicts = bst_doc_get_list (order, "@local/conflicts");

  return (guint) g_variant_n_children (conflicts);
}

static void
assert_conflict (BstComputer *computer,
                 const char *uid,
                 const char *path,
                 const char *mine,
                 const char *theirs)
{
  g_autoptr (GVariant) order = bst_computer_get (computer, uid);
  g_autoptr (GVariant) conflicts = bst_doc_get_list (order, "@local/conflicts");
  g_autoptr (GVariant) box = NULL;
  g_autoptr (GVariant) conflict = NULL;

  g_assert_cmpuint (g_variant_n_children (conflicts), ==, 1);
  box = g_variant_get_child_value (conflicts, 0);
  conflict = g_variant_get_variant (box);
  g_assert_cmpstr (bst_doc_get_string (conflict, "path"), ==, path);
  g_assert_cmpstr (bst_doc_get_string (conflict, "mine"), ==, mine);
  g_assert_cmpstr (bst_doc_get_string (conflict, "theirs"), ==, theirs);
  g_assert_cmpstr (bst_doc_get_string (order, path), ==, mine);
}

/* As the page does: the value, and the question away. */
static void
decide (BstComputer *computer, const char *uid, const char *path, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) now = bst_computer_get (computer, uid);
  g_autoptr (GVariant) chosen = bst_doc_set_string (now, path, text);
  g_autoptr (GVariant) decided = bst_doc_set (chosen, "@local/conflicts", NULL);

  bst_store_save_draft (computer->store, decided, &error);
  g_assert_no_error (error);
}

/* As the editor does: it saves first. */
static void
send (BstComputer *computer, const char *uid)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) now = bst_computer_get (computer, uid);

  bst_store_save_draft (computer->store, now, &error);
  g_assert_no_error (error);
  bst_store_submit (computer->store, uid, &error);
  g_assert_no_error (error);
}

static char *
shared_draft (Desk *desk)
{
  g_autoptr (GError) error = NULL;
  char *uid = bst_computer_draft (desk->orla, "s1", "Stole", 2);

  bst_store_share_draft (desk->orla->store, uid, &error);
  g_assert_no_error (error);
  bst_computer_sync (desk->orla);
  bst_computer_sync (desk->olga);
  return uid;
}

static void
sync_both (Desk *desk)
{
  bst_computer_sync (desk->olga);
  bst_computer_sync (desk->orla);
  bst_computer_sync (desk->olga);
}

/* ---- a shared draft ---- */

static void
test_shared (Desk *desk, gconstpointer data)
{
  g_autofree char *uid = shared_draft (desk);
  g_autofree char *state = NULL;

  assert_server (desk, uid, "state", "draft");
  assert_text (desk->olga, uid, "title", "Stole");
  state = bst_computer_state (desk->orla, uid);
  g_assert_cmpstr (state, ==, "draft");

  type_in (desk->olga, uid, "place", "Lokale 4");
  type_in (desk->orla, uid, "title", "Gode stole");
  sync_both (desk);
  assert_server (desk, uid, "place", "Lokale 4");
  assert_server (desk, uid, "title", "Gode stole");
  assert_text (desk->orla, uid, "place", "Lokale 4");
  assert_text (desk->olga, uid, "title", "Gode stole");
  g_assert_cmpuint (n_conflicts (desk->orla, uid), ==, 0);
  g_assert_cmpuint (bst_world_count (desk->world, "Request"), ==, 1);

  send (desk->olga, uid);
  sync_both (desk);
  assert_server (desk, uid, "state", "submitted");
  assert_text (desk->orla, uid, "state", "submitted");
  g_assert_cmpuint (bst_world_count (desk->world, "Request"), ==, 1);
}

static void
lose_replica (BstComputer *computer)
{
  static const char *const names[] = { "replica.db", "replica.db-wal", "replica.db-shm" };

  bst_computer_shut (computer);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (computer->directory, names[i], NULL);

      g_unlink (path);
    }
  bst_computer_open (computer);
}

/* Both values lie in work.db; the clock of neither computer decides. */
static void
test_same_field (Desk *desk, gconstpointer data)
{
  g_autofree char *uid = shared_draft (desk);
  g_autoptr (GError) error = NULL;

  desk->olga->skew_ms = -G_GINT64_CONSTANT (86400000) * 365;
  type_in (desk->olga, uid, "title", "Olgas stole");
  type_in (desk->orla, uid, "title", "Orlas stole");
  bst_computer_sync (desk->olga);
  bst_computer_sync (desk->orla);
  assert_server (desk, uid, "title", "Olgas stole");
  assert_conflict (desk->orla, uid, "title", "Orlas stole", "Olgas stole");

  lose_replica (desk->orla);
  assert_conflict (desk->orla, uid, "title", "Orlas stole", "Olgas stole");
  bst_computer_sync (desk->orla);
  assert_conflict (desk->orla, uid, "title", "Orlas stole", "Olgas stole");
  assert_server (desk, uid, "title", "Olgas stole");
  g_assert_false (bst_store_submit (desk->orla->store, uid, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);

  decide (desk->orla, uid, "title", "Olgas og Orlas stole");
  sync_both (desk);
  assert_server (desk, uid, "title", "Olgas og Orlas stole");
  assert_text (desk->olga, uid, "title", "Olgas og Orlas stole");
  g_assert_cmpuint (n_conflicts (desk->orla, uid), ==, 0);
}

/* While it is to be decided, the other goes on. */
static void
test_still_open (Desk *desk, gconstpointer data)
{
  g_autofree char *uid = shared_draft (desk);

  type_in (desk->olga, uid, "title", "Olga 1");
  type_in (desk->orla, uid, "title", "Orla");
  bst_computer_sync (desk->olga);
  bst_computer_sync (desk->orla);
  type_in (desk->olga, uid, "title", "Olga 2");
  type_in (desk->olga, uid, "place", "Lokale 7");
  bst_computer_sync (desk->olga);
  bst_computer_sync (desk->orla);
  assert_conflict (desk->orla, uid, "title", "Orla", "Olga 2");
  assert_text (desk->orla, uid, "place", "Lokale 7");
  type_in (desk->olga, uid, "title", "Orla");
  bst_computer_sync (desk->olga);
  bst_computer_sync (desk->orla);
  g_assert_cmpuint (n_conflicts (desk->orla, uid), ==, 0);
}

/* An editor that was opened before the colleague's change came does not undo it by saving all that it shows. */
static void
test_old_editor (Desk *desk, gconstpointer data)
{
  g_autofree char *uid = shared_draft (desk);
  g_autoptr (GVariant) opened = bst_computer_get (desk->orla, uid);
  g_autoptr (GVariant) typed = bst_doc_set_string (opened, "need", "Fordi");

  type_in (desk->olga, uid, "place", "Lokale 9");
  bst_computer_sync (desk->olga);
  bst_computer_sync (desk->orla);
  bst_store_save_draft (desk->orla->store, typed, NULL);
  assert_text (desk->orla, uid, "place", "Lokale 9");
  assert_text (desk->orla, uid, "need", "Fordi");
  sync_both (desk);
  assert_server (desk, uid, "place", "Lokale 9");
  assert_server (desk, uid, "need", "Fordi");
}

static gboolean
has_request_cb (gpointer world)
{
  return bst_world_count (world, "Request") > 0;
}

/* What is written after the draft left, and before it was submitted, is in what is submitted. */
static void
test_submit_under_way (Desk *desk, gconstpointer data)
{
  BstFaults cut = BST_FAULTS_NONE;
  g_autofree char *uid = bst_computer_draft (desk->orla, "s1", "Stole", 2);
  g_autoptr (GError) error = NULL;

  bst_store_share_draft (desk->orla->store, uid, NULL);
  cut.probe = has_request_cb;
  cut.closure = desk->world;
  bst_fault_proxy_set (bst_world_proxy (desk->world), &cut);
  error = bst_computer_try (desk->orla);
  g_assert_error (error, BST_ERROR, BST_ERROR_OUTCOME_UNKNOWN);
  bst_fault_proxy_set (bst_world_proxy (desk->world), NULL);
  type_in (desk->orla, uid, "title", "Stole til alle");
  send (desk->orla, uid);
  bst_computer_sync (desk->orla);
  bst_computer_sync (desk->orla);
  assert_server (desk, uid, "state", "submitted");
  assert_server (desk, uid, "title", "Stole til alle");
  g_assert_cmpuint (bst_computer_outbox (desk->orla, BST_OUTBOX_QUEUED), ==, 0);
}

/* ---- sent by another, or removed ---- */

/* What may still be changed goes into the order; other things stay as a draft of her own. */
static void
test_sent_by_other (Desk *desk, gconstpointer data)
{
  g_autofree char *uid = shared_draft (desk);
  g_autofree char *second = shared_draft (desk);
  BstQuery drafts = { .type = "Request", .local_only = TRUE };
  g_autoptr (GPtrArray) own = NULL;
  g_autoptr (GVariant) now = NULL;
  g_autoptr (GVariant) more = NULL;

  type_in (desk->orla, uid, "need", "Mit eget");
  now = bst_computer_get (desk->orla, second);
  more = bst_doc_set_int (now, "lines/l1/quantity", 7);
  g_assert_true (bst_store_save_draft (desk->orla->store, more, NULL));
  send (desk->olga, uid);
  send (desk->olga, second);
  bst_computer_sync (desk->olga);
  bst_computer_sync (desk->orla);
  assert_text (desk->orla, uid, "state", "submitted");
  assert_text (desk->orla, second, "state", "submitted");
  assert_server (desk, uid, "need", "Mit eget");
  own = bst_store_find (desk->orla->store, &drafts, 0, 10, NULL);
  g_assert_cmpuint (own->len, ==, 1);
  g_assert_cmpint (bst_doc_get_int (own->pdata[0], "lines/l1/quantity", 0), ==, 7);
  g_assert_cmpstr (bst_doc_get_string (own->pdata[0], "uid"), !=, second);
  g_assert_cmpuint (bst_computer_outbox (desk->orla, BST_OUTBOX_REFUSED), ==, 0);
}

static void
test_removed (Desk *desk, gconstpointer data)
{
  g_autofree char *uid = shared_draft (desk);
  g_autofree char *kept = shared_draft (desk);
  g_autoptr (GPtrArray) own = NULL;
  BstQuery drafts = { .type = "Request", .local_only = TRUE };

  g_assert_true (bst_store_remove_draft (desk->olga->store, uid, NULL));
  bst_computer_sync (desk->olga);
  g_assert_false (bst_world_has (desk->world, "Request", uid));
  g_assert_null (bst_computer_get (desk->olga, uid));
  type_in (desk->orla, uid, "need", "Set for sent");
  bst_computer_sync (desk->orla);
  own = bst_store_find (desk->orla->store, &drafts, 0, 10, NULL);
  g_assert_cmpuint (own->len, ==, 2);
  g_assert_cmpuint (bst_computer_outbox (desk->orla, BST_OUTBOX_REFUSED), ==, 0);

  /* Not what a colleague has written in and one has not seen. */
  type_in (desk->orla, kept, "need", "Usét");
  bst_computer_sync (desk->orla);
  g_assert_true (bst_store_remove_draft (desk->olga->store, kept, NULL));
  bst_computer_sync (desk->olga);
  g_assert_true (bst_world_has (desk->world, "Request", kept));
  g_assert_cmpuint (bst_computer_outbox (desk->olga, BST_OUTBOX_REFUSED), ==, 1);
}

static void
test_removal_taken_back (Desk *desk, gconstpointer data)
{
  g_autofree char *uid = shared_draft (desk);
  g_autoptr (GVariant) before = bst_computer_get (desk->orla, uid);

  g_assert_true (bst_store_remove_draft (desk->orla->store, uid, NULL));
  g_assert_true (bst_store_save_draft (desk->orla->store, before, NULL));
  bst_computer_sync (desk->orla);
  g_assert_true (bst_world_has (desk->world, "Request", uid));
}

/* ---- an order that was sent ---- */

static char *
sent_order (Desk *desk)
{
  char *uid = bst_computer_order (desk->orla, "s1", "Borde");

  sync_both (desk);
  sync_both (desk);
  assert_text (desk->olga, uid, "state", "submitted");
  return uid;
}

static void
test_amend (Desk *desk, gconstpointer data)
{
  g_autofree char *uid = sent_order (desk);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) order = NULL;
  g_autoptr (GVariant) wrong = NULL;

  type_in (desk->orla, uid, "place", "Gangen");
  type_in (desk->olga, uid, "title", "Gode borde");
  assert_text (desk->orla, uid, "@local/state", "draft");
  send (desk->orla, uid);
  send (desk->olga, uid);
  sync_both (desk);
  sync_both (desk);
  assert_server (desk, uid, "place", "Gangen");
  assert_server (desk, uid, "title", "Gode borde");
  assert_server (desk, uid, "state", "submitted");
  assert_text (desk->orla, uid, "title", "Gode borde");
  assert_text (desk->orla, uid, "@local/state", NULL);

  order = bst_computer_get (desk->orla, uid);
  wrong = bst_doc_set_int (order, "lines/l1/quantity", 99);
  g_assert_false (bst_store_save_draft (desk->orla->store, wrong, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_FORBIDDEN);
}

static void
test_amend_same_field (Desk *desk, gconstpointer data)
{
  g_autofree char *uid = sent_order (desk);

  type_in (desk->orla, uid, "place", "Gangen");
  type_in (desk->orla, uid, "need", "Snart");
  type_in (desk->olga, uid, "place", "Salen");
  send (desk->orla, uid);
  send (desk->olga, uid);
  bst_computer_sync (desk->olga);
  bst_computer_sync (desk->orla);
  assert_server (desk, uid, "place", "Salen");
  assert_conflict (desk->orla, uid, "place", "Gangen", "Salen");
  assert_text (desk->orla, uid, "@local/reason", "revMismatch");

  decide (desk->orla, uid, "place", "Gangen");
  send (desk->orla, uid);
  sync_both (desk);
  assert_server (desk, uid, "place", "Gangen");
  assert_server (desk, uid, "need", "Snart");
  g_assert_cmpuint (bst_computer_outbox (desk->orla, BST_OUTBOX_REFUSED), ==, 0);
}

/* Undo of a change: before it was sent, the order is as it was. */
static void
test_amend_dropped (Desk *desk, gconstpointer data)
{
  g_autofree char *uid = sent_order (desk);

  type_in (desk->orla, uid, "place", "Gangen");
  send (desk->orla, uid);
  g_assert_true (bst_store_withdraw (desk->orla->store, uid, NULL));
  assert_text (desk->orla, uid, "place", "Gangen");
  g_assert_true (bst_store_remove_draft (desk->orla->store, uid, NULL));
  assert_text (desk->orla, uid, "place", NULL);
  assert_text (desk->orla, uid, "state", "submitted");
  bst_computer_sync (desk->orla);
  assert_server (desk, uid, "state", "submitted");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/sync/merge/" path, Desk, NULL, set_up, func, tear_down)
  ADD ("shared", test_shared);
  ADD ("same-field", test_same_field);
  ADD ("still-open", test_still_open);
  ADD ("old-editor", test_old_editor);
  ADD ("submit-under-way", test_submit_under_way);
  ADD ("sent-by-other", test_sent_by_other);
  ADD ("removed", test_removed);
  ADD ("removal-taken-back", test_removal_taken_back);
  ADD ("amend", test_amend);
  ADD ("amend-same-field", test_amend_same_field);
  ADD ("amend-dropped", test_amend_dropped);
#undef ADD
  return g_test_run ();
}
