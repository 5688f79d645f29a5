/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-clock.h"
#include "bst-doc.h"
#include "bst-storage.h"

G_BEGIN_DECLS

/*
 * bestiller-admin: the administrator's and the performer's tool. A table of commands, one file each;
 * a library with a tiny main, so that tests run commands as functions.
 *
 *   bestiller-admin [--data DIR] [--json] COMMAND [ARGUMENT …]
 */

/** Exit codes, for scripts. */
typedef enum
{
  BST_ADMIN_OK = 0,
  BST_ADMIN_INVALID = 1, /* the data is wrong; nothing was changed */
  BST_ADMIN_USAGE = 2,   /* the command line is wrong */
  BST_ADMIN_NOT_FOUND = 3,
  BST_ADMIN_FORBIDDEN = 4, /* the rights or the order's life do not allow it */
  BST_ADMIN_STORAGE = 5,   /* the database or the disk; nothing was changed */
} BstAdminExit;

/**
 * BstAdmin: what a command works with.
 * @directory: the server's data
 * @json: one JSON value on @out, instead of text for people
 * @out, @err: what will stand on standard output and error
 */
typedef struct
{
  char *directory;
  gboolean json;
  const BstClock *clock;
  GString *out;
  GString *err;
} BstAdmin;

/**
 * BstAdminCommand:
 * @usage: arguments, as the help shows them
 * @run: @argv[0] is the command's name. Returns: %FALSE with @error; its code decides the exit code
 */
typedef struct
{
  const char *name;
  const char *usage;
  const char *summary;
  gboolean (*run) (BstAdmin *admin, int argc, char **argv, GError **error);
} BstAdminCommand;

/** bst_admin_commands: ended by a command without name. */
const BstAdminCommand *bst_admin_commands (void);

/** bst_admin_run: the whole program. @argv as main() has it. */
BstAdminExit
bst_admin_run (int argc, char **argv, const BstClock *clock, GString *out, GString *err);

/* ---- for the commands ---- */

/** bst_admin_parse: options by @entries; @argc and @argv are left with what is none. USAGE error otherwise (a GOptionError). */
gboolean bst_admin_parse (const GOptionEntry *entries, int *argc, char ***argv, GError **error);

/** bst_admin_usage_error: for wrong arguments; always returns %FALSE. */
gboolean bst_admin_usage_error (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

BstStorage *bst_admin_open (BstAdmin *admin, GError **error);

/** bst_admin_print: one line for people; nothing with --json. */
void bst_admin_print (BstAdmin *admin, const char *format, ...) G_GNUC_PRINTF (2, 3);

/** bst_admin_print_json: @value (floating is sunk) as the answer; nothing without --json. */
void bst_admin_print_json (BstAdmin *admin, GVariant *value);

/** bst_admin_print_table: columns aligned to the widest cell; @rows (element-type GStrv). */
void bst_admin_print_table (BstAdmin *admin, const char *const *headings, GPtrArray *rows);

/** bst_admin_list: documents as a JSON array. Returns: (transfer full). */
GVariant *bst_admin_list (GPtrArray *docs);

/* ---- the commands, a file each ---- */

gboolean bst_admin_init (BstAdmin *admin, int argc, char **argv, GError **error);
gboolean bst_admin_import (BstAdmin *admin, int argc, char **argv, GError **error);
gboolean bst_admin_import_cases (BstAdmin *admin, int argc, char **argv, GError **error);
gboolean bst_admin_simulate (BstAdmin *admin, int argc, char **argv, GError **error);
gboolean bst_admin_export (BstAdmin *admin, int argc, char **argv, GError **error);
gboolean bst_admin_user (BstAdmin *admin, int argc, char **argv, GError **error);
gboolean bst_admin_enrol (BstAdmin *admin, int argc, char **argv, GError **error);
gboolean bst_admin_request (BstAdmin *admin, int argc, char **argv, GError **error);
gboolean bst_admin_proposal (BstAdmin *admin, int argc, char **argv, GError **error);
gboolean bst_admin_search (BstAdmin *admin, int argc, char **argv, GError **error);
gboolean bst_admin_number (BstAdmin *admin, int argc, char **argv, GError **error);
gboolean bst_admin_calendar (BstAdmin *admin, int argc, char **argv, GError **error);
gboolean bst_admin_charge (BstAdmin *admin, int argc, char **argv, GError **error);
gboolean bst_admin_bill (BstAdmin *admin, int argc, char **argv, GError **error);
gboolean bst_admin_exchange (BstAdmin *admin, int argc, char **argv, GError **error);
gboolean bst_admin_check (BstAdmin *admin, int argc, char **argv, GError **error);
gboolean bst_admin_audit (BstAdmin *admin, int argc, char **argv, GError **error);
gboolean bst_admin_backup (BstAdmin *admin, int argc, char **argv, GError **error);
gboolean bst_admin_restore (BstAdmin *admin, int argc, char **argv, GError **error);

G_END_DECLS
