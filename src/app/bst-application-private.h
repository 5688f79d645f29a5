/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-application.h"
#include "bst-enrol-view.h"
#include "bst-window.h"
#include "bst-workplace.h"

G_BEGIN_DECLS

struct _BstApplication
{
  AdwApplication parent_instance;

  GSettings *settings;
  BstWorkplace *workplace;
  BstWindow *window; /* %NULL while there is none */
};

void bst_application_add_actions (BstApplication *self);
BstWindow *bst_application_ensure_window (BstApplication *self);

/** bst_application_open_last: the profile that was used last; the enrolment where there is none. */
void bst_application_open_last (BstApplication *self);

BstEnrolView *bst_application_show_enrolment (BstApplication *self);

G_END_DECLS
