/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-search-index.h"

#include "bst-db-private.h"
#include "bst-error.h"

#define CANDIDATES_TITLE 200
#define CANDIDATES_ALL   400
#define COUNTED_ROWS     1000

struct _BstSearchIndex
{
  BstDb *db;
  guint *weights;
  guint n_columns;
  /* Put together once from the constant name of the table. */
  char *put_sql;
  char *remove_sql;
  char *add_sql;
  char *take_sql;
  char *clear_sql;
  char *terms_sql;
  char *query_sql;
  char *length_sql;
  char *count_sql;
};

/* "c0, c1, c2", or what @each says for each number. */
static char *
list_columns (guint n_columns, const char *each)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < n_columns; i++)
    {
      g_string_append (list, i > 0 ? ", " : "");
      g_string_append (list, each);
      g_string_append_printf (list, "%u", each[0] == '?' ? i + 2 : i);
    }
  return g_string_free (list, FALSE);
}

/* One that need not answer at each keystroke merges its segments eight at a time instead of four: it is filled in large
 * portions, and has few of them all the same. */
static char *
table_sql (const char *table, const char *columns, BstSearchIndexFlags flags)
{
  gboolean prefixes = (flags & BST_SEARCH_INDEX_PREFIXES) != 0;
  g_autofree char *seldom = g_strconcat ("; INSERT INTO \"", table, "\" (\"", table,
                                         "\", rank) VALUES ('automerge', 8)", NULL);

  return g_strconcat ("CREATE VIRTUAL TABLE \"", table, "\" USING fts5(", columns,
                      ", tokenize = 'ascii', detail = column", prefixes ? ", prefix = '1 2 3'" : "",
                      flags & BST_SEARCH_INDEX_LEAN ? ", content = ''" : "", ")",
                      flags & BST_SEARCH_INDEX_LEAN && !prefixes ? seldom : "", NULL);
}

static gboolean
make_table (BstDb *db,
            const char *table,
            const char *columns,
            BstSearchIndexFlags flags,
            GError **error)
{
  g_autofree char *sql = table_sql (table, columns, flags);
  g_autofree char *vocabulary =
      g_strconcat ("CREATE VIRTUAL TABLE IF NOT EXISTS temp.\"", table,
                   "_terms\" USING fts5vocab('main', '", table, "', 'row')", NULL);
  g_autofree char *known =
      g_strconcat ("SELECT 1 FROM main.sqlite_schema WHERE name = '", table, "'", NULL);
  g_autoptr (BstStmt) stmt = bst_db_prepare (db, known, error);
  gboolean row;

  /* A connection that may only read finds the table made already. */
  if (!stmt || !bst_stmt_step (stmt, &row, error))
    return FALSE;
  bst_stmt_reset (stmt);
  return (row || bst_db_exec (db, sql, error)) && bst_db_exec (db, vocabulary, error);
}

BstSearchIndex *
bst_search_index_new (BstDb *db,
                      const char *table,
                      const guint *weights,
                      BstSearchIndexFlags flags,
                      GError **error)
{
  g_autoptr (BstSearchIndex) index = g_new0 (BstSearchIndex, 1);
  g_autofree char *columns = NULL;
  g_autofree char *parameters = NULL;

  while (weights[index->n_columns] != 0)
    index->n_columns++;
  index->db = db;
  index->weights = g_memdup2 (weights, index->n_columns * sizeof *weights);

  columns = list_columns (index->n_columns, "c");
  parameters = list_columns (index->n_columns, "?");
  if (!make_table (db, table, columns, flags, error) || !bst_db_add_scoring (db, error))
    return NULL;

  index->put_sql = g_strconcat ("INSERT OR REPLACE INTO \"", table, "\" (rowid, ", columns,
                                ") VALUES (?1, ", parameters, ")", NULL);
  index->remove_sql = g_strconcat ("DELETE FROM \"", table, "\" WHERE rowid = ?1", NULL);
  index->add_sql = g_strconcat ("INSERT INTO \"", table, "\" (rowid, ", columns, ") VALUES (?1, ",
                                parameters, ")", NULL);
  index->take_sql = g_strconcat ("INSERT INTO \"", table, "\" (\"", table, "\", rowid, ", columns,
                                 ") VALUES ('delete', ?1, ", parameters, ")", NULL);
  index->clear_sql = flags & BST_SEARCH_INDEX_LEAN
                         ? g_strconcat ("INSERT INTO \"", table, "\" (\"", table,
                                        "\") VALUES ('delete-all')", NULL)
                         : g_strconcat ("DELETE FROM \"", table, "\"", NULL);
  index->terms_sql = g_strconcat ("SELECT term FROM temp.\"", table, "_terms\"", NULL);
  index->query_sql = g_strconcat ("SELECT rowid, bst_score(\"", table, "\", ?2) FROM \"", table,
                                  "\" WHERE \"", table, "\" MATCH ?1 LIMIT ?3", NULL);
  index->count_sql = g_strconcat ("SELECT count(*) FROM (SELECT 1 FROM \"", table, "\" WHERE \"",
                                  table, "\" MATCH ?1 LIMIT ?2)", NULL);
  index->length_sql = g_strconcat ("SELECT sz FROM \"", table, "_docsize\" WHERE id = ?1", NULL);
  return g_steal_pointer (&index);
}

void
bst_search_index_free (BstSearchIndex *index)
{
  if (!index)
    return;
  g_free (index->weights);
  g_free (index->put_sql);
  g_free (index->remove_sql);
  g_free (index->add_sql);
  g_free (index->take_sql);
  g_free (index->clear_sql);
  g_free (index->terms_sql);
  g_free (index->query_sql);
  g_free (index->length_sql);
  g_free (index->count_sql);
  g_free (index);
}

static gboolean
run_row (BstSearchIndex *index,
         const char *sql,
         gint64 row,
         const char *const *columns,
         GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (index->db, sql, error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_int (stmt, 1, row);
  for (guint i = 0; i < index->n_columns; i++)
    bst_stmt_bind_static_text (stmt, (int) i + 2, columns[i]);
  return bst_stmt_run (stmt, error);
}

gboolean
bst_search_index_put (BstSearchIndex *index, gint64 row, const char *const *columns, GError **error)
{
  return run_row (index, index->put_sql, row, columns, error);
}

gboolean
bst_search_index_add (BstSearchIndex *index, gint64 row, const char *const *columns, GError **error)
{
  return run_row (index, index->add_sql, row, columns, error);
}

gboolean
bst_search_index_take (BstSearchIndex *index,
                       gint64 row,
                       const char *const *columns,
                       GError **error)
{
  return run_row (index, index->take_sql, row, columns, error);
}

gboolean
bst_search_index_remove (BstSearchIndex *index, gint64 row, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (index->db, index->remove_sql, error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_int (stmt, 1, row);
  return bst_stmt_run (stmt, error);
}

gboolean
bst_search_index_clear (BstSearchIndex *index, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (index->db, index->clear_sql, error);

  return stmt && bst_stmt_run (stmt, error);
}

GPtrArray *
bst_search_index_terms (BstSearchIndex *index, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (index->db, index->terms_sql, error);
  g_autoptr (GPtrArray) terms = g_ptr_array_new_with_free_func (g_free);
  gboolean row;

  if (!stmt)
    return NULL;
  for (;;)
    {
      if (!bst_stmt_step (stmt, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&terms);
      g_ptr_array_add (terms, g_strdup (bst_stmt_text (stmt, 0)));
    }
}

/* ---- queries ---- */

/*
 * In FTS5's language: a string in quotes. A term is one token; what could not be part of one (a quote, a space) falls away,
 * so that the text typed is never read as syntax.
 */
static void
append_phrase (GString *match, const BstSearchAlternative *alternative)
{
  g_string_append_c (match, '"');
  for (const char *p = alternative->term; *p; p++)
    if (g_ascii_isalnum (*p) || (guchar) *p >= 0x80)
      g_string_append_c (match, *p);
  g_string_append (match, alternative->prefix ? "\"*" : "\"");
}

/* One word: any of its alternatives. */
static void
append_word (GString *match, GArray *alternatives, const char *joint)
{
  g_string_append (match, match->len > 0 ? joint : "");
  g_string_append_c (match, '(');
  for (guint i = 0; i < alternatives->len; i++)
    {
      g_string_append (match, i > 0 ? " OR " : "");
      append_phrase (match, &g_array_index (alternatives, BstSearchAlternative, i));
    }
  g_string_append_c (match, ')');
}

char *
bst_search_index_match (GPtrArray *words, gboolean any)
{
  g_autoptr (GString) match = g_string_new (NULL);

  for (guint i = 0; i < words->len; i++)
    {
      GArray *alternatives = g_ptr_array_index (words, i);

      if (alternatives->len > 0)
        append_word (match, alternatives, any ? " OR " : " AND ");
      else if (!any)
        return NULL;
    }
  return match->len > 0 ? g_strdup (match->str) : NULL;
}

static GArray *
list_phrases (GPtrArray *words)
{
  GArray *phrases = g_array_new (FALSE, FALSE, sizeof (BstScorePhrase));

  for (guint i = 0; i < words->len; i++)
    {
      GArray *alternatives = g_ptr_array_index (words, i);

      for (guint j = 0; j < alternatives->len; j++)
        {
          BstScorePhrase phrase = {
            .word = i,
            .penalty = MAX (0, g_array_index (alternatives, BstSearchAlternative, j).penalty),
            .gain = 1,
          };

          g_array_append_val (phrases, phrase);
        }
    }
  return phrases;
}

static gboolean
collect (BstSearchIndex *index,
         const char *match,
         const BstScorePlan *plan,
         guint limit,
         GHashTable *seen,
         GArray *hits,
         GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (index->db, index->query_sql, error);
  gboolean row = TRUE;

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, match);
  bst_stmt_bind_plan (stmt, 2, plan);
  bst_stmt_bind_int (stmt, 3, limit);

  while (bst_stmt_step (stmt, &row, error))
    {
      BstSearchHit hit;

      if (!row)
        return TRUE;
      hit.row = bst_stmt_int (stmt, 0);
      hit.score = bst_stmt_double (stmt, 1);
      if (g_hash_table_add (seen, GSIZE_TO_POINTER (hit.row)))
        g_array_append_val (hits, hit);
    }
  return FALSE;
}

static int
compare_hits (gconstpointer a, gconstpointer b)
{
  const BstSearchHit *x = a;
  const BstSearchHit *y = b;

  if (x->score != y->score)
    return x->score > y->score ? -1 : 1;
  return x->row < y->row ? -1 : x->row > y->row;
}

/* How many rows match, up to @limit. */
static gboolean
count_match (BstSearchIndex *index,
             const char *match,
             guint limit,
             gint64 *ret_count,
             GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (index->db, index->count_sql, error);
  gboolean row;

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, match);
  bst_stmt_bind_int (stmt, 2, limit);
  if (!bst_stmt_step (stmt, &row, error))
    return FALSE;
  *ret_count = bst_stmt_int (stmt, 0);
  return TRUE;
}

/* How many rows have any of @alternatives, as far as it matters. */
static gboolean
count_rows (BstSearchIndex *index, GArray *alternatives, gint64 *ret_count, GError **error)
{
  g_autoptr (GString) match = g_string_new (NULL);

  append_word (match, alternatives, "");
  return count_match (index, match->str, COUNTED_ROWS, ret_count, error);
}

gboolean
bst_search_index_choose (BstSearchIndex *index, GPtrArray *words, char **ret_match, GError **error)
{
  g_autofree char *all = bst_search_index_match (words, FALSE);
  gint64 count = 0;

  if (all && !count_match (index, all, 1, &count, error))
    return FALSE;
  *ret_match = count > 0 ? g_steal_pointer (&all) : bst_search_index_match (words, TRUE);
  return TRUE;
}

/* Of a sentence, the words that stand in few rows tell most (Spärck Jones 1972). */
static gboolean
weigh_words (BstSearchIndex *index, GPtrArray *words, GArray *phrases, GError **error)
{
  for (guint i = 0; i < words->len; i++)
    {
      GArray *alternatives = g_ptr_array_index (words, i);
      gint64 count = 0;

      if (alternatives->len > 0 && !count_rows (index, alternatives, &count, error))
        return FALSE;
      for (guint j = 0; j < phrases->len; j++)
        if (g_array_index (phrases, BstScorePhrase, j).word == i)
          g_array_index (phrases, BstScorePhrase, j).gain =
              1.0 / (1 + g_bit_storage ((gulong) count));
    }
  return TRUE;
}

/* How many terms the title of @row has; 127 and more are many. @stmt: length_sql. */
static gboolean
read_title_length (BstStmt *stmt, gint64 row, guint *ret_length, GError **error)
{
  g_autoptr (GBytes) sizes = NULL;
  gboolean found;

  bst_stmt_reset (stmt);
  bst_stmt_bind_int (stmt, 1, row);
  if (!bst_stmt_step (stmt, &found, error))
    return FALSE;
  sizes = found ? bst_stmt_blob (stmt, 0) : NULL;
  /* The size of each column, the title's first: SQLite's own variable-length integers. */
  *ret_length = sizes && g_bytes_get_size (sizes) > 0
                    ? MIN (((const guint8 *) g_bytes_get_data (sizes, NULL))[0], 127)
                    : 127;
  return TRUE;
}

/* Of two titles that match alike, the one that says little else is meant. */
static gboolean
prefer_short_titles (BstSearchIndex *index, GArray *hits, guint limit, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (index->db, index->length_sql, error);

  if (!stmt)
    return FALSE;
  g_array_sort (hits, compare_hits);
  for (guint i = 0; i < hits->len && i < 2 * limit; i++)
    {
      BstSearchHit *hit = &g_array_index (hits, BstSearchHit, i);
      guint length;

      if (!read_title_length (stmt, hit->row, &length, error))
        return FALSE;
      hit->score *= 1.0 + 1.0 / (2.0 + length);
    }
  return TRUE;
}

/* Titles first: a body that matches in a low row must not crowd out a title in a high one. */
static gboolean
collect_both (BstSearchIndex *index,
              const char *match,
              const BstScorePlan *plan,
              guint limit,
              GArray *hits,
              GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autofree char *title_match = g_strconcat ("{c0} : (", match, ")", NULL);

  if (!collect (index, title_match, plan, MAX (limit, CANDIDATES_TITLE), seen, hits, error) ||
      !prefer_short_titles (index, hits, limit, error))
    return FALSE;
  /* Titles twice over for what is shown: a letter or two, or a word that is everywhere. */
  return hits->len >= 2 * limit ||
         collect (index, match, plan, MAX (limit, CANDIDATES_ALL), seen, hits, error);
}

GArray *
bst_search_index_query (BstSearchIndex *index, GPtrArray *words, guint limit, GError **error)
{
  g_autoptr (GArray) hits = g_array_new (FALSE, FALSE, sizeof (BstSearchHit));
  g_autoptr (GArray) phrases = list_phrases (words);
  g_autofree char *all = bst_search_index_match (words, FALSE);
  g_autofree char *any = words->len > 1 ? bst_search_index_match (words, TRUE) : NULL;
  BstScorePlan plan = {
    .phrases = (const BstScorePhrase *) phrases->data,
    .n_phrases = phrases->len,
    .weights = index->weights,
    .n_columns = index->n_columns,
  };

  if (all && !collect_both (index, all, &plan, limit, hits, error))
    return NULL;
  if (hits->len == 0 && any &&
      (!weigh_words (index, words, phrases, error) ||
       !collect_both (index, any, &plan, limit, hits, error)))
    return NULL;

  g_array_sort (hits, compare_hits);
  if (hits->len > limit)
    g_array_set_size (hits, limit);
  return g_steal_pointer (&hits);
}
