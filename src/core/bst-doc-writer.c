/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The serialised form of a{sv} ("GVariant Specification", 2): its entries one after the other, each from a multiple of 8, then where
 * each of them ends. An entry: the key, a zero, from a multiple of 8 the value, a zero, the value's type, and where the key ends. The
 * ends are numbers of one octet, two, four or eight, as few as can tell the length of the whole that they close; least octet first.
 * Every object begins at a multiple of 8 here, so that what lies in an object can be written where it will be.
 */

#include "bst-doc-writer.h"

#include <string.h>

#define MAP_TYPE "a{sv}"

/* An object that is being written. */
typedef struct
{
  gsize start;
  gsize entry;   /* in the object around it: where its entry begins */
  gsize key_end; /* and where its key ends, from there */
  guint ends;    /* the first of its own among the ends */
} Level;

struct _BstDocWriter
{
  GByteArray *octets;
  GArray *ends;   /* gsize: of the entries of all open objects, from their object's start */
  GArray *levels; /* Level */
};

static void
begin (BstDocWriter *writer)
{
  Level outmost = { 0 };

  g_array_append_val (writer->levels, outmost);
}

BstDocWriter *
bst_doc_writer_new (void)
{
  BstDocWriter *writer = g_new0 (BstDocWriter, 1);

  writer->octets = g_byte_array_new ();
  writer->ends = g_array_new (FALSE, FALSE, sizeof (gsize));
  writer->levels = g_array_new (FALSE, FALSE, sizeof (Level));
  begin (writer);
  return writer;
}

void
bst_doc_writer_free (BstDocWriter *writer)
{
  g_byte_array_unref (writer->octets);
  g_array_unref (writer->ends);
  g_array_unref (writer->levels);
  g_free (writer);
}

static void
append (BstDocWriter *writer, gconstpointer octets, gsize n)
{
  g_byte_array_append (writer->octets, octets, (guint) n);
}

static void
align (BstDocWriter *writer)
{
  static const guint8 zeros[8];

  append (writer, zeros, -writer->octets->len & 7u);
}

static Level *
innermost (BstDocWriter *writer)
{
  return &g_array_index (writer->levels, Level, writer->levels->len - 1);
}

/* ---- ends ---- */

/* The octets of each of @n ends that follow @length octets. */
static guint
width_of_ends (gsize length, gsize n)
{
  if (length + n <= G_MAXUINT8)
    return 1;
  if (length + 2 * n <= G_MAXUINT16)
    return 2;
  return length + 4 * n <= G_MAXUINT32 ? 4 : 8;
}

static void
append_end (BstDocWriter *writer, gsize end, guint width)
{
  guint64 little = GUINT64_TO_LE ((guint64) end);

  append (writer, &little, width);
}

/* ---- entries ---- */

/* Returns: where the entry begins. */
static gsize
begin_entry (BstDocWriter *writer, const char *key, gsize *ret_key_end)
{
  gsize entry;

  align (writer);
  entry = writer->octets->len;
  append (writer, key, strlen (key) + 1);
  *ret_key_end = writer->octets->len - entry;
  align (writer);
  return entry;
}

static void
note_end (BstDocWriter *writer)
{
  gsize end = writer->octets->len - innermost (writer)->start;

  g_array_append_val (writer->ends, end);
}

static void
end_entry (BstDocWriter *writer, gsize entry, gsize key_end, const char *type)
{
  append (writer, "", 1);
  append (writer, type, strlen (type));
  append_end (writer, key_end, width_of_ends (writer->octets->len - entry, 1));
  note_end (writer);
}

static void
put (BstDocWriter *writer, const char *key, const char *type, gconstpointer value, gsize n)
{
  gsize key_end;
  gsize entry = begin_entry (writer, key, &key_end);

  append (writer, value, n);
  end_entry (writer, entry, key_end, type);
}

void
bst_doc_writer_string (BstDocWriter *writer, const char *key, const char *value)
{
  put (writer, key, "s", value, strlen (value) + 1);
}

void
bst_doc_writer_int (BstDocWriter *writer, const char *key, gint64 value)
{
  put (writer, key, "x", &value, sizeof value);
}

void
bst_doc_writer_bool (BstDocWriter *writer, const char *key, gboolean value)
{
  guint8 octet = value ? 1 : 0;

  put (writer, key, "b", &octet, sizeof octet);
}

void
bst_doc_writer_double (BstDocWriter *writer, const char *key, double value)
{
  put (writer, key, "d", &value, sizeof value);
}

void
bst_doc_writer_value (BstDocWriter *writer, const char *key, GVariant *value)
{
  put (writer, key, g_variant_get_type_string (value), g_variant_get_data (value),
       g_variant_get_size (value));
}

void
bst_doc_writer_entry (BstDocWriter *writer, const BstDocOctets *entry)
{
  align (writer);
  append (writer, entry->data, entry->size);
  note_end (writer);
}

/* ---- objects ---- */

void
bst_doc_writer_open (BstDocWriter *writer, const char *key)
{
  Level level = { .ends = writer->ends->len };

  level.entry = begin_entry (writer, key, &level.key_end);
  level.start = writer->octets->len;
  g_array_append_val (writer->levels, level);
}

/* Writes where the entries of @level end. */
static void
close_level (BstDocWriter *writer, const Level *level)
{
  guint n = writer->ends->len - level->ends;
  guint width = width_of_ends (writer->octets->len - level->start, n);

  for (guint i = level->ends; i < writer->ends->len; i++)
    append_end (writer, g_array_index (writer->ends, gsize, i), width);
  g_array_set_size (writer->ends, level->ends);
}

void
bst_doc_writer_close (BstDocWriter *writer)
{
  Level level = *innermost (writer);

  g_return_if_fail (writer->levels->len > 1);
  close_level (writer, &level);
  g_array_set_size (writer->levels, writer->levels->len - 1);
  end_entry (writer, level.entry, level.key_end, MAP_TYPE);
}

GVariant *
bst_doc_writer_take (BstDocWriter *writer)
{
  g_autoptr (GBytes) octets = NULL;

  while (writer->levels->len > 1)
    bst_doc_writer_close (writer);
  close_level (writer, innermost (writer));
  octets = g_bytes_new (writer->octets->data, writer->octets->len);
  g_byte_array_set_size (writer->octets, 0);
  return g_variant_take_ref (g_variant_new_from_bytes (G_VARIANT_TYPE (MAP_TYPE), octets, TRUE));
}
