/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-import.h"

#include "bst-csv.h"
#include "bst-error.h"
#include "bst-money.h"

#include <string.h>

typedef struct
{
  BstImportFile *file;
  const BstImportOptions *options;
  GHashTable *new_areas; /* folded name -> id, of areas that this file brings */
  guint line;
} Reader;

/* Puts the text of a cell into a record. The message of an error begins with the property. */
typedef gboolean (
    *SetCell) (Reader *reader, GVariant **doc, const char *path, const char *text, GError **error);

/**
 * @headings: what a column may be called, in Danish, Norwegian and English, lower case, separated by "|"
 */
typedef struct
{
  const char *headings;
  const char *path;
  SetCell set;
} Column;

static gboolean
set_string (Reader *reader, GVariant **doc, const char *path, const char *text, GError **error)
{
  bst_doc_replace (doc, bst_doc_set_string (*doc, path, text));
  return TRUE;
}

static gboolean
set_localized (Reader *reader, GVariant **doc, const char *path, const char *text, GError **error)
{
  g_autofree char *inner = g_strconcat (path, "/", reader->options->language, NULL);

  return set_string (reader, doc, inner, text, error);
}

static gboolean
read_int (const char *path, const char *text, gint64 *ret_value, GError **error)
{
  if (g_ascii_string_to_signed (text, 10, 0, G_MAXINT32, ret_value, NULL))
    return TRUE;
  g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "%s: “%s” is no whole number", path, text);
  return FALSE;
}

static gboolean
set_money (Reader *reader, GVariant **doc, const char *path, const char *text, GError **error)
{
  BstMoney money;
  g_autoptr (GVariant) value = NULL;

  if (!bst_money_parse (text, reader->options->currency, reader->options->language, &money, error))
    {
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }
  value = bst_money_to_doc (&money);
  bst_doc_replace (doc, bst_doc_set (*doc, path, value));
  return TRUE;
}

/* A word in one of our languages -> a value of the dictionary. */
typedef struct
{
  const char *words;
  const char *value;
} Word;

static gboolean
has_word (const char *words, const char *text)
{
  g_autofree char *lower = g_utf8_strdown (text, -1);
  g_auto (GStrv) list = g_strsplit (words, "|", -1);

  return g_strv_contains ((const char *const *) list, lower);
}

static gboolean
set_word (GVariant **doc, const char *path, const char *text, const Word *words, GError **error)
{
  for (; words->words; words++)
    if (has_word (words->words, text))
      {
        bst_doc_replace (doc, bst_doc_set_string (*doc, path, words->value));
        return TRUE;
      }
  g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "%s: “%s” is not known", path, text);
  return FALSE;
}

static gboolean
set_obligation (Reader *reader, GVariant **doc, const char *path, const char *text, GError **error)
{
  static const Word words[] = { { "ja|yes|x|1|sand|obligatorisk|mandatory", "mandatory" },
                                { "nej|nei|no|0|falsk|tilkøb|tilvalg|add-on", "add-on" },
                                { NULL } };

  return set_word (doc, path, text, words, error);
}

static gboolean
set_unit_kind (Reader *reader, GVariant **doc, const char *path, const char *text, GError **error)
{
  static const Word words[] = { { "kommune|myndighed|myndighet|authority", "authority" },
                                { "forvaltning|etat|department", "department" },
                                { "institution|virksomhet|virksomhed|skole|institusjon",
                                  "institution" },
                                { "udfører|utfører|performer", "performer" },
                                { NULL } };

  return set_word (doc, path, text, words, error);
}

static gboolean
set_role (Reader *reader, GVariant **doc, const char *path, const char *text, GError **error)
{
  static const Word words[] = { { "modtager|mottaker|bruger|bruker|receiver", "receiver" },
                                { "bestiller|orderer", "orderer" },
                                { "godkender|godkjenner|approver", "approver" },
                                { "strategisk|strategic", "strategic" },
                                { "udfører|utfører|performer", "performer" },
                                { "administrator", "administrator" },
                                { NULL } };

  return set_word (doc, path, text, words, error);
}

static gboolean
set_working_days (Reader *reader,
                  GVariant **doc,
                  const char *path,
                  const char *text,
                  GError **error)
{
  gint64 days;
  GVariantDict promise;

  if (!read_int (path, text, &days, error))
    return FALSE;
  g_variant_dict_init (&promise, NULL);
  g_variant_dict_insert (&promise, "value", "x", days);
  g_variant_dict_insert (&promise, "unit", "s", "working-days");
  bst_doc_replace (doc, bst_doc_set (*doc, path, g_variant_dict_end (&promise)));
  return TRUE;
}

/* An id of letters and digits from a name: "Møde og print" -> "area-m-de-og-print". */
static char *
area_id (const char *name)
{
  g_autofree char *ascii = g_str_to_ascii (name, "da");
  GString *id = g_string_new ("area-");

  for (const char *at = ascii; *at; at++)
    g_string_append_c (id, g_ascii_isalnum (*at) ? g_ascii_tolower (*at) : '-');
  return g_string_free (id, FALSE);
}

/* By id or name; an area that nobody knows yet comes with the file. */
static gboolean
set_area (Reader *reader, GVariant **doc, const char *path, const char *text, GError **error)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_autofree char *id = reader->options->area_lookup
                            ? reader->options->area_lookup (text, reader->options->closure)
                            : NULL;

  if (!id)
    id = g_strdup (g_hash_table_lookup (reader->new_areas, folded));
  if (!id)
    {
      g_autoptr (GVariant) area = bst_doc_new ();

      id = area_id (text);
      bst_doc_replace (&area, bst_doc_set_string (area, "id", id));
      set_localized (reader, &area, "name", text, NULL);
      bst_import_add (reader->file, bst_record_type_find ("ServiceArea"), g_steal_pointer (&area),
                      reader->line, 1);
      g_hash_table_insert (reader->new_areas, g_steal_pointer (&folded), g_strdup (id));
    }
  return set_string (reader, doc, path, id, error);
}

static gboolean
set_version (Reader *reader, GVariant **doc, const char *path, const char *text, GError **error)
{
  gint64 version;

  if (!read_int (path, text, &version, error))
    return FALSE;
  bst_doc_replace (doc, bst_doc_set_int (*doc, path, version));
  return TRUE;
}

static const Column service_columns[] = {
  { "id", "id", set_string },
  { "kode|code|nummer|ydelsesnr", "code", set_string },
  { "navn|name|ydelse|tjeneste|service", "name", set_localized },
  { "område|area|ydelsesområde|tjenesteområde", "area", set_area },
  { "resumé|resume|kort beskrivelse|sammendrag|summary", "summary", set_localized },
  { "beskrivelse|description", "description", set_localized },
  { "vi skal bruge|vi trenger|needs", "needs", set_localized },
  { "vilkår|terms", "terms", set_localized },
  { "søgeord|søkeord|nøgleord|nøkkelord|keywords", "keywords", set_localized },
  { "obligatorisk|mandatory|obligation", "obligation", set_obligation },
  { "pris|price|engangspris", "price/once", set_money },
  { "månedspris|pris pr. måned|pris per måned|månedlig pris|monthly price", "price/monthly",
    set_money },
  { "leveringstid (arbejdsdage)|leveringstid (arbeidsdager)|leveringstid|working days", "promise",
    set_working_days },
  { "gyldig fra|valid from", "validFrom", set_string },
  { "gyldig til|valid to", "validTo", set_string },
  { "version|versjon", "version", set_version },
  { NULL },
};

static const Column org_columns[] = {
  { "id|nr|nummer", "id", set_string },
  { "navn|name|enhed|enhet", "name", set_string },
  { "type|art|slags|kind", "kind", set_unit_kind },
  { "overordnet|parent|hører under", "parent", set_string },
  { "ean|gln|ean/gln", "gln", set_string },
  { "cvr|cvr-nummer|cvr-nr.|cvr number", "cvr", set_string },
  { "organisationsnummer|organisasjonsnummer|orgnr|orgnr.", "orgnr", set_string },
  { "omkostningssted|kostnadssted|cost place", "costPlace", set_string },
  { "adresse|address", "address", set_string },
  { "telefon|phone", "phone", set_string },
  { "e-mail|e-post|email", "email", set_string },
  { "tidszone|tidssone|time zone", "timeZone", set_string },
  { "valuta|currency", "currency", set_string },
  { NULL },
};

static const Column person_columns[] = {
  { "id|nr|nummer|brugernavn|brukernavn", "id", set_string },
  { "navn|name", "name", set_string },
  { "enhed|enhet|unit", "unit", set_string },
  { "titel|stilling|tittel|title", "title", set_string },
  { "e-mail|e-post|email", "email", set_string },
  { "telefon|phone", "phone", set_string },
  { "sprog|språk|language", "language", set_string },
  { "rolle|role", "grants/g1/role", set_role },
  { "rolle for|role on", "grants/g1/unit", set_string },
  { "beløbsgrænse|beløpsgrense|limit", "grants/g1/limit", set_money },
  { "fratrådt|sluttet|left", "left", set_string },
  { NULL },
};

/* The rest of a record that a spreadsheet leaves out. */
static GVariant *
complete_service (GVariant *doc)
{
  /* An amount of nothing is no charge. */
  gboolean once = bst_doc_get_int (doc, "price/once/amount", 0) != 0;
  gboolean monthly = bst_doc_get_int (doc, "price/monthly/amount", 0) != 0;
  const char *model = once && monthly ? "one-off-and-monthly"
                      : once          ? "one-off"
                      : monthly       ? "monthly"
                                      : "included";
  GVariant *whole = bst_doc_set_string (doc, "price/model", model);

  if (!bst_doc_has (whole, "obligation"))
    bst_doc_replace (&whole, bst_doc_set_string (whole, "obligation", "add-on"));
  if (!bst_doc_has (whole, "id") && bst_doc_has (whole, "code"))
    {
      g_autofree char *id = g_strconcat ("service-", bst_doc_get_string (whole, "code"), NULL);

      g_strcanon (id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", '-');
      bst_doc_replace (&whole, bst_doc_set_string (whole, "id", id));
    }
  return whole;
}

static GVariant *
complete_person (GVariant *doc)
{
  if (bst_doc_has (doc, "grants/g1/role") && !bst_doc_has (doc, "grants/g1/unit"))
    return bst_doc_set_string (doc, "grants/g1/unit", bst_doc_get_string (doc, "unit"));
  return g_variant_ref (doc);
}

static const struct
{
  const char *type;
  const Column *columns;
  GVariant *(*complete) (GVariant *doc);
} sheets[] = {
  { "Service", service_columns, complete_service },
  { "OrgUnit", org_columns, NULL },
  { "Person", person_columns, complete_person },
};

static const Column *
find_column (const Column *columns, const char *heading)
{
  for (; columns->headings; columns++)
    if (has_word (columns->headings, heading))
      return columns;
  return NULL;
}

static gboolean
map_headings (const BstCsvRow *header,
              const Column *columns,
              const Column **ret_map,
              GError **error)
{
  for (guint i = 0; i < header->cells->len; i++)
    {
      const BstCsvCell *cell = &g_array_index (header->cells, BstCsvCell, i);

      ret_map[i] = find_column (columns, cell->text);
      if (!ret_map[i] && cell->text[0])
        {
          g_set_error (error, BST_ERROR, BST_ERROR_INVALID,
                       "line %u, column %u: no property is known for the heading “%s”",
                       header->line, cell->column, cell->text);
          return FALSE;
        }
      for (guint j = 0; j < i; j++)
        if (ret_map[i] && ret_map[j] == ret_map[i])
          {
            g_set_error (error, BST_ERROR, BST_ERROR_INVALID,
                         "line %u, column %u: the heading “%s” says the same as column %u",
                         header->line, cell->column, cell->text, j + 1);
            return FALSE;
          }
    }
  return TRUE;
}

static GVariant *
read_row (Reader *reader,
          const BstCsvRow *row,
          const Column *const *map,
          GHashTable *places,
          GError **error)
{
  g_autoptr (GVariant) doc = bst_doc_new ();

  reader->line = row->line;
  for (guint i = 0; i < row->cells->len; i++)
    {
      const BstCsvCell *cell = &g_array_index (row->cells, BstCsvCell, i);

      if (!cell->text[0] || !map[i])
        continue;
      g_hash_table_insert (places, (gpointer) map[i]->path, GUINT_TO_POINTER (cell->column));
      if (!map[i]->set (reader, &doc, map[i]->path, cell->text, error))
        {
          g_prefix_error (error, "line %u, column %u: ", row->line, cell->column);
          return NULL;
        }
    }
  return g_steal_pointer (&doc);
}

static gboolean
read_rows (Reader *reader, BstCsv *csv, guint sheet, GError **error)
{
  const BstCsvRow *header = csv->rows->pdata[0];
  g_autofree const Column **map = g_new0 (const Column *, header->cells->len);

  if (!map_headings (header, sheets[sheet].columns, map, error))
    return FALSE;
  for (guint i = 1; i < csv->rows->len; i++)
    {
      const BstCsvRow *row = csv->rows->pdata[i];
      g_autoptr (GHashTable) places = g_hash_table_new (g_str_hash, g_str_equal);
      g_autoptr (GVariant) doc = read_row (reader, row, map, places, error);
      BstImportRow *added;

      if (!doc)
        return FALSE;
      if (sheets[sheet].complete)
        bst_doc_replace (&doc, sheets[sheet].complete (doc));
      if (!bst_doc_has (doc, "id"))
        {
          g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "line %u, column 1: id: is missing",
                       row->line);
          return FALSE;
        }
      added = bst_import_add (reader->file, bst_record_type_find (sheets[sheet].type),
                              g_steal_pointer (&doc), row->line, 1);
      added->places = g_steal_pointer (&places);
    }
  return TRUE;
}

BstImportFile *
bst_import_read_csv (const char *text, gsize len, const BstImportOptions *options, GError **error)
{
  g_autoptr (BstImportFile) file = g_new0 (BstImportFile, 1);
  g_autoptr (BstCsv) csv = NULL;
  g_autoptr (GHashTable) new_areas =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Reader reader = { file, options, new_areas, 0 };

  file->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_import_row_free);
  file->format = "csv";
  csv = bst_csv_parse (text, len, error);
  if (!csv)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (sheets); i++)
    if (g_strv_contains (options->types, sheets[i].type))
      return read_rows (&reader, csv, i, error) ? g_steal_pointer (&file) : NULL;
  g_set_error (error, BST_ERROR, BST_ERROR_INVALID,
               "line 1, column 1: these records are not read from CSV, but from JSON");
  return NULL;
}
