/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-test-server.h"

#include "bst-json.h"
#include "bst-system-clock.h"

#include <string.h>

struct _BstTestServer
{
  char *directory;
  char *ca_file;
  char *url;
  guint16 port;
  BstClock clock;
  gint64 offset_ms; /* atomic enough: set while nothing runs that a test looks at */
  BstStorage *storage;

  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  GMutex mutex;
  GCond cond;
  gboolean running;
};

static const struct
{
  const char *type;
  const char *json;
} records[] = {
  { "OrgUnit", "{\"id\":\"a\",\"name\":\"Prøveby "
               "Kommune\",\"kind\":\"authority\",\"timeZone\":\"Europe/Copenhagen\","
               "\"currency\":\"DKK\",\"country\":\"DK\"}" },
  { "OrgUnit",
    "{\"id\":\"d1\",\"name\":\"Børn og Unge\",\"kind\":\"department\",\"parent\":\"a\"}" },
  { "OrgUnit",
    "{\"id\":\"d2\",\"name\":\"Sundhed og Ældre\",\"kind\":\"department\",\"parent\":\"a\"}" },
  { "OrgUnit",
    "{\"id\":\"s1\",\"name\":\"Søndre Skole\",\"kind\":\"institution\",\"parent\":\"d1\","
    "\"gln\":\"5790000000012\"}" },
  { "OrgUnit",
    "{\"id\":\"s2\",\"name\":\"Nordre Skole\",\"kind\":\"institution\",\"parent\":\"d1\"}" },
  { "OrgUnit",
    "{\"id\":\"s3\",\"name\":\"Plejecenter Ål\",\"kind\":\"institution\",\"parent\":\"d2\"}" },
  { "OrgUnit",
    "{\"id\":\"p1\",\"name\":\"Servicecenter\",\"kind\":\"performer\",\"parent\":\"a\"}" },
  { "Person", "{\"id\":\"anna\",\"name\":\"Anna Prøve\",\"unit\":\"s1\","
              "\"grants\":{\"g1\":{\"role\":\"orderer\",\"unit\":\"s1\"}}}" },
  { "Person", "{\"id\":\"bo\",\"name\":\"Bo Prøve\",\"unit\":\"d1\",\"grants\":{"
              "\"g1\":{\"role\":\"orderer\",\"unit\":\"d1\"},"
              "\"g2\":{\"role\":\"approver\",\"unit\":\"d1\",\"limit\":{\"amount\":10000000,"
              "\"currency\":\"DKK\"}},"
              "\"g3\":{\"role\":\"strategic\",\"unit\":\"d1\"}}}" },
  { "Person", "{\"id\":\"cilla\",\"name\":\"Cilla Prøve\",\"unit\":\"s2\","
              "\"grants\":{\"g1\":{\"role\":\"orderer\",\"unit\":\"s2\"}}}" },
  { "Person", "{\"id\":\"dan\",\"name\":\"Dan Prøve\",\"unit\":\"s3\","
              "\"grants\":{\"g1\":{\"role\":\"orderer\",\"unit\":\"s3\"}}}" },
  { "Person", "{\"id\":\"pia\",\"name\":\"Pia Prøve\",\"unit\":\"p1\","
              "\"grants\":{\"g1\":{\"role\":\"performer\",\"unit\":\"p1\"}}}" },
  { "ServiceArea", "{\"id\":\"it\",\"name\":{\"da\":\"It\",\"nb\":\"IT\"},\"order\":1}" },
  { "Calendar", "{\"id\":\"c1\",\"code\":\"office\",\"name\":{\"da\":\"Kontor\"},\"timeZone\":"
                "\"Europe/Copenhagen\",\"weekly\":{"
                "\"mon\":[[\"08:00\",\"16:00\"]],\"tue\":[[\"08:00\",\"16:00\"]],\"wed\":[[\"08:"
                "00\",\"16:00\"]],"
                "\"thu\":[[\"08:00\",\"16:00\"]],\"fri\":[[\"08:00\",\"16:00\"]]}}" },
  { "Service",
    "{\"id\":\"pc\",\"code\":\"IT-101\",\"area\":\"it\",\"name\":{\"da\":\"Bærbar pc\"},"
    "\"obligation\":\"add-on\",\"price\":{\"model\":\"one-off\",\"once\":{\"amount\":500000,"
    "\"currency\":\"DKK\"}},\"promise\":{\"value\":10,\"unit\":\"working-days\",\"calendar\":"
    "\"c1\"},"
    "\"responsible\":{\"performer\":\"p1\"},\"quantity\":true,\"version\":1}" },
  { "Service",
    "{\"id\":\"desk\",\"code\":\"FM-1\",\"area\":\"it\",\"name\":{\"da\":\"Hævesænkebord\"},"
    "\"obligation\":\"add-on\",\"price\":{\"model\":\"one-off\",\"once\":{\"amount\":300000,"
    "\"currency\":\"DKK\"}},\"approval\":{\"rule\":\"always\"},"
    "\"responsible\":{\"performer\":\"p1\"},\"quantity\":true,\"version\":1}" },
};

static gint64
now_ms (gpointer closure)
{
  BstTestServer *server = closure;
  const BstClock *system = bst_system_clock ();

  return system->now_ms (system->closure) + server->offset_ms;
}

static void
fill_random (gpointer closure, guint8 *bytes, gsize len)
{
  const BstClock *system = bst_system_clock ();

  system->fill_random (system->closure, bytes, len);
}

void
bst_test_server_put (BstTestServer *server, const char *type, const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) record = bst_json_parse_object (json, -1, &error);
  BstPutResult result;

  g_assert_no_error (error);
  bst_storage_begin (server->storage, &error);
  g_assert_no_error (error);
  bst_storage_put (server->storage, bst_record_type_find (type), record, &result, &error);
  g_assert_no_error (error);
  bst_storage_commit (server->storage, &error);
  g_assert_no_error (error);
}

static void
make_authority (BstTestServer *server)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) settings =
      bst_json_parse_object ("{\"authority\":\"proeveby\",\"name\":\"Prøveby "
                             "Kommune\",\"country\":\"DK\",\"tag\":\"DKPB\"}",
                             -1, NULL);

  server->storage = bst_storage_create (server->directory, settings, &server->clock, &error);
  g_assert_no_error (error);
  bst_server_make_certificates (server->directory, NULL, 30, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    bst_test_server_put (server, records[i].type, records[i].json);
}

static gpointer
serve (gpointer data)
{
  BstTestServer *server = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (BstServer) real = NULL;

  g_main_context_push_thread_default (server->context);
  real = bst_server_new (server->directory, &server->clock, &error);
  g_assert_no_error (error);
  bst_server_listen (real, "127.0.0.1", server->port, NULL, FALSE, &error);
  g_assert_no_error (error);

  g_mutex_lock (&server->mutex);
  server->port = bst_server_get_port (real);
  if (!server->url)
    server->url = bst_server_get_url (real);
  server->running = TRUE;
  g_cond_signal (&server->cond);
  g_mutex_unlock (&server->mutex);

  g_main_loop_run (server->loop);
  bst_server_stop (real);
  g_clear_object (&real);
  g_main_context_pop_thread_default (server->context);
  return NULL;
}

void
bst_test_server_start (BstTestServer *server)
{
  g_assert_null (server->thread);
  server->context = g_main_context_new ();
  server->loop = g_main_loop_new (server->context, FALSE);
  server->thread = g_thread_new ("server", serve, server);
  g_mutex_lock (&server->mutex);
  while (!server->running)
    g_cond_wait (&server->cond, &server->mutex);
  g_mutex_unlock (&server->mutex);
}

static gboolean
quit_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

void
bst_test_server_stop (BstTestServer *server)
{
  g_autoptr (GSource) source = NULL;

  if (!server->thread)
    return;
  /* Not g_main_context_invoke(): before the loop runs, that would run it here and be lost. */
  source = g_idle_source_new ();
  g_source_set_callback (source, quit_cb, server->loop, NULL);
  g_source_attach (source, server->context);
  g_thread_join (g_steal_pointer (&server->thread));
  g_clear_pointer (&server->loop, g_main_loop_unref);
  g_clear_pointer (&server->context, g_main_context_unref);
  server->running = FALSE;
}

BstTestServer *
bst_test_server_new (void)
{
  BstTestServer *server = g_new0 (BstTestServer, 1);
  g_autoptr (GError) error = NULL;

  server->clock = (BstClock){ now_ms, fill_random, server };
  server->directory = g_dir_make_tmp ("bst-server-XXXXXX", &error);
  g_assert_no_error (error);
  server->ca_file = g_build_filename (server->directory, "tls", "ca.pem", NULL);
  g_mutex_init (&server->mutex);
  g_cond_init (&server->cond);
  make_authority (server);
  bst_test_server_start (server);
  return server;
}

/* Removes what the test made, and nothing outside it. */
static void
remove_tree (GFile *file)
{
  g_autoptr (GFileEnumerator) children = g_file_enumerate_children (
      file, G_FILE_ATTRIBUTE_STANDARD_NAME, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);
  GFile *child;

  while (children && g_file_enumerator_iterate (children, NULL, &child, NULL, NULL) && child)
    remove_tree (child);
  g_file_delete (file, NULL, NULL);
}

void
bst_test_server_free (BstTestServer *server)
{
  g_autoptr (GFile) directory = g_file_new_for_path (server->directory);

  bst_test_server_stop (server);
  bst_storage_close (server->storage);
  remove_tree (directory);
  g_mutex_clear (&server->mutex);
  g_cond_clear (&server->cond);
  g_free (server->directory);
  g_free (server->ca_file);
  g_free (server->url);
  g_free (server);
}

const char *
bst_test_server_url (BstTestServer *server)
{
  return server->url;
}

const char *
bst_test_server_ca_file (BstTestServer *server)
{
  return server->ca_file;
}

const char *
bst_test_server_directory (BstTestServer *server)
{
  return server->directory;
}

BstStorage *
bst_test_server_storage (BstTestServer *server)
{
  return server->storage;
}

const BstClock *
bst_test_server_clock (BstTestServer *server)
{
  return &server->clock;
}

void
bst_test_server_advance (BstTestServer *server, gint64 seconds)
{
  server->offset_ms += seconds * 1000;
}

char *
bst_test_server_code (BstTestServer *server, const char *person, gint64 lifetime)
{
  g_autoptr (GError) error = NULL;
  char *code = bst_storage_make_code (server->storage, person, lifetime, &error);

  g_assert_no_error (error);
  return code;
}

char *
bst_test_server_token (BstTestServer *server, const char *person)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *code = bst_test_server_code (server, person, 3600);
  g_autofree char *who = NULL;
  char *token = bst_storage_redeem_code (server->storage, code, "test", &who, &error);

  g_assert_no_error (error);
  return token;
}

void
bst_test_server_act (BstTestServer *server,
                     const char *person,
                     const char *request,
                     const char *action,
                     const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *uid = bst_uid_new (&server->clock);
  g_autofree char *at = bst_clock_now_text (&server->clock);
  g_autoptr (GVariant) event = NULL;
  g_autoptr (GVariant) after = NULL;
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "uid", "s", uid);
  g_variant_dict_insert (&dict, "request", "s", request);
  g_variant_dict_insert (&dict, "action", "s", action);
  g_variant_dict_insert (&dict, "at", "s", at);
  if (text)
    g_variant_dict_insert (&dict, "text", "s", text);
  event = bst_doc_take (g_variant_dict_end (&dict));
  bst_storage_begin (server->storage, &error);
  g_assert_no_error (error);
  after = bst_storage_apply_event (server->storage, person, event, &error);
  g_assert_no_error (error);
  bst_storage_commit (server->storage, &error);
  g_assert_no_error (error);
}
