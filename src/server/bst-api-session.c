/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The Session object (RFC 8620 §2) and what is pushed when accounts change (§7). */

#include "bst-api.h"
#include "bst-methods.h"

#include "bst-json.h"

#include <string.h>

static void
append_core (GString *out)
{
  g_string_append (out, "\"" BST_JMAP_CORE "\":{");
  g_string_append_printf (
      out,
      "\"maxSizeUpload\":%d,\"maxConcurrentUpload\":4,\"maxSizeRequest\":%d,"
      "\"maxConcurrentRequests\":8,\"maxCallsInRequest\":%d,\"maxObjectsInGet\":%d,"
      "\"maxObjectsInSet\":%d,\"collationAlgorithms\":[\"i;octet\"]}",
      BST_MAX_SIZE_UPLOAD, BST_MAX_SIZE_REQUEST, BST_MAX_CALLS, BST_MAX_GET, BST_MAX_SET);
}

static void
append_text (GString *out, const char *key, const char *text)
{
  bst_method_append_key (out, key);
  bst_json_append_string (out, text ? text : "");
}

static void
append_own (GString *out,
            BstStorage *storage,
            BstScope *scope,
            const char *person,
            const char *base)
{
  g_autofree char *parts = g_strconcat (
      base, "/jmap/upload-part/{accountId}/{sha256}?offset={offset}&size={size}", NULL);

  g_string_append (out, ",\"" BST_JMAP_OWN "\":{\"authority\":");
  bst_json_append_string (out, bst_doc_get_string (storage->settings, "authority"));
  append_text (out, "authorityName", bst_doc_get_string (storage->settings, "name"));
  append_text (out, "person", person);
  append_text (out, "personName", bst_doc_get_string (scope->person, "name"));
  append_text (out, "epoch", storage->epoch);
  append_text (out, "uploadPartUrl", parts);
  g_string_append_printf (out, ",\"maxSizePart\":%d,\"maxChanges\":%d}", BST_MAX_SIZE_PART,
                          BST_MAX_CHANGES);
}

static void
append_account (GString *out,
                BstStorage *storage,
                BstScope *scope,
                const char *id,
                const char *name,
                gboolean read_only)
{
  BstMethodState none = { 0, -1, 0 };
  g_autofree char *state = bst_method_state_text (storage, scope, id, &none);

  bst_json_append_string (out, id);
  g_string_append (out, ":{\"name\":");
  bst_json_append_string (out, name ? name : id);
  g_string_append_printf (out, ",\"isPersonal\":false,\"isReadOnly\":%s,\"accountCapabilities\":{",
                          read_only ? "true" : "false");
  g_string_append (out, "\"" BST_JMAP_CORE "\":{},\"" BST_JMAP_OWN "\":{\"initialState\":");
  bst_json_append_string (out, state);
  g_string_append (out, "}}}");
}

static void
append_accounts (GString *out, BstStorage *storage, BstScope *scope)
{
  BstOrg *org = bst_storage_org (storage, NULL);

  g_string_append (out, ",\"accounts\":{");
  append_account (out, storage, scope, BST_JMAP_CATALOGUE_ACCOUNT, "Catalogue", TRUE);
  for (char **id = scope->accounts; *id; id++)
    {
      g_string_append_c (out, ',');
      append_account (out, storage, scope, *id, org ? bst_org_unit_name (org, *id) : NULL, FALSE);
    }
  g_string_append (out, "},\"primaryAccounts\":{\"" BST_JMAP_OWN "\":");
  bst_json_append_string (out,
                          scope->accounts[0] ? scope->accounts[0] : BST_JMAP_CATALOGUE_ACCOUNT);
  g_string_append_c (out, '}');
}

static void
append_url (GString *out, const char *key, const char *base, const char *rest)
{
  g_autofree char *url = g_strconcat (base, rest, NULL);

  append_text (out, key, url);
}

char *
bst_api_session_state (BstApi *api, BstScope *scope)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  BstStorage *storage = bst_api_get_storage (api);
  g_autoptr (GString) core = g_string_new (NULL);

  append_core (core); /* clients remember it: another version of us may allow other things */
  g_checksum_update (sum, (const guchar *) core->str, -1);
  g_checksum_update (sum, (const guchar *) storage->epoch, -1);
  for (char **id = scope->accounts; *id; id++)
    {
      const char *rights = g_hash_table_lookup (scope->rights, *id);

      g_checksum_update (sum, (const guchar *) *id, -1);
      g_checksum_update (sum, (const guchar *) (rights ? rights : "-"), -1);
    }
  return g_strndup (g_checksum_get_string (sum), 16);
}

char *
bst_api_session (BstApi *api, BstScope *scope, const char *person, const char *base)
{
  BstStorage *storage = bst_api_get_storage (api);
  GString *out = g_string_new ("{\"capabilities\":{");
  g_autofree char *state = bst_api_session_state (api, scope);
  const char *email = bst_doc_get_string (scope->person, "email");

  append_core (out);
  append_own (out, storage, scope, person, base);
  g_string_append_c (out, '}');
  append_accounts (out, storage, scope);
  append_text (out, "username", email ? email : person);
  append_url (out, "apiUrl", base, "/jmap/api/");
  append_url (out, "downloadUrl", base, "/jmap/download/{accountId}/{blobId}/{name}?type={type}");
  append_url (out, "uploadUrl", base, "/jmap/upload/{accountId}/");
  append_url (out, "eventSourceUrl", base,
              "/jmap/eventsource/?types={types}&closeafter={closeafter}&ping={ping}");
  append_text (out, "state", state);
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

/* ---- push ---- */

static char **
split_types (const char *types)
{
  return types && strcmp (types, "*") != 0 ? g_strsplit (types, ",", -1) : NULL;
}

static void
append_type (GString *out, const char *type, const char *state, char **wanted)
{
  if (wanted && !g_strv_contains ((const char *const *) wanted, type))
    return;
  if (out->len > 0)
    g_string_append_c (out, ',');
  bst_json_append_string (out, type);
  g_string_append_c (out, ':');
  bst_json_append_string (out, state);
}

/* The types of which something changed in @account since @seq, each with the account's state. */
static gboolean
append_types (GString *out,
              BstStorage *storage,
              const char *account,
              gint64 seq,
              const char *state,
              const char *types)
{
  g_auto (GStrv) wanted = split_types (types);
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db, "SELECT DISTINCT type FROM record WHERE account = ?1 AND seq > ?2", NULL);
  gboolean row = stmt != NULL;

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, account);
  bst_stmt_bind_int (stmt, 2, seq);
  while (bst_stmt_step (stmt, &row, NULL) && row)
    append_type (out, bst_stmt_text (stmt, 0), state, wanted);
  return out->len > 0;
}

/* To whom does not say what it has seen, all types may have changed. No need to look at every record for that. */
static gboolean
append_all_types (GString *out, const char *account, const char *state, const char *types)
{
  g_auto (GStrv) wanted = split_types (types);
  gboolean shared = strcmp (account, BST_JMAP_CATALOGUE_ACCOUNT) == 0;

  for (const BstRecordType *const *type = bst_record_types (); *type; type++)
    if (((*type)->account == BST_ACCOUNT_SHARED) == shared)
      append_type (out, (*type)->name, state, wanted);
  return out->len > 0;
}

static gboolean
append_change (GString *out,
               BstStorage *storage,
               BstScope *scope,
               const char *account,
               GHashTable *seen,
               const char *types)
{
  gint64 now = bst_storage_account_seq (storage, account, NULL, NULL);
  gint64 *then = g_hash_table_lookup (seen, account);
  BstMethodState state = { now, -1, 0 };
  g_autofree char *text = NULL;
  g_autoptr (GString) changed = g_string_new (NULL);

  if (now < 0 || (then && *then == now))
    return FALSE;
  text = bst_method_state_text (storage, scope, account, &state);
  if (then ? append_types (changed, storage, account, *then, text, types)
           : append_all_types (changed, account, text, types))
    {
      if (out->str[out->len - 1] != '{')
        g_string_append_c (out, ',');
      bst_json_append_string (out, account);
      g_string_append_printf (out, ":{%s}", changed->str);
    }
  g_hash_table_replace (seen, g_strdup (account), g_memdup2 (&now, sizeof now));
  return changed->len > 0;
}

char *
bst_api_changes (BstApi *api, BstScope *scope, GHashTable *seen, const char *types)
{
  BstStorage *storage = bst_api_get_storage (api);
  g_autoptr (GString) out = g_string_new ("{\"@type\":\"StateChange\",\"changed\":{");
  gboolean any = append_change (out, storage, scope, BST_JMAP_CATALOGUE_ACCOUNT, seen, types);

  for (char **id = scope->accounts; *id; id++)
    any |= append_change (out, storage, scope, *id, seen, types);
  if (!any)
    return NULL;
  g_string_append (out, "}}");
  return g_string_free (g_steal_pointer (&out), FALSE);
}

void
bst_api_note_seen (BstApi *api, BstScope *scope, GHashTable *seen)
{
  BstStorage *storage = bst_api_get_storage (api);
  gint64 now = bst_storage_account_seq (storage, BST_JMAP_CATALOGUE_ACCOUNT, NULL, NULL);

  g_hash_table_replace (seen, g_strdup (BST_JMAP_CATALOGUE_ACCOUNT), g_memdup2 (&now, sizeof now));
  for (char **id = scope->accounts; *id; id++)
    {
      now = bst_storage_account_seq (storage, *id, NULL, NULL);
      g_hash_table_replace (seen, g_strdup (*id), g_memdup2 (&now, sizeof now));
    }
}

/* "EPOCH ACCOUNT=SEQ …": ids hold neither blanks nor equals signs (RFC 8620 §1.2). */
char *
bst_api_event_id (BstApi *api, GHashTable *seen)
{
  GString *id = g_string_new (bst_api_get_storage (api)->epoch);
  GHashTableIter iter;
  gpointer account, seq;

  g_hash_table_iter_init (&iter, seen);
  while (g_hash_table_iter_next (&iter, &account, &seq))
    g_string_append_printf (id, " %s=%" G_GINT64_FORMAT, (const char *) account, *(gint64 *) seq);
  return g_string_free (id, FALSE);
}

void
bst_api_read_event_id (BstApi *api, const char *id, GHashTable *seen)
{
  g_auto (GStrv) parts = g_strsplit (id, " ", -1);

  if (g_strcmp0 (parts[0], bst_api_get_storage (api)->epoch) != 0)
    return;
  for (char **part = parts + 1; *part; part++)
    {
      char *sign = strchr (*part, '=');
      gint64 seq;

      if (sign && g_ascii_string_to_signed (sign + 1, 10, 0, G_MAXINT64, &seq, NULL))
        g_hash_table_replace (seen, g_strndup (*part, (gsize) (sign - *part)),
                              g_memdup2 (&seq, sizeof seq));
    }
}
