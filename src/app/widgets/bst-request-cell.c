/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-request-cell.h"

#include <glib/gi18n.h>

#include "bst-format.h"
#include "bst-order-words.h"
#include "bst-whole-text.h"

struct _BstRequestCell
{
  GtkBox parent_instance;

  BstRequestCellKind kind;
  GtkWidget *icon;
  GtkWidget *first;
  GtkWidget *second;
  GtkWidget *words;
};

G_DEFINE_FINAL_TYPE (BstRequestCell, bst_request_cell, GTK_TYPE_BOX)

static void
bst_request_cell_class_init (BstRequestCellClass *klass)
{
}

static GtkWidget *
new_label (void)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  bst_whole_text (label);
  return label;
}

static void
bst_request_cell_init (BstRequestCell *self)
{
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);

  gtk_box_set_spacing (GTK_BOX (self), 8);
  self->icon = gtk_image_new ();
  self->first = new_label ();
  self->second = new_label ();
  gtk_widget_add_css_class (self->second, "caption");
  gtk_widget_add_css_class (self->second, "dim-label");
  gtk_widget_set_visible (self->icon, FALSE);
  gtk_widget_set_visible (self->second, FALSE);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (words), self->first);
  gtk_box_append (GTK_BOX (words), self->second);
  gtk_box_append (GTK_BOX (self), self->icon);
  gtk_box_append (GTK_BOX (self), words);
  self->words = words;
}

static void
show (BstRequestCell *self, const char *icon, const char *first, const char *second)
{
  gtk_label_set_label (GTK_LABEL (self->first), first ? first : "");
  gtk_label_set_label (GTK_LABEL (self->second), second ? second : "");
  gtk_widget_set_visible (self->second, second && *second);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), icon);
  gtk_widget_set_visible (self->icon, icon != NULL);
}

/* ---- each kind ---- */

static void
fill_title (BstRequestCell *self, GVariant *request, BstSession *session)
{
  const char *number = bst_doc_get_string (request, "number");
  const char *local = bst_order_local_text (request);
  g_autofree char *second = NULL;

  if (number && local)
    second = g_strdup_printf ("%s · %s", number, local);
  else
    second = g_strdup (number ? number : local);
  show (self, local ? bst_order_local_icon (request) : NULL, bst_order_title (request), second);
}

static void
fill_state (BstRequestCell *self, GVariant *request, BstSession *session)
{
  show (self, bst_order_status_icon (request), bst_order_status_text (request), NULL);
}

/* A date, or nothing: the state has a column of its own. */
static void
fill_due (BstRequestCell *self, GVariant *request, BstSession *session)
{
  const char *state = bst_order_status_text (request);
  g_autofree char *second = NULL;
  g_autofree char *first = bst_order_date_lines (request, session, &second);

  show (self, second ? "bst-late-symbolic" : NULL, g_strcmp0 (first, state) == 0 ? "" : first,
        second);
  if (second)
    gtk_widget_add_css_class (GTK_WIDGET (self), "late");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "late");
}

static void
fill_unit (BstRequestCell *self, GVariant *request, BstSession *session)
{
  BstOrg *org = bst_session_get_org (session);
  const char *unit = bst_doc_get_string (request, "unit");
  const char *name = org && unit ? bst_org_unit_name (org, unit) : NULL;

  show (self, NULL, name ? name : unit, NULL);
}

static void
fill_ordered (BstRequestCell *self, GVariant *request, BstSession *session)
{
  gint64 at;
  g_autofree char *day = NULL;

  if (bst_instant_parse (bst_doc_get_string (request, "submittedAt"), &at))
    day = bst_format_instant_date (at, bst_session_get_zone (session), BST_DATE_SHORT,
                                   bst_session_get_language (session));
  show (self, NULL, day, NULL);
  gtk_widget_add_css_class (self->first, "numeric");
}

static void
name_row (BstRequestCell *self, GVariant *request, BstSession *session)
{
  GtkWidget *cell = gtk_widget_get_parent (GTK_WIDGET (self));
  GtkWidget *row = cell ? gtk_widget_get_parent (cell) : NULL;
  g_autofree char *date = bst_order_date_text (request, session);
  const char *state = bst_order_status_text (request);
  const char *local = bst_order_local_text (request);
  g_autoptr (GString) label = g_string_new (bst_order_title (request));

  if (!g_str_has_prefix (date, state)) /* “Delivered Mon 2 Nov.” says it already */
    g_string_append_printf (label, ", %s", state);
  g_string_append_printf (label, ", %s", date);
  if (local)
    g_string_append_printf (label, ", %s", local);

  if (row)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, label->str,
                                    -1);
}

/* ---- public ---- */

GtkWidget *
bst_request_cell_new (BstRequestCellKind kind)
{
  BstRequestCell *self = g_object_new (BST_TYPE_REQUEST_CELL, NULL);

  self->kind = kind;
  if (kind !=
      BST_REQUEST_CELL_TITLE) /* a date cut short is none: at large text it takes two lines */
    {
      gtk_label_set_wrap (GTK_LABEL (self->first), TRUE);
      gtk_label_set_lines (GTK_LABEL (self->first), 2);
    }
  if (kind == BST_REQUEST_CELL_TITLE) /* titles line up: what is safe stands behind them */
    gtk_box_reorder_child_after (GTK_BOX (self), self->icon, self->words);
  return GTK_WIDGET (self);
}

void
bst_request_cell_fill (BstRequestCell *self, GVariant *request, BstSession *session)
{
  static void (*const fill[]) (BstRequestCell *, GVariant *, BstSession *) = {
    [BST_REQUEST_CELL_TITLE] = fill_title,     [BST_REQUEST_CELL_STATE] = fill_state,
    [BST_REQUEST_CELL_DUE] = fill_due,         [BST_REQUEST_CELL_UNIT] = fill_unit,
    [BST_REQUEST_CELL_ORDERED] = fill_ordered,
  };

  if (!request)
    {
      show (self, NULL, "", NULL);
      return;
    }
  fill[self->kind](self, request, session);
  if (self->kind == BST_REQUEST_CELL_TITLE)
    name_row (self, request, session);
}
