/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-levels-page-private.h"

#include "bst-clock.h"
#include "bst-level-export.h"
#include "bst-level-report.h"
#include "bst-report-paper.h"

static BstReport *
make_report (PangoContext *pango, double width, double height, gpointer page)
{
  BstLevelsPage *self = page;
  const BstLevelData *data = bst_levels_get_data (self->levels);
  BstSession *session = bst_levels_page_session (self);
  g_autoptr (GTimeZone) zone = bst_level_data_zone (bst_session_get_org (session), data->unit);
  BstReport *report =
      bst_level_report_new (data, pango, width, height, zone, bst_levels_page_language (self),
                            bst_clock_now (bst_session_get_clock (session)));

  bst_report_set_author (report, bst_doc_get_string (bst_session_get_person (session), "name"));
  return report;
}

static void
print_cb (GSimpleAction *action, GVariant *parameter, gpointer page)
{
  BstLevelsPage *self = page;
  g_autofree char *title = NULL;

  if (!bst_levels_get_data (self->levels))
    return;
  title =
      bst_level_report_title (bst_levels_get_data (self->levels), bst_levels_page_language (self));
  bst_report_print (page, title, make_report, g_object_ref (self), g_object_unref);
}

static void
pdf_cb (GSimpleAction *action, GVariant *parameter, gpointer page)
{
  BstLevelsPage *self = page;
  const BstLevelData *data = bst_levels_get_data (self->levels);
  g_autofree char *title = NULL;
  g_autofree char *name = NULL;

  if (!data)
    return;
  title = bst_level_report_title (data, bst_levels_page_language (self));
  name = g_strdup_printf ("%s, %s", title, data->unit_name);
  bst_report_ask_pdf (page, title, name, make_report, g_object_ref (self), g_object_unref);
}

/* "csv" or "xlsx": the breached cases as a table. */
static void
late_cb (GSimpleAction *action, GVariant *parameter, gpointer page)
{
  BstLevelsPage *self = page;
  const BstLevelData *data = bst_levels_get_data (self->levels);
  BstTableFormat format = BST_TABLE_XLSX;

  if (g_str_equal (g_variant_get_string (parameter, NULL), "csv"))
    format = BST_TABLE_CSV;
  if (data)
    bst_export_late (page, data, format);
}

/* The menu stands in the window's head, not in the page: its actions hang on its button. */
void
bst_levels_page_add_report_actions (BstLevelsPage *self)
{
  static const GActionEntry entries[] = {
    { .name = "print", .activate = print_cb },
    { .name = "pdf", .activate = pdf_cb },
    { .name = "late", .activate = late_cb, .parameter_type = "s" }
  };
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (group), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (self->report, "levels", G_ACTION_GROUP (group));
}
