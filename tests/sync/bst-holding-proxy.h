/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * A proxy as they stand before many offices: it ends TLS itself, and holds an answer back until it is whole. One request a
 * connection; in threads of its own.
 */
typedef struct _BstHoldingProxy BstHoldingProxy;

/** bst_holding_proxy_new: @directory: the server's, with tls/; @target: the server's port */
BstHoldingProxy *bst_holding_proxy_new (const char *directory, guint16 target);
void bst_holding_proxy_free (BstHoldingProxy *proxy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstHoldingProxy, bst_holding_proxy_free)

char *bst_holding_proxy_get_url (BstHoldingProxy *proxy); /* (transfer full) */

/** bst_holding_proxy_asked: how many requests had @text in their head. */
guint bst_holding_proxy_asked (BstHoldingProxy *proxy, const char *text);

G_END_DECLS
