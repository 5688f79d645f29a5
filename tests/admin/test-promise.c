/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The promise, over all services, units and agreements of both samples and hundreds of instants: what the application says from copies
 * of the records as the line carries them (JSON), and what the server freezes at a receipt in the same second. Octet by octet.
 */

#include "admin-fixture.h"

#include "bst-agreement.h"
#include "bst-calendar.h"
#include "bst-clock.h"
#include "bst-date.h"
#include "bst-json.h"
#include "bst-storage-measure.h"
#include "bst-storage-terms.h"

#include <string.h>

#define INSTANTS 300
#define SERVICES 12 /* at each of them */
#define DAY      86400

static const struct
{
  const char *country;
  const char *zone;
} authorities[] = { { "dk", "Europe/Copenhagen" }, { "no", "Europe/Oslo" } };

static const char *const priorities[] = { NULL, "low", "normal", "high", "urgent" };

/* ---- the application's side ---- */

typedef struct
{
  GPtrArray *units;
  GPtrArray *services;
  GPtrArray *agreements;
  GHashTable *calendars; /* id -> BstCalendar */
  GHashTable *versions;  /* id -> gint64, as a pointer */
  BstOrg *org;
  GTimeZone *zone;
} Copies;

static gboolean
copy_cb (GVariant *record, gpointer list)
{
  g_autofree char *carried = bst_json_print (record);
  GVariant *copy = bst_json_parse_object (carried, -1, NULL);

  g_assert_nonnull (copy);
  g_ptr_array_add (list, copy);
  return TRUE;
}

static GPtrArray *
copies_of (BstStorage *storage, const char *type)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);

  g_assert_true (bst_storage_each (storage, type, copy_cb, list, NULL));
  g_assert_cmpuint (list->len, >, 0);
  return list;
}

static void
copies_init (Copies *copies, BstStorage *storage, const char *zone)
{
  g_autoptr (GPtrArray) calendars = copies_of (storage, "Calendar");

  copies->units = copies_of (storage, "OrgUnit");
  copies->services = copies_of (storage, "Service");
  copies->agreements = copies_of (storage, "Agreement");
  copies->org = bst_org_new (copies->units, NULL);
  copies->zone = g_time_zone_new_identifier (zone);
  copies->calendars =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) bst_calendar_unref);
  copies->versions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < calendars->len; i++)
    {
      const char *id = bst_doc_get_string (calendars->pdata[i], "id");

      g_hash_table_insert (copies->calendars, g_strdup (id),
                           bst_calendar_new (calendars->pdata[i], NULL));
      g_hash_table_insert (
          copies->versions, g_strdup (id),
          GINT_TO_POINTER ((int) bst_doc_get_int (calendars->pdata[i], "version", 0)));
    }
}

static void
copies_clear (Copies *copies)
{
  g_ptr_array_unref (copies->units);
  g_ptr_array_unref (copies->services);
  g_ptr_array_unref (copies->agreements);
  g_hash_table_unref (copies->calendars);
  g_hash_table_unref (copies->versions);
  bst_org_unref (copies->org);
  g_time_zone_unref (copies->zone);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Copies, copies_clear)

static BstCalendar *
calendar_cb (const char *id, gpointer copies)
{
  return id ? g_hash_table_lookup (((Copies *) copies)->calendars, id) : NULL;
}

static char *
due_text (GVariant *promise, gint64 at, BstCalendarLookup lookup, gpointer closure)
{
  BstCalendar *calendar = NULL;
  gint64 due = bst_promise_due_at (promise, at, lookup, closure, &calendar);

  return due == BST_CALENDAR_NEVER ? g_strdup ("never") : bst_instant_format (due);
}

static char *
printed (GVariant *value)
{
  return value ? bst_json_print (value) : g_strdup ("none");
}

/* What is promised, and by when, in one text. */
static char *
said_by_application (Copies *copies,
                     GVariant *service,
                     const char *unit,
                     const char *priority,
                     gint64 at)
{
  g_autofree char *day = bst_date_of_instant (at, copies->zone);
  g_auto (BstTerms) terms = { NULL };
  g_autofree char *promise = NULL;
  g_autofree char *respond = NULL;
  g_autofree char *due = NULL;
  const char *calendar;

  bst_terms_resolve (service,
                     bst_agreement_in_force (copies->agreements, copies->org, unit, "sla", day),
                     priority, &terms);
  promise = printed (terms.promise);
  respond = printed (terms.respond);
  due = due_text (terms.promise, at, calendar_cb, copies);
  calendar = terms.promise ? bst_doc_get_string (terms.promise, "calendar") : NULL;
  return g_strdup_printf (
      "%s %s %s %s %d %d", due, promise, respond, terms.agreement ? terms.agreement : "-",
      (int) terms.agreement_version,
      calendar ? GPOINTER_TO_INT (g_hash_table_lookup (copies->versions, calendar)) : 0);
}

/* ---- the server's side ---- */

static gint64
played_ms (gpointer now)
{
  return *(gint64 *) now * 1000;
}

static void
no_chance (gpointer closure, guint8 *octets, gsize len)
{
  memset (octets, 0, len);
}

static char *
frozen_by_server (BstStorage *storage,
                  GVariant *service,
                  const char *unit,
                  const char *priority,
                  gint64 at)
{
  g_autoptr (GVariant) line =
      bst_doc_set_string (NULL, "service", bst_doc_get_string (service, "id"));
  g_autoptr (GVariant) placed = bst_doc_set_string (NULL, "unit", unit);
  g_autoptr (GVariant) request = bst_doc_set_string (placed, "priority", priority);
  g_autoptr (GVariant) frozen = bst_storage_freeze_terms (storage, request, line, NULL);
  g_autoptr (GVariant) promise = bst_doc_lookup (frozen, "promise");
  g_autoptr (GVariant) respond = bst_doc_lookup (frozen, "respond");
  g_autofree char *promise_text = printed (promise);
  g_autofree char *respond_text = printed (respond);
  g_autofree char *due = due_text (promise, at, bst_storage_calendar, storage);
  const char *agreement = bst_doc_get_string (frozen, "agreement");

  return g_strdup_printf ("%s %s %s %s %d %d", due, promise_text, respond_text,
                          agreement ? agreement : "-",
                          (int) bst_doc_get_int (frozen, "agreementVersion", 0),
                          (int) bst_doc_get_int (frozen, "calendarVersion", 0));
}

/* ---- both ---- */

/* Any second of four years; often close to a day's round hours, and to the nights in which the clocks are changed. */
static gint64
draw_instant (void)
{
  static const char *const nights[] = { "2025-03-30T01:00:00Z", "2025-10-26T01:00:00Z",
                                        "2026-03-29T01:00:00Z", "2026-12-31T23:00:00Z" };
  gint64 at = G_GINT64_CONSTANT (1735689600) + g_test_rand_int_range (0, 4 * 365) * (gint64) DAY;

  switch (g_test_rand_int_range (0, 3))
    {
    case 0:
      return at + g_test_rand_int_range (0, DAY);
    case 1:
      return at + g_test_rand_int_range (5, 18) * 3600 + g_test_rand_int_range (-1, 2);
    default:
      bst_instant_parse (nights[g_test_rand_int_range (0, G_N_ELEMENTS (nights))], &at);
      return at + g_test_rand_int_range (-DAY, DAY);
    }
}

#define PICK(list) list->pdata[g_test_rand_int_range (0, (gint32) list->len)]

static void
test_same (Fixture *fixture, gconstpointer authority)
{
  guint which = GPOINTER_TO_UINT (authority);
  gint64 now = 0;
  BstClock clock = { played_ms, no_chance, &now };
  g_autoptr (GHashTable) agreed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (BstStorage) storage = NULL;
  g_auto (Copies) copies = { NULL };

  import_sample (fixture, authorities[which].country);
  storage = bst_storage_open (fixture->data, &clock, NULL);
  copies_init (&copies, storage, authorities[which].zone);
  for (guint i = 0; i < INSTANTS; i++)
    {
      now = draw_instant ();
      for (guint j = 0; j < SERVICES; j++)
        {
          GVariant *service = PICK (copies.services);
          const char *unit = bst_doc_get_string (PICK (copies.units), "id");
          const char *priority = priorities[g_test_rand_int_range (0, G_N_ELEMENTS (priorities))];
          g_autofree char *said = said_by_application (&copies, service, unit, priority, now);
          g_autofree char *frozen = frozen_by_server (storage, service, unit, priority, now);

          g_assert_cmpstr (said, ==, frozen);
          g_hash_table_add (agreed, g_strdup (said));
        }
    }
  g_test_message ("%d promises, %u different ones", INSTANTS * SERVICES,
                  g_hash_table_size (agreed));
  g_assert_cmpuint (g_hash_table_size (agreed), >, INSTANTS * SERVICES / 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/promise/same/dk", Fixture, GUINT_TO_POINTER (0), set_up, test_same, tear_down);
  g_test_add ("/promise/same/no", Fixture, GUINT_TO_POINTER (1), set_up, test_same, tear_down);
  return g_test_run ();
}
