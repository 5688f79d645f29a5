/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bst-page.h"

G_BEGIN_DECLS

/** "Take it with you": orders as files, for places without a line (bst-courier.h). */
#define BST_TYPE_PARCEL_GROUP (bst_parcel_group_get_type ())
G_DECLARE_FINAL_TYPE (BstParcelGroup, bst_parcel_group, BST, PARCEL_GROUP, AdwPreferencesGroup)

G_END_DECLS
