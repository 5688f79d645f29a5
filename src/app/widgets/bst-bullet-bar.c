/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-bullet-bar.h"

struct _BstBulletBar
{
  BstChart parent_instance;

  BstBullet bullet;
};

G_DEFINE_FINAL_TYPE (BstBulletBar, bst_bullet_bar, BST_TYPE_CHART)

static GArray *
bst_bullet_bar_marks (BstChart *chart, double width, double height, double line)
{
  return bst_bullet_marks (&BST_BULLET_BAR (chart)->bullet, width, height);
}

static void
bst_bullet_bar_class_init (BstBulletBarClass *klass)
{
  BST_CHART_CLASS (klass)->marks = bst_bullet_bar_marks;
}

static void
bst_bullet_bar_init (BstBulletBar *self)
{
  self->bullet = (BstBullet){ -1, -1, 100 };
  bst_chart_set_size (BST_CHART (self), 60, 120, 18);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

GtkWidget *
bst_bullet_bar_new (void)
{
  return g_object_new (BST_TYPE_BULLET_BAR, NULL);
}

void
bst_bullet_bar_set (BstBulletBar *self, double value, double target, double max)
{
  self->bullet = (BstBullet){ value, target, max };
  bst_chart_changed (BST_CHART (self));
}
