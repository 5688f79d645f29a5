/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-clock.h"
#include "bst-transport.h"

G_BEGIN_DECLS

/*
 * Listens to the server (EventSource, RFC 8620 §7.3) in a thread of its own, and comes back by itself. It only ever makes
 * news come sooner: whoever uses it still asks the server every now and then.
 */
typedef struct _BstPush BstPush;

/**
 * BstPushListener: all in the listening thread.
 * @news: @changed: account -> {type -> state} (a{sv})
 * @stands: whether news comes by itself from now on
 * @sign_in: the token is not valid any longer; it tries no more until bst_push_again()
 */
typedef struct
{
  void (*news) (GVariant *changed, gpointer closure);
  void (*stands) (gboolean stands, gpointer closure);
  void (*sign_in) (gpointer closure);
} BstPushListener;

/**
 * bst_push_new: begins to listen.
 * @ping_seconds: how often to hear that the line lives; two and a half times that without it, and the line is dead
 * @allowed: whether a stream may be held open now
 */
BstPush *bst_push_new (BstTransport *transport,
                       const BstClock *clock,
                       guint ping_seconds,
                       gboolean allowed,
                       const BstPushListener *listener,
                       gpointer closure);

/** bst_push_free: ends the stream, waits for the thread. */
void bst_push_free (BstPush *push);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstPush, bst_push_free)

/** bst_push_allow: a line may cost too much for it. */
void bst_push_allow (BstPush *push, gboolean allowed);

/** bst_push_again: the computer slept, or the line is another one: what was learnt of the old one, and its stream, is dropped. */
void bst_push_again (BstPush *push);

/** bst_push_line_is_up: something else has just reached the server: no need to wait for a line any longer. */
void bst_push_line_is_up (BstPush *push);

G_END_DECLS
