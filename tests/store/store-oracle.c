/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "store-oracle-private.h"

#include "bst-error.h"
#include "bst-json.h"
#include "bst-life.h"

#include <string.h>

static void
item_free (gpointer data)
{
  Item *item = data;

  g_free (item->action);
  g_free (item->uid);
  g_clear_pointer (&item->content, g_variant_unref);
  g_clear_pointer (&item->record, g_variant_unref);
  g_free (item);
}

StoreOracle *
store_oracle_new (StoreFixture *fixture, GRand *chance)
{
  StoreOracle *oracle = g_new0 (StoreOracle, 1);

  oracle->fixture = fixture;
  oracle->chance = chance;
  oracle->items = g_ptr_array_new_with_free_func (item_free);
  oracle->page = 1;
  for (guint i = 0; i < N_ORDERS; i++)
    {
      oracle->orders[i].uid = bst_uid_new (&fixture->clock);
      oracle->orders[i].steps = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
    }
  return oracle;
}

void
store_oracle_free (StoreOracle *oracle)
{
  for (guint i = 0; i < N_ORDERS; i++)
    {
      Order *order = &oracle->orders[i];

      g_free (order->uid);
      g_free (order->title);
      g_free (order->submitted);
      g_clear_pointer (&order->server, g_variant_unref);
      g_clear_pointer (&order->shown, g_variant_unref);
      g_ptr_array_unref (order->steps);
    }
  g_ptr_array_unref (oracle->items);
  g_free (oracle);
}

static gboolean
is_of_order (const Item *item)
{
  return !item->event || strcmp (item->action, "submit") == 0;
}

static gboolean
likely (StoreOracle *oracle, guint percent)
{
  return (guint) g_rand_int_range (oracle->chance, 0, 100) < percent;
}

/* Of an order; @states: 1 << state. */
static gboolean
has_item (StoreOracle *oracle, guint n, guint states, gboolean of_order_only)
{
  for (guint i = 0; i < oracle->items->len; i++)
    {
      const Item *item = oracle->items->pdata[i];

      if (item->order == n && (states & (1u << item->state)) &&
          (!of_order_only || is_of_order (item)))
        return TRUE;
    }
  return FALSE;
}

#define UNSETTLED (1u << BST_OUTBOX_QUEUED | 1u << BST_OUTBOX_SENDING)
#define REFUSED   (1u << BST_OUTBOX_REFUSED)

/* Something of the order itself is out, with no refusal before it. */
static gboolean
is_on_its_way (StoreOracle *oracle, guint n)
{
  for (guint i = 0; i < oracle->items->len; i++)
    {
      const Item *item = oracle->items->pdata[i];

      if (item->order != n || !is_of_order (item) || item->state == RECEIVED)
        continue;
      return item->state != BST_OUTBOX_REFUSED;
    }
  return FALSE;
}

/* ---- what must be seen ---- */

static GVariant *
with_record (GVariant *doc, GVariant *record)
{
  GVariantIter iter;
  const char *key;
  GVariant *value;
  GVariant *whole = g_variant_ref (doc);

  g_variant_iter_init (&iter, record);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    bst_doc_replace (&whole, bst_doc_set (whole, key, value));
  return whole;
}

static GVariant *
ground (StoreOracle *oracle, guint n)
{
  const Order *order = &oracle->orders[n];

  if (order->draft)
    return json ("{\"state\":\"draft\"}");
  if (order->shown)
    return g_variant_ref (order->shown);
  for (guint i = 0; i < oracle->items->len; i++)
    {
      const Item *item = oracle->items->pdata[i];

      if (item->order == n && !item->event && item->create)
        return g_variant_ref (item->content);
    }
  return order->pending ? json ("{\"state\":\"draft\"}") : NULL;
}

static GVariant *
expected_doc (StoreOracle *oracle, guint n)
{
  const Order *order = &oracle->orders[n];
  GVariant *doc = ground (oracle, n);

  for (guint i = 0; doc && i < oracle->items->len; i++)
    {
      const Item *item = oracle->items->pdata[i];
      GVariant *next = NULL;

      if (item->order != n || item->state == BST_OUTBOX_REFUSED)
        continue;
      if (item->event)
        {
          g_autoptr (GVariant) event = item->record ? with_record (item->content, item->record)
                                                    : g_variant_ref (item->content);

          next = bst_life_apply (doc, event, BST_ROLE_ALL, NULL);
        }
      else if (!item->create && !(item->record && order->shown &&
                                  bst_doc_get_int (order->shown, "rev", 0) >=
                                      bst_doc_get_int (item->record, "rev", 0)))
        next = bst_doc_set_string (doc, "title", bst_doc_get_string (item->content, "title"));
      if (next)
        bst_doc_replace (&doc, next);
    }
  if (doc && order->draft)
    bst_doc_replace (&doc, bst_doc_set_string (doc, "title", order->title));
  return doc;
}

static const char *
expected_local (StoreOracle *oracle, guint n)
{
  if (has_item (oracle, n, REFUSED, FALSE))
    return "refused";
  if (has_item (oracle, n, 1u << BST_OUTBOX_SENDING, FALSE))
    return "sending";
  if (has_item (oracle, n, 1u << BST_OUTBOX_QUEUED, FALSE))
    return "queued";
  return oracle->orders[n].draft ? "draft" : "";
}

static void
check_order (StoreOracle *oracle, guint n)
{
  const Order *order = &oracle->orders[n];
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) expected = expected_doc (oracle, n);
  g_autoptr (GVariant) doc = bst_store_get (oracle->fixture->store, "Request", order->uid, &error);
  const char *local;
  const char *state;

  if (!expected)
    {
      g_assert_error (error, BST_ERROR, BST_ERROR_NOT_FOUND);
      return;
    }
  g_assert_no_error (error);
  local = bst_doc_get_string (doc, "@local/state");
  state = bst_doc_get_string (expected, "state");
  g_assert_cmpstr (local ? local : "", ==, expected_local (oracle, n));
  g_assert_cmpstr (bst_doc_get_string (doc, "title"), ==, bst_doc_get_string (expected, "title"));
  g_assert_cmpstr (bst_doc_get_string (doc, "state"), ==, state ? state : "draft");
}

static void
check_outbox (StoreOracle *oracle)
{
  g_autoptr (GPtrArray) outbox = bst_store_outbox (oracle->fixture->store, NULL);
  guint at = 0;

  for (guint i = 0; i < oracle->items->len; i++)
    {
      Item *item = oracle->items->pdata[i];
      const BstOutboxItem *real;

      if (item->state == RECEIVED)
        continue;
      g_assert_cmpuint (at, <, outbox->len);
      real = outbox->pdata[at++];
      g_assert_cmpstr (real->type, ==, item->event ? "RequestEvent" : "Request");
      g_assert_cmpstr (real->request, ==, oracle->orders[item->order].uid);
      g_assert_cmpint (real->create, ==, item->create);
      g_assert_cmpint ((int) real->state, ==, item->state);
      g_assert_cmpuint (real->tries, ==, item->tries);
      if (!item->content)
        item->content = g_variant_ref (real->content);
      if (!item->uid)
        item->uid = g_strdup (real->uid);
      g_assert_cmpstr (real->uid, ==, item->uid);
      /* What may have left is sent again as it was. */
      g_assert_true (bst_doc_equal (real->content, item->content));
    }
  g_assert_cmpuint (at, ==, outbox->len);
}

void
store_oracle_check (StoreOracle *oracle)
{
  check_outbox (oracle);
  for (guint n = 0; n < N_ORDERS; n++)
    check_order (oracle, n);
}

/* ---- own work ---- */

static void
assert_outcome (gboolean done, GError *error, int expected_error)
{
  if (expected_error < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, BST_ERROR, expected_error);
  g_assert_cmpint (done, ==, expected_error < 0);
}

static const char *
shown_state (StoreOracle *oracle, guint n)
{
  g_autoptr (GVariant) doc = expected_doc (oracle, n);

  return doc ? bst_state_name (bst_state_from_name (bst_doc_get_string (doc, "state"))) : "draft";
}

static void
save (StoreOracle *oracle, guint n)
{
  Order *order = &oracle->orders[n];
  g_autoptr (GError) error = NULL;
  g_autofree char *title = g_strdup_printf ("Stole %u", oracle->title++ % 3);
  g_autoptr (GVariant) draft = make_draft (oracle->fixture, title, "s1");
  gboolean allowed = !is_on_its_way (oracle, n) && strcmp (shown_state (oracle, n), "draft") == 0;
  gboolean done;

  bst_doc_replace (&draft, bst_doc_set_string (draft, "uid", order->uid));
  done = bst_store_save_draft (oracle->fixture->store, draft, &error);
  assert_outcome (done, error, allowed ? -1 : BST_ERROR_FORBIDDEN);
  if (!allowed)
    return;
  g_free (order->title);
  order->title = g_steal_pointer (&title);
  order->draft = TRUE;
  order->pending = FALSE;
}

static guint
remove_items (StoreOracle *oracle, guint n, guint states, gboolean of_order_only, guint from)
{
  guint removed = 0;

  for (guint i = oracle->items->len; i-- > from;)
    {
      const Item *item = oracle->items->pdata[i];

      if (item->order != n || !(states & (1u << item->state)) ||
          (of_order_only && !is_of_order (item)))
        continue;
      g_ptr_array_remove_index (oracle->items, i);
      removed++;
    }
  return removed;
}

/* What the store can know the server to have: shown, or acknowledged since. %NULL: nothing. */
static char *
known_title (StoreOracle *oracle, guint n)
{
  const Order *order = &oracle->orders[n];
  char *title = order->shown ? g_strdup (bst_doc_get_string (order->shown, "title")) : NULL;

  for (guint i = 0; i < oracle->items->len; i++)
    {
      const Item *item = oracle->items->pdata[i];

      if (item->order != n || item->event || item->state != RECEIVED)
        continue;
      if (order->shown &&
          bst_doc_get_int (order->shown, "rev", 0) >= bst_doc_get_int (item->record, "rev", 0))
        continue;
      g_free (title);
      title = g_strdup (bst_doc_get_string (item->content, "title"));
    }
  return title;
}

static void
discard_draft (StoreOracle *oracle, guint n)
{
  Order *order = &oracle->orders[n];
  g_autoptr (GError) error = NULL;
  g_autofree char *known = known_title (oracle, n);
  gboolean forbidden = is_on_its_way (oracle, n);
  gboolean any =
      order->draft || order->pending || has_item (oracle, n, UNSETTLED | REFUSED, known != NULL);
  gboolean done;

  /* What is a draft at the server too goes there as well: tests/sync/test-merge.c. */
  if (known && !forbidden && strcmp (shown_state (oracle, n), "draft") == 0)
    return;
  done = bst_store_remove_draft (oracle->fixture->store, order->uid, &error);

  assert_outcome (done, error,
                  forbidden ? (int) BST_ERROR_FORBIDDEN
                  : any     ? -1
                            : (int) BST_ERROR_NOT_FOUND);
  if (!done)
    return;
  remove_items (oracle, n, UNSETTLED | REFUSED, known != NULL, 0);
  order->draft = order->pending = FALSE;
}

static void
append_item (StoreOracle *oracle, guint n, const char *action, gboolean create)
{
  Item *item = g_new0 (Item, 1);

  item->order = n;
  item->event = action != NULL;
  item->action = g_strdup (action);
  item->create = create;
  g_ptr_array_add (oracle->items, item);
}

/* Behind all others, in their order. */
static void
move_last (StoreOracle *oracle, guint n, gboolean of_order)
{
  guint len = oracle->items->len;

  for (guint i = 0, seen = 0; seen < len; seen++)
    {
      const Item *item = oracle->items->pdata[i];

      if (item->order == n && item->event && is_of_order (item) == of_order &&
          (UNSETTLED & (1u << item->state)))
        g_ptr_array_add (oracle->items, g_ptr_array_steal_index (oracle->items, i));
      else
        i++;
    }
}

static gboolean
has_unsettled (StoreOracle *oracle, guint n, gboolean event)
{
  for (guint i = 0; i < oracle->items->len; i++)
    {
      const Item *item = oracle->items->pdata[i];

      if (item->order == n && is_of_order (item) && item->event == event &&
          (UNSETTLED & (1u << item->state)))
        return TRUE;
    }
  return FALSE;
}

static void
submit (StoreOracle *oracle, guint n)
{
  Order *order = &oracle->orders[n];
  g_autoptr (GError) error = NULL;
  g_autofree char *known = known_title (oracle, n);
  gboolean done = bst_store_submit (oracle->fixture->store, order->uid, &error);
  gboolean again;

  assert_outcome (done, error,
                  order->draft     ? -1
                  : order->pending ? (int) BST_ERROR_FORBIDDEN
                                   : (int) BST_ERROR_NOT_FOUND);
  if (!done)
    return;
  remove_items (oracle, n, REFUSED, TRUE, 0);
  again = has_unsettled (oracle, n, TRUE);
  if (!has_unsettled (oracle, n, FALSE) && (!known || strcmp (known, order->title) != 0))
    append_item (oracle, n, NULL, known == NULL);
  if (again)
    move_last (oracle, n, TRUE);
  else
    append_item (oracle, n, "submit", TRUE);
  move_last (oracle, n, FALSE);
  order->draft = FALSE;
  order->pending = TRUE;
  g_free (order->submitted);
  order->submitted = g_strdup (order->title);
}

static void
withdraw (StoreOracle *oracle, guint n)
{
  Order *order = &oracle->orders[n];
  g_autoptr (GError) error = NULL;
  gboolean any = FALSE;
  gboolean left = FALSE;
  gboolean done;

  for (guint i = 0; i < oracle->items->len; i++)
    {
      const Item *item = oracle->items->pdata[i];

      if (item->order != n || !is_of_order (item) || item->state == RECEIVED)
        continue;
      any = TRUE;
      left |= item->state != BST_OUTBOX_QUEUED || item->tries > 0;
    }
  done = bst_store_withdraw (oracle->fixture->store, order->uid, &error);
  assert_outcome (done, error, any && !left ? -1 : (int) BST_ERROR_FORBIDDEN);
  if (!done)
    return;
  remove_items (oracle, n, 1u << BST_OUTBOX_QUEUED, FALSE, 0);
  order->draft = TRUE;
  order->pending = FALSE;
}

static void
add_event (StoreOracle *oracle, guint n, const char *action)
{
  Order *order = &oracle->orders[n];
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) doc = expected_doc (oracle, n);
  g_autoptr (GVariant) event = json ("{\"text\":\"Hvornår?\"}");
  BstAction which;
  gboolean allowed;
  gboolean done;

  g_assert_true (bst_action_from_name (action, &which));
  bst_doc_replace (&event, bst_doc_set_string (event, "action", action));
  bst_doc_replace (&event, bst_doc_set_string (event, "request", order->uid));
  allowed = doc && bst_life_is_allowed (doc, NULL, which, BST_ROLE_ORDERER);
  done = bst_store_add_event (oracle->fixture->store, event, &error);
  assert_outcome (done, error,
                  allowed ? -1
                  : doc   ? (int) BST_ERROR_FORBIDDEN
                          : (int) BST_ERROR_NOT_FOUND);
  if (allowed)
    append_item (oracle, n, action, TRUE);
}

static void
discard_refused (StoreOracle *oracle)
{
  g_autoptr (GPtrArray) outbox = bst_store_outbox (oracle->fixture->store, NULL);

  for (guint i = 0; i < outbox->len; i++)
    {
      const BstOutboxItem *real = outbox->pdata[i];

      if (real->state != BST_OUTBOX_REFUSED)
        continue;
      g_assert_true (bst_store_discard_refused (oracle->fixture->store, real->seq, NULL));
      for (guint j = 0; j < oracle->items->len; j++)
        {
          const Item *item = oracle->items->pdata[j];
          guint n = item->order;

          if (item->state == RECEIVED || strcmp (item->uid, real->uid) != 0)
            continue;
          if (!item->event && item->create)
            oracle->orders[n].draft = oracle->orders[n].pending = FALSE;
          if (is_of_order (item))
            remove_items (oracle, n, UNSETTLED | REFUSED, FALSE, j);
          else
            g_ptr_array_remove_index (oracle->items, j);
          return;
        }
    }
}

/* ---- the server ---- */

static Item *
find_taken (StoreOracle *oracle, const BstOutboxItem *real)
{
  for (guint i = 0; i < oracle->items->len; i++)
    {
      Item *item = oracle->items->pdata[i];

      if (item->state != RECEIVED && strcmp (item->uid, real->uid) == 0)
        return item;
    }
  g_error ("%s was sent, and never given", real->uid);
}

/* What may go now: nothing behind a refusal of its order, everything else. */
static guint
mark_taken (StoreOracle *oracle, guint limit)
{
  guint n = 0;
  gboolean stuck[N_ORDERS] = { FALSE };

  for (guint i = 0; i < oracle->items->len; i++)
    {
      Item *item = oracle->items->pdata[i];

      if (item->state == BST_OUTBOX_REFUSED && is_of_order (item))
        stuck[item->order] = TRUE;
      if (!(UNSETTLED & (1u << item->state)) || stuck[item->order] || n == limit)
        continue;
      item->state = BST_OUTBOX_SENDING;
      item->tries++;
      n++;
      stuck[item->order] |= !item->create; /* what follows a change waits for its answer */
    }
  return n;
}

static void
settle_one (StoreOracle *oracle,
            const BstOutboxItem *real,
            gboolean answered,
            gboolean willing,
            BstOutcome *outcome)
{
  Item *item = find_taken (oracle, real);
  Order *order = &oracle->orders[item->order];
  GVariant *record = store_oracle_serve (oracle, item, willing);

  outcome->seq = real->seq;
  if (!answered)
    {
      g_clear_pointer (&record, g_variant_unref);
      item->state = BST_OUTBOX_QUEUED;
    }
  else if (record)
    {
      outcome->record = record;
      item->record = g_variant_ref (record);
      item->state = RECEIVED;
      if (item->event && is_of_order (item))
        order->draft = order->pending = FALSE;
    }
  else
    {
      outcome->error = json ("{\"type\":\"forbidden\"}");
      item->state = BST_OUTBOX_REFUSED;
      if (is_of_order (item) && order->pending)
        {
          order->draft = TRUE;
          order->pending = FALSE;
        }
    }
}

/* A batch there and, perhaps, back. */
static void
push (StoreOracle *oracle, gboolean good_line)
{
  g_autoptr (GError) error = NULL;
  guint limit = good_line ? 100 : (guint) g_rand_int_range (oracle->chance, 1, 6);
  g_autoptr (GPtrArray) taken = bst_store_outbox_take (oracle->fixture->store, limit, &error);
  g_autofree BstOutcome *outcomes = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (taken->len, ==, mark_taken (oracle, limit));
  store_oracle_check (oracle);
  /* Cut off in the middle: the program ends, and asks again another time. */
  if (!good_line && likely (oracle, 10))
    return;
  outcomes = g_new0 (BstOutcome, taken->len);
  for (guint i = 0; i < taken->len; i++)
    settle_one (oracle, taken->pdata[i], good_line || likely (oracle, 75),
                good_line || likely (oracle, 75), &outcomes[i]);
  bst_store_outbox_settle (oracle->fixture->store, outcomes, taken->len, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < taken->len; i++)
    {
      g_clear_pointer (&outcomes[i].record, g_variant_unref);
      g_clear_pointer (&outcomes[i].error, g_variant_unref);
    }
}

static void
append_json (GString *list, GVariant *doc)
{
  g_autofree char *text = bst_json_print (doc);

  g_string_append_printf (list, "%s%s", list->len > 0 ? "," : "", text);
}

static void
pull (StoreOracle *oracle)
{
  g_autoptr (GString) requests = g_string_new (NULL);
  g_autoptr (GString) events = g_string_new (NULL);
  g_autofree char *state = g_strdup_printf ("e.r.%u", ++oracle->page);
  g_autofree char *records = NULL;

  for (guint n = 0; n < N_ORDERS; n++)
    {
      Order *order = &oracle->orders[n];

      if (!order->server || order->shown == order->server)
        continue;
      append_json (requests, order->server);
      for (; order->n_shown < order->steps->len; order->n_shown++)
        append_json (events, order->steps->pdata[order->n_shown]);
      g_clear_pointer (&order->shown, g_variant_unref);
      order->shown = g_variant_ref (order->server);
    }
  records =
      g_strdup_printf ("{\"Request\":[%s],\"RequestEvent\":[%s]}", requests->str, events->str);
  store_fixture_must_apply (oracle->fixture, "d1", state, FALSE, records, "{}");
}

static void
reset_account (StoreOracle *oracle)
{
  g_autoptr (GError) error = NULL;

  bst_store_reset_account (oracle->fixture->store, "d1", &error);
  g_assert_no_error (error);
  for (guint n = 0; n < N_ORDERS; n++)
    {
      g_clear_pointer (&oracle->orders[n].shown, g_variant_unref);
      oracle->orders[n].n_shown = 0;
    }
}

static void
reopen (StoreOracle *oracle)
{
  store_fixture_close (oracle->fixture);
  store_fixture_open (oracle->fixture);
}

/* ---- chance ---- */

static void
message (StoreOracle *oracle, guint n)
{
  add_event (oracle, n, "message");
}

static void
cancel (StoreOracle *oracle, guint n)
{
  add_event (oracle, n, "cancel");
}

static void
discard_one (StoreOracle *oracle, guint n)
{
  discard_refused (oracle);
}

static void
bad_push (StoreOracle *oracle, guint n)
{
  push (oracle, FALSE);
}

static void
pull_page (StoreOracle *oracle, guint n)
{
  pull (oracle);
}

static void
reset (StoreOracle *oracle, guint n)
{
  reset_account (oracle);
  /* Nothing is pushed, and nothing decided, over a replica that is not there: synchronisation pulls at once. */
  pull (oracle);
}

static void
restart (StoreOracle *oracle, guint n)
{
  reopen (oracle);
}

static const struct
{
  const char *name;
  guint weight;
  void (*run) (StoreOracle *oracle, guint n);
} steps[] = {
  { "save", 20, save },        { "remove", 4, discard_draft }, { "submit", 16, submit },
  { "withdraw", 4, withdraw }, { "message", 8, message },      { "cancel", 4, cancel },
  { "push", 20, bad_push },    { "pull", 12, pull_page },      { "discard", 3, discard_one },
  { "reset", 2, reset },       { "reopen", 1, restart },
};

const char *
store_oracle_step (StoreOracle *oracle)
{
  guint n = (guint) g_rand_int_range (oracle->chance, 0, N_ORDERS);
  guint total = 0;
  guint at;

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    total += steps[i].weight;
  at = (guint) g_rand_int_range (oracle->chance, 0, (gint32) total);
  for (guint i = 0;; at -= steps[i++].weight)
    if (at < steps[i].weight)
      {
        g_test_message ("%s %u", steps[i].name, n);
        steps[i].run (oracle, n);
        return steps[i].name;
      }
}

void
store_oracle_drain (StoreOracle *oracle)
{
  pull (oracle);
  for (guint n = 0; n < N_ORDERS; n++)
    {
      if (oracle->orders[n].draft)
        submit (oracle, n);
      store_oracle_check (oracle);
    }
  push (oracle, TRUE);
  push (oracle, TRUE);
  pull (oracle);
  store_oracle_check (oracle);
  for (guint n = 0; n < N_ORDERS; n++)
    {
      const Order *order = &oracle->orders[n];

      g_assert_false (has_item (oracle, n, UNSETTLED, TRUE));
      if (!order->pending && !order->draft && order->server && order->submitted &&
          order->steps->len)
        g_assert_cmpstr (bst_doc_get_string (order->server, "title"), ==, order->submitted);
    }
}
