/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The bills of the months that are over, as a centre sends them that does so each month; what was objected to, and the answers. */

#include "bst-simulate.h"

#include "bst-billing.h"
#include "bst-month.h"

#include <string.h>

#define HOUR              3600
#define UNTIL_BILLED      (10 * HOUR) /* of opening, from the first of the month on */
#define UNTIL_ANSWERED    (24 * HOUR)
#define OBJECTED          0.01
#define OBJECTED_FAVOURED 0.05
#define SURE_FAVOURED     2 /* of what favoured units object to: one is credited, one is not */

typedef struct
{
  BstSimWorld *world;
  const char *const *favoured;
  gint64 now;
  guint n_favoured;
  guint n_answered;
  guint n_bills;
} Bills;

static gint64
now_ms (gpointer closure)
{
  return ((Bills *) closure)->now * 1000;
}

static void
fill_octets (gpointer closure, guint8 *octets, gsize len)
{
  for (gsize i = 0; i < len; i++)
    octets[i] = (guint8) g_rand_int_range (((Bills *) closure)->world->rand, 0, 256);
}

/* ---- objections ---- */

static gboolean
is_favoured (Bills *bills, GVariant *charge)
{
  const char *unit = bst_doc_get_string (charge, "unit");

  return bills->favoured && unit && g_strv_contains (bills->favoured, unit);
}

static gboolean
is_objected (Bills *bills, GVariant *charge)
{
  if (g_strcmp0 (bst_doc_get_string (charge, "kind"), "credit") == 0)
    return FALSE;
  if (!is_favoured (bills, charge))
    return bst_sim_chance (bills->world, OBJECTED);
  return bills->n_favoured < SURE_FAVOURED || bst_sim_chance (bills->world, OBJECTED_FAVOURED);
}

/* Who delivers the service. */
static const char *
answerer (BstSimWorld *world, GVariant *charge)
{
  const char *id = bst_doc_get_string (charge, "service");
  const BstSimService *service = id ? bst_sim_service (world, id) : NULL;
  const BstSimQueue *queue =
      service ? g_hash_table_lookup (world->queues, service->performer) : NULL;

  return queue && queue->people->len ? bst_sim_pick (world, queue->people) : NULL;
}

/* Every other objection is right. */
static gboolean
answer (Bills *bills, GVariant *charge, GError **error)
{
  BstSimWorld *world = bills->world;
  const char *person = answerer (world, charge);
  gboolean right = bills->n_answered % 2 == 0;
  g_autoptr (GVariant) after = NULL;
  gint64 billed = bills->now;

  bills->now = bst_calendar_due (world->office, billed, UNTIL_ANSWERED);
  if (person && bills->now < world->to)
    {
      after = bst_billing_answer (world->storage, person, bst_doc_get_string (charge, "id"), right,
                                  bst_sim_words (world, right ? BST_SIM_CREDITED : BST_SIM_STANDS),
                                  error);
      bills->n_answered++;
    }
  else
    after = g_variant_ref (charge);
  bills->now = billed;
  return after != NULL;
}

static gboolean
object (Bills *bills, GVariant *charge, GError **error)
{
  g_autoptr (GVariant) objected =
      bst_doc_set_string (charge, "objection", bst_sim_words (bills->world, BST_SIM_OBJECTION));
  BstPutResult result;

  bst_doc_replace (&objected, bst_doc_set_string (objected, "objectionState", "raised"));
  bills->n_favoured += is_favoured (bills, charge);
  return bst_storage_put (bills->world->storage, bst_record_type_find ("Charge"), objected, &result,
                          error) &&
         answer (bills, objected, error);
}

/* ---- bills ---- */

static gboolean
look_through (Bills *bills, GVariant *bill, GError **error)
{
  g_autoptr (GVariant) lines = bst_doc_get_list (bill, "lines");

  for (gsize i = 0; i < g_variant_n_children (lines); i++)
    {
      g_autoptr (GVariant) boxed = g_variant_get_child_value (lines, i);
      g_autoptr (GVariant) line = g_variant_get_variant (boxed);
      g_autoptr (GVariant) charge = bst_storage_get (bills->world->storage, "Charge",
                                                     bst_doc_get_string (line, "charge"), error);

      if (!charge || (is_objected (bills, charge) && !object (bills, charge, error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
bill_month (Bills *bills, const char *month, GError **error)
{
  g_autoptr (GPtrArray) made =
      bst_billing_make_bills (bills->world->storage, month, NULL, NULL, error);

  if (!made)
    return FALSE;
  bills->n_bills += made->len;
  for (guint i = 0; i < made->len; i++)
    if (!look_through (bills, made->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* When @month is billed: on one of the first days after it. FALSE: that is yet to come. */
static gboolean
billed_at (BstSimWorld *world, const char *month, gint64 *ret_at)
{
  gint64 begin, end;

  if (!bst_month_bounds (month, bst_calendar_zone (world->office), &begin, &end))
    return FALSE;
  *ret_at = bst_calendar_due (world->office, end, UNTIL_BILLED);
  return *ret_at < world->to;
}

gboolean
bst_sim_bills (BstSimWorld *world, const char *const *favoured, guint *ret_n, GError **error)
{
  Bills bills = { .world = world, .favoured = favoured };
  const BstClock clock = { now_ms, fill_octets, &bills };
  const BstClock *real = bst_storage_set_clock (world->storage, &clock);
  g_autofree char *month = bst_month_of_instant (world->from, bst_calendar_zone (world->office));
  gboolean good = TRUE;

  while (good && billed_at (world, month, &bills.now))
    {
      char *next = bst_month_add (month, 1);

      good = bill_month (&bills, month, error);
      g_free (month);
      month = next;
    }
  bst_storage_set_clock (world->storage, real);
  *ret_n = bills.n_bills;
  return good;
}
