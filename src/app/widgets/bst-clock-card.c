/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-clock-card.h"

#include <glib/gi18n.h>

#include "bst-details.h"
#include "bst-format.h"
#include "bst-level-words.h"

struct _BstClockCard
{
  GtkBox parent_instance;

  GtkWidget *heading;
  GtkWidget *bar;
  GtkWidget *chosen;
  GtkWidget *legend;
  GtkWidget *table;
  gboolean may_contest;
};

G_DEFINE_FINAL_TYPE (BstClockCard, bst_clock_card, GTK_TYPE_BOX)

enum
{
  CONTEST,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static GtkWidget *
new_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

/* ---- the bar ---- */

static char *
bar_label (const BstCaseView *view, GTimeZone *zone, const char *language)
{
  g_autofree char *due = NULL;

  if (view->sla.due == BST_CALENDAR_NEVER)
    return g_strdup (_ ("Who waited for whom"));
  due = bst_format_moment (view->sla.due, zone, BST_DATE_BRIEF, language);
  return g_strdup_printf (_ ("Who waited for whom; due %s"), due);
}

void
bst_clock_bar_show (BstClockBar *bar,
                    const BstCaseView *view,
                    GTimeZone *zone,
                    const char *language)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) texts = NULL;
  g_autofree char *all = NULL;
  g_autofree char *label = bar_label (view, zone, language);

  for (guint i = 0; i < view->turns->len; i++)
    {
      g_autofree char *text =
          bst_level_turn_text (&g_array_index (view->turns, BstTurn, i), zone, language);

      g_strv_builder_add (builder, text);
    }
  texts = g_strv_builder_end (builder);
  all = g_strjoinv (". ", texts);
  bst_clock_bar_set (bar, view->stretches, view->turns, (const char *const *) texts, view->sla.due);
  bst_chart_set_words (BST_CHART (bar), label, all);
}

/* ---- legend ---- */

static void
add_legend (BstClockCard *self, BstStretchKind kind, const char *waiting_for)
{
  GtkWidget *entry = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_box_append (GTK_BOX (entry), bst_swatch_new (kind, waiting_for));
  gtk_box_append (GTK_BOX (entry), new_label (bst_level_turn_name (kind, waiting_for), "caption"));
  gtk_flow_box_append (GTK_FLOW_BOX (self->legend), entry);
  gtk_widget_set_focusable (gtk_widget_get_parent (entry), FALSE);
}

/* Only what occurs. */
static void
fill_legend (BstClockCard *self, const BstCaseView *view)
{
  static const struct
  {
    BstStretchKind kind;
    const char *waiting_for;
  } kinds[] = {
    { BST_STRETCH_RUNNING, NULL },     { BST_STRETCH_CLOSED, NULL },
    { BST_STRETCH_PAUSED, "orderer" }, { BST_STRETCH_PAUSED, "supplier" },
    { BST_STRETCH_DELIVERED, NULL },
  };
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->legend)))
    gtk_flow_box_remove (GTK_FLOW_BOX (self->legend), child);
  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
    for (guint i = 0; i < view->stretches->len; i++)
      {
        const BstStretch *stretch = &g_array_index (view->stretches, BstStretch, i);

        if (stretch->kind != kinds[k].kind ||
            (kinds[k].waiting_for && g_strcmp0 (stretch->waiting_for, kinds[k].waiting_for) != 0))
          continue;
        add_legend (self, kinds[k].kind, kinds[k].waiting_for);
        break;
      }
}

/* ---- the table ---- */

static void
add_cell (GtkGrid *grid, int column, int row, const char *text, gboolean number, gboolean heading)
{
  GtkWidget *label = new_label (text, heading ? "caption-heading" : "caption");

  gtk_label_set_xalign (GTK_LABEL (label), number ? 1 : 0);
  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_set_hexpand (label, column == 0);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_grid_attach (grid, label, column, row, 1, 1);
}

static void
contest_cb (GtkButton *button, BstClockCard *self)
{
  gint64 *sequence = g_object_get_data (G_OBJECT (button), "sequence");

  g_signal_emit (self, signals[CONTEST], 0, *sequence);
}

/* A pause that the orderer says was none, or the button to say so. */
static void
add_contest (BstClockCard *self, const BstTurn *turn, int row)
{
  GtkWidget *button;

  if (turn->kind != BST_STRETCH_PAUSED || turn->sequence < 1)
    return;
  if (turn->contested)
    {
      add_cell (GTK_GRID (self->table), 4, row, _ ("Contested"), FALSE, FALSE);
      return;
    }
  if (!self->may_contest)
    return;
  button = gtk_button_new_with_label (_ ("Contest"));
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "details");
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Contest the pause"), -1);
  g_object_set_data_full (G_OBJECT (button), "sequence",
                          g_memdup2 (&turn->sequence, sizeof turn->sequence), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (contest_cb), self);
  gtk_grid_attach (GTK_GRID (self->table), button, 4, row, 1, 1);
}

static void
fill_table (BstClockCard *self, const BstCaseView *view, GTimeZone *zone, const char *language)
{
  GtkGrid *grid = GTK_GRID (self->table);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->table)))
    gtk_grid_remove (grid, child);
  add_cell (grid, 0, 0, _ ("Whose turn"), FALSE, TRUE);
  add_cell (grid, 1, 0, _ ("From"), FALSE, TRUE);
  add_cell (grid, 2, 0, _ ("Until"), FALSE, TRUE);
  add_cell (grid, 3, 0, _ ("Opening time"), TRUE, TRUE);
  for (guint i = 0; i < view->turns->len; i++)
    {
      const BstTurn *turn = &g_array_index (view->turns, BstTurn, i);
      const char *name = bst_level_turn_name (turn->kind, turn->waiting_for);
      g_autofree char *whose = turn->reason && *turn->reason
                                   ? g_strdup_printf ("%s: %s", name, turn->reason)
                                   : g_strdup (name);
      g_autofree char *from = bst_format_moment (turn->from, zone, BST_DATE_BRIEF, language);
      g_autofree char *to = bst_format_moment (turn->to, zone, BST_DATE_BRIEF, language);
      g_autofree char *time = bst_level_time_text (turn->seconds, language);
      int row = (int) i + 1;

      add_cell (grid, 0, row, whose, FALSE, FALSE);
      add_cell (grid, 1, row, from, FALSE, FALSE);
      add_cell (grid, 2, row, to, FALSE, FALSE);
      add_cell (grid, 3, row, time, TRUE, FALSE);
      add_contest (self, turn, row);
    }
}

void
bst_clock_card_set (BstClockCard *self,
                    const BstCaseView *view,
                    const char *heading,
                    GTimeZone *zone,
                    const char *language)
{
  gtk_label_set_label (GTK_LABEL (self->heading), heading ? heading : "");
  gtk_widget_set_visible (self->heading, heading != NULL);
  bst_clock_bar_show (BST_CLOCK_BAR (self->bar), view, zone, language);
  fill_legend (self, view);
  fill_table (self, view, zone, language);
}

static void
bst_clock_card_class_init (BstClockCardClass *klass)
{
  signals[CONTEST] = g_signal_new ("contest", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
bst_clock_card_init (BstClockCard *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  self->heading = new_label (NULL, "heading");
  self->bar = bst_clock_bar_new ();
  self->chosen = new_label (NULL, "caption");
  self->legend = gtk_flow_box_new ();
  self->table = gtk_grid_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (self->legend), GTK_SELECTION_NONE);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (self->legend), 12);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (self->legend), 5);
  gtk_grid_set_column_spacing (GTK_GRID (self->table), 12);
  gtk_grid_set_row_spacing (GTK_GRID (self->table), 6);
  gtk_widget_set_margin_top (self->table, 6);
  bst_chart_say_in (BST_CHART (self->bar), self->chosen);
  gtk_box_append (GTK_BOX (self), self->heading);
  gtk_box_append (GTK_BOX (self), self->bar);
  gtk_box_append (GTK_BOX (self), self->chosen);
  gtk_box_append (GTK_BOX (self), self->legend);
  gtk_box_append (GTK_BOX (self), bst_details_new (_ ("The stretches as a table"), self->table));
}

GtkWidget *
bst_clock_card_new (void)
{
  return g_object_new (BST_TYPE_CLOCK_CARD, NULL);
}

void
bst_clock_card_set_may_contest (BstClockCard *self, gboolean may_contest)
{
  self->may_contest = may_contest;
}
