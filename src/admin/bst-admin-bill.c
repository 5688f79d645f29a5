/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-admin.h"

#include "bst-bill.h"
#include "bst-billing.h"
#include "bst-error.h"

#include <string.h>

typedef struct
{
  char *unit;
  char *ean;
  char *format;
  char *output;
  char *again;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->unit);
  g_free (options->ean);
  g_free (options->format);
  g_free (options->output);
  g_free (options->again);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* ---- files ---- */

static gboolean
write_ubl (GVariant *bill, GFile *file, GError **error)
{
  g_autofree char *xml = bst_bill_to_ubl (bill, error);

  return xml && g_file_replace_contents (file, xml, strlen (xml), NULL, FALSE, G_FILE_CREATE_NONE,
                                         NULL, NULL, error);
}

static gboolean
write_bill (BstAdmin *admin, GVariant *bill, const Options *options, GError **error)
{
  const char *number = bst_doc_get_string (bill, "number");
  gboolean ubl = strcmp (options->format, "ubl") == 0;
  g_autofree char *name = g_strconcat (number, ".", ubl ? "xml" : options->format, NULL);
  g_autofree char *path = g_build_filename (options->output, name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  gboolean norwegian = g_strcmp0 (bst_doc_get_string (bill, "seller/country"), "NO") == 0;
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (BstTable) table = NULL;
  BstTableFormat format;
  BstMoney total = { 0 };
  g_autofree char *amount = NULL;

  if (ubl ? !write_ubl (bill, file, error)
          : !bst_table_format_of (name, &format) ||
                !(table = bst_bill_to_table (bill, norwegian ? "nb" : "da", zone)) ||
                !bst_table_save (table, format, file, error))
    {
      g_prefix_error (error, "%s: ", number);
      return FALSE;
    }
  bst_money_from_doc (bill, "total", &total);
  amount = bst_money_format (&total, "en");
  bst_admin_print (admin, "%s  %s  %s  %s", number, bst_doc_get_string (bill, "buyer/name"), amount,
                   path);
  return TRUE;
}

static gboolean
write_bills (BstAdmin *admin, GPtrArray *bills, const Options *options, GError **error)
{
  for (guint i = 0; i < bills->len; i++)
    if (!write_bill (admin, bills->pdata[i], options, error))
      return FALSE;
  return TRUE;
}

/* ---- the command ---- */

static gboolean
check_options (int argc, Options *options, GError **error)
{
  static const char *const formats[] = { "ubl", "xlsx", "csv", NULL };

  if (!options->format)
    options->format = g_strdup ("ubl");
  if (!g_strv_contains (formats, options->format))
    return bst_admin_usage_error (error, "--format is ubl, xlsx or csv");
  if (!options->output)
    return bst_admin_usage_error (error,
                                  "--output DIR is wanted: where the bills shall be written");
  if (!g_file_test (options->output, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_NOT_FOUND, "%s: no such folder", options->output);
      return FALSE;
    }
  if (options->again ? argc != 1 : argc != 2)
    return bst_admin_usage_error (error, "a month is wanted, or --again NUMBER");
  return TRUE;
}

/* The numbers are given only once the files are there: what cannot be written is not billed. */
static GPtrArray *
make_and_write (BstAdmin *admin,
                BstStorage *storage,
                const char *month,
                const Options *options,
                GError **error)
{
  g_autoptr (GPtrArray) bills = NULL;
  guint n_charges;

  if (!bst_storage_begin (storage, error))
    return NULL;
  if (bst_billing_charge_months (storage, month, month, &n_charges, error))
    bills = bst_billing_make_bills (storage, month, options->unit, options->ean, error);
  if (!bills || !write_bills (admin, bills, options, error))
    {
      bst_storage_rollback (storage);
      return NULL;
    }
  return bst_storage_commit (storage, error) ? g_steal_pointer (&bills) : NULL;
}

gboolean
bst_admin_bill (BstAdmin *admin, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { NULL };
  const GOptionEntry entries[] = {
    { "unit", 0, 0, G_OPTION_ARG_STRING, &options.unit, NULL, NULL },
    { "ean", 0, 0, G_OPTION_ARG_STRING, &options.ean, NULL, NULL },
    { "format", 0, 0, G_OPTION_ARG_STRING, &options.format, NULL, NULL },
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &options.output, NULL, NULL },
    { "again", 0, 0, G_OPTION_ARG_STRING, &options.again, NULL, NULL },
    { NULL }
  };
  g_autoptr (BstStorage) storage = NULL;
  g_autoptr (GPtrArray) bills = NULL;
  g_autoptr (GVariant) list = NULL;

  if (!bst_admin_parse (entries, &argc, &argv, error) || !check_options (argc, &options, error))
    return FALSE;
  storage = bst_admin_open (admin, error);
  if (!storage)
    return FALSE;
  if (options.again)
    {
      g_autoptr (GVariant) bill = bst_billing_bill (storage, options.again, error);

      if (!bill || !write_bill (admin, bill, &options, error))
        return FALSE;
      bst_admin_print_json (admin, bill);
      return TRUE;
    }
  bills = make_and_write (admin, storage, argv[1], &options, error);
  if (!bills)
    return FALSE;
  if (bills->len == 0)
    bst_admin_print (admin, "Nothing to bill");
  list = bst_admin_list (bills);
  bst_admin_print_json (admin, list);
  return TRUE;
}
