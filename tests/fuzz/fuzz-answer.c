/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Whatever a server answers to a batch with everything in it: it is refused, or its receipts are for our records, under
 * numbers that can be counted with, and each item has one fate at most. Cut into slices as the store does it.
 */

#include "bst-fuzz.h"
#include "bst-jmap-slice.h"
#include "bst-jmap.h"
#include "bst-json.h"
#include "bst-sync-batch.h"

#include <string.h>

#define U1   "0195f000-0000-7000-8000-000000000001"
#define U2   "0195f000-0000-7000-8000-000000000002"
#define U3   "0195f000-0000-7000-8000-000000000003"
#define U4   "0195f000-0000-7000-8000-000000000004"
#define FILE "00000000000000000000000000000000000000000000000000000000000000ff"

/* As a page is cut (src/store/bst-replica-apply.c). */
#define PAGE_DEPTH 3

static const struct
{
  const char *account;
  const char *type;
  const char *uid;
  const char *request;
  gboolean create;
  gboolean destroy;
  const char *content;
} wishes[] = {
  { "dep-1", "Request", U1, U1, TRUE, FALSE, "{\"title\":\"A\"}" },
  { "dep-1", "RequestEvent", U2, U1, TRUE, FALSE, "{\"action\":\"submit\"}" },
  { "dep-1", "Request", U3, U3, FALSE, FALSE, "{\"rev\":3,\"title\":\"B\"}" },
  { "dep-2", "Request", U4, U4, FALSE, TRUE, "{\"rev\":2}" },
};

static GPtrArray *
make_items (void)
{
  GPtrArray *items = g_ptr_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (wishes); i++)
    {
      BstOutboxItem *item = g_new0 (BstOutboxItem, 1);

      item->seq = i + 1;
      item->account = (char *) wishes[i].account;
      item->type = (char *) wishes[i].type;
      item->uid = (char *) wishes[i].uid;
      item->request = (char *) wishes[i].request;
      item->create = wishes[i].create;
      item->destroy = wishes[i].destroy;
      item->content = bst_json_parse_object (wishes[i].content, -1, NULL);
      item->state = BST_OUTBOX_SENDING;
      g_ptr_array_add (items, item);
    }
  return items;
}

static BstSyncBatch *
make_batch (GPtrArray *items)
{
  BstSyncBatch *batch = bst_sync_batch_new (items, NULL);
  g_autoptr (GBytes) octets = g_bytes_new_static ("x", 1);

  bst_sync_batch_add_file (batch, "dep-1", FILE, octets);
  bst_sync_batch_add_changes (batch, "dep-1", "e.1.7", 100);
  bst_sync_batch_add_changes (batch, "dep-2", "e.1.7", 100);
  return batch;
}

/* What a receipt would be made of. */
static void
check_receipt (const BstOutboxItem *item, GVariant *record)
{
  const char *id = bst_doc_get_string (record, "id");

  if (item->create)
    g_assert_cmpstr (id, ==, item->uid);
  g_assert_true (!bst_doc_has (record, "id") || g_strcmp0 (id, item->uid) == 0);
}

static void
check (GPtrArray *items, BstSyncAnswer *answer)
{
  guint settled = 0, seen = 0;

  for (guint i = 0; i < answer->outcomes->len; i++)
    {
      const BstOutcome *outcome = &g_array_index (answer->outcomes, BstOutcome, i);

      g_assert_cmpint (outcome->seq, >, 0);
      g_assert_cmpint (outcome->seq, <=, items->len);
      g_assert_false (seen & 1u << outcome->seq);
      seen |= 1u << outcome->seq;
      g_assert_true (!outcome->record || !outcome->error);
      settled += outcome->record || outcome->error;
      if (outcome->record)
        check_receipt (items->pdata[outcome->seq - 1], outcome->record);
    }
  g_assert_cmpuint (settled, <=, answer->n_settled);
  g_assert_cmpuint (answer->named->len, <=, 1);
  g_assert_cmpuint (answer->lost->len, <=, 2);
  g_assert_nonnull (answer->session_state);
}

/* What the batch asks, as it comes back with an answer in a parcel. */
static BstJmapRequest *
print_and_parse (GPtrArray *items)
{
  g_autoptr (BstSyncBatch) batch = make_batch (items);
  g_autoptr (GBytes) body = bst_sync_batch_print (batch);
  gsize len;
  const char *text = g_bytes_get_data (body, &len);

  return bst_jmap_request_parse (text, (gssize) len, NULL);
}

/* Read by the batch that asked, and by one that was made again from its text. */
static void
read_both_ways (GPtrArray *items, BstJmapRequest *request, GBytes *response)
{
  g_autoptr (BstSyncBatch) batch = make_batch (items);
  g_autoptr (BstSyncBatch) earlier = bst_sync_batch_new_from_request (items, request);
  g_autoptr (BstSyncAnswer) answer = bst_sync_batch_read (batch, response, NULL);
  g_autoptr (BstSyncAnswer) late = bst_sync_batch_read (earlier, response, NULL);

  if (answer)
    {
      check (items, answer);
      g_assert_nonnull (late); /* which is less strict about what it does not know */
    }
  if (late)
    check (items, late);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static GPtrArray *items;
  static BstJmapRequest *request;
  g_autoptr (GBytes) response = g_bytes_new (data, size);
  g_autoptr (GPtrArray) slices = NULL;
  gsize len;
  const char *text = g_bytes_get_data (response, &len);

  if (!items)
    {
      items = make_items ();
      request = print_and_parse (items);
    }
  read_both_ways (items, request, response);
  slices = bst_jmap_response_slices (text, len, PAGE_DEPTH, NULL, NULL);
  for (guint i = 0; slices && i < slices->len; i++)
    {
      const BstJmapSlice *slice = g_ptr_array_index (slices, i);

      g_assert_true (slice->args >= text && slice->args + slice->len <= text + len);
    }
  return 0;
}
