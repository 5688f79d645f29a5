/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-agreement-book.h"

#define MAX_READ  2000
#define RELOAD_MS 200

static const char *const types[] = { "Agreement", "Proposal", "Service", "Calendar" };

struct _BstAgreementBook
{
  GObject parent_instance;

  BstSession *session; /* that owns it */
  GHashTable
      *records; /* "Type/id" -> GVariant; never changed once it is here, so threads may read it */
  GPtrArray *all[G_N_ELEMENTS (types)];
  GHashTable *incoming;
  guint n_reading;
  gboolean read;
  guint reload_source;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (BstAgreementBook, bst_agreement_book, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

typedef struct
{
  BstAgreementBook *book;
  guint type;
} Reading;

static GHashTable *
records_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
}

/* ---- reading ---- */

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Reading *reading = user_data;
  g_autoptr (BstAgreementBook) self = reading->book;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = bst_store_find_finish (BST_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (error)
    g_message ("agreements cannot be read: %s", error->message);
  g_clear_pointer (&self->all[reading->type], g_ptr_array_unref);
  self->all[reading->type] =
      found ? g_steal_pointer (&found)
            : g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  for (guint i = 0; i < self->all[reading->type]->len; i++)
    {
      GVariant *doc = self->all[reading->type]->pdata[i];

      g_hash_table_insert (
          self->incoming,
          g_strconcat (types[reading->type], "/", bst_doc_get_string (doc, "id"), NULL),
          g_variant_ref (doc));
    }
  if (--self->n_reading > 0)
    return;
  g_hash_table_unref (self->records);
  self->records = g_steal_pointer (&self->incoming);
  self->read = TRUE;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
read_all (BstAgreementBook *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_clear_pointer (&self->incoming, g_hash_table_unref);
  self->incoming = records_new ();
  self->n_reading = G_N_ELEMENTS (types);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      Reading *reading = g_new (Reading, 1);
      const BstQuery query = { .type = types[i] };

      *reading = (Reading){ g_object_ref (self), i };
      bst_store_find_async (bst_session_get_store (self->session), &query, 0, MAX_READ,
                            self->cancellable, read_cb, reading);
    }
}

static gboolean
reload_cb (gpointer user_data)
{
  BstAgreementBook *self = user_data;

  self->reload_source = 0;
  read_all (self);
  return G_SOURCE_REMOVE;
}

static void
store_changed_cb (BstStore *store, const char *type, BstAgreementBook *self)
{
  if (self->session &&
      g_strv_contains (
          (const char *const[]){ "Agreement", "Proposal", "Service", "Calendar", NULL }, type) &&
      !self->reload_source)
    self->reload_source = g_timeout_add (RELOAD_MS, reload_cb, self);
}

static void
bst_agreement_book_dispose (GObject *object)
{
  BstAgreementBook *self = BST_AGREEMENT_BOOK (object);

  g_clear_handle_id (&self->reload_source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  G_OBJECT_CLASS (bst_agreement_book_parent_class)->dispose (object);
}

static void
bst_agreement_book_finalize (GObject *object)
{
  BstAgreementBook *self = BST_AGREEMENT_BOOK (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->records, g_hash_table_unref);
  g_clear_pointer (&self->incoming, g_hash_table_unref);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    g_clear_pointer (&self->all[i], g_ptr_array_unref);
  G_OBJECT_CLASS (bst_agreement_book_parent_class)->finalize (object);
}

static void
bst_agreement_book_class_init (BstAgreementBookClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bst_agreement_book_dispose;
  G_OBJECT_CLASS (klass)->finalize = bst_agreement_book_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
bst_agreement_book_init (BstAgreementBook *self)
{
  self->records = records_new ();
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    self->all[i] = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
}

/* The session ends; answers may still be on their way. */
static void
end (gpointer data)
{
  BstAgreementBook *self = data;

  g_clear_handle_id (&self->reload_source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  self->session = NULL;
  g_object_unref (self);
}

BstAgreementBook *
bst_agreement_book_for_session (BstSession *session)
{
  BstAgreementBook *self = g_object_get_data (G_OBJECT (session), "bst-agreement-book");

  if (self)
    return self;
  self = g_object_new (BST_TYPE_AGREEMENT_BOOK, NULL);
  self->session = session;
  g_signal_connect_object (bst_session_get_store (session), "changed",
                           G_CALLBACK (store_changed_cb), self, 0);
  g_object_set_data_full (G_OBJECT (session), "bst-agreement-book", self, end);
  read_all (self);
  return self;
}

/* ---- looking up ---- */

gboolean
bst_agreement_book_is_read (BstAgreementBook *self)
{
  return self->read;
}

GVariant *
bst_agreement_book_look_up (const char *type, const char *id, gpointer snapshot)
{
  g_autofree char *key = g_strconcat (type, "/", id, NULL);
  GVariant *doc = id ? g_hash_table_lookup (snapshot, key) : NULL;

  return doc ? g_variant_ref (doc) : NULL;
}

GVariant *
bst_agreement_book_get (BstAgreementBook *self, const char *type, const char *id)
{
  g_autofree char *key = g_strconcat (type, "/", id, NULL);

  return id ? g_hash_table_lookup (self->records, key) : NULL;
}

GHashTable *
bst_agreement_book_snapshot (BstAgreementBook *self)
{
  return g_hash_table_ref (self->records);
}

BstSession *
bst_agreement_book_get_session (BstAgreementBook *self)
{
  return self->session;
}

GVariant *
bst_agreement_book_in_force (BstAgreementBook *self, const char *unit, const char *kind)
{
  BstOrg *org = bst_session_get_org (self->session);
  GVariant *person = bst_session_get_person (self->session);
  g_autofree char *today = bst_session_today (self->session);

  if (!unit)
    unit = bst_session_get_unit (self->session);
  if (!unit && person)
    unit = bst_doc_get_string (person, "unit");
  return org && unit ? bst_agreement_in_force (self->all[0], org, unit, kind, today) : NULL;
}

GPtrArray *
bst_agreement_book_agreements (BstAgreementBook *self)
{
  return self->all[0];
}

void
bst_agreement_book_terms (BstAgreementBook *self, GVariant *service, BstTerms *ret_terms)
{
  bst_terms_resolve (service, bst_agreement_book_in_force (self, NULL, "sla"), NULL, ret_terms);
}

static gint
compare_newest (gconstpointer a, gconstpointer b, gpointer name)
{
  return -g_strcmp0 (bst_doc_get_string (*(GVariant *const *) a, name),
                     bst_doc_get_string (*(GVariant *const *) b, name));
}

static GPtrArray *
choose (GPtrArray *from, GVariant *agreement, const char *const *same, const char *sort)
{
  GPtrArray *chosen = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);

  for (guint i = 0; i < from->len; i++)
    {
      gboolean fits = TRUE;

      for (guint s = 0; same[s]; s++)
        fits &= g_strcmp0 (bst_doc_get_string (from->pdata[i], same[s]),
                           bst_doc_get_string (agreement, same[s])) == 0;
      if (fits)
        g_ptr_array_add (chosen, g_variant_ref (from->pdata[i]));
    }
  g_ptr_array_sort_with_data (chosen, compare_newest, (gpointer) sort);
  return chosen;
}

GPtrArray *
bst_agreement_book_versions (BstAgreementBook *self, GVariant *agreement)
{
  static const char *const same[] = { "unit", "kind", "code", NULL };

  return choose (self->all[0], agreement, same, "validFrom");
}

GPtrArray *
bst_agreement_book_proposals (BstAgreementBook *self, GVariant *agreement)
{
  static const char *const same[] = { "unit", NULL };

  return choose (self->all[1], agreement, same, "created");
}

GVariant *
bst_agreement_book_promise (BstAgreementBook *self, GVariant *agreement, const char *service)
{
  GVariant *doc = bst_agreement_book_get (self, "Service", service);
  g_auto (BstTerms) terms = { NULL };

  if (!doc)
    return NULL;
  bst_terms_resolve (doc, agreement, NULL, &terms);
  return g_steal_pointer (&terms.promise);
}
