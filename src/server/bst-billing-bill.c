/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bills: charges of a month put together by who pays, numbered, and kept as they were made. */

#include "bst-billing-private.h"

#include "bst-date.h"
#include "bst-error.h"
#include "bst-json.h"
#include "bst-month.h"
#include "bst-text.h"

#include <stdlib.h>
#include <string.h>

#define DAYS_TO_PAY 30

typedef struct
{
  BstStorage *storage;
  BstOrg *org;
  const char *month;
  const char *unit;   /* (nullable) */
  const char *ean;    /* (nullable) */
  GHashTable *groups; /* who pays -> GPtrArray of charges */
} Billing;

/* ---- who pays ---- */

/* The EAN; where there is none, the organisation number and the cost place. NULL: neither. (transfer full) */
static char *
payer_of (BstOrg *org, GVariant *charge)
{
  const char *ean = bst_doc_get_string (charge, "ean");
  const char *unit = bst_doc_get_string (charge, "unit");
  const char *place = bst_doc_get_string (charge, "costPlace");
  const char *orgnr = unit ? bst_org_inherited (org, unit, "orgnr") : NULL;

  if (ean)
    return g_strdup (ean);
  return orgnr ? g_strconcat (orgnr, "/", place ? place : "", NULL) : NULL;
}

/* The unit that has the number, at or above the one that is charged. */
static const char *
paying_unit (BstOrg *org, GVariant *charge)
{
  const char *unit = bst_doc_get_string (charge, "unit");
  const char *ean = bst_doc_get_string (charge, "ean");

  for (const char *here = unit; here; here = bst_org_parent (org, here))
    {
      GVariant *doc = bst_org_unit (org, here);
      const char *own = bst_doc_get_string (doc, ean ? "gln" : "orgnr");

      if (ean ? g_strcmp0 (own, ean) == 0 : own != NULL)
        return here;
    }
  return unit;
}

/* The service centre: the topmost performer, else the authority itself. */
static const char *
selling_unit (BstOrg *org)
{
  g_auto (GStrv) roots = bst_org_roots (org);
  g_auto (GStrv) all = roots[0] ? bst_org_descendants (org, roots[0]) : NULL;
  static char *none[] = { NULL };

  for (char **unit = all ? all : none; *unit; unit++)
    if (g_strcmp0 (bst_org_unit_kind (org, *unit), "performer") == 0)
      return bst_doc_get_string (bst_org_unit (org, *unit), "id");
  return roots[0] ? bst_doc_get_string (bst_org_unit (org, roots[0]), "id") : NULL;
}

static void
put (GVariantDict *dict, const char *name, const char *value)
{
  if (value)
    g_variant_dict_insert (dict, name, "s", value);
}

static GVariant *
party (BstOrg *org, const char *unit, const char *ean, const char *cost_place)
{
  static const char *const inherited[] = { "cvr",   "orgnr", "country", "address",
                                           "phone", "email", NULL };
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  put (&dict, "unit", unit);
  put (&dict, "name", bst_org_unit_name (org, unit));
  put (&dict, "gln", ean ? ean : bst_org_inherited (org, unit, "gln"));
  put (&dict, "costPlace", cost_place);
  for (const char *const *name = inherited; *name; name++)
    put (&dict, *name, bst_org_inherited (org, unit, *name));
  return bst_doc_take (g_variant_dict_end (&dict));
}

static gboolean
check_party (GVariant *party_doc, GError **error)
{
  if (bst_doc_has (party_doc, "gln") || bst_doc_has (party_doc, "orgnr"))
    return TRUE;
  g_set_error (error, BST_ERROR, BST_ERROR_INVALID,
               "%s: the unit has neither an EAN nor an organisation number",
               bst_doc_get_string (party_doc, "unit"));
  return FALSE;
}

/* ---- what is billed ---- */

static gboolean
is_wanted (Billing *billing, GVariant *charge)
{
  const char *unit = bst_doc_get_string (charge, "unit");

  return !bst_doc_has (charge, "bill") &&
         g_strcmp0 (bst_doc_get_string (charge, "month"), billing->month) == 0 &&
         (!billing->unit || (unit && bst_org_is_within (billing->org, unit, billing->unit))) &&
         (!billing->ean || g_strcmp0 (bst_doc_get_string (charge, "ean"), billing->ean) == 0);
}

static gboolean
sort_out (Billing *billing, GVariant *charge, GError **error)
{
  g_autofree char *payer = NULL;
  GPtrArray *group;

  if (!is_wanted (billing, charge))
    return TRUE;
  payer = payer_of (billing->org, charge);
  if (!payer)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID,
                   "%s: the unit has neither an EAN nor an organisation number",
                   bst_doc_get_string (charge, "unit"));
      return FALSE;
    }
  group = g_hash_table_lookup (billing->groups, payer);
  if (!group)
    {
      group = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
      g_hash_table_insert (billing->groups, g_steal_pointer (&payer), group);
    }
  g_ptr_array_add (group, g_variant_ref (charge));
  return TRUE;
}

static gboolean
collect (Billing *billing, GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (billing->storage->db,
                      "SELECT doc FROM record WHERE type = 'Charge' AND doc IS NOT NULL AND doc "
                      "->> '$.month' = ?1 AND doc ->> '$.bill' IS NULL ORDER BY id",
                      error);
  gboolean row = TRUE;

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, billing->month);
  for (;;)
    {
      g_autoptr (GVariant) charge = NULL;

      if (!bst_stmt_step (stmt, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      charge = bst_json_parse_object (bst_stmt_text (stmt, 0), (gssize) bst_stmt_text_len (stmt, 0),
                                      error);
      if (!charge || !sort_out (billing, charge, error))
        return FALSE;
    }
}

/* ---- one bill ---- */

static char *
next_number (BstStorage *storage, const char *year, gint64 *ret_seq, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db, "SELECT coalesce (max (seq), 0) + 1 FROM bill WHERE year = ?1", error);
  gboolean row;

  if (!stmt)
    return NULL;
  bst_stmt_bind_int (stmt, 1, g_ascii_strtoll (year, NULL, 10));
  if (!bst_stmt_step (stmt, &row, error))
    return NULL;
  *ret_seq = bst_stmt_int (stmt, 0);
  return g_strdup_printf ("B%.4s-%06" G_GINT64_FORMAT, year, *ret_seq);
}

/* The bill on which stands what @charge takes back: {"bill","issued"}; NULL: none, or it is no credit. (transfer full) */
static GVariant *
credited (Billing *billing, GVariant *charge)
{
  const char *id = bst_doc_get_string (charge, "credits");
  g_autoptr (GVariant) taken = id ? bst_storage_get (billing->storage, "Charge", id, NULL) : NULL;
  const char *number = taken ? bst_doc_get_string (taken, "bill") : NULL;
  g_autoptr (GVariant) bill = number ? bst_billing_bill (billing->storage, number, NULL) : NULL;
  GVariantDict dict;

  if (!bill)
    return NULL;
  g_variant_dict_init (&dict, NULL);
  put (&dict, "bill", number);
  put (&dict, "issued", bst_doc_get_string (bill, "issued"));
  return bst_doc_take (g_variant_dict_end (&dict));
}

static GVariant *
line_of (Billing *billing, GVariant *charge)
{
  static const char *const names[] = { "line", "kind", "month", "costPlace", "text", NULL };
  const char *request_id = bst_doc_get_string (charge, "request");
  const char *service_id = bst_doc_get_string (charge, "service");
  const char *unit = bst_doc_get_string (charge, "unit");
  g_autoptr (GVariant) request =
      request_id ? bst_storage_get (billing->storage, "Request", request_id, NULL) : NULL;
  g_autoptr (GVariant) service =
      service_id ? bst_storage_get (billing->storage, "Service", service_id, NULL) : NULL;
  g_autoptr (GVariant) amount = bst_doc_lookup (charge, "amount");
  g_autoptr (GVariant) credits = credited (billing, charge);
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  put (&dict, "charge", bst_doc_get_string (charge, "id"));
  put (&dict, "order", request ? bst_doc_get_string (request, "number") : NULL);
  put (&dict, "title", request ? bst_doc_get_string (request, "title") : NULL);
  put (&dict, "code", service ? bst_doc_get_string (service, "code") : NULL);
  put (&dict, "unit", unit ? bst_org_unit_name (billing->org, unit) : NULL);
  for (const char *const *name = names; *name; name++)
    put (&dict, *name, bst_doc_get_string (charge, *name));
  g_variant_dict_insert (&dict, "quantity", "x", bst_doc_get_int (charge, "quantity", 1));
  g_variant_dict_insert_value (&dict, "amount", amount);
  if (credits)
    g_variant_dict_insert_value (&dict, "credits", credits);
  return bst_doc_take (g_variant_dict_end (&dict));
}

static gboolean
add_lines (Billing *billing, GPtrArray *charges, GVariantDict *bill, GError **error)
{
  g_auto (GVariantBuilder) lines = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));
  g_autoptr (GVariant) total = NULL;
  BstMoney sum = { 0 };

  for (guint i = 0; i < charges->len; i++)
    {
      g_autoptr (GVariant) line = line_of (billing, charges->pdata[i]);
      BstMoney amount;

      if (!bst_money_from_doc (charges->pdata[i], "amount", &amount) ||
          !bst_money_add (&sum, &amount, error))
        {
          g_prefix_error (error, "%s: ", bst_doc_get_string (charges->pdata[i], "id"));
          return FALSE;
        }
      g_variant_builder_add (&lines, "v", line);
    }
  total = bst_money_to_doc (&sum);
  g_variant_dict_insert (bill, "currency", "s", sum.currency);
  g_variant_dict_insert_value (bill, "total", total);
  g_variant_dict_insert_value (bill, "lines", g_variant_builder_end (&lines));
  return TRUE;
}

static GVariant *
make_bill (Billing *billing,
           GPtrArray *charges,
           const char *number,
           const char *today,
           GError **error)
{
  const char *ean = bst_doc_get_string (charges->pdata[0], "ean");
  const char *place = bst_doc_get_string (charges->pdata[0], "costPlace");
  g_autoptr (GVariant) seller = party (billing->org, selling_unit (billing->org), NULL, NULL);
  g_autoptr (GVariant) buyer =
      party (billing->org, paying_unit (billing->org, charges->pdata[0]), ean, place);
  g_autofree char *due = bst_date_add_days (today, DAYS_TO_PAY);
  GVariantDict dict;

  if (!check_party (seller, error) || !check_party (buyer, error))
    return NULL;
  g_variant_dict_init (&dict, NULL);
  put (&dict, "number", number);
  put (&dict, "month", billing->month);
  put (&dict, "issued", today);
  put (&dict, "due", due);
  g_variant_dict_insert_value (&dict, "seller", seller);
  g_variant_dict_insert_value (&dict, "buyer", buyer);
  if (!add_lines (billing, charges, &dict, error))
    {
      g_variant_dict_clear (&dict);
      return NULL;
    }
  return bst_doc_take (g_variant_dict_end (&dict));
}

static gboolean
keep_bill (BstStorage *storage, GVariant *bill, gint64 seq, GError **error)
{
  g_autofree char *text = bst_json_print (bill);
  const char *issued = bst_doc_get_string (bill, "issued");
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db, "INSERT INTO bill (year, seq, number, month, doc) VALUES (?1, ?2, ?3, ?4, ?5)",
      error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_int (stmt, 1, g_ascii_strtoll (issued, NULL, 10));
  bst_stmt_bind_int (stmt, 2, seq);
  bst_stmt_bind_text (stmt, 3, bst_doc_get_string (bill, "number"));
  bst_stmt_bind_text (stmt, 4, bst_doc_get_string (bill, "month"));
  bst_stmt_bind_text (stmt, 5, text);
  return bst_stmt_run (stmt, error);
}

static gboolean
mark_charges (BstStorage *storage, GPtrArray *charges, const char *number, GError **error)
{
  const BstRecordType *type = bst_record_type_find ("Charge");

  for (guint i = 0; i < charges->len; i++)
    {
      const char *id = bst_doc_get_string (charges->pdata[i], "id");
      g_autoptr (BstStorageRow) row = bst_storage_row_load (storage, type->name, id, error);
      g_autoptr (GVariant) marked = row ? bst_doc_set_string (row->doc, "bill", number) : NULL;
      g_autoptr (GVariant) stored =
          marked ? bst_storage_write (storage, type, id, row, marked, NULL, error) : NULL;

      if (!stored)
        return FALSE;
    }
  return TRUE;
}

static GVariant *
bill_group (Billing *billing, GPtrArray *charges, const char *today, GError **error)
{
  gint64 seq;
  g_autofree char *number = next_number (billing->storage, today, &seq, error);
  g_autoptr (GVariant) bill = number ? make_bill (billing, charges, number, today, error) : NULL;

  if (!bill || !keep_bill (billing->storage, bill, seq, error) ||
      !mark_charges (billing->storage, charges, number, error))
    return NULL;
  return g_steal_pointer (&bill);
}

/* ---- public ---- */

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

GPtrArray *
bst_billing_make_bills (BstStorage *storage,
                        const char *month,
                        const char *unit,
                        const char *ean,
                        GError **error)
{
  BstOrg *org = bst_storage_org (storage, error);
  g_autoptr (GHashTable) groups =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  g_autoptr (GPtrArray) bills = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autofree char **payers = NULL;
  guint n_payers = 0;
  Billing billing = { storage, org, month, unit, ean, groups };

  if (!org)
    return NULL;
  if (!bst_month_parse (month, NULL, NULL))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "“%s” is no month", month);
      return NULL;
    }
  if (!collect (&billing, error))
    return NULL;
  payers = (char **) g_hash_table_get_keys_as_array (groups, &n_payers);
  if (n_payers)
    qsort (payers, n_payers, sizeof *payers, compare_texts);
  for (guint i = 0; i < n_payers; i++)
    {
      GPtrArray *charges = g_hash_table_lookup (groups, payers[i]);
      g_autofree char *today =
          bst_storage_today (storage, bst_doc_get_string (charges->pdata[0], "unit"));
      GVariant *bill = bill_group (&billing, charges, today, error);

      if (!bill)
        return NULL;
      g_ptr_array_add (bills, bill);
    }
  return g_steal_pointer (&bills);
}

GVariant *
bst_billing_bill (BstStorage *storage, const char *number, GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (storage->db, "SELECT doc FROM bill WHERE number = ?1", error);
  gboolean row;

  if (!stmt)
    return NULL;
  bst_stmt_bind_text (stmt, 1, number);
  if (!bst_stmt_step (stmt, &row, error))
    return NULL;
  if (row)
    return bst_json_parse_object (bst_stmt_text (stmt, 0), (gssize) bst_stmt_text_len (stmt, 0),
                                  error);
  g_set_error (error, BST_ERROR, BST_ERROR_NOT_FOUND, "no bill “%s”", number);
  return NULL;
}
