/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-target-row.h"

#include <glib/gi18n.h>

#include "bst-agreement.h"
#include "bst-expander.h"
#include "bst-format.h"
#include "bst-gap-words.h"
#include "bst-offer.h"
#include "bst-row-name.h"
#include "bst-text.h"

/* What all parts of a row look at. */
typedef struct
{
  BstAgreementBook *book;
  GVariant *agreement;
  const char *service;
  const BstGap *gap;
  BstSession *session;
  const char *language;
} Target;

static GtkWidget *
add_row (AdwExpanderRow *expander, const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  if (subtitle)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  bst_row_name (row, title, NULL);
  adw_expander_row_add_row (expander, row);
  return row;
}

static void
append (GString *text, const char *part)
{
  if (part && *part)
    g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", part);
}

/* "3 working days · 92 % on time · first answer within 2 opening hours" */
static char *
terms_text (const BstTerms *terms, const char *language)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *promise = bst_offer_promise_text (terms->promise);
  g_autofree char *respond = bst_offer_promise_text (terms->respond);
  gint64 percent = terms->target ? bst_doc_get_int (terms->target, "percent", 0) : 0;

  append (text, promise);
  if (percent > 0)
    {
      g_autofree char *share = bst_format_percent ((double) percent, 0, language);
      g_autofree char *part = g_strdup_printf (_ ("%s on time"), share);

      append (text, part);
    }
  if (respond)
    {
      g_autofree char *part = g_strdup_printf (_ ("first answer within %s"), respond);

      append (text, part);
    }
  return g_strdup (text->str);
}

/* The targets beside the promise, where they are said. */
static void
add_quality (const Target *target, const BstTerms *terms, AdwExpanderRow *expander)
{
  static const struct
  {
    const char *property;
    const char *name;
    int decimals;
    gboolean percent;
  } rows[] = {
    { "firstTime", N_ ("right first time"), 0, TRUE },
    { "satisfaction", N_ ("satisfaction (1–5)"), 1, FALSE },
    { "availability", N_ ("opening hours without disturbance"), 1, TRUE },
  };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; terms->target && i < G_N_ELEMENTS (rows); i++)
    {
      double value = bst_doc_get_double (terms->target, rows[i].property, 0);
      g_autofree char *number =
          rows[i].percent ? bst_format_percent (value, rows[i].decimals, target->language)
                          : bst_format_decimal (value, rows[i].decimals, target->language);
      g_autofree char *part = NULL;

      if (value <= 0)
        continue;
      part = g_strdup_printf ("%s %s", _ (rows[i].name), number);
      append (text, part);
    }
  if (text->len > 0)
    add_row (expander, _ ("Also promised"), text->str);
}

static void
add_priorities (const Target *target, GVariant *doc, AdwExpanderRow *expander)
{
  static const struct
  {
    const char *priority;
    const char *title;
  } names[] = {
    { "urgent", N_ ("When it is urgent") },
    { "high", N_ ("When it has high priority") },
    { "low", N_ ("When it can wait") },
  };
  GVariant *service = bst_agreement_book_get (target->book, "Service", target->service);
  g_autoptr (GVariant) list = bst_doc_get_list (doc, "priorities");
  GVariantIter iter;
  GVariant *said;

  g_variant_iter_init (&iter, list);
  while (service && g_variant_iter_loop (&iter, "v", &said))
    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
      if (g_strcmp0 (bst_doc_get_string (said, "priority"), names[i].priority) == 0)
        {
          g_auto (BstTerms) terms = { NULL };
          g_autofree char *text = NULL;

          bst_terms_resolve (service, target->agreement, names[i].priority, &terms);
          text = terms_text (&terms, target->language);
          add_row (expander, _ (names[i].title), text);
        }
}

/* ---- the steps behind it ---- */

/* The step's name, by its key. (transfer none) (nullable): borrowed from @olas */
static const char *
step_name (GVariant *olas, const char *key, const char *language)
{
  GVariantIter iter;
  GVariant *ola;
  const char *name = NULL;

  g_variant_iter_init (&iter, olas);
  while (!name && g_variant_iter_next (&iter, "v", &ola))
    {
      if (g_strcmp0 (bst_doc_get_string (ola, "key"), key) == 0)
        name = bst_text_pick (ola, "step", language);
      g_variant_unref (ola);
    }
  return name;
}

static char *
step_text (const Target *target, GVariant *olas, GVariant *ola)
{
  BstOrg *org = bst_session_get_org (target->session);
  const char *performer = bst_doc_get_string (ola, "performer");
  g_autoptr (GVariant) promise = bst_doc_get_map (ola, "promise");
  g_autofree char *time = bst_offer_promise_text (promise);
  g_auto (GStrv) after = bst_doc_get_strv (ola, "after");
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) names = g_string_new (NULL);

  append (text, org && performer ? bst_org_unit_name (org, performer) : NULL);
  append (text, time);
  for (guint i = 0; after[i]; i++)
    {
      const char *name = step_name (olas, after[i], target->language);

      if (name)
        g_string_append_printf (names, "%s“%s”", names->len > 0 ? ", " : "", name);
    }
  if (names->len > 0)
    {
      g_autofree char *part = g_strdup_printf (_ ("after %s"), names->str);

      append (text, part);
    }
  return g_strdup (text->str);
}

static void
add_off_duty (const Target *target, const char *key, AdwExpanderRow *expander)
{
  g_autofree char *hours =
      target->gap && key ? bst_gap_off_duty_text (target->gap, key, target->language) : NULL;

  if (hours)
    add_row (expander, _ ("Nobody on duty, though the target's hours are running"), hours);
}

static void
add_steps (const Target *target, AdwExpanderRow *expander)
{
  g_autoptr (GVariant) olas = bst_doc_get_list (target->agreement, "olas");
  GVariantIter iter;
  GVariant *ola;

  g_variant_iter_init (&iter, olas);
  while (g_variant_iter_loop (&iter, "v", &ola))
    {
      const char *name = bst_text_pick (ola, "step", target->language);
      g_autofree char *text = NULL;

      if (g_strcmp0 (bst_doc_get_string (ola, "service"), target->service) != 0)
        continue;
      text = step_text (target, olas, ola);
      add_row (expander, name ? name : _ ("A step"), text);
      add_off_duty (target, bst_doc_get_string (ola, "key"), expander);
    }
}

static void
add_gap (const Target *target, AdwExpanderRow *expander)
{
  g_autofree char *title = NULL;
  g_autofree char *when = NULL;
  GtkWidget *row;

  if (!target->gap)
    return;
  title = bst_gap_text (target->gap);
  when = bst_gap_when_text (target->gap, bst_session_get_zone (target->session), target->language);
  row = add_row (expander, title, when);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name (target->gap->kind == BST_GAP_NONE
                                                               ? "object-select-symbolic"
                                                               : "dialog-warning-symbolic"));
}

/* ---- the row ---- */

static GtkWidget *
make_button (const char *label, const char *action, const char *service)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", service);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  return button;
}

static void
add_buttons (const Target *target, gboolean may_propose, AdwExpanderRow *expander)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_widget_set_margin_top (box, 9);
  gtk_widget_set_margin_bottom (box, 9);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_box_append (GTK_BOX (box),
                  make_button (_ ("Show the service"), "agreements.service", target->service));
  if (may_propose)
    gtk_box_append (GTK_BOX (box),
                    make_button (_ ("Propose a change"), "agreements.propose", target->service));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  adw_expander_row_add_row (expander, row);
}

static void
add_warning (AdwExpanderRow *expander, const char *text)
{
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");

  gtk_widget_add_css_class (icon, "warning");
  gtk_widget_set_tooltip_text (icon, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  bst_expander_add_suffix (expander, icon); /* at the end: names begin at one edge */
}

static gboolean
falls_short (const BstGap *gap)
{
  return gap && gap->kind != BST_GAP_NONE && gap->kind != BST_GAP_NO_CHAIN;
}

GtkWidget *
bst_target_row_new (BstAgreementBook *book,
                    GVariant *agreement,
                    GVariant *doc,
                    const BstGap *gap,
                    gboolean may_propose,
                    BstSession *session)
{
  const Target target = { book, agreement, bst_doc_get_string (doc, "service"),
                          gap,  session,   bst_session_get_language (session) };
  GVariant *service = bst_agreement_book_get (book, "Service", target.service);
  const char *name = service ? bst_text_pick (service, "name", target.language) : NULL;
  GtkWidget *row = adw_expander_row_new ();
  AdwExpanderRow *expander = ADW_EXPANDER_ROW (row);
  g_auto (BstTerms) terms = { NULL };
  g_autofree char *said = NULL;
  g_autofree char *short_text = falls_short (gap) ? bst_gap_text (gap) : NULL;
  g_autoptr (GString) subtitle = g_string_new (NULL);

  if (service)
    bst_terms_resolve (service, agreement, NULL, &terms);
  said = terms_text (&terms, target.language);
  append (subtitle, said);
  append (subtitle, short_text);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name ? name : target.service);
  adw_expander_row_set_subtitle (expander, subtitle->str);
  bst_row_name (row, name ? name : target.service, subtitle->str);
  if (short_text)
    add_warning (expander, short_text);
  add_quality (&target, &terms, expander);
  add_priorities (&target, doc, expander);
  add_steps (&target, expander);
  add_gap (&target, expander);
  add_buttons (&target, may_propose, expander);
  return row;
}
