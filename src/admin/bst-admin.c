/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-admin.h"

#include "bst-config.h"
#include "bst-error.h"
#include "bst-json.h"

#include <string.h>

#define DEFAULT_DIRECTORY "/var/lib/bestiller"

static const BstAdminCommand commands[] = {
  { "init", "NAME --country DK|NO [--id ID] [--host HOST]…", "Make a new, empty authority",
    bst_admin_init },
  { "import",
    "catalogue|org|people|calendar|notices|agreements|budgets|all FILE… [--dry-run] [--complete] "
    "[--language LANG] | "
    "cases FILE --map MAP [--time-zone ZONE] [--unit UNIT] [--service SERVICE] [--create-missing] "
    "[--leave-out-bad] [--dry-run]",
    "Read JSON, CSV or Peppol BIS Catalogue (UBL 2.1); all or nothing", bst_admin_import },
  { "simulate", "[--seed N] [--from DATE] [--to DATE] [--unit UNIT]… [--cases N]",
    "Make up a time of orders for a sample authority", bst_admin_simulate },
  { "export", "TYPE… [--output FILE]", "Write records as a JSON file that import reads",
    bst_admin_export },
  { "user",
    "list | show ID | grant ID ROLE UNIT [--limit AMOUNT] | withdraw ID GRANT | revoke ID | "
    "lost ID [COMPUTER] | devices ID",
    "People and their rights", bst_admin_user },
  { "enrol", "PERSON --server URL [--hours N]", "Make a one-time code and link for one computer",
    bst_admin_enrol },
  { "request",
    "list [--state STATE] [--unit UNIT] | show NUMBER | "
    "accept|start|wait|resume|message|deliver|reject|close|change-performer"
    " NUMBER --as PERSON [--line LINE] [--text TEXT] [--for WHO] [--performer UNIT]",
    "Orders, and a performer's steps on them", bst_admin_request },
  { "proposal",
    "list | show ID | answer|agree|decline ID --as PERSON [--text TEXT] [--from DATE] [--price "
    "JSON] [--olas JSON]",
    "What departments propose to change in their SLA", bst_admin_proposal },
  { "search", "TEXT [--language LANG] [--limit N]", "Search the catalogue as the app does",
    bst_admin_search },
  { "number", "check gln|cvr|orgnr VALUE…", "Check digits", bst_admin_number },
  { "calendar", "holidays CALENDAR YEAR | due CALENDAR < CSV | elapsed CALENDAR < CSV",
    "Try a calendar", bst_admin_calendar },
  { "charge",
    "list [--month MONTH] [--unit UNIT] [--objections] [--flagged] | run [MONTH [LAST]] | "
    "accept|decline CHARGE --as PERSON [--text TEXT] | end NUMBER --month MONTH --as PERSON "
    "[--line LINE]",
    "What orders cost: make it by months, check it, answer objections", bst_admin_charge },
  { "bill", "MONTH|--again NUMBER [--unit UNIT] [--ean EAN] [--format ubl|xlsx|csv] --output DIR",
    "Bill a month: UBL 2.1 (Peppol BIS Billing 3), a spreadsheet or CSV for each EAN",
    bst_admin_bill },
  { "exchange", "PARCEL --output ANSWER", "Do what a carried parcel asks, and seal the answer",
    bst_admin_exchange },
  { "check", "", "Look for anything wrong in the database", bst_admin_check },
  { "audit", "[--since DATE] [--person ID]",
    "Who made, changed or destroyed what, and who was let in", bst_admin_audit },
  { "backup", "FILE",
    "A consistent copy while the server runs, with the files of orders in FILE.files",
    bst_admin_backup },
  { "restore", "FILE", "Put a backup in place; every client takes a new replica",
    bst_admin_restore },
  { NULL },
};

/* Which exit code an error means. */
static const struct
{
  BstErrorCode code;
  BstAdminExit exit;
} exits[] = {
  { BST_ERROR_INVALID, BST_ADMIN_INVALID },     { BST_ERROR_TOO_LARGE, BST_ADMIN_INVALID },
  { BST_ERROR_CONFLICT, BST_ADMIN_INVALID },    { BST_ERROR_NOT_FOUND, BST_ADMIN_NOT_FOUND },
  { BST_ERROR_FORBIDDEN, BST_ADMIN_FORBIDDEN }, { BST_ERROR_STORAGE, BST_ADMIN_STORAGE },
  { BST_ERROR_BUSY, BST_ADMIN_STORAGE },        { BST_ERROR_CORRUPT, BST_ADMIN_STORAGE },
  { BST_ERROR_NEWER, BST_ADMIN_STORAGE },
};

const BstAdminCommand *
bst_admin_commands (void)
{
  return commands;
}

gboolean
bst_admin_usage_error (GError **error, const char *format, ...)
{
  va_list args;
  g_autofree char *message = NULL;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);
  return FALSE;
}

gboolean
bst_admin_parse (const GOptionEntry *entries, int *argc, char ***argv, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_help_enabled (context, FALSE);
  return g_option_context_parse (context, argc, argv, error);
}

BstStorage *
bst_admin_open (BstAdmin *admin, GError **error)
{
  return bst_storage_open (admin->directory, admin->clock, error);
}

void
bst_admin_print (BstAdmin *admin, const char *format, ...)
{
  va_list args;

  if (admin->json)
    return;
  va_start (args, format);
  g_string_append_vprintf (admin->out, format, args);
  va_end (args);
  g_string_append_c (admin->out, '\n');
}

void
bst_admin_print_json (BstAdmin *admin, GVariant *value)
{
  g_autoptr (GVariant) taken = bst_doc_take (g_variant_ref_sink (value));

  if (!admin->json)
    return;
  bst_json_append (admin->out, taken);
  g_string_append_c (admin->out, '\n');
}

static void
print_cells (BstAdmin *admin, const char *const *cells, const glong *widths, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_string_append (admin->out, cells[i]);
      for (glong pad = g_utf8_strlen (cells[i], -1); i + 1 < n && pad < widths[i] + 2; pad++)
        g_string_append_c (admin->out, ' ');
    }
  g_string_append_c (admin->out, '\n');
}

void
bst_admin_print_table (BstAdmin *admin, const char *const *headings, GPtrArray *rows)
{
  guint n = g_strv_length ((char **) headings);
  g_autofree glong *widths = g_new0 (glong, n);

  if (admin->json)
    return;
  for (guint i = 0; i < n; i++)
    {
      widths[i] = g_utf8_strlen (headings[i], -1);
      for (guint row = 0; row < rows->len; row++)
        widths[i] = MAX (widths[i], g_utf8_strlen (((char **) rows->pdata[row])[i], -1));
    }
  print_cells (admin, headings, widths, n);
  for (guint row = 0; row < rows->len; row++)
    print_cells (admin, rows->pdata[row], widths, n);
}

GVariant *
bst_admin_list (GPtrArray *docs)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("av"));
  for (guint i = 0; i < docs->len; i++)
    g_variant_builder_add (&builder, "v", docs->pdata[i]);
  return bst_doc_take (g_variant_builder_end (&builder));
}

static void
print_help (GString *out)
{
  g_string_append (
      out,
      "bestiller-admin [--data DIR] [--json] COMMAND …\n\n"
      "  --data DIR   the server's data (default: $BESTILLER_DATA, else " DEFAULT_DIRECTORY ")\n"
      "  --json       answers for programs\n\nCommands:\n");
  for (const BstAdminCommand *command = commands; command->name; command++)
    g_string_append_printf (out, "  %s %s\n      %s\n", command->name, command->usage,
                            command->summary);
  g_string_append (out, "\nExit codes: 0 done, 1 the data is wrong, 2 wrong usage, 3 not found, 4 "
                        "not allowed, 5 database or disk.\n"
                        "On any other than 0 nothing was changed.\n");
}

static BstAdminExit
report (BstAdmin *admin, const BstAdminCommand *command, const GError *error)
{
  BstAdminExit code = BST_ADMIN_STORAGE;

  if (error->domain == G_OPTION_ERROR)
    {
      g_string_append_printf (admin->err, "bestiller-admin %s: %s\nUsage: bestiller-admin %s %s\n",
                              command->name, error->message, command->name, command->usage);
      return BST_ADMIN_USAGE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (exits); i++)
    if (error->domain == BST_ERROR && error->code == (int) exits[i].code)
      code = exits[i].exit;
  if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    code = BST_ADMIN_NOT_FOUND;
  g_string_append_printf (admin->err, "bestiller-admin %s: %s\n", command->name, error->message);
  return code;
}

/* Takes the options before the command; returns the index of the command, or -1. */
static int
take_global_options (BstAdmin *admin, int argc, char **argv)
{
  int i = 1;

  for (; i < argc && g_str_has_prefix (argv[i], "--"); i++)
    {
      if (strcmp (argv[i], "--json") == 0)
        admin->json = TRUE;
      else if (strcmp (argv[i], "--data") == 0 && i + 1 < argc)
        {
          g_free (admin->directory);
          admin->directory = g_strdup (argv[++i]);
        }
      else
        return -1;
    }
  return i < argc ? i : -1;
}

BstAdminExit
bst_admin_run (int argc, char **argv, const BstClock *clock, GString *out, GString *err)
{
  const char *environment = g_getenv ("BESTILLER_DATA");
  BstAdmin admin = { g_strdup (environment ? environment : DEFAULT_DIRECTORY), FALSE, clock, out,
                     err };
  int at = take_global_options (&admin, argc, argv);
  g_autofree char *directory = admin.directory;
  g_autoptr (GError) error = NULL;

  if (at > 0)
    for (const BstAdminCommand *command = commands; command->name; command++)
      if (strcmp (command->name, argv[at]) == 0)
        return command->run (&admin, argc - at, argv + at, &error)
                   ? BST_ADMIN_OK
                   : report (&admin, command, error);

  if (argc == 2 && (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0))
    {
      print_help (out);
      return BST_ADMIN_OK;
    }
  if (argc == 2 && strcmp (argv[1], "--version") == 0)
    {
      g_string_append (out, "bestiller-admin " BST_VERSION "\n");
      return BST_ADMIN_OK;
    }
  print_help (err);
  return BST_ADMIN_USAGE;
}
