/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "bst-clock.h"

#include <string.h>

/* A clock that stands still, and chance that counts. */
typedef struct
{
  gint64 now_ms;
  guint8 next;
} Fake;

static gint64
fake_now (gpointer closure)
{
  return ((Fake *) closure)->now_ms;
}

static void
fake_random (gpointer closure, guint8 *bytes, gsize len)
{
  Fake *fake = closure;

  for (gsize i = 0; i < len; i++)
    bytes[i] = fake->next++;
}

static void
test_instants (void)
{
  static const struct
  {
    const char *text;
    gint64 seconds;
  } cases[] = {
    { "1970-01-01T00:00:00Z", 0 },
    { "2026-03-12T14:02:00Z", 1773324120 },
    { "2000-02-29T23:59:59Z", 951868799 },
    { "1969-12-31T23:59:59Z", -1 },
    { "2106-02-07T06:28:16Z", G_GINT64_CONSTANT (4294967296) },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = bst_instant_format (cases[i].seconds);
      gint64 seconds = 7;

      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_true (bst_instant_parse (cases[i].text, &seconds));
      g_assert_cmpint (seconds, ==, cases[i].seconds);
    }
}

static void
test_instants_refused (void)
{
  static const char *const cases[] = {
    "",
    "2026-03-12",
    "2026-03-12T14:02:00",
    "2026-03-12T14:02:00+01:00",
    "2026-03-12 14:02:00Z",
    "2026-02-30T14:02:00Z",
    "2026-03-12T24:02:00Z",
    "2026-03-12T14:60:00Z",
    "2026-03-12T14:02:00Zx",
    "2026-3-012T14:02:00Z",
    "2026-13-12T14:02:00Z",
    "0000-03-12T14:02:00Z",
    "2026-03-12T14:02:0xZ",
    "+026-03-12T14:02:00Z",
    "now",
  };
  gint64 seconds = 7;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    if (bst_instant_parse (cases[i], &seconds))
      g_error ("“%s” was taken", cases[i]);
  g_assert_cmpint (seconds, ==, 7);
}

/* Our own way to read them, against GLib's. */
static void
test_instants_read (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *text =
          g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02dZ", g_test_rand_int_range (0, 2200),
                           g_test_rand_int_range (0, 14), g_test_rand_int_range (0, 33),
                           g_test_rand_int_range (0, 25), g_test_rand_int_range (0, 61),
                           g_test_rand_int_range (0, 61));
      g_autoptr (GDateTime) expected = g_date_time_new_from_iso8601 (text, NULL);
      gint64 seconds = -7;

      g_assert_cmpint (bst_instant_parse (text, &seconds), ==, expected != NULL);
      g_assert_cmpint (seconds, ==, expected ? g_date_time_to_unix (expected) : -7);
    }
}

static void
test_fractions (void)
{
  gint64 seconds = 0;

  g_assert_true (bst_instant_parse ("2026-03-12T14:02:00.999Z", &seconds));
  g_assert_cmpint (seconds, ==, 1773324120);
}

static void
test_now (void)
{
  Fake fake = { 1773324120999, 0 };
  BstClock clock = { fake_now, fake_random, &fake };
  g_autofree char *text = bst_clock_now_text (&clock);

  g_assert_cmpint (bst_clock_now (&clock), ==, 1773324120);
  g_assert_cmpstr (text, ==, "2026-03-12T14:02:00Z");
}

/* RFC 9562: 48 bits of milliseconds, version 7, variant 10. */
static void
test_uid (void)
{
  Fake fake = { 0x0123456789ab, 0xf0 };
  BstClock clock = { fake_now, fake_random, &fake };
  g_autofree char *uid = bst_uid_new (&clock);
  g_autofree char *other = bst_uid_new (&clock);

  g_assert_true (g_str_has_prefix (uid, "01234567-89ab-7"));
  g_assert_nonnull (strchr ("89ab", uid[19]));
  g_assert_cmpuint (strlen (uid), ==, 36);
  g_assert_true (bst_uid_is_valid (uid));
  g_assert_cmpstr (uid, !=, other);
}

static void
test_uid_order (void)
{
  Fake fake = { 1773324120000, 0 };
  BstClock clock = { fake_now, fake_random, &fake };
  g_autofree char *earlier = bst_uid_new (&clock);
  g_autofree char *later = NULL;

  fake.now_ms++;
  fake.next = 0;
  later = bst_uid_new (&clock);
  g_assert_cmpstr (earlier, <, later);
}

static void
test_uid_refused (void)
{
  static const char *const cases[] = {
    "",
    "0123456789ab7000800000000000",
    "01234567-89ab-4000-8000-000000000000",
    "01234567-89ab-7000-c000-000000000000",
    "01234567-89AB-7000-8000-000000000000",
    "01234567-89ab-7000-8000-00000000000",
    "01234567-89ab-7000-8000-0000000000000",
    "01234567-89ab-7000-8000-00000000000g",
    "01234567x89ab-7000-8000-000000000000",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    if (bst_uid_is_valid (cases[i]))
      g_error ("“%s” was taken", cases[i]);
  g_assert_true (bst_uid_is_valid ("01234567-89ab-7000-8000-000000000000"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock/instants", test_instants);
  g_test_add_func ("/clock/instants-refused", test_instants_refused);
  g_test_add_func ("/clock/instants-read", test_instants_read);
  g_test_add_func ("/clock/fractions", test_fractions);
  g_test_add_func ("/clock/now", test_now);
  g_test_add_func ("/clock/uid", test_uid);
  g_test_add_func ("/clock/uid-order", test_uid_order);
  g_test_add_func ("/clock/uid-refused", test_uid_refused);
  return g_test_run ();
}
