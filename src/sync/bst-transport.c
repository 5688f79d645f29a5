/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-transport.h"

G_DEFINE_INTERFACE (BstTransport, bst_transport, G_TYPE_OBJECT)

static void
bst_transport_default_init (BstTransportInterface *iface)
{
}

GBytes *
bst_transport_request (BstTransport *transport,
                       const char *method,
                       const char *path,
                       GBytes *body,
                       GCancellable *cancellable,
                       GError **error)
{
  return BST_TRANSPORT_GET_IFACE (transport)->request (transport, method, path, body, cancellable,
                                                       error);
}
