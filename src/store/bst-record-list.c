/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-record-list.h"

#include "bst-record-row.h"

#define PAGE_ROWS 100 /* read at a time */
#define KEPT_ROWS                                                                                  \
  600 /* beyond that, rows far from the last one asked for are let go when nobody holds them */

struct _BstRecordList
{
  GObject parent_instance;

  BstStore *store;
  BstQuery *query;
  guint n_items;
  gboolean loading;

  GHashTable *rows;      /* position -> BstRecordRow: those that somebody asked for lately */
  GHashTable *in_flight; /* numbers of pages that are being read */
  guint last;            /* position asked for last */
  guint epoch;           /* answers to questions of an earlier one are thrown away */
  GSource *request;      /* reads what is missing, once the caller is done asking */

  /* Counting and reading again after a change; then the differences are told. */
  gboolean counting;
  gboolean again;
  gboolean fresh; /* the query is another: nothing of the old rows stays */
  guint n_new;
  guint n_waiting;
  GHashTable *new_docs; /* position -> GVariant */
  GCancellable *cancellable;
};

enum
{
  PROP_LOADING = 1,
  PROP_N_ITEMS,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BstRecordList,
                               bst_record_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void start_counting (BstRecordList *list);

/* What an answer needs to find its way back. */
typedef struct
{
  BstRecordList *list;
  guint epoch;
  guint page;
} Question;

static Question *
question_new (BstRecordList *list, guint page)
{
  Question *question = g_new (Question, 1);

  *question = (Question){ g_object_ref (list), list->epoch, page };
  return question;
}

static void
question_free (Question *question)
{
  g_object_unref (question->list);
  g_free (question);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static gpointer
key_of (guint position)
{
  return GUINT_TO_POINTER (position);
}

static void
set_loading (BstRecordList *list, gboolean loading)
{
  if (list->loading == loading)
    return;
  list->loading = loading;
  g_object_notify_by_pspec (G_OBJECT (list), properties[PROP_LOADING]);
}

/* ---- reading pages ---- */

static void
page_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Question) question = data;
  BstRecordList *list = question->list;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) docs = bst_store_find_finish (BST_STORE (source), result, &error);

  if (question->epoch != list->epoch)
    return;
  g_hash_table_remove (list->in_flight, key_of (question->page));
  if (!docs)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_message ("a page of a list could not be read: %s", error->message);
      return;
    }
  for (guint i = 0; i < docs->len; i++)
    {
      BstRecordRow *row = g_hash_table_lookup (list->rows, key_of (question->page * PAGE_ROWS + i));

      if (row)
        bst_record_row_set_doc (row, g_ptr_array_index (docs, i));
    }
}

static void
read_page (BstRecordList *list, guint page)
{
  if (!g_hash_table_add (list->in_flight, key_of (page)))
    return;
  bst_store_find_async (list->store, list->query, page * PAGE_ROWS, PAGE_ROWS, list->cancellable,
                        page_cb, question_new (list, page));
}

static gboolean
request_cb (gpointer data)
{
  BstRecordList *list = data;
  GHashTableIter iter;
  gpointer position, row;

  g_clear_pointer (&list->request, g_source_unref);
  if (list->fresh)
    return G_SOURCE_REMOVE;
  g_hash_table_iter_init (&iter, list->rows);
  while (g_hash_table_iter_next (&iter, &position, &row))
    if (!bst_record_row_get_doc (row))
      read_page (list, GPOINTER_TO_UINT (position) / PAGE_ROWS);
  return G_SOURCE_REMOVE;
}

/* Not at once: whoever walks over the whole list and lets go of the rows gets none of them read. */
static void
schedule_request (BstRecordList *list)
{
  if (list->request)
    return;
  list->request = g_idle_source_new ();
  g_source_set_priority (list->request, G_PRIORITY_DEFAULT);
  g_source_set_callback (list->request, request_cb, list, NULL);
  g_source_attach (list->request, g_main_context_get_thread_default ());
}

static gboolean
is_dispensable (gpointer position, gpointer row, gpointer data)
{
  BstRecordList *list = data;
  guint p = GPOINTER_TO_UINT (position);
  guint distance = p > list->last ? p - list->last : list->last - p;

  return distance > KEPT_ROWS / 4 && G_OBJECT (row)->ref_count == 1;
}

/* ---- telling the differences ---- */

static const char *
id_of (GVariant *doc)
{
  return doc ? bst_doc_get_string (doc, "id") : NULL;
}

/* Whether @old_position holds what @new_position will; what was not read is taken to. */
static gboolean
is_same (BstRecordList *list, guint old_position, guint new_position)
{
  BstRecordRow *row = g_hash_table_lookup (list->rows, key_of (old_position));
  const char *old_id = row ? id_of (bst_record_row_get_doc (row)) : NULL;
  const char *new_id = id_of (g_hash_table_lookup (list->new_docs, key_of (new_position)));

  return !old_id || !new_id || g_str_equal (old_id, new_id);
}

static int
compare_positions (gconstpointer a, gconstpointer b)
{
  guint x = *(const guint *) a;
  guint y = *(const guint *) b;

  return x < y ? -1 : x > y;
}

static GArray *
sorted_positions (BstRecordList *list)
{
  GArray *positions = g_array_new (FALSE, FALSE, sizeof (guint));
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, list->rows);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      guint position = GPOINTER_TO_UINT (key);

      g_array_append_val (positions, position);
    }
  g_array_sort (positions, compare_positions);
  return positions;
}

/* The span [*@start, old length − *@tail) is what became another. */
static void
find_difference (BstRecordList *list, guint *start, guint *tail)
{
  g_autoptr (GArray) positions = sorted_positions (list);
  guint shorter = MIN (list->n_items, list->n_new);

  *start = shorter;
  for (guint i = 0; i < positions->len; i++)
    {
      guint position = g_array_index (positions, guint, i);

      if (position < *start && !is_same (list, position, position))
        *start = position;
    }
  *tail = shorter - *start;
  for (guint i = positions->len; i > 0; i--)
    {
      guint from_end = list->n_items - 1 - g_array_index (positions, guint, i - 1);

      if (from_end >= *tail)
        break;
      if (!is_same (list, list->n_items - 1 - from_end, list->n_new - 1 - from_end))
        *tail = from_end;
    }
}

/* Rows before the difference stay, those after it move with their records. */
static void
move_rows (BstRecordList *list, guint start, guint tail)
{
  GHashTable *moved = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  GHashTableIter iter;
  gpointer key, row;

  g_hash_table_iter_init (&iter, list->rows);
  while (g_hash_table_iter_next (&iter, &key, &row))
    {
      guint position = GPOINTER_TO_UINT (key);

      if (position < start)
        g_hash_table_insert (moved, key, g_object_ref (row));
      else if (position >= list->n_items - tail)
        g_hash_table_insert (moved, key_of (position - list->n_items + list->n_new),
                             g_object_ref (row));
    }
  g_hash_table_unref (list->rows);
  list->rows = moved;
}

static void
set_new_docs (BstRecordList *list)
{
  GHashTableIter iter;
  gpointer key, doc;

  g_hash_table_iter_init (&iter, list->new_docs);
  while (g_hash_table_iter_next (&iter, &key, &doc))
    {
      BstRecordRow *row = g_hash_table_lookup (list->rows, key);

      if (row)
        bst_record_row_set_doc (row, doc);
    }
}

static void
take_over (BstRecordList *list)
{
  guint n_old = list->n_items;
  guint start = 0;
  guint tail = 0;

  if (!list->fresh)
    find_difference (list, &start, &tail);
  move_rows (list, start, tail);

  list->fresh = FALSE;
  list->epoch++;
  g_hash_table_remove_all (list->in_flight);
  list->n_items = list->n_new;
  if (n_old - start - tail > 0 || list->n_new - start - tail > 0)
    g_list_model_items_changed (G_LIST_MODEL (list), start, n_old - start - tail,
                                list->n_new - start - tail);
  if (n_old != list->n_new)
    g_object_notify_by_pspec (G_OBJECT (list), properties[PROP_N_ITEMS]);
  set_new_docs (list);
  g_hash_table_remove_all (list->new_docs);

  list->counting = FALSE;
  set_loading (list, FALSE);
  schedule_request (list);
  if (list->again)
    start_counting (list);
}

/* ---- counting and reading again ---- */

static void
give_up (BstRecordList *list, GError *error)
{
  list->counting = FALSE;
  g_hash_table_remove_all (list->new_docs);
  set_loading (list, FALSE);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_message ("a list could not be read: %s", error->message);
}

static void
reread_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Question) question = data;
  BstRecordList *list = question->list;
  g_autoptr (GPtrArray) docs = bst_store_find_finish (BST_STORE (source), result, NULL);

  if (question->epoch != list->epoch)
    return;
  for (guint i = 0; docs && i < docs->len; i++)
    g_hash_table_insert (list->new_docs, key_of (question->page * PAGE_ROWS + i),
                         g_variant_ref (g_ptr_array_index (docs, i)));
  if (--list->n_waiting == 0)
    take_over (list);
}

/* The pages that hold rows now, and those that they may have moved to. */
static GHashTable *
pages_to_read (BstRecordList *list)
{
  GHashTable *pages = g_hash_table_new (NULL, NULL);
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, list->rows);
  while (!list->fresh && g_hash_table_iter_next (&iter, &key, NULL))
    {
      guint position = GPOINTER_TO_UINT (key);
      gint64 moved = (gint64) position + list->n_new - list->n_items;

      if (position < list->n_new)
        g_hash_table_add (pages, key_of (position / PAGE_ROWS));
      if (moved >= 0)
        g_hash_table_add (pages, key_of ((guint) (moved / PAGE_ROWS)));
    }
  return pages;
}

static void
count_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Question) question = data;
  BstRecordList *list = question->list;
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) pages = NULL;
  gint64 n = bst_store_count_finish (BST_STORE (source), result, &error);
  GHashTableIter iter;
  gpointer page;

  if (question->epoch != list->epoch)
    return;
  if (n < 0)
    {
      give_up (list, error);
      return;
    }
  list->n_new = (guint) MIN (n, G_MAXINT);
  pages = pages_to_read (list);
  list->n_waiting = g_hash_table_size (pages);
  if (list->n_waiting == 0)
    {
      take_over (list);
      return;
    }
  g_hash_table_iter_init (&iter, pages);
  while (g_hash_table_iter_next (&iter, &page, NULL))
    bst_store_find_async (list->store, list->query, GPOINTER_TO_UINT (page) * PAGE_ROWS, PAGE_ROWS,
                          list->cancellable, reread_cb,
                          question_new (list, GPOINTER_TO_UINT (page)));
}

static void
start_counting (BstRecordList *list)
{
  list->again = list->counting;
  if (list->counting || !list->query)
    return;
  list->counting = TRUE;
  bst_store_count_async (list->store, list->query, list->cancellable, count_cb,
                         question_new (list, 0));
}

static void
changed_cb (BstStore *store, const char *type, gpointer data)
{
  BstRecordList *list = data;

  if (list->query && (g_strcmp0 (list->query->type, type) == 0 ||
                      (list->query->unit && g_strcmp0 (type, "OrgUnit") == 0)))
    start_counting (list);
}

/* ---- list model ---- */

static GType
get_item_type (GListModel *model)
{
  return BST_TYPE_RECORD_ROW;
}

static guint
get_n_items (GListModel *model)
{
  return BST_RECORD_LIST (model)->n_items;
}

static gpointer
get_item (GListModel *model, guint position)
{
  BstRecordList *list = BST_RECORD_LIST (model);
  BstRecordRow *row;

  if (position >= list->n_items)
    return NULL;

  list->last = position;
  row = g_hash_table_lookup (list->rows, key_of (position));
  if (row)
    return g_object_ref (row);

  if (g_hash_table_size (list->rows) >= KEPT_ROWS)
    g_hash_table_foreach_remove (list->rows, is_dispensable, list);
  row = bst_record_row_new ();
  g_hash_table_insert (list->rows, key_of (position), g_object_ref (row));
  schedule_request (list);
  return row;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* ---- object ---- */

static void
bst_record_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BstRecordList *list = BST_RECORD_LIST (object);

  switch (id)
    {
    case PROP_LOADING:
      g_value_set_boolean (value, list->loading);
      break;
    case PROP_N_ITEMS:
      g_value_set_uint (value, list->n_items);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bst_record_list_dispose (GObject *object)
{
  BstRecordList *list = BST_RECORD_LIST (object);

  list->epoch++;
  if (list->request)
    g_source_destroy (list->request);
  g_clear_pointer (&list->request, g_source_unref);
  if (list->cancellable)
    g_cancellable_cancel (list->cancellable);
  g_clear_object (&list->cancellable);
  if (list->store)
    g_signal_handlers_disconnect_by_data (list->store, list);
  g_clear_object (&list->store);
  G_OBJECT_CLASS (bst_record_list_parent_class)->dispose (object);
}

static void
bst_record_list_finalize (GObject *object)
{
  BstRecordList *list = BST_RECORD_LIST (object);

  g_clear_pointer (&list->query, bst_query_free);
  g_hash_table_unref (list->rows);
  g_hash_table_unref (list->in_flight);
  g_hash_table_unref (list->new_docs);
  G_OBJECT_CLASS (bst_record_list_parent_class)->finalize (object);
}

static void
bst_record_list_class_init (BstRecordListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = bst_record_list_get_property;
  object_class->dispose = bst_record_list_dispose;
  object_class->finalize = bst_record_list_finalize;

  properties[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, flags);
  properties[PROP_N_ITEMS] = g_param_spec_uint ("n-items", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bst_record_list_init (BstRecordList *list)
{
  list->rows = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  list->in_flight = g_hash_table_new (NULL, NULL);
  list->new_docs = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_variant_unref);
  list->cancellable = g_cancellable_new ();
}

BstRecordList *
bst_record_list_new (BstStore *store, const BstQuery *query)
{
  BstRecordList *list = g_object_new (BST_TYPE_RECORD_LIST, NULL);

  g_return_val_if_fail (BST_IS_STORE (store), list);

  list->store = g_object_ref (store);
  g_signal_connect (store, "changed", G_CALLBACK (changed_cb), list);
  bst_record_list_set_query (list, query);
  return list;
}

void
bst_record_list_set_query (BstRecordList *list, const BstQuery *query)
{
  g_return_if_fail (BST_IS_RECORD_LIST (list));

  g_cancellable_cancel (list->cancellable);
  g_object_unref (list->cancellable);
  list->cancellable = g_cancellable_new ();
  g_clear_pointer (&list->query, bst_query_free);
  list->query = bst_query_copy (query);

  list->epoch++;
  list->counting = FALSE;
  list->again = FALSE;
  list->fresh = TRUE;
  g_hash_table_remove_all (list->new_docs);
  if (list->query)
    {
      set_loading (list, TRUE);
      start_counting (list);
      return;
    }
  list->n_new = 0;
  take_over (list);
}
