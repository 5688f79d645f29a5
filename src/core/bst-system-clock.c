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
      gssize n = getrandom (bytes, len, 0);

      if (n < 0 && errno != EINTR)
        g_error ("the kernel gives no random numbers: %s", g_strerror (errno));
      bytes += MAX (n, 0);
      len -= (gsize) MAX (n, 0);
    }
}

const BstClock *
bst_system_clock (void)
{
  static const BstClock clock = { now_ms, fill_random, NULL };

  return &clock;
}
