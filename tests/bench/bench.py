#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bench.py [--build FOLDER] [NAME...]: what Bestiller takes, as ratios to what the parts or others take.

Every figure is measured in this run, on this machine, beside what it is compared with. README.md says what is
compared with what, and why that is fair.
"""
import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(ROOT, "tests", "support")]

import incident_log  # noqa: E402
from desktop import Desktop  # noqa: E402
from first_sync import FirstSync  # noqa: E402
from measure import Broken, Report, alternate, median, percentile, run  # noqa: E402

MANY, FEW, ENTRIES, EVENTS, COPIED, CASES = 100_000, 1_000, 10_000, 141_000, 5_000, 200_000
DEPARTMENT = "dk-su"
SAMPLE = os.path.join(ROOT, "data", "sample", "dk")
PEERS = os.path.join(HERE, "peers")


class Bench:
    """The folder in which everything lies, and what several benches need, made when it is first asked for."""

    def __init__(self, build):
        self.build = os.path.abspath(build)
        self.folder = tempfile.mkdtemp(prefix="bestiller-bench-")
        self.report = Report()

    def program(self, name):
        return os.path.join(self.build, "tests", "bench", name)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def records(self, kind, number):
        """A file with so many records, one JSON document a line."""
        path = self.path(f"{kind}-{number}.ndjson")
        if not os.path.exists(path):
            with open(path, "wb") as out:
                subprocess.run([self.program("bench-data"), kind, str(number), SAMPLE], stdout=out, check=True)
        return path

    def fill(self, folder, account, **files):
        """files: of each type of record."""
        os.makedirs(folder, exist_ok=True)
        run([self.program("bench-fill-store"), folder, account, *(part for pair in files.items() for part in pair)])

    def store(self, number):
        """A local database with so many requests."""
        folder = self.path(f"store-{number}")
        if not os.path.exists(folder):
            self.fill(folder, DEPARTMENT, Request=self.records("requests", number))
        return folder

    def peers(self):
        """Installs what others wrote; the lock file says exactly what."""
        if not os.path.isdir(os.path.join(PEERS, "node_modules")):
            run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=PEERS)

    def end(self):
        shutil.rmtree(self.folder, ignore_errors=True)


# ---- start -----------------------------------------------------------------------------------------

def bench_start(bench):
    """Start to first frame."""
    env = {"GTK_A11Y": "none", "GSETTINGS_SCHEMA_DIR": os.path.join(bench.build, "data"), "G_DEBUG": ""}
    with Desktop("da") as desktop:
        base = {**desktop.env, **env}

        def at_home(number):
            home = {**base, "XDG_DATA_HOME": bench.path(f"home-{number}")}
            folder = run([bench.program("bench-first-frame"), "prepare"], home).output.strip()
            bench.fill(folder, DEPARTMENT, Request=bench.records("requests", number))
            return lambda: run([bench.program("bench-first-frame")], home)

        many, few = at_home(MANY), at_home(FEW)
        sides = [many, few, lambda: run([bench.program("bare-window")], base)]
        alternate(1, *sides)  # fonts, icons and schemas are in the caches
        many, few, bare = alternate(11, *sides)
    report = bench.report
    report.line("start, 100,000 requests / bare libadwaita window: CPU", median(many) / median(bare), 1.3)
    report.line("start, 100,000 requests / bare libadwaita window: peak memory",
                median(many, "memory") / median(bare, "memory"), 1.25)
    report.line("start, 100,000 / 1,000 requests: CPU", median(many) / median(few), 1.05)
    report.line("start, 100,000 / 1,000 requests: peak memory", median(many, "memory") / median(few, "memory"), 1.05)


# ---- first synchronisation and delta ----------------------------------------------------------------

def bench_sync(bench):
    """First synchronisation, and asking again."""
    bench.peers()
    records = bench.records("requests", MANY)
    with FirstSync(bench, SAMPLE, records) as sync:
        ours, parts = alternate(3, sync.ours, sync.parts)
        report = bench.report
        report.line("first sync of 100,000 / curl of the same octets + the sqlite3 shell: CPU",
                    median(ours) / median(parts), 1.0)
        report.line("first sync of 100,000: memory beyond that before it", sync.extra_memory / 1024, 40, "MB")
        delta = sync.delta(10)
        report.line("nothing new: round trips", delta.turns, 1, "")
        report.line("nothing new: connections opened for it", delta.connections, 0, "")
        report.line("nothing new: octets up (TLS records and HTTP headers included)", delta.up, 1024, "B")
        report.line("nothing new: octets down (the same)", delta.down, 1024, "B")
        pouch = sync.pouchdb(records, 11)
        report.line("first sync of 100,000 / PouchDB: CPU", median(ours) / pouch["first"], 0.2)
        report.line("nothing new / PouchDB: CPU", delta.cpu / pouch["delta"], 0.2)


# ---- the line ----

def orders_sent(bench):
    """Many orders at once, and one over a narrow line."""
    env = {**os.environ, "BST_BESTILLERD": os.path.join(bench.build, "src", "server", "bestillerd"), "G_DEBUG": ""}
    return json.loads(run([bench.program("bench-orders")], env).output)


def bench_line(bench):
    """What the line costs."""
    report = bench.report
    with FirstSync(bench, SAMPLE, bench.records("requests", MANY)) as sync:
        sync.ours()
        cpu, octets = sync.interrupted(10)
        report.line("first sync of 100,000, ten times interrupted / uninterrupted: octets down", octets, 1.2)
        report.line("… / …: CPU", cpu, 1.2)
        down, packed, turns = sync.changed(10)
        report.line("10 changed orders: octets down / their gzip size", down / packed, 1.5)
        report.line("10 changed orders: round trips", turns, 1, "")
        report.note(f"{down:,} octets, TLS records and HTTP headers included; gzip {packed:,}")
    sent = orders_sent(bench)
    report.line("100 queued orders received: round trips, connection open", sent["turnsOpen"], 3, "")
    report.line("one order at 50 kbit/s, 600 ms: beyond the line's own time, connection open",
                sent["kept"] - sent["own"], 4, "s")
    report.line("… connection to be opened", sent["opened"] - sent["own"], 4, "s")
    report.note(f"100 orders with the connection to be opened: {sent['turnsAnew']} round trips; the line's own time: "
                f"{sent['own']:.2f} s for {sent['octetsKept']:,} octets and one round trip of 1.2 s")


# ---- search ----------------------------------------------------------------------------------------

def keystrokes():
    """Each query as it grows, letter by letter."""
    with open(os.path.join(HERE, "queries.txt"), encoding="utf-8") as file:
        for query in file.read().split("\n"):
            for end in range(1, len(query) + 1):
                if query[end - 1] != " ":
                    yield query[:end]


def p99(runs):
    """The 99th percentile over the keystrokes, each with the median of its runs."""
    columns = [[int(line.split("\t")[0]) for line in one.output.splitlines()] for one in runs]
    return percentile([sorted(values)[len(values) // 2] for values in zip(*columns)], 99)


def bench_search(bench):
    """A keystroke in the search of a large catalogue."""
    bench.peers()
    records = bench.records("services", ENTRIES)
    bench.fill(bench.path("catalogue"), "catalogue", Service=records)
    typed = bench.path("typed.txt")
    with open(typed, "w", encoding="utf-8") as out:
        out.write("\n".join(keystrokes()) + "\n")

    def search(*argv):
        return lambda: run([bench.program("bench-search"), *argv, typed])

    def minisearch(*options):
        return lambda: run(["node", "minisearch.js", records, typed, *options], cwd=PEERS)

    ours, fts5, plain, fuzzy = alternate(5, search("ours", bench.path("catalogue")), search("fts5", records),
                                         minisearch(), minisearch("fuzzy"))
    report = bench.report
    report.line("a keystroke in 10,000 services / FTS5's ORDER BY rank: p99 CPU", p99(ours) / p99(fts5), 0.2)
    report.line("… / MiniSearch with typing errors, as ours: p99 CPU", p99(ours) / p99(fuzzy), 0.1)
    report.line("… / MiniSearch without: p99 CPU", p99(ours) / p99(plain), 0.1)


# ---- lists -----------------------------------------------------------------------------------------

def plain_table(bench, records):
    """What a program that loads everything would read: a table of just what a row shows."""
    path = bench.path("plain.db")
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE request (id TEXT, title TEXT, number TEXT, state TEXT, updated TEXT)")
    with open(records, encoding="utf-8") as lines:
        columns = ("id", "title", "number", "state", "updated")
        rows = (json.loads(line) for line in lines)
        database.executemany("INSERT INTO request VALUES (?, ?, ?, ?, ?)",
                             ([row[column] for column in columns] for row in rows))
    database.execute("CREATE INDEX request_updated ON request (updated)")
    database.commit()
    database.close()
    return path


def bench_list(bench):
    """A long list."""
    many, few = bench.store(MANY), bench.store(FEW)
    plain = plain_table(bench, bench.records("requests", MANY))
    with Desktop("da") as desktop:
        env = {**desktop.env, "GTK_A11Y": "none", "G_DEBUG": ""}

        def opened(*argv):
            return lambda: run([bench.program("bench-list"), *argv], env)

        sides = [opened("lazy", many), opened("lazy", few), opened("loaded", plain)]
        alternate(1, *sides)
        many, few, loaded = alternate(7, *sides)
    report = bench.report
    report.line("a list of 100,000 / with all objects loaded: CPU", median(many) / median(loaded), 0.8)
    report.line("a list of 100,000: memory beyond one of 1,000",
                (median(many, "memory") - median(few, "memory")) / 1024, 5, "MB")


# ---- history from elsewhere --------------------------------------------------------------------------

def bench_cases(bench):
    """Another system's incident log."""
    log = bench.path("incidents.csv")
    incident_log.write(log, EVENTS)
    admin = os.path.join(bench.build, "src", "admin", "bestiller-admin")

    def ours():
        data = bench.path("cases")
        shutil.rmtree(data, ignore_errors=True)
        run([admin, "--data", data, "init", "Bench", "--country", "DK"])
        run([admin, "--data", data, "import", "all",
             *(os.path.join(SAMPLE, f"{name}.json") for name in ("org", "calendar", "people", "catalogue"))])
        return run([admin, "--data", data, "import", "cases", log, "--create-missing",
                    "--map", os.path.join(ROOT, "data", "import", "servicenow-incidents.json")])

    def shell():
        database = bench.path("cases.db")
        if os.path.exists(database):
            os.unlink(database)
        return run(["sqlite3", database, f".import --csv {log} log"])

    mine, theirs = alternate(5, ours, shell)
    bench.report.line("141,000 events of an incident log / sqlite3 .import: CPU", median(mine) / median(theirs), 3.0)
    bench.report.line("141,000 events: memory", median(mine, "memory") / 1024, 200, "MB")


# ---- measures ---------------------------------------------------------------------------------------

def bench_measures(bench):
    """Measures from the kept cases, from the events, and one promise."""
    admin = os.path.join(bench.build, "src", "admin", "bestiller-admin")
    data = bench.path("measures")
    run([admin, "--data", data, "init", "Bench", "--country", "DK"])
    run([admin, "--data", data, "import", "all",
         *(os.path.join(SAMPLE, f"{name}.json")
           for name in ("org", "calendar", "people", "catalogue", "agreements", "notices"))])
    run([admin, "--data", data, "simulate", "--cases", str(COPIED)])
    found = json.loads(run([bench.program("bench-measures"), data, str(CASES)]).output)
    shutil.rmtree(data, ignore_errors=True)
    report = bench.report
    report.note(f"{found['cases']:,} cases, {found['events']:,} events, {found['documents']:,} measures; "
                f"from the documents {found['fromDocuments'] / found['scan']:.1f} times the SELECT")
    report.line("measures from the kept cases / a bare SELECT of the events: CPU", found["measures"] / found["scan"], 4.0)
    report.line("cases and measures from the events / the same SELECT: CPU", found["anew"] / found["scan"], 4.0)
    report.line("one promise, what is agreed included", found["promise"], 20, "µs")


# ---- service levels ---------------------------------------------------------------------------------

def sample(name, kind):
    with open(os.path.join(SAMPLE, f"{name}.json"), encoding="utf-8") as file:
        return [record for record in json.load(file)["records"] if record["@type"] == kind]


def measure_records(months):
    """Of a department (each service and all) and what lies below it (24 services each, and all), for so many months."""
    services = [service["id"] for service in sample("catalogue", "Service")]
    units = [unit["id"] for unit in sample("org", "OrgUnit") if unit.get("parent") == DEPARTMENT]
    groups = [(DEPARTMENT, service) for service in [*services, None]]
    for place, unit in enumerate(units):
        groups += [(unit, services[(place * 3 + i * 7) % len(services)]) for i in range(24)] + [(unit, None)]
    for month in months:
        for unit, service in groups:
            results = {"cases": 40, "met": 31, "breached": 9, "responseMet": 38, "responseBreached": 2, "firstTime": 33,
                       "delivered": 40, "medianSeconds": 41234, "p90Seconds": 170432, "ratings": 12, "ratingSum": 49,
                       "availability": 99.2}
            yield {"id": f"measure-{unit}-{service or 'all'}-{month}", "unit": unit, "month": month, **results,
                   **({"service": service} if service else {}), "channels": {"app": {"cases": 31}, "phone": {"cases": 9}},
                   **({"all": results} if unit == DEPARTMENT else {}), "rev": 1}


def bench_levels(bench):
    """The page of service levels."""
    folder = bench.path("levels")
    requests = bench.records("requests", MANY)
    with open(requests, encoding="utf-8") as lines:
        last = max(json.loads(line)["updated"] for line in lines)[:7]
    year = int(last[:4]) * 12 + int(last[5:]) - 1
    months = [f"{m // 12:04}-{m % 12 + 1:02}" for m in range(year - 25, year + 1)]
    kinds = {"OrgUnit": sample("org", "OrgUnit"), "Agreement": sample("agreements", "Agreement"),
             "Measure": list(measure_records(months))}
    for kind, records in kinds.items():
        with open(bench.path(f"{kind}.ndjson"), "w", encoding="utf-8") as out:
            out.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    bench.fill(folder, DEPARTMENT, Request=requests, **{kind: bench.path(f"{kind}.ndjson") for kind in kinds})
    output = run([bench.program("bench-levels"), folder, DEPARTMENT, last]).output
    times = [int(line.split("\t")[0]) / 1000 for line in output.splitlines()]
    found = [int(line.split("\t")[1]) for line in output.splitlines()]
    bench.report.note(f"{MANY:,} orders, {len(kinds['Measure']):,} measures; {min(found):,} to {max(found):,} records a page")
    bench.report.line("a page of service levels from 100,000 cases: p99 CPU of the store", percentile(times, 99), 100, "ms")


BENCHES = {"start": bench_start, "sync": bench_sync, "line": bench_line, "search": bench_search, "list": bench_list,
           "cases": bench_cases, "measures": bench_measures, "levels": bench_levels}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    options = parser.parse_args()
    unknown = set(options.names) - set(BENCHES)
    if unknown:
        parser.error(f"there is no bench {', '.join(sorted(unknown))}")

    bench, broken = Bench(options.build), []
    try:
        for name in options.names or BENCHES:
            print(f"\n{BENCHES[name].__doc__}", flush=True)
            try:
                BENCHES[name](bench)
            except (Broken, OSError) as error:
                print(f"  could not be measured: {error}", flush=True)
                broken.append(name)
    finally:
        bench.end()
    print(f"\n{bench.report.lines} ratios, {len(bench.report.over)} over their limit, {len(broken)} benches not measured")
    return 1 if bench.report.over or broken else 0


if __name__ == "__main__":
    sys.exit(main())
