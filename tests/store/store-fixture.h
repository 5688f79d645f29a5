/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-store.h"

G_BEGIN_DECLS

/*
 * A store in a directory of its own, with a small catalogue and department in it, and a clock that the test sets.
 * Units: a (authority) > d1 (department) > s1, s2 (schools); d2 (department) > n1. Person p1 orders in d1.
 */
typedef struct
{
  char *directory;
  BstStore *store;
  BstClock clock;
  gint64 now_ms;
  guint32 chance;
  guint n_changed;
  guint n_outbox;
  GVariant *mine;
} StoreFixture;

void store_fixture_set_up (StoreFixture *fixture, gconstpointer data); /* empty */
void store_fixture_set_up_filled (StoreFixture *fixture,
                                  gconstpointer data); /* with the catalogue, identity p1 */
void store_fixture_tear_down (StoreFixture *fixture, gconstpointer data);

/** store_fixture_clock: for a process of its own that has no set-up: makes the clock. */
void store_fixture_clock (StoreFixture *fixture);
void store_fixture_close (StoreFixture *fixture);
void store_fixture_open (StoreFixture *fixture);
char *store_fixture_file (StoreFixture *fixture, const char *name);

/** store_fixture_apply: @records: JSON of "records", @destroyed: of "destroyed" ("{}"), from the account's state to @new_state. */
gboolean store_fixture_apply (StoreFixture *fixture,
                              const char *account,
                              const char *new_state,
                              gboolean has_more,
                              const char *records,
                              const char *destroyed,
                              GError **error);
void store_fixture_must_apply (StoreFixture *fixture,
                               const char *account,
                               const char *new_state,
                               gboolean has_more,
                               const char *records,
                               const char *destroyed);

/** json: parses, must succeed. */
GVariant *json (const char *text);

/** draft: a complete order of the service "chair" for unit @unit. (transfer full): its uid is in it */
GVariant *make_draft (StoreFixture *fixture, const char *title, const char *unit);

/** save_and_submit: returns the uid. */
char *save_and_submit (StoreFixture *fixture, const char *title);

/** local_state: of the effective request: "draft" …; "" when it is the server's. Fails when there is none. */
char *local_state (StoreFixture *fixture, const char *id);
char *property_of (StoreFixture *fixture, const char *type, const char *id, const char *path);

/** settle: all that can be taken: creations get rev and number, steps a sequence. */
void accept_all (StoreFixture *fixture);

/** spin: iterates the main context until @condition; fails after 20 s. */
typedef gboolean (*Condition) (gpointer data);
void spin_until (Condition condition, gpointer data);
void spin_idle (void);

G_END_DECLS
