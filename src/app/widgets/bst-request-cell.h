/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bst-session.h"

G_BEGIN_DECLS

/* What a cell of the list of requests shows. */
typedef enum
{
  BST_REQUEST_CELL_TITLE, /* title; number and where it is, below */
  BST_REQUEST_CELL_STATE,
  BST_REQUEST_CELL_DUE,
  BST_REQUEST_CELL_UNIT,
  BST_REQUEST_CELL_ORDERED,
} BstRequestCellKind;

/* One cell: an icon and two lines at most. The title's cell names the whole row for screen readers. */
#define BST_TYPE_REQUEST_CELL (bst_request_cell_get_type ())
G_DECLARE_FINAL_TYPE (BstRequestCell, bst_request_cell, BST, REQUEST_CELL, GtkBox)

GtkWidget *bst_request_cell_new (BstRequestCellKind kind);

/** bst_request_cell_fill: @request: (nullable): not read yet. */
void bst_request_cell_fill (BstRequestCell *cell, GVariant *request, BstSession *session);

G_END_DECLS
