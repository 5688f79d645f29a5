/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writing together: a draft that is shared, an order that was sent and is changed, and what two wrote at the same place. */

#include "bst-order-page-private.h"

#include <glib/gi18n.h>

#include "bst-conflicts.h"
#include "bst-order-words.h"

/* What was agreed on when the order was sent stands. */
static void
lock_agreed (BstOrderPage *self)
{
  gboolean open = !bst_draft_amends (self->draft);
  GtkWidget *const locked[] = { self->lines, self->unit_row, self->ean_row };

  for (guint i = 0; i < G_N_ELEMENTS (locked); i++)
    gtk_widget_set_sensitive (locked[i], open);
  gtk_widget_set_visible (self->picker, open);
  gtk_widget_set_visible (self->suggestions, open);
  gtk_widget_set_visible (self->amending, !open);
}

void
bst_order_page_show_together (BstOrderPage *self)
{
  gboolean amends = bst_draft_amends (self->draft);
  gboolean shared = bst_draft_is_shared (self->draft);
  const char *removal = amends ? _ ("Drop the change") : _ ("Remove the draft");

  bst_conflicts_show (BST_CONFLICTS (self->conflicts), BST_PAGE (self), self->draft);
  gtk_widget_set_visible (self->share, !amends && !shared && !bst_draft_is_empty (self->draft));
  gtk_widget_set_tooltip_text (self->remove, removal);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->remove), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  removal, -1);
  lock_agreed (self);
}

static void
share_cb (GtkButton *button, BstOrderPage *self)
{
  if (!self->draft)
    return;
  bst_draft_share (self->draft);
  bst_order_page_show_saved (self);
  bst_order_page_show_together (self);
  bst_page_say (BST_PAGE (self),
                _ ("Shared: the colleagues of the unit can see the draft, and write in it"), NULL,
                NULL, NULL, NULL);
}

/* The cards of the lines keep what is typed in them; so they are made anew. */
static void
merged_cb (BstDraft *draft, BstOrderPage *self)
{
  bst_order_page_show_anew (self);
}

static void
parted_cb (BstDraft *draft, gboolean kept, BstOrderPage *self)
{
  if (kept)
    {
      bst_page_say (BST_PAGE (self),
                    _ ("A colleague sent or removed this draft. What you wrote is kept as a draft "
                       "of your own."),
                    NULL, NULL, NULL, NULL);
      bst_order_page_show_anew (self);
      return;
    }
  bst_page_say (BST_PAGE (self), _ ("A colleague sent or removed this draft"), NULL, NULL, NULL,
                NULL);
  bst_page_back (BST_PAGE (self));
}

void
bst_order_page_follow (BstOrderPage *self)
{
  g_signal_connect (self->draft, "merged", G_CALLBACK (merged_cb), self);
  g_signal_connect (self->draft, "parted", G_CALLBACK (parted_cb), self);
}

gboolean
bst_order_page_has_open (BstOrderPage *self)
{
  if (g_variant_n_children (bst_draft_get_conflicts (self->draft)) == 0)
    return FALSE;
  bst_page_show_top (self->slip);
  gtk_widget_child_focus (self->conflicts, GTK_DIR_TAB_FORWARD);
  return TRUE;
}

void
bst_order_page_class_bind_together (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_callback (klass, share_cb);
}
