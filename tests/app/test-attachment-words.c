/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a row says of a file: how large, and where it is. */

#include "bst-attachment-words.h"
#include "bst-json.h"

static GVariant *
json (const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *value = bst_json_parse (text, -1, &error);

  g_assert_no_error (error);
  return value;
}

static void
test_size (void)
{
  static const struct
  {
    gint64 octets;
    const char *language;
    const char *expected;
  } cases[] = {
    { 0, "en", "0 bytes" },      { 1, "en", "1 byte" },       { 999, "en", "999 bytes" },
    { 1000, "en", "1 kB" },      { 81499, "en", "81 kB" },    { 1200000, "en", "1.2 MB" },
    { 1200000, "da", "1,2 MB" }, { 25000000, "da", "25 MB" }, { 50000000, "nb", "50 MB" },
    { 2040000, "en", "2 MB" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = bst_attachment_size_text (cases[i].octets, cases[i].language);

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

static void
test_text (void)
{
  static const struct
  {
    BstAttachmentState state;
    gint64 done;
    const char *expected;
  } cases[] = {
    { BST_ATTACHMENT_HERE, -1, "1.2 MB · on this computer" },
    { BST_ATTACHMENT_HELD, -1,
      "1.2 MB · on this computer; waits for a connection that is not metered" },
    { BST_ATTACHMENT_SENDING, 480000, "1.2 MB · sent 40%" },
    /* Not all of it is said before all of it is there. */
    { BST_ATTACHMENT_SENDING, 1199999, "1.2 MB · sent 99%" },
    { BST_ATTACHMENT_SENT, 1200000, "1.2 MB · sent" },
    { BST_ATTACHMENT_RECEIVED, 1200000, "1.2 MB · received" },
    { BST_ATTACHMENT_FETCHING, -1, "1.2 MB · fetched 0%" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = bst_attachment_text (cases[i].state, cases[i].done, 1200000, "en");

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

/* "Received" is shown only for what the server's own record names. */
static void
test_state (void)
{
  static const struct
  {
    const char *request;
    const char *attachment;
    gint64 done;
    gboolean held;
    BstAttachmentState expected;
  } cases[] = {
    { "{\"@local\":{\"state\":\"draft\"}}", "{\"size\":100}", -1, FALSE, BST_ATTACHMENT_HERE },
    { "{\"@local\":{\"state\":\"queued\"}}", "{\"size\":100}", 0, FALSE, BST_ATTACHMENT_HERE },
    { "{\"@local\":{\"state\":\"queued\"}}", "{\"size\":100}", 40, FALSE, BST_ATTACHMENT_SENDING },
    { "{\"@local\":{\"state\":\"queued\"}}", "{\"size\":100}", 40, TRUE, BST_ATTACHMENT_HELD },
    { "{\"@local\":{\"state\":\"sending\"}}", "{\"size\":100}", 100, TRUE, BST_ATTACHMENT_SENT },
    { "{\"@local\":{\"state\":\"draft\"},\"rev\":2}", "{\"size\":100}", -1, FALSE,
      BST_ATTACHMENT_HERE },
    { "{\"rev\":1}", "{\"size\":100,\"blobId\":\"B1\"}", -1, TRUE, BST_ATTACHMENT_RECEIVED },
    { "{\"@local\":{\"state\":\"queued\"},\"rev\":1}", "{\"size\":100,\"blobId\":\"B1\"}", 40,
      FALSE, BST_ATTACHMENT_RECEIVED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) request = json (cases[i].request);
      g_autoptr (GVariant) attachment = json (cases[i].attachment);

      g_assert_cmpint (bst_attachment_state (request, attachment, cases[i].done, cases[i].held), ==,
                       cases[i].expected);
    }
}

static void
test_limit (void)
{
  g_autofree char *limit = bst_attachment_limit_text (25000000, "en");
  g_autofree char *named = bst_attachment_too_large_text ("film.mp4", 25000000, "en");

  g_assert_cmpstr (limit, ==,
                   "Choose files, drop them on the page, or paste a picture. At most 25 MB each.");
  g_assert_cmpstr (named, ==, "“film.mp4” is too large: a file may have 25 MB at most");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/attachment-words/size", test_size);
  g_test_add_func ("/app/attachment-words/text", test_text);
  g_test_add_func ("/app/attachment-words/state", test_state);
  g_test_add_func ("/app/attachment-words/limit", test_limit);
  return g_test_run ();
}
