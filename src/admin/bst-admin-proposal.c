/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-admin.h"

#include "bst-error.h"
#include "bst-json.h"
#include "bst-money.h"

#include <string.h>

static gboolean
collect_cb (GVariant *proposal, gpointer closure)
{
  g_ptr_array_add (closure, g_variant_ref (proposal));
  return TRUE;
}

static const char *
or_empty (const char *text)
{
  return text ? text : "";
}

static gboolean
list_proposals (BstAdmin *admin, GError **error)
{
  static const char *const headings[] = { "ID", "STATE", "UNIT", "SERVICE", "TITLE", NULL };
  static const char *const shown[] = { "id", "state", "unit", "service", "title" };
  g_autoptr (BstStorage) storage = bst_admin_open (admin, error);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr (GVariant) list = NULL;

  if (!storage || !bst_storage_each (storage, "Proposal", collect_cb, found, error))
    return FALSE;
  for (guint i = 0; i < found->len; i++)
    {
      g_autoptr (GStrvBuilder) cells = g_strv_builder_new ();

      for (guint c = 0; c < G_N_ELEMENTS (shown); c++)
        g_strv_builder_add (cells, or_empty (bst_doc_get_string (found->pdata[i], shown[c])));
      g_ptr_array_add (rows, g_strv_builder_end (cells));
    }
  bst_admin_print_table (admin, headings, rows);
  list = bst_admin_list (found);
  bst_admin_print_json (admin, list);
  return TRUE;
}

static gboolean
show_proposal (BstAdmin *admin, const char *id, GError **error)
{
  static const char *const shown[] = { "title",   "state", "unit",       "service",
                                       "reasons", "reply", "inForceFrom" };
  g_autoptr (BstStorage) storage = bst_admin_open (admin, error);
  g_autoptr (GVariant) proposal = storage ? bst_storage_get (storage, "Proposal", id, error) : NULL;

  if (!proposal)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (shown); i++)
    if (bst_doc_has (proposal, shown[i]))
      bst_admin_print (admin, "%s: %s", shown[i], bst_doc_get_string (proposal, shown[i]));
  if (bst_doc_has (proposal, "promise"))
    bst_admin_print (admin, "promise: %" G_GINT64_FORMAT " %s",
                     bst_doc_get_int (proposal, "promise/value", 0),
                     or_empty (bst_doc_get_string (proposal, "promise/unit")));
  bst_admin_print_json (admin, proposal);
  return TRUE;
}

/* ---- what is said to it ---- */

typedef struct
{
  char *person;
  char *reply;
  char *from;
  char *price;
  char *olas;
} Answer;

static void
answer_clear (Answer *answer)
{
  g_free (answer->person);
  g_free (answer->reply);
  g_free (answer->from);
  g_free (answer->price);
  g_free (answer->olas);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

/* @text: JSON as in the data dictionary. */
static gboolean
set_json (GVariant **doc, const char *name, const char *text, GError **error)
{
  g_autoptr (GVariant) value = text ? bst_json_parse (text, -1, error) : NULL;

  if (!text)
    return TRUE;
  if (!value)
    {
      g_prefix_error (error, "--%s: ", name);
      return FALSE;
    }
  bst_doc_replace (doc, bst_doc_set (*doc, name, value));
  return TRUE;
}

static GVariant *
make_answer (const Answer *answer, GError **error)
{
  g_autoptr (GVariant) doc = bst_doc_new ();

  if (answer->reply)
    bst_doc_replace (&doc, bst_doc_set_string (doc, "reply", answer->reply));
  if (answer->from)
    bst_doc_replace (&doc, bst_doc_set_string (doc, "inForceFrom", answer->from));
  if (!set_json (&doc, "price", answer->price, error) ||
      !set_json (&doc, "olas", answer->olas, error))
    return NULL;
  return g_steal_pointer (&doc);
}

static gboolean
act (BstAdmin *admin, int argc, char **argv, GError **error)
{
  g_auto (Answer) options = { NULL };
  const GOptionEntry entries[] = {
    { "as", 0, 0, G_OPTION_ARG_STRING, &options.person, NULL, NULL },
    { "text", 0, 0, G_OPTION_ARG_STRING, &options.reply, NULL, NULL },
    { "from", 0, 0, G_OPTION_ARG_STRING, &options.from, NULL, NULL },
    { "price", 0, 0, G_OPTION_ARG_STRING, &options.price, NULL, NULL },
    { "olas", 0, 0, G_OPTION_ARG_STRING, &options.olas, NULL, NULL },
    { NULL }
  };
  g_autoptr (BstStorage) storage = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GVariant) after = NULL;

  if (!bst_admin_parse (entries, &argc, &argv, error))
    return FALSE;
  if (argc != 2 || !options.person)
    return bst_admin_usage_error (error, "the proposal's id and --as PERSON are wanted");
  answer = make_answer (&options, error);
  storage = answer ? bst_admin_open (admin, error) : NULL;
  if (!storage || !bst_storage_begin (storage, error))
    return FALSE;
  after = bst_storage_act_on_proposal (storage, options.person, argv[1], argv[0], answer, error);
  if (!after)
    {
      bst_storage_rollback (storage);
      return FALSE;
    }
  if (!bst_storage_commit (storage, error))
    return FALSE;
  bst_admin_print (admin, "%s: %s", argv[1], or_empty (bst_doc_get_string (after, "state")));
  bst_admin_print_json (admin, after);
  return TRUE;
}

gboolean
bst_admin_proposal (BstAdmin *admin, int argc, char **argv, GError **error)
{
  if (argc == 2 && strcmp (argv[1], "list") == 0)
    return list_proposals (admin, error);
  if (argc == 3 && strcmp (argv[1], "show") == 0)
    return show_proposal (admin, argv[2], error);
  if (argc > 2)
    return act (admin, argc - 1, argv + 1, error);
  return bst_admin_usage_error (error, "proposal list, show ID, or answer|agree|decline ID");
}
