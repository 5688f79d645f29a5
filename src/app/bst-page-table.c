/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <glib/gi18n.h>

#include "bst-page-table.h"

#include "bst-agreements-page.h"
#include "bst-bundle-page.h"
#include "bst-cases-page.h"
#include "bst-catalogue-page.h"
#include "bst-costs-page.h"
#include "bst-levels-page.h"
#include "bst-order-page.h"
#include "bst-overview-page.h"
#include "bst-proposal-page.h"
#include "bst-request-page.h"
#include "bst-requests-page.h"
#include "bst-service-page.h"
#include "bst-status-page.h"

/* clang-format off */
static const BstPageEntry table[] = {
  { "overview", N_("Overview"), "bst-overview-symbolic", bst_overview_page_get_type, NULL, "waiting" },
  { "catalogue", N_("Catalogue"), "bst-catalogue-symbolic", bst_catalogue_page_get_type },
  { "requests", N_("Requests"), "bst-requests-symbolic", bst_requests_page_get_type, NULL, "unfinished" },
  { "levels", N_("Service levels"), "bst-service-levels-symbolic", bst_levels_page_get_type },
  { "costs", N_("Costs"), "bst-costs-symbolic", bst_costs_page_get_type },
  { "agreements", N_("Agreements"), "bst-agreements-symbolic", bst_agreements_page_get_type },
  { "cases", N_("Cases"), NULL, bst_cases_page_get_type, "levels" },
  { "proposal", N_("Proposal"), NULL, bst_proposal_page_get_type, "agreements" },
  { "request", N_("Request"), NULL, bst_request_page_get_type, "requests" },
  { "service", N_("Service"), NULL, bst_service_page_get_type, "catalogue" },
  { "bundle", N_("Package"), NULL, bst_bundle_page_get_type, "catalogue" },
  { "order", N_("Order"), NULL, bst_order_page_get_type, "requests" },
  { "status", N_("Synchronisation"), NULL, bst_status_page_get_type },
};
/* clang-format on */

const BstPageEntry *
bst_page_table (gsize *ret_n)
{
  *ret_n = G_N_ELEMENTS (table);
  return table;
}

const BstPageEntry *
bst_page_table_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_strcmp0 (table[i].name, name) == 0)
      return &table[i];
  return NULL;
}
