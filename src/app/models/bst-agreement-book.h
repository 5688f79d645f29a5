/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-agreement.h"
#include "bst-session.h"

G_BEGIN_DECLS

/*
 * The agreements of a session, with what they refer to (services, calendars) and the proposals to change them, read as a whole and
 * read again when the store changes. Main thread; never blocks.
 *
 * Signal ::changed (): all of it was read, or read anew.
 */
#define BST_TYPE_AGREEMENT_BOOK (bst_agreement_book_get_type ())
G_DECLARE_FINAL_TYPE (BstAgreementBook, bst_agreement_book, BST, AGREEMENT_BOOK, GObject)

/** bst_agreement_book_for_session: the one of @session, made at first use. (transfer none) */
BstAgreementBook *bst_agreement_book_for_session (BstSession *session);

/** bst_agreement_book_is_read: %FALSE until the first ::changed. */
gboolean bst_agreement_book_is_read (BstAgreementBook *book);

/** bst_agreement_book_get: a record of type Agreement, Proposal, Service or Calendar; borrowed; %NULL when unknown. */
GVariant *bst_agreement_book_get (BstAgreementBook *book, const char *type, const char *id);

/** bst_agreement_book_in_force: on the session's today; borrowed. @unit: (nullable): the session's. @kind: "sla" or "framework". */
GVariant *bst_agreement_book_in_force (BstAgreementBook *book, const char *unit, const char *kind);

/** bst_agreement_book_agreements: all of them, for a #BstRequestContext; (element-type GVariant); borrowed; empty until read. */
GPtrArray *bst_agreement_book_agreements (BstAgreementBook *book);

/** bst_agreement_book_terms: what holds for @service today in the session's unit: the SLA in force, else the catalogue. Clear with bst_terms_clear(). */
void bst_agreement_book_terms (BstAgreementBook *book, GVariant *service, BstTerms *ret_terms);

/** bst_agreement_book_versions: all versions of the agreement that @agreement is one of, newest first. (element-type GVariant) (transfer full) */
GPtrArray *bst_agreement_book_versions (BstAgreementBook *book, GVariant *agreement);

/** bst_agreement_book_proposals: of the agreement's unit, newest first. (element-type GVariant) (transfer full) */
GPtrArray *bst_agreement_book_proposals (BstAgreementBook *book, GVariant *agreement);

/** bst_agreement_book_promise: what @agreement, else the catalogue, promises for the service. (transfer full) (nullable) */
GVariant *
bst_agreement_book_promise (BstAgreementBook *book, GVariant *agreement, const char *service);

/** bst_agreement_book_get_session: (transfer none) (nullable): %NULL when it has ended. */
BstSession *bst_agreement_book_get_session (BstAgreementBook *book);

/** bst_agreement_book_snapshot: all of it as it is now, for bst_agreement_book_look_up(); it never changes. (transfer full) */
GHashTable *bst_agreement_book_snapshot (BstAgreementBook *book);

/** bst_agreement_book_look_up: a #BstRecordLookup over a snapshot. Any thread. (transfer full) (nullable) */
GVariant *bst_agreement_book_look_up (const char *type, const char *id, gpointer snapshot);

G_END_DECLS
