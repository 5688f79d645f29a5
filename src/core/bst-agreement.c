/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-agreement.h"

#include "bst-doc.h"

#include <string.h>

/* ---- which one ---- */

gboolean
bst_agreement_is_valid_on (GVariant *agreement, const char *day)
{
  const char *from = bst_doc_get_string (agreement, "validFrom");
  const char *to = bst_doc_get_string (agreement, "validTo");

  return from && strcmp (from, day) <= 0 && (!to || strcmp (day, to) <= 0);
}

/* Whether @a goes before @b, both of one unit and in force. */
static gboolean
goes_before (GVariant *a, GVariant *b)
{
  int began = g_strcmp0 (bst_doc_get_string (a, "validFrom"), bst_doc_get_string (b, "validFrom"));
  gint64 version = bst_doc_get_int (a, "version", 0) - bst_doc_get_int (b, "version", 0);

  if (began != 0)
    return began > 0;
  if (version != 0)
    return version > 0;
  return g_strcmp0 (bst_doc_get_string (a, "id"), bst_doc_get_string (b, "id")) > 0;
}

static GVariant *
in_force_at (GPtrArray *agreements, const char *unit, const char *kind, const char *day)
{
  GVariant *best = NULL;

  for (guint i = 0; i < agreements->len; i++)
    {
      GVariant *agreement = agreements->pdata[i];

      if (g_strcmp0 (bst_doc_get_string (agreement, "unit"), unit) == 0 &&
          g_strcmp0 (bst_doc_get_string (agreement, "kind"), kind) == 0 &&
          bst_agreement_is_valid_on (agreement, day) && (!best || goes_before (agreement, best)))
        best = agreement;
    }
  return best;
}

GVariant *
bst_agreement_in_force (GPtrArray *agreements,
                        BstOrg *org,
                        const char *unit,
                        const char *kind,
                        const char *day)
{
  gboolean sla = strcmp (kind, "sla") == 0;
  const char *last = sla ? bst_org_department (org, unit) : NULL;

  for (const char *here = unit; here; here = bst_org_parent (org, here))
    {
      GVariant *found = in_force_at (agreements, here, kind, day);

      if (found || g_strcmp0 (here, last) == 0)
        return found;
    }
  return NULL;
}

/* ---- what it says ---- */

void
bst_terms_clear (BstTerms *terms)
{
  g_clear_pointer (&terms->promise, g_variant_unref);
  g_clear_pointer (&terms->respond, g_variant_unref);
  g_clear_pointer (&terms->target, g_variant_unref);
  g_clear_pointer (&terms->price, g_variant_unref);
  g_clear_pointer (&terms->agreement, g_free);
}

/* The item of the list at @path whose @key is @value. (transfer full) (nullable) */
static GVariant *
find_item (GVariant *doc, const char *path, const char *key, const char *value)
{
  g_autoptr (GVariant) list = bst_doc_get_list (doc, path);
  GVariantIter iter;
  GVariant *item;

  g_variant_iter_init (&iter, list);
  while (g_variant_iter_next (&iter, "v", &item))
    {
      if (g_strcmp0 (bst_doc_get_string (item, key), value) == 0)
        return item;
      g_variant_unref (item);
    }
  return NULL;
}

/* The value at @path of @doc takes the place of *@value, unless there is none. */
static void
take_over (GVariant **value, GVariant *doc, const char *path)
{
  GVariant *found = doc ? bst_doc_lookup (doc, path) : NULL;

  if (bst_value_is_null (found))
    g_clear_pointer (&found, g_variant_unref);
  else
    bst_doc_replace (value, found);
}

/* Property by property. */
static void
take_over_target (GVariant **target, GVariant *entry)
{
  g_autoptr (GVariant) said = bst_doc_get_map (entry, "target");
  GVariantDict dict;
  GVariantIter iter;
  const char *key;
  GVariant *value;

  if (g_variant_n_children (said) == 0)
    return;
  g_variant_dict_init (&dict, *target);
  g_variant_iter_init (&iter, said);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    if (!bst_value_is_null (value))
      g_variant_dict_insert_value (&dict, key, value);
  bst_doc_replace (target, bst_doc_take (g_variant_dict_end (&dict)));
}

static void
give_calendar (GVariant **promise, const char *calendar)
{
  if (*promise && calendar && !bst_doc_get_string (*promise, "calendar"))
    bst_doc_replace (promise, bst_doc_set_string (*promise, "calendar", calendar));
}

static void
resolve_calendars (GVariant *service, GVariant *agreement, BstTerms *terms)
{
  const char *calendar = bst_doc_get_string (service, "promise/calendar");
  const char *agreed = agreement ? bst_doc_get_string (agreement, "calendar") : NULL;

  give_calendar (&terms->promise, agreed ? agreed : calendar);
  give_calendar (&terms->respond, agreed ? agreed : calendar);
}

void
bst_terms_resolve (GVariant *service,
                   GVariant *agreement,
                   const char *priority,
                   BstTerms *ret_terms)
{
  const char *id = bst_doc_get_string (service, "id");
  g_autoptr (GVariant) entry =
      agreement && id ? find_item (agreement, "targets", "service", id) : NULL;
  g_autoptr (GVariant) by_priority =
      entry ? find_item (entry, "priorities", "priority", priority ? priority : "normal") : NULL;
  BstTerms terms = { NULL };

  take_over (&terms.promise, service, "promise");
  take_over (&terms.target, service, "target");
  take_over (&terms.price, service, "price");
  if (entry)
    {
      take_over (&terms.promise, entry, "promise");
      take_over_target (&terms.target, entry);
      take_over (&terms.price, entry, "price");
      terms.agreement = g_strdup (bst_doc_get_string (agreement, "id"));
      terms.agreement_version = bst_doc_get_int (agreement, "version", 0);
    }
  take_over (&terms.respond, terms.target, "respond");
  take_over (&terms.promise, by_priority, "promise");
  take_over (&terms.respond, by_priority, "respond");
  resolve_calendars (service, entry ? agreement : NULL, &terms);
  *ret_terms = terms;
}
