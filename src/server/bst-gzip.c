/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-gzip.h"

#include "bst-error.h"

/* Feeds all of @data through @converter. */
static GBytes *
convert (GConverter *converter, const guint8 *data, gsize len, gsize limit, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_sized_new ((guint) MIN (len + 64, limit));
  guint8 buffer[32768];
  GConverterResult result = G_CONVERTER_CONVERTED;

  while (result != G_CONVERTER_FINISHED)
    {
      gsize used = 0, made = 0;

      result = g_converter_convert (converter, data, len, buffer, sizeof buffer,
                                    G_CONVERTER_INPUT_AT_END, &used, &made, error);
      if (result == G_CONVERTER_ERROR)
        return NULL;
      data += used;
      len -= used;
      if (made > limit - out->len)
        {
          g_set_error (error, BST_ERROR, BST_ERROR_TOO_LARGE,
                       "more than %" G_GSIZE_FORMAT " octets", limit);
          return NULL;
        }
      g_byte_array_append (out, buffer, (guint) made);
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

GBytes *
bst_gzip (const char *data, gsize len)
{
  g_autoptr (GConverter) compressor =
      G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 1));

  return convert (compressor, (const guint8 *) data, len, G_MAXUINT32, NULL);
}

GBytes *
bst_gunzip (GBytes *packed, gsize limit, GError **error)
{
  g_autoptr (GConverter) decompressor =
      G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  g_autoptr (GError) own = NULL;
  gsize len;
  const guint8 *data = g_bytes_get_data (packed, &len);
  GBytes *plain = convert (decompressor, data, len, limit, &own);

  if (plain)
    return plain;
  if (own->domain == BST_ERROR)
    g_propagate_error (error, g_steal_pointer (&own));
  else
    g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "no whole gzip stream: %s", own->message);
  return NULL;
}
