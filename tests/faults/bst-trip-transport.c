/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-trip-transport.h"

#include "bst-error.h"

#include <signal.h>
#include <string.h>

struct _BstTripTransport
{
  GObject parent_instance;

  BstTransport *over;
  BstTrip trip;
};

static void bst_trip_transport_iface_init (BstTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BstTripTransport,
                               bst_trip_transport,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BST_TYPE_TRANSPORT,
                                                      bst_trip_transport_iface_init))

/* The files of orders go before what carries the orders. */
static gboolean
carries (GBytes *body)
{
  gsize len;
  const char *text = body ? g_bytes_get_data (body, &len) : NULL;

  return text && g_strstr_len (text, (gssize) len, "/set\"") != NULL;
}

static gboolean
is_poisoned (BstTripTransport *self, GBytes *body, GError **error)
{
  gsize len;
  const char *text = body ? g_bytes_get_data (body, &len) : NULL;
  gboolean large = self->trip == BST_TRIP_TOO_LARGE;

  if ((!large && self->trip != BST_TRIP_POISON) || !text ||
      !g_strstr_len (text, (gssize) len, "Gift"))
    return FALSE;
  g_set_error (error, BST_ERROR, large ? BST_ERROR_TOO_LARGE : BST_ERROR_SERVER, "poisoned");
  return TRUE;
}

static GBytes *
bst_trip_transport_request (BstTransport *transport,
                            const char *method,
                            const char *path,
                            GBytes *body,
                            GCancellable *cancellable,
                            GError **error)
{
  BstTripTransport *self = BST_TRIP_TRANSPORT (transport);
  gboolean trips = strcmp (method, "POST") == 0 && carries (body);
  g_autoptr (GBytes) answer = NULL;

  if (self->trip == BST_TRIP_FAIL && strcmp (method, "POST") == 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_SERVER, "it fails at everything");
      return NULL;
    }
  if (trips && is_poisoned (self, body, error))
    return NULL;
  if (trips && self->trip == BST_TRIP_DIE_BEFORE)
    raise (SIGKILL);
  answer = bst_transport_request (self->over, method, path, body, cancellable, error);
  if (trips && answer && self->trip == BST_TRIP_DIE_AFTER)
    raise (SIGKILL);
  if (trips && answer && self->trip == BST_TRIP_FORGET)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_OUTCOME_UNKNOWN, "forgotten");
      return NULL;
    }
  return g_steal_pointer (&answer);
}

static GBytes *
bst_trip_transport_send (BstTransport *transport,
                         const char *path,
                         GBytes *octets,
                         GCancellable *cancellable,
                         GError **error)
{
  return bst_transport_send (BST_TRIP_TRANSPORT (transport)->over, path, octets, cancellable,
                             error);
}

static void
bst_trip_transport_finalize (GObject *object)
{
  g_clear_object (&BST_TRIP_TRANSPORT (object)->over);
  G_OBJECT_CLASS (bst_trip_transport_parent_class)->finalize (object);
}

static void
bst_trip_transport_iface_init (BstTransportInterface *iface)
{
  iface->request = bst_trip_transport_request;
  iface->send = bst_trip_transport_send;
}

static void
bst_trip_transport_class_init (BstTripTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bst_trip_transport_finalize;
}

static void
bst_trip_transport_init (BstTripTransport *self)
{
}

BstTransport *
bst_trip_transport_new (BstTransport *over, BstTrip trip)
{
  BstTripTransport *self = g_object_new (BST_TYPE_TRIP_TRANSPORT, NULL);

  self->over = g_object_ref (over);
  self->trip = trip;
  return BST_TRANSPORT (self);
}
