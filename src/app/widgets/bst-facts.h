/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A short list of facts in a card: the name small above, the value below. Texts can be selected and copied. */
#define BST_TYPE_FACTS (bst_facts_get_type ())
G_DECLARE_FINAL_TYPE (BstFacts, bst_facts, BST, FACTS, GtkBox)

void bst_facts_clear (BstFacts *facts);

/** bst_facts_add: nothing when @value is %NULL or empty. @detail: (nullable): a third, dim line. */
void bst_facts_add (BstFacts *facts, const char *name, const char *value, const char *detail);

/** bst_facts_set_heading: above the card; property "heading". */
void bst_facts_set_heading (BstFacts *facts, const char *heading);

G_END_DECLS
