/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-admin.h"

#include "bst-calendar.h"
#include "bst-csv.h"
#include "bst-date.h"
#include "bst-error.h"
#include "bst-text.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

/* @ret_language: (out) (transfer none): that of the authority's country */
static BstCalendar *
open_calendar (BstAdmin *admin, const char *code, const char **ret_language, GError **error)
{
  g_autoptr (BstStorage) storage = bst_admin_open (admin, error);
  g_autoptr (GVariant) settings = storage ? bst_storage_get_settings (storage, error) : NULL;
  g_autoptr (GVariant) doc = NULL;

  if (!settings)
    return NULL;
  *ret_language = g_strcmp0 (bst_doc_get_string (settings, "country"), "NO") == 0 ? "nb" : "da";
  doc = bst_storage_find (storage, "Calendar", "code", code, NULL);
  if (!doc)
    doc = bst_storage_get (storage, "Calendar", code, error);
  return doc ? bst_calendar_new (doc, error) : NULL;
}

static gboolean
print_holidays (BstAdmin *admin,
                BstCalendar *calendar,
                const char *language,
                const char *year_text,
                GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GArray) holidays = NULL;
  g_autoptr (GVariant) answer = NULL;
  gint64 year;

  if (!g_ascii_string_to_signed (year_text, 10, 1583, 9999, &year, NULL))
    return bst_admin_usage_error (error, "“%s” is no year from 1583 to 9999", year_text);
  holidays = bst_calendar_holidays (calendar, (int) year);
  for (guint i = 0; i < holidays->len; i++)
    {
      const BstHoliday *holiday = &g_array_index (holidays, BstHoliday, i);
      g_autofree char *date = bst_date_text (&holiday->date);
      const char *name = holiday->name ? bst_text_pick (holiday->name, NULL, language) : NULL;
      GVariantDict entry;

      bst_admin_print (admin, "%s %s", date, name ? name : "");
      g_variant_dict_init (&entry, NULL);
      g_variant_dict_insert (&entry, "date", "s", date);
      if (holiday->name)
        g_variant_dict_insert_value (&entry, "name", holiday->name);
      g_ptr_array_add (list, bst_doc_take (g_variant_dict_end (&entry)));
    }
  answer = bst_admin_list (list);
  bst_admin_print_json (admin, answer);
  return TRUE;
}

static char *
read_standard_input (gsize *ret_len, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char buffer[16 * 1024];
  gssize n;

  while ((n = read (STDIN_FILENO, buffer, sizeof buffer)) != 0)
    {
      if (n > 0)
        g_string_append_len (text, buffer, n);
      else if (errno != EINTR)
        {
          g_set_error (error, BST_ERROR, BST_ERROR_STORAGE, "standard input: %s",
                       g_strerror (errno));
          return NULL;
        }
    }
  *ret_len = text->len;
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* What one row asks, and its answer as a line. */
typedef gboolean (*Answer) (BstCalendar *calendar,
                            const BstCsvRow *row,
                            gint64 start,
                            char **ret_answer,
                            GError **error);

typedef struct
{
  const char *name;
  const char *fields[2];
  Answer answer;
} Question;

/* @field: as the heading calls it. @wrong: what is wrong with the cell. */
static gboolean
fail_cell (const BstCsvRow *row, guint index, const char *field, const char *wrong, GError **error)
{
  if (index < row->cells->len && *bst_csv_cell (row, index))
    g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "line %u, column %u: %s: “%s” %s", row->line,
                 g_array_index (row->cells, BstCsvCell, index).column, field,
                 bst_csv_cell (row, index), wrong);
  else
    g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "line %u: %s: is missing", row->line, field);
  return FALSE;
}

/* An instant for which the rules of the zone are known. */
static gboolean
read_instant (const BstCsvRow *row,
              guint index,
              const char *field,
              gint64 *ret_instant,
              GError **error)
{
  gint64 instant;

  if (!bst_instant_parse (bst_csv_cell (row, index), &instant))
    return fail_cell (row, index, field, "is no instant (2026-03-12T14:02:00Z)", error);
  if (instant < BST_CALENDAR_FIRST || instant > BST_CALENDAR_LAST)
    return fail_cell (row, index, field, "is not between 1970 and 2100", error);
  *ret_instant = instant;
  return TRUE;
}

static gboolean
answer_due (BstCalendar *calendar,
            const BstCsvRow *row,
            gint64 start,
            char **ret_answer,
            GError **error)
{
  gint64 seconds, due;

  if (!g_ascii_string_to_signed (bst_csv_cell (row, 1), 10, G_MININT64, G_MAXINT64 / 2, &seconds,
                                 NULL))
    return fail_cell (row, 1, "duration_s", "is no number of seconds", error);
  if (seconds < 0)
    return fail_cell (row, 1, "duration_s", "is negative", error);
  due = bst_calendar_due (calendar, start, seconds);
  *ret_answer = due == BST_CALENDAR_NEVER ? g_strdup ("never") : bst_instant_format (due);
  return TRUE;
}

static gboolean
answer_elapsed (BstCalendar *calendar,
                const BstCsvRow *row,
                gint64 start,
                char **ret_answer,
                GError **error)
{
  gint64 end;

  if (!read_instant (row, 1, "end_utc", &end, error))
    return FALSE;
  if (end < start)
    return fail_cell (row, 1, "end_utc", "is before start_utc", error);
  *ret_answer = g_strdup_printf ("%" G_GINT64_FORMAT, bst_calendar_elapsed (calendar, start, end));
  return TRUE;
}

static const Question questions[] = {
  { "due", { "start_utc", "duration_s" }, answer_due },
  { "elapsed", { "start_utc", "end_utc" }, answer_elapsed },
};

/* A heading: what is asked has digits in it. */
static gboolean
is_words (const BstCsvRow *row)
{
  return !strpbrk (bst_csv_cell (row, 0), "0123456789") &&
         !strpbrk (bst_csv_cell (row, 1), "0123456789");
}

/* It must be that of the question. */
static gboolean
check_heading (const Question *question, const BstCsvRow *row, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (question->fields); i++)
    if (g_ascii_strcasecmp (bst_csv_cell (row, i), question->fields[i]) != 0)
      return fail_cell (row, i, question->fields[i], "is another heading", error);
  return TRUE;
}

static char *
answer_row (BstCalendar *calendar, const Question *question, const BstCsvRow *row, GError **error)
{
  char *answer = NULL;
  gint64 start;

  if (read_instant (row, 0, question->fields[0], &start, error))
    question->answer (calendar, row, start, &answer, error);
  return answer;
}

/* CSV on standard input, with or without a heading; one answer a line. */
static gboolean
answer_rows (BstAdmin *admin, BstCalendar *calendar, const Question *question, GError **error)
{
  gsize len;
  g_autofree char *text = read_standard_input (&len, error);
  g_autoptr (BstCsv) csv = text ? bst_csv_parse (text, len, error) : NULL;
  GVariantBuilder answers;

  if (!csv)
    return FALSE;
  g_variant_builder_init (&answers, G_VARIANT_TYPE ("av"));
  for (guint i = 0; i < csv->rows->len; i++)
    {
      const BstCsvRow *row = csv->rows->pdata[i];
      g_autofree char *answer = NULL;

      if (i == 0 && is_words (row))
        {
          if (check_heading (question, row, error))
            continue;
        }
      else
        answer = answer_row (calendar, question, row, error);
      if (!answer)
        {
          g_variant_builder_clear (&answers);
          return FALSE;
        }
      bst_admin_print (admin, "%s", answer);
      g_variant_builder_add (&answers, "v", g_variant_new_string (answer));
    }
  bst_admin_print_json (admin, g_variant_builder_end (&answers));
  return TRUE;
}

gboolean
bst_admin_calendar (BstAdmin *admin, int argc, char **argv, GError **error)
{
  g_autoptr (BstCalendar) calendar = NULL;
  const Question *question = NULL;
  const char *language;
  gboolean holidays = argc == 4 && strcmp (argv[1], "holidays") == 0;

  for (gsize i = 0; argc == 3 && i < G_N_ELEMENTS (questions); i++)
    if (strcmp (argv[1], questions[i].name) == 0)
      question = &questions[i];
  if (!holidays && !question)
    return bst_admin_usage_error (error,
                                  "calendar holidays CALENDAR YEAR, or due|elapsed CALENDAR");
  calendar = open_calendar (admin, argv[2], &language, error);
  if (!calendar)
    return FALSE;
  return holidays ? print_holidays (admin, calendar, language, argv[3], error)
                  : answer_rows (admin, calendar, question, error);
}
