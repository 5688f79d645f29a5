/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "bst-confirm.h"

#define YES "yes"
#define NO  "no"

typedef struct
{
  BstConfirmed confirmed;
  gpointer data;
  GDestroyNotify destroy;
} Question;

static void
question_free (gpointer data, GClosure *closure)
{
  Question *question = data;

  if (question->destroy)
    question->destroy (question->data);
  g_free (question);
}

static gboolean
run_cb (gpointer data)
{
  Question *question = data;

  question->confirmed (question->data);
  question_free (question, NULL);
  return G_SOURCE_REMOVE;
}

/* What is confirmed may close the window that the dialog stands on: it is done once the dialog is gone. */
static void
response_cb (gpointer dialog, const char *response, Question *question)
{
  Question *answered;

  if (g_strcmp0 (response, YES) != 0 || !question->confirmed)
    return;
  answered = g_memdup2 (question, sizeof *question);
  question->confirmed = NULL;
  question->destroy = NULL;
  g_idle_add (run_cb, answered);
}

#if ADW_CHECK_VERSION(1, 5, 0)

static AdwAlertDialog *
dialog_new (const char *heading, const char *body)
{
  AdwAlertDialog *dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (heading, body));

  adw_alert_dialog_add_response (dialog, NO, _ ("_Cancel"));
  adw_alert_dialog_set_close_response (dialog, NO);
  return dialog;
}

void
bst_confirm (GtkWidget *parent,
             const char *heading,
             const char *body,
             const char *verb,
             gboolean destructive,
             BstConfirmed confirmed,
             gpointer data,
             GDestroyNotify destroy)
{
  AdwAlertDialog *dialog = dialog_new (heading, body);
  Question *question = g_new0 (Question, 1);

  *question = (Question){ confirmed, data, destroy };
  adw_alert_dialog_add_response (dialog, YES, verb);
  adw_alert_dialog_set_response_appearance (
      dialog, YES, destructive ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (dialog, destructive ? NO : YES);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), question, question_free, 0);
  adw_dialog_present (ADW_DIALOG (dialog), parent);
}

void
bst_tell (GtkWidget *parent, const char *heading, const char *body)
{
  AdwAlertDialog *dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (heading, body));

  adw_alert_dialog_add_response (dialog, NO, _ ("_Close"));
  adw_alert_dialog_set_close_response (dialog, NO);
  adw_dialog_present (ADW_DIALOG (dialog), parent);
}

#else

static AdwMessageDialog *
dialog_new (GtkWidget *parent, const char *heading, const char *body, const char *no)
{
  GtkRoot *root = parent ? gtk_widget_get_root (parent) : NULL;
  AdwMessageDialog *dialog =
      ADW_MESSAGE_DIALOG (adw_message_dialog_new (root ? GTK_WINDOW (root) : NULL, heading, body));

  adw_message_dialog_add_response (dialog, NO, no);
  adw_message_dialog_set_close_response (dialog, NO);
  return dialog;
}

void
bst_confirm (GtkWidget *parent,
             const char *heading,
             const char *body,
             const char *verb,
             gboolean destructive,
             BstConfirmed confirmed,
             gpointer data,
             GDestroyNotify destroy)
{
  AdwMessageDialog *dialog = dialog_new (parent, heading, body, _ ("_Cancel"));
  Question *question = g_new0 (Question, 1);

  *question = (Question){ confirmed, data, destroy };
  adw_message_dialog_add_response (dialog, YES, verb);
  adw_message_dialog_set_response_appearance (
      dialog, YES, destructive ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, destructive ? NO : YES);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), question, question_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
bst_tell (GtkWidget *parent, const char *heading, const char *body)
{
  gtk_window_present (GTK_WINDOW (dialog_new (parent, heading, body, _ ("_Close"))));
}

#endif
