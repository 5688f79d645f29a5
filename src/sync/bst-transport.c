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

gboolean
bst_transport_listen (BstTransport *transport,
                      const char *path,
                      const char *last_id,
                      guint patience_ms,
                      BstTransportHeard heard,
                      gpointer closure,
                      GCancellable *cancellable,
                      GError **error)
{
  BstTransportInterface *iface = BST_TRANSPORT_GET_IFACE (transport);

  if (!iface->listen)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "this transport cannot listen");
      return FALSE;
    }
  return iface->listen (transport, path, last_id, patience_ms, heard, closure, cancellable, error);
}

GBytes *
bst_transport_send (BstTransport *transport,
                    const char *path,
                    GBytes *octets,
                    GCancellable *cancellable,
                    GError **error)
{
  BstTransportInterface *iface = BST_TRANSPORT_GET_IFACE (transport);

  if (!iface->send)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "this transport sends no files");
      return NULL;
    }
  return iface->send (transport, path, octets, cancellable, error);
}

gboolean
bst_transport_fetch (BstTransport *transport,
                     const char *path,
                     gint64 offset,
                     BstTransportSink sink,
                     gpointer closure,
                     GCancellable *cancellable,
                     GError **error)
{
  BstTransportInterface *iface = BST_TRANSPORT_GET_IFACE (transport);

  if (!iface->fetch)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "this transport gets no files");
      return FALSE;
    }
  return iface->fetch (transport, path, offset, sink, closure, cancellable, error);
}
