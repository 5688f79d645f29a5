/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-diagnosis.h"

#include "bst-about.h"
#include "bst-clock.h"
#include "bst-record-type.h"

#define DIGEST_CHARS 12

/* Only what is said here is written: a value of a record never is, unless it is a word of the protocol. */
static void add (GString *out, const char *key, const char *format, ...) G_GNUC_PRINTF (3, 4);

static void
add (GString *out, const char *key, const char *format, ...)
{
  va_list args;

  g_string_append_printf (out, "%s: ", key);
  va_start (args, format);
  g_string_append_vprintf (out, format, args);
  va_end (args);
  g_string_append_c (out, '\n');
}

static void
add_time (GString *out, const char *key, gint64 instant)
{
  g_autofree char *text = instant ? bst_instant_format (instant) : g_strdup ("never");

  add (out, key, "%s", text);
}

static void
add_versions (GString *out, const char *language)
{
  g_autofree char *os = g_get_os_info (G_OS_INFO_KEY_ID);
  g_autofree char *toolkit = bst_about_toolkit ();
  g_autofree char *os_version = g_get_os_info (G_OS_INFO_KEY_VERSION_ID);

  add (out, "Bestiller", "%s", BST_VERSION);
  add (out, "Toolkit", "%s", toolkit);
  add (out, "GLib", "%u.%u.%u", glib_major_version, glib_minor_version, glib_micro_version);
  add (out, "System", "%s %s", os ? os : "unknown", os_version ? os_version : "");
  add (out, "Language", "%s", language);
}

static void
add_server (GString *out, BstStore *store, const BstSyncFacts *facts)
{
  static const char *const states[] = {
    [BST_SYNC_OFFLINE] = "offline", [BST_SYNC_UP_TO_DATE] = "up to date",
    [BST_SYNC_SENDING] = "sending", [BST_SYNC_SIGN_IN] = "sign in",
    [BST_SYNC_TROUBLE] = "trouble",
  };
  g_autoptr (GVariant) identity = bst_store_get_identity (store);
  const char *server = bst_doc_get_string (identity, "server");
  g_autofree char *digest =
      g_compute_checksum_for_string (G_CHECKSUM_SHA256, server ? server : "", -1);

  add (out, "Server (digest)", "%.*s", DIGEST_CHARS, digest);
  add (out, "State", "%s", states[facts->state]);
  add (out, "Error code", "%d", facts->error_code);
  add_time (out, "Last contact", facts->last_contact);
  add (out, "Signed in", "%s", facts->signed_in ? "yes" : "no");
  add (out, "Waiting, refused", "%u, %u", facts->pending, facts->refused);
  add (out, "News, every so many seconds", "%d, %u", (int) facts->news, facts->interval);
  add (out, "Metered", "%s", facts->metered ? "yes" : "no");
}

static gboolean
add_counts (GString *out, BstStore *store, GError **error)
{
  for (const BstRecordType *const *type = bst_record_types (); *type; type++)
    {
      gint64 n = bst_store_count (store, &(BstQuery){ .type = (*type)->name }, error);

      if (n < 0)
        return FALSE;
      add (out, (*type)->name, "%" G_GINT64_FORMAT, n);
    }
  return TRUE;
}

/* A word of the protocol ("revMismatch"); whatever else a server wrote there is not repeated. */
static const char *
protocol_word (const char *word)
{
  static const char *const known[] = {
    "invalidProperties",
    "catalogueChanged",
    "forbidden",
    "revMismatch",
    "alreadyExists",
    "notFound",
    "tooLarge",
    "fileTooLarge",
    "submit",
    "approve",
    "decline",
    "message",
    "answer",
    "confirm",
    "dispute",
    "cancel",
    "rate",
    NULL,
  };

  return word && g_strv_contains (known, word) ? word : word ? "other" : "none";
}

static gboolean
add_outbox (GString *out, BstStore *store, GError **error)
{
  static const char *const states[] = { "queued", "sending", "refused" };
  static const char *const waits[] = { "line", "file", "order", "answer", "restored" };
  g_autoptr (GPtrArray) items = bst_store_outbox_waits (store, error);

  for (guint i = 0; items && i < items->len; i++)
    {
      const BstOutboxItem *item = items->pdata[i];
      gint64 queued = 0;
      g_autofree char *since = NULL;

      bst_instant_parse (item->queued_at, &queued);
      since = bst_instant_format (queued);
      add (out, "Outbox", "%s %s, %s, waits for %s, tries %u, action %s, reason %s, since %s",
           bst_record_type_find (item->type) ? item->type : "other",
           item->create    ? "create"
           : item->destroy ? "destroy"
                           : "update",
           states[item->state], waits[item->waits], item->tries,
           protocol_word (bst_doc_get_string (item->content, "action")),
           protocol_word (item->reason), since);
    }
  return items != NULL;
}

char *
bst_diagnosis_text (BstStore *store,
                    const BstSyncFacts *facts,
                    const char *language,
                    gint64 now,
                    GError **error)
{
  g_autoptr (GString) out = g_string_new ("Bestiller: diagnosis. It holds nothing about people, "
                                          "orders or texts.\n");

  add_time (out, "Made", now);
  add_versions (out, language);
  add_server (out, store, facts);
  if (!add_counts (out, store, error) || !add_outbox (out, store, error))
    return NULL;
  return g_string_free (g_steal_pointer (&out), FALSE);
}
