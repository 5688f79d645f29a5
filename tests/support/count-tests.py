#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""count-tests.py LOG...: add up meson's test logs and end in the line "N passed, N failed".

LOG is the path of a testlog without its ending: LOG.junit.xml has each case of a TAP program,
LOG.json has each program. A program that failed without a failed case (it crashed, say, or was too
slow) counts as one failure. No log, or no test at all, is a failure too.
"""
import json
import os
import sys
import xml.etree.ElementTree as ElementTree

GOOD = {"OK", "EXPECTEDFAIL", "SKIP", "IGNORED"}


def programs(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def cases(path):
    """Yields (suite, case, outcome) for each case."""
    for suite in ElementTree.parse(path).getroot().iter("testsuite"):
        for case in suite.iter("testcase"):
            tags = {child.tag for child in case}
            outcome = "failed" if tags & {"failure", "error"} else "skipped" if "skipped" in tags else "passed"
            yield suite.get("name"), case.get("name"), outcome


def main(logs):
    count = {"passed": 0, "failed": 0, "skipped": 0}
    names = []
    for log in logs:
        if not os.path.exists(log + ".json"):
            print(f"{log}.json: there is no log, the tests did not run")
            count["failed"] += 1
            continue
        here = {"passed": 0, "failed": 0, "skipped": 0}
        for suite, case, outcome in cases(log + ".junit.xml"):
            here[outcome] += 1
            if outcome == "failed" and case not in suite:
                names.append(f"{suite}: {case}")
        bad = [p for p in programs(log + ".json") if p["result"] not in GOOD]
        if len(bad) > here["failed"]:
            here["failed"] = len(bad)
        names += [f'{p["name"]} ({p["result"].lower()})' for p in bad]
        for key, value in here.items():
            count[key] += value
    for name in names:
        print("failed:", name)
    print()
    print(f'{count["passed"]} passed, {count["failed"]} failed'
          + (f', {count["skipped"]} skipped' if count["skipped"] else ""))
    return 1 if count["failed"] or not count["passed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
