/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Fills a profile of the application with a sample authority and a handful of orders in all states, through the store's public
 * door, as if a server had answered: for pictures and for tests without one.
 *
 *   seed-store ROOT SAMPLE PERSON     seed-store $XDG_DATA_HOME/bestiller data/sample/dk person-demo-dk
 */

#include <stdio.h>

#include "bst-calendar.h"
#include "bst-charge.h"
#include "bst-json.h"
#include "bst-life.h"
#include "bst-month.h"
#include "bst-org.h"
#include "bst-profile.h"
#include "bst-request.h"
#include "bst-store.h"
#include "bst-system-clock.h"
#include "seed-history.h"

#define SERVER "https://sample.example"
#define DAY    (24 * 60 * 60)

/* What has happened to an order: letters of "steps", see step_names. @age: days since it was sent. */
static const struct
{
  guint service; /* which of the catalogue */
  guint quantity;
  int age;
  const char *steps;
  const char *need;
} orders[] = {
  { 0, 1, 3, "sa", "Vi får en ny kollega den 1., som skal bruge en pc." },
  { 3, 2, 12, "sabm", NULL },
  { 7, 1, 30, "sab", NULL },
  { 11, 1, 9, "sabw", NULL },
  { 15, 3, 20, "sabd", NULL },
  { 19, 1, 25, "sabdcr", NULL },
  { 23, 1, 40, "sabdp", NULL },
  { 27, 1, 6, "sx", NULL },
  { 30, 1, 2, "s", NULL },
  { 33, 10, 1, "S", NULL },
  { 36, 1, 15, "sabv", NULL },
  { 40, 4, 60, "sabdc", NULL },
};

static const struct
{
  char letter;
  const char *action;
  const char *text;
  const char *data;
} step_names[] = {
  { 's', "submit", NULL, "{\"approval\":false}" },
  { 'S', "submit", NULL, "{\"approval\":true}" },
  { 'a', "accept", NULL, NULL },
  { 'b', "start", NULL, NULL },
  { 'w', "wait", "Hvilket lokale skal den stå i?", "{\"for\":\"orderer\"}" },
  { 'v', "wait", "Leverandøren melder 14 dages restordre.", "{\"for\":\"supplier\"}" },
  { 'm', "message", "Vi kommer forbi på onsdag mellem 9 og 11.", NULL },
  { 'd', "deliver", NULL, NULL },
  { 'c', "confirm", NULL, NULL },
  { 'r', "rate", "Hurtigt og venligt.", "{\"stars\":5}" },
  { 'p', "dispute", "Der mangler en strømforsyning.", NULL },
  { 'x', "cancel", "Vi fandt en på lageret.", NULL },
};

typedef struct
{
  GHashTable *by_type; /* type -> GPtrArray of documents */
  BstOrg *org;
  const char *person;
} Sample;

static GPtrArray *
of_type (Sample *sample, const char *type)
{
  GPtrArray *list = g_hash_table_lookup (sample->by_type, type);

  if (!list)
    {
      list = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
      g_hash_table_insert (sample->by_type, g_strdup (type), list);
    }
  return list;
}

static gboolean
read_file (Sample *sample, const char *folder, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GVariant) doc = NULL;
  g_autoptr (GVariant) records = NULL;
  GVariantIter iter;
  GVariant *record;
  gsize len;

  if (!g_file_get_contents (path, &text, &len, error))
    return FALSE;
  doc = bst_json_parse_object (text, (gssize) len, error);
  if (!doc)
    return FALSE;
  records = bst_doc_get_list (doc, "records");
  g_variant_iter_init (&iter, records);
  while (g_variant_iter_next (&iter, "v", &record))
    {
      GPtrArray *list = of_type (sample, bst_doc_get_string (record, "@type"));

      g_ptr_array_add (list, bst_doc_set (record, "@type", NULL));
      g_variant_unref (record);
    }
  return TRUE;
}

static GVariant *
find (Sample *sample, const char *type, const char *id)
{
  GPtrArray *list = of_type (sample, type);

  for (guint i = 0; i < list->len; i++)
    if (g_strcmp0 (bst_doc_get_string (list->pdata[i], "id"), id) == 0)
      return list->pdata[i];
  return NULL;
}

/* ---- orders ---- */

static GVariant *
make_event (const char *request, char letter, gint64 at, int sequence, Sample *sample)
{
  g_autofree char *id = g_strdup_printf ("%s-e%02d", request, sequence);
  g_autofree char *when = bst_instant_format (at);
  GVariant *event = bst_doc_new ();

  bst_doc_replace (&event, bst_doc_set_string (event, "id", id));
  bst_doc_replace (&event, bst_doc_set_string (event, "request", request));
  bst_doc_replace (&event, bst_doc_set_string (event, "at", when));
  bst_doc_replace (&event, bst_doc_set_string (event, "receivedAt", when));
  bst_doc_replace (&event, bst_doc_set_int (event, "sequence", sequence));
  for (guint i = 0; i < G_N_ELEMENTS (step_names); i++)
    {
      g_autoptr (GVariant) data = NULL;

      if (step_names[i].letter != letter)
        continue;
      bst_doc_replace (&event, bst_doc_set_string (event, "action", step_names[i].action));
      if (step_names[i].text)
        bst_doc_replace (&event, bst_doc_set_string (event, "text", step_names[i].text));
      data = step_names[i].data ? bst_json_parse (step_names[i].data, -1, NULL) : NULL;
      if (data)
        bst_doc_replace (&event, bst_doc_set (event, "data", data));
      if (strchr ("sScrpx", letter))
        bst_doc_replace (&event, bst_doc_set_string (event, "person", sample->person));
      else
        bst_doc_replace (&event, bst_doc_set_string (event, "person", "person-performer-dk"));
    }
  return event;
}

static gint64
due_of (Sample *sample, GVariant *service, gint64 from)
{
  GVariant *calendar_doc =
      find (sample, "Calendar", bst_doc_get_string (service, "promise/calendar"));
  g_autoptr (GVariant) promise = bst_doc_get_map (service, "promise");
  g_autoptr (BstCalendar) calendar = calendar_doc ? bst_calendar_new (calendar_doc, NULL) : NULL;

  return calendar ? bst_promise_due (promise, calendar, from) : BST_CALENDAR_NEVER;
}

static GVariant *
make_order (Sample *sample, guint n, gint64 now)
{
  GPtrArray *services = of_type (sample, "Service");
  GVariant *service = services->pdata[(orders[n].service * 3) % services->len];
  GVariant *person = find (sample, "Person", sample->person);
  const char *unit = bst_doc_get_string (person, "unit");
  g_autofree char *id = g_strdup_printf ("01900000-0000-7000-8000-%012u", n + 1);
  g_autofree char *number = g_strdup_printf ("2026-%06u", 4200 + n);
  g_autofree char *due = NULL;
  g_autoptr (GVariant) line = bst_request_line_from_service (service, NULL, orders[n].quantity, 1);
  g_autoptr (GVariant) names = bst_doc_lookup (service, "name");
  gint64 at = now - (gint64) orders[n].age * DAY;
  gint64 due_at = due_of (sample, service, at);
  GVariant *request = bst_doc_new ();
  g_autofree char *title = NULL;
  const char *language = bst_doc_get_string (person, "language");
  const char *name = bst_doc_get_string (names, language ? language : "da");

  title = g_strdup (name ? name : bst_doc_get_string (names, "da"));
  bst_doc_replace (&request, bst_doc_set_string (request, "id", id));
  bst_doc_replace (&request, bst_doc_set_string (request, "uid", id));
  bst_doc_replace (&request, bst_doc_set_int (request, "rev", 1));
  bst_doc_replace (&request, bst_doc_set_string (request, "number", number));
  bst_doc_replace (&request, bst_doc_set_string (request, "title", title));
  bst_doc_replace (&request, bst_doc_set_string (request, "unit", unit));
  bst_doc_replace (&request, bst_doc_set_string (request, "orderer", sample->person));
  bst_doc_replace (&request,
                   bst_doc_set_string (request, "area", bst_doc_get_string (service, "area")));
  if (orders[n].need)
    bst_doc_replace (&request, bst_doc_set_string (request, "need", orders[n].need));
  bst_doc_replace (&request, bst_doc_set (request, "lines/l1", line));
  bst_doc_replace (&request, bst_doc_set_string (request, "lines/l1/state", "draft"));
  if (bst_doc_has (service, "responsible/performer"))
    bst_doc_replace (&request,
                     bst_doc_set_string (request, "lines/l1/performer",
                                         bst_doc_get_string (service, "responsible/performer")));
  if (due_at != BST_CALENDAR_NEVER)
    {
      due = bst_instant_format (due_at);
      bst_doc_replace (&request, bst_doc_set_string (request, "due", due));
      bst_doc_replace (&request, bst_doc_set_string (request, "lines/l1/due", due));
    }
  for (guint i = 0; orders[n].steps[i]; i++)
    {
      GVariant *event =
          make_event (id, orders[n].steps[i], at + (gint64) i * 9000, (int) i + 1, sample);
      g_autoptr (GError) error = NULL;
      GVariant *next = bst_life_apply (request, event, BST_ROLE_ALL, &error);

      if (next)
        bst_doc_replace (&request, next);
      else
        g_printerr ("seed-store: %s: %s\n", number, error->message);
      bst_doc_replace (&event, bst_doc_set_string (event, "unit", unit));
      g_ptr_array_add (of_type (sample, "RequestEvent"), event);
    }
  return request;
}

/* ---- costs ---- */

#define COST_ORDERS 40
#define COST_MONTHS 10

/* An order that was delivered in @month, and what it has cost since. */
static void
add_cost_order (Sample *sample, GVariant *service, guint n, const char *month, const char *last)
{
  GVariant *person = find (sample, "Person", sample->person);
  const char *unit = bst_doc_get_string (person, "unit");
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Copenhagen");
  BstChargeContext context = { sample->org, zone, bst_doc_get_string (person, "language") };
  g_autofree char *id = g_strdup_printf ("01900000-0000-7000-9000-%012u", n + 1);
  g_autofree char *number = g_strdup_printf ("2026-%06u", 100 + n);
  g_autofree char *delivered = g_strdup_printf ("%s-12T09:00:00Z", month);
  g_autoptr (GVariant) line = bst_request_line_from_service (service, NULL, 1 + n % 3, 1);
  GVariant *request = bst_doc_new ();
  g_autofree char *at = g_strdup (month);

  bst_doc_replace (&line, bst_doc_set_string (line, "state", "closed"));
  bst_doc_replace (&line, bst_doc_set_string (line, "deliveredAt", delivered));
  bst_doc_replace (&request, bst_doc_set_string (request, "id", id));
  bst_doc_replace (&request, bst_doc_set_string (request, "number", number));
  bst_doc_replace (&request, bst_doc_set_string (request, "title", "Ordre"));
  bst_doc_replace (&request, bst_doc_set_string (request, "unit", unit));
  bst_doc_replace (&request, bst_doc_set_string (request, "state", "closed"));
  bst_doc_replace (&request, bst_doc_set_string (request, "updated", delivered));
  bst_doc_replace (&request, bst_doc_set (request, "lines/l1", line));
  while (at && strcmp (at, last) <= 0)
    {
      g_autoptr (GPtrArray) charges = bst_charges_for_request (request, at, &context, NULL);
      char *next = bst_month_add (at, 1);

      for (guint i = 0; charges && i < charges->len; i++)
        g_ptr_array_add (of_type (sample, "Charge"), g_variant_ref (charges->pdata[i]));
      g_free (at);
      at = next;
    }
  g_ptr_array_add (of_type (sample, "Request"), request);
}

/* One that nobody ordered, one at another price, and one that was objected to. */
static void
spoil (GPtrArray *charges)
{
  if (charges->len < 4)
    return;
  bst_doc_replace ((GVariant **) &charges->pdata[1],
                   bst_doc_set_string (charges->pdata[1], "request", "nobody"));
  bst_doc_replace ((GVariant **) &charges->pdata[2],
                   bst_doc_set_int (charges->pdata[2], "amount/amount", 123456));
  bst_doc_replace ((GVariant **) &charges->pdata[3],
                   bst_doc_set_string (charges->pdata[3], "ean", "5798009811578"));
  bst_doc_replace ((GVariant **) &charges->pdata[3],
                   bst_doc_set_string (charges->pdata[3], "objection", "Det er ikke vores EAN."));
  bst_doc_replace ((GVariant **) &charges->pdata[3],
                   bst_doc_set_string (charges->pdata[3], "objectionState", "raised"));
}

static void
add_costs (Sample *sample, gint64 now)
{
  GPtrArray *services = of_type (sample, "Service");
  const char *unit = bst_doc_get_string (find (sample, "Person", sample->person), "unit");
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Copenhagen");
  g_autofree char *last = bst_month_of_instant (now, zone);
  const char *currency = bst_org_inherited (sample->org, unit, "currency");
  BstMoney budget;
  GVariant *doc = bst_doc_new ();

  for (guint n = 0; n < COST_ORDERS; n++)
    {
      g_autofree char *month = bst_month_add (last, -(int) (n % COST_MONTHS));

      add_cost_order (sample, services->pdata[(n * 7) % services->len], n, month, last);
    }
  spoil (of_type (sample, "Charge"));
  bst_money_init (&budget, 40000000, currency ? currency : "DKK");
  bst_doc_replace (&doc, bst_doc_set_string (doc, "id", "budget"));
  bst_doc_replace (&doc, bst_doc_set_string (doc, "unit", unit));
  bst_doc_replace (&doc, bst_doc_set_int (doc, "year", g_ascii_strtoll (last, NULL, 10)));
  bst_doc_replace (&doc, bst_doc_set_take (doc, "amount", bst_money_to_doc (&budget)));
  g_ptr_array_add (of_type (sample, "Budget"), doc);
}

/* ---- the answer of a server ---- */

static void
append_answer (GString *out,
               Sample *sample,
               const char *account,
               const char *const *types,
               gint64 now)
{
  g_autofree char *when = bst_instant_format (now);

  g_string_append_printf (
      out,
      "[\"Record/changes\",{\"accountId\":\"%s\",\"oldState\":\"e.r.0\",\"newState\":\"e.r.1\","
      "\"hasMoreChanges\":false,\"destroyed\":{},\"records\":{",
      account);
  for (guint t = 0; types[t]; t++)
    {
      GPtrArray *list = of_type (sample, types[t]);

      g_string_append_printf (out, "%s\"%s\":[", t > 0 ? "," : "", types[t]);
      for (guint i = 0; i < list->len; i++)
        {
          g_autoptr (GVariant) record = g_variant_ref (list->pdata[i]);

          if (!bst_doc_has (record, "updated"))
            bst_doc_replace (&record, bst_doc_set_string (record, "updated", when));
          g_string_append (out, i > 0 ? "," : "");
          bst_json_append (out, record);
        }
      g_string_append_c (out, ']');
    }
  g_string_append_printf (out, "}},\"%s\"]", account);
}

#define REFUSED_UID "01900000-0000-7000-8000-0000000000aa"

/* Answers of one word: enough for services that ask for nothing but words. */
static GVariant *
with_words (GVariant *line, GVariant *service)
{
  g_autoptr (GVariant) form = bst_doc_get_list (service, "form");
  GVariantIter iter;
  GVariant *field;

  g_variant_iter_init (&iter, form);
  while (g_variant_iter_next (&iter, "v", &field))
    {
      g_autofree char *path = g_strconcat ("answers/", bst_doc_get_string (field, "key"), NULL);

      if (bst_doc_get_bool (field, "required"))
        bst_doc_replace (&line, bst_doc_set_string (line, path, "Anne Eksempel"));
      g_variant_unref (field);
    }
  return line;
}

static gboolean
submit_old_price (BstStore *store, Sample *sample, GVariant *service, gint64 amount)
{
  const char *unit = bst_doc_get_string (find (sample, "Person", sample->person), "unit");
  const char *gln = bst_org_inherited (sample->org, unit, "gln");
  g_autoptr (GVariant) line = bst_request_line_from_service (service, NULL, 1, 1);
  g_autoptr (GVariant) request = bst_doc_new ();

  bst_doc_replace (&line, bst_doc_set_int (line, "price/once/amount", amount));
  line = with_words (line, service);
  bst_doc_replace (&request, bst_doc_set_string (request, "uid", REFUSED_UID));
  bst_doc_replace (&request, bst_doc_set_string (request, "title", "Bestilling med gammel pris"));
  bst_doc_replace (&request, bst_doc_set_string (request, "unit", unit));
  if (gln)
    bst_doc_replace (&request, bst_doc_set_string (request, "ean", gln));
  bst_doc_replace (&request, bst_doc_set_string (request, "orderer", sample->person));
  bst_doc_replace (&request, bst_doc_set (request, "lines/l1", line));
  return bst_store_save_draft (store, request, NULL) && bst_store_submit (store, REFUSED_UID, NULL);
}

/* An order that the server would not take, because its price is not that of the catalogue any more. */
static gboolean
add_refused (BstStore *store, Sample *sample, GError **error)
{
  GPtrArray *services = of_type (sample, "Service");
  g_autoptr (GVariant) refusal = bst_json_parse ("{\"type\":\"catalogueChanged\"}", -1, NULL);
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GArray) outcomes = g_array_new (FALSE, FALSE, sizeof (BstOutcome));
  gboolean submitted = FALSE;

  for (guint i = 0; i < services->len && !submitted; i++)
    {
      BstMoney price;

      submitted = bst_money_from_doc (services->pdata[i], "price/once", &price) &&
                  submit_old_price (store, sample, services->pdata[i], price.amount - 5000);
    }
  items = bst_store_outbox_take (store, 10, error);
  for (guint i = 0; items && i < items->len; i++)
    {
      BstOutcome outcome = { ((BstOutboxItem *) items->pdata[i])->seq, NULL, refusal };

      g_array_append_val (outcomes, outcome);
    }
  return items && bst_store_outbox_settle (store, (BstOutcome *) (gpointer) outcomes->data,
                                           outcomes->len, error);
}

/* Only those of @unit: as the server shows them. */
static void
keep_of (GPtrArray *records, const char *unit)
{
  for (guint i = records->len; i > 0; i--)
    if (g_strcmp0 (bst_doc_get_string (records->pdata[i - 1], "unit"), unit) != 0)
      g_ptr_array_remove_index (records, i - 1);
}

static gboolean
fill_store (Sample *sample,
            const char *directory,
            GVariant *identity,
            const char *department,
            GError **error)
{
  static const char *const shared[] = { "OrgUnit", "Person",  "ServiceArea", "Calendar", "Service",
                                        "Bundle",  "Article", "Notice",      NULL };
  static const char *const own[] = { "Request", "RequestEvent", "Agreement", "Measure",
                                     "Tally",   "Charge",       "Budget",    NULL };
  const BstClock *clock = bst_system_clock ();
  gint64 now = bst_clock_now (clock);
  g_autoptr (BstStore) store = bst_store_open (directory, clock, error);
  g_autoptr (GString) answer = g_string_new ("{\"sessionState\":\"1\",\"methodResponses\":[");
  g_autoptr (GVariant) accounts = bst_doc_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GPtrArray) pages = NULL;
  g_autofree char *path = g_strconcat (department, "/initialState", NULL);

  if (!store)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    g_ptr_array_add (of_type (sample, "Request"), make_order (sample, i, now));
  add_costs (sample, now);
  keep_of (of_type (sample, "Agreement"), department);
  seed_history (&(SeedHistory){
      .services = of_type (sample, "Service"),
      .calendars = of_type (sample, "Calendar"),
      .org = sample->org,
      .department = department,
      .person = sample->person,
      .performer = "person-performer-dk",
      .language = bst_doc_get_string (find (sample, "Person", sample->person), "language"),
      .now = now,
      .requests = of_type (sample, "Request"),
      .events = of_type (sample, "RequestEvent"),
      .measures = of_type (sample, "Measure"),
      .tallies = of_type (sample, "Tally"),
  });
  append_answer (answer, sample, "catalogue", shared, now);
  g_string_append_c (answer, ',');
  append_answer (answer, sample, department, own, now);
  g_string_append (answer, "]}");
  bst_doc_replace (&accounts, bst_doc_set_string (accounts, "catalogue/initialState", "e.r.0"));
  bst_doc_replace (&accounts, bst_doc_set_string (accounts, path, "e.r.0"));
  bytes = g_bytes_new (answer->str, answer->len);
  if (!bst_store_set_identity (store, identity, error) ||
      !bst_store_set_accounts (store, accounts, error))
    return FALSE;
  pages = bst_store_apply_response (store, bytes, error);
  if (!pages || !add_refused (store, sample, error))
    return FALSE;
  bst_store_close (g_steal_pointer (&store));
  return TRUE;
}

static gboolean
seed (const char *root, const char *folder, const char *person, GError **error)
{
  static const char *const files[] = { "org.json",     "calendar.json",
                                       "people.json",  "catalogue.json",
                                       "notices.json", "agreements.json",
                                       "budgets.json", NULL };
  Sample sample = { .by_type = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                      (GDestroyNotify) g_ptr_array_unref),
                    .person = person };
  g_autoptr (GVariant) identity = bst_doc_new ();
  g_autoptr (BstProfile) profile = NULL;
  GVariant *doc;
  const char *department;
  gboolean ok;

  for (guint i = 0; files[i]; i++)
    if (!read_file (&sample, folder, files[i], error))
      return FALSE;
  sample.org = bst_org_new (of_type (&sample, "OrgUnit"), error);
  doc = find (&sample, "Person", person);
  if (!sample.org || !doc)
    return FALSE;
  department = bst_org_department (sample.org, bst_doc_get_string (doc, "unit"));
  bst_doc_replace (&identity, bst_doc_set_string (identity, "person", person));
  bst_doc_replace (&identity,
                   bst_doc_set_string (identity, "personName", bst_doc_get_string (doc, "name")));
  bst_doc_replace (&identity, bst_doc_set_string (identity, "authority", "sample"));
  bst_doc_replace (&identity, bst_doc_set_string (identity, "authorityName", "Eksempel Kommune"));
  bst_doc_replace (&identity, bst_doc_set_string (identity, "server", SERVER));
  profile = bst_profile_new (root, SERVER, identity);
  ok = bst_profile_save (root, profile, NULL, error) &&
       fill_store (&sample, profile->directory, identity, department, error);
  bst_org_unref (sample.org);
  g_hash_table_unref (sample.by_type);
  return ok;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (argc != 4)
    {
      g_printerr ("usage: seed-store ROOT SAMPLE PERSON\n");
      return 2;
    }
  if (seed (argv[1], argv[2], argv[3], &error))
    return 0;
  g_printerr ("seed-store: %s\n", error ? error->message : "no such person");
  return 1;
}
