/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sign-in: one-time codes, and tokens of which only the digest is kept. */

#include "bst-storage-private.h"

#include "bst-error.h"
#include "bst-parcel.h"

#include <string.h>

#define TAG_LENGTH    4
#define CHANCE_LENGTH 12
/* How exact "last seen" is; it spares a write a request. */
#define SEEN_SECONDS 600

static char *
digest (const char *secret)
{
  return bst_parcel_digest (secret);
}

/* Crockford's base 32: read without regard to case, hyphens, O/0 and I/L/1. */
static char *
normalise_code (const char *code)
{
  GString *out = g_string_new (NULL);

  for (const char *p = code; *p; p++)
    {
      char c = g_ascii_toupper (*p);

      if (c == '-' || g_ascii_isspace (c))
        continue;
      if (c == 'O')
        c = '0';
      else if (c == 'I' || c == 'L')
        c = '1';
      g_string_append_c (out, c);
    }
  return g_string_free (out, FALSE);
}

char *
bst_storage_make_code (BstStorage *storage, const char *person, gint64 lifetime, GError **error)
{
  static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  g_autoptr (GVariant) record = bst_storage_get (storage, "Person", person, error);
  g_autoptr (GString) code = g_string_new (bst_doc_get_string (storage->settings, "tag"));
  g_autofree char *plain = NULL;
  g_autofree char *hash = NULL;
  g_autoptr (BstStmt) stmt = NULL;
  guint8 chance[CHANCE_LENGTH];
  gint64 now = bst_clock_now (storage->clock);

  if (!record)
    return NULL;
  storage->clock->fill_random (storage->clock->closure, chance, sizeof chance);
  for (guint i = 0; i < CHANCE_LENGTH; i++)
    {
      if (i % 4 == 0)
        g_string_append_c (code, '-');
      g_string_append_c (code, alphabet[chance[i] % 32]);
    }
  plain = normalise_code (code->str);
  hash = digest (plain);
  stmt = bst_db_prepare (
      storage->db, "INSERT INTO code (hash, person, created, expires) VALUES (?1, ?2, ?3, ?4)",
      error);
  if (!stmt)
    return NULL;
  bst_stmt_bind_text (stmt, 1, hash);
  bst_stmt_bind_text (stmt, 2, person);
  bst_stmt_bind_int (stmt, 3, now);
  bst_stmt_bind_int (stmt, 4, now + lifetime);
  if (!bst_stmt_run (stmt, error) ||
      !bst_storage_note (storage, storage->actor, "code made", "Person", person, error))
    return NULL;
  return g_strdup (code->str);
}

/* Whether the code may be used now; *@ret_person is then whose it is. */
static gboolean
check_code (BstStorage *storage,
            const char *plain,
            const char *hash,
            char **ret_person,
            GError **error)
{
  g_autofree char *tag = normalise_code (bst_doc_get_string (storage->settings, "tag"));
  g_autoptr (BstStmt) stmt = NULL;
  gboolean row;

  if (strlen (plain) != TAG_LENGTH + CHANCE_LENGTH)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_CODE_WRONG, "no such code");
      return FALSE;
    }
  if (!g_str_has_prefix (plain, tag))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_OTHER_AUTHORITY, "the code is of another authority");
      return FALSE;
    }
  stmt =
      bst_db_prepare (storage->db, "SELECT person, expires, used FROM code WHERE hash = ?1", error);
  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, hash);
  if (!bst_stmt_step (stmt, &row, error))
    return FALSE;
  if (!row)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_CODE_WRONG, "no such code");
      return FALSE;
    }
  if (!bst_stmt_is_null (stmt, 2))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_CODE_USED, "the code was used before");
      return FALSE;
    }
  if (bst_stmt_int (stmt, 1) <= bst_clock_now (storage->clock))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_CODE_EXPIRED, "the code has expired");
      return FALSE;
    }
  *ret_person = g_strdup (bst_stmt_text (stmt, 0));
  return TRUE;
}

static gboolean
use_code (BstStorage *storage, const char *hash, GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (storage->db, "UPDATE code SET used = ?1 WHERE hash = ?2", error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_int (stmt, 1, bst_clock_now (storage->clock));
  bst_stmt_bind_text (stmt, 2, hash);
  return bst_stmt_run (stmt, error);
}

static char *
make_token (BstStorage *storage, const char *person, const char *device, GError **error)
{
  guint8 octets[32];
  g_autofree char *token = NULL;
  g_autofree char *hash = NULL;
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db,
      "INSERT INTO token (hash, person, device, created, last_seen) VALUES (?1, ?2, ?3, ?4, ?4)",
      error);

  if (!stmt)
    return NULL;
  storage->clock->fill_random (storage->clock->closure, octets, sizeof octets);
  token = g_base64_encode (octets, sizeof octets);
  g_strdelimit (token, "+", '-');
  g_strdelimit (token, "/", '_');
  g_strdelimit (token, "=", '\0');
  hash = digest (token);
  bst_stmt_bind_text (stmt, 1, hash);
  bst_stmt_bind_text (stmt, 2, person);
  bst_stmt_bind_text (stmt, 3, device ? device : "");
  bst_stmt_bind_int (stmt, 4, bst_clock_now (storage->clock));
  return bst_stmt_run (stmt, error) ? g_steal_pointer (&token) : NULL;
}

char *
bst_storage_redeem_code (BstStorage *storage,
                         const char *code,
                         const char *device,
                         char **ret_person,
                         GError **error)
{
  g_autofree char *plain = normalise_code (code);
  g_autofree char *hash = digest (plain);
  g_autofree char *person = NULL;
  g_autofree char *token = NULL;

  if (!bst_db_begin (storage->db, error))
    return NULL;
  if (!check_code (storage, plain, hash, &person, error) || !use_code (storage, hash, error) ||
      !(token = make_token (storage, person, device, error)) ||
      !bst_storage_note (storage, person, "signed in", "Person", person, error))
    {
      bst_db_rollback (storage->db);
      return NULL;
    }
  if (!bst_db_commit (storage->db, error))
    return NULL;
  *ret_person = g_steal_pointer (&person);
  return g_steal_pointer (&token);
}

static gboolean
note_seen (BstStorage *storage, const char *hash, GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (storage->db, "UPDATE token SET last_seen = ?1 WHERE hash = ?2", error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_int (stmt, 1, bst_clock_now (storage->clock));
  bst_stmt_bind_text (stmt, 2, hash);
  return bst_stmt_run (stmt, error);
}

char *
bst_storage_check_token (BstStorage *storage, const char *token, GError **error)
{
  g_autofree char *hash = digest (token);
  g_autofree char *person = NULL;
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db, "SELECT person, last_seen, revoked, lost FROM token WHERE hash = ?1", error);
  gboolean row, lost;
  gint64 seen;

  if (!stmt)
    return NULL;
  bst_stmt_bind_text (stmt, 1, hash);
  if (!bst_stmt_step (stmt, &row, error))
    return NULL;
  if (!row || !bst_stmt_is_null (stmt, 2))
    {
      lost = row && !bst_stmt_is_null (stmt, 3);
      g_set_error (error, BST_ERROR, lost ? BST_ERROR_LOST : BST_ERROR_SIGN_IN, "%s",
                   lost  ? "the computer was reported lost"
                   : row ? "the token was revoked"
                         : "no such token");
      return NULL;
    }
  person = g_strdup (bst_stmt_text (stmt, 0));
  seen = bst_stmt_int (stmt, 1);
  bst_stmt_reset (stmt);
  /* Knowing when a device was last seen is not worth refusing it while another process writes. */
  if (bst_clock_now (storage->clock) - seen >= SEEN_SECONDS)
    note_seen (storage, hash, NULL);
  return g_steal_pointer (&person);
}

gboolean
bst_storage_find_parcel_key (BstStorage *storage,
                             const char *key_id,
                             char **ret_digest,
                             char **ret_person,
                             GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (storage->db, "SELECT hash, person FROM token WHERE revoked IS NULL", error);
  gboolean row = TRUE;

  while (stmt && row)
    {
      g_autofree char *id = NULL;

      if (!bst_stmt_step (stmt, &row, error))
        return FALSE;
      if (!row)
        break;
      id = bst_parcel_key_id (bst_stmt_text (stmt, 0));
      if (strcmp (id, key_id) != 0)
        continue;
      *ret_digest = g_strdup (bst_stmt_text (stmt, 0));
      *ret_person = g_strdup (bst_stmt_text (stmt, 1));
      return TRUE;
    }
  if (stmt)
    g_set_error (error, BST_ERROR, BST_ERROR_SIGN_IN,
                 "no computer that is enrolled here has sealed this parcel");
  return FALSE;
}

gboolean
bst_storage_revoke_token (BstStorage *storage, const char *token, GError **error)
{
  g_autofree char *hash = digest (token);
  g_autofree char *person = NULL;
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db,
      "UPDATE token SET revoked = ?1 WHERE hash = ?2 AND revoked IS NULL RETURNING person", error);
  gboolean row;

  if (!stmt)
    return FALSE;
  bst_stmt_bind_int (stmt, 1, bst_clock_now (storage->clock));
  bst_stmt_bind_text (stmt, 2, hash);
  if (!bst_stmt_step (stmt, &row, error))
    return FALSE;
  if (!row)
    return TRUE;
  person = g_strdup (bst_stmt_text (stmt, 0));
  return bst_stmt_run (stmt, error) &&
         bst_storage_note (storage, person, "token revoked", "Person", person, error);
}

gboolean
bst_storage_revoke_person (BstStorage *storage, const char *person, guint *ret_n, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db, "UPDATE token SET revoked = ?1 WHERE person = ?2 AND revoked IS NULL", error);
  g_autoptr (BstStmt) codes = bst_db_prepare (
      storage->db, "UPDATE code SET used = ?1 WHERE person = ?2 AND used IS NULL", error);
  guint n;

  if (!stmt || !codes)
    return FALSE;
  bst_stmt_bind_int (stmt, 1, bst_clock_now (storage->clock));
  bst_stmt_bind_text (stmt, 2, person);
  if (!bst_stmt_run (stmt, error))
    return FALSE;
  n = (guint) bst_db_changes (storage->db);
  bst_stmt_bind_int (codes, 1, bst_clock_now (storage->clock));
  bst_stmt_bind_text (codes, 2, person);
  if (!bst_stmt_run (codes, error) ||
      !bst_storage_note (storage, storage->actor, "tokens revoked", "Person", person, error))
    return FALSE;
  if (ret_n)
    *ret_n = n;
  return TRUE;
}

gboolean
bst_storage_lose_computers (BstStorage *storage,
                            const char *person,
                            const char *device,
                            guint *ret_n,
                            GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (storage->db,
                      "UPDATE token SET lost = ?1, revoked = coalesce (revoked, ?1)"
                      " WHERE person = ?2 AND (?3 IS NULL OR device = ?3) AND lost IS NULL",
                      error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_int (stmt, 1, bst_clock_now (storage->clock));
  bst_stmt_bind_text (stmt, 2, person);
  bst_stmt_bind_text (stmt, 3, device);
  if (!bst_stmt_run (stmt, error))
    return FALSE;
  *ret_n = (guint) bst_db_changes (storage->db);
  return bst_storage_note (storage, storage->actor, "computers lost", "Person", person, error);
}

static GVariant *
read_device (BstStmt *stmt)
{
  g_autofree char *created = bst_instant_format (bst_stmt_int (stmt, 2));
  g_autofree char *seen = bst_instant_format (bst_stmt_int (stmt, 3));
  GVariantDict device;

  g_variant_dict_init (&device, NULL);
  g_variant_dict_insert (&device, "person", "s", bst_stmt_text (stmt, 0));
  g_variant_dict_insert (&device, "device", "s", bst_stmt_text (stmt, 1));
  g_variant_dict_insert (&device, "created", "s", created);
  g_variant_dict_insert (&device, "lastSeen", "s", seen);
  return bst_doc_take (g_variant_dict_end (&device));
}

GPtrArray *
bst_storage_devices (BstStorage *storage, const char *person, GError **error)
{
  g_autoptr (GPtrArray) devices = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (storage->db,
                      "SELECT person, device, created, last_seen FROM token WHERE revoked IS NULL "
                      "AND (?1 IS NULL OR person = ?1) ORDER BY created",
                      error);
  gboolean row = TRUE;

  if (!stmt)
    return NULL;
  bst_stmt_bind_text (stmt, 1, person);
  while (row)
    {
      if (!bst_stmt_step (stmt, &row, error))
        return NULL;
      if (row)
        g_ptr_array_add (devices, read_device (stmt));
    }
  return g_steal_pointer (&devices);
}
