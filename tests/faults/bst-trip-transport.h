/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-transport.h"

G_BEGIN_DECLS

/* A transport that stumbles: over another one, at the point that the test names, on requests that carry something. */
typedef enum
{
  BST_TRIP_NEVER,
  BST_TRIP_FORGET,     /* the whole answer came, and the engine never hears of it */
  BST_TRIP_DIE_BEFORE, /* SIGKILL to this process before the request leaves */
  BST_TRIP_DIE_AFTER,  /* SIGKILL when the whole answer has come */
  BST_TRIP_POISON,     /* the server fails as a whole (500) at what has "Gift" in it */
  BST_TRIP_FAIL,       /* … at everything */
  BST_TRIP_TOO_LARGE,  /* … or finds it too large (413) */
} BstTrip;

#define BST_TYPE_TRIP_TRANSPORT (bst_trip_transport_get_type ())
G_DECLARE_FINAL_TYPE (BstTripTransport, bst_trip_transport, BST, TRIP_TRANSPORT, GObject)

BstTransport *bst_trip_transport_new (BstTransport *over, BstTrip trip);

G_END_DECLS
