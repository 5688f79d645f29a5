/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-charge.h"

#include "bst-clock.h"
#include "bst-doc.h"
#include "bst-error.h"
#include "bst-life.h"
#include "bst-month.h"
#include "bst-text.h"

#include <string.h>

#define TEXT_MAX 200

/* ---- what makes a charge the same ---- */

/* What stands between the parts is in none of them, so that no two lists give one id. */
static char *
id_of (const char *const *parts)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (; *parts; parts++)
    g_checksum_update (sum, (const guchar *) *parts, (gssize) strlen (*parts) + 1);
  return g_strdup_printf ("charge-%.32s", g_checksum_get_string (sum));
}

char *
bst_charge_id (const char *request, const char *line, const char *kind, const char *month)
{
  gboolean once = strcmp (kind, "once") == 0;

  return id_of ((const char *const[]){ request, line, kind, once ? "" : month, NULL });
}

char *
bst_charge_credit_id (const char *charge)
{
  return id_of ((const char *const[]){ "credit", charge, NULL });
}

/* ---- what a line costs ---- */

/* The month of a line's delivery; NULL while it is not delivered. */
static char *
delivery_month (GVariant *line, GTimeZone *zone)
{
  const char *delivered = bst_doc_get_string (line, "deliveredAt");
  gint64 at;

  return delivered && bst_instant_parse (delivered, &at) ? bst_month_of_instant (at, zone) : NULL;
}

static gboolean
stands_delivered (GVariant *line)
{
  BstState state = bst_state_from_name (bst_doc_get_string (line, "state"));

  return state == BST_STATE_DELIVERED || state == BST_STATE_CLOSED;
}

static gboolean
is_after_end (GVariant *line, const char *month)
{
  const char *until = bst_doc_get_string (line, "chargeUntil");

  return until && strcmp (month, until) > 0;
}

static const char *
ean_of (GVariant *request, BstOrg *org)
{
  const char *ean = bst_doc_get_string (request, "ean");
  const char *unit = bst_doc_get_string (request, "unit");

  return ean || !org || !unit ? ean : bst_org_inherited (org, unit, "gln");
}

static const char *
cost_place_of (GVariant *request, BstOrg *org)
{
  const char *place = bst_doc_get_string (request, "costPlace");
  const char *unit = bst_doc_get_string (request, "unit");

  return place || !org || !unit ? place : bst_org_inherited (org, unit, "costPlace");
}

static void
put (GVariantDict *dict, const char *name, const char *value)
{
  if (value)
    g_variant_dict_insert (dict, name, "s", value);
}

static void
put_text (GVariantDict *dict, GVariant *request, GVariant *line, const char *language)
{
  const char *name = bst_text_pick (line, "name", language);
  g_autofree char *text = NULL;

  if (!name)
    name = bst_doc_get_string (request, "title");
  if (!name)
    return;
  text = g_utf8_substring (name, 0, MIN (TEXT_MAX, g_utf8_strlen (name, -1)));
  put (dict, "text", text);
}

static GVariant *
charge_new (GVariant *request,
            const char *line_id,
            GVariant *line,
            const char *kind,
            const char *month,
            const BstMoney *amount,
            const BstChargeContext *context)
{
  const char *order = bst_doc_get_string (request, "id");
  g_autofree char *id = bst_charge_id (order, line_id, kind, month);
  g_autoptr (GVariant) money = bst_money_to_doc (amount);
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  put (&dict, "id", id);
  put (&dict, "unit", bst_doc_get_string (request, "unit"));
  put (&dict, "request", order);
  put (&dict, "line", line_id);
  put (&dict, "service", bst_doc_get_string (line, "service"));
  put (&dict, "month", month);
  put (&dict, "kind", kind);
  g_variant_dict_insert_value (&dict, "amount", money);
  g_variant_dict_insert (&dict, "quantity", "x", bst_doc_get_int (line, "quantity", 1));
  put (&dict, "ean", ean_of (request, context->org));
  put (&dict, "costPlace", cost_place_of (request, context->org));
  if (bst_doc_has (line, "serviceVersion"))
    g_variant_dict_insert (&dict, "priceVersion", "x", bst_doc_get_int (line, "serviceVersion", 0));
  put_text (&dict, request, line, context->language);
  return bst_doc_take (g_variant_dict_end (&dict));
}

/* price × quantity as ordered; FALSE without error: no such price. */
static gboolean
ordered_amount (GVariant *line, const char *kind, BstMoney *ret_amount, GError **error)
{
  g_autoptr (GVariant) price = bst_doc_lookup (line, "price");
  gboolean monthly = strcmp (kind, "monthly") == 0;

  if (!(monthly ? bst_price_monthly (price, ret_amount) : bst_price_once (price, ret_amount)))
    return FALSE;
  return bst_money_multiply (ret_amount, bst_doc_get_int (line, "quantity", 1), error);
}

static gboolean
add_charge (GPtrArray *charges,
            GVariant *request,
            const char *line_id,
            GVariant *line,
            const char *kind,
            const char *month,
            const BstChargeContext *context,
            GError **error)
{
  g_autoptr (GError) local = NULL;
  BstMoney amount;

  if (ordered_amount (line, kind, &amount, &local))
    {
      if (amount.amount != 0)
        g_ptr_array_add (charges,
                         charge_new (request, line_id, line, kind, month, &amount, context));
      return TRUE;
    }
  if (!local)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local), "lines/%s: ", line_id);
  return FALSE;
}

static gboolean
add_charges (GPtrArray *charges,
             GVariant *request,
             const char *line_id,
             const char *month,
             const BstChargeContext *context,
             GError **error)
{
  g_autoptr (GVariant) line = bst_request_line (request, line_id);
  g_autofree char *delivered = line ? delivery_month (line, context->zone) : NULL;
  int order;

  if (!bst_month_parse (month, NULL, NULL))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "“%s” is no month", month ? month : "");
      return FALSE;
    }
  if (!delivered || !stands_delivered (line))
    return TRUE;
  order = strcmp (delivered, month);
  if (order == 0)
    return add_charge (charges, request, line_id, line, "once", month, context, error);
  if (order > 0 || is_after_end (line, month))
    return TRUE;
  return add_charge (charges, request, line_id, line, "monthly", month, context, error);
}

GPtrArray *
bst_charges_for_line (GVariant *request,
                      const char *line,
                      const char *month,
                      const BstChargeContext *context,
                      GError **error)
{
  g_autoptr (GPtrArray) charges = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);

  return add_charges (charges, request, line, month, context, error) ? g_steal_pointer (&charges)
                                                                     : NULL;
}

GPtrArray *
bst_charges_for_request (GVariant *request,
                         const char *month,
                         const BstChargeContext *context,
                         GError **error)
{
  g_autoptr (GPtrArray) charges = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_auto (GStrv) lines = bst_request_line_ids (request);

  for (guint i = 0; lines[i]; i++)
    if (!add_charges (charges, request, lines[i], month, context, error))
      return NULL;
  return g_steal_pointer (&charges);
}

GVariant *
bst_charge_credit (GVariant *charge, const char *month, const char *text)
{
  static const char *const not_taken_over[] = {
    "uid",  "rev", "created", "updated", "bill", "objection", "objectionState", "objectionReply",
    "text", NULL
  };
  const char *id = bst_doc_get_string (charge, "id");
  g_autofree char *credit_id = id ? bst_charge_credit_id (id) : NULL;
  g_autoptr (GVariant) money = NULL;
  BstMoney amount;
  GVariantDict dict;

  if (!id || g_strcmp0 (bst_doc_get_string (charge, "kind"), "credit") == 0 ||
      !bst_money_from_doc (charge, "amount", &amount) || !bst_money_multiply (&amount, -1, NULL))
    return NULL;
  money = bst_money_to_doc (&amount);
  g_variant_dict_init (&dict, charge);
  for (const char *const *name = not_taken_over; *name; name++)
    g_variant_dict_remove (&dict, *name);
  put (&dict, "id", credit_id);
  put (&dict, "kind", "credit");
  put (&dict, "month", month);
  put (&dict, "credits", id);
  put (&dict, "text", text ? text : bst_doc_get_string (charge, "text"));
  g_variant_dict_insert_value (&dict, "amount", money);
  return bst_doc_take (g_variant_dict_end (&dict));
}

/* ---- whether it fits ---- */

static gboolean
same_money (const BstMoney *one, const BstMoney *other)
{
  return one->amount == other->amount && strcmp (one->currency, other->currency) == 0;
}

/* A charge of the order's life so far. */
static BstChargeFlags
check_life (GVariant *charge, GVariant *line, const char *kind, GTimeZone *zone)
{
  BstState state = bst_state_from_name (bst_doc_get_string (line, "state"));
  const char *month = bst_doc_get_string (charge, "month");
  g_autofree char *delivered = delivery_month (line, zone);
  gboolean monthly = strcmp (kind, "monthly") == 0;

  if (state == BST_STATE_CANCELLED || state == BST_STATE_REJECTED)
    return BST_CHARGE_CANCELLED;
  if (!delivered || !month)
    return BST_CHARGE_NOT_DELIVERED;
  if (monthly && is_after_end (line, month))
    return BST_CHARGE_CANCELLED;
  /* What was delivered, disputed and delivered again was charged before the last delivery, and rightly. */
  if (monthly ? strcmp (month, delivered) <= 0 && bst_doc_get_int (line, "disputes", 0) == 0
              : strcmp (month, delivered) < 0 && bst_doc_get_int (line, "disputes", 0) == 0)
    return BST_CHARGE_NOT_DELIVERED;
  return BST_CHARGE_FINE;
}

/* Whether the catalogue still has the version that was ordered, and another price in it. */
static gboolean
catalogue_differs (GVariant *charge, GVariant *line, GVariant *service, const char *kind)
{
  g_autoptr (GVariant) price = service ? bst_doc_lookup (service, "price") : NULL;
  gint64 version = bst_doc_get_int (charge, "priceVersion", 0);
  gboolean monthly = strcmp (kind, "monthly") == 0;
  BstMoney amount, charged;

  if (!service || version != bst_doc_get_int (service, "version", 0) ||
      bst_doc_get_string (line, "article") || bst_doc_get_string (line, "agreement") ||
      !bst_money_from_doc (charge, "amount", &charged))
    return FALSE;
  if (!(monthly ? bst_price_monthly (price, &amount) : bst_price_once (price, &amount)))
    return TRUE;
  return !bst_money_multiply (&amount, bst_doc_get_int (line, "quantity", 1), NULL) ||
         !same_money (&amount, &charged);
}

static BstChargeFlags
check_price (GVariant *charge, GVariant *line, GVariant *service, const char *kind)
{
  BstMoney ordered, charged;

  if (!ordered_amount (line, kind, &ordered, NULL) ||
      !bst_money_from_doc (charge, "amount", &charged) || !same_money (&ordered, &charged) ||
      bst_doc_get_int (charge, "quantity", 1) != bst_doc_get_int (line, "quantity", 1) ||
      bst_doc_get_int (charge, "priceVersion", 0) != bst_doc_get_int (line, "serviceVersion", 0) ||
      catalogue_differs (charge, line, service, kind))
    return BST_CHARGE_WRONG_PRICE;
  return BST_CHARGE_FINE;
}

static BstChargeFlags
check_ean (GVariant *charge, GVariant *request, BstOrg *org)
{
  const char *expected = ean_of (request, org);
  gboolean unit =
      g_strcmp0 (bst_doc_get_string (charge, "unit"), bst_doc_get_string (request, "unit")) == 0;

  return unit && g_strcmp0 (bst_doc_get_string (charge, "ean"), expected) == 0
             ? BST_CHARGE_FINE
             : BST_CHARGE_WRONG_EAN;
}

static gboolean
same_thing (GVariant *one, GVariant *other)
{
  static const char *const always[] = { "request", "line", "kind", "credits", NULL };
  const char *kind = bst_doc_get_string (one, "kind");

  for (const char *const *name = always; *name; name++)
    if (g_strcmp0 (bst_doc_get_string (one, *name), bst_doc_get_string (other, *name)) != 0)
      return FALSE;
  return g_strcmp0 (kind, "monthly") != 0 ||
         g_strcmp0 (bst_doc_get_string (one, "month"), bst_doc_get_string (other, "month")) == 0;
}

/* Which of two was there first: the earlier month, the earlier made, the smaller id. */
static gboolean
came_first (GVariant *one, GVariant *other)
{
  static const char *const names[] = { "month", "created", "id", NULL };

  for (const char *const *name = names; *name; name++)
    {
      int order = g_strcmp0 (bst_doc_get_string (one, *name), bst_doc_get_string (other, *name));

      if (order != 0)
        return order < 0;
    }
  return FALSE;
}

static BstChargeFlags
check_twice (GVariant *charge, GPtrArray *others)
{
  const char *id = bst_doc_get_string (charge, "id");

  for (guint i = 0; others && i < others->len; i++)
    if (g_strcmp0 (bst_doc_get_string (others->pdata[i], "id"), id) != 0 &&
        same_thing (others->pdata[i], charge) && came_first (others->pdata[i], charge))
      return BST_CHARGE_TWICE;
  return BST_CHARGE_FINE;
}

static BstChargeFlags
check_credit (GVariant *charge, GPtrArray *others)
{
  const char *credits = bst_doc_get_string (charge, "credits");

  if (!credits)
    return BST_CHARGE_UNTRACED;
  for (guint i = 0; others && i < others->len; i++)
    if (g_strcmp0 (bst_doc_get_string (others->pdata[i], "id"), credits) == 0)
      {
        BstMoney taken, back;

        if (!bst_money_from_doc (others->pdata[i], "amount", &taken) ||
            !bst_money_from_doc (charge, "amount", &back) ||
            !bst_money_multiply (&back, -1, NULL) || !same_money (&taken, &back))
          return BST_CHARGE_WRONG_PRICE;
      }
  return BST_CHARGE_FINE;
}

BstChargeFlags
bst_charge_check (GVariant *charge,
                  GVariant *request,
                  GVariant *service,
                  const BstChargeContext *context,
                  GPtrArray *others)
{
  const char *kind = bst_doc_get_string (charge, "kind");
  const char *line_id = bst_doc_get_string (charge, "line");
  g_autoptr (GVariant) line = request && line_id ? bst_request_line (request, line_id) : NULL;
  BstChargeFlags flags = check_twice (charge, others);

  if (!line)
    return flags | BST_CHARGE_UNTRACED;
  flags |= check_ean (charge, request, context->org);
  if (g_strcmp0 (kind, "credit") == 0)
    return flags | check_credit (charge, others);
  kind = kind ? kind : "once";
  return flags | check_life (charge, line, kind, context->zone) |
         check_price (charge, line, service, kind);
}

const char *
bst_charge_flag_name (BstChargeFlags flag)
{
  static const char *const names[BST_CHARGE_N_FLAGS] = { "untraced",  "not-delivered",
                                                         "cancelled", "wrong-price",
                                                         "wrong-ean", "twice" };

  for (int i = 0; i < BST_CHARGE_N_FLAGS; i++)
    if (flag == (BstChargeFlags) (1 << i))
      return names[i];
  return "";
}

gboolean
bst_charge_is_open (GVariant *charge)
{
  return g_strcmp0 (bst_doc_get_string (charge, "kind"), "credit") != 0 &&
         !bst_doc_has (charge, "objectionState") && !bst_doc_has (charge, "objection");
}
