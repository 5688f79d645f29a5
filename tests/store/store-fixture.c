/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "store-fixture.h"

#include "bst-json.h"

#include <glib/gstdio.h>
#include <string.h>

static gint64
now_ms (gpointer closure)
{
  return ((StoreFixture *) closure)->now_ms;
}

static void
fill_random (gpointer closure, guint8 *bytes, gsize len)
{
  StoreFixture *fixture = closure;

  for (gsize i = 0; i < len; i++)
    {
      fixture->chance = fixture->chance * 1664525u + 1013904223u;
      bytes[i] = (guint8) (fixture->chance >> 24);
    }
}

static void
changed_cb (BstStore *store, const char *type, StoreFixture *fixture)
{
  fixture->n_changed++;
}

static void
outbox_changed_cb (BstStore *store, StoreFixture *fixture)
{
  fixture->n_outbox++;
}

static void
mine_changed_cb (BstStore *store, GVariant *mine, StoreFixture *fixture)
{
  g_clear_pointer (&fixture->mine, g_variant_unref);
  fixture->mine = g_variant_ref (mine);
}

void
store_fixture_clock (StoreFixture *fixture)
{
  fixture->clock = (BstClock){ now_ms, fill_random, fixture };
}

void
store_fixture_open (StoreFixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->store = bst_store_open (fixture->directory, &fixture->clock, &error);
  g_assert_no_error (error);
  g_signal_connect (fixture->store, "changed", G_CALLBACK (changed_cb), fixture);
  g_signal_connect (fixture->store, "outbox-changed", G_CALLBACK (outbox_changed_cb), fixture);
  g_signal_connect (fixture->store, "mine-changed", G_CALLBACK (mine_changed_cb), fixture);
}

void
store_fixture_close (StoreFixture *fixture)
{
  if (fixture->store)
    bst_store_close (fixture->store);
  fixture->store = NULL;
}

char *
store_fixture_file (StoreFixture *fixture, const char *name)
{
  return g_build_filename (fixture->directory, name, NULL);
}

void
store_fixture_set_up (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("bst-store-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->now_ms = G_GINT64_CONSTANT (1773302400000); /* 2026-03-12T08:00:00Z */
  fixture->chance = 1;
  fixture->clock = (BstClock){ now_ms, fill_random, fixture };
  store_fixture_open (fixture);
}

static const char catalogue[] =
    "{\"OrgUnit\":["
    "{\"id\":\"a\",\"name\":\"Prøve "
    "Kommune\",\"kind\":\"authority\",\"timeZone\":\"Europe/"
    "Copenhagen\",\"currency\":\"DKK\",\"country\":\"DK\"},"
    "{\"id\":\"d1\",\"name\":\"Børn og Unge\",\"kind\":\"department\",\"parent\":\"a\"},"
    "{\"id\":\"d2\",\"name\":\"Ældre\",\"kind\":\"department\",\"parent\":\"a\"},"
    "{\"id\":\"s1\",\"name\":\"Aaskolen\",\"kind\":\"institution\",\"parent\":\"d1\",\"gln\":"
    "\"5790000000012\"},"
    "{\"id\":\"s2\",\"name\":\"Bakkeskolen\",\"kind\":\"institution\",\"parent\":\"d1\",\"gln\":"
    "\"5790000000029\"},"
    "{\"id\":\"n1\",\"name\":\"Plejehjemmet\",\"kind\":\"institution\",\"parent\":\"d2\",\"gln\":"
    "\"5790000000036\"}],"
    "\"Person\":[{\"id\":\"p1\",\"name\":\"Prøve "
    "Person\",\"unit\":\"d1\",\"grants\":{\"g\":{\"role\":\"orderer\",\"unit\":\"d1\"}}}],"
    "\"ServiceArea\":[{\"id\":\"fm\",\"name\":{\"da\":\"Møbler\"},\"order\":1}],"
    "\"Service\":["
    "{\"id\":\"chair\",\"code\":\"FM-1\",\"area\":\"fm\",\"name\":{\"da\":\"Kontorstol\",\"nb\":"
    "\"Kontorstol\"},"
    "\"keywords\":{\"da\":\"stole, sæde\",\"nb\":\"stoler, "
    "sete\"},\"obligation\":\"mandatory\",\"quantity\":true,"
    "\"price\":{\"model\":\"one-off\",\"once\":{\"amount\":150000,\"currency\":\"DKK\"}},"
    "\"version\":1},"
    "{\"id\":\"clean\",\"code\":\"FM-2\",\"area\":\"fm\",\"name\":{\"da\":\"Rengøring\",\"nb\":"
    "\"Renhold\"},"
    "\"summary\":{\"da\":\"Daglig rengøring af lokaler\",\"nb\":\"Daglig renhold av lokaler\"},"
    "\"keywords\":{\"da\":\"gulvvask, støvsugning\",\"nb\":\"rengjøring, "
    "vask\"},\"obligation\":\"mandatory\",\"price\":{\"model\":\"included\"},\"version\":1},"
    "{\"id\":\"old\",\"code\":\"FM-3\",\"area\":\"fm\",\"name\":{\"da\":\"Gammel "
    "stol\"},\"obligation\":\"add-on\",\"price\":{\"model\":\"included\"},"
    "\"validTo\":\"2025-01-01\",\"version\":1}]}";

GVariant *
json (const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *value = bst_json_parse (text, -1, &error);

  g_assert_no_error (error);
  return value;
}

gboolean
store_fixture_apply (StoreFixture *fixture,
                     const char *account,
                     const char *new_state,
                     gboolean has_more,
                     const char *records,
                     const char *destroyed,
                     GError **error)
{
  g_autofree char *old_state = bst_store_get_checkpoint (fixture->store, account, NULL);
  g_autofree char *text = g_strdup_printf (
      "{\"methodResponses\":[[\"Record/"
      "changes\",{\"accountId\":\"%s\",\"oldState\":\"%s\",\"newState\":\"%s\","
      "\"hasMoreChanges\":%s,\"records\":%s,\"destroyed\":%s},\"c0\"]],\"sessionState\":\"s\"}",
      account, old_state ? old_state : "e.r.0", new_state, has_more ? "true" : "false", records,
      destroyed);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GPtrArray) pages = bst_store_apply_response (fixture->store, bytes, error);

  return pages != NULL;
}

void
store_fixture_must_apply (StoreFixture *fixture,
                          const char *account,
                          const char *new_state,
                          gboolean has_more,
                          const char *records,
                          const char *destroyed)
{
  g_autoptr (GError) error = NULL;

  store_fixture_apply (fixture, account, new_state, has_more, records, destroyed, &error);
  g_assert_no_error (error);
}

void
store_fixture_set_up_filled (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) identity = json ("{\"person\":\"p1\",\"language\":\"da\"}");
  g_autoptr (GVariant) accounts =
      json ("{\"catalogue\":{\"initialState\":\"e.r.0\"},\"d1\":{\"initialState\":\"e.r.0\"}}");

  store_fixture_set_up (fixture, data);
  bst_store_set_identity (fixture->store, identity, &error);
  g_assert_no_error (error);
  bst_store_set_accounts (fixture->store, accounts, &error);
  g_assert_no_error (error);
  store_fixture_must_apply (fixture, "catalogue", "e.r.1", FALSE, catalogue, "{}");
  store_fixture_must_apply (fixture, "d1", "e.r.1", FALSE, "{}", "{}");
}

void
store_fixture_tear_down (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;

  store_fixture_close (fixture);
  dir = g_dir_open (fixture->directory, 0, NULL);
  for (const char *name = g_dir_read_name (dir); name; name = g_dir_read_name (dir))
    {
      g_autofree char *path = g_build_filename (fixture->directory, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->directory);
  g_free (fixture->directory);
  g_clear_pointer (&fixture->mine, g_variant_unref);
}

GVariant *
make_draft (StoreFixture *fixture, const char *title, const char *unit)
{
  g_autofree char *uid = bst_uid_new (&fixture->clock);
  GVariant *draft = json (
      "{\"lines\":{\"l1\":{\"service\":\"chair\",\"serviceVersion\":1,\"quantity\":2,\"order\":1,"
      "\"price\":{\"model\":\"one-off\",\"once\":{\"amount\":150000,\"currency\":\"DKK\"}}}}}");

  bst_doc_replace (&draft, bst_doc_set_string (draft, "uid", uid));
  bst_doc_replace (&draft, bst_doc_set_string (draft, "title", title));
  bst_doc_replace (&draft, bst_doc_set_string (draft, "unit", unit));
  bst_doc_replace (&draft, bst_doc_set_string (draft, "ean", "5790000000012"));
  return draft;
}

char *
save_and_submit (StoreFixture *fixture, const char *title)
{
  g_autoptr (GVariant) draft = make_draft (fixture, title, "s1");
  g_autoptr (GError) error = NULL;
  const char *uid = bst_doc_get_string (draft, "uid");

  bst_store_save_draft (fixture->store, draft, &error);
  g_assert_no_error (error);
  bst_store_submit (fixture->store, uid, &error);
  g_assert_no_error (error);
  return g_strdup (uid);
}

char *
property_of (StoreFixture *fixture, const char *type, const char *id, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) doc = bst_store_get (fixture->store, type, id, &error);
  const char *value;

  g_assert_no_error (error);
  value = bst_doc_get_string (doc, path);
  return g_strdup (value ? value : "");
}

char *
local_state (StoreFixture *fixture, const char *id)
{
  return property_of (fixture, "Request", id, "@local/state");
}

void
accept_all (StoreFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = bst_store_outbox_take (fixture->store, 100, &error);
  g_autoptr (GVariant) created = json ("{\"rev\":1,\"number\":\"2026-000001\"}");
  g_autoptr (GVariant) stepped = json ("{\"sequence\":1,\"receivedAt\":\"2026-03-12T08:00:05Z\"}");
  g_autofree BstOutcome *outcomes = NULL;

  g_assert_no_error (error);
  outcomes = g_new0 (BstOutcome, items->len);
  for (guint i = 0; i < items->len; i++)
    {
      const BstOutboxItem *item = g_ptr_array_index (items, i);

      outcomes[i].seq = item->seq;
      outcomes[i].record = g_str_equal (item->type, "Request") ? created : stepped;
    }
  bst_store_outbox_settle (fixture->store, outcomes, items->len, &error);
  g_assert_no_error (error);
}

static gboolean
too_long_cb (gpointer data)
{
  g_error ("waited 20 s in vain");
  return G_SOURCE_REMOVE;
}

void
spin_until (Condition condition, gpointer data)
{
  guint limit = g_timeout_add_seconds (20, too_long_cb, NULL);

  while (!condition (data))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (limit);
}

void
spin_idle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}
