/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-report.h"

#include <glib/gi18n.h>
#include <pango/pangocairo.h>

#define SMALL        8.5
#define CELL_PADDING 3.0
#define CELL_GAP     8.0
#define BAR_HEIGHT   11.0
#define SHORT_TABLE  0.35 /* of a page: such a table is not broken */

typedef struct
{
  PangoLayout *layout;
  double x;
  double y; /* from the top of the row's texts */
  double width;
  gboolean number;
} Cell;

typedef enum
{
  BLOCK_PLAIN,
  BLOCK_TITLE, /* a heading: an entry of the outline */
  BLOCK_TERM,
  BLOCK_HEADER, /* of a table */
  BLOCK_ROW,
} BlockKind;

typedef struct
{
  BlockKind kind;
  GArray *cells; /* Cell; NULL: no text */
  GArray *marks; /* BstMark; NULL: none */
  double marks_x;
  double height;
  double before; /* space over it, not at the top of a page */
  gboolean keep; /* with what follows */
  gboolean rule; /* a line below it */
  int header;    /* the block that is repeated over it on a new page; -1: none */
  int heading;   /* of a table's heading row: the heading that is repeated with it; -1: none */
  int page;
  double y;
} Block;

struct _BstReport
{
  PangoContext *pango;
  double width;
  double height;
  char *footer;
  char *author;    /* (nullable) */
  GArray *blocks;  /* Block */
  GArray *repeats; /* Repeat */
  const BstReportColumn *columns;
  guint n_columns;
  int header;
  int n_pages;
};

/* A heading or a heading row once more. */
typedef struct
{
  int block;
  int page;
  double y;
} Repeat;

static const struct
{
  double size;
  PangoWeight weight;
  double before;
} styles[] = {
  [BST_REPORT_TITLE] = { 22, PANGO_WEIGHT_BOLD, 0 },
  [BST_REPORT_SUBTITLE] = { 12, PANGO_WEIGHT_NORMAL, 2 },
  [BST_REPORT_HEADING] = { 13, PANGO_WEIGHT_BOLD, 18 },
  [BST_REPORT_TEXT] = { 10, PANGO_WEIGHT_NORMAL, 6 },
  [BST_REPORT_NOTE] = { SMALL, PANGO_WEIGHT_NORMAL, 4 },
  [BST_REPORT_LEAD] = { SMALL, PANGO_WEIGHT_NORMAL, 4 },
};

static void
cell_clear (gpointer data)
{
  g_clear_object (&((Cell *) data)->layout);
}

static void
block_clear (gpointer data)
{
  Block *block = data;

  g_clear_pointer (&block->cells, g_array_unref);
  g_clear_pointer (&block->marks, g_array_unref);
}

BstReport *
bst_report_new (PangoContext *pango, double width, double height, const char *footer)
{
  BstReport *self = g_new0 (BstReport, 1);

  self->pango = g_object_ref (pango);
  self->width = width;
  self->height = height;
  self->footer = g_strdup (footer);
  self->header = -1;
  self->blocks = g_array_new (FALSE, FALSE, sizeof (Block));
  g_array_set_clear_func (self->blocks, block_clear);
  self->repeats = g_array_new (FALSE, FALSE, sizeof (Repeat));
  return self;
}

void
bst_report_free (BstReport *self)
{
  g_object_unref (self->pango);
  g_free (self->footer);
  g_free (self->author);
  g_array_unref (self->blocks);
  g_array_unref (self->repeats);
  g_free (self);
}

void
bst_report_set_author (BstReport *self, const char *author)
{
  g_free (self->author);
  self->author = g_strdup (author);
}

const char *
bst_report_get_author (BstReport *self)
{
  return self->author;
}

/* ---- words ---- */

static PangoLayout *
new_layout (BstReport *self, const char *text, double size, PangoWeight weight, double width)
{
  PangoLayout *layout = pango_layout_new (self->pango);
  PangoFontDescription *font = pango_font_description_from_string ("Cantarell, Sans");
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_font_description_set_size (font, (int) (size * PANGO_SCALE));
  pango_font_description_set_weight (font, weight);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum"));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text (layout, text ? text : "", -1);
  return layout;
}

static double
layout_height (PangoLayout *layout)
{
  int height;

  pango_layout_get_size (layout, NULL, &height);
  return (double) height / PANGO_SCALE;
}

static void
add_cell (Block *block, PangoLayout *layout, double x, double width, gboolean number)
{
  Cell cell = { layout, x, 0, width, number };

  if (!block->cells)
    {
      block->cells = g_array_new (FALSE, FALSE, sizeof (Cell));
      g_array_set_clear_func (block->cells, cell_clear);
    }
  block->height = MAX (block->height, layout_height (layout));
  pango_layout_set_alignment (layout, number ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
  g_array_append_val (block->cells, cell);
}

static Block *
last_block (BstReport *self)
{
  return self->blocks->len > 0 ? &g_array_index (self->blocks, Block, self->blocks->len - 1) : NULL;
}

void
bst_report_add_text (BstReport *self, BstReportStyle style, const char *text)
{
  Block block = { .kind = style == BST_REPORT_HEADING ? BLOCK_TITLE : BLOCK_PLAIN,
                  .before = styles[style].before,
                  .keep = style == BST_REPORT_HEADING || style == BST_REPORT_LEAD,
                  .header = -1 };
  Block *last = last_block (self);

  if (style == BST_REPORT_NOTE && last)
    last->keep = TRUE;

  add_cell (&block, new_layout (self, text, styles[style].size, styles[style].weight, self->width),
            0, self->width, FALSE);
  g_array_append_val (self->blocks, block);
}

void
bst_report_add_term (BstReport *self, const char *term, const char *text)
{
  Block block = { .kind = BLOCK_TERM, .before = 4, .header = -1 };
  Block *last = last_block (self);
  double indent = self->width * 0.24;

  if (last && last->kind == BLOCK_TERM)
    last->keep = TRUE;

  add_cell (&block, new_layout (self, term, SMALL, PANGO_WEIGHT_BOLD, indent - CELL_GAP), 0,
            indent - CELL_GAP, FALSE);
  add_cell (&block, new_layout (self, text, SMALL, PANGO_WEIGHT_NORMAL, self->width - indent),
            indent, self->width - indent, FALSE);
  g_array_append_val (self->blocks, block);
}

void
bst_report_add_space (BstReport *self, double height)
{
  Block block = { .height = height, .header = -1 };

  g_array_append_val (self->blocks, block);
}

void
bst_report_add_chart (BstReport *self, GArray *marks, double height)
{
  Block block = { .marks = marks, .height = height, .before = 6, .header = -1 };

  g_array_append_val (self->blocks, block);
}

double
bst_report_width (BstReport *self)
{
  return self->width;
}

double
bst_report_line (BstReport *self)
{
  PangoLayout *layout = new_layout (self, "0", SMALL, PANGO_WEIGHT_NORMAL, self->width);
  double height = layout_height (layout);

  g_object_unref (layout);
  return height;
}

/* ---- tables ---- */

/* A figure keeps clear of the words beside it. */
static double
gap_after (BstReport *self, guint column)
{
  if (column + 1 == self->n_columns)
    return 0;
  return self->columns[column].number && !self->columns[column + 1].number ? 2 * CELL_GAP
                                                                           : CELL_GAP;
}

static void
fill_row (BstReport *self,
          Block *block,
          const char *const *texts,
          PangoWeight weight,
          const BstBullet *bar,
          int bar_column)
{
  double x = 0;

  for (guint i = 0; i < self->n_columns; i++)
    {
      double width = self->columns[i].share * self->width;
      double inner = width - gap_after (self, i);

      if (bar && (int) i == bar_column)
        {
          block->marks = bst_bullet_marks (bar, inner, BAR_HEIGHT);
          block->marks_x = x;
        }
      else if (texts[i])
        add_cell (block, new_layout (self, texts[i], SMALL, weight, inner), x, inner,
                  self->columns[i].number);
      x += width;
    }
  block->height += 2 * CELL_PADDING;
}

/* Headings of one line end where those of several do. */
static void
lower_headings (Block *block)
{
  for (guint i = 0; block->cells && i < block->cells->len; i++)
    {
      Cell *cell = &g_array_index (block->cells, Cell, i);

      cell->y = block->height - 2 * CELL_PADDING - layout_height (cell->layout);
    }
}

static int
last_heading (BstReport *self)
{
  int i = (int) self->blocks->len - 1;

  while (i >= 0 && g_array_index (self->blocks, Block, (guint) i).kind != BLOCK_TITLE)
    i--;
  return i;
}

void
bst_report_begin_table (BstReport *self, const BstReportColumn *columns, guint n_columns)
{
  g_autofree const char **headings = g_new0 (const char *, n_columns);
  Block block = { .kind = BLOCK_HEADER, .before = 6, .keep = TRUE, .rule = TRUE, .header = -1 };

  self->columns = columns;
  self->n_columns = n_columns;
  for (guint i = 0; i < n_columns; i++)
    headings[i] = columns[i].heading;
  fill_row (self, &block, headings, PANGO_WEIGHT_BOLD, NULL, -1);
  lower_headings (&block);
  block.heading = last_heading (self);
  self->header = (int) self->blocks->len;
  g_array_append_val (self->blocks, block);
}

void
bst_report_add_row (BstReport *self, const char *const *texts, const BstBullet *bar, int bar_column)
{
  Block block = { .kind = BLOCK_ROW, .rule = TRUE, .header = self->header };

  fill_row (self, &block, texts, PANGO_WEIGHT_NORMAL, bar, bar_column);
  g_array_append_val (self->blocks, block);
}

/* ---- pages ---- */

static double
footer_height (BstReport *self)
{
  return bst_report_line (self) + 12;
}

/* The rows of the table whose heading row is @header: a short table is not broken, and neither end of a long one stands alone. */
static void
keep_rows (BstReport *self, guint header)
{
  double height = 0;
  guint end = header + 1;

  for (; end < self->blocks->len; end++)
    {
      const Block *row = &g_array_index (self->blocks, Block, end);

      if (row->kind != BLOCK_ROW)
        break;
      height += row->height;
    }
  for (guint i = header + 1; i + 1 < end; i++)
    if (height < self->height * SHORT_TABLE || i == header + 1 || i + 2 == end)
      g_array_index (self->blocks, Block, i).keep = TRUE;
}

/* What must stand on one page with @first: headings and what follows them. */
static double
height_together (BstReport *self, guint first)
{
  double height = 0;

  for (guint i = first; i < self->blocks->len; i++)
    {
      const Block *block = &g_array_index (self->blocks, Block, i);

      height += block->height + (i > first ? block->before : 0);
      if (!block->keep)
        break;
    }
  return height;
}

/* Puts @index once more at the top of @page, below @y; returns where it ends. */
static double
repeat_block (BstReport *self, int index, int page, double y)
{
  Repeat repeat = { index, page, y };

  g_array_append_val (self->repeats, repeat);
  return y + g_array_index (self->blocks, Block, (guint) index).height;
}

/* A table that goes on says what it is, and what its columns are; returns where @block stands on its new @page. */
static double
repeat_headings (BstReport *self, const Block *block, int page)
{
  const Block *header = block->kind == BLOCK_HEADER ? block
                        : block->header >= 0
                            ? &g_array_index (self->blocks, Block, (guint) block->header)
                            : NULL;
  double y = 0;

  if (header && header->heading >= 0)
    y = repeat_block (self, header->heading, page, 0) + header->before;
  return block->header >= 0 ? repeat_block (self, block->header, page, y) : y;
}

int
bst_report_paginate (BstReport *self)
{
  double room = self->height - footer_height (self);
  double y = 0;
  int page = 0;

  for (guint i = 0; i < self->blocks->len; i++)
    if (g_array_index (self->blocks, Block, i).kind == BLOCK_HEADER)
      keep_rows (self, i);
  g_array_set_size (self->repeats, 0);
  for (guint i = 0; i < self->blocks->len; i++)
    {
      Block *block = &g_array_index (self->blocks, Block, i);

      if (y > 0 && y + block->before + height_together (self, i) > room)
        {
          page++;
          y = repeat_headings (self, block, page);
        }
      else if (y > 0)
        y += block->before;
      block->page = page;
      block->y = y;
      y += block->height;
    }
  self->n_pages = page + 1;
  return self->n_pages;
}

GArray *
bst_report_headings (BstReport *self)
{
  GArray *headings = g_array_new (FALSE, FALSE, sizeof (BstReportHeading));

  for (guint i = 0; i < self->blocks->len; i++)
    {
      const Block *block = &g_array_index (self->blocks, Block, i);
      BstReportHeading heading = { NULL, block->page, block->y };

      if (block->kind != BLOCK_TITLE)
        continue;
      heading.text = pango_layout_get_text (g_array_index (block->cells, Cell, 0).layout);
      g_array_append_val (headings, heading);
    }
  return headings;
}

static void
draw_block (BstReport *self, const Block *block, double y, const BstPalette *palette, cairo_t *cr)
{
  double padding = block->rule ? CELL_PADDING : 0;

  cairo_set_source_rgb (cr, 0, 0, 0);
  for (guint i = 0; block->cells && i < block->cells->len; i++)
    {
      const Cell *cell = &g_array_index (block->cells, Cell, i);

      cairo_move_to (cr, cell->x, y + padding + cell->y);
      pango_cairo_show_layout (cr, cell->layout);
    }
  if (block->marks)
    {
      cairo_save (cr);
      cairo_translate (
          cr, block->marks_x,
          y + (block->cells ? padding + (bst_report_line (self) - BAR_HEIGHT) / 2 : 0));
      bst_marks_paint (block->marks, cr, self->pango, palette);
      cairo_restore (cr);
    }
  if (!block->rule)
    return;
  cairo_set_source_rgb (cr, 0.7, 0.7, 0.7);
  cairo_set_line_width (cr, 0.5);
  cairo_move_to (cr, 0, y + block->height);
  cairo_rel_line_to (cr, self->width, 0);
  cairo_stroke (cr);
}

static void
draw_footer (BstReport *self, int page, cairo_t *cr)
{
  g_autofree char *number = g_strdup_printf (_ ("Page %d of %d"), page + 1, self->n_pages);
  PangoLayout *left =
      new_layout (self, self->footer, SMALL, PANGO_WEIGHT_NORMAL, self->width * 0.75);
  PangoLayout *right = new_layout (self, number, SMALL, PANGO_WEIGHT_NORMAL, self->width);
  double y = self->height - bst_report_line (self);

  pango_layout_set_alignment (right, PANGO_ALIGN_RIGHT);
  cairo_set_source_rgb (cr, 0.33, 0.33, 0.33);
  cairo_move_to (cr, 0, y);
  pango_cairo_show_layout (cr, left);
  cairo_move_to (cr, 0, y);
  pango_cairo_show_layout (cr, right);
  g_object_unref (left);
  g_object_unref (right);
}

void
bst_report_draw_page (BstReport *self, int page, cairo_t *cr)
{
  BstPalette palette;
  PangoFontDescription *font = pango_font_description_from_string ("Cantarell, Sans");

  pango_font_description_set_size (font, (int) (SMALL * PANGO_SCALE));
  pango_context_set_font_description (self->pango, font);
  pango_font_description_free (font);
  bst_palette_for_paper (&palette);
  for (guint i = 0; i < self->repeats->len; i++)
    {
      const Repeat *repeat = &g_array_index (self->repeats, Repeat, i);

      if (repeat->page == page)
        draw_block (self, &g_array_index (self->blocks, Block, (guint) repeat->block), repeat->y,
                    &palette, cr);
    }
  for (guint i = 0; i < self->blocks->len; i++)
    {
      const Block *block = &g_array_index (self->blocks, Block, i);

      if (block->page == page)
        draw_block (self, block, block->y, &palette, cr);
    }
  draw_footer (self, page, cr);
}
