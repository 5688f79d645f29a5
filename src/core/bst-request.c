/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-request.h"

#include "bst-form.h"

#include "bst-life.h"

#include <string.h>

typedef struct
{
  gint64 order;
  const char *id;
} LineOrder;

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  const LineOrder *one = a;
  const LineOrder *two = b;

  if (one->order != two->order)
    return one->order < two->order ? -1 : 1;
  return strcmp (one->id, two->id);
}

char **
bst_request_line_ids (GVariant *request)
{
  g_autoptr (GVariant) lines = bst_doc_get_map (request, "lines");
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (LineOrder));
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  GVariantIter iter;
  const char *id;
  GVariant *line;

  g_variant_iter_init (&iter, lines);
  while (g_variant_iter_next (&iter, "{&sv}", &id, &line))
    {
      LineOrder entry = { bst_doc_get_int (line, "order", G_MAXINT64), id };

      g_array_append_val (order, entry);
      g_variant_unref (line);
    }
  g_array_sort (order, compare_lines);
  for (guint i = 0; i < order->len; i++)
    g_strv_builder_add (ids, g_array_index (order, LineOrder, i).id);
  return g_strv_builder_end (ids);
}

GVariant *
bst_request_line (GVariant *request, const char *line_id)
{
  g_autoptr (GVariant) lines = bst_doc_get_map (request, "lines");

  return g_variant_lookup_value (lines, line_id, NULL);
}

GVariant *
bst_request_map_lines (GVariant *request, BstLineMap map, gpointer closure)
{
  g_auto (GStrv) ids = bst_request_line_ids (request);
  g_autoptr (GVariant) lines = bst_doc_get_map (request, "lines");
  GVariantBuilder builder;

  if (!*ids)
    return g_variant_ref (request);
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  for (gint64 i = 0; ids[i]; i++)
    {
      g_autoptr (GVariant) line = g_variant_lookup_value (lines, ids[i], NULL);
      g_autoptr (GVariant) mapped = map (line, i + 1, closure);

      g_variant_builder_add (&builder, "{sv}", ids[i], mapped);
    }
  return bst_doc_set (request, "lines", g_variant_builder_end (&builder));
}

static GVariant *
with_order (GVariant *line, gint64 place, gpointer closure)
{
  return bst_doc_set_int (line, "order", place);
}

GVariant *
bst_request_sort_lines (GVariant *request)
{
  return bst_request_map_lines (request, with_order, NULL);
}

/* ---- prices ---- */

static gboolean
model_has (GVariant *price, const char *const *models)
{
  const char *model = bst_doc_get_string (price, "model");

  return model && g_strv_contains (models, model);
}

gboolean
bst_price_once (GVariant *price, BstMoney *ret_money)
{
  static const char *const models[] = { "one-off", "per-unit", "one-off-and-monthly", NULL };

  return price && model_has (price, models) && bst_money_from_doc (price, "once", ret_money);
}

gboolean
bst_price_monthly (GVariant *price, BstMoney *ret_money)
{
  static const char *const models[] = { "monthly", "one-off-and-monthly", NULL };

  return price && model_has (price, models) && bst_money_from_doc (price, "monthly", ret_money);
}

static gboolean
add_line (BstMoney *sum, gboolean (*read) (GVariant *, BstMoney *), GVariant *line, GError **error)
{
  g_autoptr (GVariant) price = bst_doc_lookup (line, "price");
  BstMoney money;

  if (!read (price, &money))
    return TRUE;
  return bst_money_multiply (&money, bst_doc_get_int (line, "quantity", 1), error) &&
         bst_money_add (sum, &money, error);
}

gboolean
bst_request_total (GVariant *request, BstMoney *ret_once, BstMoney *ret_monthly, GError **error)
{
  g_autoptr (GVariant) lines = bst_doc_get_map (request, "lines");
  BstMoney once = { 0 };
  BstMoney monthly = { 0 };
  GVariantIter iter;
  const char *id;
  GVariant *line;

  g_variant_iter_init (&iter, lines);
  while (g_variant_iter_next (&iter, "{&sv}", &id, &line))
    {
      g_autoptr (GVariant) held = line;
      BstState state = bst_state_from_name (bst_doc_get_string (held, "state"));

      if (state == BST_STATE_REJECTED || state == BST_STATE_CANCELLED)
        continue;
      if (!add_line (&once, bst_price_once, held, error) ||
          !add_line (&monthly, bst_price_monthly, held, error))
        {
          g_prefix_error (error, "lines/%s: ", id);
          return FALSE;
        }
    }
  *ret_once = once;
  *ret_monthly = monthly;
  return TRUE;
}

GVariant *
bst_request_with_totals (GVariant *request, GError **error)
{
  g_autoptr (GVariant) with_once = NULL;
  BstMoney once;
  BstMoney monthly;

  if (!bst_request_total (request, &once, &monthly, error))
    return NULL;
  with_once =
      bst_doc_set_take (request, "total", once.currency[0] ? bst_money_to_doc (&once) : NULL);
  return bst_doc_set_take (with_once, "totalMonthly",
                           monthly.currency[0] ? bst_money_to_doc (&monthly) : NULL);
}

/* ---- lines from the catalogue ---- */

/* An article's price takes the place of the service's one-off price. */
static GVariant *
price_of (GVariant *service, GVariant *article)
{
  g_autoptr (GVariant) price = bst_doc_lookup (service, "price");
  g_autoptr (GVariant) of_article = article ? bst_doc_lookup (article, "price") : NULL;
  g_autoptr (GVariant) with_once = NULL;
  BstMoney monthly;

  if (bst_value_is_null (of_article))
    return bst_value_is_null (price) ? NULL : g_steal_pointer (&price);
  with_once = bst_doc_set (price, "once", of_article);
  return bst_doc_set_string (
      with_once, "model", bst_price_monthly (price, &monthly) ? "one-off-and-monthly" : "one-off");
}

/* @value is borrowed; %NULL and null remove. */
static void
freeze (GVariant **line, const char *name, GVariant *value)
{
  bst_doc_replace (line, bst_doc_set (*line, name, bst_value_is_null (value) ? NULL : value));
}

GVariant *
bst_request_refresh_line (GVariant *line, GVariant *service, GVariant *article)
{
  g_autoptr (GVariant) fresh = g_variant_ref (line);
  g_autoptr (GVariant) name = bst_doc_lookup (article ? article : service, "name");
  g_autoptr (GVariant) price = price_of (service, article);
  g_autoptr (GVariant) promise = bst_doc_lookup (service, "promise");
  g_autoptr (GVariant) version = bst_doc_lookup (service, "version");

  freeze (&fresh, "name", name);
  freeze (&fresh, "price", price);
  freeze (&fresh, "promise", promise);
  freeze (&fresh, "serviceVersion", version);
  return g_steal_pointer (&fresh);
}

GVariant *
bst_request_line_with_terms (GVariant *line, GVariant *article, const BstTerms *terms)
{
  g_autoptr (GVariant) agreed = g_variant_ref (line);

  freeze (&agreed, "promise", terms->promise);
  if (terms->price && !(article && bst_doc_has (article, "price")))
    freeze (&agreed, "price", terms->price);
  return g_steal_pointer (&agreed);
}

GVariant *
bst_request_line_from_service (GVariant *service, GVariant *article, gint64 quantity, gint64 order)
{
  g_autoptr (GVariant) line =
      bst_doc_set_string (NULL, "service", bst_doc_get_string (service, "id"));

  if (article)
    bst_doc_replace (&line,
                     bst_doc_set_string (line, "article", bst_doc_get_string (article, "id")));
  bst_doc_replace (&line, bst_doc_set_int (line, "quantity", quantity));
  bst_doc_replace (&line, bst_doc_set_int (line, "order", order));
  return bst_request_refresh_line (line, service, article);
}

/* ---- a copy ---- */

/* What the orderer herself said, by the data dictionary: neither what a server set, nor what belongs to this one order. */
static GVariant *
own_words (GVariant *doc, const BstField *fields)
{
  static const char *const this_order[] = { "uid", "attachments", "wantedDate", "lines", NULL };
  GVariantBuilder copy;

  g_variant_builder_init (&copy, G_VARIANT_TYPE_VARDICT);
  for (const BstField *field = fields; field->name; field++)
    {
      g_autoptr (GVariant) value = bst_doc_lookup (doc, field->name);

      if (!bst_value_is_null (value) && !(field->flags & BST_FIELD_SERVER) &&
          !g_strv_contains (this_order, field->name))
        g_variant_builder_add (&copy, "{sv}", field->name, value);
    }
  return bst_doc_take (g_variant_builder_end (&copy));
}

static GVariant *
copy_line (GVariant *line, gint64 place, gpointer closure)
{
  return own_words (line, closure);
}

GVariant *
bst_request_copy (GVariant *request, const char *uid)
{
  const BstRecordType *type = bst_record_type_find ("Request");
  const BstField *lines = bst_record_type_field (type, "lines");
  g_autoptr (GVariant) copied =
      bst_request_map_lines (request, copy_line, (gpointer) lines->part->fields);
  g_autoptr (GVariant) copy = own_words (request, type->fields);
  g_autoptr (GVariant) copied_lines = bst_doc_get_map (copied, "lines");

  bst_doc_replace (&copy, bst_doc_set_string (copy, "uid", uid));
  return bst_doc_set (copy, "lines", copied_lines);
}

/* ---- as it is sent ---- */

static GVariant *
clean_line (GVariant *line, gint64 place, gpointer closure)
{
  const BstRequestContext *context = closure;
  const char *id = bst_doc_get_string (line, "service");
  g_autoptr (GVariant) service = id ? context->lookup ("Service", id, context->closure) : NULL;
  g_autoptr (GVariant) answers = bst_doc_get_map (line, "answers");
  g_autoptr (GVariant) plain = bst_doc_set (line, "asked", NULL);
  g_autoptr (GVariant) clean = service ? bst_form_clean (service, answers) : NULL;

  if (!service || g_variant_n_children (answers) == 0)
    return g_steal_pointer (&plain);
  return bst_doc_set (plain, "answers", g_variant_n_children (clean) > 0 ? clean : NULL);
}

GVariant *
bst_request_clean (GVariant *request, const BstRequestContext *context)
{
  return bst_request_map_lines (request, clean_line, (gpointer) context);
}
