/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * The application: one instance a user; the context that everything is handed down from.
 * Command line: bestiller [--enrol LINK [--ca FILE]] [--new-order] [bestiller://…]
 */
#define BST_TYPE_APPLICATION (bst_application_get_type ())
G_DECLARE_FINAL_TYPE (BstApplication, bst_application, BST, APPLICATION, AdwApplication)

BstApplication *bst_application_new (void);

G_END_DECLS
