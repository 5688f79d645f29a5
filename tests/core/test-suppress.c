/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Hidden ratings against brute force: every subset of what the units themselves have that is smaller than the limit, and
 * whether its sum follows from the shown sums (is in their row space, by elimination over a prime field).
 */

#include "bst-suppress.h"

#include <string.h>

#define PRIME        G_GINT64_CONSTANT (1000003)
#define MAX_UNITS    7
#define MAX_SERVICES 4
#define MAX_ATOMS    (MAX_UNITS * MAX_SERVICES)

typedef struct
{
  int parents[MAX_UNITS];
  guint n_units;
  guint n_services;
  BstRated rated[MAX_ATOMS];
  guint n_rated;
  guint8 *shown;
  gint64 rows[MAX_UNITS * (MAX_SERVICES + 1)][MAX_ATOMS];
  guint pivots[MAX_UNITS * (MAX_SERVICES + 1)];
  guint rank;
} Table;

static gint64
inverse (gint64 value)
{
  gint64 result = 1;
  gint64 power = value;

  for (gint64 e = PRIME - 2; e; e >>= 1)
    {
      if (e & 1)
        result = result * power % PRIME;
      power = power * power % PRIME;
    }
  return result;
}

/* What is left of @row beside the rows that are known. */
static gboolean
reduce (Table *table, gint64 *row, guint *ret_pivot)
{
  for (guint i = 0; i < table->rank; i++)
    {
      gint64 factor = row[table->pivots[i]];

      for (guint j = 0; factor && j < table->n_rated; j++)
        row[j] = ((row[j] - factor * table->rows[i][j]) % PRIME + PRIME) % PRIME;
    }
  for (guint j = 0; j < table->n_rated; j++)
    if (row[j])
      {
        *ret_pivot = j;
        return TRUE;
      }
  return FALSE;
}

static gboolean
is_within (const Table *table, guint unit, guint ancestor)
{
  for (int here = (int) unit; here >= 0; here = table->parents[here])
    if ((guint) here == ancestor)
      return TRUE;
  return FALSE;
}

static gboolean
holds (const Table *table, guint unit, guint service, const BstRated *rated)
{
  return is_within (table, rated->unit, unit) &&
         (service == table->n_services || rated->service == service);
}

static void
learn (Table *table, guint unit, guint service)
{
  gint64 row[MAX_ATOMS] = { 0 };
  guint pivot;
  gint64 factor;

  for (guint j = 0; j < table->n_rated; j++)
    row[j] = holds (table, unit, service, &table->rated[j]);
  if (!reduce (table, row, &pivot))
    return;
  factor = inverse (row[pivot]);
  for (guint j = 0; j < table->n_rated; j++)
    table->rows[table->rank][j] = row[j] * factor % PRIME;
  table->pivots[table->rank++] = pivot;
}

static void
random_table (Table *table)
{
  memset (table, 0, sizeof *table);
  table->n_units = (guint) g_test_rand_int_range (1, MAX_UNITS + 1);
  table->n_services = (guint) g_test_rand_int_range (1, MAX_SERVICES + 1);
  for (guint i = 0; i < table->n_units; i++)
    table->parents[i] = i ? g_test_rand_int_range (0, (gint32) i) : -1;
  for (guint i = 0; i < table->n_units; i++)
    for (guint s = 0; s < table->n_services; s++)
      if (g_test_rand_int_range (0, 3))
        table->rated[table->n_rated++] =
            (BstRated){ i, s, (guint) g_test_rand_int_range (1, g_test_rand_bit () ? 5 : 12) };
}

/* Whether the sum of the atoms in @subset follows from what is shown. */
static gboolean
can_be_told (Table *table, guint32 subset)
{
  gint64 row[MAX_ATOMS] = { 0 };
  guint pivot;

  for (guint j = 0; j < table->n_rated; j++)
    row[j] = (subset >> j) & 1;
  return !reduce (table, row, &pivot);
}

/* Small subsets: at most four atoms, since each has one rating at least. */
static void
try_subsets (Table *table, guint from, guint32 subset, guint ratings)
{
  for (guint j = from; j < table->n_rated; j++)
    {
      guint more = ratings + table->rated[j].ratings;
      guint32 larger = subset | (1u << j);

      if (more >= BST_SUPPRESS_LEAST)
        continue;
      if (can_be_told (table, larger))
        g_error ("a group of %u can be told", more);
      try_subsets (table, j + 1, larger, more);
    }
}

static guint
total_of (const Table *table, guint unit, guint service)
{
  guint total = 0;

  for (guint j = 0; j < table->n_rated; j++)
    total += holds (table, unit, service, &table->rated[j]) ? table->rated[j].ratings : 0;
  return total;
}

static void
test_nothing_can_be_told (void)
{
  guint shown = 0;
  guint large = 0;

  for (guint round = 0; round < 4000; round++)
    {
      Table table;

      random_table (&table);
      table.shown =
          bst_suppress (table.parents, table.n_units, table.n_services, table.rated, table.n_rated);
      for (guint unit = 0; unit < table.n_units; unit++)
        for (guint service = 0; service <= table.n_services; service++)
          {
            gboolean is_shown = table.shown[unit * (table.n_services + 1) + service];
            guint total = total_of (&table, unit, service);

            g_assert_true (!is_shown || total >= BST_SUPPRESS_LEAST);
            shown += is_shown;
            large += total >= BST_SUPPRESS_LEAST;
            if (is_shown)
              learn (&table, unit, service);
          }
      try_subsets (&table, 0, 0, 0);
      g_free (table.shown);
    }
  g_test_message ("%u of %u groups that are large enough are shown", shown, large);
  /* It must not hide everything to be safe. */
  g_assert_cmpuint (shown * 2, >, large);
}

/* Two schools, two services: one group of three hides a square of four, and the margins stay. */
static void
test_margins_stay (void)
{
  static const int parents[] = { -1, 0, 0 };
  static const BstRated rated[] = { { 1, 0, 3 }, { 1, 1, 17 }, { 2, 0, 17 }, { 2, 1, 17 } };
  g_autofree guint8 *shown = bst_suppress (parents, 3, 2, rated, 4);
  static const guint8 large[] = { 1, 1, 1, 0, 1, 1, 1, 1, 1 };
  guint hidden = 0;

  for (guint i = 0; i < G_N_ELEMENTS (large); i++)
    {
      g_assert_true (shown[i] <= large[i]);
      hidden += !shown[i];
    }
  g_assert_cmpuint (shown[2], ==, 1);
  g_assert_cmpuint (hidden, <=, 5);
}

static void
test_plain (void)
{
  static const int parents[] = { -1, 0 };
  static const BstRated enough[] = { { 0, 0, 5 }, { 1, 0, 5 } };
  static const BstRated few[] = { { 1, 0, 4 } };
  g_autofree guint8 *shown = bst_suppress (parents, 2, 1, enough, 2);
  g_autofree guint8 *hidden = bst_suppress (parents, 2, 1, few, 1);
  g_autofree guint8 *nothing = bst_suppress (NULL, 0, 0, NULL, 0);
  static const guint8 all[] = { 1, 1, 1, 1 };
  static const guint8 none[] = { 0, 0, 0, 0 };

  g_assert_cmpmem (shown, 4, all, 4);
  g_assert_cmpmem (hidden, 4, none, 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/suppress/nothing-can-be-told", test_nothing_can_be_told);
  g_test_add_func ("/suppress/margins-stay", test_margins_stay);
  g_test_add_func ("/suppress/plain", test_plain);
  return g_test_run ();
}
