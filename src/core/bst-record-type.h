/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-doc.h"

G_BEGIN_DECLS

/**
 * BstFieldKind: what a property of a record is made of.
 *
 * @BST_FIELD_STRING: one line of text, ≤ 1,000 characters
 * @BST_FIELD_TEXT: text of several lines, ≤ 100,000 characters
 * @BST_FIELD_LOCALIZED: map language ("da", "nb", "en") -> text
 * @BST_FIELD_INT: whole number
 * @BST_FIELD_NUMBER: any number
 * @BST_FIELD_BOOL: true or false
 * @BST_FIELD_ENUM: one of @values
 * @BST_FIELD_INSTANT: UTC, "2026-03-12T14:02:00Z"
 * @BST_FIELD_DATE: a day without time zone, "2026-03-12"
 * @BST_FIELD_MONEY: {"amount": minor units, "currency": ISO 4217}
 * @BST_FIELD_GLN: 13 digits with a valid check digit
 * @BST_FIELD_CVR: Danish company number, 8 digits with a valid check digit
 * @BST_FIELD_ORGNR: Norwegian organisation number, 9 digits with a valid check digit
 * @BST_FIELD_REF: id of a record of type @target
 * @BST_FIELD_REFS: array of such ids
 * @BST_FIELD_STRINGS: array of strings
 * @BST_FIELD_MAP: object key -> object of type @part (patches can enter it)
 * @BST_FIELD_OBJECT: one object of type @part
 * @BST_FIELD_LIST: array of objects of type @part
 * @BST_FIELD_JSON: anything (answers of a form, data of an event)
 */
typedef enum
{
  BST_FIELD_STRING,
  BST_FIELD_TEXT,
  BST_FIELD_LOCALIZED,
  BST_FIELD_INT,
  BST_FIELD_NUMBER,
  BST_FIELD_BOOL,
  BST_FIELD_ENUM,
  BST_FIELD_INSTANT,
  BST_FIELD_DATE,
  BST_FIELD_MONEY,
  BST_FIELD_GLN,
  BST_FIELD_CVR,
  BST_FIELD_ORGNR,
  BST_FIELD_REF,
  BST_FIELD_REFS,
  BST_FIELD_STRINGS,
  BST_FIELD_MAP,
  BST_FIELD_OBJECT,
  BST_FIELD_LIST,
  BST_FIELD_JSON,
} BstFieldKind;

typedef enum
{
  BST_FIELD_NONE = 0,
  BST_FIELD_REQUIRED = 1 << 0,
  BST_FIELD_IMMUTABLE = 1 << 1,  /* set at creation only */
  BST_FIELD_SERVER = 1 << 2,     /* set by the server only */
  BST_FIELD_INDEXED = 1 << 3,    /* a generated column in the stores, usable in queries and sorts */
  BST_FIELD_SEARCHABLE = 1 << 4, /* goes into the text index; @weight ranks it */
} BstFieldFlags;

typedef struct _BstRecordType BstRecordType;
typedef struct _BstField BstField;

struct _BstField
{
  const char *name;
  BstFieldKind kind;
  BstFieldFlags flags;
  const char *const *values; /* ENUM */
  const BstRecordType *part; /* MAP, OBJECT, LIST */
  const char *target;        /* REF, REFS: name of the record type */
  guint weight;              /* SEARCHABLE: 1 (body) … 10 (title) */
  gint64 least, most;        /* INT, NUMBER: both included; both 0: any */
};

/** BstAccountKind: in which account records of the type live (docs/protocol.md, "Accounts"). */
typedef enum
{
  BST_ACCOUNT_SHARED,     /* the catalogue account: the same for all, read-only for orderers */
  BST_ACCOUNT_DEPARTMENT, /* one account a department; each record visible by its unit */
} BstAccountKind;

typedef enum
{
  BST_RECORD_NONE = 0,
  BST_RECORD_CREATE = 1 << 0, /* orderers may create it (with a uid) */
  BST_RECORD_UPDATE = 1 << 1, /* … update it */
  BST_RECORD_APPEND_ONLY = 1 << 2,
  BST_RECORD_FROM_BELOW =
      1 << 3, /* who sees a unit sees those of the units above it too, up to its department */
} BstRecordFlags;

struct _BstRecordType
{
  const char *name;       /* as on the wire: "Request"; parts have none of their own */
  const BstField *fields; /* ended by a field without name */
  BstAccountKind account;
  BstRecordFlags flags;
  const char
      *unit_field; /* DEPARTMENT: the property that holds the OrgUnit that decides visibility */
  const char *title_field; /* the property that names the record to people */

  /* (nullable): whether the properties, each well formed, make sense together; INVALID, "path: what is wrong" */
  gboolean (*check) (GVariant *doc, GError **error);
};

/** bst_record_types: all record types, in the order in which a client should fetch them; ended by %NULL. */
const BstRecordType *const *bst_record_types (void);

/** bst_record_type_find: %NULL when there is none of that name. */
const BstRecordType *bst_record_type_find (const char *name);

/** bst_record_type_field: %NULL when @type has no such property. */
const BstField *bst_record_type_field (const BstRecordType *type, const char *name);

/**
 * BstProblem: one thing that is wrong with a document.
 * @path: where ("lines/l1/quantity")
 * @code: a stable word for programs: "required", "type", "value", "immutable", "server-set", "too-long", "check-digit"
 * @message: in English, for logs and administrators
 */
typedef struct
{
  char *path;
  char *code;
  char *message;
} BstProblem;

/** bst_problem_new: the path is put before @message. Returns: (transfer full). */
BstProblem *bst_problem_new (const char *path, const char *code, const char *message);
void bst_problem_free (BstProblem *problem);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstProblem, bst_problem_free)

/**
 * bst_record_type_validate:
 * @doc: the record as it would be stored
 * @previous: (nullable): the record as it is stored now; %NULL at creation
 * @by_server: whether server-set properties may be set or changed
 *
 * Unknown properties are no problem: they survive.
 *
 * Returns: (transfer full) (element-type BstProblem): empty when all is well
 */
GPtrArray *bst_record_type_validate (const BstRecordType *type,
                                     GVariant *doc,
                                     GVariant *previous,
                                     gboolean by_server);

/** bst_record_client_part: @doc without what only the server sets, on this level and in its parts. (transfer full) */
GVariant *bst_record_client_part (GVariant *doc, const BstRecordType *type);

G_END_DECLS
