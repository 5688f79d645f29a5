/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SetErrors (RFC 8620 §5.3, docs/protocol.md) as documents. */

#include "bst-storage-private.h"

GVariant *
bst_refusal_new (const char *type, const char *description)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "type", "s", type);
  if (description)
    g_variant_dict_insert (&dict, "description", "s", description);
  return bst_doc_take (g_variant_dict_end (&dict));
}

static void
add_string (GVariantBuilder *list, const char *text)
{
  g_variant_builder_add (list, "v", g_variant_new_string (text));
}

static GVariant *
problem_doc (const BstProblem *problem)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "path", "s", problem->path);
  g_variant_dict_insert (&dict, "code", "s", problem->code);
  g_variant_dict_insert (&dict, "message", "s", problem->message);
  return g_variant_dict_end (&dict);
}

GVariant *
bst_refusal_problems (GPtrArray *problems)
{
  g_autoptr (GVariant) refusal = NULL;
  g_auto (GVariantBuilder) paths = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));

  if (problems->len == 0)
    return NULL;
  for (guint i = 0; i < problems->len; i++)
    {
      BstProblem *problem = g_ptr_array_index (problems, i);

      add_string (&paths, problem->path);
      g_variant_builder_add (&list, "v", problem_doc (problem));
    }
  refusal = bst_refusal_new ("invalidProperties", NULL);
  bst_doc_replace (&refusal, bst_doc_set (refusal, "properties", g_variant_builder_end (&paths)));
  return bst_doc_set (refusal, "problems", g_variant_builder_end (&list));
}

GVariant *
bst_refusal_property (const char *type, const char *property, const char *description)
{
  g_autoptr (GVariant) refusal = bst_refusal_new (type, description);
  g_auto (GVariantBuilder) paths = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));

  add_string (&paths, property);
  return bst_doc_set (refusal, "properties", g_variant_builder_end (&paths));
}
