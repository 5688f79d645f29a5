/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The rows of the status page for whoever helps: a diagnosis file that holds nothing about people. */
#define BST_TYPE_HELP_GROUP (bst_help_group_get_type ())
G_DECLARE_FINAL_TYPE (BstHelpGroup, bst_help_group, BST, HELP_GROUP, AdwPreferencesGroup)

G_END_DECLS
