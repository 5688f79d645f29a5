/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-request-page-private.h"

#include <glib/gi18n.h>

#include "bst-order-words.h"

#define MAX_STARS 5

/* What the page offers, the most urgent first: the first that the table allows is the page's one big button. */
static const struct
{
  BstAction action;
  const char *question; /* over the text that goes with it; NULL: done at once */
  gboolean primary;
  gboolean destructive;
} steps[] = {
  { BST_ACTION_ANSWER, N_ ("Your answer to the performer"), TRUE, FALSE },
  { BST_ACTION_APPROVE, NULL, TRUE, FALSE },
  { BST_ACTION_CONFIRM, NULL, TRUE, FALSE },
  { BST_ACTION_ACCEPT, NULL, TRUE, FALSE },
  { BST_ACTION_START, NULL, TRUE, FALSE },
  { BST_ACTION_DELIVER, NULL, TRUE, FALSE },
  { BST_ACTION_DECLINE, N_ ("Why is it not approved? The orderer sees your reason."), FALSE, TRUE },
  { BST_ACTION_REJECT, N_ ("Why is it rejected? The orderer sees your reason."), FALSE, TRUE },
  { BST_ACTION_DISPUTE, N_ ("What is wrong with the delivery?"), FALSE, FALSE },
  { BST_ACTION_RATE, N_ ("How satisfied are you with the delivery?"), FALSE, FALSE },
  { BST_ACTION_CANCEL, N_ ("The order is stopped, and cannot be started again. You may say why."),
    FALSE, TRUE },
  { BST_ACTION_CONTEST, N_ ("Why was this no waiting of yours? The performer sees your reason."),
    FALSE, FALSE },
};

/* ---- doing it ---- */

static void
added_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstRequestPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!bst_store_add_event_finish (BST_STORE (source), result, &error))
    bst_page_fail (BST_PAGE (self), error);
}

static void
add_event (BstRequestPage *self, BstAction action, const char *text, int stars)
{
  g_autoptr (GVariant) event = bst_doc_new ();

  bst_doc_replace (&event, bst_doc_set_string (event, "request", self->id));
  bst_doc_replace (&event, bst_doc_set_string (event, "action", bst_action_name (action)));
  if (text && *text)
    bst_doc_replace (&event, bst_doc_set_string (event, "text", text));
  if (stars > 0)
    bst_doc_replace (&event, bst_doc_set_int (event, "data/stars", stars));
  if (action == BST_ACTION_CONTEST)
    {
      bst_doc_replace (&event, bst_doc_set_string (event, "line", self->contest_line));
      bst_doc_replace (&event, bst_doc_set_int (event, "data/event", self->contest_sequence));
    }
  bst_store_add_event_async (bst_session_get_store (bst_request_page_session (self)), event, NULL,
                             added_cb, g_object_ref (self));
}

static char *
take_text (GtkWidget *view)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return g_strstrip (gtk_text_buffer_get_text (buffer, &start, &end, FALSE));
}

static void
clear_text (GtkWidget *view)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), "", -1);
}

/* ---- the step that asks for words ---- */

static int
chosen_stars (BstRequestPage *self)
{
  int stars = 0;

  for (GtkWidget *star = gtk_widget_get_first_child (self->step_stars); star;
       star = gtk_widget_get_next_sibling (star))
    if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (star)))
      stars++;
  return stars;
}

static void
update_step (BstRequestPage *self)
{
  g_autofree char *text = take_text (self->step_text);
  BstNeed needs = bst_life_needs (self->step_action);

  gtk_widget_set_sensitive (self->step_button,
                            (!(needs & BST_NEED_TEXT) || *text) &&
                                (!(needs & BST_NEED_STARS) || chosen_stars (self) > 0));
}

static void
step_text_changed_cb (GtkTextBuffer *buffer, BstRequestPage *self)
{
  if (self->step_button)
    update_step (self);
}

static void
star_clicked_cb (GtkButton *button, BstRequestPage *self)
{
  int wanted = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "stars"));
  int n = 0;

  for (GtkWidget *star = gtk_widget_get_first_child (self->step_stars); star;
       star = gtk_widget_get_next_sibling (star))
    {
      n++;
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (star), n <= wanted);
      gtk_button_set_icon_name (GTK_BUTTON (star),
                                n <= wanted ? "starred-symbolic" : "non-starred-symbolic");
    }
  update_step (self);
}

static void
fill_stars (BstRequestPage *self)
{
  GtkWidget *star;

  while ((star = gtk_widget_get_first_child (self->step_stars)))
    gtk_box_remove (GTK_BOX (self->step_stars), star);
  for (int i = 1; i <= MAX_STARS; i++)
    {
      g_autofree char *label =
          g_strdup_printf (ngettext ("%d star of 5", "%d stars of 5", (gulong) i), i);

      star = gtk_toggle_button_new ();
      gtk_button_set_icon_name (GTK_BUTTON (star), "non-starred-symbolic");
      gtk_widget_add_css_class (star, "flat");
      gtk_widget_set_tooltip_text (star, label);
      gtk_accessible_update_property (GTK_ACCESSIBLE (star), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                      -1);
      g_object_set_data (G_OBJECT (star), "stars", GINT_TO_POINTER (i));
      g_signal_connect (star, "clicked", G_CALLBACK (star_clicked_cb), self);
      gtk_box_append (GTK_BOX (self->step_stars), star);
    }
}

static void
open_step (BstRequestPage *self, int step)
{
  self->step_action = steps[step].action;
  gtk_label_set_label (GTK_LABEL (self->step_heading), _ (steps[step].question));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->step_text), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (steps[step].question), -1);
  gtk_button_set_label (GTK_BUTTON (self->step_button), bst_order_action_text (self->step_action));
  gtk_widget_remove_css_class (self->step_button, "destructive-action");
  gtk_widget_remove_css_class (self->step_button, "suggested-action");
  gtk_widget_add_css_class (self->step_button,
                            steps[step].destructive ? "destructive-action" : "suggested-action");
  clear_text (self->step_text);
  fill_stars (self);
  gtk_widget_set_visible (self->step_stars,
                          (bst_life_needs (self->step_action) & BST_NEED_STARS) != 0);
  update_step (self);
  gtk_widget_set_visible (self->step, TRUE);
  gtk_widget_set_visible (self->actions, FALSE);
  gtk_widget_grab_focus (self->step_text);
}

static void
close_step (BstRequestPage *self)
{
  gtk_widget_set_visible (self->step, FALSE);
  gtk_widget_set_visible (self->actions, TRUE);
}

static void
step_done_cb (GtkButton *button, BstRequestPage *self)
{
  g_autofree char *text = take_text (self->step_text);

  add_event (self, self->step_action, text, chosen_stars (self));
  close_step (self);
}

static void
step_back_cb (GtkButton *button, BstRequestPage *self)
{
  close_step (self);
}

/* ---- buttons ---- */

static void
action_cb (GtkButton *button, BstRequestPage *self)
{
  int step = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "step"));

  if (steps[step].question)
    open_step (self, step);
  else
    add_event (self, steps[step].action, NULL, 0);
}

static void
copy_cb (GtkButton *button, BstRequestPage *self)
{
  g_autofree char *arg = g_strconcat ("copy:", self->id, NULL);

  bst_page_navigate (BST_PAGE (self), "order", arg);
}

static void
edit_cb (GtkButton *button, BstRequestPage *self)
{
  bst_page_navigate (BST_PAGE (self), "order", self->id);
}

static void
send_message_cb (GtkButton *button, BstRequestPage *self)
{
  g_autofree char *text = take_text (self->compose_text);

  if (!*text)
    return;
  add_event (self, BST_ACTION_MESSAGE, text, 0);
  clear_text (self->compose_text);
}

static void
withdrawn_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstRequestPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (bst_store_withdraw_finish (BST_STORE (source), result, &error))
    bst_page_navigate (BST_PAGE (self), "order", self->id);
  else
    bst_page_fail (BST_PAGE (self), error);
}

static void
withdraw_cb (GtkButton *button, BstRequestPage *self)
{
  bst_store_withdraw_async (bst_session_get_store (bst_request_page_session (self)), self->id, NULL,
                            withdrawn_cb, g_object_ref (self));
}

static GtkWidget *
add_button (BstRequestPage *self, const char *label, const char *css_class, GCallback callback)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  if (css_class)
    gtk_widget_add_css_class (button, css_class);
  g_signal_connect (button, "clicked", callback, self);
  gtk_box_append (GTK_BOX (self->actions), button);
  return button;
}

/* What stands in an order that was sent; while a change is under way, the next one waits. */
static gboolean
may_change (BstRequestPage *self, BstRole roles)
{
  BstOrderLocal local = bst_order_local (self->request);

  return (roles & (BST_ROLE_ORDERER | BST_ROLE_ADMINISTRATOR)) &&
         !bst_state_is_over (bst_order_state (self->request)) &&
         bst_doc_has (self->request, "rev") &&
         (local == BST_ORDER_RECEIVED || bst_order_opens_in_editor (self->request));
}

void
bst_request_page_show_actions (BstRequestPage *self)
{
  BstRole roles = bst_session_get_roles (bst_request_page_session (self),
                                         bst_doc_get_string (self->request, "unit"));
  g_auto (GStrv) allowed = bst_life_allowed (self->request, NULL, roles);
  gboolean has_primary = FALSE;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->actions)))
    gtk_box_remove (GTK_BOX (self->actions), child);
  if (bst_order_state (self->request) == BST_STATE_DRAFT)
    {
      add_button (self, _ ("Open the draft"), "suggested-action", G_CALLBACK (edit_cb));
      has_primary = TRUE;
    }
  else if (may_change (self, roles))
    add_button (self,
                bst_order_opens_in_editor (self->request) ? _ ("Go on with the change")
                                                          : _ ("Change the order"),
                NULL, G_CALLBACK (edit_cb));
  if (bst_order_is_unsent (self->request) && bst_order_local (self->request) == BST_ORDER_QUEUED)
    add_button (self, _ ("Back to draft"), NULL, G_CALLBACK (withdraw_cb));
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      gboolean primary = steps[i].primary && !has_primary;
      GtkWidget *button;

      if (!g_strv_contains ((const char *const *) allowed, bst_action_name (steps[i].action)))
        continue;
      if (steps[i].action == BST_ACTION_RATE && bst_doc_has (self->request, "rating"))
        continue;
      button = add_button (self, bst_order_action_text (steps[i].action),
                           primary ? "suggested-action" : NULL, G_CALLBACK (action_cb));
      g_object_set_data (G_OBJECT (button), "step", GINT_TO_POINTER (i));
      has_primary = has_primary || primary;
    }
  gtk_widget_set_visible (self->compose,
                          g_strv_contains ((const char *const *) allowed, "message"));
  /* To contest is taken at any time, hence not offered by the table. */
  if (gtk_widget_get_visible (self->step) && self->step_action != BST_ACTION_CONTEST &&
      !g_strv_contains ((const char *const *) allowed, bst_action_name (self->step_action)))
    close_step (self);
}

void
bst_request_page_contest (BstRequestPage *self, const char *line, gint64 sequence)
{
  int step = 0;

  while (steps[step].action != BST_ACTION_CONTEST)
    step++;
  g_free (self->contest_line);
  self->contest_line = g_strdup (line);
  self->contest_sequence = sequence;
  open_step (self, step);
}

void
bst_request_page_class_bind_steps (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_callback (klass, step_text_changed_cb);
  gtk_widget_class_bind_template_callback (klass, step_done_cb);
  gtk_widget_class_bind_template_callback (klass, step_back_cb);
  gtk_widget_class_bind_template_callback (klass, send_message_cb);
  gtk_widget_class_bind_template_callback (klass, copy_cb);
}
