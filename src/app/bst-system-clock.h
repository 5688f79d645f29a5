/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-clock.h"

G_BEGIN_DECLS

/** bst_system_clock: the computer's own clock and randomness. Static, safe from every thread. */
const BstClock *bst_system_clock (void);

G_END_DECLS
