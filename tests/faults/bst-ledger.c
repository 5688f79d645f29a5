/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-ledger.h"

#include "bst-store-files.h"

#include <string.h>

struct _BstLedger
{
  BstWorld *world;
  GHashTable *orders;    /* uid -> wanted title (nullable) */
  GHashTable *messages;  /* text -> uid of the order */
  GHashTable *forgotten; /* set: what went down with a computer */
};

/* What lies on the server. */
typedef struct
{
  GHashTable *requests; /* id -> record */
  GHashTable *numbers;  /* set */
  GHashTable *submits;  /* id of the order -> times */
  GHashTable *messages; /* text -> times */
} Holding;

BstLedger *
bst_ledger_new (BstWorld *world)
{
  BstLedger *ledger = g_new0 (BstLedger, 1);

  ledger->world = world;
  ledger->orders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  ledger->messages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  ledger->forgotten = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return ledger;
}

void
bst_ledger_free (BstLedger *ledger)
{
  g_hash_table_unref (ledger->orders);
  g_hash_table_unref (ledger->messages);
  g_hash_table_unref (ledger->forgotten);
  g_free (ledger);
}

void
bst_ledger_add_order (BstLedger *ledger, const char *uid)
{
  g_assert_true (g_hash_table_insert (ledger->orders, g_strdup (uid), NULL));
}

char *
bst_ledger_order (BstLedger *ledger, BstComputer *computer, const char *title)
{
  char *uid = bst_computer_order (computer, "s1", title);

  bst_ledger_add_order (ledger, uid);
  return uid;
}

void
bst_ledger_add_message (BstLedger *ledger, const char *uid, const char *text)
{
  g_assert_true (g_hash_table_insert (ledger->messages, g_strdup (text), g_strdup (uid)));
}

void
bst_ledger_add_title (BstLedger *ledger, const char *uid, const char *title)
{
  g_hash_table_replace (ledger->orders, g_strdup (uid), g_strdup (title));
}

static void
count (GHashTable *table, const char *key)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (table, key));

  g_hash_table_replace (table, g_strdup (key), GUINT_TO_POINTER (n + 1));
}

static guint
times (GHashTable *table, const char *key)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (table, key));
}

static gboolean
request_cb (GVariant *record, gpointer closure)
{
  Holding *holding = closure;
  const char *number = bst_doc_get_string (record, "number");

  g_hash_table_insert (holding->requests, g_strdup (bst_doc_get_string (record, "id")),
                       g_variant_ref (record));
  if (number && !g_hash_table_add (holding->numbers, g_strdup (number)))
    g_error ("number %s twice", number);
  return TRUE;
}

static gboolean
event_cb (GVariant *record, gpointer closure)
{
  Holding *holding = closure;
  const char *action = bst_doc_get_string (record, "action");

  if (strcmp (action, "submit") == 0)
    count (holding->submits, bst_doc_get_string (record, "request"));
  else if (strcmp (action, "message") == 0)
    count (holding->messages, bst_doc_get_string (record, "text"));
  return TRUE;
}

static void
read_holding (BstLedger *ledger, Holding *holding)
{
  g_autoptr (BstStorage) storage = bst_world_storage (ledger->world);
  g_autoptr (GError) error = NULL;

  holding->requests =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
  holding->numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  holding->submits = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  holding->messages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  bst_storage_each (storage, "Request", request_cb, holding, &error);
  g_assert_no_error (error);
  bst_storage_each (storage, "RequestEvent", event_cb, holding, &error);
  g_assert_no_error (error);
}

static void
holding_clear (Holding *holding)
{
  g_hash_table_unref (holding->requests);
  g_hash_table_unref (holding->numbers);
  g_hash_table_unref (holding->submits);
  g_hash_table_unref (holding->messages);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Holding, holding_clear)

gboolean
bst_ledger_is_received (BstLedger *ledger, gboolean message, const char *id)
{
  g_auto (Holding) holding = { NULL };

  read_holding (ledger, &holding);
  return message ? times (holding.messages, id) > 0 : times (holding.submits, id) > 0;
}

void
bst_ledger_forget (BstLedger *ledger, const char *id)
{
  g_hash_table_add (ledger->forgotten, g_strdup (id));
  g_hash_table_remove (ledger->orders, id);
  g_hash_table_remove (ledger->messages, id);
}

void
bst_ledger_check_receipts (BstLedger *ledger, BstComputer *computer)
{
  g_autoptr (GPtrArray) receipts = bst_computer_receipts (computer);

  for (guint i = 0; i < receipts->len; i++)
    {
      const char *type = bst_doc_get_string (receipts->pdata[i], "type");
      const char *id = bst_doc_get_string (receipts->pdata[i], "uid");

      if (!bst_world_has (ledger->world, type, id))
        g_error ("a receipt says that the server has %s %s", type, id);
    }
}

/* Whether the server has what an order names, and it is that. */
static gboolean
has_file (BstLedger *ledger, const char *sha256)
{
  g_autofree char *id = g_strconcat ("B", sha256, NULL);
  g_autofree char *folder = g_strndup (sha256, 2);
  g_autofree char *path =
      g_build_filename (bst_world_data (ledger->world), "blobs", folder, id, NULL);
  g_autofree char *octets = NULL;
  g_autofree char *sum = NULL;
  gsize len;

  if (!g_file_get_contents (path, &octets, &len, NULL))
    return FALSE;
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) octets, len);
  return strcmp (sum, sha256) == 0;
}

/* A file is here, or at the server: in the end named by its order there (check_order()). */
static void
check_files (BstLedger *ledger, BstComputer *computer, const char *uid)
{
  g_autoptr (GVariant) here = bst_computer_get (computer, uid);
  const char *sha256 = here ? bst_doc_get_string (here, "attachments/f1/sha256") : NULL;

  if (sha256 && !bst_store_has_file (computer->store, sha256, NULL) && !has_file (ledger, sha256))
    g_error ("the file of order %s has vanished", uid);
}

void
bst_ledger_check_kept (BstLedger *ledger, BstComputer *computer, const char *uid)
{
  g_autoptr (GVariant) here = bst_computer_get (computer, uid);

  if (!here && !bst_world_has (ledger->world, "Request", uid))
    g_error ("order %s has vanished", uid);
  check_files (ledger, computer, uid);
}

void
bst_ledger_check_told (BstLedger *ledger, BstComputer *computer)
{
  GHashTableIter iter;
  gpointer uid;

  bst_ledger_check_receipts (ledger, computer);
  g_hash_table_iter_init (&iter, ledger->orders);
  while (g_hash_table_iter_next (&iter, &uid, NULL))
    bst_ledger_check_kept (ledger, computer, uid);
}

static void
check_order (BstLedger *ledger,
             const Holding *holding,
             BstComputer *computer,
             const char *uid,
             const char *title)
{
  static const char *const same[] = { "state", "number", "title", "unit", "orderer" };
  GVariant *there = g_hash_table_lookup (holding->requests, uid);
  g_autoptr (GVariant) here = bst_computer_get (computer, uid);
  const char *file = there ? bst_doc_get_string (there, "attachments/f1/blobId") : NULL;

  if (!there)
    g_error ("order %s is not on the server", uid);
  if (file && !has_file (ledger, file + 1))
    g_error ("the file of order %s is not on the server", uid);
  if (here && bst_doc_has (here, "attachments/f1") && !file)
    g_error ("order %s came without its file", uid);
  if (times (holding->submits, uid) != 1)
    g_error ("order %s was submitted %u times", uid, times (holding->submits, uid));
  if (title && g_strcmp0 (bst_doc_get_string (there, "title"), title) != 0)
    g_error ("order %s is called “%s”, not “%s”", uid, bst_doc_get_string (there, "title"), title);
  if (!here || bst_doc_has (here, "@local"))
    g_error ("order %s is not shown as received", uid);
  for (guint i = 0; i < G_N_ELEMENTS (same); i++)
    g_assert_cmpstr (bst_doc_get_string (here, same[i]), ==, bst_doc_get_string (there, same[i]));
}

/* Orders that had come back from the server, when the only computer that would have mended them was lost: it has them, not sent. */
static guint
unsent (BstLedger *ledger, const Holding *holding)
{
  GHashTableIter iter;
  gpointer id;
  guint n = 0;

  g_hash_table_iter_init (&iter, holding->requests);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    n += g_hash_table_contains (ledger->forgotten, id) && times (holding->submits, id) == 0;
  return n;
}

void
bst_ledger_check_end (BstLedger *ledger, BstComputer *computer)
{
  g_auto (Holding) holding = { NULL };
  GHashTableIter iter;
  gpointer key, value;

  read_holding (ledger, &holding);
  g_assert_cmpuint (g_hash_table_size (holding.requests) - unsent (ledger, &holding), ==,
                    g_hash_table_size (ledger->orders));
  g_hash_table_iter_init (&iter, ledger->orders);
  while (g_hash_table_iter_next (&iter, &key, &value))
    check_order (ledger, &holding, computer, key, value);
  g_hash_table_iter_init (&iter, ledger->messages);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (times (holding.messages, key) != 1)
      g_error ("message “%s” is there %u times", (char *) key, times (holding.messages, key));
  g_assert_cmpuint (g_hash_table_size (holding.messages), ==, g_hash_table_size (ledger->messages));
  for (BstOutboxState state = BST_OUTBOX_QUEUED; state <= BST_OUTBOX_REFUSED; state++)
    g_assert_cmpuint (bst_computer_outbox (computer, state), ==, 0);
}
