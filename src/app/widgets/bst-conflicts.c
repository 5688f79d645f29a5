/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-conflicts.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bst-field-words.h"

struct _BstConflicts
{
  GtkBox parent_instance;

  GtkWidget *rows;
  BstPage *page; /* borrowed: it holds this */
  BstDraft *draft;
};

G_DEFINE_FINAL_TYPE (BstConflicts, bst_conflicts, GTK_TYPE_BOX)

typedef enum
{
  KEEP_MINE,
  TAKE_THEIRS,
  KEEP_BOTH,
} Choice;

/* ---- deciding ---- */

/* To ask again as it was asked before. */
typedef struct
{
  BstDraft *draft;
  GVariant *conflict;
  GVariant *value; /* (nullable) */
} Decided;

static void
decided_free (gpointer data)
{
  Decided *decided = data;

  g_object_unref (decided->draft);
  g_variant_unref (decided->conflict);
  g_clear_pointer (&decided->value, g_variant_unref);
  g_free (decided);
}

static void
undo_cb (gpointer data)
{
  Decided *decided = data;

  bst_draft_reopen (decided->draft, decided->conflict, decided->value);
}

static GVariant *
chosen_value (Choice choice, GVariant *mine, GVariant *conflict)
{
  g_autoptr (GVariant) theirs = bst_doc_lookup (conflict, "theirs");

  if (choice == KEEP_BOTH)
    return bst_request_both_texts (mine, theirs);
  if (choice == KEEP_MINE)
    return mine ? g_variant_ref (mine) : NULL;
  return bst_value_is_null (theirs) ? NULL : g_steal_pointer (&theirs);
}

static void
chosen_cb (GtkButton *button, BstConflicts *self)
{
  static const char *const said[] = {
    [KEEP_MINE] = N_ ("Yours is kept"),
    [TAKE_THEIRS] = N_ ("Your colleague's is taken"),
    [KEEP_BOTH] = N_ ("Both are kept"),
  };
  Choice choice = (Choice) GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "choice"));
  g_autoptr (GVariant) conflict = g_variant_ref (g_object_get_data (G_OBJECT (button), "conflict"));
  const char *path = bst_doc_get_string (conflict, "path");
  Decided *decided = g_new0 (Decided, 1);
  g_autoptr (GVariant) value = NULL;

  decided->draft = g_object_ref (self->draft);
  decided->conflict = g_variant_ref (conflict);
  decided->value = bst_doc_lookup (bst_draft_get_doc (self->draft), path);
  value = chosen_value (choice, decided->value, conflict);
  bst_page_say (self->page, _ (said[choice]), _ ("Undo"), undo_cb, decided, decided_free);
  bst_draft_decide (self->draft, path, value);
}

/* ---- showing ---- */

static GtkWidget *
new_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
add_button (BstConflicts *self,
            GtkWidget *box,
            GVariant *conflict,
            const char *field,
            Choice choice)
{
  static const char *const texts[] = {
    [KEEP_MINE] = N_ ("Keep mine"),
    [TAKE_THEIRS] = N_ ("Take theirs"),
    [KEEP_BOTH] = N_ ("Keep both"),
  };
  GtkWidget *button = gtk_button_new_with_label (_ (texts[choice]));
  /* Translators: what a button does, and for which field of the form. */
  g_autofree char *label = g_strdup_printf (_ ("%s: %s"), _ (texts[choice]), field);

  gtk_widget_set_halign (button, GTK_ALIGN_START);
  g_object_set_data (G_OBJECT (button), "choice", GINT_TO_POINTER (choice));
  g_object_set_data_full (G_OBJECT (button), "conflict", g_variant_ref (conflict),
                          (GDestroyNotify) g_variant_unref);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_signal_connect (button, "clicked", G_CALLBACK (chosen_cb), self);
  gtk_box_append (GTK_BOX (box), button);
}

static GtkWidget *
new_side (BstConflicts *self,
          GVariant *conflict,
          const char *heading,
          const char *field,
          const char *text,
          Choice choice)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *value = new_label (text, NULL);

  gtk_box_append (GTK_BOX (box), new_label (heading, "caption-heading"));
  gtk_widget_set_vexpand (value, TRUE);
  gtk_widget_set_valign (value, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (box), value);
  add_button (self, box, conflict, field, choice);
  return box;
}

static void
add_conflict (BstConflicts *self, GVariant *conflict)
{
  BstSession *session = bst_page_get_session (self->page);
  BstRecords *records = bst_records_for_store (bst_session_get_store (session));
  GVariant *doc = bst_draft_get_doc (self->draft);
  const char *path = bst_doc_get_string (conflict, "path");
  g_autoptr (GVariant) mine = bst_doc_lookup (doc, path);
  g_autoptr (GVariant) theirs = bst_doc_lookup (conflict, "theirs");
  g_autoptr (GVariant) both = bst_request_both_texts (mine, theirs);
  g_autofree char *field = bst_field_label (doc, path, session, records);
  g_autofree char *my_text = bst_field_value (doc, path, mine, session, records);
  g_autofree char *their_text = bst_field_value (doc, path, theirs, session, records);
  GtkWidget *sides = gtk_flow_box_new ();

  gtk_widget_add_css_class (sides, "sides");
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (sides), GTK_SELECTION_NONE);
  gtk_flow_box_set_min_children_per_line (GTK_FLOW_BOX (sides), 1);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (sides), 2);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (sides), TRUE);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (sides), 12);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (sides), 12);
  gtk_box_append (GTK_BOX (self->rows), new_label (field, "heading"));
  gtk_flow_box_append (GTK_FLOW_BOX (sides),
                       new_side (self, conflict, _ ("You wrote"), field, my_text, KEEP_MINE));
  gtk_flow_box_append (GTK_FLOW_BOX (sides), new_side (self, conflict, _ ("Stands at the server"),
                                                       field, their_text, TAKE_THEIRS));
  for (GtkWidget *child = gtk_widget_get_first_child (sides); child;
       child = gtk_widget_get_next_sibling (child))
    gtk_widget_set_focusable (child, FALSE);
  gtk_box_append (GTK_BOX (self->rows), sides);
  if (both)
    add_button (self, self->rows, conflict, field, KEEP_BOTH);
}

void
bst_conflicts_show (BstConflicts *self, BstPage *page, BstDraft *draft)
{
  GVariant *conflicts = bst_draft_get_conflicts (draft);
  GVariantIter iter;
  GVariant *conflict;
  GtkWidget *child;

  self->page = page;
  g_set_object (&self->draft, draft);
  while ((child = gtk_widget_get_first_child (self->rows)))
    gtk_box_remove (GTK_BOX (self->rows), child);
  gtk_widget_set_visible (GTK_WIDGET (self), g_variant_n_children (conflicts) > 0);
  g_variant_iter_init (&iter, conflicts);
  while (g_variant_iter_next (&iter, "v", &conflict))
    {
      add_conflict (self, conflict);
      g_variant_unref (conflict);
    }
}

/* ---- the object ---- */

static void
bst_conflicts_dispose (GObject *object)
{
  g_clear_object (&BST_CONFLICTS (object)->draft);
  G_OBJECT_CLASS (bst_conflicts_parent_class)->dispose (object);
}

static void
bst_conflicts_class_init (BstConflictsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bst_conflicts_dispose;
}

static void
bst_conflicts_init (BstConflicts *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-question-symbolic");
  GtkWidget *text = new_label (
      _ ("The same was changed in two places. Both are kept here until you have decided; "
         "everything else was brought together."),
      NULL);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "refusal");
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_set_hexpand (text, TRUE);
  gtk_box_append (GTK_BOX (head), icon);
  gtk_box_append (GTK_BOX (head), text);
  gtk_box_append (GTK_BOX (self), head);
  self->rows = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_box_append (GTK_BOX (self), self->rows);
}
