/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Charges added up: in the reader's thread. */

#include "bst-store-charges.h"

#include "bst-error.h"
#include "bst-store-private.h"

typedef struct
{
  const BstQuery *query;
  BstChargeGrouping by;
} TotalsArgs;

static const char *const columns[] = {
  [BST_CHARGES_BY_MONTH] = "month",
  [BST_CHARGES_BY_SERVICE] = "service",
  [BST_CHARGES_BY_UNIT] = "unit",
  [BST_CHARGES_BY_OBLIGATION] =
      "(SELECT obligation FROM Service WHERE Service.id = Charge.service)",
};

static BstStmt *
prepare_totals (BstStore *store,
                const BstSelection *selection,
                BstChargeGrouping by,
                GError **error)
{
  g_autofree char *sql = g_strconcat (
      "SELECT coalesce(", columns[by],
      ", '') AS part, doc ->> '$.kind' AS sort, doc ->> '$.amount.currency' AS currency, "
      "sum(doc ->> '$.amount.amount'), count(*)",
      selection->from, " GROUP BY part, sort, currency ORDER BY part", NULL);
  BstStmt *stmt = bst_db_prepare (store->read_replica->db, sql, error);

  for (guint i = 0; stmt && i < selection->binds->len; i++)
    bst_stmt_bind_text (stmt, (int) i + 1, selection->binds->pdata[i]);
  return stmt;
}

static gpointer
totals_job (BstStore *store, gpointer data, GError **error)
{
  TotalsArgs *args = data;
  g_auto (BstSelection) selection = { NULL };
  g_autoptr (GPtrArray) totals =
      g_ptr_array_new_with_free_func ((GDestroyNotify) bst_charge_total_free);
  g_autoptr (BstStmt) stmt = NULL;
  gboolean row = TRUE;

  if (!bst_query_select (args->query, NULL, "", &selection, error))
    return NULL;
  stmt = prepare_totals (store, &selection, args->by, error);
  if (!stmt)
    return NULL;
  for (;;)
    {
      BstMoney money;

      if (!bst_stmt_step (stmt, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&totals);
      bst_money_init (&money, bst_stmt_int (stmt, 3), bst_stmt_text (stmt, 2));
      if (!bst_charge_totals_add (totals, bst_stmt_text (stmt, 0), bst_stmt_text (stmt, 1), &money,
                                  bst_stmt_int (stmt, 4), error))
        return NULL;
    }
}

GPtrArray *
bst_store_charge_totals (BstStore *store,
                         const BstQuery *query,
                         BstChargeGrouping by,
                         GError **error)
{
  TotalsArgs args = { query, by };

  return bst_store_call (store, store->reader, totals_job, &args, error);
}
