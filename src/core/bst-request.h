/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-agreement.h"
#include "bst-record-type.h"

G_BEGIN_DECLS

/** BstRecordLookup: the record of @type ("Service", "Article") with @id; (transfer full) (nullable). */
typedef GVariant *(*BstRecordLookup) (const char *type, const char *id, gpointer closure);

/**
 * BstRequestContext: what the rules of an order look things up in.
 * @org: (nullable): %NULL: units are not checked
 * @today: YYYY-MM-DD, in the unit's time zone
 * @roles: of the orderer on the request's unit; used for "who may order"
 * @agreements: (nullable) (element-type GVariant): Agreement documents: what they say of a service holds before the catalogue
 */
typedef struct
{
  BstRecordLookup lookup;
  gpointer closure;
  BstOrg *org;
  const char *today;
  BstRole roles;
  GPtrArray *agreements;
} BstRequestContext;

/** bst_request_line_ids: by their "order", then by id. Returns: (transfer full). */
char **bst_request_line_ids (GVariant *request);

/** bst_request_line: Returns: (transfer full) (nullable): one line's document */
GVariant *bst_request_line (GVariant *request, const char *line_id);

/** BstLineMap: a line anew; @place is 1, 2, 3 … Returns: (transfer full). */
typedef GVariant *(*BstLineMap) (GVariant *line, gint64 place, gpointer closure);

/** bst_request_map_lines: the request with every line put through @map, in order. Returns: (transfer full). */
GVariant *bst_request_map_lines (GVariant *request, BstLineMap map, gpointer closure);

/** bst_request_sort_lines: numbers the lines' "order" 1, 2, 3 … in their present order. Returns: (transfer full). */
GVariant *bst_request_sort_lines (GVariant *request);

/**
 * bst_request_line_from_service:
 * @article: (nullable): the approved article that is ordered; its price is then the one-off price
 *
 * Freezes name, price, promise and version as they are now. Returns: (transfer full): a line for request.lines.
 */
GVariant *
bst_request_line_from_service (GVariant *service, GVariant *article, gint64 quantity, gint64 order);

/**
 * bst_request_line_with_terms: the line with what is promised, and (without an article of its own price) the price, as @terms have it.
 * Returns: (transfer full)
 */
GVariant *bst_request_line_with_terms (GVariant *line, GVariant *article, const BstTerms *terms);

/** bst_request_terms: what holds for @service in @request today, by its unit, its priority and @context. Clear with bst_terms_clear(). */
void bst_request_terms (GVariant *request,
                        GVariant *service,
                        const BstRequestContext *context,
                        BstTerms *ret_terms);

/** bst_request_refresh_line: the line with name, price, promise and version as they are now: the orderer said yes. Returns: (transfer full). */
GVariant *bst_request_refresh_line (GVariant *line, GVariant *service, GVariant *article);

/** bst_price_once, bst_price_monthly: of a price as in the dictionary, per unit of quantity; %FALSE when there is none (included). */
gboolean bst_price_once (GVariant *price, BstMoney *ret_money);
gboolean bst_price_monthly (GVariant *price, BstMoney *ret_money);

/**
 * bst_request_total:
 *
 * price × quantity over all lines that are not rejected or cancelled. A total of nothing has currency "".
 * %BST_ERROR_INVALID on mixed currencies, %BST_ERROR_TOO_LARGE on overflow.
 */
gboolean
bst_request_total (GVariant *request, BstMoney *ret_once, BstMoney *ret_monthly, GError **error);

/** bst_request_with_totals: sets total and totalMonthly (absent when nothing). Returns: (transfer full): %NULL as bst_request_total(). */
GVariant *bst_request_with_totals (GVariant *request, GError **error);

/**
 * bst_request_needs_approval:
 *
 * Whether a service on it asks for approval always, or above an amount that the order's one-off total exceeds. When it
 * cannot be told (mixed currencies, unknown service) it does.
 */
gboolean bst_request_needs_approval (GVariant *request, const BstRequestContext *context);

/**
 * bst_request_problems: what still keeps a draft from being submitted.
 *
 * Paths name the field: "title", "unit", "ean", "lines", "lines/l1/quantity", "lines/l1/answers/room". Codes are those of
 * #BstProblem and of bst_form_problems(), and "no-lines", "unknown-unit", "unknown-service", "withdrawn", "not-yet",
 * "not-orderable", "mixed-currencies", "past" (a wanted date before today), and
 * "too-long" at "lines" (more than 500).
 *
 * Returns: (transfer full) (element-type BstProblem)
 */
GPtrArray *bst_request_problems (GVariant *request, const BstRequestContext *context);

/**
 * BstStale: where an order and the catalogue of today part.
 * @code: "price", "promise", "terms" (the service has a new version), "withdrawn", "not-yet"
 * @then, @now: (nullable): the values, for showing side by side: prices, promises, version numbers, or the day of withdrawal
 */
typedef struct
{
  char *line;
  const char *code;
  GVariant *then;
  GVariant *now;
} BstStale;

void bst_stale_free (BstStale *stale);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstStale, bst_stale_free)

/**
 * bst_request_stale: what is neither as the agreement has it nor as the catalogue has it: a line drafted from the catalogue alone is
 * not out of date because the agreement says otherwise. Returns: (transfer full) (element-type BstStale)
 */
GPtrArray *bst_request_stale (GVariant *request, const BstRequestContext *context);

/** bst_request_refresh: all lines as the agreement and the catalogue say today; lines that are withdrawn stay as they are. Returns: (transfer full). */
GVariant *bst_request_refresh (GVariant *request, const BstRequestContext *context);

/**
 * bst_request_clean: as it is sent: of each line only the answers to what is asked, and not what was asked. Lines of a service that
 * is unknown stay as they are. Returns: (transfer full).
 */
GVariant *bst_request_clean (GVariant *request, const BstRequestContext *context);

/**
 * bst_request_copy:
 * @uid: for the new one
 *
 * The same order as a new draft: without number, states, events' results, attachments, wanted dates. Returns: (transfer full).
 */
GVariant *bst_request_copy (GVariant *request, const char *uid);

/* ---- an order made from a package (bst-request-bundle.c) ---- */

/**
 * bst_request_schedule: the days of a package's lines.
 *
 * The order's "wantedDate" is the first day of who joins, or the last of who leaves; each line of a package is wanted as many
 * days before or after it as the package says, though never before today. Without such a day the lines have none.
 * Lines of no package, or of one that is unknown here, stay as they are. Returns: (transfer full).
 */
GVariant *bst_request_schedule (GVariant *request, const BstRequestContext *context);

/** bst_request_purpose: of the first package on it: "joiner", "leaver" … Returns: (transfer full) (nullable). */
char *bst_request_purpose (GVariant *request, const BstRequestContext *context);

/* ---- an order that two change (bst-request-merge.c) ---- */

/** bst_request_may_amend: whether @path may still be changed once the order was sent. */
gboolean bst_request_may_amend (const char *path);

/**
 * bst_request_merge:
 * @base: what both started from
 * @mine: with my changes
 * @theirs: the server's
 * @ret_conflicts: (out) (transfer full): av of {"path", "base"?, "mine"?, "theirs"?}: what both changed, in places that a person
 * can decide about; a value that is absent was removed
 *
 * Changes of different fields are both taken, and so are two lines, receivers or files that were added under the same key.
 * Where both changed the same, mine stands in the result until it is decided. Returns: (transfer full): @theirs with my
 * changes; what only the server sets is as in @theirs.
 */
GVariant *
bst_request_merge (GVariant *base, GVariant *mine, GVariant *theirs, GVariant **ret_conflicts);

/** bst_request_both_texts: theirs and then mine in one; %NULL when they are no texts. Returns: (transfer full) (nullable). */
GVariant *bst_request_both_texts (GVariant *mine, GVariant *theirs);

G_END_DECLS
