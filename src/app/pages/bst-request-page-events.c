/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-request-page-private.h"

#include <glib/gi18n.h>

#include "bst-format.h"
#include "bst-order-words.h"

/* Done and received are told apart when it took longer than this. */
#define SAME_SECONDS 300

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

static char *
moment (BstRequestPage *self, const char *instant)
{
  BstSession *session = bst_request_page_session (self);
  gint64 at;

  if (!bst_instant_parse (instant, &at))
    return NULL;
  return bst_format_moment (at, bst_session_get_zone (session), BST_DATE_BRIEF,
                            bst_session_get_language (session));
}

/* When it was done; and when it was received, where that was later; or where it is now. */
static char *
when_text (BstRequestPage *self, GVariant *event)
{
  const char *done = bst_doc_get_string (event, "at");
  const char *received = bst_doc_get_string (event, "receivedAt");
  const char *local = bst_order_local_text (event);
  gint64 done_at, received_at;
  g_autofree char *done_text = moment (self, done);
  g_autofree char *received_text = NULL;

  if (local)
    return g_strdup_printf ("%s · %s", done_text ? done_text : "", local);
  if (bst_instant_parse (done, &done_at) && bst_instant_parse (received, &received_at) &&
      ABS (received_at - done_at) > SAME_SECONDS)
    {
      received_text = moment (self, received);
      /* Translators: when it was done, and when the server received it. */
      return g_strdup_printf (_ ("%s · received %s"), done_text, received_text);
    }
  return g_steal_pointer (&done_text);
}

static const char *
who (BstRequestPage *self, GVariant *event)
{
  const char *id = bst_doc_get_string (event, "person");
  GVariant *person = bst_records_get (self->records, "Person", id);

  if (!id || g_strcmp0 (id, bst_session_get_person_id (bst_request_page_session (self))) == 0)
    return _ ("You");
  return person ? bst_doc_get_string (person, "name") : _ ("The performer");
}

static gboolean
is_mine (BstRequestPage *self, GVariant *event)
{
  const char *id = bst_doc_get_string (event, "person");

  return !id || g_strcmp0 (id, bst_session_get_person_id (bst_request_page_session (self))) == 0;
}

static void
add_message (BstRequestPage *self, GVariant *event)
{
  g_autofree char *when = when_text (self, event);
  g_autofree char *head = g_strdup_printf ("%s · %s", who (self, event), when ? when : "");
  GtkWidget *bubble = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *label = new_label (head, "caption");

  gtk_widget_add_css_class (label, "dim-label");
  gtk_box_append (GTK_BOX (bubble), label);
  gtk_box_append (GTK_BOX (bubble), new_label (bst_doc_get_string (event, "text"), NULL));
  gtk_widget_add_css_class (bubble, "bubble");
  if (is_mine (self, event))
    gtk_widget_add_css_class (bubble, "mine");
  gtk_widget_set_margin_start (bubble, is_mine (self, event) ? 48 : 0);
  gtk_widget_set_margin_end (bubble, is_mine (self, event) ? 0 : 48);
  gtk_box_append (GTK_BOX (self->messages), bubble);
}

static void
add_history (BstRequestPage *self, GVariant *event)
{
  const char *text = bst_doc_get_string (event, "text");
  gint64 stars = bst_doc_get_int (event, "data/stars", 0);
  g_autofree char *when = when_text (self, event);
  g_autofree char *line =
      g_strdup_printf ("%s · %s", bst_order_event_text (event), who (self, event));
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  GtkWidget *label = new_label (when, "caption");

  if (stars > 0)
    {
      g_autofree char *rated =
          g_strdup_printf (ngettext ("%d star of 5", "%d stars of 5", (gulong) stars), (int) stars);

      gtk_box_append (GTK_BOX (row), new_label (line, NULL));
      gtk_box_append (GTK_BOX (row), new_label (rated, "caption"));
    }
  else
    gtk_box_append (GTK_BOX (row), new_label (line, NULL));
  if (text && *text)
    gtk_box_append (GTK_BOX (row), new_label (text, "caption"));
  gtk_widget_add_css_class (label, "dim-label");
  gtk_box_append (GTK_BOX (row), label);
  gtk_widget_add_css_class (row, "fact");
  gtk_box_append (GTK_BOX (self->history), row);
}

/* Questions, answers and messages are the conversation; everything is the history. */
static gboolean
is_conversation (GVariant *event)
{
  static const char *const actions[] = { "message", "answer", "wait", "dispute", NULL };
  const char *action = bst_doc_get_string (event, "action");
  const char *text = bst_doc_get_string (event, "text");

  return action && text && *text && g_strv_contains (actions, action);
}

static void
clear (GtkWidget *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (box)))
    gtk_box_remove (GTK_BOX (box), child);
}

void
bst_request_page_show_events (BstRequestPage *self)
{
  guint n = self->events ? self->events->len : 0;

  clear (self->messages);
  clear (self->history);
  for (guint i = 0; i < n; i++)
    if (is_conversation (self->events->pdata[i]))
      add_message (self, self->events->pdata[i]);
  for (guint i = n; i > 0; i--)
    if (g_strcmp0 (bst_doc_get_string (self->events->pdata[i - 1], "action"), "message") != 0)
      add_history (self, self->events->pdata[i - 1]);
  gtk_widget_set_visible (self->messages, gtk_widget_get_first_child (self->messages) != NULL);
  gtk_widget_set_visible (self->messages_box, gtk_widget_get_visible (self->messages) ||
                                                  gtk_widget_get_visible (self->compose));
  gtk_widget_set_visible (gtk_widget_get_parent (self->history),
                          gtk_widget_get_first_child (self->history) != NULL);
}
