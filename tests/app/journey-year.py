#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A year of a sample authority: its service levels counted again here, its costs, its agreement, each as a table that others can
read, and a change proposed and agreed on."""
import contextlib
import csv
import datetime
import json
import os
import re
import sqlite3

from story import Failure, Story, arguments

UNITS = {"dk": "dk-su-aeldrecenter-solgaarden", "no": "unit-no-solhoyda-sykehjem"}
CURRENCIES = {"dk": "DKK", "no": "NOK"}
TITLE = "Hurtigere end i dag"
ANSWER = "Det kan lade sig gøre med en tekniker mere"
COUNTED = {"da": "Regnet efter ud fra .* det samme", "nb": "Regnet etter ut fra .* det samme"}


def levels(story, me):
    me.key("ctrl+4")
    me.see(story.say("Result by service"), seconds=60)
    story.picture("levels")
    me.click("button", story.say("Recompute here"))
    me.see(re.compile(COUNTED[story.language]), seconds=60)
    story.picture("levels-recomputed")
    export(story, me, "serviceniveau.csv", story.say("Median, highest month") + " (t:mm:ss)")
    me.click("button", story.say("Report"))
    me.click("menu item", story.say("_Text with Separators (CSV)…"))
    check_table(me, story.save_as(me, story.say("Text with separators (CSV)"), "overskredne.csv"), story.say("Ordered"))


def tamper(story):
    """The performer counts three cases otherwise than they were: one verdict, one month, one not at all. Their orders."""
    with contextlib.closing(sqlite3.connect(os.path.join(story.server.data, "bestiller.db"), timeout=60)) as db, db:
        rows = db.execute("SELECT c.month, c.request, c.line, r.number FROM sla_case c JOIN record r ON r.row = c.request "
                          "WHERE c.month > '' AND c.stopped > 0 AND c.verdict = 3 AND c.due < 9000000000000 "
                          "AND c.unit = ? AND (SELECT count(*) FROM sla_case o WHERE o.request = c.request) = 1 "
                          "ORDER BY c.stopped DESC LIMIT 3", (UNITS[story.authority],)).fetchall()
        for change, row in zip(("UPDATE sla_case SET verdict = 4", "UPDATE sla_case SET month = '2020-01'", "DELETE FROM sla_case"),
                               rows, strict=True):
            db.execute(change + " WHERE month = ? AND request = ? AND line = ?", row[:3])
        db.execute("INSERT OR IGNORE INTO measure_stale SELECT DISTINCT month FROM sla_case WHERE month > ''")
        db.executemany("INSERT OR IGNORE INTO measure_stale VALUES (?)", [row[:1] for row in rows])
    return [row[3] for row in rows]


def differing(story, me):
    """Counted again, the page names exactly those, says why, and leads to each with a way back."""
    numbers = tamper(story)
    me.until(lambda: not stale(story), "the server to have measured again")
    me.key("ctrl+4")
    me.click("combo box", story.say("Period"))
    me.key("End", "Up", "Up", "Return")  # beyond what the popover shows of its list
    me.find("label", story.say("Last 12 months"), me.find("combo box", story.say("Period")))
    story.synced(me)

    def named():
        """Again until all that the server measured anew has come."""
        me.click("button", story.say("Recompute here"))
        try:  # a popover that is just closing takes the click for itself
            found = me.find("list", story.say("Cases that are counted otherwise"), seconds=3)
        except Failure:
            return None
        rows = [node.name for node in found.walk() if node.role == "list item"]
        return rows if len(rows) == 3 else None
    rows = me.until(named, "three cases to be named", seconds=60)
    why = [story.shown(text) for text in ("The performer counts it as %s, here it is %s", "The performer counts it in %s, here it is in %s",
                                          "The performer does not count it; here it is %s in %s")]
    for number, reason in zip(numbers, why, strict=True):
        if not any(number in row and reason.search(row) for row in rows):
            raise Failure(f"{number} is not named with {reason.pattern}: {rows}")
    story.picture("levels-differing")
    me.gone("button", story.say("Open"))  # the toast of an export lies over the end of the page
    me.click("list item", re.compile(re.escape(numbers[0])))
    me.see(numbers[0])
    me.key("alt+Left")
    me.see(re.compile(re.escape(numbers[0])))


def stale(story):
    with contextlib.closing(sqlite3.connect(os.path.join(story.server.data, "bestiller.db"), timeout=60)) as db:
        return db.execute("SELECT count(*) FROM measure_stale").fetchone()[0]


def costs(story, me):
    me.key("ctrl+5")
    me.see(story.say("Budget"), seconds=60)
    story.picture("costs")
    export(story, me, "omkostninger.csv", story.say("Lines"))
    # From the sum to all lines, from a figure to its own, and from one of them to its order.
    me.click("button", story.say("All"))
    me.see(re.compile(re.escape(story.say("price version %d") % 1)), seconds=60)
    year = f"{datetime.date.today():%Y}"
    charge = [one for one in story.server.admin("charge", "list", "--unit", UNITS[story.authority])
              if one.get("bill") and one["month"].startswith(year)][-1]
    me.click("button", charge["text"])
    line = re.compile(re.escape(charge["text"]) + ".*" + re.escape(f"{story.say('Bill')} {charge['bill']}"), re.DOTALL)
    me.see(line, seconds=60)
    story.picture("costs-lines")
    me.key("Return")  # the first of them has the focus
    me.gone("button", charge["text"])
    story.picture("costs-order")


def export(story, me, name, column):
    """The page as a table, in the format that its name asks for: with the column, and at least one row."""
    me.key("ctrl+shift+e")
    check_table(me, story.save_as(me, story.say("Spreadsheet (.xlsx)"), name), column)


def check_table(me, path, column):
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    if column not in rows[0] or len(rows) < 2 or any(len(row) != len(rows[0]) for row in rows):
        raise Failure(f"{path} is {rows[:3]}")
    me.gone("label", re.compile(re.escape(os.path.basename(path))))  # what is said of it lies over the page


def propose(story, me):
    me.key("ctrl+6")
    me.see(story.say("In plain words"), seconds=60)
    story.picture("agreements")
    export(story, me, "aftale.csv", story.say("First answer within"))
    me.click("button", story.say("Propose a change"))
    me.see(story.say("What should hold"))
    me.see(story.say("Propose another time than the one promised today"))
    me.fill("spin button", story.say("Proposed time"), "5")
    me.fill("text", story.say("Title"), TITLE)
    story.picture("proposal")
    me.click("button", story.say("Send", context="proposal"))
    me.see(story.say("In plain words"))


def show_proposals(story, me):
    me.key("ctrl+1")
    me.see(story.say("Latest"))
    me.key("ctrl+6")
    me.click(me.until(lambda: next((node for node in me.window.walk()
                                    if node.name == story.say("Proposals") and node.role in ("tab", "page tab", "radio button", "toggle button")), None),
                      "the part with the proposals"))


def answer(story, me):
    """The performer says what it takes, then agrees; what was agreed on stands beside what holds today."""
    def find():
        found = [p for p in story.server.admin("proposal", "list") if p["title"] == TITLE]
        return found[0]["id"] if found else None
    proposal = me.until(find, "the proposal to reach the server")
    performer = ("--as", story.people["performer"])
    price = {"model": "one-off", "once": {"amount": 95000, "currency": CURRENCIES[story.authority]}}
    story.server.admin("proposal", "answer", proposal, *performer, "--text", ANSWER, "--price", json.dumps(price))
    me.key("F5")
    show_proposals(story, me)
    me.see(story.say("Answered"), seconds=60)
    me.click("list item", TITLE)
    me.see(ANSWER)
    me.see(story.shown("At the price offered these orders would cost %s instead of %s"))
    story.picture("answered")
    day = (datetime.date.today() + datetime.timedelta(days=40)).isoformat()
    story.server.admin("proposal", "agree", proposal, *performer, "--from", day)
    me.key("F5")
    show_proposals(story, me)
    me.see(story.shown("in force from %s"), seconds=60)
    story.picture("agreed")


def main():
    options = arguments(__doc__)
    for language in options.language or ["da"]:
        pictures = options.pictures and os.path.join(options.pictures, "year", language)
        with Story(options.build, language, pictures) as story:
            story.server.admin("simulate", "--cases", "400", "--unit", UNITS[story.authority])
            me = story.enrol()
            me.see(story.say("Costs this year"), seconds=60)
            story.picture("overview")
            levels(story, me)
            costs(story, me)
            differing(story, me)
            if language == "da":  # who orders in Norway does not answer for the agreement
                propose(story, me)
                answer(story, me)
            me.finish()
        print(f"ok - a year, {language}", flush=True)


if __name__ == "__main__":
    main()
