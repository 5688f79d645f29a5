/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-record-type.h"

G_BEGIN_DECLS

/*
 * Order forms. A form is the list "form" of a Service (array of fields, see the data dictionary); answers are a map
 * key -> answer.
 */

/**
 * bst_form_asked:
 *
 * Which fields are asked, in the form's order: those without condition, and those whose condition's field is itself asked and
 * has the answer that the condition wants. A condition on a field that is not in the form, or on itself in a circle, never holds.
 * Returns: (transfer full): keys
 */
char **bst_form_asked (GVariant *service, GVariant *answers);

/** bst_form_field: Returns: (transfer full) (nullable): the field's document */
GVariant *bst_form_field (GVariant *service, const char *key);

/** bst_form_is_filled: whether @answer (nullable) is one: not null, no empty text or list. An unticked box is filled. */
gboolean bst_form_is_filled (GVariant *answer);

/**
 * bst_form_problems:
 * @prefix: before the keys in the paths: "lines/l1/answers/"
 *
 * Only of fields that are asked. Codes: "required", "type", "choice", "too-small", "too-large", "too-long", "pattern",
 * "value" (no such date). A required tick box must be ticked. Returns: (transfer full) (element-type BstProblem).
 */
GPtrArray *bst_form_problems (GVariant *service, GVariant *answers, const char *prefix);

/** bst_form_clean: @answers without those to fields that are not asked. Returns: (transfer full). */
GVariant *bst_form_clean (GVariant *service, GVariant *answers);

/**
 * bst_form_left: which answers @service asks for no more: those to a question that its form does not have, and those that the form
 * as it is now cannot take (another kind of question; no longer among the choices). What a condition merely hides is still asked for.
 * @asked: (nullable): key -> the question as it was when it was answered
 * Returns: (transfer full): keys, sorted
 */
char **bst_form_left (GVariant *service, GVariant *answers, GVariant *asked);

G_END_DECLS
