/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-share-model.h"

#include <string.h>

enum
{
  IDLE,
  ASKED,
  ANSWERED
};

static const char *const step_names[] = { "write", "write too", "send",      "deliver",    "take",
                                          "cut",   "late",      "keep mine", "keep theirs" };
static const char *const mistake_names[] = { "none", "last-wins", "refused-is-done", "mine-wins",
                                             "theirs-wins" };

const char *
bst_share_step_name (guint step)
{
  return step_names[step];
}

const char *
bst_share_mistake_name (guint mistake)
{
  return mistake_names[mistake];
}

static guint8
bit (guint n)
{
  return (guint8) (1u << n);
}

/* ---- the server ---- */

/* Request/set. Whether it is done now, or was before: a create that comes again, a patch that changes nothing any more. */
static gboolean
set (BstShareRecord *server, const BstSharePatch *patch, BstShareMistake mistake)
{
  gboolean same = TRUE;

  for (guint i = 0; i < BST_SHARE_FIELDS; i++)
    same &= !(patch->mask & bit (i)) || server->field[i] == patch->field[i];
  if (patch->create ? server->rev > 0 : server->rev != patch->rev)
    if (patch->create || same || mistake != BST_SHARE_MISTAKE_LAST_WINS)
      return patch->create || same;
  for (guint i = 0; i < BST_SHARE_FIELDS; i++)
    if (patch->mask & bit (i))
      server->field[i] = patch->field[i];
  server->rev++;
  return TRUE;
}

static gboolean
deliver (BstShareModel *model, BstShareClient *client, BstShareMistake mistake)
{
  if (client->line != ASKED)
    return FALSE;
  client->done = client->sent.mask && set (&model->server, &client->sent, mistake);
  client->answer = model->server;
  client->line = ANSWERED;
  return TRUE;
}

static gboolean
deliver_late (BstShareModel *model, BstShareClient *client, BstShareMistake mistake)
{
  if (!client->late.mask)
    return FALSE;
  set (&model->server, &client->late, mistake);
  memset (&client->late, 0, sizeof client->late);
  return TRUE;
}

/* ---- a client ---- */

/* The first one makes it; the other sees it first. */
static gboolean
write_word (BstShareModel *model, guint who, guint field)
{
  BstShareClient *client = &model->client[who];
  guint word = 1 + who * BST_SHARE_WORDS + client->written;

  if (client->written == BST_SHARE_WORDS || (who > 0 && !client->base.rev) ||
      client->twice & bit (field))
    return FALSE;
  model->gone |= client->mine[field] ? bit (client->mine[field]) : 0;
  model->field_of[word] = (guint8) field;
  client->mine[field] = (guint8) word;
  client->written++;
  return TRUE;
}

/* queue_shared(): nothing new while something waits; what must be decided first does not go. */
static void
queue (BstShareClient *client)
{
  if (client->item.mask)
    return;
  memset (&client->item, 0, sizeof client->item);
  for (guint i = 0; i < BST_SHARE_FIELDS; i++)
    if (client->mine[i] != client->base.field[i] && !(client->twice & bit (i)))
      {
        client->item.mask |= bit (i);
        client->item.field[i] = client->mine[i];
      }
  if (!client->item.mask)
    return;
  client->item.create = client->base.rev == 0;
  client->item.rev = client->base.rev;
}

static gboolean
send_patch (BstShareClient *client)
{
  if (client->line != IDLE)
    return FALSE;
  queue (client);
  client->sent = client->item;
  client->line = ASKED;
  return TRUE;
}

/* What another one changed comes in; where both did, both are kept. */
static void
merge (BstShareModel *model, BstShareClient *client, BstShareMistake mistake)
{
  const BstShareRecord *theirs = &client->answer;

  for (guint i = 0; i < BST_SHARE_FIELDS; i++)
    {
      gboolean ours = client->mine[i] != client->base.field[i];

      if (theirs->field[i] == client->base.field[i])
        continue;
      if (!ours || mistake == BST_SHARE_MISTAKE_THEIRS_WINS)
        client->mine[i] = theirs->field[i];
      else if (theirs->field[i] != client->mine[i] && mistake != BST_SHARE_MISTAKE_MINE_WINS)
        client->twice |= bit (i);
    }
  client->base = *theirs;
}

/* Our own patch is in what lies under the draft now, and no change of another's. */
static void
accept (BstShareClient *client)
{
  for (guint i = 0; i < BST_SHARE_FIELDS; i++)
    if (client->item.mask & bit (i))
      client->base.field[i] = client->item.field[i];
}

static void
rest (BstShareClient *client)
{
  client->line = IDLE;
  client->done = 0;
  memset (&client->sent, 0, sizeof client->sent);
  memset (&client->answer, 0, sizeof client->answer);
}

static gboolean
take (BstShareModel *model, BstShareClient *client, BstShareMistake mistake)
{
  if (client->line != ANSWERED)
    return FALSE;
  if (client->done || (client->sent.mask && mistake == BST_SHARE_MISTAKE_REFUSED_DONE))
    accept (client);
  if (client->sent.mask)
    memset (&client->item, 0, sizeof client->item);
  if (client->answer.rev > 0)
    merge (model, client, mistake);
  rest (client);
  return TRUE;
}

static gboolean
cut (BstShareClient *client)
{
  if (client->line == IDLE || (client->line == ASKED && client->late.mask))
    return FALSE;
  if (client->line == ASKED)
    client->late = client->sent;
  rest (client);
  return TRUE;
}

static gboolean
decide (BstShareModel *model, BstShareClient *client, gboolean mine)
{
  if (!client->twice)
    return FALSE;
  for (guint i = 0; i < BST_SHARE_FIELDS; i++)
    {
      guint8 dropped = mine ? client->base.field[i] : client->mine[i];

      if (!(client->twice & bit (i)))
        continue;
      model->gone |= dropped ? bit (dropped) : 0;
      if (!mine)
        client->mine[i] = client->base.field[i];
    }
  client->twice = 0;
  return TRUE;
}

gboolean
bst_share_do (gpointer data, guint step, guint who, guint mistake)
{
  BstShareModel *model = data;
  BstShareClient *client = &model->client[who];

  switch ((BstShareStep) step)
    {
    case BST_SHARE_WRITE:
    case BST_SHARE_WRITE_TOO:
      return write_word (model, who, step - BST_SHARE_WRITE);
    case BST_SHARE_SEND:
      return send_patch (client);
    case BST_SHARE_DELIVER:
      return deliver (model, client, mistake);
    case BST_SHARE_TAKE:
      return take (model, client, mistake);
    case BST_SHARE_CUT:
      return cut (client);
    case BST_SHARE_LATE:
      return deliver_late (model, client, mistake);
    case BST_SHARE_KEEP_MINE:
      return decide (model, client, TRUE);
    case BST_SHARE_KEEP_THEIRS:
      return decide (model, client, FALSE);
    case BST_SHARE_N_STEPS:
    default:
      return FALSE;
    }
}

/* ---- what must hold ---- */

static gboolean
is_somewhere (const BstShareModel *model, guint word)
{
  guint field = model->field_of[word];

  if (model->server.field[field] == word)
    return TRUE;
  for (guint who = 0; who < BST_SHARE_CLIENTS; who++)
    if (model->client[who].mine[field] == word || model->client[who].base.field[field] == word)
      return TRUE;
  return FALSE;
}

const char *
bst_share_wrong (gconstpointer data)
{
  const BstShareModel *model = data;

  for (guint who = 0; who < BST_SHARE_CLIENTS; who++)
    for (guint i = 0; i < model->client[who].written; i++)
      {
        guint word = 1 + who * BST_SHARE_WORDS + i;

        if (!(model->gone & bit (word)) && !is_somewhere (model, word))
          return "a word has vanished that nobody had seen and replaced";
      }
  return NULL;
}

/* Where nothing is to be decided, all see the same; where something is, one of the two words is at the server. */
static const char *
wrong_view (const BstShareModel *model, const BstShareClient *client)
{
  for (guint i = 0; i < BST_SHARE_FIELDS; i++)
    {
      if (client->base.field[i] != model->server.field[i])
        return "in the end somebody does not see what the server has";
      if (client->mine[i] != model->server.field[i] && !(client->twice & bit (i)))
        return "in the end a word is not at the server, and nobody is asked about it";
    }
  return NULL;
}

const char *
bst_share_wrong_in_the_end (gconstpointer data, guint mistake)
{
  BstShareModel end = *(const BstShareModel *) data;
  const char *wrong = NULL;

  for (guint who = 0; who < BST_SHARE_CLIENTS; who++)
    {
      cut (&end.client[who]);
      rest (&end.client[who]);
      deliver_late (&end, &end.client[who], mistake);
    }
  for (guint round = 0; round < 3; round++)
    for (guint who = 0; who < BST_SHARE_CLIENTS; who++)
      for (guint i = 0; i < 2; i++)
        {
          send_patch (&end.client[who]);
          deliver (&end, &end.client[who], mistake);
          take (&end, &end.client[who], mistake);
        }
  for (guint who = 0; who < BST_SHARE_CLIENTS && !wrong; who++)
    wrong = wrong_view (&end, &end.client[who]);
  return wrong ? wrong : bst_share_wrong (&end);
}
