/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-make-requests.h"

#include <string.h>

#include "bst-clock.h"
#include "bst-json.h"
#include "bst-life.h"
#include "bst-org.h"
#include "bst-request.h"

#define DEPARTMENT "dk-su"
#define PERSON     "person-demo-dk"
#define FIRST_DAY  1672646400 /* 2023-01-02 */
#define SECONDS_BETWEEN                                                                            \
  864 /* 100,000 in some three years; ids ascend as they do where orders are really made */
#define DAY 86400

struct _BstRequestMaker
{
  GHashTable *records; /* type -> GPtrArray of documents */
  BstOrg *org;
  GPtrArray *units;    /* ids, within the department */
  GPtrArray *orderers; /* Person documents, of those units */
  guint32 seed;
};

/* What one request is made with. */
typedef struct
{
  BstRequestMaker *maker;
  GRand *rand;
  gint64 submitted;
  BstState state;
  const char *unit;
  GVariant *orderer;
} Making;

#define PICK(making, table) ((table)[g_rand_int_range ((making)->rand, 0, G_N_ELEMENTS (table))])

/* ---- the sample ---- */

static gboolean
load (BstRequestMaker *maker, const char *sample, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (sample, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GVariant) whole = NULL;
  g_autoptr (GVariant) list = NULL;
  GVariantIter iter;
  GVariant *record;
  gsize len;

  if (!g_file_get_contents (path, &text, &len, error))
    return FALSE;
  whole = bst_json_parse_object (text, (gssize) len, error);
  if (!whole)
    return FALSE;
  list = bst_doc_get_list (whole, "records");
  g_variant_iter_init (&iter, list);
  while (g_variant_iter_next (&iter, "v", &record))
    {
      const char *type = bst_doc_get_string (record, "@type");
      GPtrArray *records = g_hash_table_lookup (maker->records, type);

      if (!records)
        {
          records = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
          g_hash_table_insert (maker->records, g_strdup (type), records);
        }
      g_ptr_array_add (records, bst_doc_set (record, "@type", NULL));
      g_variant_unref (record);
    }
  return TRUE;
}

static void
list_places (BstRequestMaker *maker)
{
  g_auto (GStrv) units = bst_org_descendants (maker->org, DEPARTMENT);
  GPtrArray *people = bst_request_maker_records (maker, "Person");

  maker->units = g_ptr_array_new_with_free_func (g_free);
  for (char **unit = units; *unit; unit++)
    g_ptr_array_add (maker->units, g_strdup (*unit));
  maker->orderers = g_ptr_array_new ();
  for (guint i = 0; i < people->len; i++)
    if (bst_org_has_role (maker->org, people->pdata[i], BST_ROLE_ORDERER, NULL) &&
        bst_org_is_within (maker->org, bst_doc_get_string (people->pdata[i], "unit"), DEPARTMENT))
      g_ptr_array_add (maker->orderers, people->pdata[i]);
}

BstRequestMaker *
bst_request_maker_new (const char *sample, guint32 seed, GError **error)
{
  static const char *const files[] = { "org.json", "people.json", "catalogue.json",
                                       "calendar.json" };
  g_autoptr (BstRequestMaker) maker = g_new0 (BstRequestMaker, 1);

  maker->seed = seed;
  maker->records =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    if (!load (maker, sample, files[i], error))
      return NULL;
  maker->org = bst_org_new (bst_request_maker_records (maker, "OrgUnit"), error);
  if (!maker->org)
    return NULL;
  list_places (maker);
  return g_steal_pointer (&maker);
}

void
bst_request_maker_free (BstRequestMaker *maker)
{
  if (!maker)
    return;
  g_clear_pointer (&maker->records, g_hash_table_unref);
  g_clear_pointer (&maker->org, bst_org_unref);
  g_clear_pointer (&maker->units, g_ptr_array_unref);
  g_clear_pointer (&maker->orderers, g_ptr_array_unref);
  g_free (maker);
}

const char *
bst_request_maker_unit (BstRequestMaker *maker)
{
  return DEPARTMENT;
}

const char *
bst_request_maker_person (BstRequestMaker *maker)
{
  return PERSON;
}

GPtrArray *
bst_request_maker_records (BstRequestMaker *maker, const char *type)
{
  return g_hash_table_lookup (maker->records, type);
}

/* ---- words ---- */

static const char *const occasions[] = {
  "til ny kollega",       "til vikar",       "til elev",
  "til afdelingslederen", "til nattevagten", "til køkkenet",
  "til personalerummet",  "efter flytning",  "i stedet for defekt",
  "inden sommerferien",   "til studerende",  "til træningslokalet",
  "til mødelokale 2",     "haster lidt",     "til hjemmearbejde",
  "til teamet i stuen",   "efter barsel",    "til receptionen",
  "til ny institution",   "på 1. sal",
};
static const char *const openings[] = {
  "Vi får en ny kollega, som begynder den første i næste måned.",
  "Den gamle er gået i stykker, og vi har prøvet at genstarte den.",
  "Efter ombygningen mangler vi dette i de to lokaler mod gården.",
  "Aftalt med lederen på sidste personalemøde.",
  "Vores elev er færdig, og vi skal bruge det samme til den næste.",
  "Borgerne har spurgt efter det flere gange, og vi kan ikke klare det selv.",
  "Natholdet har ikke adgang, når der er vagtskifte.",
  "Vi flytter sammen med naboafdelingen i uge 34.",
  "Årshjulet siger, at det skal være på plads inden tilsynet.",
  "Medarbejderen er kommet tilbage fra barsel og arbejder nu på deltid.",
};
static const char *const wishes[] = {
  "Det må gerne leveres ved hovedindgangen.",
  "Ring til afdelingskontoret, hvis der er spørgsmål.",
  "Nøglen ligger i receptionen mellem 8 og 15.",
  "Det skal virke sammen med det, vi har i forvejen.",
  "Vi er der ikke om onsdagen før kl. 10.",
  "Brug samme opsætning som sidst.",
  "Læg mærke til, at døren er smal, og at der er trapper.",
  "Tak, hvis det kan nås før weekenden.",
  "Der er sat penge af på budgettet.",
  "Husk, at der er beboere, som sover til middag.",
};
static const char *const places[] = { "Kontoret, stuen", "Personalerum, 1. sal", "Køkkenet",
                                      "Hovedindgangen",  "Lokale 2.14",          "Vagtstuen",
                                      "Depotet",         "Receptionen" };

/* Most orders of a department are over. */
static const BstState states[] = {
  BST_STATE_CLOSED,    BST_STATE_CLOSED,      BST_STATE_CLOSED,   BST_STATE_CLOSED,
  BST_STATE_CLOSED,    BST_STATE_CLOSED,      BST_STATE_CLOSED,   BST_STATE_CLOSED,
  BST_STATE_CLOSED,    BST_STATE_CLOSED,      BST_STATE_CLOSED,   BST_STATE_CLOSED,
  BST_STATE_DELIVERED, BST_STATE_IN_PROGRESS, BST_STATE_ACCEPTED, BST_STATE_CANCELLED,
  BST_STATE_REJECTED,  BST_STATE_CLOSED,      BST_STATE_CLOSED,   BST_STATE_CLOSED,
};

/* ---- requests ---- */

static gint64
made_at (gpointer closure)
{
  return ((Making *) closure)->submitted * 1000;
}

static void
fill_random (gpointer closure, guint8 *bytes, gsize len)
{
  for (gsize i = 0; i < len; i++)
    bytes[i] = (guint8) g_rand_int_range (((Making *) closure)->rand, 0, 256);
}

static void
put (GVariantDict *doc, const char *name, const char *text)
{
  if (text)
    g_variant_dict_insert (doc, name, "s", text);
}

static void
put_instant (GVariantDict *doc, const char *name, gint64 seconds)
{
  g_autofree char *text = bst_instant_format (seconds);

  put (doc, name, text);
}

static GVariant *
make_line (Making *making, GVariant *service, gint64 order)
{
  gint64 quantity =
      bst_doc_get_bool (service, "quantity") ? g_rand_int_range (making->rand, 1, 5) : 1;
  g_autoptr (GVariant) ordered = bst_request_line_from_service (service, NULL, quantity, order);
  GVariantDict line;

  g_variant_dict_init (&line, ordered);
  put (&line, "state", bst_state_name (making->state));
  put (&line, "performer", bst_doc_get_string (service, "responsible/performer"));
  put_instant (&line, "due", making->submitted + 5 * DAY);
  if (making->state == BST_STATE_CLOSED || making->state == BST_STATE_DELIVERED)
    put_instant (&line, "deliveredAt",
                 making->submitted + g_rand_int_range (making->rand, 1, 9) * DAY);
  return g_variant_dict_end (&line);
}

static GVariant *
make_lines (Making *making, GVariant **ret_first)
{
  GPtrArray *services = bst_request_maker_records (making->maker, "Service");
  gint64 n = g_rand_int_range (making->rand, 0, 4) == 0 ? 2 : 1;
  GVariantDict lines;

  g_variant_dict_init (&lines, NULL);
  for (gint64 i = 1; i <= n; i++)
    {
      GVariant *service =
          services->pdata[g_rand_int_range (making->rand, 0, (gint32) services->len)];
      char key[] = { 'l', (char) ('0' + i), '\0' };

      if (i == 1)
        *ret_first = service;
      g_variant_dict_insert_value (&lines, key, make_line (making, service, i));
    }
  return g_variant_dict_end (&lines);
}

static void
put_words (Making *making, GVariantDict *doc, GVariant *service)
{
  const char *name = bst_doc_get_string (service, "name/da");
  g_autofree char *title = g_strconcat (name, " ", PICK (making, occasions), NULL);
  g_autofree char *need = g_strconcat (PICK (making, openings), " ", PICK (making, wishes), NULL);

  put (doc, "title", title);
  put (doc, "need", need);
  put (doc, "place", PICK (making, places));
}

static GVariant *
make_receivers (GVariant *person)
{
  GVariantDict receiver, receivers;

  g_variant_dict_init (&receiver, NULL);
  put (&receiver, "person", bst_doc_get_string (person, "id"));
  put (&receiver, "name", bst_doc_get_string (person, "name"));
  g_variant_dict_init (&receivers, NULL);
  g_variant_dict_insert_value (&receivers, "r1", g_variant_dict_end (&receiver));
  return g_variant_dict_end (&receivers);
}

static void
put_place (Making *making, GVariantDict *doc)
{
  BstOrg *org = making->maker->org;

  put (doc, "unit", making->unit);
  put (doc, "ean", bst_org_inherited (org, making->unit, "gln"));
  put (doc, "costPlace", bst_org_inherited (org, making->unit, "costPlace"));
  put (doc, "orderer", bst_doc_get_string (making->orderer, "id"));
  g_variant_dict_insert_value (doc, "receivers", make_receivers (making->orderer));
}

static void
put_course (Making *making, GVariantDict *doc, guint number)
{
  gboolean over = bst_state_is_over (making->state);
  g_autofree char *label = g_strdup_printf ("%d-%06u", 2023 + (int) (number / 36500), number + 1);

  put (doc, "number", label);
  put (doc, "state", bst_state_name (making->state));
  put_instant (doc, "submittedAt", making->submitted);
  put_instant (doc, "created", making->submitted);
  put_instant (doc, "updated", making->submitted + (over ? 9 : 1) * DAY);
  g_variant_dict_insert (doc, "rev", "x", (gint64) 1);
  g_variant_dict_insert (doc, "eventSequence", "x", (gint64) (over ? 5 : 2));
}

GVariant *
bst_request_maker_make (BstRequestMaker *maker, guint number)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (maker->seed + number);
  Making making = {
    .maker = maker,
    .rand = rand,
    .submitted = FIRST_DAY + (gint64) number * SECONDS_BETWEEN,
    .state = states[g_rand_int_range (rand, 0, G_N_ELEMENTS (states))],
    .unit = maker->units->pdata[g_rand_int_range (rand, 0, (gint32) maker->units->len)],
    .orderer = maker->orderers->pdata[g_rand_int_range (rand, 0, (gint32) maker->orderers->len)],
  };
  BstClock clock = { made_at, fill_random, &making };
  g_autofree char *uid = bst_uid_new (&clock);
  g_autoptr (GVariant) request = NULL;
  GVariant *first = NULL;
  GVariantDict doc;

  g_variant_dict_init (&doc, NULL);
  put (&doc, "id", uid);
  put (&doc, "uid", uid);
  g_variant_dict_insert_value (&doc, "lines", make_lines (&making, &first));
  put_words (&making, &doc, first);
  put_place (&making, &doc);
  put (&doc, "area", bst_doc_get_string (first, "area"));
  put_course (&making, &doc, number);
  request = bst_doc_take (g_variant_dict_end (&doc));
  return bst_request_with_totals (request, NULL);
}

/* ---- a larger catalogue ---- */

static const char *const kinds[] = {
  "plejehjem",  "folkeskole",    "børnehave",      "vuggestue", "rådhus",    "bibliotek",
  "tandklinik", "genbrugsplads", "sundhedscenter", "værksted",  "svømmehal", "ungdomsklub",
  "musikskole", "jobcenter",     "hjemmepleje",    "bosted",    "køkken",    "museum",
};
static const char *const models[] = { "standard", "udvidet",     "let",   "mobil",
                                      "delt",     "midlertidig", "ekstra" };

GVariant *
bst_request_maker_make_service (BstRequestMaker *maker, guint number)
{
  GPtrArray *services = bst_request_maker_records (maker, "Service");
  GVariant *service = services->pdata[number % services->len];
  guint variant = number / services->len;
  const char *kind = kinds[variant % G_N_ELEMENTS (kinds)];
  const char *model = models[variant / G_N_ELEMENTS (kinds) % G_N_ELEMENTS (models)];
  g_autofree char *id = g_strdup_printf ("%s-%u", bst_doc_get_string (service, "id"), variant);
  g_autofree char *code = g_strdup_printf ("%s-%u", bst_doc_get_string (service, "code"), variant);
  g_autofree char *name =
      g_strconcat (bst_doc_get_string (service, "name/da"), ", ", model, " til ", kind, NULL);
  GVariantDict doc;
  g_autoptr (GVariant) named = bst_doc_set_string (service, "name/da", name);

  g_variant_dict_init (&doc, named);
  put (&doc, "id", id);
  put (&doc, "code", code);
  put_instant (&doc, "updated", FIRST_DAY);
  g_variant_dict_insert (&doc, "rev", "x", (gint64) 1);
  return bst_doc_take (g_variant_dict_end (&doc));
}
