/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** BstGlossaryEntry: untranslated; both go through gettext. */
typedef struct
{
  const char *term;
  const char *meaning;
} BstGlossaryEntry;

/** bst_glossary: the words of agreements and service levels, in the order in which one meets them. Static. */
const BstGlossaryEntry *bst_glossary (gsize *ret_n);

G_END_DECLS
