/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-unsent.h"

#include <glib/gi18n.h>

#include "bst-order-words.h"
#include "bst-outbox-entry.h"

/* As many as one reads in a question; the others are counted. */
#define MAX_NAMES  5
#define MAX_DRAFTS 10000

static void
add_name (GPtrArray *names, const char *what, const char *title)
{
  g_ptr_array_add (names, title ? g_strdup_printf ("• %s · %s", what, title)
                                : g_strdup_printf ("• %s", what));
}

static gboolean
add_entries (BstStore *store, GPtrArray *names, GError **error)
{
  g_autoptr (GPtrArray) entries = bst_outbox_entries (store, error);

  for (guint i = 0; entries && i < entries->len; i++)
    {
      const BstOutboxEntry *entry = entries->pdata[i];

      add_name (names, bst_outbox_entry_what (entry), entry->title);
    }
  return entries != NULL;
}

/* A refused order stands in the outbox already. */
static gboolean
add_drafts (BstStore *store, GPtrArray *names, GError **error)
{
  g_autoptr (GPtrArray) drafts = bst_store_find (
      store, &(BstQuery){ .type = "Request", .local_only = TRUE }, 0, MAX_DRAFTS, error);

  for (guint i = 0; drafts && i < drafts->len; i++)
    if (g_strcmp0 (bst_doc_get_string (drafts->pdata[i], "@local/state"), "draft") == 0)
      add_name (names, _ ("Draft"), bst_order_title (drafts->pdata[i]));
  return drafts != NULL;
}

char *
bst_unsent_text (BstStore *store, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) text = g_string_new (NULL);

  if (!add_entries (store, names, error) || !add_drafts (store, names, error))
    return NULL;
  if (names->len > 0)
    g_string_append_printf (text,
                            ngettext ("%u thing is only on this computer:",
                                      "%u things are only on this computer:", names->len),
                            names->len);
  for (guint i = 0; i < MIN (names->len, MAX_NAMES); i++)
    g_string_append_printf (text, "\n%s", (char *) names->pdata[i]);
  if (names->len > MAX_NAMES)
    {
      guint more = names->len - MAX_NAMES;

      g_string_append_c (text, '\n');
      /* Translators: after a list of which only the beginning is shown. */
      g_string_append_printf (text, ngettext ("and %u more", "and %u more", more), more);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
