/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-date-entry.h"

#include <glib/gi18n.h>

#include "bst-date.h"
#include "bst-format.h"

struct _BstDateEntry
{
  GtkBox parent_instance;

  GtkWidget *entry;
  GtkWidget *button;
  GtkWidget *calendar;
  char *today;
  char *language;
  char *date;
  gboolean filling;
};

G_DEFINE_FINAL_TYPE (BstDateEntry, bst_date_entry, GTK_TYPE_BOX)

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
write_date (BstDateEntry *self)
{
  g_autofree char *text =
      self->date ? bst_format_date (self->date, BST_DATE_SHORT, self->language) : NULL;

  self->filling = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text ? text : "");
  self->filling = FALSE;
}

static void
take_date (BstDateEntry *self, const char *date)
{
  if (self->date != date)
    {
      g_free (self->date);
      self->date = g_strdup (date);
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
typed_cb (GtkEditable *editable, BstDateEntry *self)
{
  g_autofree char *date = NULL;

  if (self->filling)
    return;
  date = bst_date_read (gtk_editable_get_text (editable), self->today ? self->today : "2026-01-01");
  take_date (self, date);
}

/* What was understood is written out, so that it can be checked. */
static void
left_cb (GtkEventControllerFocus *focus, BstDateEntry *self)
{
  if (self->date)
    write_date (self);
}

static void
chosen_cb (GtkCalendar *calendar, BstDateEntry *self)
{
  g_autoptr (GDateTime) day = gtk_calendar_get_date (calendar);
  g_autofree char *date = g_date_time_format (day, "%Y-%m-%d");

  if (self->filling)
    return;
  take_date (self, date);
  write_date (self);
  gtk_menu_button_popdown (GTK_MENU_BUTTON (self->button));
}

static void
shown_cb (GtkWidget *popover, BstDateEntry *self)
{
  const char *date = self->date ? self->date : self->today;
  GDate day;
  g_autoptr (GDateTime) moment = NULL;

  if (!date || !bst_date_parse (date, &day))
    return;
  moment = g_date_time_new_utc (g_date_get_year (&day), (int) g_date_get_month (&day),
                                g_date_get_day (&day), 12, 0, 0);
  self->filling = TRUE;
  gtk_calendar_select_day (GTK_CALENDAR (self->calendar), moment);
  self->filling = FALSE;
}

static gboolean
bst_date_entry_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (BST_DATE_ENTRY (widget)->entry);
}

static void
bst_date_entry_finalize (GObject *object)
{
  BstDateEntry *self = BST_DATE_ENTRY (object);

  g_free (self->today);
  g_free (self->language);
  g_free (self->date);
  G_OBJECT_CLASS (bst_date_entry_parent_class)->finalize (object);
}

static void
bst_date_entry_class_init (BstDateEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bst_date_entry_finalize;
  GTK_WIDGET_CLASS (klass)->grab_focus = bst_date_entry_grab_focus;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
bst_date_entry_init (BstDateEntry *self)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkWidget *popover = gtk_popover_new ();

  self->entry = gtk_entry_new ();
  gtk_widget_set_hexpand (self->entry, TRUE);
  /* Translators: in an empty date field: what may be typed. */
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->entry), _ ("24.3. or “tomorrow”"));
  self->calendar = gtk_calendar_new ();
  gtk_popover_set_child (GTK_POPOVER (popover), self->calendar);
  self->button = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (self->button), "x-office-calendar-symbolic");
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->button), popover);
  gtk_widget_set_tooltip_text (self->button, _ ("Choose from a calendar"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Choose from a calendar"), -1);
  gtk_widget_add_css_class (GTK_WIDGET (self), "linked");
  gtk_box_append (GTK_BOX (self), self->entry);
  gtk_box_append (GTK_BOX (self), self->button);
  gtk_widget_add_controller (self->entry, focus);
  g_signal_connect (focus, "leave", G_CALLBACK (left_cb), self);
  g_signal_connect (self->entry, "changed", G_CALLBACK (typed_cb), self);
  g_signal_connect (self->calendar, "day-selected", G_CALLBACK (chosen_cb), self);
  g_signal_connect (popover, "show", G_CALLBACK (shown_cb), self);
}

/* ---- public ---- */

BstDateEntry *
bst_date_entry_new (const char *today, const char *language)
{
  BstDateEntry *self = g_object_new (BST_TYPE_DATE_ENTRY, NULL);

  bst_date_entry_set_context (self, today, language);
  return self;
}

void
bst_date_entry_set_context (BstDateEntry *self, const char *today, const char *language)
{
  g_free (self->today);
  g_free (self->language);
  self->today = g_strdup (today);
  self->language = g_strdup (language);
}

const char *
bst_date_entry_get_date (BstDateEntry *self)
{
  return self->date;
}

void
bst_date_entry_set_date (BstDateEntry *self, const char *date)
{
  if (g_strcmp0 (self->date, date) == 0)
    return;
  g_free (self->date);
  self->date = g_strdup (date);
  write_date (self);
}

gboolean
bst_date_entry_is_wrong (BstDateEntry *self)
{
  return !self->date && *gtk_editable_get_text (GTK_EDITABLE (self->entry));
}

GtkWidget *
bst_date_entry_get_editable (BstDateEntry *self)
{
  return self->entry;
}
