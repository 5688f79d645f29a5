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

static BstCalendar *
open_calendar (BstAdmin *admin, const char *code, GError **error)
{
  g_autoptr (BstStorage) storage = bst_admin_open (admin, error);
  g_autoptr (GVariant) doc = NULL;

  if (!storage)
    return NULL;
  doc = bst_storage_find (storage, "Calendar", "code", code, NULL);
  if (!doc)
    doc = bst_storage_get (storage, "Calendar", code, error);
  return doc ? bst_calendar_new (doc, error) : NULL;
}

static gboolean
print_holidays (BstAdmin *admin, BstCalendar *calendar, const char *year_text, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GArray) holidays = NULL;
  g_autoptr (GVariant) answer = NULL;
  gint64 year;

  if (!g_ascii_string_to_signed (year_text, 10, 1583, 9999, &year, NULL))
    return bst_admin_usage_error (error, "“%s” is no year", year_text);
  holidays = bst_calendar_holidays (calendar, (int) year);
  for (guint i = 0; i < holidays->len; i++)
    {
      const BstHoliday *holiday = &g_array_index (holidays, BstHoliday, i);
      g_autofree char *date = bst_date_text (&holiday->date);
      const char *name = holiday->name ? bst_text_pick (holiday->name, NULL, "da") : NULL;
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

static gboolean
fail_cell (const BstCsvRow *row, guint index, const char *what, GError **error)
{
  guint column = index < row->cells->len ? g_array_index (row->cells, BstCsvCell, index).column : 1;

  g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "line %u, column %u: “%s” is no %s", row->line,
               column, bst_csv_cell (row, index), what);
  return FALSE;
}

/* What one row asks, and its answer as a line. */
typedef gboolean (*Ask) (BstCalendar *calendar,
                         const BstCsvRow *row,
                         gint64 start,
                         char **ret_answer,
                         GError **error);

static gboolean
ask_due (BstCalendar *calendar,
         const BstCsvRow *row,
         gint64 start,
         char **ret_answer,
         GError **error)
{
  gint64 seconds, due;

  if (!g_ascii_string_to_signed (bst_csv_cell (row, 1), 10, 0, G_MAXINT64 / 2, &seconds, NULL))
    return fail_cell (row, 1, "number of seconds", error);
  due = bst_calendar_due (calendar, start, seconds);
  *ret_answer = due == BST_CALENDAR_NEVER ? g_strdup ("never") : bst_instant_format (due);
  return TRUE;
}

static gboolean
ask_elapsed (BstCalendar *calendar,
             const BstCsvRow *row,
             gint64 start,
             char **ret_answer,
             GError **error)
{
  gint64 end;

  if (!bst_instant_parse (bst_csv_cell (row, 1), &end))
    return fail_cell (row, 1, "instant (2026-03-12T14:02:00Z)", error);
  *ret_answer = g_strdup_printf ("%" G_GINT64_FORMAT, bst_calendar_elapsed (calendar, start, end));
  return TRUE;
}

/* CSV on standard input, with or without a heading; one answer a line. */
static gboolean
answer_rows (BstAdmin *admin, BstCalendar *calendar, Ask ask, GError **error)
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
      gint64 start;

      if (i == 0 && !g_ascii_isdigit (bst_csv_cell (row, 0)[0]))
        continue;
      if (!bst_instant_parse (bst_csv_cell (row, 0), &start)
              ? !fail_cell (row, 0, "instant (2026-03-12T14:02:00Z)", error)
              : !ask (calendar, row, start, &answer, error))
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
  gboolean holidays = argc == 4 && strcmp (argv[1], "holidays") == 0;
  gboolean due = argc == 3 && strcmp (argv[1], "due") == 0;
  gboolean elapsed = argc == 3 && strcmp (argv[1], "elapsed") == 0;

  if (!holidays && !due && !elapsed)
    return bst_admin_usage_error (error,
                                  "calendar holidays CALENDAR YEAR, or due|elapsed CALENDAR");
  calendar = open_calendar (admin, argv[2], error);
  if (!calendar)
    return FALSE;
  return holidays ? print_holidays (admin, calendar, argv[3], error)
                  : answer_rows (admin, calendar, due ? ask_due : ask_elapsed, error);
}
