/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-fixture.h"

G_BEGIN_DECLS

/*
 * What a store must show after any sequence of operations, kept in plain lists beside it, and a server that
 * takes, refuses, or takes without the answer coming back. Every function does one thing to both and
 * asserts that they agree whether it was allowed.
 */
typedef struct _StoreOracle StoreOracle;

StoreOracle *store_oracle_new (StoreFixture *fixture, GRand *chance);
void store_oracle_free (StoreOracle *oracle);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreOracle, store_oracle_free)

/** store_oracle_step: one operation, chosen by chance. Returns: its name, for what is printed when it fails. */
const char *store_oracle_step (StoreOracle *oracle);

/** store_oracle_check: everything that can be read is as the oracle says. */
void store_oracle_check (StoreOracle *oracle);

/** store_oracle_drain: the line is good now: all is sent, taken and pulled. What was submitted is on the server, as it was last submitted. */
void store_oracle_drain (StoreOracle *oracle);

G_END_DECLS
