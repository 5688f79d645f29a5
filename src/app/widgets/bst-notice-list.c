/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-notice-list.h"

#include <glib/gi18n.h>

#include "bst-format.h"
#include "bst-text.h"

#define MAX_READ  200
#define MAX_SHOWN 5

struct _BstNoticeList
{
  GtkBox parent_instance;

  BstSession *session; /* weak: the page's */
  char **services;
  GCancellable *reading;
  gulong changed_id;
  gboolean compact;
};

G_DEFINE_FINAL_TYPE (BstNoticeList, bst_notice_list, GTK_TYPE_BOX)

enum
{
  PROP_COMPACT = 1,
};

static const struct
{
  const char *kind;
  const char *text;
  const char *icon;
} kinds[] = {
  { "disturbance", N_ ("Disturbance"), "dialog-warning-symbolic" },
  { "planned", N_ ("Planned work"), "bst-maintenance-symbolic" },
  { "news", N_ ("News"), "dialog-information-symbolic" },
  { "road-map", N_ ("Road map"), "x-office-calendar-symbolic" },
};

static gboolean
meets (char **list, const char *const *wanted)
{
  for (guint i = 0; wanted[i]; i++)
    if (g_strv_contains ((const char *const *) list, wanted[i]))
      return TRUE;
  return FALSE;
}

/* A notice without units concerns all; one with units, those below them, and whoever looks after them. */
static gboolean
concerns_me (BstNoticeList *self, GVariant *notice)
{
  BstOrg *org = bst_session_get_org (self->session);
  GVariant *person = bst_session_get_person (self->session);
  g_auto (GStrv) units = bst_doc_get_strv (notice, "units");
  g_autoptr (GHashTable) visible = NULL;

  if (!units[0] || !org || !person)
    return TRUE;
  visible = bst_org_visible_units (org, person);
  for (guint i = 0; units[i]; i++)
    if (g_hash_table_contains (visible, units[i]) ||
        bst_org_is_within (org, bst_doc_get_string (person, "unit"), units[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_shown (BstNoticeList *self, GVariant *notice)
{
  gint64 now = bst_clock_now (bst_session_get_clock (self->session));
  gint64 to;
  g_auto (GStrv) services = bst_doc_get_strv (notice, "services");

  if (bst_instant_parse (bst_doc_get_string (notice, "to"), &to) && to < now)
    return FALSE;
  if (self->services && !meets (services, (const char *const *) self->services))
    return FALSE;
  return concerns_me (self, notice);
}

static char *
when_text (BstNoticeList *self, GVariant *notice)
{
  const char *language = bst_session_get_language (self->session);
  GTimeZone *zone = bst_session_get_zone (self->session);
  gint64 now = bst_clock_now (bst_session_get_clock (self->session));
  gint64 from = 0, to = 0;
  gboolean has_from = bst_instant_parse (bst_doc_get_string (notice, "from"), &from);
  gboolean has_to = bst_instant_parse (bst_doc_get_string (notice, "to"), &to);
  g_autofree char *from_text =
      has_from ? bst_format_moment (from, zone, BST_DATE_BRIEF, language) : NULL;
  g_autofree char *to_text = has_to ? bst_format_moment (to, zone, BST_DATE_BRIEF, language) : NULL;

  if (has_from && from > now && has_to)
    return g_strdup_printf ("%s – %s", from_text, to_text);
  if (has_from && from > now)
    return g_strdup_printf (_ ("from %s"), from_text);
  if (has_to)
    return g_strdup_printf (_ ("until %s"), to_text);
  return has_from ? g_strdup_printf (_ ("since %s"), from_text) : g_strdup ("");
}

static GtkWidget *
new_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static guint
kind_index (GVariant *notice)
{
  const char *kind = bst_doc_get_string (notice, "kind");
  guint known = 0;

  while (known < G_N_ELEMENTS (kinds) - 1 && g_strcmp0 (kinds[known].kind, kind) != 0)
    known++;
  return known;
}

static void
add_notice (BstNoticeList *self, GVariant *notice)
{
  const char *language = bst_session_get_language (self->session);
  const char *text = bst_text_pick (notice, "text", language);
  g_autofree char *when = when_text (self, notice);
  g_autofree char *line = NULL;
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  guint known = kind_index (notice);

  line = *when ? g_strdup_printf ("%s · %s", _ (kinds[known].text), when)
               : g_strdup (_ (kinds[known].text));
  gtk_box_append (GTK_BOX (row), gtk_image_new_from_icon_name (kinds[known].icon));
  gtk_widget_set_valign (gtk_widget_get_first_child (row), GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (words), new_label (bst_text_pick (notice, "title", language),
                                              self->compact ? NULL : "heading"));
  gtk_box_append (GTK_BOX (words), new_label (line, "caption"));
  if (text && *text && self->compact)
    gtk_widget_set_tooltip_text (row, text);
  else if (text && *text)
    gtk_box_append (GTK_BOX (words), new_label (text, NULL));
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (row), words);
  gtk_widget_add_css_class (row, "card");
  gtk_widget_add_css_class (row, "notice-card");
  if (known == 0)
    gtk_widget_add_css_class (row, "disturbance");
  gtk_box_append (GTK_BOX (self), row);
}

/* What is broken now, then what is coming, the soonest first. */
static int
by_urgency (gconstpointer a, gconstpointer b)
{
  GVariant *left = *(GVariant *const *) a;
  GVariant *right = *(GVariant *const *) b;
  int order = (int) kind_index (left) - (int) kind_index (right);

  return order ? order
               : g_strcmp0 (bst_doc_get_string (left, "from"), bst_doc_get_string (right, "from"));
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstNoticeList) self = user_data;
  g_autoptr (GPtrArray) notices = bst_store_find_finish (BST_STORE (source), result, NULL);
  GtkWidget *child;
  guint shown = 0;

  if (!notices)
    return;
  g_ptr_array_sort (notices, by_urgency);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_box_remove (GTK_BOX (self), child);
  for (guint i = 0; i < notices->len && shown < MAX_SHOWN; i++)
    if (is_shown (self, notices->pdata[i]))
      {
        add_notice (self, notices->pdata[i]);
        shown++;
      }
  gtk_widget_set_visible (GTK_WIDGET (self), shown > 0);
}

static void
read_notices (BstNoticeList *self)
{
  BstQuery query = { .type = "Notice", .sort = "from", .ascending = FALSE };

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  bst_store_find_async (bst_session_get_store (self->session), &query, 0, MAX_READ, self->reading,
                        found_cb, g_object_ref (self));
}

static void
changed_cb (BstStore *store, const char *type, BstNoticeList *self)
{
  if (g_strcmp0 (type, "Notice") == 0)
    read_notices (self);
}

static void
bst_notice_list_dispose (GObject *object)
{
  BstNoticeList *self = BST_NOTICE_LIST (object);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_pointer (&self->services, g_strfreev);
  G_OBJECT_CLASS (bst_notice_list_parent_class)->dispose (object);
}

static void
bst_notice_list_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_COMPACT)
    BST_NOTICE_LIST (object)->compact = g_value_get_boolean (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bst_notice_list_class_init (BstNoticeListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bst_notice_list_dispose;
  G_OBJECT_CLASS (klass)->set_property = bst_notice_list_set_property;
  g_object_class_install_property (
      G_OBJECT_CLASS (klass), PROP_COMPACT,
      g_param_spec_boolean ("compact", NULL, NULL, FALSE,
                            G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));
}

static void
bst_notice_list_init (BstNoticeList *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
bst_notice_list_show_for (BstNoticeList *self, BstSession *session, const char *const *services)
{
  char **copy = g_strdupv ((char **) services);

  g_strfreev (self->services);
  self->services = copy;
  self->session = session;
  if (!self->changed_id)
    self->changed_id = g_signal_connect_object (bst_session_get_store (session), "changed",
                                                G_CALLBACK (changed_cb), self, 0);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  read_notices (self);
}
