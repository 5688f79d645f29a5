/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Charges: made, ended, objected to, checked. */

#include "bst-billing-private.h"

#include "bst-error.h"
#include "bst-json.h"
#include "bst-month.h"
#include "bst-text.h"

#include <string.h>

#define PAGE 500

/* ---- what all of it needs ---- */

void
bst_billing_context (BstStorage *storage, const char *unit, BstChargeContext *ret_context)
{
  const char *country = bst_doc_get_string (storage->settings, "country");

  *ret_context =
      (BstChargeContext){ bst_storage_org (storage, NULL), bst_storage_zone (storage, unit),
                          g_strcmp0 (country, "NO") == 0 ? "nb" : "da" };
}

char *
bst_billing_month (BstStorage *storage, const char *unit)
{
  return bst_month_of_instant (bst_clock_now (storage->clock), bst_storage_zone (storage, unit));
}

/* Whether there is, or ever was, a charge of that id. */
static gboolean
is_made (BstStorage *storage, const char *id, gboolean *ret_made, GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (storage->db, "SELECT 1 FROM record WHERE type = 'Charge' AND id = ?1", error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, id);
  return bst_stmt_step (stmt, ret_made, error);
}

static gboolean
make_missing (BstStorage *storage,
              GPtrArray *charges,
              const char *kind,
              guint *ret_n,
              GError **error)
{
  const BstRecordType *type = bst_record_type_find ("Charge");

  for (guint i = 0; i < charges->len; i++)
    {
      GVariant *charge = charges->pdata[i];
      gboolean made;
      BstPutResult result;

      if (kind && g_strcmp0 (bst_doc_get_string (charge, "kind"), kind) != 0)
        continue;
      if (!is_made (storage, bst_doc_get_string (charge, "id"), &made, error))
        return FALSE;
      if (made)
        continue;
      if (!bst_storage_put (storage, type, charge, &result, error))
        return FALSE;
      ++*ret_n;
    }
  return TRUE;
}

/* ---- at delivery ---- */

gboolean
bst_billing_charge_delivered (BstStorage *storage, GVariant *request, GError **error)
{
  const char *unit = bst_doc_get_string (request, "unit");
  g_autofree char *month = bst_billing_month (storage, unit);
  g_autoptr (GPtrArray) charges = NULL;
  BstChargeContext context;
  guint n = 0;

  bst_billing_context (storage, unit, &context);
  charges = bst_charges_for_request (request, month, &context, error);
  return charges && make_missing (storage, charges, "once", &n, error);
}

/* ---- by months ---- */

static gboolean
charge_request (BstStorage *storage,
                GVariant *request,
                const char *from,
                const char *to,
                guint *ret_n,
                GError **error)
{
  BstChargeContext context;
  g_autofree char *month = g_strdup (from);

  bst_billing_context (storage, bst_doc_get_string (request, "unit"), &context);
  while (month && strcmp (month, to) <= 0)
    {
      g_autoptr (GPtrArray) charges = bst_charges_for_request (request, month, &context, error);
      char *next;

      if (!charges || !make_missing (storage, charges, NULL, ret_n, error))
        {
          g_prefix_error (error, "%s: ", bst_doc_get_string (request, "number"));
          return FALSE;
        }
      next = bst_month_add (month, 1);
      g_free (month);
      month = next;
    }
  return TRUE;
}

/* The next orders after *@after, by id. (element-type GVariant) */
static GPtrArray *
load_requests (BstStorage *storage, const char *after, GError **error)
{
  g_autoptr (GPtrArray) requests =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (BstStmt) stmt = bst_db_prepare (storage->db,
                                             "SELECT doc FROM record WHERE type = 'Request' AND id "
                                             "> ?1 AND doc IS NOT NULL ORDER BY id LIMIT ?2",
                                             error);
  gboolean row = TRUE;

  if (!stmt)
    return NULL;
  bst_stmt_bind_text (stmt, 1, after);
  bst_stmt_bind_int (stmt, 2, PAGE);
  for (;;)
    {
      GVariant *request;

      if (!bst_stmt_step (stmt, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&requests);
      request = bst_json_parse_object (bst_stmt_text (stmt, 0),
                                       (gssize) bst_stmt_text_len (stmt, 0), error);
      if (!request)
        return NULL;
      g_ptr_array_add (requests, request);
    }
}

gboolean
bst_billing_charge_months (BstStorage *storage,
                           const char *from,
                           const char *to,
                           guint *ret_n,
                           GError **error)
{
  g_autofree char *after = g_strdup ("");

  *ret_n = 0;
  if (!bst_month_parse (from, NULL, NULL) || !bst_month_parse (to, NULL, NULL))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "“%s” is no month",
                   bst_month_parse (from, NULL, NULL) ? to : from);
      return FALSE;
    }
  for (;;)
    {
      g_autoptr (GPtrArray) requests = load_requests (storage, after, error);

      if (!requests)
        return FALSE;
      if (requests->len == 0)
        return TRUE;
      for (guint i = 0; i < requests->len; i++)
        if (!charge_request (storage, requests->pdata[i], from, to, ret_n, error))
          return FALSE;
      g_free (after);
      after = g_strdup (bst_doc_get_string (requests->pdata[requests->len - 1], "id"));
    }
}

/* ---- objections ---- */

gboolean
bst_billing_check_performer (BstStorage *storage,
                             const char *person,
                             const char *unit,
                             GError **error)
{
  g_autoptr (GVariant) record = bst_storage_get (storage, "Person", person, error);

  if (!record)
    return FALSE;
  if (bst_storage_roles (storage, record, unit, NULL) &
      (BST_ROLE_PERFORMER | BST_ROLE_ADMINISTRATOR))
    return TRUE;
  g_set_error (error, BST_ERROR, BST_ERROR_FORBIDDEN,
               "%s is neither performer nor administrator on %s", person, unit);
  return FALSE;
}

static gboolean
make_credit (BstStorage *storage, GVariant *charge, GError **error)
{
  g_autofree char *month = bst_billing_month (storage, bst_doc_get_string (charge, "unit"));
  g_autoptr (GVariant) credit = bst_charge_credit (charge, month, NULL);
  g_autoptr (GPtrArray) credits = g_ptr_array_new ();
  guint n = 0;

  if (!credit)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_FORBIDDEN, "a credit is not taken back");
      return FALSE;
    }
  g_ptr_array_add (credits, credit);
  return make_missing (storage, credits, NULL, &n, error);
}

static GVariant *
answered (GVariant *charge, gboolean accept, const char *text)
{
  g_autoptr (GVariant) with_state =
      bst_doc_set_string (charge, "objectionState", accept ? "accepted" : "declined");

  return bst_doc_set_string (with_state, "objectionReply", text);
}

GVariant *
bst_billing_answer (BstStorage *storage,
                    const char *person,
                    const char *charge,
                    gboolean accept,
                    const char *text,
                    GError **error)
{
  const BstRecordType *type = bst_record_type_find ("Charge");
  g_autoptr (BstStorageRow) row = bst_storage_row_load (storage, type->name, charge, error);
  g_autoptr (GVariant) doc = NULL;

  if (!row)
    return NULL;
  if (!row->doc || g_strcmp0 (bst_doc_get_string (row->doc, "objectionState"), "raised") != 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_FORBIDDEN, "no objection is raised against %s",
                   charge);
      return NULL;
    }
  if (!accept && (!text || !*text))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "text: why it is declined must be said");
      return NULL;
    }
  if (!bst_billing_check_performer (storage, person, row->unit, error) ||
      (accept && !make_credit (storage, row->doc, error)))
    return NULL;
  doc = answered (row->doc, accept, text);
  return bst_storage_write (storage, type, charge, row, doc, NULL, error);
}

/* ---- ends ---- */

/* Whether a month after @month was charged for the line. */
static gboolean
charged_later (BstStorage *storage,
               const char *request,
               const char *line,
               const char *month,
               gboolean *ret_later,
               GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (storage->db,
                      "SELECT 1 FROM record AS c WHERE request = ?1 AND type = 'Charge' AND doc "
                      "->> '$.line' = ?2 AND doc ->> '$.kind' = 'monthly' AND doc ->> '$.month' > "
                      "?3 AND NOT EXISTS (SELECT 1 FROM record AS k WHERE k.request = ?1 AND "
                      "k.type = 'Charge' AND k.doc ->> '$.credits' = c.id) LIMIT 1",
                      error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, request);
  bst_stmt_bind_text (stmt, 2, line);
  bst_stmt_bind_text (stmt, 3, month);
  return bst_stmt_step (stmt, ret_later, error);
}

static gboolean
end_line (BstStorage *storage,
          GVariant **request,
          const char *line_id,
          const char *month,
          GError **error)
{
  g_autoptr (GVariant) line = bst_request_line (*request, line_id);
  g_autoptr (GVariant) price = line ? bst_doc_lookup (line, "price") : NULL;
  g_autofree char *key = bst_path_escape (line_id);
  g_autofree char *path = g_strconcat ("lines/", key, "/chargeUntil", NULL);
  gboolean later;
  BstMoney money;

  if (!price || bst_value_is_null (price) || !bst_price_monthly (price, &money))
    return TRUE;
  if (!charged_later (storage, bst_doc_get_string (*request, "id"), line_id, month, &later, error))
    return FALSE;
  if (later)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_FORBIDDEN, "%s: a later month was charged already",
                   line_id);
      return FALSE;
    }
  bst_doc_replace (request, bst_doc_set_string (*request, path, month));
  return TRUE;
}

GVariant *
bst_billing_end (BstStorage *storage,
                 const char *person,
                 const char *request,
                 const char *line,
                 const char *month,
                 GError **error)
{
  const BstRecordType *type = bst_record_type_find ("Request");
  g_autoptr (BstStorageRow) row = bst_storage_row_load (storage, type->name, request, error);
  g_autoptr (GVariant) doc = row && row->doc ? g_variant_ref (row->doc) : NULL;
  g_autoptr (GVariant) there = doc && line ? bst_request_line (doc, line) : NULL;
  g_auto (GStrv) lines = doc ? bst_request_line_ids (doc) : NULL;

  if (!row)
    return NULL;
  if (!bst_month_parse (month, NULL, NULL))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "“%s” is no month", month);
      return NULL;
    }
  if (!doc || (line && !there))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_NOT_FOUND, "no line “%s”", line ? line : "");
      return NULL;
    }
  if (!bst_billing_check_performer (storage, person, row->unit, error))
    return NULL;
  for (guint i = 0; lines[i]; i++)
    if ((!line || strcmp (line, lines[i]) == 0) &&
        !end_line (storage, &doc, lines[i], month, error))
      return NULL;
  return bst_storage_write (storage, type, request, row, doc, NULL, error);
}

/* ---- what does not fit ---- */

static GPtrArray *
charges_of_request (BstStorage *storage, const char *request)
{
  GPtrArray *charges = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db,
      "SELECT doc FROM record WHERE request = ?1 AND type = 'Charge' AND doc IS NOT NULL", NULL);
  gboolean row;

  if (!stmt || !request)
    return charges;
  bst_stmt_bind_text (stmt, 1, request);
  while (bst_stmt_step (stmt, &row, NULL) && row)
    {
      GVariant *charge = bst_json_parse_object (bst_stmt_text (stmt, 0), -1, NULL);

      if (charge)
        g_ptr_array_add (charges, charge);
    }
  return charges;
}

BstChargeFlags
bst_billing_check (BstStorage *storage, GVariant *charge)
{
  const char *request_id = bst_doc_get_string (charge, "request");
  const char *service_id = bst_doc_get_string (charge, "service");
  g_autoptr (GVariant) request =
      request_id ? bst_storage_get (storage, "Request", request_id, NULL) : NULL;
  g_autoptr (GVariant) service =
      service_id ? bst_storage_get (storage, "Service", service_id, NULL) : NULL;
  g_autoptr (GPtrArray) others = charges_of_request (storage, request_id);
  BstChargeContext context;

  bst_billing_context (storage, bst_doc_get_string (charge, "unit"), &context);
  return bst_charge_check (charge, request, service, &context, others);
}

typedef struct
{
  BstStorage *storage;
  const char *month;
  GPtrArray *findings;
} Findings;

static gboolean
find_cb (GVariant *charge, gpointer closure)
{
  Findings *search = closure;
  BstChargeFlags flags;
  GVariantBuilder names;
  GVariantDict dict;

  if (search->month && g_strcmp0 (bst_doc_get_string (charge, "month"), search->month) != 0)
    return TRUE;
  flags = bst_billing_check (search->storage, charge);
  if (flags == BST_CHARGE_FINE)
    return TRUE;
  g_variant_builder_init (&names, G_VARIANT_TYPE ("av"));
  for (int i = 0; i < BST_CHARGE_N_FLAGS; i++)
    if (flags & (1u << i))
      g_variant_builder_add (
          &names, "v", g_variant_new_string (bst_charge_flag_name ((BstChargeFlags) (1u << i))));
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "charge", charge);
  g_variant_dict_insert_value (&dict, "flags", g_variant_builder_end (&names));
  g_ptr_array_add (search->findings, bst_doc_take (g_variant_dict_end (&dict)));
  return TRUE;
}

GPtrArray *
bst_billing_findings (BstStorage *storage, const char *month, GError **error)
{
  g_autoptr (GPtrArray) findings =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  Findings search = { storage, month, findings };

  return bst_storage_each (storage, "Charge", find_cb, &search, error) ? g_steal_pointer (&findings)
                                                                       : NULL;
}
