/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-doc.h"

#include <libxml/chvalid.h>
#include <libxml/tree.h>

G_BEGIN_DECLS

/* What writing a bill as UBL needs (bst-bill-ubl.c): elements, and who buys and sells. Nodes belong to the document. */

/* A bill in which more is taken back than asked for is a credit note: what it takes back is positive there. */
typedef struct
{
  const char *root;
  const char *namespace;
  const char *type_name;
  const char *type;
  const char *line;
  const char *quantity;
  int sign;
} BstBillKind;

typedef struct
{
  xmlNs *cac;
  xmlNs *cbc;
  const char *currency;
  const BstBillKind *kind;
} BstBillWriter;

/** bst_bill_add: an aggregate. */
xmlNode *bst_bill_add (const BstBillWriter *writer, xmlNode *parent, const char *name);

/** bst_bill_add_text: nothing for %NULL, or when nothing can be seen: no element is empty (PEPPOL-EN16931-R008). (nullable) */
xmlNode *bst_bill_add_text (const BstBillWriter *writer,
                            xmlNode *parent,
                            const char *name,
                            const char *text);

/** bst_bill_add_coded: with an attribute that says by which code. */
void bst_bill_add_coded (const BstBillWriter *writer,
                         xmlNode *parent,
                         const char *name,
                         const char *text,
                         const char *attribute,
                         const char *code);

/** bst_bill_add_amount: minor units, in the bill's currency. */
void
bst_bill_add_amount (const BstBillWriter *writer, xmlNode *parent, const char *name, gint64 minor);

/** bst_bill_add_party: INVALID when the number by which it is reached has a wrong check digit. */
gboolean bst_bill_add_party (const BstBillWriter *writer,
                             xmlNode *root,
                             const char *name,
                             GVariant *party,
                             GError **error);

/** bst_bill_check_seller: who sells in Denmark is named by CVR number (DK-R-002, DK-R-014): INVALID. */
gboolean bst_bill_check_seller (GVariant *seller, GError **error);

G_END_DECLS
