/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The lines of a draft: what is ordered, and what was answered about it. */

#include "bst-draft-private.h"

#include "bst-text.h"

static char *
free_line_id (GVariant *doc)
{
  g_autoptr (GVariant) lines = bst_doc_get_map (doc, "lines");

  for (int i = 1;; i++)
    {
      g_autofree char *id = g_strdup_printf ("l%d", i);

      if (!bst_doc_has (lines, id))
        return g_steal_pointer (&id);
    }
}

GVariant *
bst_draft_make_line (BstDraft *self,
                     GVariant *service,
                     GVariant *article,
                     gint64 quantity,
                     gint64 order)
{
  g_autoptr (GVariant) listed = bst_request_line_from_service (service, article, quantity, order);
  g_auto (BstTerms) terms = { NULL };
  BstRequestContext context;
  g_autofree char *today = NULL;

  bst_draft_fill_context (self, &context, &today);
  bst_request_terms (self->doc, service, &context, &terms);
  return bst_request_line_with_terms (listed, article, &terms);
}

char *
bst_draft_add_line (BstDraft *self,
                    GVariant *service,
                    GVariant *article,
                    gint64 quantity,
                    const char *bundle)
{
  g_auto (GStrv) before = bst_request_line_ids (self->doc);
  g_autofree char *id = free_line_id (self->doc);
  g_autofree char *path = g_strconcat ("lines/", id, NULL);
  const char *title = bst_doc_get_string (self->doc, "title");
  GVariant *line =
      bst_draft_make_line (self, service, article, quantity, (gint64) g_strv_length (before) + 1);
  g_autoptr (GVariant) doc = NULL;

  if (bundle)
    bst_doc_replace (&line, bst_doc_set_string (line, "bundle", bundle));
  doc = bst_doc_set (self->doc, path, line);
  g_variant_unref (line);
  if (!before[0])
    bst_doc_replace (&doc, bst_doc_set_string (doc, "area", bst_doc_get_string (service, "area")));
  if (!title || !*title)
    {
      const char *name = bst_text_pick (service, "name", bst_session_get_language (self->session));

      bst_doc_replace (&doc, bst_doc_set_string (doc, "title", name ? name : ""));
    }
  bst_draft_took_edit (self, g_steal_pointer (&doc), TRUE);
  return g_steal_pointer (&id);
}

void
bst_draft_put_line (BstDraft *self, const char *id, GVariant *line)
{
  g_autofree char *path = g_strconcat ("lines/", id, NULL);

  bst_draft_took_edit (self, bst_doc_set (self->doc, path, line), TRUE);
}

void
bst_draft_replace_line (BstDraft *self, const char *id, GVariant *line)
{
  g_autofree char *path = g_strconcat ("lines/", id, NULL);

  bst_draft_took_edit (self, bst_doc_set (self->doc, path, line), FALSE);
}

static char *
line_path (const char *line, const char *map, const char *key)
{
  g_autofree char *escaped = bst_path_escape (key);

  return g_strjoin ("/", "lines", line, map, escaped, NULL);
}

void
bst_draft_answer (BstDraft *self, const char *line, GVariant *field, GVariant *answer)
{
  const char *key = bst_doc_get_string (field, "key");
  g_autofree char *path = line_path (line, "answers", key);
  g_autofree char *asked = line_path (line, "asked", key);
  g_autoptr (GVariant) now = bst_doc_lookup (self->doc, path);
  g_autoptr (GVariant) next = NULL;

  if ((!now && !answer) || (now && answer && bst_doc_equal (now, answer)))
    return;
  next = bst_doc_set (self->doc, path, answer);
  bst_draft_took_edit (self, bst_doc_set (next, asked, answer ? field : NULL), FALSE);
}

void
bst_draft_drop_answer (BstDraft *self, const char *line, const char *key)
{
  g_autofree char *path = line_path (line, "answers", key);
  g_autofree char *asked = line_path (line, "asked", key);
  g_autoptr (GVariant) next = bst_doc_set (self->doc, path, NULL);

  bst_draft_took_edit (self, bst_doc_set (next, asked, NULL), TRUE);
}

/* An order that was named after the line is named after what it orders now. */
static void
retitle (BstDraft *self, GVariant *before, GVariant *after)
{
  const char *language = bst_session_get_language (self->session);
  const char *title = bst_doc_get_string (self->doc, "title");

  if (title && g_strcmp0 (title, bst_text_pick (before, "name", language)) == 0)
    bst_draft_set_text (self, "title", bst_text_pick (after, "name", language));
}

void
bst_draft_exchange_line (BstDraft *self, const char *id, GVariant *service, GVariant *article)
{
  static const char *const kept[] = { "answers", "asked", "wantedDate" };
  g_auto (GStrv) ids = bst_request_line_ids (self->doc);
  g_autoptr (GVariant) line = bst_request_line (self->doc, id);
  gint64 quantity =
      bst_doc_get_bool (service, "quantity") ? bst_doc_get_int (line, "quantity", 1) : 1;
  GVariant *next =
      bst_draft_make_line (self, service, article, quantity, bst_doc_get_int (line, "order", 1));

  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      g_autoptr (GVariant) value = bst_doc_lookup (line, kept[i]);

      if (value)
        bst_doc_replace (&next, bst_doc_set (next, kept[i], value));
    }
  retitle (self, line, next);
  if (g_strcmp0 (ids[0], id) == 0)
    bst_draft_set_text (self, "area", bst_doc_get_string (service, "area"));
  bst_draft_put_line (self, id, next);
  g_variant_unref (next);
}
