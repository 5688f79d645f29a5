/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-org.h"
#include "bst-store.h"
#include "bst-sync.h"

G_BEGIN_DECLS

/*
 * What every page works on: one enrolled person at one server. Made when the store is open; handed to each page. Main thread.
 *
 * Properties (read-only unless said):
 *   "store" (BstStore), "sync" (BstSync, nullable: signed out), "language" (string: "da", "nb", "en"), "person"
 *   (GVariant, nullable: the Person document), "org" (pointer: BstOrg, nullable: until the units are here),
 *   "unit" (string, read-write: the unit that lists are narrowed to; NULL for all of mine),
 *   "starting" (boolean), "waiting" (uint: requests and items that wait for me), "unfinished" (uint: drafts and what is not yet received).
 */
#define BST_TYPE_SESSION (bst_session_get_type ())
G_DECLARE_FINAL_TYPE (BstSession, bst_session, BST, SESSION, GObject)

/** bst_session_new: "starting", without sync. @clock: must outlive the session. */
BstSession *bst_session_new (BstStore *store, const BstClock *clock, const char *language);

/** bst_session_end: nothing more is read: before the store is closed. */
void bst_session_end (BstSession *session);

/* All borrowed. */
BstStore *bst_session_get_store (BstSession *session);
BstSync *bst_session_get_sync (BstSession *session); /* %NULL while there is no token */
const BstClock *bst_session_get_clock (BstSession *session);
const char *bst_session_get_language (BstSession *session);

/** bst_session_set_sync: when the token is there, or is no longer. @sync (nullable). Ends "starting". */
void bst_session_set_sync (BstSession *session, BstSync *sync);

/** bst_session_get_starting: the token is still being looked up. notify::starting. */
gboolean bst_session_get_starting (BstSession *session);

/** bst_session_get_identity: as stored at enrolment: "server", "person", "personName", "authority", "authorityName". */
GVariant *bst_session_get_identity (BstSession *session);
const char *bst_session_get_person_id (BstSession *session);

/** bst_session_get_person: the Person document; %NULL until it is here (first sync). notify::person. */
GVariant *bst_session_get_person (BstSession *session);

/** bst_session_get_org: the tree of units; %NULL until it is here. notify::org. */
BstOrg *bst_session_get_org (BstSession *session);

/** bst_session_get_unit: what lists are narrowed to; %NULL for all of mine. notify::unit. */
const char *bst_session_get_unit (BstSession *session);
void bst_session_set_unit (BstSession *session, const char *unit);

/** bst_session_get_units: units on which I may order, by name; empty until org and person are here. Returns: (transfer full). */
char **bst_session_get_units (BstSession *session);

/** bst_session_get_roles: mine on @unit (%NULL: anywhere), mandates included. */
BstRole bst_session_get_roles (BstSession *session, const char *unit);

/** bst_session_get_zone: in which times are shown: the person's unit's, else the computer's. */
GTimeZone *bst_session_get_zone (BstSession *session);

/** bst_session_today: YYYY-MM-DD in that zone. Returns: (transfer full). */
char *bst_session_today (BstSession *session);

G_END_DECLS
