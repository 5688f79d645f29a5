/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The server's tables. A released step is never edited: a change is a new step. */

#include "bst-storage-private.h"

static const char schema_1[] =
    "CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;"
    /* floor: changes up to this number are no longer known one by one. */
    "CREATE TABLE account (id TEXT PRIMARY KEY, seq INTEGER NOT NULL, floor INTEGER NOT NULL "
    "DEFAULT 0) STRICT;"
    /* doc NULL: destroyed. What is short comes before the document, so that a scan need not read it. */
    "CREATE TABLE record ("
    "  row INTEGER PRIMARY KEY,"
    "  account TEXT NOT NULL,"
    "  type TEXT NOT NULL,"
    "  id TEXT NOT NULL,"
    "  unit TEXT,"
    "  rev INTEGER NOT NULL,"
    "  seq INTEGER NOT NULL,"
    "  created_seq INTEGER NOT NULL,"
    "  destroyed_at INTEGER,"
    "  hash TEXT,"
    "  words TEXT,"
    "  revs TEXT NOT NULL,"
    "  doc TEXT,"
    "  state TEXT GENERATED ALWAYS AS (doc ->> '$.state') STORED,"
    "  request TEXT GENERATED ALWAYS AS (doc ->> '$.request') STORED,"
    "  number TEXT GENERATED ALWAYS AS (doc ->> '$.number') STORED,"
    "  UNIQUE (type, id)) STRICT;"
    "CREATE UNIQUE INDEX record_seq ON record (account, seq);"
    "CREATE INDEX record_type ON record (type, account, seq);"
    "CREATE INDEX record_state ON record (type, state) WHERE state IS NOT NULL;"
    "CREATE INDEX record_request ON record (request) WHERE request IS NOT NULL;"
    "CREATE INDEX record_number ON record (number) WHERE number IS NOT NULL;"
    "CREATE INDEX record_destroyed ON record (destroyed_at) WHERE destroyed_at IS NOT NULL;"
    /* Records that left a unit: who saw them there must drop them. */
    "CREATE TABLE moved ("
    "  account TEXT NOT NULL, seq INTEGER NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, unit "
    "TEXT NOT NULL,"
    "  moved_at INTEGER NOT NULL, PRIMARY KEY (account, seq, type, id)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE number (year INTEGER PRIMARY KEY, last INTEGER NOT NULL) STRICT;"
    "CREATE TABLE code ("
    "  hash TEXT PRIMARY KEY, person TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT "
    "NULL, used INTEGER)"
    "  STRICT, WITHOUT ROWID;"
    "CREATE TABLE token ("
    "  hash TEXT PRIMARY KEY, person TEXT NOT NULL, device TEXT NOT NULL, created INTEGER NOT NULL,"
    "  last_seen INTEGER NOT NULL, revoked INTEGER) STRICT, WITHOUT ROWID;"
    "CREATE INDEX token_person ON token (person);"
    "CREATE TABLE blob ("
    "  account TEXT NOT NULL, id TEXT NOT NULL, size INTEGER NOT NULL, uploaded INTEGER NOT NULL,"
    "  person TEXT NOT NULL, PRIMARY KEY (account, id)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE audit ("
    "  row INTEGER PRIMARY KEY, at INTEGER NOT NULL, person TEXT, what TEXT NOT NULL, subject "
    "TEXT) STRICT;";

/* What a search looks through is in the text index now (bst-storage-text.h); the audit log tells of records. */
static const char schema_2[] = "ALTER TABLE record DROP COLUMN words;"
                               "ALTER TABLE audit ADD COLUMN type TEXT;"
                               "CREATE INDEX audit_at ON audit (at);";

/* Bills as they were made: printed again, they must be the same whatever has changed since. */
static const char schema_3[] =
    "CREATE TABLE bill ("
    "  year INTEGER NOT NULL, seq INTEGER NOT NULL, number TEXT NOT NULL UNIQUE, month TEXT NOT "
    "NULL, doc TEXT NOT NULL,"
    "  PRIMARY KEY (year, seq)) STRICT, WITHOUT ROWID;";

/*
 * Cases, as narrow as they can be, in the order in which measures read them: all of a month together ("": they count in none yet).
 * request: record.row. What is stale waits to be counted again: orders by record.row, measures by month.
 */
static const char schema_4[] =
    "CREATE TABLE sla_case ("
    "  month TEXT NOT NULL,"
    "  request INTEGER NOT NULL,"
    "  line TEXT NOT NULL,"
    "  unit TEXT NOT NULL,"
    "  service TEXT NOT NULL,"
    "  channel TEXT NOT NULL,"
    "  started INTEGER NOT NULL,"
    "  stopped INTEGER NOT NULL,"
    "  due INTEGER NOT NULL,"
    "  responded INTEGER NOT NULL,"
    "  response_due INTEGER NOT NULL,"
    "  elapsed INTEGER NOT NULL,"
    "  paused INTEGER NOT NULL,"
    "  verdict INTEGER NOT NULL,"
    "  response_verdict INTEGER NOT NULL,"
    "  first_time INTEGER NOT NULL,"
    "  stars INTEGER NOT NULL,"
    "  wakes INTEGER,"
    "  PRIMARY KEY (month, request, line)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX sla_case_request ON sla_case (request);"
    "CREATE INDEX sla_case_wakes ON sla_case (wakes) WHERE wakes IS NOT NULL;"
    "CREATE TABLE case_stale (request INTEGER PRIMARY KEY) STRICT;"
    "CREATE TABLE measure_stale (month TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;"
    "INSERT INTO case_stale (request) SELECT row FROM record WHERE type = 'Request' AND doc IS NOT "
    "NULL;";

/* lost: when the computer was reported lost; its copy of what the server has goes at its next contact. */
static const char schema_5[] = "ALTER TABLE token ADD COLUMN lost INTEGER;";

/*
 * What a case is counted from, without a document: of an order's line beside it (id: record.id; plain: its events say all of it), of
 * its events in an index, which holds what the clock asks of them. Both in the order of ids.
 */
static const char schema_6[] =
    "CREATE TABLE sla_line ("
    "  id TEXT NOT NULL,"
    "  line TEXT NOT NULL,"
    "  request INTEGER NOT NULL,"
    "  unit TEXT NOT NULL,"
    "  service TEXT NOT NULL,"
    "  channel TEXT NOT NULL,"
    "  promise TEXT,"
    "  respond TEXT,"
    "  fixed_due INTEGER NOT NULL,"
    "  stars INTEGER NOT NULL,"
    "  plain INTEGER NOT NULL,"
    "  PRIMARY KEY (id, line)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX record_event ON record (request, doc ->> '$.sequence', doc ->> '$.action', "
    "doc ->> '$.line', coalesce (doc ->> '$.receivedAt', doc ->> '$.at'), doc ->> '$.data.for', "
    "doc ->> '$.data.by', doc ->> '$.data.approval') "
    "WHERE type = 'RequestEvent' AND doc IS NOT NULL;"
    "INSERT OR IGNORE INTO case_stale (request) SELECT row FROM record WHERE type = 'Request' AND "
    "doc IS NOT NULL;";

const BstMigration bst_storage_migrations[] = {
  { 1, schema_1, NULL }, { 2, schema_2, NULL }, { 3, schema_3, NULL }, { 4, schema_4, NULL },
  { 5, schema_5, NULL }, { 6, schema_6, NULL }, { 0, NULL, NULL },
};
