/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-doc.h"

G_BEGIN_DECLS

/** core_doc: a document from JSON, with ' for " if that reads better. Fails the test on anything else. Returns: (transfer full). */
GVariant *core_doc (const char *json);

/** core_doc_format: the same with printf. */
GVariant *core_doc_format (const char *format, ...) G_GNUC_PRINTF (1, 2);

/** core_docs: the records of a list, unboxed. Returns: (transfer full) (element-type GVariant). */
GPtrArray *core_docs (const char *json);

/** core_oracle: rows of tests/fixtures/oracles/@name, without the heading. Returns: (transfer full) (element-type GStrv). */
GPtrArray *core_oracle (const char *name);

/** core_data: a file of the source tree. Returns: (transfer full). */
char *core_data (const char *path);

/** core_problem: the code at @path; %NULL when there is no problem there. */
const char *core_problem (GPtrArray *problems, const char *path);

/** core_join: strings with spaces between, freed with the list. Returns: (transfer full). */
char *core_join (char **taken);

#define core_assert_list(taken, expected)                                                          \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *core_joined = core_join (taken);                                              \
    g_assert_cmpstr (core_joined, ==, expected);                                                   \
  }                                                                                                \
  G_STMT_END

G_END_DECLS
