/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-process.h"

#include <signal.h>
#include <string.h>

struct _BstProcess
{
  GSubprocess *subprocess;
};

BstProcess *
bst_process_new (BstComputer *computer)
{
  BstProcess *process = g_new0 (BstProcess, 1);
  g_autoptr (GError) error = NULL;

  g_assert_null (computer->store);
  process->subprocess =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                        g_getenv ("BST_FAULTS_CLIENT"), computer->directory, computer->url,
                        computer->ca, computer->token, NULL);
  g_assert_no_error (error);
  return process;
}

void
bst_process_kill (BstProcess *process)
{
  g_subprocess_send_signal (process->subprocess, SIGKILL);
  g_subprocess_wait (process->subprocess, NULL, NULL);
  g_object_unref (process->subprocess);
  g_free (process);
}

static void
tell (BstProcess *process, const char *format, va_list args)
{
  GOutputStream *in = g_subprocess_get_stdin_pipe (process->subprocess);
  g_autofree char *words = g_strdup_vprintf (format, args);
  g_autofree char *line = g_strconcat (words, "\n", NULL);

  if (!g_output_stream_write_all (in, line, strlen (line), NULL, NULL, NULL))
    g_error ("%s: the process is gone", words);
}

void
bst_process_tell (BstProcess *process, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  tell (process, format, args);
  va_end (args);
}

char *
bst_process_hear (BstProcess *process)
{
  GInputStream *out = g_subprocess_get_stdout_pipe (process->subprocess);
  g_autoptr (GString) line = g_string_new (NULL);
  char c;

  while (g_input_stream_read (out, &c, 1, NULL, NULL) == 1)
    {
      if (c == '\n')
        return g_strdup (line->str);
      g_string_append_c (line, c);
    }
  return NULL;
}

char *
bst_process_ask (BstProcess *process, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  tell (process, format, args);
  va_end (args);
  return bst_process_hear (process);
}
