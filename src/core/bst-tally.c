/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-tally.h"

#include "bst-clock.h"
#include "bst-doc.h"

#include <string.h>

struct _BstTallies
{
  GStringChunk *words;
  GArray *cases; /* BstCase; words in @words */
};

/* ---- writing ---- */

BstTallies *
bst_tallies_new (void)
{
  BstTallies *tallies = g_new (BstTallies, 1);

  tallies->words = g_string_chunk_new (4096);
  tallies->cases = g_array_new (FALSE, FALSE, sizeof (BstCase));
  return tallies;
}

void
bst_tallies_free (BstTallies *tallies)
{
  g_array_unref (tallies->cases);
  g_string_chunk_free (tallies->words);
  g_free (tallies);
}

void
bst_tallies_add (BstTallies *tallies, const BstCase *one)
{
  BstCase copy = *one;

  if (!one->month[0])
    return;
  copy.request = g_string_chunk_insert_const (tallies->words, one->request);
  copy.line = g_string_chunk_insert_const (tallies->words, one->line);
  copy.unit = g_string_chunk_insert_const (tallies->words, one->unit);
  copy.service = g_string_chunk_insert_const (tallies->words, one->service);
  copy.channel = g_string_chunk_insert_const (tallies->words, one->channel);
  copy.performer = NULL;
  copy.area = NULL;
  g_array_append_val (tallies->cases, copy);
}

/* Those of one tally come together, and always in the same order. */
static gint
compare_cases (gconstpointer a, gconstpointer b)
{
  const BstCase *one = a;
  const BstCase *other = b;
  const char *const keys[][2] = {
    { one->unit, other->unit },   { one->service, other->service },
    { one->month, other->month }, { one->request, other->request },
    { one->line, other->line },
  };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      int order = strcmp (keys[i][0], keys[i][1]);

      if (order != 0)
        return order;
    }
  return 0;
}

static gboolean
is_of_one (const BstCase *one, const BstCase *other)
{
  return strcmp (one->unit, other->unit) == 0 && strcmp (one->service, other->service) == 0 &&
         strcmp (one->month, other->month) == 0;
}

static void
add_text (GVariantBuilder *entry, const char *key, const char *text)
{
  g_variant_builder_add (entry, "{sv}", key, g_variant_new_string (text));
}

static void
add_instant (GVariantBuilder *entry, const char *key, gint64 instant)
{
  g_variant_builder_add (entry, "{sv}", key,
                         g_variant_new_take_string (bst_instant_format (instant)));
}

static gboolean
is_settled (BstSlaVerdict verdict, gint64 due)
{
  return due != BST_CALENDAR_NEVER && (verdict == BST_SLA_MET || verdict == BST_SLA_BREACHED);
}

/* What still moves with the clock is not told: it counts nowhere yet. */
static GVariant *
write_case (const BstCase *one)
{
  GVariantBuilder entry;

  g_variant_builder_init (&entry, G_VARIANT_TYPE_VARDICT);
  add_text (&entry, "request", one->request);
  add_text (&entry, "line", one->line);
  add_text (&entry, "channel", one->channel);
  if (is_settled (one->verdict, one->due))
    {
      add_text (&entry, "verdict", bst_case_verdict_name (one->verdict));
      add_instant (&entry, "due", one->due);
    }
  if (one->stopped)
    {
      add_instant (&entry, "stopped", one->stopped);
      g_variant_builder_add (&entry, "{sv}", "elapsed", g_variant_new_int64 (one->elapsed));
      g_variant_builder_add (&entry, "{sv}", "firstTime", g_variant_new_boolean (one->first_time));
    }
  if (is_settled (one->response_verdict, one->response_due))
    {
      add_text (&entry, "response", bst_case_verdict_name (one->response_verdict));
      add_instant (&entry, "responseDue", one->response_due);
    }
  return g_variant_builder_end (&entry);
}

static GVariant *
write_tally (const BstCase *cases, guint n)
{
  GVariantBuilder doc;
  GVariantBuilder list;

  g_variant_builder_init (&list, G_VARIANT_TYPE ("av"));
  for (guint i = 0; i < n; i++)
    g_variant_builder_add (&list, "v", write_case (&cases[i]));
  g_variant_builder_init (&doc, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&doc, "{sv}", "id",
                         g_variant_new_take_string (g_strdup_printf (
                             "tally-%s-%s-%s", cases->unit, cases->service, cases->month)));
  add_text (&doc, "unit", cases->unit);
  add_text (&doc, "service", cases->service);
  add_text (&doc, "month", cases->month);
  g_variant_builder_add (&doc, "{sv}", "cases", g_variant_builder_end (&list));
  return bst_doc_take (g_variant_builder_end (&doc));
}

static gint
compare_ids (gconstpointer a, gconstpointer b)
{
  return strcmp (bst_doc_get_string (*(GVariant *const *) a, "id"),
                 bst_doc_get_string (*(GVariant *const *) b, "id"));
}

GPtrArray *
bst_tallies_documents (BstTallies *tallies)
{
  GPtrArray *documents = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  guint first = 0;

  g_array_sort (tallies->cases, compare_cases);
  for (guint i = 1; i <= tallies->cases->len; i++)
    {
      const BstCase *cases = &g_array_index (tallies->cases, BstCase, first);

      if (i < tallies->cases->len && is_of_one (cases, &g_array_index (tallies->cases, BstCase, i)))
        continue;
      g_ptr_array_add (documents, write_tally (cases, i - first));
      first = i;
    }
  g_ptr_array_sort (documents, compare_ids);
  return documents;
}

/* ---- reading ---- */

static void
read_verdict (GVariant *entry,
              const char *verdict,
              const char *due,
              BstSlaVerdict *ret_verdict,
              gint64 *ret_due)
{
  *ret_due = BST_CALENDAR_NEVER;
  *ret_verdict = BST_SLA_NOT_STARTED;
  bst_instant_parse (bst_doc_get_string (entry, due), ret_due);
  bst_case_verdict_from_name (bst_doc_get_string (entry, verdict), ret_verdict);
}

static gboolean
read_case (GVariant *tally, GVariant *entry, BstCase *ret_case)
{
  const char *channel = bst_doc_get_string (entry, "channel");

  *ret_case = (BstCase){
    .request = bst_doc_get_string (entry, "request"),
    .line = bst_doc_get_string (entry, "line"),
    .unit = bst_doc_get_string (tally, "unit"),
    .service = bst_doc_get_string (tally, "service"),
    .channel = channel ? channel : "app",
    .elapsed = bst_doc_get_int (entry, "elapsed", 0),
    .first_time = bst_doc_get_bool (entry, "firstTime"),
    .wakes = BST_CALENDAR_NEVER,
  };
  bst_instant_parse (bst_doc_get_string (entry, "stopped"), &ret_case->stopped);
  read_verdict (entry, "verdict", "due", &ret_case->verdict, &ret_case->due);
  read_verdict (entry, "response", "responseDue", &ret_case->response_verdict,
                &ret_case->response_due);
  g_strlcpy (ret_case->month, bst_doc_get_string (tally, "month"), sizeof ret_case->month);
  return ret_case->request && ret_case->line;
}

GArray *
bst_tally_read (GVariant *tally)
{
  GArray *cases = g_array_new (FALSE, FALSE, sizeof (BstCase));
  g_autoptr (GVariant) list = bst_doc_get_list (tally, "cases");

  if (!bst_doc_get_string (tally, "unit") || !bst_doc_get_string (tally, "service") ||
      !bst_doc_get_string (tally, "month"))
    return cases;
  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr (GVariant) boxed = g_variant_get_child_value (list, i);
      g_autoptr (GVariant) entry = g_variant_get_variant (boxed);
      BstCase one;

      /* Words stay where they are: serialised parts share the octets of the whole. */
      if (g_variant_is_of_type (entry, G_VARIANT_TYPE_VARDICT) && read_case (tally, entry, &one))
        g_array_append_val (cases, one);
    }
  return cases;
}

/* ---- comparing ---- */

static BstTallyDiffers
compare_verdicts (const BstCase *theirs, const BstCase *ours)
{
  gboolean settled = is_settled (theirs->verdict, theirs->due);
  gboolean answered = is_settled (theirs->response_verdict, theirs->response_due);
  BstTallyDiffers differs = BST_TALLY_SAME;

  if (settled != is_settled (ours->verdict, ours->due) ||
      (settled && theirs->verdict != ours->verdict))
    differs |= BST_TALLY_VERDICT;
  else if (settled && theirs->due != ours->due)
    differs |= BST_TALLY_DUE;
  if (answered != is_settled (ours->response_verdict, ours->response_due) ||
      (answered && theirs->response_verdict != ours->response_verdict))
    differs |= BST_TALLY_RESPONSE;
  else if (answered && theirs->response_due != ours->response_due)
    differs |= BST_TALLY_RESPONSE_DUE;
  return differs;
}

BstTallyDiffers
bst_tally_compare (const BstCase *theirs, const BstCase *ours)
{
  gboolean have_theirs = theirs && theirs->month[0];
  gboolean have_ours = ours && ours->month[0];
  BstTallyDiffers differs = BST_TALLY_SAME;

  if (!have_theirs || !have_ours)
    return have_ours ? BST_TALLY_NOT_THEIRS : have_theirs ? BST_TALLY_NOT_OURS : BST_TALLY_SAME;
  if (strcmp (theirs->month, ours->month) != 0)
    differs |= BST_TALLY_MONTH;
  if (strcmp (theirs->service, ours->service) != 0)
    differs |= BST_TALLY_SERVICE;
  if (strcmp (theirs->unit, ours->unit) != 0)
    differs |= BST_TALLY_UNIT;
  if (strcmp (theirs->channel, ours->channel) != 0)
    differs |= BST_TALLY_CHANNEL;
  if (theirs->stopped != ours->stopped)
    differs |= BST_TALLY_STOPPED;
  else if (theirs->stopped && theirs->elapsed != ours->elapsed)
    differs |= BST_TALLY_ELAPSED;
  if (theirs->stopped && ours->stopped && !theirs->first_time != !ours->first_time)
    differs |= BST_TALLY_FIRST_TIME;
  return differs | compare_verdicts (theirs, ours);
}
