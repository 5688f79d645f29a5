/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-clock.h"

G_BEGIN_DECLS

/**
 * bst_system_clock: the computer's wall clock and the kernel's random octets.
 *
 * For the programs' main files, who hand it down. Nothing else in core includes this header: the rules
 * see time and chance only through the #BstClock that they are given.
 *
 * Returns: (transfer none): static; usable from every thread
 */
const BstClock *bst_system_clock (void);

G_END_DECLS
