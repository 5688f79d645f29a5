/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The replica's tables, from the data dictionary. Names come from its constant tables and nowhere else.
 */

#include "bst-replica.h"

#include <string.h>

/*
 * Beside the unique index on the id. Those of Request carry what its lists filter by, so that a filtered
 * list of 100,000 is counted and ordered without reading a document.
 */
static const BstReplicaIndex indices[] = {
  { "OrgUnit_parent", "CREATE INDEX OrgUnit_parent ON OrgUnit (parent)" },
  { "Service_area", "CREATE INDEX Service_area ON Service (area)" },
  { "Request_updated",
    "CREATE INDEX Request_updated ON Request (updated, state, unit, area, orderer, submittedAt)" },
  { "Request_state", "CREATE INDEX Request_state ON Request (state, due, unit)" },
  { "RequestEvent_request",
    "CREATE INDEX RequestEvent_request ON RequestEvent (request, sequence)" },
  { "Measure_unit", "CREATE INDEX Measure_unit ON Measure (unit, month, service)" },
  { "Tally_unit", "CREATE INDEX Tally_unit ON Tally (unit, month, service)" },
  { "Charge_month", "CREATE INDEX Charge_month ON Charge (month)" },
  { NULL },
};

const BstReplicaIndex *
bst_replica_indices (void)
{
  return indices;
}

/* Without these no record can be merged, or sent again: a revision is an UnsignedInt (RFC 8620 §1.3) above 0. */
#define IS_RECORD                                                                                  \
  "json_type (doc, '$.id') = 'text' AND (json_type (doc, '$.rev') IS NULL OR (json_type (doc, "    \
  "'$.rev') = 'integer' AND rev BETWEEN 1 AND 9007199254740991))"

static gboolean
is_column (const BstField *field)
{
  return (field->flags & BST_FIELD_INDEXED) || strcmp (field->name, "id") == 0 ||
         strcmp (field->name, "rev") == 0;
}

gboolean
bst_replica_has_column (const BstRecordType *type, const char *name)
{
  const BstField *field = bst_record_type_field (type, name);

  return field && is_column (field);
}

/* What is seldom asked for is computed when it is: every stored column costs a first synchronisation dear. */
static gboolean
is_stored (const BstField *field)
{
  static const char *const seldom[] = { "rev", "created", NULL };

  return !(field->flags & BST_FIELD_SEARCHABLE) && !g_strv_contains (seldom, field->name);
}

static void
append_column (GString *sql, const BstField *field)
{
  g_string_append (sql, "\"");
  g_string_append (sql, field->name);
  g_string_append (sql, field->kind == BST_FIELD_INT ? "\" INTEGER" : "\" TEXT");
  g_string_append (sql, " GENERATED ALWAYS AS (doc ->> '$.");
  g_string_append (sql, field->name);
  g_string_append (sql, is_stored (field) ? "') STORED" : "') VIRTUAL");
  g_string_append (sql, strcmp (field->name, "id") == 0 ? " NOT NULL UNIQUE, " : ", ");
}

char *
bst_replica_schema (void)
{
  GString *sql = g_string_new (NULL);

  for (const BstRecordType *const *type = bst_record_types (); *type; type++)
    {
      g_string_append (sql, "CREATE TABLE \"");
      g_string_append (sql, (*type)->name);
      g_string_append (sql, "\" (rowid INTEGER PRIMARY KEY, _account TEXT NOT NULL, _local TEXT, ");
      for (const BstField *field = (*type)->fields; field->name; field++)
        if (is_column (field))
          append_column (sql, field);
      g_string_append (sql,
                       "_base TEXT, doc TEXT NOT NULL, CONSTRAINT id_and_revision CHECK (" IS_RECORD
                       "));\n");
    }
  /* Of what is ours there is little, and it is asked for during a first synchronisation too. */
  g_string_append (
      sql, "CREATE INDEX Request_local ON Request (_local) WHERE _local IS NOT NULL;\n"
           "CREATE INDEX RequestEvent_local ON RequestEvent (request) WHERE _local IS NOT NULL;\n");
  return g_string_free (sql, FALSE);
}
