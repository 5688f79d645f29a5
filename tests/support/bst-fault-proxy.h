/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A bad line: a TCP proxy on 127.0.0.1, any free port, in threads of its own. It passes octets and does
 * not look into them, so TLS goes through it untouched. What it does to the line can be changed at any
 * time and holds from the next octet on, also for connections that are open.
 */
typedef struct _BstFaultProxy BstFaultProxy;

/** BstFaultProbe: asked before octets go down: has the server done what the test waits for? In the proxy's thread. */
typedef gboolean (*BstFaultProbe) (gpointer closure);

/**
 * BstFaults: what is wrong with the line. Zeroed by %BST_FAULTS_NONE: nothing.
 * @refuse: nobody listens
 * @reset: connections are taken and reset
 * @hang: a black hole: connections are taken, nothing passes either way
 * @page: (nullable): said at once to everybody who connects, before closing: a captive portal
 * @latency_ms: octets are that late, each way, and twice that passes before the first one of a connection
 * @rate: octets a second, each way; 0: any
 * @cut_up, @cut_down: so many more octets pass to the server, to the client; then the connection is reset; -1: never
 * @probe: (nullable): once it says yes, @after_probe more octets go down, then the connection is reset: the request was
 *   delivered and done, the answer is lost
 */
typedef struct
{
  gboolean refuse;
  gboolean reset;
  gboolean hang;
  const char *page;
  guint latency_ms;
  guint rate;
  gint64 cut_up;
  gint64 cut_down;
  BstFaultProbe probe;
  gpointer closure;
  gint64 after_probe;
} BstFaults;

#define BST_FAULTS_NONE ((BstFaults){ .cut_up = -1, .cut_down = -1 })

/** bst_fault_proxy_new: to 127.0.0.1:@target. Aborts when there is no free port: it is for tests. */
BstFaultProxy *bst_fault_proxy_new (guint16 target);
void bst_fault_proxy_free (BstFaultProxy *proxy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstFaultProxy, bst_fault_proxy_free)

guint16 bst_fault_proxy_get_port (BstFaultProxy *proxy);

/** bst_fault_proxy_get_url: "https://localhost:PORT". (transfer full) */
char *bst_fault_proxy_get_url (BstFaultProxy *proxy);

/** bst_fault_proxy_set_target: for connections from now on: the server was started anew. */
void bst_fault_proxy_set_target (BstFaultProxy *proxy, guint16 target);

/** bst_fault_proxy_set: @faults: (nullable): %NULL: a good line again. */
void bst_fault_proxy_set (BstFaultProxy *proxy, const BstFaults *faults);

/** bst_fault_proxy_drop_connections: resets all that are open. */
void bst_fault_proxy_drop_connections (BstFaultProxy *proxy);

/** bst_fault_proxy_struck: how many connections a fault has ended since the last bst_fault_proxy_set(). */
guint bst_fault_proxy_struck (BstFaultProxy *proxy);

/** bst_fault_proxy_passed: octets that have passed up and down since the beginning. */
void bst_fault_proxy_passed (BstFaultProxy *proxy, gint64 *ret_up, gint64 *ret_down);

/** bst_fault_proxy_turns: how often the client spoke after the server did since the beginning: as many round trips. */
guint bst_fault_proxy_turns (BstFaultProxy *proxy);

/** bst_fault_proxy_connections: connections taken since the beginning. */
guint bst_fault_proxy_connections (BstFaultProxy *proxy);

/** bst_fault_proxy_wait_up: until @octets in all have passed to the server. Returns: %FALSE after @seconds. */
gboolean bst_fault_proxy_wait_up (BstFaultProxy *proxy, gint64 octets, guint seconds);

/** bst_fault_proxy_wait_struck: until a fault has ended a connection since the last bst_fault_proxy_set(). Returns: %FALSE after @seconds. */
gboolean bst_fault_proxy_wait_struck (BstFaultProxy *proxy, guint seconds);

G_END_DECLS
