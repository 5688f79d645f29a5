/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-order-page-private.h"

#include <glib/gi18n.h>

#include "bst-format.h"
#include "bst-offer.h"
#include "bst-order-words.h"
#include "bst-text.h"

static const struct
{
  const char *code;
  const char *text;
} change_words[] = {
  { "price", N_ ("Price") },
  { "promise", N_ ("Delivery time") },
  { "terms", N_ ("Terms") },
  { "withdrawn", N_ ("Withdrawn") },
  { "not-yet", N_ ("Not available yet") },
};

static const char *
change_text (const char *code)
{
  for (guint i = 0; i < G_N_ELEMENTS (change_words); i++)
    if (g_strcmp0 (change_words[i].code, code) == 0)
      return _ (change_words[i].text);
  return code;
}

/* One side of the comparison, in words. */
static char *
value_text (BstOrderPage *self, const char *code, GVariant *value)
{
  const char *language = bst_session_get_language (bst_order_page_session (self));
  gboolean map = value && g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT);

  if (!value)
    return g_strdup ("–");
  if (map && strcmp (code, "price") == 0)
    return bst_offer_price_text (value, language);
  if (map && strcmp (code, "promise") == 0)
    return bst_offer_promise_text (value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    return g_strdup_printf (_ ("version %d"), (int) g_variant_get_int64 (value));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return bst_format_date (g_variant_get_string (value, NULL), BST_DATE_MEDIUM, language);
  return g_strdup ("–");
}

static GtkWidget *
cell (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static gboolean
is_unavailable (const BstStale *stale)
{
  return g_strcmp0 (stale->code, "withdrawn") == 0 || g_strcmp0 (stale->code, "not-yet") == 0;
}

/* Returns: the next row that is free. */
static int
add_change (BstOrderPage *self, const BstStale *stale, int row)
{
  g_autoptr (GVariant) line = bst_request_line (bst_draft_get_doc (self->draft), stale->line);
  const char *name =
      line ? bst_text_pick (line, "name", bst_session_get_language (bst_order_page_session (self)))
           : NULL;
  g_autofree char *what = g_strdup_printf ("%s: %s", name ? name : "", change_text (stale->code));
  g_autofree char *then = value_text (self, stale->code, stale->then);
  g_autofree char *now = value_text (self, stale->code, stale->now);
  GtkGrid *grid = GTK_GRID (self->changes);

  gtk_grid_attach (grid, cell (what, NULL), 0, row, 1, 1);
  gtk_grid_attach (grid, cell (then, "dim-label"), 1, row, 1, 1);
  gtk_grid_attach (grid, cell (now, "heading"), 2, row, 1, 1);
  if (!is_unavailable (stale))
    return row + 1;
  bst_order_page_add_ways_out (self, stale->line, row + 1);
  return row + 2;
}

void
bst_order_page_add_refused (BstOrderPage *self, GPtrArray *problems)
{
  GVariant *doc = bst_draft_get_doc (self->draft);
  g_autoptr (GVariant) refused = bst_doc_get_list (self->local, "problems");
  GVariantIter iter;
  GVariant *item;

  g_variant_iter_init (&iter, refused);
  while (g_variant_iter_next (&iter, "v", &item))
    {
      const char *path = bst_doc_get_string (item, "path");
      g_autoptr (GVariant) then = path ? bst_doc_lookup (self->opened, path) : NULL;
      g_autoptr (GVariant) now = path ? bst_doc_lookup (doc, path) : NULL;

      if (path && ((!then && !now) || (then && now && bst_doc_equal (then, now))))
        {
          BstProblem *problem = g_new0 (BstProblem, 1);

          problem->path = g_strdup (path);
          problem->code = g_strdup (bst_doc_get_string (item, "code"));
          problem->message = g_strdup (bst_doc_get_string (item, "message"));
          g_ptr_array_add (problems, problem);
        }
      g_variant_unref (item);
    }
}

/* What the orderer is to do about it. */
static const char *
advice (BstOrderPage *self, guint n_stale, guint n_unavailable)
{
  const char *reason = bst_doc_get_string (self->local, "reason");

  if (n_unavailable > 0 && (!reason || g_strcmp0 (reason, "catalogueChanged") == 0))
    return _ ("Something on the order can no longer be had. Choose something else instead, or drop "
              "it; look at what else is new, and accept it.");
  if (g_strcmp0 (reason, "catalogueChanged") == 0 && n_stale == 0)
    return _ ("What is new is accepted. Send the order again when you are ready.");
  if (reason)
    return bst_order_refusal_text (reason);
  return _ (
      "The catalogue has changed since you wrote the order. Look at what is new, and accept it.");
}

static void
show_changes (BstOrderPage *self, GPtrArray *stale)
{
  int row = 1;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->changes)))
    gtk_grid_remove (GTK_GRID (self->changes), child);
  if (stale->len == 0)
    return;
  gtk_grid_attach (GTK_GRID (self->changes), cell (_ ("When you wrote it"), "caption-heading"), 1,
                   0, 1, 1);
  gtk_grid_attach (GTK_GRID (self->changes), cell (_ ("Now"), "caption-heading"), 2, 0, 1, 1);
  for (guint i = 0; i < stale->len; i++)
    row = add_change (self, stale->pdata[i], row);
}

/* The catalogue on this computer may be newer than the order, whether the server has said so or not. */
void
bst_order_page_show_refusal (BstOrderPage *self)
{
  const char *reason = bst_doc_get_string (self->local, "reason");
  g_autoptr (GPtrArray) stale = bst_draft_stale (self->draft);
  guint n_unavailable = 0;

  for (guint i = 0; i < stale->len; i++)
    n_unavailable += is_unavailable (stale->pdata[i]);
  gtk_label_set_label (GTK_LABEL (self->refusal_text), advice (self, stale->len, n_unavailable));
  gtk_widget_set_visible (self->refusal, reason || stale->len > 0);
  gtk_widget_set_visible (self->changes, stale->len > 0);
  gtk_widget_set_visible (self->accept, stale->len > n_unavailable);
  show_changes (self, stale);
  bst_order_page_show_exchange (self, stale);
}

void
bst_order_page_accept_cb (GtkButton *button, BstOrderPage *self)
{
  bst_draft_refresh (self->draft);
}
