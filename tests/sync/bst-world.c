/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-world.h"

#include "bst-error.h"
#include "bst-json.h"
#include "bst-request.h"
#include "bst-server.h"
#include "bst-system-clock.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOON G_GINT64_CONSTANT (1773316800000) /* 2026-03-12T12:00:00Z, a Thursday */

struct _BstWorld
{
  char *directory;
  char *data;
  char *ca;
  BstWorldServer how;
  BstFaultProxy *proxy;
  BstClock clock;

  GMutex lock;
  GCond changed;
  gint64 now_ms;
  GRand *chance;

  /* THREAD */
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  guint16 port;

  /* CHILD */
  GPid pid;
  int out; /* what it says */
};

/* ---- time and chance ---- */

static gint64
world_now_cb (gpointer closure)
{
  BstWorld *world = closure;
  gint64 now;

  g_mutex_lock (&world->lock);
  now = world->now_ms += 7;
  g_mutex_unlock (&world->lock);
  return now;
}

static void
world_random_cb (gpointer closure, guint8 *bytes, gsize len)
{
  BstWorld *world = closure;

  g_mutex_lock (&world->lock);
  for (gsize i = 0; i < len; i++)
    bytes[i] = (guint8) g_rand_int (world->chance);
  g_mutex_unlock (&world->lock);
}

/* ---- the server ---- */

static gboolean
started_cb (gpointer data)
{
  BstWorld *world = data;

  g_mutex_lock (&world->lock);
  g_cond_broadcast (&world->changed);
  g_mutex_unlock (&world->lock);
  return G_SOURCE_REMOVE;
}

static gpointer
serve (gpointer data)
{
  BstWorld *world = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (BstServer) server = NULL;

  g_main_context_push_thread_default (world->context);
  server = bst_server_new (world->data, &world->clock, &error);
  g_assert_no_error (error);
  bst_server_listen (server, "127.0.0.1", 0, NULL, FALSE, &error);
  g_assert_no_error (error);
  g_mutex_lock (&world->lock);
  world->port = bst_server_get_port (server);
  g_mutex_unlock (&world->lock);
  started_cb (world);
  g_main_loop_run (world->loop);
  bst_server_stop (server);
  g_clear_object (&server);
  while (g_main_context_iteration (world->context, FALSE))
    ;
  g_main_context_pop_thread_default (world->context);
  return NULL;
}

static void
start_thread (BstWorld *world)
{
  world->context = g_main_context_new ();
  world->loop = g_main_loop_new (world->context, FALSE);
  world->port = 0;
  world->thread = g_thread_new ("bst-server", serve, world);
  g_mutex_lock (&world->lock);
  while (world->port == 0)
    g_cond_wait (&world->changed, &world->lock);
  g_mutex_unlock (&world->lock);
}

/* "bestillerd: listening on https://localhost:PORT" */
static guint16
read_port (int out)
{
  g_autoptr (GString) line = g_string_new (NULL);
  const char *colon;
  char c;

  while (read (out, &c, 1) == 1 && c != '\n')
    g_string_append_c (line, c);
  colon = strrchr (line->str, ':');
  if (!colon || g_ascii_strtoull (colon + 1, NULL, 10) == 0)
    g_error ("bestillerd did not start: %s", line->str);
  return (guint16) g_ascii_strtoull (colon + 1, NULL, 10);
}

/* What does not fit is an error then, not a signal. In the child. */
static void
ignore_size_cb (gpointer closure)
{
  signal (SIGXFSZ, SIG_IGN);
}

void
bst_world_limit_files (BstWorld *world, gint64 octets)
{
  const rlim_t most = octets < 0 ? RLIM_INFINITY : (rlim_t) octets;
  const struct rlimit limit = { most, RLIM_INFINITY };

  g_assert_true (world->how == BST_WORLD_CHILD);
  g_assert_cmpint (prlimit (world->pid, RLIMIT_FSIZE, &limit, NULL), ==, 0);
}

static void
start_child (BstWorld *world)
{
  const char *argv[] = {
    g_getenv ("BST_BESTILLERD"), "--data", world->data, "--listen", "127.0.0.1:0", NULL
  };
  g_autoptr (GError) error = NULL;

  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, ignore_size_cb,
                            NULL, &world->pid, NULL, &world->out, NULL, &error);
  g_assert_no_error (error);
  world->port = read_port (world->out);
}

void
bst_world_start (BstWorld *world)
{
  if (world->how == BST_WORLD_CHILD)
    start_child (world);
  else
    start_thread (world);
  if (!world->proxy)
    world->proxy = bst_fault_proxy_new (world->port);
  bst_fault_proxy_set_target (world->proxy, world->port);
}

static void
end_child (BstWorld *world, int how)
{
  if (world->pid == 0)
    return;
  kill (world->pid, how);
  waitpid (world->pid, NULL, 0);
  close (world->out);
  world->pid = 0;
}

static gboolean
quit_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

void
bst_world_stop (BstWorld *world)
{
  g_autoptr (GSource) source = NULL;

  bst_fault_proxy_drop_connections (world->proxy);
  end_child (world, SIGTERM);
  if (!world->thread)
    return;
  source = g_idle_source_new ();
  g_source_set_callback (source, quit_cb, world->loop, NULL);
  g_source_attach (source, world->context);
  g_thread_join (g_steal_pointer (&world->thread));
  g_clear_pointer (&world->loop, g_main_loop_unref);
  g_clear_pointer (&world->context, g_main_context_unref);
}

void
bst_world_kill (BstWorld *world)
{
  g_assert_true (world->how == BST_WORLD_CHILD);
  end_child (world, SIGKILL);
}

void
bst_world_backup (BstWorld *world, const char *name)
{
  g_autoptr (BstStorage) storage = bst_world_storage (world);
  g_autofree char *path = g_build_filename (world->directory, name, NULL);
  g_autoptr (GError) error = NULL;

  bst_storage_backup (storage, path, &error);
  g_assert_no_error (error);
}

void
bst_world_restore (BstWorld *world, const char *name)
{
  g_autofree char *path = g_build_filename (world->directory, name, NULL);
  g_autoptr (GError) error = NULL;

  bst_storage_restore (world->data, path, &world->clock, &error);
  g_assert_no_error (error);
}

/* ---- what it holds ---- */

static const struct
{
  const char *type;
  const char *json;
} records[] = {
  { "OrgUnit",
    "{'id':'a','name':'Prøve "
    "Kommune','kind':'authority','timeZone':'Europe/Copenhagen','currency':'DKK','country':'DK'}" },
  { "OrgUnit", "{'id':'d1','name':'Børn og Unge','kind':'department','parent':'a'}" },
  { "OrgUnit", "{'id':'d2','name':'Ældre','kind':'department','parent':'a'}" },
  { "OrgUnit",
    "{'id':'s1','name':'Aaskolen','kind':'institution','parent':'d1','gln':'5790000000012'}" },
  { "OrgUnit",
    "{'id':'n1','name':'Plejehjemmet','kind':'institution','parent':'d2','gln':'5790000000036'}" },
  { "OrgUnit", "{'id':'pu','name':'Indkøb','kind':'performer','parent':'a'}" },
  { "Person",
    "{'id':'orla','name':'Orla Prøve','unit':'d1','grants':{'g':{'role':'orderer','unit':'d1'}}}" },
  { "Person",
    "{'id':'olga','name':'Olga Prøve','unit':'d1','grants':{'g':{'role':'orderer','unit':'d1'}}}" },
  { "Person", "{'id':'both','name':'Bo "
              "Prøve','unit':'d1','grants':{'g':{'role':'orderer','unit':'d1'},'h':{'role':'"
              "orderer','unit':'d2'}}}" },
  { "Person", "{'id':'perle','name':'Perle "
              "Prøve','unit':'pu','grants':{'g':{'role':'performer','unit':'pu'}}}" },
  { "ServiceArea", "{'id':'fm','name':{'da':'Møbler'},'order':1}" },
  { "Service", "{'id':'chair','code':'FM-1','area':'fm','name':{'da':'Kontorstol'},'obligation':'"
               "mandatory','quantity':true,"
               "'price':{'model':'one-off','once':{'amount':15000,'currency':'DKK'}},'responsible':"
               "{'performer':'pu'},'version':1}" },
  { "Service",
    "{'id':'clean','code':'FM-2','area':'fm','name':{'da':'Rengøring'},'obligation':'mandatory',"
    "'price':{'model':'included'},'responsible':{'performer':'pu'},'version':1}" },
};

static GVariant *
parse (const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strdelimit (g_strdup (json), "'", '"');
  GVariant *doc = bst_json_parse_object (text, -1, &error);

  g_assert_no_error (error);
  return doc;
}

static void
put (BstStorage *storage, const char *type, const char *json)
{
  g_autoptr (GVariant) doc = parse (json);
  g_autoptr (GError) error = NULL;
  BstPutResult result;

  bst_storage_put (storage, bst_record_type_find (type), doc, &result, &error);
  g_assert_no_error (error);
}

static void
begin (BstStorage *storage)
{
  g_autoptr (GError) error = NULL;

  bst_storage_begin (storage, &error);
  g_assert_no_error (error);
}

static void
commit (BstStorage *storage)
{
  g_autoptr (GError) error = NULL;

  bst_storage_commit (storage, &error);
  g_assert_no_error (error);
}

static void
make_authority (BstWorld *world)
{
  g_autoptr (GVariant) settings =
      parse ("{'authority':'dk-proeve','name':'Prøve Kommune','country':'DK','tag':'PRVE'}");
  g_autoptr (GError) error = NULL;
  g_autoptr (BstStorage) storage =
      bst_storage_create (world->data, settings, &world->clock, &error);

  g_assert_no_error (error);
  begin (storage);
  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    put (storage, records[i].type, records[i].json);
  commit (storage);
  bst_server_make_certificates (world->data, NULL, 30, &error);
  g_assert_no_error (error);
}

BstStorage *
bst_world_storage (BstWorld *world)
{
  g_autoptr (GError) error = NULL;
  BstStorage *storage = bst_storage_open (world->data, &world->clock, &error);

  g_assert_no_error (error);
  return storage;
}

void
bst_world_put (BstWorld *world, const char *type, const char *json)
{
  g_autoptr (BstStorage) storage = bst_world_storage (world);

  begin (storage);
  put (storage, type, json);
  commit (storage);
}

char *
bst_world_code (BstWorld *world, const char *person, gint64 lifetime)
{
  g_autoptr (BstStorage) storage = bst_world_storage (world);
  g_autoptr (GError) error = NULL;
  char *code = bst_storage_make_code (storage, person, lifetime, &error);

  g_assert_no_error (error);
  return code;
}

void
bst_world_step (BstWorld *world,
                const char *person,
                const char *request,
                const char *action,
                const char *text)
{
  g_autoptr (BstStorage) storage = bst_world_storage (world);
  g_autofree char *uid = bst_uid_new (&world->clock);
  g_autofree char *now = bst_clock_now_text (&world->clock);
  g_autoptr (GVariant) event = NULL;
  g_autoptr (GVariant) after = NULL;
  g_autoptr (GError) error = NULL;
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "uid", "s", uid);
  g_variant_dict_insert (&dict, "request", "s", request);
  g_variant_dict_insert (&dict, "action", "s", action);
  g_variant_dict_insert (&dict, "at", "s", now);
  if (text)
    g_variant_dict_insert (&dict, "text", "s", text);
  event = bst_doc_take (g_variant_dict_end (&dict));
  begin (storage);
  after = bst_storage_apply_event (storage, person, event, &error);
  g_assert_no_error (error);
  commit (storage);
}

GVariant *
bst_world_request (BstWorld *world, const char *id)
{
  g_autoptr (BstStorage) storage = bst_world_storage (world);

  return bst_storage_get (storage, "Request", id, NULL);
}

gboolean
bst_world_has (BstWorld *world, const char *type, const char *id)
{
  g_autoptr (BstStorage) storage = bst_world_storage (world);
  g_autoptr (GVariant) record = bst_storage_get (storage, type, id, NULL);

  return record != NULL;
}

static gboolean
count_cb (GVariant *record, gpointer closure)
{
  ++*(guint *) closure;
  return TRUE;
}

guint
bst_world_count (BstWorld *world, const char *type)
{
  g_autoptr (BstStorage) storage = bst_world_storage (world);
  g_autoptr (GError) error = NULL;
  guint n = 0;

  bst_storage_each (storage, type, count_cb, &n, &error);
  g_assert_no_error (error);
  return n;
}

/* ---- beginning and end ---- */

void
bst_world_set_price (BstWorld *world, gint64 amount, int version)
{
  g_autofree char *json = g_strdup_printf (
      "{'id':'chair','code':'FM-1','area':'fm','name':{'da':'Kontorstol'},'obligation':'mandatory',"
      "'quantity':true,'price':{'model':'one-off','once':{'amount':%" G_GINT64_FORMAT
      ",'currency':'DKK'}},'responsible':{'performer':'pu'},'version':%d}",
      amount, version);

  bst_world_put (world, "Service", json);
}

BstWorld *
bst_world_new (BstWorldServer how, guint32 seed)
{
  BstWorld *world = g_new0 (BstWorld, 1);
  g_autoptr (GError) error = NULL;

  g_mutex_init (&world->lock);
  g_cond_init (&world->changed);
  world->how = how;
  world->now_ms = NOON;
  world->chance = g_rand_new_with_seed (seed);
  world->clock = (BstClock){ world_now_cb, world_random_cb, world };
  world->directory = g_dir_make_tmp ("bst-world-XXXXXX", &error);
  g_assert_no_error (error);
  world->data = g_build_filename (world->directory, "data", NULL);
  world->ca = g_build_filename (world->data, "tls", "ca.pem", NULL);
  make_authority (world);
  bst_world_start (world);
  return world;
}

void
bst_world_free (BstWorld *world)
{
  bst_world_stop (world);
  bst_fault_proxy_free (world->proxy);
  bst_world_remove_tree (world->directory);
  g_free (world->directory);
  g_free (world->data);
  g_free (world->ca);
  g_rand_free (world->chance);
  g_mutex_clear (&world->lock);
  g_cond_clear (&world->changed);
  g_free (world);
}

const char *
bst_world_directory (BstWorld *world)
{
  return world->directory;
}

const char *
bst_world_data (BstWorld *world)
{
  return world->data;
}

const char *
bst_world_ca (BstWorld *world)
{
  return world->ca;
}

guint16
bst_world_port (BstWorld *world)
{
  return world->port;
}

BstFaultProxy *
bst_world_proxy (BstWorld *world)
{
  return world->proxy;
}

const BstClock *
bst_world_clock (BstWorld *world)
{
  return &world->clock;
}

/* ---- computers ---- */

static gint64
computer_now_cb (gpointer closure)
{
  BstComputer *computer = closure;

  return (computer->world ? world_now_cb (computer->world) : g_get_real_time () / 1000) +
         computer->skew_ms;
}

static void
computer_random_cb (gpointer closure, guint8 *bytes, gsize len)
{
  BstComputer *computer = closure;
  const BstClock *system_clock = bst_system_clock ();

  if (computer->world)
    world_random_cb (computer->world, bytes, len);
  else
    system_clock->fill_random (system_clock->closure, bytes, len);
}

static char *
sign_in (BstWorld *world, const char *person)
{
  g_autofree char *code = bst_world_code (world, person, 3600);
  g_autoptr (BstStorage) storage = bst_world_storage (world);
  g_autofree char *who = NULL;
  g_autoptr (GError) error = NULL;
  char *token = bst_storage_redeem_code (storage, code, "test", &who, &error);

  g_assert_no_error (error);
  return token;
}

BstComputer *
bst_computer_new (BstWorld *world, const char *name, const char *person)
{
  BstComputer *computer = g_new0 (BstComputer, 1);
  g_autoptr (GVariant) identity = NULL;
  g_autoptr (GError) error = NULL;
  GVariantDict dict;

  computer->world = world;
  computer->directory = g_build_filename (world->directory, name, NULL);
  computer->person = g_strdup (person);
  computer->token = sign_in (world, person);
  computer->url = bst_fault_proxy_get_url (world->proxy);
  computer->ca = g_strdup (world->ca);
  computer->clock = (BstClock){ computer_now_cb, computer_random_cb, computer };
  bst_computer_open (computer);
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "authority", "s", "dk-proeve");
  g_variant_dict_insert (&dict, "person", "s", person);
  identity = bst_doc_take (g_variant_dict_end (&dict));
  bst_store_set_identity (computer->store, identity, &error);
  g_assert_no_error (error);
  return computer;
}

BstComputer *
bst_computer_new_alone (const char *directory, const char *url, const char *ca, const char *token)
{
  BstComputer *computer = g_new0 (BstComputer, 1);

  computer->directory = g_strdup (directory);
  computer->token = g_strdup (token);
  computer->url = g_strdup (url);
  computer->ca = g_strdup (ca);
  computer->clock = (BstClock){ computer_now_cb, computer_random_cb, computer };
  bst_computer_open (computer);
  return computer;
}

BstComputer *
bst_computer_new_copy (BstComputer *computer, const char *name)
{
  BstComputer *copy = g_new0 (BstComputer, 1);

  g_assert_null (computer->store);
  copy->world = computer->world;
  copy->directory = g_build_filename (computer->world->directory, name, NULL);
  copy->person = g_strdup (computer->person);
  copy->token = g_strdup (computer->token);
  copy->url = g_strdup (computer->url);
  copy->ca = g_strdup (computer->ca);
  copy->clock = (BstClock){ computer_now_cb, computer_random_cb, copy };
  bst_world_copy_tree (computer->directory, copy->directory);
  bst_computer_open (copy);
  return copy;
}

void
bst_computer_open (BstComputer *computer)
{
  g_autoptr (GError) error = NULL;

  computer->store = bst_store_open (computer->directory, &computer->clock, &error);
  g_assert_no_error (error);
  computer->sync = bst_sync_new (computer->store, &computer->clock, computer->url, computer->token,
                                 computer->ca);
}

void
bst_computer_shut (BstComputer *computer)
{
  if (!computer->store)
    return;
  bst_sync_stop (computer->sync);
  g_clear_object (&computer->sync);
  /* What was on its way to the main context holds references. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  bst_store_close (computer->store);
  computer->store = NULL;
}

void
bst_computer_free (BstComputer *computer)
{
  bst_computer_shut (computer);
  g_free (computer->directory);
  g_free (computer->person);
  g_free (computer->token);
  g_free (computer->url);
  g_free (computer->ca);
  g_free (computer);
}

GError *
bst_computer_try (BstComputer *computer)
{
  GError *error = NULL;

  bst_sync_run (computer->sync, NULL, &error);
  return error;
}

void
bst_computer_sync (BstComputer *computer)
{
  g_autoptr (GError) error = bst_computer_try (computer);

  g_assert_no_error (error);
}

char *
bst_computer_draft (BstComputer *computer, const char *unit, const char *title, int quantity)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) service = bst_store_get (computer->store, "Service", "chair", &error);
  g_autoptr (GVariant) draft = bst_doc_new ();
  char *uid = bst_uid_new (&computer->clock);

  g_assert_no_error (error);
  bst_doc_replace (&draft, bst_doc_set_string (draft, "uid", uid));
  bst_doc_replace (&draft, bst_doc_set_string (draft, "title", title));
  bst_doc_replace (&draft, bst_doc_set_string (draft, "unit", unit));
  bst_doc_replace (&draft,
                   bst_doc_set_take (draft, "lines/l1",
                                     bst_request_line_from_service (service, NULL, quantity, 1)));
  bst_store_save_draft (computer->store, draft, &error);
  g_assert_no_error (error);
  return uid;
}

char *
bst_computer_order (BstComputer *computer, const char *unit, const char *title)
{
  char *uid = bst_computer_draft (computer, unit, title, 1);
  g_autoptr (GError) error = NULL;

  bst_store_submit (computer->store, uid, &error);
  g_assert_no_error (error);
  return uid;
}

void
bst_computer_mend (BstComputer *computer, const char *id, const char *title)
{
  g_autoptr (GVariant) doc = bst_computer_get (computer, id);
  g_autoptr (GVariant) service = bst_store_get (computer->store, "Service", "chair", NULL);
  g_autoptr (GVariant) line = bst_request_line (doc, "l1");
  g_autoptr (GError) error = NULL;

  bst_doc_replace (&doc, bst_doc_set_string (doc, "title", title));
  bst_doc_replace (
      &doc, bst_doc_set_take (doc, "lines/l1", bst_request_refresh_line (line, service, NULL)));
  bst_store_save_draft (computer->store, doc, &error);
  g_assert_no_error (error);
  bst_store_submit (computer->store, id, &error);
  g_assert_no_error (error);
}

void
bst_computer_step (BstComputer *computer, const char *request, const char *action, const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "request", "s", request);
  g_variant_dict_insert (&dict, "action", "s", action);
  if (text)
    g_variant_dict_insert (&dict, "text", "s", text);
  bst_store_add_event (computer->store, g_variant_dict_end (&dict), &error);
  g_assert_no_error (error);
}

GVariant *
bst_computer_get (BstComputer *computer, const char *id)
{
  return bst_store_get (computer->store, "Request", id, NULL);
}

char *
bst_computer_state (BstComputer *computer, const char *id)
{
  g_autoptr (GVariant) doc = bst_computer_get (computer, id);
  const char *local = doc ? bst_doc_get_string (doc, "@local/state") : NULL;

  return g_strdup (local ? local : doc ? bst_doc_get_string (doc, "state") : NULL);
}

guint
bst_computer_outbox (BstComputer *computer, BstOutboxState state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = bst_store_outbox (computer->store, &error);
  guint n = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < items->len; i++)
    n += ((BstOutboxItem *) items->pdata[i])->state == state;
  return n;
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

GPtrArray *
bst_computer_receipts (BstComputer *computer)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *receipts;

  bst_store_receipts_async (computer->store, 1000, NULL, result_cb, &result);
  while (!result)
    g_main_context_iteration (NULL, TRUE);
  receipts = bst_store_receipts_finish (computer->store, result, &error);
  g_assert_no_error (error);
  return receipts;
}
