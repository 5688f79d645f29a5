/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What was charged: made by months, looked at, and objections to it answered. */

#include "bst-admin.h"

#include "bst-billing.h"
#include "bst-money.h"
#include "bst-month.h"

#include <string.h>

typedef struct
{
  char *month;
  char *unit;
  char *person;
  char *text;
  char *line;
  gboolean objections;
  gboolean flagged;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->month);
  g_free (options->unit);
  g_free (options->person);
  g_free (options->text);
  g_free (options->line);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static const char *
or_empty (const char *text)
{
  return text ? text : "";
}

/* ---- list ---- */

typedef struct
{
  const Options *options;
  GPtrArray *found;
} Listing;

static gboolean
is_wanted (const Options *options, GVariant *charge)
{
  return (!options->month ||
          g_strcmp0 (bst_doc_get_string (charge, "month"), options->month) == 0) &&
         (!options->unit || g_strcmp0 (bst_doc_get_string (charge, "unit"), options->unit) == 0) &&
         (!options->objections ||
          g_strcmp0 (bst_doc_get_string (charge, "objectionState"), "raised") == 0);
}

static gboolean
list_cb (GVariant *charge, gpointer closure)
{
  Listing *listing = closure;

  if (is_wanted (listing->options, charge))
    g_ptr_array_add (listing->found, g_variant_ref (charge));
  return TRUE;
}

/* (element-type GStrv): the charge, with what does not fit last. */
static char **
row_of (GVariant *charge, const char *flags)
{
  BstMoney amount = { 0 };
  g_autofree char *text = NULL;
  const char *cells[9];

  bst_money_from_doc (charge, "amount", &amount);
  text = bst_money_format (&amount, "en");
  cells[0] = or_empty (bst_doc_get_string (charge, "id"));
  cells[1] = or_empty (bst_doc_get_string (charge, "month"));
  cells[2] = or_empty (bst_doc_get_string (charge, "unit"));
  cells[3] = or_empty (bst_doc_get_string (charge, "kind"));
  cells[4] = text;
  cells[5] = or_empty (bst_doc_get_string (charge, "bill"));
  cells[6] = bst_doc_has (charge, "objection") ? bst_doc_get_string (charge, "objection")
                                               : or_empty (bst_doc_get_string (charge, "text"));
  cells[7] = flags ? flags : or_empty (bst_doc_get_string (charge, "objectionState"));
  cells[8] = NULL;
  return g_strdupv ((char **) cells);
}

static void
print_charges (BstAdmin *admin, GPtrArray *charges, gboolean flagged)
{
  static const char *const headings[] = { "CHARGE", "MONTH", "UNIT",  "KIND", "AMOUNT",
                                          "BILL",   "TEXT",  "STATE", NULL };
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr (GVariant) list = bst_admin_list (charges);

  for (guint i = 0; i < charges->len; i++)
    {
      g_autoptr (GVariant) charge = flagged ? bst_doc_get_map (charges->pdata[i], "charge")
                                            : g_variant_ref (charges->pdata[i]);
      g_auto (GStrv) names = bst_doc_get_strv (charges->pdata[i], "flags");
      g_autofree char *flags = flagged ? g_strjoinv (" ", names) : NULL;

      g_ptr_array_add (rows, row_of (charge, flags));
    }
  bst_admin_print_table (admin, headings, rows);
  bst_admin_print_json (admin, list);
}

static gboolean
list_charges (BstAdmin *admin, const Options *options, GError **error)
{
  g_autoptr (BstStorage) storage = bst_admin_open (admin, error);
  g_autoptr (GPtrArray) found = NULL;
  Listing listing = { .options = options };

  if (!storage)
    return FALSE;
  if (options->flagged)
    found = bst_billing_findings (storage, options->month, error);
  else
    {
      found = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
      listing.found = found;
      if (!bst_storage_each (storage, "Charge", list_cb, &listing, error))
        return FALSE;
    }
  if (found)
    print_charges (admin, found, options->flagged);
  return found != NULL;
}

/* ---- what changes something ---- */

/* Everything or nothing. */
static gboolean
finish (BstStorage *storage, gboolean done, GError **error)
{
  if (done)
    return bst_storage_commit (storage, error);
  bst_storage_rollback (storage);
  return FALSE;
}

/* By the clock of the machine. (transfer full) */
static char *
month_that_is_over (BstAdmin *admin)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *running = bst_month_of_instant (bst_clock_now (admin->clock), zone);

  return bst_month_add (running, -1);
}

static gboolean
run_months (BstAdmin *admin, int argc, char **argv, GError **error)
{
  g_autoptr (BstStorage) storage = NULL;
  g_autofree char *over = month_that_is_over (admin);
  const char *from = argc > 1 ? argv[1] : over;
  const char *to = argc > 2 ? argv[2] : from;
  guint n = 0;

  if (argc > 3)
    return bst_admin_usage_error (error, "a month is wanted, or the first and the last");
  storage = bst_admin_open (admin, error);
  if (!storage || !bst_storage_begin (storage, error) ||
      !finish (storage, bst_billing_charge_months (storage, from, to, &n, error), error))
    return FALSE;
  bst_admin_print (admin, "%u charges made", n);
  bst_admin_print_json (admin, g_variant_new_parsed ("{'made': <%x>}", (gint64) n));
  return TRUE;
}

static gboolean
answer (BstAdmin *admin, int argc, char **argv, const Options *options, GError **error)
{
  g_autoptr (BstStorage) storage = NULL;
  g_autoptr (GVariant) charge = NULL;

  if (argc != 2)
    return bst_admin_usage_error (error, "the charge is wanted");
  if (!options->person)
    return bst_admin_usage_error (error, "--as PERSON is wanted: who does it");
  storage = bst_admin_open (admin, error);
  if (!storage || !bst_storage_begin (storage, error))
    return FALSE;
  charge = bst_billing_answer (storage, options->person, argv[1], strcmp (argv[0], "accept") == 0,
                               options->text, error);
  if (!finish (storage, charge != NULL, error))
    return FALSE;
  bst_admin_print (admin, "%s: %s", argv[1], bst_doc_get_string (charge, "objectionState"));
  bst_admin_print_json (admin, charge);
  return TRUE;
}

static gboolean
end (BstAdmin *admin, int argc, char **argv, const Options *options, GError **error)
{
  g_autoptr (BstStorage) storage = NULL;
  g_autoptr (GVariant) request = NULL;
  g_autoptr (GVariant) after = NULL;

  if (argc != 2)
    return bst_admin_usage_error (error, "the order's number is wanted");
  if (!options->person || !options->month)
    return bst_admin_usage_error (error, "--month MONTH and --as PERSON are wanted");
  storage = bst_admin_open (admin, error);
  request = storage ? bst_storage_find (storage, "Request", "number", argv[1], error) : NULL;
  if (!request || !bst_storage_begin (storage, error))
    return FALSE;
  after = bst_billing_end (storage, options->person, bst_doc_get_string (request, "id"),
                           options->line, options->month, error);
  if (!finish (storage, after != NULL, error))
    return FALSE;
  bst_admin_print (admin, "%s: charged for the last time in %s", argv[1], options->month);
  bst_admin_print_json (admin, after);
  return TRUE;
}

gboolean
bst_admin_charge (BstAdmin *admin, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { NULL };
  const GOptionEntry entries[] = {
    { "month", 0, 0, G_OPTION_ARG_STRING, &options.month, NULL, NULL },
    { "unit", 0, 0, G_OPTION_ARG_STRING, &options.unit, NULL, NULL },
    { "as", 0, 0, G_OPTION_ARG_STRING, &options.person, NULL, NULL },
    { "text", 0, 0, G_OPTION_ARG_STRING, &options.text, NULL, NULL },
    { "line", 0, 0, G_OPTION_ARG_STRING, &options.line, NULL, NULL },
    { "objections", 0, 0, G_OPTION_ARG_NONE, &options.objections, NULL, NULL },
    { "flagged", 0, 0, G_OPTION_ARG_NONE, &options.flagged, NULL, NULL },
    { NULL }
  };

  if (!bst_admin_parse (entries, &argc, &argv, error))
    return FALSE;
  argc--;
  argv++;
  if (argc >= 1 && strcmp (argv[0], "list") == 0)
    return list_charges (admin, &options, error);
  if (argc >= 1 && strcmp (argv[0], "run") == 0)
    return run_months (admin, argc, argv, error);
  if (argc >= 1 && (strcmp (argv[0], "accept") == 0 || strcmp (argv[0], "decline") == 0))
    return answer (admin, argc, argv, &options, error);
  if (argc >= 1 && strcmp (argv[0], "end") == 0)
    return end (admin, argc, argv, &options, error);
  return bst_admin_usage_error (error, "list, run, accept, decline or end");
}
