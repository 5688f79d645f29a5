/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-task-list.h"

#include "bst-task.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "bst-order-words.h"
#include "bst-row-name.h"
#include "bst-whole-text.h"

struct _BstTaskList
{
  GtkBox parent_instance;

  GtkWidget *label;
  GtkWidget *list;
  char *heading;
  gboolean plain;
};

G_DEFINE_FINAL_TYPE (BstTaskList, bst_task_list, GTK_TYPE_BOX)

typedef enum
{
  PROP_HEADING = 1,
  PROP_PLAIN,
  N_PROPS
} BstTaskListProperty;

enum
{
  OPEN,
  ACT,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* What a request may ask of me, in the order in which it is looked for. */
static const struct
{
  const char *task;
  const char *text; /* before the title */
  const char *icon;
  const char *button;
  gboolean at_once; /* the button does it; otherwise it opens the request */
} tasks[] = {
  { "choose", N_ ("Two versions"), "dialog-question-symbolic", N_ ("Choose"), FALSE },
  { "fix", N_ ("Correct"), "dialog-warning-symbolic", N_ ("Open"), FALSE },
  { "approve", N_ ("Approve"), "bst-approve-symbolic", N_ ("Approve"), TRUE },
  { "answer", N_ ("Answer"), "dialog-question-symbolic", N_ ("Answer"), FALSE },
  { "confirm", N_ ("Confirm"), "object-select-symbolic", N_ ("Confirm"), TRUE },
};

static int
task_index (const char *task)
{
  for (guint i = 0; task && i < G_N_ELEMENTS (tasks); i++)
    if (strcmp (tasks[i].task, task) == 0)
      return (int) i;
  return -1;
}

/* ---- rows ---- */

static const char *
id_of (gpointer row)
{
  return g_object_get_data (G_OBJECT (row), "id");
}

static void
open_row (BstTaskList *self, GtkWidget *row)
{
  g_signal_emit (self, signals[OPEN], 0, id_of (row),
                 g_object_get_data (G_OBJECT (row), "editor") != NULL);
}

static void
do_row (BstTaskList *self, GtkWidget *row)
{
  int task = task_index (g_object_get_data (G_OBJECT (row), "task"));

  if (task >= 0 && tasks[task].at_once)
    g_signal_emit (self, signals[ACT], 0, id_of (row), tasks[task].task);
  else
    open_row (self, row);
}

static void
activated_cb (GtkListBox *list, GtkListBoxRow *row, BstTaskList *self)
{
  open_row (self, GTK_WIDGET (row));
}

static void
clicked_cb (GtkButton *button, BstTaskList *self)
{
  do_row (self, gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_LIST_BOX_ROW));
}

static gboolean
key_cb (GtkEventControllerKey *keys,
        guint keyval,
        guint keycode,
        GdkModifierType modifiers,
        BstTaskList *self)
{
  GtkWidget *row = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (keys));
  gboolean approval = g_strcmp0 (g_object_get_data (G_OBJECT (row), "task"), "approve") == 0;

  if (!approval || (modifiers & gtk_accelerator_get_default_mod_mask ()))
    return FALSE;
  if (keyval == GDK_KEY_a)
    do_row (self, row);
  else if (keyval == GDK_KEY_r)
    open_row (self, row);
  else
    return FALSE;
  return TRUE;
}

static char *
subtitle_text (GVariant *request, BstSession *session)
{
  BstOrg *org = bst_session_get_org (session);
  const char *unit = bst_doc_get_string (request, "unit");
  const char *unit_name = org && unit ? bst_org_unit_name (org, unit) : NULL;
  const char *local = bst_order_local_text (request);
  g_autofree char *date = bst_order_date_text (request, session);
  BstMoney once = { 0 };
  BstMoney monthly = { 0 };
  g_autofree char *price = NULL;
  const char *parts[5] = { NULL };
  guint n = 0;

  if (bst_request_total (request, &once, &monthly, NULL) && *once.currency)
    price = bst_money_format (&once, bst_session_get_language (session));
  parts[n++] = local ? local : date;
  if (unit_name)
    parts[n++] = unit_name;
  if (price)
    parts[n++] = price;
  return g_strjoinv (" · ", (char **) parts);
}

static void
add_button (BstTaskList *self, GtkWidget *row, int task, const char *title)
{
  GtkWidget *button = gtk_button_new_with_label (_ (tasks[task].button));
  /* Translators: what a button does, and with which order: "Approve: 3 laptops". */
  g_autofree char *label = g_strdup_printf (_ ("%s: %s"), _ (tasks[task].button), title);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_signal_connect (button, "clicked", G_CALLBACK (clicked_cb), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

static void
add_row (BstTaskList *self, GVariant *request, BstSession *session)
{
  const char *id = bst_doc_get_string (request, "id");
  int task = self->plain ? -1 : task_index (bst_task_of (request, session));
  g_autofree char *subtitle = subtitle_text (request, session);
  g_autofree char *title = NULL;
  GtkWidget *row = adw_action_row_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  const char *icon = bst_order_status_icon (request);

  title = task >= 0
              ? g_strdup_printf (_ ("%s: %s"), _ (tasks[task].text), bst_order_title (request))
              : g_strdup (bst_order_title (request));
  if (bst_order_is_late (request, bst_clock_now (bst_session_get_clock (session))))
    icon = "bst-late-symbolic";
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
  bst_whole_text_inside (row);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name (task >= 0 ? tasks[task].icon : icon));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  bst_row_name (row, title, subtitle);
  g_object_set_data_full (G_OBJECT (row), "id", g_strdup (id), g_free);
  if (task >= 0)
    {
      g_object_set_data (G_OBJECT (row), "task", (gpointer) tasks[task].task);
      add_button (self, row, task, bst_order_title (request));
    }
  if (bst_order_opens_in_editor (request))
    g_object_set_data (G_OBJECT (row), "editor", row);
  gtk_widget_add_controller (row, keys);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_list_box_append (GTK_LIST_BOX (self->list), row);
}

/* ---- the object ---- */

static void
bst_task_list_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  BstTaskList *self = BST_TASK_LIST (object);

  if (id == PROP_HEADING)
    {
      g_free (self->heading);
      self->heading = g_value_dup_string (value);
    }
  else if (id == PROP_PLAIN)
    self->plain = g_value_get_boolean (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bst_task_list_finalize (GObject *object)
{
  g_free (BST_TASK_LIST (object)->heading);
  G_OBJECT_CLASS (bst_task_list_parent_class)->finalize (object);
}

static void
bst_task_list_class_init (BstTaskListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = bst_task_list_set_property;
  object_class->finalize = bst_task_list_finalize;
  properties[PROP_HEADING] =
      g_param_spec_string ("heading", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_PLAIN] =
      g_param_spec_boolean ("plain", NULL, NULL, FALSE, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[OPEN] = g_signal_new ("open", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BOOLEAN);
  signals[ACT] = g_signal_new ("act", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
bst_task_list_init (BstTaskList *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  self->label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_widget_add_css_class (self->label, "heading");
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  g_signal_connect (self->list, "row-activated", G_CALLBACK (activated_cb), self);
  gtk_box_append (GTK_BOX (self), self->label);
  gtk_box_append (GTK_BOX (self), self->list);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
bst_task_list_set_requests (BstTaskList *self,
                            BstSession *session,
                            GPtrArray *requests,
                            guint limit)
{
  g_autofree char *heading = self->plain
                                 ? g_strdup (self->heading)
                                 : g_strdup_printf ("%s (%u)", self->heading, requests->len);
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (self->list)))
    gtk_list_box_remove (GTK_LIST_BOX (self->list), row);
  gtk_label_set_label (GTK_LABEL (self->label), heading);
  for (guint i = 0; i < requests->len && i < limit; i++)
    add_row (self, requests->pdata[i], session);
  gtk_widget_set_visible (GTK_WIDGET (self), requests->len > 0);
}
