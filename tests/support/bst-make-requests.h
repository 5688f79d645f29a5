/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-doc.h"

G_BEGIN_DECLS

/*
 * Makes any number of requests that look like those of a real department: the services, units and
 * people are those of the Danish sample authority, titles and needs are put together from what such
 * people write. The same seed and number give the same request.
 */
typedef struct _BstRequestMaker BstRequestMaker;

/** bst_request_maker_new: @sample: the folder data/sample/dk. */
BstRequestMaker *bst_request_maker_new (const char *sample, guint32 seed, GError **error);
void bst_request_maker_free (BstRequestMaker *maker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstRequestMaker, bst_request_maker_free)

/** bst_request_maker_unit: the department in which all of them are made. Borrowed. */
const char *bst_request_maker_unit (BstRequestMaker *maker);

/** bst_request_maker_person: somebody who may see them all. Borrowed. */
const char *bst_request_maker_person (BstRequestMaker *maker);

/** bst_request_maker_make: request @number, as the server has it. Returns: (transfer full). */
GVariant *bst_request_maker_make (BstRequestMaker *maker, guint number);

/**
 * bst_request_maker_make_service: entry @number of a catalogue larger than the sample's: a service of the sample, for another
 * kind of place, model or purpose. Returns: (transfer full).
 */
GVariant *bst_request_maker_make_service (BstRequestMaker *maker, guint number);

/** bst_request_maker_records: all records of @type in the sample, as they are. Borrowed. (element-type GVariant) */
GPtrArray *bst_request_maker_records (BstRequestMaker *maker, const char *type);

G_END_DECLS
