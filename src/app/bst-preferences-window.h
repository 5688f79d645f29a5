/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bst-profile.h"

G_BEGIN_DECLS

/*
 * Preferences. "This computer" activates app.sign-out, app.switch-user and app.enrol.
 */
#define BST_TYPE_PREFERENCES_WINDOW (bst_preferences_window_get_type ())
G_DECLARE_FINAL_TYPE (BstPreferencesWindow,
                      bst_preferences_window,
                      BST,
                      PREFERENCES_WINDOW,
                      AdwWindow)

/** bst_preferences_window_new: @profile: (nullable): the one that is open. */
GtkWidget *
bst_preferences_window_new (GtkWindow *parent, GSettings *settings, const BstProfile *profile);

G_END_DECLS
