/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is promised, frozen: at receipt, and when a priority is changed. */

#include "bst-storage-terms.h"

#include "bst-agreement.h"
#include "bst-request.h"
#include "bst-storage-measure.h"

static gboolean
collect_cb (GVariant *record, gpointer list)
{
  g_ptr_array_add (list, g_variant_ref (record));
  return TRUE;
}

GPtrArray *
bst_storage_agreements (BstStorage *storage, GError **error)
{
  g_autoptr (GPtrArray) agreements = NULL;

  bst_storage_look_at_others (storage);
  if (storage->agreements)
    return storage->agreements;
  agreements = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  if (!bst_storage_each (storage, "Agreement", collect_cb, agreements, error))
    return NULL;
  storage->agreements = g_steal_pointer (&agreements);
  return storage->agreements;
}

/* What holds for @service of @unit on @day. */
static gboolean
resolve_on (BstStorage *storage,
            const char *unit,
            GVariant *service,
            const char *priority,
            const char *day,
            BstTerms *ret_terms,
            GError **error)
{
  GPtrArray *agreements = bst_storage_agreements (storage, error);
  BstOrg *org = bst_storage_org (storage, error);

  if (!agreements || !org)
    return FALSE;
  bst_terms_resolve (service, bst_agreement_in_force (agreements, org, unit, "sla", day), priority,
                     ret_terms);
  return TRUE;
}

static GVariant *
service_of (BstStorage *storage, GVariant *line)
{
  const char *id = bst_doc_get_string (line, "service");

  return id ? bst_storage_get (storage, "Service", id, NULL) : NULL;
}

/* The line's terms with @priority today; FALSE when its service is not there. */
static gboolean
resolve (BstStorage *storage,
         GVariant *request,
         GVariant *line,
         const char *priority,
         BstTerms *ret_terms,
         GError **error)
{
  const char *unit = bst_doc_get_string (request, "unit");
  g_autoptr (GVariant) service = service_of (storage, line);
  g_autofree char *today = bst_storage_today (storage, unit);

  return service && resolve_on (storage, unit, service, priority, today, ret_terms, error);
}

gboolean
bst_storage_read_terms (BstStorage *storage, GError **error)
{
  return bst_storage_agreements (storage, error) && bst_storage_org (storage, error);
}

static void
freeze_value (GVariant **line, const char *name, GVariant *value)
{
  bst_doc_replace (line, bst_doc_set (*line, name, value));
}

static gint64
calendar_version (BstStorage *storage, GVariant *promise)
{
  BstCalendar *calendar =
      promise ? bst_storage_calendar (bst_doc_get_string (promise, "calendar"), storage) : NULL;

  return calendar ? bst_calendar_version (calendar) : 0;
}

GVariant *
bst_storage_freeze_terms_on (BstStorage *storage,
                             const char *unit,
                             GVariant *service,
                             const char *priority,
                             const char *day,
                             GVariant *line,
                             GError **error)
{
  g_auto (BstTerms) terms = { NULL };
  g_autoptr (GVariant) frozen = g_variant_ref (line);
  gint64 version;

  if (!resolve_on (storage, unit, service, priority, day, &terms, error))
    return NULL;
  freeze_value (&frozen, "promise", terms.promise);
  freeze_value (&frozen, "respond", terms.respond);
  if (terms.agreement)
    {
      bst_doc_replace (&frozen, bst_doc_set_string (frozen, "agreement", terms.agreement));
      bst_doc_replace (&frozen,
                       bst_doc_set_int (frozen, "agreementVersion", terms.agreement_version));
    }
  version = calendar_version (storage, terms.promise);
  if (version)
    bst_doc_replace (&frozen, bst_doc_set_int (frozen, "calendarVersion", version));
  return g_steal_pointer (&frozen);
}

GVariant *
bst_storage_freeze_terms (BstStorage *storage, GVariant *request, GVariant *line, GError **error)
{
  const char *unit = bst_doc_get_string (request, "unit");
  g_autoptr (GVariant) service = service_of (storage, line);
  g_autofree char *today = bst_storage_today (storage, unit);

  if (!service)
    return g_variant_ref (line);
  return bst_storage_freeze_terms_on (storage, unit, service,
                                      bst_doc_get_string (request, "priority"), today, line, error);
}

GVariant *
bst_storage_priority_terms (BstStorage *storage,
                            GVariant *request,
                            const char *priority,
                            GError **error)
{
  g_auto (GStrv) lines = bst_request_line_ids (request);
  GVariantBuilder all;

  g_variant_builder_init (&all, G_VARIANT_TYPE_VARDICT);
  for (guint i = 0; lines[i]; i++)
    {
      g_autoptr (GVariant) line = bst_request_line (request, lines[i]);
      g_auto (BstTerms) terms = { NULL };
      GVariantDict dict;

      if (!resolve (storage, request, line, priority, &terms, error))
        continue;
      g_variant_dict_init (&dict, NULL);
      if (terms.promise)
        g_variant_dict_insert_value (&dict, "promise", terms.promise);
      if (terms.respond)
        g_variant_dict_insert_value (&dict, "respond", terms.respond);
      g_variant_builder_add (&all, "{sv}", lines[i], g_variant_dict_end (&dict));
    }
  return bst_doc_take (g_variant_builder_end (&all));
}
