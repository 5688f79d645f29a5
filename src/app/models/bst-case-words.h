/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-case-view.h"

G_BEGIN_DECLS

/**
 * bst_case_text: one line about a case: its service, and whether it was on time: "Laptop · 2 working days late, due Mon 2 Mar · waited for a
 * supplier".
 * @zone: of the unit
 *
 * Returns: (transfer full)
 */
char *bst_case_text (const BstCaseView *view, GTimeZone *zone, const char *language);

/** BstCaseChoice: which cases of a period. */
typedef enum
{
  BST_CASE_CHOICE_ALL,
  BST_CASE_CHOICE_LATE,     /* breached */
  BST_CASE_CHOICE_DISPUTED, /* delivered, and not right first time */
  BST_CASE_CHOICE_RATED,
  BST_N_CASE_CHOICES,
} BstCaseChoice;

/** bst_case_choice_name: for people; static. */
const char *bst_case_choice_name (BstCaseChoice choice);

/**
 * BstCaseFilter: the cases behind a figure.
 * @service, @channel: (nullable): any
 * @from, @to: months, both included
 */
typedef struct
{
  BstCaseChoice choice;
  char *unit;
  char *service;
  char *channel;
  char *from;
  char *to;
} BstCaseFilter;

/** bst_case_filter_format: as the argument of a page. Returns: (transfer full). */
char *bst_case_filter_format (const BstCaseFilter *filter);

/** bst_case_filter_parse: %FALSE when @text says none. Clear with bst_case_filter_clear(). */
gboolean bst_case_filter_parse (const char *text, BstCaseFilter *ret_filter);
void bst_case_filter_clear (BstCaseFilter *filter);

/** bst_case_filter_takes: whether it is one of them. */
gboolean bst_case_filter_takes (const BstCaseFilter *filter, const BstCaseView *view);

/** bst_case_filter_hides: whether as few as @n are not shown: who rated is hidden where it would tell how. */
gboolean bst_case_filter_hides (const BstCaseFilter *filter, guint n);

G_END_DECLS
