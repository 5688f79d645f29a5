/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-system-clock.h"

#include <errno.h>
#include <sys/random.h>

static gint64
now_ms (gpointer closure)
{
  return g_get_real_time () / 1000;
}

static void
fill_random (gpointer closure, guint8 *bytes, gsize len)
{
  while (len > 0)
    {
      ssize_t n = getrandom (bytes, len, 0);

      if (n < 0 && errno != EINTR)
        g_error ("The kernel gives no random numbers: %s", g_strerror (errno));
      if (n > 0)
        {
          bytes += n;
          len -= (gsize) n;
        }
    }
}

const BstClock *
bst_system_clock (void)
{
  static const BstClock clock = { now_ms, fill_random, NULL };

  return &clock;
}
