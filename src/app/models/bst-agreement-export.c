/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-agreement-export.h"

#include <glib/gi18n.h>

#include "bst-agreement.h"
#include "bst-gap-words.h"
#include "bst-offer.h"
#include "bst-text.h"

const BstGap *
bst_gaps_find (GPtrArray *gaps, const char *service)
{
  for (guint i = 0; gaps && i < gaps->len; i++)
    if (g_strcmp0 (((BstGap *) gaps->pdata[i])->service, service) == 0)
      return gaps->pdata[i];
  return NULL;
}

static void
add_percent (BstTable *table, GVariant *target, const char *property)
{
  double percent = target ? bst_doc_get_double (target, property, 0) : 0;

  if (percent > 0)
    bst_table_add_number (table, percent);
  else
    bst_table_add_empty (table);
}

static void
add_text (BstTable *table, const char *text)
{
  if (text)
    bst_table_add_text (table, text);
  else
    bst_table_add_empty (table);
}

static void
add_target (BstTable *table,
            BstSession *session,
            GVariant *service,
            GVariant *agreement,
            const BstGap *gap)
{
  const char *language = bst_session_get_language (session);
  g_auto (BstTerms) terms = { NULL };
  g_autofree char *promise = NULL;
  g_autofree char *respond = NULL;
  g_autofree char *chain = gap ? bst_gap_text (gap) : NULL;
  g_autofree char *when =
      gap ? bst_gap_when_text (gap, bst_session_get_zone (session), language) : NULL;

  bst_terms_resolve (service, agreement, NULL, &terms);
  promise = bst_offer_promise_text (terms.promise);
  respond = bst_offer_promise_text (terms.respond);
  add_text (table, bst_text_pick (service, "name", language));
  add_text (table, promise);
  add_percent (table, terms.target, "percent");
  add_text (table, respond);
  add_percent (table, terms.target, "firstTime");
  add_text (table, chain);
  add_text (table, when);
}

void
bst_export_agreement (BstPage *page,
                      BstAgreementBook *book,
                      GVariant *agreement,
                      GPtrArray *gaps,
                      BstTableFormat format)
{
  BstSession *session = bst_page_get_session (page);
  const char *name = bst_text_pick (agreement, "name", bst_session_get_language (session));
  g_autoptr (BstTable) table = bst_table_new_for_page (page, name ? name : _ ("Agreement"));
  g_autoptr (GVariant) targets = bst_doc_get_list (agreement, "targets");
  GVariantIter iter;
  GVariant *target;

  bst_table_add_column (table, _ ("Service"), BST_CELL_TEXT, 0);
  bst_table_add_column (table, _ ("Promise"), BST_CELL_TEXT, 0);
  bst_table_add_column (table, _ ("Target"), BST_CELL_PERCENT, 1);
  bst_table_add_column (table, _ ("First answer within"), BST_CELL_TEXT, 0);
  bst_table_add_column (table, _ ("First time"), BST_CELL_PERCENT, 1);
  bst_table_add_column (table, _ ("The performers' steps"), BST_CELL_TEXT, 0);
  bst_table_add_column (table, _ ("When they are slowest"), BST_CELL_TEXT, 0);
  g_variant_iter_init (&iter, targets);
  while (g_variant_iter_loop (&iter, "v", &target))
    {
      const char *id = bst_doc_get_string (target, "service");
      GVariant *service = bst_agreement_book_get (book, "Service", id);

      if (service)
        add_target (table, session, service, agreement, bst_gaps_find (gaps, id));
    }
  bst_table_export (page, table, format);
}
