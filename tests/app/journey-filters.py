#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of requests: sorted by its headings, filtered by state, unit, area and period, searched; each time counted again
from the database, in other words; and the way out when nothing fits."""
import datetime
import glob
import importlib.util
import json
import os
import re
import sqlite3

from story import Failure, arguments, wait

HERE = os.path.dirname(os.path.abspath(__file__))
spec = importlib.util.spec_from_file_location("shots", os.path.join(HERE, "take-shots.py"))
shots = importlib.util.module_from_spec(spec)
spec.loader.exec_module(shots)

OPEN = {"submitted", "awaiting-approval", "accepted", "in-progress", "waiting"}


class List(shots.Shots):
    """The page, and what its database says."""

    def documents(self):
        path, = glob.glob(os.path.join(self.desktop.home, ".local/share/bestiller/*/replica.db"))
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        found = [json.loads(doc) for doc, in database.execute("SELECT doc FROM Request")]
        database.close()
        return found

    def name_of(self, table, identifier):
        path, = glob.glob(os.path.join(self.desktop.home, ".local/share/bestiller/*/replica.db"))
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        (doc,), = database.execute(f"SELECT doc FROM {table} WHERE id = ?", [identifier])
        database.close()
        name = json.loads(doc)["name"]
        return name.get(self.language, name) if isinstance(name, dict) else name

    def titles(self):
        rows = [(row.extents, row.name.split(",")[0]) for row in self.rows()]
        return [title for _, title in sorted((place[1], title) for place, title in rows if place)]

    def count(self, fits, what):
        """The page says as many as there are."""
        number = sum(1 for doc in self.documents() if fits(doc))
        if number == 0:
            raise Failure(f"nothing to see for {what}: the sample has changed")
        self.me.see(re.compile("^" + self.texts.ngettext("%u request", "%u requests", number) % number + "$"))
        return number

    def sort(self, heading, key, fits):
        """Up, and down, by a property of the documents that fit."""
        me = self.me
        rising = [doc["title"] for doc in sorted(filter(fits, self.documents()), key=lambda doc: doc[key].casefold())]
        label = me.find("label", self.say(heading), within=me.find("tree table", self.say("Requests")))
        for wanted in (rising, rising[::-1]):
            for attempt in range(3):  # a popover that is just closing takes a click for itself
                me.click(label)
                try:
                    wait(lambda: self.titles() == wanted, f"{heading} to sort as {wanted}", 3)
                    break
                except Failure:
                    if attempt == 2:
                        raise


def by_state(names):
    me, state = names.me, names.say("State")
    me.choose(state, names.say("Not delivered"))
    names.count(lambda doc: doc["state"] in OPEN, "open orders")
    me.choose(state, names.say("Waiting"))
    waiting = lambda doc: doc["state"] == "waiting"  # noqa: E731
    names.count(waiting, "waiting orders")
    for heading, key in [("Order", "title"), ("Delivery", "due"), ("Ordered", "submittedAt")]:
        names.sort(heading, key, waiting)
    names.picture("waiting")
    me.choose(state, names.say("Drafts"))
    me.until(lambda: len(names.rows()) == 1, "the one draft")
    me.choose(state, names.say("All requests"))
    names.count(lambda doc: True, "all")


def by_the_rest(names):
    me = names.me
    day = (datetime.date.today() - datetime.timedelta(days=30)).isoformat()
    recent = lambda doc: doc.get("submittedAt", doc.get("created", "")) >= day  # noqa: E731
    me.choose(names.say("Period"), names.say("Last 30 days"))
    names.count(recent, "the last 30 days")
    area = next(doc["area"] for doc in names.documents() if recent(doc) and "area" in doc)
    me.choose(names.say("Area"), names.name_of("ServiceArea", area))
    names.count(lambda doc: recent(doc) and doc.get("area") == area, "one area of the last 30 days")
    names.picture("area-and-period")
    me.choose(names.say("Period"), names.say("Any time"))
    me.choose(names.say("Area"), names.say("All areas"))
    name, unit = min((names.name_of("OrgUnit", unit), unit) for unit in {doc["unit"] for doc in names.documents()})
    me.choose(names.say("Unit"), name, within=me.find(None, "BstRequestsPage"))
    names.count(lambda doc: doc["unit"] == unit, "one unit")
    names.picture("unit")


def nothing_fits(names):
    """An order of another unit is searched for; and the way back."""
    me = names.me
    me.fill("entry", names.say("Search the requests"), "2026-004203")
    me.see(names.say("No request fits the search and the filters."))
    names.picture("nothing")
    me.click("button", names.say("Show all requests"))
    names.count(lambda doc: True, "all again")
    me.until(lambda: me.find("entry", names.say("Search the requests")).text == "", "the search to be empty")


def main():
    options = arguments(__doc__)
    for language in options.language or ["da"]:
        pictures = options.pictures and os.path.join(options.pictures, "filters", language)
        with List(options.build, language, pictures, *shots.LOOKS["1280x800"]) as names:
            names.me.key("ctrl+3")
            by_state(names)
            by_the_rest(names)
            nothing_fits(names)
            names.me.finish()
        print(f"ok - sorting and filters, {language}", flush=True)


if __name__ == "__main__":
    main()
