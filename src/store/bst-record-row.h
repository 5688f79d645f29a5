/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-record-list.h"

G_BEGIN_DECLS

/* What the list does with its rows. */

BstRecordRow *bst_record_row_new (void);

/** bst_record_row_set_doc: notifies when it is another. */
void bst_record_row_set_doc (BstRecordRow *row, GVariant *doc);

G_END_DECLS
