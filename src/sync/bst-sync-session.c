/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-sync-session.h"

#include "bst-error.h"
#include "bst-json.h"

#include <string.h>

#define OCTETS_SPARE   (64 * 1024) /* of a body: envelope, calls for changes */
#define OWN_CAPABILITY "capabilities/https:~1~1bestiller.org~1ns~1jmap"
#define CORE_LIMIT     "capabilities/urn:ietf:params:jmap:core/"
#define OWN_ACCOUNT    "accountCapabilities/https:~1~1bestiller.org~1ns~1jmap/initialState"

void
bst_sync_session_free (BstSyncSession *session)
{
  g_clear_pointer (&session->accounts, g_variant_unref);
  g_free (session->state);
  g_free (session->epoch);
  g_free (session);
}

const char *
bst_sync_session_initial_state (GVariant *value)
{
  return bst_doc_get_string (value, OWN_ACCOUNT);
}

/* The server that this store belongs to, and no other one that happens to answer. */
static gboolean
check_authority (GVariant *doc, GVariant *identity, GError **error)
{
  static const char *const same[] = { "authority", "person" };

  for (guint i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_autofree char *path = g_strconcat (OWN_CAPABILITY "/", same[i], NULL);
      const char *theirs = bst_doc_get_string (doc, path);
      const char *ours = bst_doc_get_string (identity, same[i]);

      if (!theirs || (ours && strcmp (ours, theirs) != 0))
        {
          g_set_error (error, BST_ERROR, BST_ERROR_PROTOCOL, "the session is for another %s (%s)",
                       same[i], theirs ? theirs : "none");
          return FALSE;
        }
    }
  return TRUE;
}

/* What nobody could keep to is not meant. */
static gint64
limit_of (GVariant *doc, const char *path, gint64 fallback)
{
  gint64 limit = bst_doc_get_int (doc, path, fallback);

  return limit > 0 ? MIN (limit, G_MAXINT) : fallback;
}

static void
read_limits (BstSyncSession *session, GVariant *doc)
{
  gint64 octets = limit_of (doc, CORE_LIMIT "maxSizeRequest", 1024 * 1024);

  session->limits.octets = (gsize) (octets > 2 * OCTETS_SPARE ? octets - OCTETS_SPARE : octets / 2);
  session->limits.objects = (guint) limit_of (doc, CORE_LIMIT "maxObjectsInSet", 100);
  session->max_calls = (guint) MAX (limit_of (doc, CORE_LIMIT "maxCallsInRequest", 16), 4);
  session->max_upload = limit_of (doc, CORE_LIMIT "maxSizeUpload", 0);
  session->max_part = limit_of (doc, OWN_CAPABILITY "/maxSizePart", G_MAXINT);
}

BstSyncSession *
bst_sync_session_parse (GBytes *text, GVariant *identity, GError **error)
{
  g_autoptr (BstSyncSession) session = g_new0 (BstSyncSession, 1);
  gsize len;
  const char *octets = g_bytes_get_data (text, &len);
  g_autoptr (GVariant) doc = bst_json_parse_object (octets, (gssize) len, NULL);

  if (doc)
    {
      session->state = g_strdup (bst_doc_get_string (doc, "state"));
      session->epoch = g_strdup (bst_doc_get_string (doc, OWN_CAPABILITY "/epoch"));
    }
  if (!session->state || !session->epoch || !bst_doc_has (doc, "accounts"))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_PORTAL, "what answered is no Bestiller server");
      return NULL;
    }
  if (!check_authority (doc, identity, error))
    return NULL;
  session->accounts = bst_doc_get_map (doc, "accounts");
  read_limits (session, doc);
  return g_steal_pointer (&session);
}
