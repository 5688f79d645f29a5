/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-task.h"

#include "bst-life.h"
#include "bst-order-words.h"

const char *const *
bst_task_states (void)
{
  static const char *const states[] = { "awaiting-approval", "waiting", "delivered", NULL };

  return states;
}

const char *
bst_task_of (GVariant *request, BstSession *session)
{
  BstRole roles = bst_session_get_roles (session, bst_doc_get_string (request, "unit"));
  g_auto (GStrv) allowed = bst_life_allowed (request, NULL, roles);
  gboolean mine =
      g_strcmp0 (bst_doc_get_string (request, "orderer"), bst_session_get_person_id (session)) == 0;

  if (bst_order_has_conflicts (request))
    return "choose";
  if (bst_order_local (request) == BST_ORDER_REFUSED)
    return "fix";
  if (g_strv_contains ((const char *const *) allowed, "approve"))
    return "approve";
  if (mine && g_strv_contains ((const char *const *) allowed, "answer"))
    return "answer";
  return mine && g_strv_contains ((const char *const *) allowed, "confirm") ? "confirm" : NULL;
}
