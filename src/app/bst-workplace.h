/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-profile.h"
#include "bst-session.h"

G_BEGIN_DECLS

/*
 * The open profile: its store, session and synchronisation, from opening to closing. Everything slow is done elsewhere than on
 * the main thread. Property "session" (BstSession, nullable), read-only.
 *
 * Signals:
 *   ::trouble (GError *error)   the store cannot be opened: BST_ERROR NEWER, CORRUPT, BUSY, STORAGE …
 */
#define BST_TYPE_WORKPLACE (bst_workplace_get_type ())
G_DECLARE_FINAL_TYPE (BstWorkplace, bst_workplace, BST, WORKPLACE, GObject)

/** bst_workplace_new: @language of catalogue texts; @interval: seconds between synchronisations. */
BstWorkplace *bst_workplace_new (const BstClock *clock, const char *language, guint interval);

BstSession *bst_workplace_get_session (BstWorkplace *workplace);

/** bst_workplace_get_profile: the one that is open or being opened; %NULL for none. */
const BstProfile *bst_workplace_get_profile (BstWorkplace *workplace);

/** bst_workplace_open: closes what is open and opens @profile. A profile that is signed out opens without synchronisation. */
void bst_workplace_open (BstWorkplace *workplace, const BstProfile *profile);

/** bst_workplace_sign_in: after a new enrolment of the open profile: @profile as it is now; looks for the token again. */
void bst_workplace_sign_in (BstWorkplace *workplace, const BstProfile *profile);

/** bst_workplace_sign_out: forgets the token here, and tells the server (best effort). The work is kept. */
void bst_workplace_sign_out (BstWorkplace *workplace);

/** bst_workplace_set_interval: takes effect at once. */
void bst_workplace_set_interval (BstWorkplace *workplace, guint interval);

/** bst_workplace_set_push_when_metered: whether the server may hold a line open that costs by the octet; takes effect at once. */
void bst_workplace_set_push_when_metered (BstWorkplace *workplace, gboolean push);

/** bst_workplace_set_files_when_metered: whether files of orders go over such a line without being asked for; takes effect at once. */
void bst_workplace_set_files_when_metered (BstWorkplace *workplace, gboolean send);

/** bst_workplace_close: waits until the disk has everything. For the end of the program. */
void bst_workplace_close (BstWorkplace *workplace);

G_END_DECLS
