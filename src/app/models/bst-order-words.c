/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-order-words.h"

#include <glib/gi18n.h>

#include "bst-doc.h"
#include "bst-form.h"
#include "bst-format.h"
#include "bst-text.h"

#define SECONDS_A_DAY (24 * 60 * 60)

typedef struct
{
  const char *text;
  const char *icon;
} StateWords;

static const StateWords state_words[BST_N_STATES] = {
  [BST_STATE_DRAFT] = { N_ ("Draft"), "bst-draft-symbolic" },
  [BST_STATE_SUBMITTED] = { N_ ("Sent"), "bst-under-way-symbolic" },
  [BST_STATE_AWAITING_APPROVAL] = { N_ ("Awaiting approval"), "bst-waits-symbolic" },
  [BST_STATE_ACCEPTED] = { N_ ("Accepted"), "bst-received-symbolic" },
  [BST_STATE_IN_PROGRESS] = { N_ ("In progress"), "media-playback-start-symbolic" },
  [BST_STATE_WAITING] = { N_ ("Waiting"), "bst-waits-symbolic" },
  [BST_STATE_DELIVERED] = { N_ ("Delivered"), "object-select-symbolic" },
  [BST_STATE_CLOSED] = { N_ ("Closed"), "bst-archive-symbolic" },
  [BST_STATE_REJECTED] = { N_ ("Rejected"), "process-stop-symbolic" },
  [BST_STATE_CANCELLED] = { N_ ("Cancelled"), "window-close-symbolic" },
};

BstState
bst_order_state (GVariant *request)
{
  return bst_state_from_name (bst_doc_get_string (request, "state"));
}

const char *
bst_order_state_text (BstState state, const char *waiting_for)
{
  if (state == BST_STATE_WAITING && g_strcmp0 (waiting_for, "orderer") == 0)
    return _ ("Waiting for you");
  if (state == BST_STATE_WAITING && g_strcmp0 (waiting_for, "supplier") == 0)
    return _ ("Waiting for the supplier");
  if (state == BST_STATE_WAITING)
    return _ ("Waiting for the performer");
  return _ (state_words[state].text);
}

const char *
bst_order_state_icon (BstState state, const char *waiting_for)
{
  if (state == BST_STATE_WAITING && g_strcmp0 (waiting_for, "orderer") == 0)
    return "dialog-question-symbolic";
  return state_words[state].icon;
}

gboolean
bst_order_is_unsent (GVariant *request)
{
  BstOrderLocal local = bst_order_local (request);

  return (local == BST_ORDER_QUEUED || local == BST_ORDER_SENDING) &&
         !bst_doc_has (request, "number");
}

const char *
bst_order_status_text (GVariant *request)
{
  if (bst_order_is_unsent (request))
    return bst_order_local (request) == BST_ORDER_QUEUED ? _ ("Waiting to be sent")
                                                         : _ ("Under way");
  return bst_order_state_text (bst_order_state (request),
                               bst_doc_get_string (request, "waitingFor"));
}

const char *
bst_order_status_icon (GVariant *request)
{
  if (bst_order_is_unsent (request))
    return bst_order_local_icon (request);
  return bst_order_state_icon (bst_order_state (request),
                               bst_doc_get_string (request, "waitingFor"));
}

static gboolean
is_delivered (BstState state)
{
  return state == BST_STATE_DELIVERED || bst_state_is_over (state);
}

gboolean
bst_order_is_late (GVariant *request, gint64 now)
{
  gint64 due;

  return !is_delivered (bst_order_state (request)) &&
         bst_instant_parse (bst_doc_get_string (request, "due"), &due) && due < now;
}

/* The last delivery among the lines. */
static gboolean
delivered_at (GVariant *request, gint64 *ret_instant)
{
  g_auto (GStrv) lines = bst_request_line_ids (request);
  gboolean any = FALSE;

  for (guint i = 0; lines[i]; i++)
    {
      g_autoptr (GVariant) line = bst_request_line (request, lines[i]);
      gint64 instant;

      if (!bst_instant_parse (bst_doc_get_string (line, "deliveredAt"), &instant))
        continue;
      if (!any || instant > *ret_instant)
        *ret_instant = instant;
      any = TRUE;
    }
  return any;
}

static char *
late_text (gint64 due, gint64 now)
{
  int days = (int) ((now - due) / SECONDS_A_DAY);

  if (days < 1)
    return g_strdup (_ ("Late"));
  return g_strdup_printf (ngettext ("%d day late", "%d days late", (gulong) days), days);
}

char *
bst_order_date_lines (GVariant *request, BstSession *session, char **ret_due)
{
  const char *language = bst_session_get_language (session);
  GTimeZone *zone = bst_session_get_zone (session);
  BstState state = bst_order_state (request);
  gint64 now = bst_clock_now (bst_session_get_clock (session));
  gint64 instant;
  g_autofree char *day = NULL;

  *ret_due = NULL;
  if ((state == BST_STATE_DELIVERED || state == BST_STATE_CLOSED) &&
      delivered_at (request, &instant))
    {
      day = bst_format_instant_date (instant, zone, BST_DATE_BRIEF, language);
      return g_strdup_printf (_ ("Delivered %s"), day);
    }
  if (is_delivered (state) || state == BST_STATE_DRAFT ||
      !bst_instant_parse (bst_doc_get_string (request, "due"), &instant))
    return g_strdup (bst_order_status_text (request));
  day = bst_format_instant_date (instant, zone, BST_DATE_BRIEF, language);
  if (instant >= now)
    return g_strdup_printf (_ ("Delivered by %s"), day);
  /* Translators: the day by which it should have been delivered. */
  *ret_due = g_strdup_printf (_ ("due %s"), day);
  return late_text (instant, now);
}

char *
bst_order_date_text (GVariant *request, BstSession *session)
{
  g_autofree char *due = NULL;
  g_autofree char *text = bst_order_date_lines (request, session, &due);

  return due ? g_strdup_printf ("%s, %s", text, due) : g_steal_pointer (&text);
}

/* The unit that delivers, when all lines have the same. */
static const char *
performer_name (GVariant *request, BstOrg *org)
{
  g_auto (GStrv) lines = bst_request_line_ids (request);
  const char *name = NULL;

  for (guint i = 0; org && lines[i]; i++)
    {
      g_autoptr (GVariant) line = bst_request_line (request, lines[i]);
      const char *performer = bst_doc_get_string (line, "performer");
      const char *here = performer ? bst_org_unit_name (org, performer) : NULL;

      if (here && name && g_strcmp0 (here, name) != 0)
        return NULL;
      name = here ? here : name;
    }
  return name;
}

static void
append_days_left (GString *out, GVariant *request, gint64 now)
{
  gint64 due;
  int days;

  if (is_delivered (bst_order_state (request)) ||
      !bst_instant_parse (bst_doc_get_string (request, "due"), &due) || due < now)
    return;
  days = (int) ((due - now) / SECONDS_A_DAY);
  if (days < 1)
    g_string_append_printf (out, " · %s", _ ("less than a day left"));
  else
    {
      g_autofree char *left =
          g_strdup_printf (ngettext ("%d day left", "%d days left", (gulong) days), days);

      g_string_append_printf (out, " · %s", left);
    }
}

char *
bst_order_truth (GVariant *request, BstSession *session)
{
  BstState state = bst_order_state (request);
  const char *performer = performer_name (request, bst_session_get_org (session));
  const char *state_text = bst_order_status_text (request);
  g_autofree char *date = bst_order_date_text (request, session);
  g_autoptr (GString) out = g_string_new (NULL);

  if (performer && state == BST_STATE_IN_PROGRESS)
    /* Translators: %s is the unit that delivers. */
    g_string_append_printf (out, _ ("In progress with %s"), performer);
  else if (state != BST_STATE_DELIVERED) /* the date says it */
    g_string_append (out, state_text);
  if (strcmp (date, state_text) != 0 || state == BST_STATE_DELIVERED)
    g_string_append_printf (out, "%s%s", out->len ? " · " : "", date);
  append_days_left (out, request, bst_clock_now (bst_session_get_clock (session)));
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* ---- where it is ---- */

static const struct
{
  const char *name;
  BstOrderLocal local;
  const char *text;
  const char *icon;
} local_words[] = {
  { "draft", BST_ORDER_DRAFT, N_ ("Draft on this computer"), "bst-draft-symbolic" },
  { "queued", BST_ORDER_QUEUED, N_ ("On this computer"), "bst-computer-only-symbolic" },
  { "sending", BST_ORDER_SENDING, N_ ("Under way"), "bst-under-way-symbolic" },
  { "refused", BST_ORDER_REFUSED, N_ ("Refused: needs you"), "dialog-warning-symbolic" },
};

static int
local_row (GVariant *request)
{
  const char *name = bst_doc_get_string (request, "@local/state");

  for (guint i = 0; name && i < G_N_ELEMENTS (local_words); i++)
    if (strcmp (local_words[i].name, name) == 0)
      return (int) i;
  return -1;
}

BstOrderLocal
bst_order_local (GVariant *request)
{
  int row = local_row (request);

  return row < 0 ? BST_ORDER_RECEIVED : local_words[row].local;
}

/* What is not a draft of an order: a change of one, one that is written together, or one that goes. */
static const struct
{
  const char *flag;
  const char *text;
} draft_words[] = {
  { "@local/removing", N_ ("Removed here; goes from the server at the next contact") },
  { "@local/amends", N_ ("A change on this computer, not sent yet") },
  { "@local/shared", N_ ("Shared draft") },
};

const char *
bst_order_local_text (GVariant *request)
{
  int row = local_row (request);

  if (bst_order_has_conflicts (request))
    return _ ("Two versions: please choose");
  for (guint i = 0; row != -1 && i < G_N_ELEMENTS (draft_words); i++)
    if (local_words[row].local != BST_ORDER_REFUSED &&
        bst_doc_get_bool (request, draft_words[i].flag))
      return _ (draft_words[i].text);
  return row < 0 ? NULL : _ (local_words[row].text);
}

const char *
bst_order_local_icon (GVariant *request)
{
  int row = local_row (request);

  return row < 0 ? "bst-received-symbolic" : local_words[row].icon;
}

gboolean
bst_order_has_conflicts (GVariant *request)
{
  g_autoptr (GVariant) conflicts = bst_doc_get_list (request, "@local/conflicts");

  return g_variant_n_children (conflicts) > 0;
}

gboolean
bst_order_opens_in_editor (GVariant *request)
{
  return bst_order_state (request) == BST_STATE_DRAFT ||
         bst_doc_get_bool (request, "@local/amends");
}

const char *
bst_order_title (GVariant *request)
{
  const char *title = bst_doc_get_string (request, "title");

  return title && *title ? title : _ ("Order without a title");
}

/* ---- what is wrong ---- */

static const struct
{
  const char *path; /* NULL: any; ending in "/": begins with it */
  const char *code;
  const char *text;
} problem_words[] = {
  { "title", "required", N_ ("Give the order a title") },
  { "unit", "required", N_ ("Choose the unit that orders") },
  { "unit", NULL, N_ ("You cannot order for this unit") },
  { "ean", "required", N_ ("Fill in the EAN number") },
  { "ean", NULL, N_ ("The EAN number is not right: 13 digits, please check them") },
  { "lines", NULL, N_ ("Add at least one service") },
  { "wantedDate", "past", N_ ("The wanted date has passed") },
  { NULL, "past", N_ ("The date has passed") },
  { NULL, "withdrawn", N_ ("This service has been withdrawn from the catalogue") },
  { NULL, "not-yet", N_ ("This service cannot be ordered yet") },
  { NULL, "unknown-service", N_ ("This service is no longer in the catalogue") },
  { NULL, "not-orderable", N_ ("You may not order this service for this unit") },
  { NULL, "mixed-currencies",
    N_ ("The services have prices in different currencies; order them separately") },
  { NULL, "required", N_ ("Please fill this in") },
  { NULL, "choice", N_ ("Choose one of the answers") },
  { NULL, "too-small", N_ ("The number is too small") },
  { NULL, "too-large", N_ ("The number is too large") },
  { NULL, "too-long", N_ ("The text is too long") },
  { NULL, "pattern", N_ ("This is not written as it should be") },
  { NULL, "value", N_ ("This is not a valid value") },
  { NULL, "type", N_ ("This is not a valid value") },
  { NULL, NULL, N_ ("Please check this") },
};

static const char *
problem_words_for (const BstProblem *problem)
{
  for (guint i = 0; i < G_N_ELEMENTS (problem_words); i++)
    if ((!problem_words[i].path || g_strcmp0 (problem_words[i].path, problem->path) == 0) &&
        (!problem_words[i].code || g_strcmp0 (problem_words[i].code, problem->code) == 0))
      return _ (problem_words[i].text);
  return _ ("Please check this");
}

char *
bst_order_problem_text (GVariant *request,
                        const BstProblem *problem,
                        GVariant *service,
                        const char *language)
{
  const char *words = problem_words_for (problem);
  const char *answers = problem->path ? strstr (problem->path, "/answers/") : NULL;
  g_autoptr (GVariant) field =
      answers && service ? bst_form_field (service, answers + strlen ("/answers/")) : NULL;
  const char *label = field ? bst_text_pick (field, "label", language) : NULL;

  if (label && g_strcmp0 (problem->code, "required") == 0)
    return g_strdup (label);
  /* Translators: the question of a form, and what is wrong with the answer. */
  return label ? g_strdup_printf (_ ("%s: %s"), label, words) : g_strdup (words);
}

static const struct
{
  const char *reason;
  const char *text;
} refusals[] = {
  { "catalogueChanged", N_ ("The catalogue has changed since you wrote the order. Look at what is "
                            "new below, accept it, and send again.") },
  { "invalidProperties", N_ ("The server could not take the order as it is. What is wrong is said "
                             "at the field; correct it and send again.") },
  { "forbidden", N_ ("The server did not allow this. Somebody else may have dealt with the order, "
                     "or your rights have changed.") },
  { "alreadyExists", N_ ("The server already has this order with other content. Check the list of "
                         "requests before you send again.") },
  { "revMismatch",
    N_ ("Somebody else changed the same order. Choose between the two versions, and send again.") },
  { "tooLarge", N_ ("The order is too large. Shorten the texts and send again.") },
  { "fileTooLarge",
    N_ ("The server does not take files as large as one of these. Remove it, and send again.") },
  { "notFound",
    N_ ("The server no longer has this order. Nothing of yours is lost; you can send it again.") },
};

const char *
bst_order_refusal_text (const char *reason)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (g_strcmp0 (refusals[i].reason, reason) == 0)
      return _ (refusals[i].text);
  return _ ("The server did not take the order. Nothing is lost; look it over and send again.");
}

/* ---- actions and events ---- */

static const struct
{
  const char *button;
  const char *history;
} action_words[BST_N_ACTIONS] = {
  [BST_ACTION_SUBMIT] = { N_ ("Send"), N_ ("Ordered") },
  [BST_ACTION_APPROVE] = { N_ ("Approve"), N_ ("Approved") },
  [BST_ACTION_DECLINE] = { N_ ("Do not approve"), N_ ("Not approved") },
  [BST_ACTION_ACCEPT] = { N_ ("Accept"), N_ ("Accepted by the performer") },
  [BST_ACTION_REJECT] = { N_ ("Reject"), N_ ("Rejected by the performer") },
  [BST_ACTION_START] = { N_ ("Start"), N_ ("Work has begun") },
  [BST_ACTION_WAIT] = { N_ ("Wait"), N_ ("Waits") },
  [BST_ACTION_RESUME] = { N_ ("Resume"), N_ ("Work goes on") },
  [BST_ACTION_MESSAGE] = { N_ ("Write a message"), N_ ("Message") },
  [BST_ACTION_ANSWER] = { N_ ("Answer"), N_ ("Answered") },
  [BST_ACTION_DELIVER] = { N_ ("Deliver"), N_ ("Delivered") },
  [BST_ACTION_CONFIRM] = { N_ ("Confirm delivery"), N_ ("Delivery confirmed") },
  [BST_ACTION_DISPUTE] = { N_ ("Dispute"), N_ ("Delivery disputed") },
  [BST_ACTION_CANCEL] = { N_ ("Cancel the order"), N_ ("Cancelled") },
  [BST_ACTION_RATE] = { N_ ("Rate"), N_ ("Rated") },
  [BST_ACTION_CLOSE] = { N_ ("Close"), N_ ("Closed") },
  [BST_ACTION_CHANGE_PERFORMER] = { N_ ("Change performer"), N_ ("Handed to another performer") },
  [BST_ACTION_CHANGE_PRIORITY] = { N_ ("Change priority"), N_ ("Priority changed") },
  [BST_ACTION_CONTEST] = { N_ ("Contest the pause"), N_ ("Pause contested") },
  [BST_ACTION_CORRECT] = { N_ ("Correct"), N_ ("Corrected") },
};

const char *
bst_order_action_text (BstAction action)
{
  return _ (action_words[action].button);
}

static const struct
{
  const char *name;
  const char *text;
  const char *history;
} priority_words[] = {
  { "low", N_ ("Low"), N_ ("Priority changed to low") },
  { "normal", N_ ("Normal"), N_ ("Priority changed to normal") },
  { "high", N_ ("High"), N_ ("Priority changed to high") },
  { "urgent", N_ ("Urgent"), N_ ("Priority changed to urgent") },
};

const char *
bst_order_priority_text (const char *priority)
{
  for (guint i = 0; i < G_N_ELEMENTS (priority_words); i++)
    if (strcmp (priority_words[i].name, priority ? priority : "normal") == 0)
      return _ (priority_words[i].text);
  return priority;
}

static const char *
priority_event_text (const char *priority)
{
  for (guint i = 0; i < G_N_ELEMENTS (priority_words); i++)
    if (g_strcmp0 (priority_words[i].name, priority) == 0)
      return _ (priority_words[i].history);
  return _ (action_words[BST_ACTION_CHANGE_PRIORITY].history);
}

const char *
bst_order_event_text (GVariant *event)
{
  const char *name = bst_doc_get_string (event, "action");
  const char *waiting = bst_doc_get_string (event, "data/for");
  BstAction action;

  if (!name || !bst_action_from_name (name, &action))
    return name ? name : "";
  if (action == BST_ACTION_CHANGE_PRIORITY)
    return priority_event_text (bst_doc_get_string (event, "data/priority"));
  if (action == BST_ACTION_CORRECT && bst_doc_has (event, "data/void"))
    return bst_doc_get_bool (event, "data/void") ? _ ("Pause taken back") : _ ("Pause upheld");
  if (action == BST_ACTION_WAIT && g_strcmp0 (waiting, "orderer") == 0)
    return _ ("The performer has a question");
  if (action == BST_ACTION_WAIT && g_strcmp0 (waiting, "supplier") == 0)
    return _ ("Waits for the supplier");
  return _ (action_words[action].history);
}
