/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A request is read whole or refused; its references are resolved against itself; responses alike. */

#include "bst-fuzz.h"
#include "bst-jmap.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (BstJmapRequest) request =
      bst_jmap_request_parse ((const char *) data, (gssize) size, NULL);
  g_autoptr (GPtrArray) response =
      bst_jmap_response_parse ((const char *) data, (gssize) size, NULL, NULL);

  for (guint i = 0; request && i < request->calls->len; i++)
    {
      BstJmapCall *call = g_ptr_array_index (request->calls, i);
      g_autoptr (GVariant) resolved = bst_jmap_resolve (call->args, request->calls, NULL);
      g_autoptr (GVariant) all = bst_jmap_pointer (call->args, "/list/*/id");
    }
  return 0;
}
