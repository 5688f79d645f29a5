/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-methods.h"

G_BEGIN_DECLS

/*
 * What Foo/set does to one record. Each returns FALSE without @error when it is refused; *@ret_refused is then the SetError
 * (transfer full). *@ret_server: (transfer full): what the server set.
 */
gboolean bst_set_create (BstMethod *method,
                         GVariant *doc,
                         GVariant **ret_server,
                         GVariant **ret_refused,
                         GError **error);
gboolean bst_set_update (BstMethod *method,
                         const char *id,
                         GVariant *patch,
                         GVariant **ret_server,
                         GVariant **ret_refused,
                         GError **error);

/** bst_set_destroy: @rev: the newest revision that the caller knows; %G_MAXINT64: whatever it is */
gboolean bst_set_destroy (BstMethod *method,
                          const char *id,
                          gint64 rev,
                          GVariant **ret_refused,
                          GError **error);

/** bst_set_may_write: whether the person may have a record of the type like @doc. *@ret_refused: as above. */
gboolean
bst_set_may_write (BstMethod *method, GVariant *doc, GVariant **ret_refused, GError **error);

G_END_DECLS
