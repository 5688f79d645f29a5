/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * bst_notifications_send: tells what somebody else did with my requests.
 * @changes: as in BstStore::mine-changed: [{id, number, title, state, action}]
 *
 * One notification a request, which activates app.open-request; more than a few are told in one.
 */
void bst_notifications_send (GApplication *application, GVariant *changes);

/** bst_notifications_text: what is said of one change: "Delivered. Please confirm." Returns: static, translated. */
const char *bst_notifications_text (GVariant *change);

G_END_DECLS
