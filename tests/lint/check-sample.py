#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-sample.py [--root FOLDER] [COUNTRY...]: whether the sample authorities under data/sample are sound.

What a record may hold is read from the data dictionary itself (src/core/bst-record-types.c). One line a
finding, "file: record: path: what"; exit 1 when there is any.
"""
import argparse
import datetime
import json
import os
import re
import sys
import zoneinfo

FILES = {
    "org.json": {"OrgUnit"},
    "calendar.json": {"Calendar"},
    "people.json": {"Person"},
    "catalogue.json": {"ServiceArea", "Service", "Bundle", "Article"},
    "notices.json": {"Notice"},
    "agreements.json": {"Agreement"},
    "budgets.json": {"Budget"},
}
COUNTRIES = {"dk": ("da", "DKK", "DK"), "no": ("nb", "NOK", "NO")}  # language, currency, country
LEAST = {"department": 7, "institution": 150, "performer": 6, "Person": 120, "Service": 150, "Bundle": 12,
         "Article": 60, "ServiceArea": 12, "Calendar": 3, "Notice": 3, "Agreement": 21, "Budget": 300}
BOTH_LANGUAGES = {("Service", "name"), ("Service", "keywords"), ("ServiceArea", "name"), ("Bundle", "name"),
                  ("Bundle", "keywords"), ("Article", "name"), ("Calendar", "name")}
FULL_SERVICE = ("summary", "description", "needs", "terms", "keywords", "promise", "target", "form", "approval",
                "responsible", "quantity", "version")
AMOUNTS = {"included": set(), "one-off": {"once"}, "per-unit": {"once"}, "monthly": {"monthly"},
           "one-off-and-monthly": {"once", "monthly"}}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


# ---- the dictionary, as the C source says it ----------------------------------------------------

def split_top(text):
    """Splits at commas that are in no bracket and no string."""
    parts, depth, quoted, start = [], 0, False, 0
    for i, c in enumerate(text):
        if c == '"':
            quoted = not quoted
        elif not quoted and c in "({":
            depth += 1
        elif not quoted and c in ")}":
            depth -= 1
        elif not quoted and c == "," and depth == 0:
            parts.append(text[start:i].strip())
            start = i + 1
    return parts + [text[start:].strip()]


def closing(text, start):
    """Where the bracket that opens at @start closes."""
    depth = 0
    for i in range(start, len(text)):
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(text[i], 0)
        if depth == 0:
            return i
    raise ValueError("unbalanced dictionary")


def read_fields(body):
    fields = {}
    for item in split_top(body):
        match = re.match(r'\{\s*"(\w+)",\s*BST_FIELD_(\w+)', item)
        if not match:
            continue
        field = {"kind": match[2], "flags": set(re.findall(r"\b(REQ|IMM|SRV|IDX|FTS)\b", item))}
        values = re.search(r"VALUES \(([^)]*)\)", item)
        if values:
            field["values"] = re.findall(r'"([^"]*)"', values[1])
        for key, pattern in (("part", r"\.part = &(\w+)"), ("target", r'\.target = "(\w+)"')):
            found = re.search(pattern, item)
            if found:
                field[key] = found[1]
        fields[match[1]] = field
    return fields


def read_dictionary(path):
    """Returns {type or part: {property: field}}."""
    with open(path, encoding="utf-8") as file:
        text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S).replace("\\\n", " ")
    # Lists of fields or values that stand in several places, which may hold one another.
    for name, value in re.findall(r"^#define ([A-Z_]+) +(\{.*|VALUES .*)$", text, flags=re.M):
        text = re.sub(r"^#define %s .*$" % name, "", text, flags=re.M)
        text = re.sub(r"\b%s\b" % name, lambda _m, v=value: v, text)
    types = {}
    for match in re.finditer(r"^PART \((\w+),", text, flags=re.M):
        end = closing(text, text.index("(", match.start()))
        types[match[1]] = read_fields(text[match.end():end])
    arrays = {}
    for match in re.finditer(r"^static const BstField (\w+_fields)\[\] = \{", text, flags=re.M):
        arrays[match[1]] = read_fields(text[match.end():closing(text, match.end() - 1)])
    for name, array in re.findall(r'BstRecordType \w+ = \{\s*"(\w+)",\s*(\w+_fields)', text):
        types[name] = arrays[array]
    return types


# ---- numbers ------------------------------------------------------------------------------------

def gtin_holds(digits):
    """The check digit of GS1 (GLN, GTIN-13)."""
    if not re.fullmatch(r"[0-9]{13}", digits):
        return False
    return sum(int(c) * (3 if i % 2 else 1) for i, c in enumerate(digits)) % 10 == 0


def cvr_holds(digits):
    weights = (2, 7, 6, 5, 4, 3, 2, 1)
    return bool(re.fullmatch(r"[1-9]\d{7}", digits)) and sum(int(d) * w for d, w in zip(digits, weights)) % 11 == 0


def orgnr_holds(digits):
    """The check digit of the Norwegian organisation number: modulus 11."""
    if not re.fullmatch(r"[0-9]{9}", digits):
        return False
    return sum(int(c) * w for c, w in zip(digits, (3, 2, 7, 6, 5, 4, 3, 2, 1))) % 11 == 0


def is_date(value):
    try:
        return isinstance(value, str) and datetime.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def is_instant(value):
    try:
        datetime.datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ")
        return True
    except (TypeError, ValueError):
        return False


def is_int(value):
    return isinstance(value, int) and not isinstance(value, bool)


# ---- one authority ------------------------------------------------------------------------------

class Checker:
    def __init__(self, types, folder, country):
        self.types, self.folder, self.country = types, folder, country
        self.language, self.currency, self.country_code = COUNTRIES[country]
        self.records, self.where, self.findings = {}, {}, []

    def say(self, record, path, what):
        name = record.get("id", "?") if isinstance(record, dict) else record
        file = self.where.get(name, "")
        self.findings.append(f"{self.country}/{file or '-'}: {name}: {path}: {what}")

    def of(self, kind):
        return [r for r in self.records.values() if r["@type"] == kind]

    def run(self):
        for file, kinds in FILES.items():
            self.load(file, kinds)
        for record in self.records.values():
            self.check_object(record, record["@type"], record, "")
        for check in (self.counts, self.tree, self.people, self.calendars, self.services, self.articles, self.bundles,
                      self.periods, self.agreements):
            check()
        return self.findings

    def load(self, name, kinds):
        try:
            with open(os.path.join(self.folder, name), encoding="utf-8") as file:
                document = json.load(file)
        except (OSError, ValueError) as error:
            self.findings.append(f"{self.country}/{name}: -: -: cannot be read: {error}")
            return
        if document.get("format") != "bestiller-import/1" or not isinstance(document.get("records"), list):
            self.findings.append(f'{self.country}/{name}: -: -: is no "bestiller-import/1" file')
            return
        for record in document["records"]:
            ident = record.get("id")
            if record.get("@type") not in kinds:
                self.findings.append(f"{self.country}/{name}: {ident}: @type: does not belong in this file")
            elif not isinstance(ident, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,100}", ident):
                self.findings.append(f"{self.country}/{name}: {ident}: id: is no id")
            elif ident in self.records:
                self.findings.append(f"{self.country}/{name}: {ident}: id: is used twice")
            else:
                self.records[ident], self.where[ident] = record, name

    # -- any record, by the dictionary

    def check_object(self, value, part, record, prefix):
        if not isinstance(value, dict):
            self.say(record, prefix, "must be an object")
            return
        fields = self.types[part]
        for name, field in fields.items():
            if "REQ" in field["flags"] and name not in value:
                self.say(record, prefix + name, "is missing")
        for name, item in value.items():
            if not prefix and name in ("@type", "id"):
                continue
            if name not in fields:
                self.say(record, prefix + name, "is not in the data dictionary")
            elif "SRV" in fields[name]["flags"]:
                self.say(record, prefix + name, "is set by the server only")
            else:
                self.check_value(item, fields[name], record, prefix + name)

    def check_value(self, value, field, record, path):
        kind = field["kind"]
        if kind in ("STRING", "TEXT"):
            self.check_text(value, record, path, 1000 if kind == "STRING" else 100000)
        elif kind == "LOCALIZED":
            self.check_localized(value, record, path)
        elif kind == "ENUM":
            if value not in field["values"]:
                self.say(record, path, f"{value!r} is none of {', '.join(field['values'])}")
        elif kind == "REF":
            self.check_ref(value, field["target"], record, path)
        elif kind in ("REFS", "STRINGS"):
            if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
                self.say(record, path, "must be a list of strings")
                return
            if len(set(value)) != len(value):
                self.say(record, path, "names something twice")
            for item in value if kind == "REFS" else ():
                self.check_ref(item, field["target"], record, path)
        elif kind in ("OBJECT", "LIST", "MAP"):
            self.check_parts(value, kind, field["part"], record, path)
        elif kind == "MONEY":
            self.check_money(value, record, path)
        elif not self.simple_holds(kind, value):
            self.say(record, path, f"{value!r} is no {kind.lower()}")

    @staticmethod
    def simple_holds(kind, value):
        return {
            "INT": is_int,
            "NUMBER": lambda v: is_int(v) or isinstance(v, float),
            "BOOL": lambda v: isinstance(v, bool),
            "INSTANT": is_instant,
            "DATE": is_date,
            "GLN": lambda v: isinstance(v, str) and gtin_holds(v),
            "CVR": lambda v: isinstance(v, str) and cvr_holds(v),
            "ORGNR": lambda v: isinstance(v, str) and orgnr_holds(v),
            "JSON": lambda v: True,
        }[kind](value)

    def check_parts(self, value, kind, part, record, path):
        if kind == "OBJECT":
            self.check_object(value, part, record, path + "/")
        elif not isinstance(value, dict if kind == "MAP" else list):
            self.say(record, path, f"must be a {kind.lower()}")
        else:
            for key, item in value.items() if kind == "MAP" else enumerate(value):
                self.check_object(item, part, record, f"{path}/{key}/")

    def check_text(self, value, record, path, most):
        if not isinstance(value, str) or not value:
            self.say(record, path, "must be a text")
        elif value != value.strip() or "  " in value:
            self.say(record, path, "has needless blanks")
        elif len(value) > most:
            self.say(record, path, f"is longer than {most} characters")
        elif "\ufffd" in value or re.search("Ã.|â€", value):
            self.say(record, path, "was read in the wrong encoding")

    def check_localized(self, value, record, path):
        if not isinstance(value, dict) or not set(value) <= {"da", "nb", "nn", "en"}:
            self.say(record, path, "must be a map from language to text")
            return
        need = {self.language} | ({"da", "nb"} if (record["@type"], path) in BOTH_LANGUAGES else set())
        for language in sorted(need - set(value)):
            self.say(record, path, f"has no text in {language}")
        for language, text in value.items():
            self.check_text(text, record, f"{path}/{language}", 100000)

    def check_ref(self, value, target, record, path):
        found = self.records.get(value) if isinstance(value, str) else None
        if not found or found["@type"] != target:
            self.say(record, path, f"{value!r} is no {target} here")

    def check_money(self, value, record, path):
        if not isinstance(value, dict) or set(value) != {"amount", "currency"}:
            self.say(record, path, "must be amount and currency")
        elif not is_int(value["amount"]) or value["amount"] < 0:
            self.say(record, path, "must be minor units, a whole number")
        elif value["currency"] != self.currency:
            self.say(record, path, f"is not in {self.currency}")

    # -- what only a look at several records shows

    def counts(self):
        for what, least in LEAST.items():
            count = len([u for u in self.of("OrgUnit") if u.get("kind") == what] if what.islower() else self.of(what))
            if count < least:
                self.say("-", what, f"{count} are too few, at least {least} are wanted")

    def tree(self):
        roots = [u for u in self.of("OrgUnit") if "parent" not in u]
        if len(roots) != 1 or roots[0].get("kind") != "authority":
            self.say("-", "parent", "exactly one unit, the authority, must have no parent")
        for unit in self.of("OrgUnit"):
            seen, above = set(), unit
            while above and above["id"] not in seen:
                seen.add(above["id"])
                above = self.records.get(above.get("parent"))
            if above:
                self.say(unit, "parent", "goes in a circle")
            if unit.get("sample") is not True:
                self.say(unit, "sample", "must be true")
            if unit.get("kind") in ("authority", "department", "institution"):
                number = "gln" if self.country == "dk" else "orgnr"
                for name in (number, "costPlace", "address"):
                    if name not in unit:
                        self.say(unit, name, "is missing")
        for root in roots:
            for name, value in (("currency", self.currency), ("country", self.country_code)):
                if root.get(name) != value:
                    self.say(root, name, f"must be {value}")
        for name in ("gln", "orgnr", "name"):
            self.unique(self.of("OrgUnit"), name)

    def unique(self, records, name, key=lambda v: v):
        seen = {}
        for record in records:
            if name in record:
                value = key(record[name])
                if value in seen:
                    self.say(record, name, f"is the same as that of {seen[value]}")
                seen.setdefault(value, record["id"])

    def people(self):
        roles = {g.get("role") for p in self.of("Person") for g in p.get("grants", {}).values()}
        for role in self.types["grant"]["role"]["values"]:
            if role not in roles:
                self.say("-", "grants", f"nobody is {role}")
        for ident in (f"person-demo-{self.country}", f"person-approver-{self.country}", f"person-performer-{self.country}"):
            if ident not in self.records:
                self.say("-", "id", f"{ident} is missing")
        for record in self.of("Person") + self.of("OrgUnit"):
            if "email" in record and not re.fullmatch(r"[a-z0-9.-]+@[a-z0-9.-]+\.example", record["email"]):
                self.say(record, "email", "must end in .example")
        self.unique(self.of("Person"), "email")

    def calendars(self):
        self.unique(self.of("Calendar"), "code")
        for calendar in self.of("Calendar"):
            if calendar.get("timeZone") not in zoneinfo.available_timezones():
                self.say(calendar, "timeZone", "is unknown")
            weekly = calendar.get("weekly")
            if not isinstance(weekly, dict) or not set(weekly) <= set(DAYS) or not any(weekly.values()):
                self.say(calendar, "weekly", "must be a map from day to openings")
                continue
            for day, openings in weekly.items():
                times = [t for opening in openings for t in opening]
                if not all(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d|24:00", t) for t in times) or \
                        any(len(o) != 2 or o[0] >= o[1] for o in openings) or times != sorted(times):
                    self.say(calendar, f"weekly/{day}", "openings must be in order and not overlap")
            for i, rule in enumerate(calendar.get("holidays", [])):
                need = {"offset"} if rule.get("rule") == "easter" else {"month", "day"}
                if not need <= set(rule):
                    self.say(calendar, f"holidays/{i}", f"needs {' and '.join(sorted(need))}")

    def services(self):
        self.unique(self.of("Service"), "code")
        for name in ("name", "summary", "description"):
            self.unique(self.of("Service"), name, lambda v: v.get(self.language))
        performers = {u["id"] for u in self.of("OrgUnit") if u.get("kind") == "performer"}
        for service in self.of("Service"):
            for name in FULL_SERVICE:
                if name not in service:
                    self.say(service, name, "is missing")
            self.check_price(service, service.get("price", {}))
            if not 1 <= service.get("target", {}).get("percent", 0) <= 100:
                self.say(service, "target/percent", "must be 1 … 100")
            if service.get("promise", {}).get("value", 0) < 1 or "calendar" not in service.get("promise", {}):
                self.say(service, "promise", "needs a value and a calendar")
            approval = service.get("approval", {})
            if (approval.get("rule") == "above") != ("above" in approval):
                self.say(service, "approval/above", "goes with the rule \"above\" and with no other")
            if service.get("responsible", {}).get("performer") not in performers:
                self.say(service, "responsible/performer", "must be a performer unit")
            self.check_orderable(service, service.get("orderableBy", {}))
            self.check_form(service, service.get("form", []))

    def agreements(self):
        departments = {u["id"] for u in self.of("OrgUnit") if u.get("kind") == "department"} - {
            self.records.get(u.get("parent"), {}).get("id")
            for u in self.of("OrgUnit") if u.get("kind") == "performer"}
        for kind in ("framework", "sla"):
            have = {a["unit"] for a in self.of("Agreement") if a.get("kind") == kind}
            for unit in sorted(departments - have):
                self.say("-", unit, f"has no agreement of kind {kind}")
        for agreement in self.of("Agreement"):
            targets = [t["service"] for t in agreement.get("targets", [])]
            keys = [o.get("key") for o in agreement.get("olas", [])]
            if len(set(targets)) != len(targets) or len(set(keys)) != len(keys):
                self.say(agreement, "targets", "a service or a step comes twice")
            for i, ola in enumerate(agreement.get("olas", [])):
                if not set(ola.get("after", [])) <= set(keys):
                    self.say(agreement, f"olas/{i}/after", "names a step that is not there")

    def check_price(self, service, price):
        want = AMOUNTS.get(price.get("model"), set())
        have = {name for name in ("once", "monthly") if name in price}
        if want != have:
            self.say(service, "price", f"a price that is {price.get('model')} has {' and '.join(sorted(want)) or 'no amount'}")

    def check_orderable(self, service, rule):
        for name, values in (("roles", self.types["grant"]["role"]["values"]),
                             ("unitKinds", self.types["OrgUnit"]["kind"]["values"])):
            for value in rule.get(name, []):
                if value not in values:
                    self.say(service, f"orderableBy/{name}", f"{value!r} is none of {', '.join(values)}")

    def check_form(self, service, form):
        if not 2 <= len(form) <= 7:
            self.say(service, "form", f"has {len(form)} fields; 2 … 7 are wanted")
        earlier = {}
        for field in form:
            key, path = field.get("key", "?"), f"form/{field.get('key')}"
            if key in earlier or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", key):
                self.say(service, path, "is used twice, or is no key")
            choices = [c.get("value") for c in field.get("choices", [])]
            if field.get("kind") in ("choice", "choices"):
                if len(choices) < 2 or len(set(choices)) != len(choices):
                    self.say(service, path, "needs two or more different choices")
            elif choices:
                self.say(service, path, "only choice and choices have choices")
            if "min" in field and "max" in field and field["min"] > field["max"]:
                self.say(service, path, "min is larger than max")
            if ("min" in field or "max" in field) and field.get("kind") != "number":
                self.say(service, path, "only numbers have min and max")
            try:
                re.compile(field.get("pattern", ""))
            except re.error as error:
                self.say(service, path, f"pattern: {error}")
            if "when" in field:
                self.check_condition(service, path, field["when"], earlier)
            earlier[key] = field

    def check_condition(self, service, path, when, earlier):
        asked = earlier.get(when.get("field"))
        ways = [name for name in ("equals", "in", "filled") if name in when]
        if not asked:
            self.say(service, path, f"is asked by {when.get('field')!r}, which is no field before it")
            return
        if len(ways) != 1:
            self.say(service, path, "its condition needs one of equals, in, filled")
            return
        wanted = when["in"] if ways == ["in"] else [when["equals"]] if ways == ["equals"] else []
        if asked["kind"] == "check" and any(not isinstance(w, bool) for w in wanted):
            self.say(service, path, "a tick box is true or false")
        if asked["kind"] in ("choice", "choices"):
            for value in wanted:
                if value not in [c.get("value") for c in asked.get("choices", [])]:
                    self.say(service, path, f"{value!r} is no choice of {asked['key']}")

    def articles(self):
        self.unique(self.of("Article"), "number")
        self.unique(self.of("Article"), "gtin")
        for article in self.of("Article"):
            for name in ("gtin", "supplierGln"):
                if name in article and not gtin_holds(article[name]):
                    self.say(article, name, "has a wrong check digit")
            if not {"price", "supplier", "service"} <= set(article):
                self.say(article, "price", "price, supplier and service are wanted")
            if article["id"] not in self.records.get(article.get("service"), {}).get("articles", []):
                self.say(article, "service", "does not have it on its positive list")
            seen, next_one = set(), article
            while next_one and next_one["id"] not in seen:
                seen.add(next_one["id"])
                next_one = self.records.get(next_one.get("replacedBy"))
            if next_one:
                self.say(article, "replacedBy", "goes in a circle")
        if not any("replacedBy" in a for a in self.of("Article")):
            self.say("-", "replacedBy", "no article is replaced by another")
        for service in self.of("Service"):
            for ident in service.get("articles", []):
                if self.records.get(ident, {}).get("service") != service["id"]:
                    self.say(service, "articles", f"{ident} is ordered by another service")

    def bundles(self):
        self.unique(self.of("Bundle"), "code")
        for bundle in self.of("Bundle"):
            if not bundle.get("items"):
                self.say(bundle, "items", "is empty")
            for i, item in enumerate(bundle.get("items", [])):
                article = self.records.get(item.get("article"), {})
                if article and article.get("service") != item.get("service"):
                    self.say(bundle, f"items/{i}/article", "belongs to another service")
                if item.get("quantity", 1) != 1 and not self.records.get(item.get("service"), {}).get("quantity"):
                    self.say(bundle, f"items/{i}/quantity", "of this service only one can be ordered on a line")
            mirror = self.records.get(bundle.get("mirror"))
            if mirror and (mirror.get("mirror", bundle["id"]) != bundle["id"] or
                           {mirror.get("purpose"), bundle.get("purpose")} != {"joiner", "leaver"}):
                self.say(bundle, "mirror", "must be the leaver of a joiner, and point back")
            if bundle.get("purpose") == "joiner" and not mirror:
                self.say(bundle, "mirror", "a joiner needs its leaver")

    def periods(self):
        for record in self.records.values():
            for first, last in (("validFrom", "validTo"), ("from", "to")):
                if first in record and last in record and record[first] > record[last]:
                    self.say(record, last, f"is before {first}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
    parser.add_argument("country", nargs="*", help="dk, no; default: those that are there")
    options = parser.parse_args()
    folder = os.path.join(options.root, "data", "sample")
    countries = options.country or [c for c in COUNTRIES if os.path.isdir(os.path.join(folder, c))]
    types = read_dictionary(os.path.join(options.root, "src", "core", "bst-record-types.c"))
    findings = [] if countries else [f"{folder}: there is no sample authority"]
    for country in countries:
        findings += Checker(types, os.path.join(folder, country), country).run()
    print("\n".join(findings) if findings else f"sample: {' and '.join(countries)} are sound")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
