/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-agreement-trial.h"

#include "bst-date.h"

#include <string.h>

#define REPLAY_DAYS  396 /* thirteen months */
#define REPLAY_CASES 1000

typedef struct
{
  GHashTable *records;
  GVariant *agreement;
  char *service;
  GVariant *promise;
  GVariant *price; /* (nullable) */
  BstStore *store;
  char *after;
  gint64 now;
} Job;

static Job *
job_new (BstAgreementBook *book, GVariant *agreement)
{
  BstSession *session = bst_agreement_book_get_session (book);
  Job *job = g_new0 (Job, 1);

  job->records = bst_agreement_book_snapshot (book);
  job->agreement = g_variant_ref (agreement);
  job->store = g_object_ref (bst_session_get_store (session));
  job->now = bst_clock_now (bst_session_get_clock (session));
  return job;
}

static void
job_free (gpointer data)
{
  Job *job = data;

  g_hash_table_unref (job->records);
  g_variant_unref (job->agreement);
  g_free (job->service);
  g_clear_pointer (&job->promise, g_variant_unref);
  g_clear_pointer (&job->price, g_variant_unref);
  g_object_unref (job->store);
  g_free (job->after);
  g_free (job);
}

static void
map_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;

  g_task_return_pointer (task,
                         bst_gap_map (job->agreement, bst_agreement_book_look_up, job->records),
                         (GDestroyNotify) g_ptr_array_unref);
}

void
bst_agreement_gaps_async (BstAgreementBook *book,
                          GVariant *agreement,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (book, cancellable, callback, user_data);

  g_task_set_source_tag (task, bst_agreement_gaps_async);
  g_task_set_task_data (task, job_new (book, agreement), job_free);
  g_task_run_in_thread (task, map_thread);
}

GPtrArray *
bst_agreement_gaps_finish (BstAgreementBook *book, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- trying other terms ---- */

void
bst_trial_free (BstTrial *trial)
{
  g_clear_pointer (&trial->gap, bst_gap_free);
  bst_replay_clear (&trial->replay);
  g_free (trial);
}

static BstCalendar *
calendar_in (GHashTable *records, GVariant *promise, GVariant *agreement)
{
  const char *id = bst_doc_get_string (promise, "calendar");
  g_autoptr (GVariant) doc = bst_agreement_book_look_up (
      "Calendar", id ? id : bst_doc_get_string (agreement, "calendar"), records);

  return doc ? bst_calendar_new (doc, NULL) : NULL;
}

static gboolean
replay_line (Job *job, BstTrial *trial, GVariant *request, const char *line, BstCalendar *then)
{
  g_autoptr (GVariant) doc = bst_request_line (request, line);
  g_autoptr (GVariant) promised = NULL;
  g_autoptr (BstCalendar) calendar = NULL;
  g_autoptr (GPtrArray) events = NULL;
  const BstReplayTerms terms = { job->promise, then, job->price };
  const BstQuery query = { .type = "RequestEvent", .request = bst_doc_get_string (request, "id") };

  if (!doc || g_strcmp0 (bst_doc_get_string (doc, "service"), job->service) != 0)
    return TRUE;
  promised = bst_doc_get_map (doc, "promise");
  calendar = calendar_in (job->records, promised, job->agreement);
  events = bst_store_find (job->store, &query, 0, 200, NULL);
  if (calendar && events)
    bst_replay_add (&trial->replay, request, line, events, calendar, &terms, job->now);
  return trial->replay.cases < REPLAY_CASES;
}

static void
replay_orders (Job *job, BstTrial *trial, GCancellable *cancellable)
{
  g_autoptr (BstCalendar) then = calendar_in (job->records, job->promise, job->agreement);
  const BstQuery query = { .type = "Request",
                           .unit = bst_doc_get_string (job->agreement, "unit"),
                           .after = job->after };
  gboolean more = then != NULL;

  for (guint offset = 0; more && !g_cancellable_is_cancelled (cancellable); offset += 200)
    {
      g_autoptr (GPtrArray) page = bst_store_find (job->store, &query, offset, 200, NULL);

      for (guint i = 0; more && page && i < page->len; i++)
        {
          g_auto (GStrv) lines = bst_request_line_ids (page->pdata[i]);

          for (guint l = 0; more && lines[l]; l++)
            more = replay_line (job, trial, page->pdata[i], lines[l], then);
        }
      more = more && page && page->len == 200;
    }
}

static void
try_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  BstTrial *trial = g_new0 (BstTrial, 1);

  bst_replay_init (&trial->replay);
  trial->gap = bst_gap_of (job->agreement, job->service, job->promise, bst_agreement_book_look_up,
                           job->records);
  replay_orders (job, trial, cancellable);
  g_task_return_pointer (task, trial, (GDestroyNotify) bst_trial_free);
}

void
bst_agreement_trial_async (BstAgreementBook *book,
                           GVariant *agreement,
                           const char *service,
                           GVariant *promise,
                           GVariant *price,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (book, cancellable, callback, user_data);
  g_autofree char *today = bst_session_today (bst_agreement_book_get_session (book));
  Job *job = job_new (book, agreement);

  job->service = g_strdup (service);
  job->promise = g_variant_ref (promise);
  job->price = price ? g_variant_ref (price) : NULL;
  job->after = bst_date_add_days (today, -REPLAY_DAYS);
  g_task_set_source_tag (task, bst_agreement_trial_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, try_thread);
}

BstTrial *
bst_agreement_trial_finish (BstAgreementBook *book, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
