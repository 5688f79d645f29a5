/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The data dictionary. A record type is described here and nowhere else: validation on the server,
 * columns and indices in the stores, decoding, patching and merging all read these tables. Adding a
 * property is one line; adding a type is one table and one line in bst_record_types().
 */

#include "bst-record-type.h"

#include "bst-calendar.h"
#include "bst-org.h"

#include <string.h>

/* The tables are laid out by hand. */
/* clang-format off */
#define VALUES(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define END { NULL }

#define REQ BST_FIELD_REQUIRED
#define IMM BST_FIELD_IMMUTABLE
#define SRV BST_FIELD_SERVER
#define IDX BST_FIELD_INDEXED
#define FTS BST_FIELD_SEARCHABLE

/* What every record has. uid: made by the client (UUIDv7), unique in the account (docs/protocol.md). */
#define COMMON                                                                                     \
  { "id", BST_FIELD_STRING, SRV }, { "uid", BST_FIELD_STRING, IMM }, { "rev", BST_FIELD_INT, SRV }, \
      { "created", BST_FIELD_INSTANT, SRV | IDX }, { "updated", BST_FIELD_INSTANT, SRV | IDX }

#define PART(ident, ...)                                                                           \
  static const BstField ident##_fields[] = { __VA_ARGS__, END };                                   \
  static const BstRecordType ident = { .fields = ident##_fields }

/* ---- organisation and people ---- */

static const BstField org_unit_fields[] = {
  COMMON,
  { "name", BST_FIELD_STRING, REQ | IDX | FTS, .weight = 10 },
  { "kind", BST_FIELD_ENUM, REQ | IDX, VALUES ("authority", "department", "institution", "performer") },
  { "parent", BST_FIELD_REF, IDX, .target = "OrgUnit" }, /* absent: the authority itself */
  { "gln", BST_FIELD_GLN },                              /* EAN location number (Denmark) */
  { "cvr", BST_FIELD_CVR },                              /* Denmark: who it is by law; inherited */
  { "orgnr", BST_FIELD_ORGNR },                          /* Norway */
  { "costPlace", BST_FIELD_STRING },
  { "timeZone", BST_FIELD_STRING }, /* tz database name; inherited from the parent when absent */
  { "currency", BST_FIELD_STRING }, /* ISO 4217; inherited */
  { "country", BST_FIELD_STRING },  /* ISO 3166-1 alpha-2; inherited */
  { "address", BST_FIELD_STRING },
  { "phone", BST_FIELD_STRING },
  { "email", BST_FIELD_STRING },
  { "sample", BST_FIELD_BOOL }, /* made-up data for trying things out */
  END,
};
static const BstRecordType org_unit = { "OrgUnit", org_unit_fields, BST_ACCOUNT_SHARED, 0, NULL, "name", bst_org_unit_check };

/* A grant holds on @unit and all below it. @limit: an approver's largest order. */
PART (grant,
      { "role", BST_FIELD_ENUM, REQ,
        VALUES ("receiver", "orderer", "approver", "strategic", "performer", "administrator") },
      { "unit", BST_FIELD_REF, REQ, .target = "OrgUnit" },
      { "limit", BST_FIELD_MONEY });

static const BstField person_fields[] = {
  COMMON,
  { "name", BST_FIELD_STRING, REQ | IDX | FTS, .weight = 10 },
  { "unit", BST_FIELD_REF, REQ | IDX, .target = "OrgUnit" },
  { "title", BST_FIELD_STRING, FTS, .weight = 3 },
  { "email", BST_FIELD_STRING },
  { "phone", BST_FIELD_STRING },
  { "language", BST_FIELD_ENUM, 0, VALUES ("da", "nb", "nn", "en") },
  { "grants", BST_FIELD_MAP, .part = &grant },
  { "left", BST_FIELD_DATE }, /* no longer employed from this day */
  END,
};
static const BstRecordType person = { "Person", person_fields, BST_ACCOUNT_SHARED, 0, NULL, "name" };

/* ---- catalogue ---- */

static const BstField service_area_fields[] = {
  COMMON,
  { "name", BST_FIELD_LOCALIZED, REQ },
  { "description", BST_FIELD_LOCALIZED },
  { "icon", BST_FIELD_STRING }, /* name of a symbolic icon */
  { "order", BST_FIELD_INT, IDX },
  END,
};
static const BstRecordType service_area = { "ServiceArea", service_area_fields, BST_ACCOUNT_SHARED, 0, NULL, "name" };

/*
 * model: included (no charge) | one-off | per-unit (unitPrice × quantity) | monthly | one-off-and-monthly.
 * once: charged at delivery, per unit of quantity. monthly: charged each month, per unit of quantity.
 */
PART (price,
      { "model", BST_FIELD_ENUM, REQ, VALUES ("included", "one-off", "per-unit", "monthly", "one-off-and-monthly") },
      { "once", BST_FIELD_MONEY },
      { "monthly", BST_FIELD_MONEY },
      { "unit", BST_FIELD_LOCALIZED }); /* what one unit is: "stk.", "licens", "m²" */

/*
 * Delivered within @value of @unit, counted in @calendar. "minutes" and "hours" are of opening. @outside holds instead for
 * what comes in outside the hours of @calendar.
 */
#define DURATION                                                                                   \
  { "value", BST_FIELD_INT, REQ, .most = 100000 }, { "unit", BST_FIELD_ENUM, REQ, VALUES ("minutes", "hours", "working-days") }, \
      { "calendar", BST_FIELD_REF, .target = "Calendar" }
PART (outside_hours, DURATION);
PART (promise, DURATION, { "outside", BST_FIELD_OBJECT, .part = &outside_hours });

/*
 * percent of the cases that shall keep the promise ("90 % within 3 days"); respond: first answer within, for respondPercent of
 * them (absent: as percent). firstTime: percent right first time. satisfaction: mean of the stars, 1 … 5. availability: percent
 * of the opening hours without disturbance.
 */
PART (target,
      { "percent", BST_FIELD_INT, .most = 100 },
      { "respond", BST_FIELD_OBJECT, .part = &promise },
      { "respondPercent", BST_FIELD_INT, .most = 100 },
      { "firstTime", BST_FIELD_INT, .most = 100 },
      { "satisfaction", BST_FIELD_NUMBER, .most = 5 },
      { "availability", BST_FIELD_NUMBER, .most = 100 });

PART (choice, { "value", BST_FIELD_STRING, REQ }, { "label", BST_FIELD_LOCALIZED, REQ });

/* Asked only while the answer to @field equals @equals, or is one of @in, or is not empty (@filled). */
PART (condition,
      { "field", BST_FIELD_STRING, REQ },
      { "equals", BST_FIELD_JSON },
      { "in", BST_FIELD_STRINGS },
      { "filled", BST_FIELD_BOOL });

/* Answers: text, multiline, choice -> string; number -> number; check -> bool; date -> date;
 * choices -> array of strings; person -> Person id or free text; unit -> OrgUnit id. */
PART (form_field,
      { "key", BST_FIELD_STRING, REQ },
      { "kind", BST_FIELD_ENUM, REQ,
        VALUES ("text", "multiline", "number", "check", "date", "choice", "choices", "person", "unit") },
      { "label", BST_FIELD_LOCALIZED, REQ },
      { "help", BST_FIELD_LOCALIZED },
      { "required", BST_FIELD_BOOL },
      { "choices", BST_FIELD_LIST, .part = &choice },
      { "min", BST_FIELD_NUMBER },
      { "max", BST_FIELD_NUMBER },
      { "maxLength", BST_FIELD_INT },
      { "pattern", BST_FIELD_STRING }, /* GRegex, anchored at both ends */
      { "suffix", BST_FIELD_LOCALIZED }, /* unit shown after the field: "m²" */
      { "when", BST_FIELD_OBJECT, .part = &condition });

/* none | always | above: when the order's one-off total is over @above */
PART (approval_rule,
      { "rule", BST_FIELD_ENUM, REQ, VALUES ("none", "always", "above") },
      { "above", BST_FIELD_MONEY });

/* empty: every orderer in every unit */
PART (orderable_by, { "roles", BST_FIELD_STRINGS }, { "unitKinds", BST_FIELD_STRINGS }, { "units", BST_FIELD_REFS, .target = "OrgUnit" });

PART (responsible,
      { "customerManager", BST_FIELD_REF, .target = "Person" },
      { "processOwner", BST_FIELD_REF, .target = "Person" },
      { "performer", BST_FIELD_REF, .target = "OrgUnit" });

static const BstField service_fields[] = {
  COMMON,
  { "code", BST_FIELD_STRING, REQ | IDX | FTS, .weight = 6 }, /* "IT-101", stable over versions */
  { "area", BST_FIELD_REF, REQ | IDX, .target = "ServiceArea" },
  { "name", BST_FIELD_LOCALIZED, REQ | FTS, .weight = 10 },
  { "summary", BST_FIELD_LOCALIZED, FTS, .weight = 4 },     /* one line for lists */
  { "description", BST_FIELD_LOCALIZED, FTS, .weight = 1 }, /* what you get */
  { "needs", BST_FIELD_LOCALIZED },                         /* what we need from you */
  { "terms", BST_FIELD_LOCALIZED },
  { "keywords", BST_FIELD_LOCALIZED, FTS, .weight = 8 }, /* synonyms and everyday words, comma-separated */
  { "obligation", BST_FIELD_ENUM, REQ | IDX, VALUES ("mandatory", "add-on") },
  { "price", BST_FIELD_OBJECT, REQ, .part = &price },
  { "promise", BST_FIELD_OBJECT, .part = &promise },
  { "target", BST_FIELD_OBJECT, .part = &target },
  { "form", BST_FIELD_LIST, .part = &form_field },
  { "approval", BST_FIELD_OBJECT, .part = &approval_rule },
  { "orderableBy", BST_FIELD_OBJECT, .part = &orderable_by },
  { "responsible", BST_FIELD_OBJECT, .part = &responsible },
  { "articles", BST_FIELD_REFS, .target = "Article" }, /* the positive list for this service */
  { "quantity", BST_FIELD_BOOL },                      /* whether more than one can be ordered on a line */
  { "validFrom", BST_FIELD_DATE },
  { "validTo", BST_FIELD_DATE, IDX }, /* withdrawn after this day */
  { "version", BST_FIELD_INT },
  END,
};
static const BstRecordType service = { "Service", service_fields, BST_ACCOUNT_SHARED, 0, NULL, "name" };

/* offsetDays: when it should be delivered, counted from the first (or last) day; negative is before. */
PART (bundle_item,
      { "service", BST_FIELD_REF, REQ, .target = "Service" },
      { "article", BST_FIELD_REF, .target = "Article" },
      { "quantity", BST_FIELD_INT },
      { "offsetDays", BST_FIELD_INT },
      { "optional", BST_FIELD_BOOL });

static const BstField bundle_fields[] = {
  COMMON,
  { "code", BST_FIELD_STRING, REQ | FTS, .weight = 6 },
  { "name", BST_FIELD_LOCALIZED, REQ | FTS, .weight = 10 },
  { "summary", BST_FIELD_LOCALIZED, FTS, .weight = 4 },
  { "keywords", BST_FIELD_LOCALIZED, FTS, .weight = 8 },
  { "area", BST_FIELD_REF, IDX, .target = "ServiceArea" },
  { "purpose", BST_FIELD_ENUM, 0, VALUES ("joiner", "mover", "leaver", "other") },
  { "mirror", BST_FIELD_REF, .target = "Bundle" }, /* the leaver of this joiner */
  { "items", BST_FIELD_LIST, REQ, .part = &bundle_item },
  { "validFrom", BST_FIELD_DATE },
  { "validTo", BST_FIELD_DATE },
  END,
};
static const BstRecordType bundle = { "Bundle", bundle_fields, BST_ACCOUNT_SHARED, 0, NULL, "name" };

static const BstField article_fields[] = {
  COMMON,
  { "number", BST_FIELD_STRING, REQ | IDX | FTS, .weight = 6 }, /* the supplier's article number */
  { "name", BST_FIELD_LOCALIZED, REQ | FTS, .weight = 10 },
  { "description", BST_FIELD_LOCALIZED, FTS, .weight = 1 },
  { "keywords", BST_FIELD_LOCALIZED, FTS, .weight = 8 },
  { "area", BST_FIELD_REF, IDX, .target = "ServiceArea" },
  { "service", BST_FIELD_REF, .target = "Service" }, /* the service by which it is ordered */
  { "price", BST_FIELD_MONEY },
  { "unit", BST_FIELD_STRING }, /* UN/ECE Recommendation 20 code as in UBL ("EA"), or plain words */
  { "supplier", BST_FIELD_STRING, FTS, .weight = 2 },
  { "supplierGln", BST_FIELD_STRING },
  { "gtin", BST_FIELD_STRING },
  { "catalogue", BST_FIELD_STRING }, /* the imported catalogue it came with; withdrawn with it */
  { "replacedBy", BST_FIELD_REF, .target = "Article" },
  { "validFrom", BST_FIELD_DATE },
  { "validTo", BST_FIELD_DATE },
  END,
};
static const BstRecordType article = { "Article", article_fields, BST_ACCOUNT_SHARED, 0, NULL, "name" };

/* rule "easter": @offset days from Easter Sunday; "fixed": @month, @day. In force since/until a year, both included. */
PART (holiday_rule,
      { "rule", BST_FIELD_ENUM, REQ, VALUES ("easter", "fixed") },
      { "offset", BST_FIELD_INT },
      { "month", BST_FIELD_INT },
      { "day", BST_FIELD_INT },
      { "name", BST_FIELD_LOCALIZED },
      { "since", BST_FIELD_INT },
      { "until", BST_FIELD_INT });

PART (closing, { "from", BST_FIELD_DATE, REQ }, { "to", BST_FIELD_DATE }, { "name", BST_FIELD_LOCALIZED });

static const BstField calendar_fields[] = {
  COMMON,
  { "code", BST_FIELD_STRING, REQ | IDX }, /* "dk-office" */
  { "name", BST_FIELD_LOCALIZED, REQ },
  { "timeZone", BST_FIELD_STRING, REQ },
  { "weekly", BST_FIELD_JSON, REQ }, /* {"mon": [["08:00","12:00"],["12:30","16:00"]], …}; local time, "24:00" allowed */
  { "holidays", BST_FIELD_LIST, .part = &holiday_rule },
  { "closed", BST_FIELD_LIST, .part = &closing },
  { "version", BST_FIELD_INT },
  END,
};
static const BstRecordType calendar = { "Calendar", calendar_fields, BST_ACCOUNT_SHARED, 0, NULL, "name", bst_calendar_check };

static const BstField notice_fields[] = {
  COMMON,
  { "kind", BST_FIELD_ENUM, REQ | IDX, VALUES ("disturbance", "planned", "news", "road-map") },
  { "title", BST_FIELD_LOCALIZED, REQ },
  { "text", BST_FIELD_LOCALIZED },
  { "services", BST_FIELD_REFS, .target = "Service" },
  { "units", BST_FIELD_REFS, .target = "OrgUnit" }, /* empty: all */
  { "from", BST_FIELD_INSTANT, REQ | IDX },
  { "to", BST_FIELD_INSTANT, IDX },
  END,
};
static const BstRecordType notice = { "Notice", notice_fields, BST_ACCOUNT_SHARED, 0, NULL, "title" };

/* ---- orders ---- */

/* The price as it was when ordered; amounts per unit of quantity. */
#define ORDER_STATES                                                                               \
  VALUES ("draft", "submitted", "awaiting-approval", "accepted", "in-progress", "waiting", "delivered", \
          "closed", "rejected", "cancelled")

PART (line,
      { "service", BST_FIELD_REF, REQ, .target = "Service" },
      { "serviceVersion", BST_FIELD_INT },
      { "name", BST_FIELD_LOCALIZED },
      { "article", BST_FIELD_REF, .target = "Article" },
      { "quantity", BST_FIELD_INT, REQ },
      { "price", BST_FIELD_OBJECT, .part = &price },
      { "answers", BST_FIELD_JSON }, /* form key -> answer */
      { "asked", BST_FIELD_JSON },   /* of drafts: form key -> the question as it was when it was answered */
      { "promise", BST_FIELD_OBJECT, .part = &promise },
      { "respond", BST_FIELD_OBJECT, SRV, .part = &promise },
      { "agreement", BST_FIELD_REF, SRV, .target = "Agreement" }, /* whose target holds; frozen at receipt, as the next two */
      { "agreementVersion", BST_FIELD_INT, SRV },
      { "calendarVersion", BST_FIELD_INT, SRV },
      { "wantedDate", BST_FIELD_DATE },
      { "bundle", BST_FIELD_REF, .target = "Bundle" },
      { "order", BST_FIELD_INT }, /* position among the lines */
      { "state", BST_FIELD_ENUM, SRV, ORDER_STATES },
      { "waitingFor", BST_FIELD_ENUM, SRV, VALUES ("orderer", "performer", "supplier") },
      { "performer", BST_FIELD_REF, SRV, .target = "OrgUnit" },
      { "due", BST_FIELD_INSTANT, SRV },
      { "fixedDue", BST_FIELD_INSTANT, SRV }, /* came with a case from elsewhere: instead of a promise */
      { "deliveredAt", BST_FIELD_INSTANT, SRV },
      { "chargeUntil", BST_FIELD_STRING, SRV }, /* month, "2026-09": the last in which its monthly price is charged */
      { "disputes", BST_FIELD_INT, SRV });

PART (receiver, { "person", BST_FIELD_REF, .target = "Person" }, { "name", BST_FIELD_STRING });

PART (approval,
      { "person", BST_FIELD_REF, REQ, .target = "Person" },
      { "verdict", BST_FIELD_ENUM, REQ, VALUES ("approved", "rejected") },
      { "at", BST_FIELD_INSTANT },
      { "text", BST_FIELD_TEXT });

PART (rating, { "stars", BST_FIELD_INT, REQ }, { "text", BST_FIELD_TEXT }); /* 1 … 5 */

PART (attachment,
      { "name", BST_FIELD_STRING, REQ },
      { "blobId", BST_FIELD_STRING },
      { "sha256", BST_FIELD_STRING },
      { "size", BST_FIELD_INT },
      { "type", BST_FIELD_STRING });

/* What happened to a case before it was taken over from another system, oldest first. action: as of a RequestEvent. */
PART (past_step,
      { "at", BST_FIELD_INSTANT, REQ },
      { "action", BST_FIELD_STRING, REQ },
      { "for", BST_FIELD_ENUM, 0, VALUES ("orderer", "performer", "supplier") },
      { "text", BST_FIELD_TEXT });

#define PRIORITIES VALUES ("low", "normal", "high", "urgent")

static const BstField request_fields[] = {
  COMMON,
  { "number", BST_FIELD_STRING, SRV | IDX | FTS, .weight = 8 }, /* "2026-004211", given at receipt */
  { "title", BST_FIELD_STRING, REQ | IDX | FTS, .weight = 10 },
  { "need", BST_FIELD_TEXT, FTS, .weight = 3 }, /* what should happen, in the orderer's words */
  { "unit", BST_FIELD_REF, REQ | IDX, .target = "OrgUnit" },
  { "area", BST_FIELD_REF, IDX, .target = "ServiceArea" }, /* of the first line: for filters */
  { "ean", BST_FIELD_GLN },
  { "costPlace", BST_FIELD_STRING },
  { "orderer", BST_FIELD_REF, IDX, .target = "Person" },
  { "receivers", BST_FIELD_MAP, .part = &receiver },
  { "place", BST_FIELD_STRING }, /* where it shall be delivered */
  { "wantedDate", BST_FIELD_DATE },
  { "priority", BST_FIELD_ENUM, 0, PRIORITIES }, /* absent: normal */
  { "lines", BST_FIELD_MAP, .part = &line },
  { "attachments", BST_FIELD_MAP, .part = &attachment },
  { "state", BST_FIELD_ENUM, SRV | IDX, ORDER_STATES },
  { "waitingFor", BST_FIELD_ENUM, SRV, VALUES ("orderer", "performer", "supplier") },
  { "submittedAt", BST_FIELD_INSTANT, SRV | IDX },
  { "due", BST_FIELD_INSTANT, SRV | IDX }, /* the latest of its lines that are not yet delivered */
  { "reason", BST_FIELD_TEXT, SRV },       /* why rejected or cancelled */
  { "total", BST_FIELD_MONEY, SRV },       /* one-off */
  { "totalMonthly", BST_FIELD_MONEY, SRV },
  { "approvals", BST_FIELD_MAP, SRV, .part = &approval },
  { "rating", BST_FIELD_OBJECT, SRV, .part = &rating },
  { "eventSequence", BST_FIELD_INT, SRV }, /* of the last event folded into it (bst-life.h) */
  { "channel", BST_FIELD_ENUM, SRV | IDX, VALUES ("app", "phone", "mail", "counter", "web", "other") }, /* absent: app */
  { "source", BST_FIELD_STRING, SRV },  /* the system that it was taken over from */
  { "history", BST_FIELD_LIST, SRV, .part = &past_step },
  END,
};
static const BstRecordType request = {
  "Request", request_fields, BST_ACCOUNT_DEPARTMENT, BST_RECORD_CREATE | BST_RECORD_UPDATE, "unit", "title",
};

/*
 * action: a row of the order's life (bst-life.h). line: the line it concerns; absent: all lines that
 * the table lets it concern. data: what the action carries (see bst-life.h).
 */
static const BstField request_event_fields[] = {
  COMMON,
  { "request", BST_FIELD_REF, REQ | IMM | IDX, .target = "Request" },
  { "line", BST_FIELD_STRING, IMM },
  { "action", BST_FIELD_STRING, REQ | IMM },
  { "at", BST_FIELD_INSTANT, REQ | IMM | IDX },        /* when it was done, by the doer's clock */
  { "receivedAt", BST_FIELD_INSTANT, SRV | IDX },      /* when the server received it */
  { "person", BST_FIELD_REF, SRV, .target = "Person" }, /* who did it */
  { "unit", BST_FIELD_REF, SRV | IDX, .target = "OrgUnit" }, /* of the request */
  { "text", BST_FIELD_TEXT, IMM },                     /* message, reason, answer */
  { "data", BST_FIELD_JSON, IMM },
  { "sequence", BST_FIELD_INT, SRV | IDX },            /* order of receipt within the request */
  END,
};
static const BstRecordType request_event = {
  "RequestEvent", request_event_fields, BST_ACCOUNT_DEPARTMENT, BST_RECORD_CREATE | BST_RECORD_APPEND_ONLY, "unit", NULL,
};

/* ---- agreements, measures, cost, mandates ---- */

PART (clause, { "heading", BST_FIELD_LOCALIZED }, { "text", BST_FIELD_LOCALIZED });
PART (priority_target,
      { "priority", BST_FIELD_ENUM, REQ, PRIORITIES },
      { "promise", BST_FIELD_OBJECT, .part = &promise },
      { "respond", BST_FIELD_OBJECT, .part = &promise });
/* What is absent is as the catalogue has it. */
PART (service_target,
      { "service", BST_FIELD_REF, REQ, .target = "Service" },
      { "promise", BST_FIELD_OBJECT, .part = &promise },
      { "target", BST_FIELD_OBJECT, .part = &target },
      { "price", BST_FIELD_OBJECT, .part = &price },
      { "priorities", BST_FIELD_LIST, .part = &priority_target });
/* One step of the performer's chain behind a service. after: keys of the steps that must be done first; absent: none. */
PART (ola,
      { "key", BST_FIELD_STRING },
      { "service", BST_FIELD_REF, .target = "Service" },
      { "performer", BST_FIELD_REF, .target = "OrgUnit" },
      { "step", BST_FIELD_LOCALIZED },
      { "promise", BST_FIELD_OBJECT, .part = &promise },
      { "after", BST_FIELD_STRINGS });

static const BstField agreement_fields[] = {
  COMMON,
  { "kind", BST_FIELD_ENUM, REQ, VALUES ("framework", "sla") },
  { "name", BST_FIELD_LOCALIZED, REQ },
  { "unit", BST_FIELD_REF, REQ | IDX, .target = "OrgUnit" },
  { "clauses", BST_FIELD_LIST, .part = &clause },
  { "targets", BST_FIELD_LIST, .part = &service_target },
  { "olas", BST_FIELD_LIST, .part = &ola },
  { "calendar", BST_FIELD_REF, .target = "Calendar" },
  { "code", BST_FIELD_STRING, IDX }, /* the same in all versions of one agreement: "SLA-SKOLE" */
  { "version", BST_FIELD_INT, REQ },
  { "validFrom", BST_FIELD_DATE, REQ | IDX },
  { "validTo", BST_FIELD_DATE },
  END,
};
static const BstRecordType agreement = { "Agreement", agreement_fields, BST_ACCOUNT_DEPARTMENT, BST_RECORD_FROM_BELOW, "unit", "name" };

/*
 * What was measured (bst-measure.h). met + breached are the cases that had a promise; the respond… ones had a promised first
 * answer. Seconds are business seconds. Without ratings: fewer than five, or they would tell of a group that has fewer.
 */
#define RESULTS                                                                                    \
  { "cases", BST_FIELD_INT }, { "met", BST_FIELD_INT }, { "breached", BST_FIELD_INT },             \
      { "responseMet", BST_FIELD_INT }, { "responseBreached", BST_FIELD_INT },                     \
      { "medianSeconds", BST_FIELD_INT }, { "p90Seconds", BST_FIELD_INT }, { "firstTime", BST_FIELD_INT }, \
      { "delivered", BST_FIELD_INT }, { "ratings", BST_FIELD_INT }, { "ratingSum", BST_FIELD_INT },  \
      { "availability", BST_FIELD_NUMBER }
PART (results, RESULTS);
PART (channel_count, { "cases", BST_FIELD_INT });

/* Of @unit and all below it. Without service: all services together. */
static const BstField measure_fields[] = {
  COMMON,
  { "unit", BST_FIELD_REF, REQ | IDX, .target = "OrgUnit" },
  { "service", BST_FIELD_REF, IDX, .target = "Service" },
  { "month", BST_FIELD_STRING, REQ | IDX }, /* "2026-03" */
  RESULTS,
  { "channels", BST_FIELD_MAP, .part = &channel_count }, /* channel -> how many */
  { "all", BST_FIELD_OBJECT, .part = &results },         /* of a department: the same for the whole authority */
  END,
};
static const BstRecordType measure = { "Measure", measure_fields, BST_ACCOUNT_DEPARTMENT, BST_RECORD_FROM_BELOW, "unit", NULL };

/* Which cases a unit itself had of a service in a month, and as what they count (bst-tally.h). Without verdict: nothing was promised. */
PART (tallied,
      { "request", BST_FIELD_REF, REQ, .target = "Request" },
      { "line", BST_FIELD_STRING, REQ },
      { "channel", BST_FIELD_STRING },
      { "verdict", BST_FIELD_ENUM, 0, VALUES ("met", "breached") },
      { "due", BST_FIELD_INSTANT },
      { "stopped", BST_FIELD_INSTANT }, /* delivered; then also the next two */
      { "elapsed", BST_FIELD_INT },     /* business seconds */
      { "firstTime", BST_FIELD_BOOL },
      { "response", BST_FIELD_ENUM, 0, VALUES ("met", "breached") },
      { "responseDue", BST_FIELD_INSTANT });

static const BstField tally_fields[] = {
  COMMON,
  { "unit", BST_FIELD_REF, REQ | IDX, .target = "OrgUnit" },
  { "service", BST_FIELD_REF, REQ | IDX, .target = "Service" },
  { "month", BST_FIELD_STRING, REQ | IDX },
  { "cases", BST_FIELD_LIST, .part = &tallied },
  END,
};
static const BstRecordType tally = { "Tally", tally_fields, BST_ACCOUNT_DEPARTMENT, 0, "unit", NULL };

/*
 * One billed line. kind: once (at delivery), monthly, credit (takes back the charge @credits). objection: the department's, in its
 * words; what was decided on it is the performer's.
 */
static const BstField charge_fields[] = {
  COMMON,
  { "unit", BST_FIELD_REF, REQ | SRV | IDX, .target = "OrgUnit" },
  { "request", BST_FIELD_REF, SRV | IDX, .target = "Request" },
  { "line", BST_FIELD_STRING, SRV },
  { "service", BST_FIELD_REF, SRV | IDX, .target = "Service" },
  { "month", BST_FIELD_STRING, REQ | SRV | IDX },
  { "kind", BST_FIELD_ENUM, SRV, VALUES ("once", "monthly", "credit") },
  { "amount", BST_FIELD_MONEY, REQ | SRV },
  { "quantity", BST_FIELD_INT, SRV },
  { "ean", BST_FIELD_GLN, SRV },
  { "costPlace", BST_FIELD_STRING, SRV },
  { "priceVersion", BST_FIELD_INT, SRV },
  { "text", BST_FIELD_STRING, SRV },
  { "credits", BST_FIELD_REF, SRV, .target = "Charge" },
  { "bill", BST_FIELD_STRING, SRV | IDX }, /* number of the bill that it stands on */
  { "objection", BST_FIELD_TEXT },
  { "objectionState", BST_FIELD_ENUM, SRV, VALUES ("raised", "accepted", "declined") },
  { "objectionReply", BST_FIELD_TEXT, SRV },
  END,
};
static const BstRecordType charge = { "Charge", charge_fields, BST_ACCOUNT_DEPARTMENT, BST_RECORD_UPDATE, "unit", "text" };

static const BstField budget_fields[] = {
  COMMON,
  { "unit", BST_FIELD_REF, REQ | IDX, .target = "OrgUnit" },
  { "year", BST_FIELD_INT, REQ | IDX, .least = 1970, .most = 9999 },
  { "amount", BST_FIELD_MONEY, REQ },
  END,
};
static const BstRecordType budget = { "Budget", budget_fields, BST_ACCOUNT_DEPARTMENT, 0, "unit", NULL };

/* A change of the SLA that the department asks for. olas, price: what the performer says that it takes. */
static const BstField proposal_fields[] = {
  COMMON,
  { "unit", BST_FIELD_REF, REQ | IDX, .target = "OrgUnit" },
  { "title", BST_FIELD_STRING, REQ | FTS, .weight = 10 },
  { "reasons", BST_FIELD_TEXT },
  { "agreement", BST_FIELD_REF, .target = "Agreement" }, /* the version that it would change */
  { "service", BST_FIELD_REF, .target = "Service" },
  { "promise", BST_FIELD_OBJECT, .part = &promise },
  { "target", BST_FIELD_OBJECT, .part = &target },
  { "withdrawn", BST_FIELD_BOOL }, /* the department has thought better of it */
  { "state", BST_FIELD_ENUM, SRV | IDX, VALUES ("proposed", "answered", "agreed", "declined", "withdrawn") },
  { "reply", BST_FIELD_TEXT, SRV },
  { "olas", BST_FIELD_LIST, SRV, .part = &ola },
  { "price", BST_FIELD_OBJECT, SRV, .part = &price },
  { "inForceFrom", BST_FIELD_DATE, SRV },
  { "proposer", BST_FIELD_REF, SRV, .target = "Person" },
  END,
};
static const BstRecordType proposal = {
  "Proposal", proposal_fields, BST_ACCOUNT_DEPARTMENT, BST_RECORD_CREATE | BST_RECORD_UPDATE, "unit", "title",
};

/* @substitute may do what @principal's @role lets her do, on @unit and below, up to @limit, from … until. */
static const BstField mandate_fields[] = {
  COMMON,
  { "unit", BST_FIELD_REF, REQ | IDX, .target = "OrgUnit" },
  { "principal", BST_FIELD_REF, REQ, .target = "Person" },
  { "substitute", BST_FIELD_REF, REQ, .target = "Person" },
  { "role", BST_FIELD_ENUM, REQ, VALUES ("orderer", "approver") },
  { "limit", BST_FIELD_MONEY },
  { "from", BST_FIELD_DATE, REQ },
  { "until", BST_FIELD_DATE },
  END,
};
static const BstRecordType mandate = {
  "Mandate", mandate_fields, BST_ACCOUNT_DEPARTMENT, BST_RECORD_CREATE | BST_RECORD_UPDATE, "unit", NULL,
};
/* clang-format on */

const BstRecordType *const *
bst_record_types (void)
{
  static const BstRecordType *const types[] = {
    &org_unit, &person, &service_area, &calendar,      &service,   &bundle,
    &article,  &notice, &request,      &request_event, &agreement, &measure,
    &tally,    &charge, &budget,       &proposal,      &mandate,   NULL,
  };

  return types;
}

const BstRecordType *
bst_record_type_find (const char *name)
{
  for (const BstRecordType *const *type = bst_record_types (); name && *type; type++)
    if (strcmp ((*type)->name, name) == 0)
      return *type;
  return NULL;
}

const BstField *
bst_record_type_field (const BstRecordType *type, const char *name)
{
  for (const BstField *field = type->fields; field->name; field++)
    if (strcmp (field->name, name) == 0)
      return field;
  return NULL;
}
