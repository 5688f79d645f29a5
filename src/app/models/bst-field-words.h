/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-records.h"
#include "bst-session.h"

G_BEGIN_DECLS

/*
 * A place in an order, and what stands there, in the words of the form: labels of fields, names of people, units and
 * services, dates and money as they are written here. Records that are not read yet are asked for (bst-records.h). Main thread.
 */

/** bst_field_label: "Where", "Office chair: how many", "Laptop: Which room?". @order: one in which @path exists. (transfer full) */
char *bst_field_label (GVariant *order, const char *path, BstSession *session, BstRecords *records);

/** bst_field_value: @value: (nullable): %NULL: nothing stands there. (transfer full) */
char *bst_field_value (GVariant *order,
                       const char *path,
                       GVariant *value,
                       BstSession *session,
                       BstRecords *records);

/** bst_answer_value: an answer to @field, a question of a form; @field: (nullable): it is asked no more. (transfer full) */
char *
bst_answer_value (GVariant *field, GVariant *answer, BstSession *session, BstRecords *records);

G_END_DECLS
