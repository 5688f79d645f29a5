/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A certification authority and a server certificate of our own, for trying out and for closed networks. */

#include "bst-server.h"

#include "bst-error.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

typedef struct
{
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t crt;
} Pair;

static gboolean
check (int code, const char *what, GError **error)
{
  if (code >= 0)
    return TRUE;
  g_set_error (error, BST_ERROR, BST_ERROR_STORAGE, "certificate: %s: %s", what,
               gnutls_strerror (code));
  return FALSE;
}

static void
pair_clear (Pair *pair)
{
  if (pair->crt)
    gnutls_x509_crt_deinit (pair->crt);
  if (pair->key)
    gnutls_x509_privkey_deinit (pair->key);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pair, pair_clear)

/* A key, and a certificate with all but its purpose. RFC 5280 §4.1.2.2: a positive serial of at most 20 octets. */
static gboolean
pair_init (Pair *pair, const char *name, int days, GError **error)
{
  guint8 serial[16];
  time_t now = (time_t) (g_get_real_time () / G_USEC_PER_SEC);

  if (!check (gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial), "chance", error))
    return FALSE;
  serial[0] &= 0x7f;
  return check (gnutls_x509_privkey_init (&pair->key), "key", error) &&
         check (gnutls_x509_privkey_generate (pair->key, GNUTLS_PK_ECDSA,
                                              GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0),
                "key", error) &&
         check (gnutls_x509_crt_init (&pair->crt), "certificate", error) &&
         check (gnutls_x509_crt_set_version (pair->crt, 3), "version", error) &&
         check (gnutls_x509_crt_set_serial (pair->crt, serial, sizeof serial), "serial", error) &&
         check (gnutls_x509_crt_set_activation_time (pair->crt, now - 3600), "time", error) &&
         check (gnutls_x509_crt_set_expiration_time (pair->crt, now + (time_t) days * 86400),
                "time", error) &&
         check (gnutls_x509_crt_set_dn_by_oid (pair->crt, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                               (unsigned int) strlen (name)),
                "name", error) &&
         check (gnutls_x509_crt_set_key (pair->crt, pair->key), "key", error);
}

static gboolean
set_key_id (Pair *pair, GError **error)
{
  guint8 id[64];
  size_t len = sizeof id;

  return check (gnutls_x509_crt_get_key_id (pair->crt, 0, id, &len), "key id", error) &&
         check (gnutls_x509_crt_set_subject_key_id (pair->crt, id, len), "key id", error);
}

static gboolean
make_authority (Pair *ca, int days, GError **error)
{
  return pair_init (ca, "Bestiller own authority", days, error) && set_key_id (ca, error) &&
         check (gnutls_x509_crt_set_basic_constraints (ca->crt, 1, 0), "constraints", error) &&
         check (gnutls_x509_crt_set_key_usage (ca->crt,
                                               GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN),
                "usage", error) &&
         check (gnutls_x509_crt_sign2 (ca->crt, ca->crt, ca->key, GNUTLS_DIG_SHA256, 0),
                "signature", error);
}

/* An address goes in as an address, anything else as a DNS name. */
static gboolean
add_host (Pair *pair, const char *host, GError **error)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  if (address)
    return check (gnutls_x509_crt_set_subject_alt_name (
                      pair->crt, GNUTLS_SAN_IPADDRESS, g_inet_address_to_bytes (address),
                      (unsigned int) g_inet_address_get_native_size (address), GNUTLS_FSAN_APPEND),
                  host, error);
  return check (gnutls_x509_crt_set_subject_alt_name (pair->crt, GNUTLS_SAN_DNSNAME, host,
                                                      (unsigned int) strlen (host),
                                                      GNUTLS_FSAN_APPEND),
                host, error);
}

static gboolean
make_server (Pair *server, Pair *ca, const char *const *hosts, int days, GError **error)
{
  static const char *const own[] = { "localhost", "127.0.0.1", "::1", NULL };
  const char *name = hosts && hosts[0] ? hosts[0] : own[0];
  guint8 id[64];
  size_t len = sizeof id;

  if (!pair_init (server, name, days, error) || !set_key_id (server, error))
    return FALSE;
  for (const char *const *host = own; *host; host++)
    if (!add_host (server, *host, error))
      return FALSE;
  for (const char *const *host = hosts; host && *host; host++)
    if (!g_strv_contains (own, *host) && !add_host (server, *host, error))
      return FALSE;
  return check (gnutls_x509_crt_get_key_id (ca->crt, 0, id, &len), "key id", error) &&
         check (gnutls_x509_crt_set_authority_key_id (server->crt, id, len), "key id", error) &&
         check (gnutls_x509_crt_set_basic_constraints (server->crt, 0, -1), "constraints", error) &&
         check (gnutls_x509_crt_set_key_usage (server->crt, GNUTLS_KEY_DIGITAL_SIGNATURE), "usage",
                error) &&
         check (gnutls_x509_crt_set_key_purpose_oid (server->crt, GNUTLS_KP_TLS_WWW_SERVER, 0),
                "purpose", error) &&
         check (gnutls_x509_crt_sign2 (server->crt, ca->crt, ca->key, GNUTLS_DIG_SHA256, 0),
                "signature", error);
}

static gboolean
write_pem (const char *directory,
           const char *name,
           const gnutls_datum_t *pem,
           int mode,
           GError **error)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);

  return g_file_set_contents_full (path, (const char *) pem->data, pem->size,
                                   G_FILE_SET_CONTENTS_DURABLE, mode, error);
}

static gboolean
write_crt (const char *directory, const char *name, gnutls_x509_crt_t crt, GError **error)
{
  gnutls_datum_t pem = { NULL, 0 };
  gboolean ok = check (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_PEM, &pem), name, error) &&
                write_pem (directory, name, &pem, 0644, error);

  gnutls_free (pem.data);
  return ok;
}

static gboolean
write_key (const char *directory, const char *name, gnutls_x509_privkey_t key, GError **error)
{
  gnutls_datum_t pem = { NULL, 0 };
  gboolean ok = check (gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL,
                                                          GNUTLS_PKCS_PLAIN, &pem),
                       name, error) &&
                write_pem (directory, name, &pem, 0600, error);

  gnutls_free (pem.data);
  return ok;
}

gboolean
bst_server_make_certificates (const char *directory,
                              const char *const *hosts,
                              int days,
                              GError **error)
{
  g_autofree char *tls = g_build_filename (directory, "tls", NULL);
  g_auto (Pair) ca = { NULL, NULL };
  g_auto (Pair) server = { NULL, NULL };

  if (g_mkdir_with_parents (tls, 0700) != 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_STORAGE, "%s: %s", tls, g_strerror (errno));
      return FALSE;
    }
  return make_authority (&ca, days, error) && make_server (&server, &ca, hosts, days, error) &&
         write_crt (tls, "ca.pem", ca.crt, error) && write_key (tls, "ca.key", ca.key, error) &&
         write_crt (tls, "server.pem", server.crt, error) &&
         write_key (tls, "server.key", server.key, error);
}
