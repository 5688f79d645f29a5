/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-sync-model.h"

#include <string.h>

#define MAX_EPOCH 2 /* restored so often */
#define PAGE      2 /* records */
#define MAX_UID   3

static const char *const step_names[] = { "make",  "send",      "deliver", "settle",    "apply",
                                          "cut",   "late",      "backup",  "restore",   "pack",
                                          "carry", "carry too", "unpack",  "unpack too" };
static const char *const mistake_names[] = { "none",
                                             "new-uid",
                                             "checkpoint-first",
                                             "sent-is-received",
                                             "silence-is-yes",
                                             "server-takes-all",
                                             "epoch-ignored",
                                             "nothing-kept",
                                             "parcel-is-received",
                                             "parcel-new-uid",
                                             "parcel-overtaken" };

const char *
bst_model_step_name (BstModelStep step)
{
  return step_names[step];
}

const char *
bst_mistake_name (BstMistake mistake)
{
  return mistake_names[mistake];
}

/* ---- records ---- */

static guint8
order_bit (guint who, guint order)
{
  return (guint8) (1u << (who * BST_MODEL_ORDERS + order));
}

static guint8
record_of (guint who, guint order, guint8 uid)
{
  return (guint8) (uid << 4 | (who * BST_MODEL_ORDERS + order));
}

static guint8
bit_of (guint8 record)
{
  return (guint8) (1u << (record & 0xf));
}

static guint
times_on_server (const BstModel *model, guint who, guint order)
{
  guint n = 0;

  for (guint i = 0; i < model->n_log; i++)
    n += bit_of (model->log[i]) == order_bit (who, order);
  return n;
}

/* ---- the server ---- */

static void
create (BstModel *model, guint8 record, BstMistake mistake)
{
  for (guint i = 0; i < model->n_log; i++)
    if (model->log[i] == record && mistake != BST_MISTAKE_SERVER_TAKES_ALL)
      return;
  if (model->n_log < BST_MODEL_LOG)
    model->log[model->n_log++] = record;
}

static void
create_all (BstModel *model, guint who, guint8 set, const guint8 *uids, BstMistake mistake)
{
  for (guint i = 0; i < BST_MODEL_ORDERS; i++)
    if (set & (1u << i))
      create (model, record_of (who, i, uids[i]), mistake);
}

/* To somebody who is at @from in @epoch. */
static void
answer_changes (const BstModel *model,
                guint8 from,
                guint8 epoch,
                BstModelAnswer *answer,
                BstMistake mistake)
{
  memset (answer, 0, sizeof *answer);
  answer->there = 1;
  answer->epoch = model->epoch;
  answer->lost =
      (epoch != model->epoch && mistake != BST_MISTAKE_EPOCH_IGNORED) || from > model->n_log;
  if (answer->lost)
    return;
  answer->to = (guint8) MIN (from + PAGE, model->n_log);
  answer->more = answer->to < model->n_log;
  for (guint i = from; i < answer->to; i++)
    answer->page |= bit_of (model->log[i]);
}

static gboolean
deliver (BstModel *model, guint who, BstMistake mistake)
{
  BstModelClient *client = &model->client[who];

  if (client->line != BST_MODEL_REQUEST)
    return FALSE;
  create_all (model, who, client->sent, client->sent_uid, mistake);
  answer_changes (model, client->sent_checkpoint, client->sent_epoch, &client->answer, mistake);
  client->line = BST_MODEL_ANSWER;
  return TRUE;
}

static gboolean
deliver_late (BstModel *model, guint who, BstMistake mistake)
{
  BstModelClient *client = &model->client[who];

  if (!client->late)
    return FALSE;
  create_all (model, who, client->late, client->late_uid, mistake);
  client->late = 0;
  memset (client->late_uid, 0, sizeof client->late_uid);
  return TRUE;
}

static gboolean
backup (BstModel *model)
{
  if (model->backup)
    return FALSE;
  model->backup = (guint8) (model->n_log + 1);
  return TRUE;
}

static gboolean
restore (BstModel *model)
{
  if (!model->backup || model->epoch == MAX_EPOCH)
    return FALSE;
  model->n_log = (guint8) (model->backup - 1);
  memset (model->log + model->n_log, 0, sizeof model->log - model->n_log);
  model->epoch++;
  return TRUE;
}

/* ---- a client ---- */

static gboolean
make (BstModelClient *client)
{
  if (client->made == BST_MODEL_ORDERS)
    return FALSE;
  client->order[client->made++] = BST_MODEL_QUEUED;
  return TRUE;
}

static gboolean
send (BstModelClient *client, BstMistake mistake)
{
  if (client->line != BST_MODEL_IDLE)
    return FALSE;
  client->sent = 0;
  for (guint i = 0; i < client->made; i++)
    {
      if (client->order[i] != BST_MODEL_QUEUED && client->order[i] != BST_MODEL_SENDING)
        continue;
      if (client->order[i] == BST_MODEL_SENDING && mistake == BST_MISTAKE_NEW_UID &&
          client->uid[i] < MAX_UID)
        client->uid[i]++;
      client->order[i] = BST_MODEL_SENDING;
      client->sent |= (guint8) (1u << i);
      client->sent_uid[i] = client->uid[i];
      if (mistake == BST_MISTAKE_SENT_IS_RECEIVED)
        {
          client->order[i] = BST_MODEL_RECEIVED;
          client->told[i] = 1;
        }
    }
  client->sent_epoch = client->epoch;
  client->sent_checkpoint = client->checkpoint;
  client->line = BST_MODEL_REQUEST;
  return TRUE;
}

static void
take_fates (BstModelClient *client, guint8 set)
{
  for (guint i = 0; i < client->made; i++)
    if (set & (1u << i) && client->order[i] == BST_MODEL_SENDING)
      {
        client->order[i] = BST_MODEL_RECEIVED;
        client->told[i] = 1;
      }
}

static gboolean
settle (BstModelClient *client, BstMistake mistake)
{
  if (client->line != BST_MODEL_ANSWER)
    return FALSE;
  take_fates (client, client->sent);
  if (mistake == BST_MISTAKE_CHECKPOINT_FIRST && !client->answer.lost)
    client->checkpoint = client->answer.to;
  client->line = BST_MODEL_SETTLED;
  return TRUE;
}

static void
rest (BstModelClient *client)
{
  client->line = BST_MODEL_IDLE;
  client->sent = client->sent_epoch = client->sent_checkpoint = 0;
  memset (client->sent_uid, 0, sizeof client->sent_uid);
  memset (&client->answer, 0, sizeof client->answer);
}

/* bst_store_set_epoch(), or an account's replica begun anew */
static void
begin_anew (BstModelClient *client, guint8 epoch)
{
  client->replica = 0;
  client->checkpoint = 0;
  if (client->epoch == epoch)
    return;
  client->epoch = epoch;
  client->doubt = 1;
  for (guint i = 0; i < client->made; i++)
    if (client->order[i] == BST_MODEL_KEPT)
      client->order[i] = BST_MODEL_RECEIVED;
}

/* bst_overlay_prune(), and bst_store_offer_again() when the replica is whole */
static void
compare (BstModelClient *client, guint who, gboolean whole, BstMistake mistake)
{
  for (guint i = 0; i < client->made; i++)
    {
      if (client->order[i] != BST_MODEL_RECEIVED)
        continue;
      if (client->replica & order_bit (who, i))
        client->order[i] = mistake == BST_MISTAKE_NOTHING_KEPT ? BST_MODEL_NONE : BST_MODEL_KEPT;
      else if (whole && client->doubt)
        client->order[i] = BST_MODEL_SENDING;
    }
  if (whole)
    client->doubt = 0;
}

static gboolean
apply (BstModelClient *client, guint who, BstMistake mistake)
{
  if (client->line != BST_MODEL_SETTLED)
    return FALSE;
  if (client->answer.lost)
    begin_anew (client, client->answer.epoch);
  else
    {
      client->replica |= client->answer.page;
      client->checkpoint = client->answer.to;
      compare (client, who, !client->answer.more, mistake);
    }
  rest (client);
  return TRUE;
}

/* The line is cut, or the process dies: the request may yet arrive, the answer does not. */
static gboolean
cut (BstModelClient *client, BstMistake mistake)
{
  if (client->line == BST_MODEL_IDLE || (client->line == BST_MODEL_REQUEST && client->late))
    return FALSE;
  if (client->line == BST_MODEL_REQUEST)
    {
      client->late = client->sent;
      memcpy (client->late_uid, client->sent_uid, sizeof client->late_uid);
    }
  if (mistake == BST_MISTAKE_SILENCE_IS_YES)
    take_fates (client, client->sent);
  rest (client);
  return TRUE;
}

/* ---- as files ---- */

/* bst_courier_pack(): what waits, as the line would take it; a copy stays. */
static gboolean
pack (BstModel *model, guint who, BstMistake mistake)
{
  BstModelClient *client = &model->client[who];
  BstModelParcel *parcel = model->parcel;

  while (parcel < model->parcel + BST_MODEL_PARCELS && parcel->owner)
    parcel++;
  if (parcel == model->parcel + BST_MODEL_PARCELS)
    return FALSE;
  parcel->owner = (guint8) (who + 1);
  parcel->epoch = client->epoch;
  parcel->checkpoint = client->checkpoint;
  for (guint i = 0; i < client->made; i++)
    {
      if (client->order[i] != BST_MODEL_QUEUED && client->order[i] != BST_MODEL_SENDING)
        continue;
      client->order[i] = BST_MODEL_SENDING;
      parcel->sent |= (guint8) (1u << i);
      parcel->uid[i] = mistake == BST_MISTAKE_PARCEL_NEW_UID ? MAX_UID : client->uid[i];
      if (mistake == BST_MISTAKE_PARCEL_IS_RECEIVED)
        take_fates (client, parcel->sent);
    }
  return TRUE;
}

static gboolean
carry (BstModel *model, guint which, guint copy, BstMistake mistake)
{
  BstModelParcel *parcel = &model->parcel[which];

  /* The second carrier is one like the first: who comes first is the first. */
  if (!parcel->owner || (copy > 0 && !parcel->answer[copy - 1].there))
    return FALSE;
  create_all (model, parcel->owner - 1u, parcel->sent, parcel->uid, mistake);
  answer_changes (model, parcel->checkpoint, parcel->epoch, &parcel->answer[copy], mistake);
  return TRUE;
}

/* bst_courier_unpack(): the fates count whenever it comes, its page where the replica still stands. */
static gboolean
unpack (BstModel *model, guint which, guint copy, BstMistake mistake)
{
  const BstModelParcel *parcel = &model->parcel[which];
  const BstModelAnswer *answer = &parcel->answer[copy];
  BstModelClient *client;

  if (!answer->there)
    return FALSE;
  client = &model->client[parcel->owner - 1];
  take_fates (client, parcel->sent);
  if (answer->lost ||
      (mistake != BST_MISTAKE_PARCEL_OVERTAKEN &&
       (client->checkpoint != parcel->checkpoint || client->epoch != parcel->epoch)))
    return TRUE;
  client->replica |= answer->page;
  client->checkpoint = answer->to;
  compare (client, parcel->owner - 1u, FALSE, mistake);
  return TRUE;
}

gboolean
bst_model_do (BstModel *model, BstModelStep step, guint who, BstMistake mistake)
{
  BstModelClient *client = &model->client[who];

  switch (step)
    {
    case BST_STEP_MAKE:
      return make (client);
    case BST_STEP_SEND:
      return send (client, mistake);
    case BST_STEP_DELIVER:
      return deliver (model, who, mistake);
    case BST_STEP_SETTLE:
      return settle (client, mistake);
    case BST_STEP_APPLY:
      return apply (client, who, mistake);
    case BST_STEP_CUT:
      return cut (client, mistake);
    case BST_STEP_LATE:
      return deliver_late (model, who, mistake);
    case BST_STEP_BACKUP:
      return who == 0 && backup (model);
    case BST_STEP_RESTORE:
      return who == 0 && restore (model);
    case BST_STEP_PACK:
      return pack (model, who, mistake);
    case BST_STEP_CARRY:
    case BST_STEP_CARRY_TOO:
      return carry (model, who, step - BST_STEP_CARRY, mistake);
    case BST_STEP_UNPACK:
    case BST_STEP_UNPACK_TOO:
      return unpack (model, who, step - BST_STEP_UNPACK, mistake);
    case BST_N_STEPS:
    default:
      return FALSE;
    }
}

/* ---- what must hold ---- */

/* The server went back, and this client does not know it yet, or is about to bring back what it had. */
static gboolean
is_unsure (const BstModel *model, const BstModelClient *client, guint order)
{
  return client->epoch != model->epoch || client->doubt ||
         client->order[order] == BST_MODEL_SENDING;
}

static const char *
wrong_replica (const BstModel *model, const BstModelClient *client)
{
  if (client->epoch != model->epoch)
    return NULL;
  for (guint i = 0; i < MIN (client->checkpoint, model->n_log); i++)
    if (!(client->replica & bit_of (model->log[i])))
      return "the checkpoint covers what the replica does not have";
  return NULL;
}

const char *
bst_model_wrong (const BstModel *model)
{
  for (guint who = 0; who < BST_MODEL_CLIENTS; who++)
    {
      const BstModelClient *client = &model->client[who];
      const char *wrong = wrong_replica (model, client);

      if (wrong)
        return wrong;
      for (guint i = 0; i < client->made; i++)
        {
          if (times_on_server (model, who, i) > 1)
            return "an order is on the server twice";
          if (client->told[i] && times_on_server (model, who, i) == 0 &&
              !is_unsure (model, client, i))
            return "the user was told that it is received, and the server does not have it";
        }
    }
  return NULL;
}

static void
synchronise (BstModel *model, guint who, BstMistake mistake)
{
  for (guint round = 0; round < BST_MODEL_LOG; round++)
    {
      send (&model->client[who], mistake);
      deliver (model, who, mistake);
      settle (&model->client[who], mistake);
      apply (&model->client[who], who, mistake);
    }
}

const char *
bst_model_wrong_in_the_end (const BstModel *model, BstMistake mistake)
{
  BstModel end = *model;
  const char *wrong;

  for (guint who = 0; who < BST_MODEL_CLIENTS; who++)
    {
      cut (&end.client[who], mistake);
      rest (&end.client[who]);
      deliver_late (&end, who, mistake);
    }
  for (guint round = 0; round < 2; round++)
    for (guint who = 0; who < BST_MODEL_CLIENTS; who++)
      synchronise (&end, who, mistake);
  wrong = bst_model_wrong (&end);
  for (guint who = 0; !wrong && who < BST_MODEL_CLIENTS; who++)
    for (guint i = 0; i < end.client[who].made; i++)
      {
        if (times_on_server (&end, who, i) != 1)
          return "in the end an order is not on the server";
        for (guint other = 0; other < BST_MODEL_CLIENTS; other++)
          if (!(end.client[other].replica & order_bit (who, i)))
            return "in the end an order is not seen by all";
      }
  return wrong;
}
