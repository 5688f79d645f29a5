/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-admin.h"

#include "bst-error.h"
#include "bst-life.h"
#include "bst-money.h"
#include "bst-text.h"

#include <string.h>

/* ---- list and show ---- */

typedef struct
{
  const char *state;
  const char *unit;
  int limit;
  GPtrArray *found;
} Listing;

static gboolean
list_cb (GVariant *request, gpointer closure)
{
  Listing *listing = closure;

  if (listing->state && g_strcmp0 (bst_doc_get_string (request, "state"), listing->state) != 0)
    return TRUE;
  if (listing->unit && g_strcmp0 (bst_doc_get_string (request, "unit"), listing->unit) != 0)
    return TRUE;
  g_ptr_array_add (listing->found, g_variant_ref (request));
  return listing->limit <= 0 || listing->found->len < (guint) listing->limit;
}

static const char *
or_empty (const char *text)
{
  return text ? text : "";
}

static gboolean
list_requests (BstAdmin *admin, int argc, char **argv, GError **error)
{
  static const char *const headings[] = { "NUMBER", "STATE", "DUE", "UNIT", "TITLE", NULL };
  g_autofree char *state = NULL;
  g_autofree char *unit = NULL;
  int limit = 0;
  const GOptionEntry entries[] = { { "state", 0, 0, G_OPTION_ARG_STRING, &state, NULL, NULL },
                                   { "unit", 0, 0, G_OPTION_ARG_STRING, &unit, NULL, NULL },
                                   { "limit", 0, 0, G_OPTION_ARG_INT, &limit, NULL, NULL },
                                   { NULL } };
  g_autoptr (BstStorage) storage = NULL;
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr (GVariant) list = NULL;
  Listing listing = { .found = found };

  if (!bst_admin_parse (entries, &argc, &argv, error))
    return FALSE;
  listing.state = state;
  listing.unit = unit;
  listing.limit = limit;
  storage = bst_admin_open (admin, error);
  if (!storage || !bst_storage_each (storage, "Request", list_cb, &listing, error))
    return FALSE;
  for (guint i = 0; i < found->len; i++)
    {
      GVariant *request = found->pdata[i];
      const char *cells[] = { or_empty (bst_doc_get_string (request, "number")),
                              or_empty (bst_doc_get_string (request, "state")),
                              or_empty (bst_doc_get_string (request, "due")),
                              or_empty (bst_doc_get_string (request, "unit")),
                              or_empty (bst_doc_get_string (request, "title")),
                              NULL };

      g_ptr_array_add (rows, g_strdupv ((char **) cells));
    }
  bst_admin_print_table (admin, headings, rows);
  list = bst_admin_list (found);
  bst_admin_print_json (admin, list);
  return TRUE;
}

/* By its number, or its id. */
static GVariant *
find_request (BstStorage *storage, const char *name, GError **error)
{
  GVariant *request = bst_storage_find (storage, "Request", "number", name, NULL);

  return request ? request : bst_storage_get (storage, "Request", name, error);
}

typedef struct
{
  const char *request;
  GPtrArray *events;
} History;

static gboolean
history_cb (GVariant *event, gpointer closure)
{
  History *history = closure;

  if (g_strcmp0 (bst_doc_get_string (event, "request"), history->request) == 0)
    g_ptr_array_add (history->events, g_variant_ref (event));
  return TRUE;
}

static gint
compare_sequence (gconstpointer a, gconstpointer b)
{
  gint64 one = bst_doc_get_int (*(GVariant *const *) a, "sequence", 0);
  gint64 other = bst_doc_get_int (*(GVariant *const *) b, "sequence", 0);

  return (one > other) - (one < other);
}

static void
print_lines (BstAdmin *admin, GVariant *request)
{
  g_autoptr (GVariant) lines = bst_doc_get_map (request, "lines");
  GVariantIter iter;
  const char *key;
  GVariant *value;

  g_variant_iter_init (&iter, lines);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &value))
    {
      g_autoptr (GVariant) line = value;

      bst_admin_print (admin, "  line %s: %" G_GINT64_FORMAT " × %s, %s%s%s", key,
                       bst_doc_get_int (line, "quantity", 1),
                       or_empty (bst_text_pick (line, "name", "da")),
                       or_empty (bst_doc_get_string (line, "state")),
                       bst_doc_get_string (line, "due") ? ", due " : "",
                       or_empty (bst_doc_get_string (line, "due")));
    }
}

static gboolean
show_request (BstAdmin *admin, int argc, char **argv, GError **error)
{
  g_autoptr (BstStorage) storage = NULL;
  g_autoptr (GVariant) request = NULL;
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GVariant) list = NULL;
  History history = { .events = events };
  GVariantDict answer;

  if (argc != 2)
    return bst_admin_usage_error (error, "a number is wanted");
  storage = bst_admin_open (admin, error);
  request = storage ? find_request (storage, argv[1], error) : NULL;
  history.request = request ? bst_doc_get_string (request, "id") : NULL;
  if (!request || !bst_storage_each (storage, "RequestEvent", history_cb, &history, error))
    return FALSE;
  g_ptr_array_sort (events, compare_sequence);
  bst_admin_print (admin, "%s %s: %s", or_empty (bst_doc_get_string (request, "number")),
                   or_empty (bst_doc_get_string (request, "title")),
                   or_empty (bst_doc_get_string (request, "state")));
  print_lines (admin, request);
  for (guint i = 0; i < events->len; i++)
    bst_admin_print (admin, "  %s %s by %s %s",
                     or_empty (bst_doc_get_string (events->pdata[i], "receivedAt")),
                     or_empty (bst_doc_get_string (events->pdata[i], "action")),
                     or_empty (bst_doc_get_string (events->pdata[i], "person")),
                     or_empty (bst_doc_get_string (events->pdata[i], "text")));
  list = bst_admin_list (events);
  g_variant_dict_init (&answer, NULL);
  g_variant_dict_insert_value (&answer, "request", request);
  g_variant_dict_insert_value (&answer, "events", list);
  bst_admin_print_json (admin, g_variant_dict_end (&answer));
  return TRUE;
}

/* ---- steps ---- */

typedef struct
{
  char *person;
  char *line;
  char *text;
  char *waiting_for;
  char *performer;
} StepOptions;

static void
step_options_clear (StepOptions *options)
{
  g_free (options->person);
  g_free (options->line);
  g_free (options->text);
  g_free (options->waiting_for);
  g_free (options->performer);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StepOptions, step_options_clear)

static GVariant *
make_event (BstAdmin *admin, GVariant *request, const char *action, const StepOptions *options)
{
  g_autofree char *uid = bst_uid_new (admin->clock);
  g_autofree char *now = bst_clock_now_text (admin->clock);
  GVariantDict event, data;

  g_variant_dict_init (&event, NULL);
  g_variant_dict_insert (&event, "uid", "s", uid);
  g_variant_dict_insert (&event, "request", "s", bst_doc_get_string (request, "id"));
  g_variant_dict_insert (&event, "action", "s", action);
  g_variant_dict_insert (&event, "at", "s", now);
  if (options->line)
    g_variant_dict_insert (&event, "line", "s", options->line);
  if (options->text)
    g_variant_dict_insert (&event, "text", "s", options->text);
  g_variant_dict_init (&data, NULL);
  if (options->waiting_for)
    g_variant_dict_insert (&data, "for", "s", options->waiting_for);
  if (options->performer)
    g_variant_dict_insert (&data, "performer", "s", options->performer);
  g_variant_dict_insert_value (&event, "data", g_variant_dict_end (&data));
  return bst_doc_take (g_variant_dict_end (&event));
}

static gboolean
do_step (BstAdmin *admin,
         const char *action,
         const char *number,
         const StepOptions *options,
         GError **error)
{
  g_autoptr (BstStorage) storage = bst_admin_open (admin, error);
  g_autoptr (GVariant) request = storage ? find_request (storage, number, error) : NULL;
  g_autoptr (GVariant) event = NULL;
  g_autoptr (GVariant) after = NULL;

  if (!request)
    return FALSE;
  event = make_event (admin, request, action, options);
  if (!bst_storage_begin (storage, error))
    return FALSE;
  after = bst_storage_apply_event (storage, options->person, event, error);
  if (!after)
    {
      bst_storage_rollback (storage);
      return FALSE;
    }
  if (!bst_storage_commit (storage, error))
    return FALSE;
  bst_admin_print (admin, "%s: %s", or_empty (bst_doc_get_string (after, "number")),
                   or_empty (bst_doc_get_string (after, "state")));
  bst_admin_print_json (admin, after);
  return TRUE;
}

static gboolean
step (BstAdmin *admin, int argc, char **argv, GError **error)
{
  g_auto (StepOptions) options = { NULL };
  const GOptionEntry entries[] = {
    { "as", 0, 0, G_OPTION_ARG_STRING, &options.person, NULL, NULL },
    { "line", 0, 0, G_OPTION_ARG_STRING, &options.line, NULL, NULL },
    { "text", 0, 0, G_OPTION_ARG_STRING, &options.text, NULL, NULL },
    { "for", 0, 0, G_OPTION_ARG_STRING, &options.waiting_for, NULL, NULL },
    { "performer", 0, 0, G_OPTION_ARG_STRING, &options.performer, NULL, NULL },
    { NULL }
  };
  BstAction action;

  if (!bst_admin_parse (entries, &argc, &argv, error))
    return FALSE;
  if (!bst_action_from_name (argv[0], &action))
    return bst_admin_usage_error (error, "“%s” is nothing that can be done with an order", argv[0]);
  if (argc != 2)
    return bst_admin_usage_error (error, "the order's number is wanted");
  if (!options.person)
    return bst_admin_usage_error (error, "--as PERSON is wanted: who does it");
  return do_step (admin, argv[0], argv[1], &options, error);
}

gboolean
bst_admin_request (BstAdmin *admin, int argc, char **argv, GError **error)
{
  if (argc < 2)
    return bst_admin_usage_error (error, "not enough was said");
  if (strcmp (argv[1], "list") == 0)
    return list_requests (admin, argc - 1, argv + 1, error);
  if (strcmp (argv[1], "show") == 0)
    return show_request (admin, argc - 1, argv + 1, error);
  return step (admin, argc - 1, argv + 1, error);
}
