/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bst-profile.h"

G_BEGIN_DECLS

/*
 * Enrolling this computer: a link, or a server and a code, becomes a profile with a token. Says where the token is kept.
 *
 * Signals:
 *   ::enrolled (const BstProfile *profile)   saved, with its token; the user pressed "Begin"
 *   ::chosen (const BstProfile *profile)     one that was enrolled before
 *   ::cancelled ()
 */
#define BST_TYPE_ENROL_VIEW (bst_enrol_view_get_type ())
G_DECLARE_FINAL_TYPE (BstEnrolView, bst_enrol_view, BST, ENROL_VIEW, AdwBin)

/**
 * bst_enrol_view_new:
 * @root: where profiles lie
 * @profiles: (element-type BstProfile): those that are known
 * @can_cancel: there is something to go back to
 */
GtkWidget *bst_enrol_view_new (const char *root, GPtrArray *profiles, gboolean can_cancel);

/** bst_enrol_view_set_link: as if it had been pasted. */
void bst_enrol_view_set_link (BstEnrolView *view, const char *link);

/** bst_enrol_view_set_ca_file: as if it had been chosen: PEM. */
void bst_enrol_view_set_ca_file (BstEnrolView *view, const char *path);

/** bst_enrol_view_enrol: as if the button had been pressed. */
void bst_enrol_view_enrol (BstEnrolView *view);

/** bst_enrol_view_get_error: what it says is wrong; %NULL or "" when nothing. Borrowed. */
const char *bst_enrol_view_get_error (BstEnrolView *view);

G_END_DECLS
