/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The entry point that libFuzzer calls, and that the replay of the corpus calls in the normal suite. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);
