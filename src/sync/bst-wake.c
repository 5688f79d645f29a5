/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-wake.h"

#define SLEPT_SECONDS 5
#define LATE_SECONDS  30

gboolean
bst_wake_look (BstWake *wake, gint64 monotonic, gint64 boottime)
{
  const BstWake last = *wake;
  gint64 asleep = boottime - monotonic;

  *wake = (BstWake){ monotonic, asleep };
  if (last.monotonic == 0)
    return FALSE;
  return asleep - last.asleep >= SLEPT_SECONDS * G_USEC_PER_SEC ||
         monotonic - last.monotonic >= (BST_WAKE_LOOK_SECONDS + LATE_SECONDS) * G_USEC_PER_SEC;
}
