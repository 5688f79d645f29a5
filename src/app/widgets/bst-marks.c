/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-marks.h"

#include <adwaita.h>
#include <math.h>
#include <pango/pangocairo.h>

#define STRIPE 5.0 /* between two stripes */
#define DOT    4.0 /* between two dots */

static void
mark_clear (gpointer data)
{
  g_free (((BstMark *) data)->text);
}

GArray *
bst_marks_new (void)
{
  GArray *marks = g_array_new (FALSE, FALSE, sizeof (BstMark));

  g_array_set_clear_func (marks, mark_clear);
  return marks;
}

void
bst_marks_add (GArray *marks, BstMark mark)
{
  g_array_append_val (marks, mark);
}

int
bst_marks_at (GArray *marks, double x)
{
  int point = -1;
  double best = G_MAXDOUBLE;

  for (guint i = 0; i < marks->len; i++)
    {
      const BstMark *mark = &g_array_index (marks, BstMark, i);
      double near = CLAMP (x, mark->x, mark->x + (mark->kind == BST_MARK_BOX ? mark->width : 0));

      if (mark->point >= 0 && fabs (x - near) < best)
        {
          best = fabs (x - near);
          point = mark->point;
        }
    }
  return point;
}

/* ---- colours ---- */

typedef const char *Colours[BST_N_INKS];

/* Text, dim, track, good, bad, running, orderer, supplier, receiver. */
static const Colours light = { "rgba(0,0,0,0.8)", "rgba(0,0,0,0.55)", "rgba(0,0,0,0.1)",
                               "#1c71d8",         "#c01c28",          "#1c71d8",
                               "#b5640b",         "#813d9c",          "rgba(0,0,0,0.55)" };
static const Colours dark = { "#ffffff",
                              "rgba(255,255,255,0.6)",
                              "rgba(255,255,255,0.14)",
                              "#78aeed",
                              "#ff7b63",
                              "#78aeed",
                              "#f8c25c",
                              "#dc8add",
                              "rgba(255,255,255,0.6)" };
static const Colours light_contrast = { "#000000", "rgba(0,0,0,0.8)", "rgba(0,0,0,0.22)",
                                        "#0a3d86", "#8a0f19",         "#0a3d86",
                                        "#6b3a00", "#4f1f66",         "#000000" };
static const Colours dark_contrast = { "#ffffff",
                                       "rgba(255,255,255,0.85)",
                                       "rgba(255,255,255,0.3)",
                                       "#b4d5ff",
                                       "#ffb4a6",
                                       "#b4d5ff",
                                       "#ffe1a3",
                                       "#f3c6f4",
                                       "#ffffff" };
static const Colours paper = { "#000000", "#555555", "#e2e2e2", "#1a5fb4", "#a51d2d",
                               "#1a5fb4", "#9c5200", "#613583", "#555555" };

static void
take_colours (const Colours colours, BstPalette *palette)
{
  for (guint i = 0; i < BST_N_INKS; i++)
    gdk_rgba_parse (&palette->inks[i], colours[i]);
}

void
bst_palette_for_screen (BstPalette *ret_palette)
{
  AdwStyleManager *style = adw_style_manager_get_default ();

  if (adw_style_manager_get_high_contrast (style))
    take_colours (adw_style_manager_get_dark (style) ? dark_contrast : light_contrast, ret_palette);
  else
    take_colours (adw_style_manager_get_dark (style) ? dark : light, ret_palette);
}

void
bst_palette_for_paper (BstPalette *ret_palette)
{
  take_colours (paper, ret_palette);
}

/* ---- painting ---- */

static void
paint_stripes (const BstMark *mark, cairo_t *cr, double lean)
{
  double span = mark->width + mark->height;

  for (double at = 0; at < span; at += STRIPE)
    {
      double x = lean > 0 ? mark->x + at : mark->x + mark->width - at;

      cairo_move_to (cr, x, mark->y);
      cairo_line_to (cr, x - lean * mark->height, mark->y + mark->height);
    }
  cairo_set_line_width (cr, 1.6);
  cairo_stroke (cr);
}

static void
paint_dots (const BstMark *mark, cairo_t *cr)
{
  for (double y = DOT / 2; y < mark->height; y += DOT)
    for (double x = DOT / 2; x < mark->width; x += DOT)
      {
        cairo_arc (cr, mark->x + x, mark->y + y, 1.0, 0, 2 * G_PI);
        cairo_fill (cr);
      }
}

static void
paint_box (const BstMark *mark, cairo_t *cr)
{
  double inset = MIN (0.6, mark->width / 2);

  cairo_rectangle (cr, mark->x, mark->y, mark->width, mark->height);
  if (mark->fill == BST_FILL_SOLID)
    {
      cairo_fill (cr);
      return;
    }
  cairo_save (cr);
  cairo_clip (cr);
  if (mark->fill == BST_FILL_STRIPES || mark->fill == BST_FILL_CROSSED)
    paint_stripes (mark, cr, 1);
  if (mark->fill == BST_FILL_CROSSED)
    paint_stripes (mark, cr, -1);
  if (mark->fill == BST_FILL_DOTTED)
    paint_dots (mark, cr);
  cairo_restore (cr);
  cairo_rectangle (cr, mark->x + inset, mark->y + 0.6, MAX (0, mark->width - 2 * inset),
                   mark->height - 1.2);
  cairo_set_line_width (cr, 1.2);
  cairo_stroke (cr);
}

static void
paint_line (const BstMark *mark, cairo_t *cr)
{
  static const double dashes[] = { 5, 3 };

  cairo_set_line_width (cr, mark->fill == BST_FILL_SOLID ? 2 : 1);
  if (mark->kind == BST_MARK_DASHES)
    cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0);
  cairo_move_to (cr, mark->x, mark->y);
  cairo_rel_line_to (cr, mark->width, mark->height);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
}

static void
paint_point (const BstMark *mark, cairo_t *cr)
{
  double radius = mark->width / 2;

  if (mark->kind == BST_MARK_DOT)
    cairo_arc (cr, mark->x, mark->y, radius, 0, 2 * G_PI);
  else
    cairo_rectangle (cr, mark->x - radius, mark->y - radius, mark->width, mark->width);
  if (mark->fill == BST_FILL_SOLID)
    {
      cairo_fill (cr);
      return;
    }
  cairo_set_line_width (cr, 2);
  cairo_stroke (cr);
}

static void
paint_wedge (const BstMark *mark, cairo_t *cr)
{
  cairo_move_to (cr, mark->x, mark->y);
  cairo_rel_line_to (cr, -mark->width / 2, -mark->height);
  cairo_rel_line_to (cr, mark->width, 0);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
paint_text (const BstMark *mark, cairo_t *cr, PangoContext *pango)
{
  g_autoptr (PangoLayout) layout = pango_layout_new (pango);
  int width;

  pango_layout_set_text (layout, mark->text ? mark->text : "", -1);
  pango_layout_get_pixel_size (layout, &width, NULL);
  cairo_move_to (cr, mark->x - width * mark->align, mark->y);
  pango_cairo_show_layout (cr, layout);
}

void
bst_marks_paint (GArray *marks, cairo_t *cr, PangoContext *pango, const BstPalette *palette)
{
  cairo_save (cr);
  for (guint i = 0; i < marks->len; i++)
    {
      const BstMark *mark = &g_array_index (marks, BstMark, i);

      cairo_new_path (cr); /* words leave a point behind */
      gdk_cairo_set_source_rgba (cr, &palette->inks[mark->ink]);
      switch (mark->kind)
        {
        case BST_MARK_BOX:
          paint_box (mark, cr);
          break;
        case BST_MARK_LINE:
        case BST_MARK_DASHES:
          paint_line (mark, cr);
          break;
        case BST_MARK_DOT:
        case BST_MARK_SQUARE:
          paint_point (mark, cr);
          break;
        case BST_MARK_WEDGE:
          paint_wedge (mark, cr);
          break;
        case BST_MARK_TEXT:
        default:
          paint_text (mark, cr, pango);
        }
    }
  cairo_restore (cr);
}
