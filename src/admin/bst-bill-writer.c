/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-bill-writer.h"

#include "bst-money.h"

#define X(text) ((const xmlChar *) (text))

xmlNode *
bst_bill_add (const BstBillWriter *writer, xmlNode *parent, const char *name)
{
  return xmlNewChild (parent, writer->cac, X (name), NULL);
}

/* What XML cannot hold (control characters that were pasted) becomes a space. (transfer full) */
static char *
printable (const char *text)
{
  GString *clean = g_string_new (NULL);

  for (const char *at = text; *at; at = g_utf8_next_char (at))
    {
      gunichar letter = g_utf8_get_char (at);

      g_string_append_unichar (clean, xmlIsCharQ (letter) ? letter : ' ');
    }
  return g_strstrip (g_string_free (clean, FALSE));
}

xmlNode *
bst_bill_add_text (const BstBillWriter *writer, xmlNode *parent, const char *name, const char *text)
{
  g_autofree char *clean = text ? printable (text) : NULL;

  return clean && *clean ? xmlNewTextChild (parent, writer->cbc, X (name), X (clean)) : NULL;
}

void
bst_bill_add_coded (const BstBillWriter *writer,
                    xmlNode *parent,
                    const char *name,
                    const char *text,
                    const char *attribute,
                    const char *code)
{
  xmlNode *node = bst_bill_add_text (writer, parent, name, text);

  if (node)
    xmlNewProp (node, X (attribute), X (code));
}

/* Minor units as a decimal number; nowhere a floating point. */
static char *
decimal (gint64 minor, const char *currency)
{
  guint64 amount = minor < 0 ? (guint64) 0 - (guint64) minor : (guint64) minor;
  const char *sign = minor < 0 ? "-" : "";

  if (bst_money_decimals (currency) == 0)
    return g_strdup_printf ("%s%" G_GUINT64_FORMAT, sign, amount);
  return g_strdup_printf ("%s%" G_GUINT64_FORMAT ".%02d", sign, amount / 100, (int) (amount % 100));
}

void
bst_bill_add_amount (const BstBillWriter *writer, xmlNode *parent, const char *name, gint64 minor)
{
  g_autofree char *text = decimal (minor, writer->currency);

  bst_bill_add_coded (writer, parent, name, text, "currencyID", writer->currency);
}
