/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <glib/gi18n.h>

#include "bst-file-chooser.h"

typedef struct
{
  GWeakRef owner;
  BstFileChosen chosen;
} Question;

static Question *
question_new (GtkWidget *owner, BstFileChosen chosen)
{
  Question *question = g_new0 (Question, 1);

  g_weak_ref_init (&question->owner, owner);
  question->chosen = chosen;
  return question;
}

static void
answer (Question *question, GFile *file)
{
  g_autoptr (GtkWidget) owner = g_weak_ref_get (&question->owner);

  if (owner)
    question->chosen (file, owner);
  g_weak_ref_clear (&question->owner);
  g_free (question);
}

/* @files: (nullable): of GFile */
static void
answer_each (Question *question, GListModel *files)
{
  g_autoptr (GtkWidget) owner = g_weak_ref_get (&question->owner);

  for (guint i = 0; owner && files && i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);

      question->chosen (file, owner);
    }
  g_weak_ref_clear (&question->owner);
  g_free (question);
}

static GtkFileFilter *
picture_filter_new (void)
{
  GtkFileFilter *filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _ ("Pictures"));
  gtk_file_filter_add_mime_type (filter, "image/*");
  return filter;
}

/* Returns: (transfer full) (nullable): %NULL when there is no such folder. */
static GFile *
pictures_folder (void)
{
  const char *path = g_get_user_special_dir (G_USER_DIRECTORY_PICTURES);

  return path && g_file_test (path, G_FILE_TEST_IS_DIR) ? g_file_new_for_path (path) : NULL;
}

static GtkFileFilter *
filter_new (const char *kind, const char *const *patterns)
{
  GtkFileFilter *filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, kind);
  for (guint i = 0; patterns[i]; i++)
    gtk_file_filter_add_pattern (filter, patterns[i]);
  return filter;
}

#if GTK_CHECK_VERSION(4, 10, 0)

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GFile) file = gtk_file_dialog_open_finish (GTK_FILE_DIALOG (source), result, NULL);

  answer (data, file);
}

void
bst_file_chooser_open (GtkWidget *owner,
                       const char *title,
                       const char *kind,
                       const char *const *patterns,
                       BstFileChosen chosen)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr (GtkFileFilter) filter = filter_new (kind, patterns);

  gtk_file_dialog_set_title (dialog, title);
  gtk_file_dialog_set_default_filter (dialog, filter);
  gtk_file_dialog_open (dialog, GTK_WINDOW (gtk_widget_get_root (owner)), NULL, opened_cb,
                        question_new (owner, chosen));
}

static void
opened_pictures_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GListModel) files =
      gtk_file_dialog_open_multiple_finish (GTK_FILE_DIALOG (source), result, NULL);

  answer_each (data, files);
}

void
bst_file_chooser_open_pictures (GtkWidget *owner, const char *title, BstFileChosen chosen)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr (GtkFileFilter) filter = picture_filter_new ();
  g_autoptr (GFile) folder = pictures_folder ();

  gtk_file_dialog_set_title (dialog, title);
  gtk_file_dialog_set_default_filter (dialog, filter);
  if (folder)
    gtk_file_dialog_set_initial_folder (dialog, folder);
  gtk_file_dialog_open_multiple (dialog, GTK_WINDOW (gtk_widget_get_root (owner)), NULL,
                                 opened_pictures_cb, question_new (owner, chosen));
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (source), result, NULL);

  answer (data, file);
}

void
bst_file_chooser_save (GtkWidget *owner, const char *title, const char *name, BstFileChosen chosen)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();

  gtk_file_dialog_set_title (dialog, title);
  gtk_file_dialog_set_initial_name (dialog, name);
  gtk_file_dialog_save (dialog, GTK_WINDOW (gtk_widget_get_root (owner)), NULL, saved_cb,
                        question_new (owner, chosen));
}

#else

static void
response_cb (GtkNativeDialog *dialog, int response, Question *question)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  answer (question, file);
  g_object_unref (dialog);
}

void
bst_file_chooser_open (GtkWidget *owner,
                       const char *title,
                       const char *kind,
                       const char *const *patterns,
                       BstFileChosen chosen)
{
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (title, GTK_WINDOW (gtk_widget_get_root (owner)),
                                   GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), _ ("_Cancel"));
  g_autoptr (GtkFileFilter) filter = filter_new (kind, patterns);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), question_new (owner, chosen));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
pictures_response_cb (GtkNativeDialog *dialog, int response, Question *question)
{
  g_autoptr (GListModel) files = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
  answer_each (question, files);
  g_object_unref (dialog);
}

void
bst_file_chooser_open_pictures (GtkWidget *owner, const char *title, BstFileChosen chosen)
{
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (title, GTK_WINDOW (gtk_widget_get_root (owner)),
                                   GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), _ ("_Cancel"));
  g_autoptr (GtkFileFilter) filter = picture_filter_new ();
  g_autoptr (GFile) folder = pictures_folder ();

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), TRUE);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  if (folder)
    gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (dialog), folder, NULL);
  g_signal_connect (dialog, "response", G_CALLBACK (pictures_response_cb),
                    question_new (owner, chosen));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

void
bst_file_chooser_save (GtkWidget *owner, const char *title, const char *name, BstFileChosen chosen)
{
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (title, GTK_WINDOW (gtk_widget_get_root (owner)),
                                   GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), _ ("_Cancel"));

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), question_new (owner, chosen));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

#endif
