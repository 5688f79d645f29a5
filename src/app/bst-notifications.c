/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <glib/gi18n.h>

#include "bst-notifications.h"

#include "bst-doc.h"

/* More are told in one, so that a return from holiday is no hailstorm. */
#define MAX_SINGLE 3

/* clang-format off */
static const struct
{
  const char *action;
  const char *text;
} texts[] = {
  { "approve", N_("Approved") },
  { "decline", N_("Not approved. See why.") },
  { "accept", N_("The performer has accepted it.") },
  { "reject", N_("The performer has rejected it. See why.") },
  { "start", N_("Work has begun.") },
  { "wait", N_("It waits. See for whom.") },
  { "resume", N_("Work goes on.") },
  { "message", N_("A message to you") },
  { "answer", N_("An answer to you") },
  { "deliver", N_("Delivered. Please confirm.") },
  { "cancel", N_("It was cancelled.") },
  { "close", N_("It was closed.") },
};
/* clang-format on */

const char *
bst_notifications_text (GVariant *change)
{
  const char *action = bst_doc_get_string (change, "action");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (g_strcmp0 (texts[i].action, action) == 0)
      return _ (texts[i].text);
  return _ ("Something has changed.");
}

static void
send_one (GApplication *application, GVariant *change)
{
  const char *id = bst_doc_get_string (change, "id");
  const char *title = bst_doc_get_string (change, "title");
  const char *number = bst_doc_get_string (change, "number");
  g_autoptr (GNotification) notification = g_notification_new (title ? title : _ ("Bestiller"));
  g_autofree char *tag = g_strconcat ("request-", id, NULL);
  g_autofree char *body = NULL;

  if (!id)
    return;
  if (number)
    body = g_strdup_printf ("%s\n%s", bst_notifications_text (change), number);
  g_notification_set_body (notification, body ? body : bst_notifications_text (change));
  g_notification_set_default_action_and_target (notification, "app.open-request", "s", id);
  g_application_send_notification (application, tag, notification);
}

static void
send_many (GApplication *application, gsize n)
{
  g_autofree char *title = g_strdup_printf (
      ngettext ("News about %u order", "News about %u orders", (guint) n), (guint) n);
  g_autoptr (GNotification) notification = g_notification_new (title);

  g_notification_set_body (notification, _ ("Open the overview to see what waits for you."));
  g_notification_set_default_action (notification, "app.show-overview");
  g_application_send_notification (application, "requests", notification);
}

void
bst_notifications_send (GApplication *application, GVariant *changes)
{
  gsize n = g_variant_n_children (changes);

  if (n > MAX_SINGLE)
    {
      send_many (application, n);
      return;
    }
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) boxed = g_variant_get_child_value (changes, i);
      g_autoptr (GVariant) change = g_variant_get_variant (boxed);

      send_one (application, change);
    }
}
