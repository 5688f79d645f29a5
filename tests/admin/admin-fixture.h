/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-admin.h"

G_BEGIN_DECLS

/* bestiller-admin as a script would use it, in a folder of its own. */

typedef struct
{
  char *directory; /* of the test */
  char *data;      /* the server's */
  GString *out;
  GString *err;
} Fixture;

/** run: a command line, ended by NULL; what it said is in the fixture. */
BstAdminExit run (Fixture *fixture, ...) G_GNUC_NULL_TERMINATED;

#define assert_run(fixture, code, ...)                                                             \
  G_STMT_START                                                                                     \
  {                                                                                                \
    BstAdminExit got = run (fixture, __VA_ARGS__, NULL);                                           \
    if (got != (code))                                                                             \
      g_error ("exit %d, not %d: %s%s", (int) got, (int) (code), (fixture)->out->str,              \
               (fixture)->err->str);                                                               \
  }                                                                                                \
  G_STMT_END

#define assert_has(text, part)                                                                     \
  G_STMT_START                                                                                     \
  {                                                                                                \
    if (!strstr ((text)->str, (part)))                                                             \
      g_error ("“%s” is not in: %s", (part), (text)->str);                                         \
  }                                                                                                \
  G_STMT_END

/** answer: what a command said with --json. Returns: (transfer full). */
GVariant *answer (Fixture *fixture);

/** write_file: in the test's folder. Returns: (transfer full): its path. */
char *write_file (Fixture *fixture, const char *name, const char *text);

/** sample: path of a file of a sample authority. Returns: (transfer full). */
char *sample (const char *country, const char *file);

/** set_up: a new, empty authority. */
void set_up (Fixture *fixture, gconstpointer unused);
void tear_down (Fixture *fixture, gconstpointer unused);
void import_sample (Fixture *fixture, const char *country);

G_END_DECLS
