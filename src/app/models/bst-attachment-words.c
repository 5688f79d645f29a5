/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-attachment-words.h"

#include <glib/gi18n.h>

#include "bst-doc.h"
#include "bst-format.h"

BstAttachmentState
bst_attachment_state (GVariant *request, GVariant *attachment, gint64 done, gboolean held)
{
  const char *local = bst_doc_get_string (request, "@local/state");
  gint64 size = bst_doc_get_int (attachment, "size", 0);

  /* The server's own record names it. */
  if (bst_doc_has (attachment, "blobId") || (!local && bst_doc_has (request, "rev")))
    return BST_ATTACHMENT_RECEIVED;
  if (done >= size && done >= 0)
    return BST_ATTACHMENT_SENT;
  if (held)
    return BST_ATTACHMENT_HELD;
  return done > 0 ? BST_ATTACHMENT_SENDING : BST_ATTACHMENT_HERE;
}

char *
bst_attachment_size_text (gint64 octets, const char *language)
{
  g_autofree char *number = NULL;

  if (octets < 1000)
    return g_strdup_printf (ngettext ("%d byte", "%d bytes", (gulong) octets), (int) octets);
  if (octets < 1000 * 1000)
    {
      number = bst_format_int ((octets + 500) / 1000, language);
      /* Translators: thousand bytes. */
      return g_strdup_printf (_ ("%s kB"), number);
    }
  number = bst_format_decimal ((double) octets / 1e6, octets % 1000000 < 50000 ? 0 : 1, language);
  /* Translators: million bytes. */
  return g_strdup_printf (_ ("%s MB"), number);
}

static int
percent (gint64 done, gint64 size)
{
  return size > 0 ? (int) CLAMP (done * 100 / size, 0, 99) : 0;
}

static char *
state_text (BstAttachmentState state, gint64 done, gint64 size, const char *language)
{
  g_autofree char *part = bst_format_percent (percent (done, size), 0, language);

  switch (state)
    {
    case BST_ATTACHMENT_HELD:
      return g_strdup (_ ("on this computer; waits for a connection that is not metered"));
    case BST_ATTACHMENT_SENDING:
      /* Translators: how much of a file: "sent 40 %". */
      return g_strdup_printf (_ ("sent %s"), part);
    case BST_ATTACHMENT_SENT:
      return g_strdup (_ ("sent"));
    case BST_ATTACHMENT_RECEIVED:
      return g_strdup (_ ("received"));
    case BST_ATTACHMENT_FETCHING:
      /* Translators: how much of a file: "fetched 40 %". */
      return g_strdup_printf (_ ("fetched %s"), part);
    case BST_ATTACHMENT_HERE:
    default:
      return g_strdup (_ ("on this computer"));
    }
}

char *
bst_attachment_text (BstAttachmentState state, gint64 done, gint64 size, const char *language)
{
  g_autofree char *size_text = bst_attachment_size_text (size, language);
  g_autofree char *where = state_text (state, done, size, language);

  return g_strdup_printf ("%s · %s", size_text, where);
}

char *
bst_attachment_limit_text (gint64 limit, const char *language)
{
  g_autofree char *size = bst_attachment_size_text (limit, language);

  return g_strdup_printf (
      _ ("Choose files, drop them on the page, or paste a picture. At most %s each."), size);
}

char *
bst_attachment_too_large_text (const char *name, gint64 limit, const char *language)
{
  g_autofree char *size = bst_attachment_size_text (limit, language);

  return name ? g_strdup_printf (_ ("“%s” is too large: a file may have %s at most"), name, size)
              : g_strdup_printf (_ ("It is too large: a file may have %s at most"), size);
}

const char *
bst_attachment_icon (const char *type)
{
  static const struct
  {
    const char *prefix;
    const char *icon;
  } icons[] = {
    { "image/", "image-x-generic-symbolic" },
    { "video/", "video-x-generic-symbolic" },
    { "audio/", "audio-x-generic-symbolic" },
  };

  for (guint i = 0; type && i < G_N_ELEMENTS (icons); i++)
    if (g_str_has_prefix (type, icons[i].prefix))
      return icons[i].icon;
  return "text-x-generic-symbolic";
}
