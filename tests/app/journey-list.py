#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Without a line, among orders in all states: a search with a typing error, a package whose lines follow the first day of work,
a copy of an order, an order cancelled."""
import datetime
import importlib.util
import os
import re

from story import Failure, arguments

HERE = os.path.dirname(os.path.abspath(__file__))
spec = importlib.util.spec_from_file_location("shots", os.path.join(HERE, "take-shots.py"))
shots = importlib.util.module_from_spec(spec)
spec.loader.exec_module(shots)

TYPED = {"da": ("bærbra pc", "^Bærbar pc"), "nb": ("bærbra pc", "^Bærbar PC")}

PACKAGE = {"da": "Ny kollega: sygeplejerske", "nb": "Ny kollega: sykepleier"}


def wanted(names):
    """The days on which the lines are wanted, as often as they are said."""
    pattern = names.shown("wanted on %s")
    return [node.name for node in names.me.window.find_all("label", pattern)]


def package(names):
    """Its lines are wanted some days before the first day, or after it; another day moves them all."""
    me = names.me
    me.key("ctrl+2")
    me.fill("entry", names.say("What should happen?"), PACKAGE[names.language])
    me.click(names.row(re.compile("^" + PACKAGE[names.language])))
    me.click("button", names.say("Order all"))
    me.see(names.say("What you order"))
    if wanted(names):
        raise Failure(f"lines are wanted before the first day is known: {wanted(names)}")
    monday = datetime.date.today() + datetime.timedelta(days=70 - datetime.date.today().weekday())
    seen = []
    for day in (monday, monday + datetime.timedelta(days=1)):
        field = me.until(lambda: list(me.window.find_all("text", names.say("First day of work")))[-1:], "the first day")[0]
        me.fill(field, None, f"{day.day}.{day.month}.{day.year}")
        me.key("Tab")
        me.until(lambda: len(wanted(names)) > 2 and wanted(names) not in seen, "the lines to have their days")
        seen.append(wanted(names))
        names.picture("package")
    if len(seen[0]) != len(seen[1]) or len(set(seen[0])) < 3 or set(zip(*seen)) & set(zip(seen[0], seen[0])):
        raise Failure(f"the lines did not move with the day: {seen}")
    me.see(names.shown("Saved %s on this computer"))


def find_order(names, number):
    names.me.key("ctrl+3")
    names.me.fill("entry", names.say("Search the requests"), number)
    names.me.click(names.me.until(lambda: (names.rows() or [None])[0] if len(names.rows()) == 1 else None, f"the row of {number}"))
    names.me.find(None, "BstRequestPage")


def main():
    options = arguments(__doc__)
    for language in options.language or ["da"]:
        pictures = options.pictures and os.path.join(options.pictures, "list", language)
        with shots.Shots(options.build, language, pictures, *shots.LOOKS["1280x800"]) as names:
            me = names.me
            typed, found = TYPED[language]
            me.key("ctrl+2")
            me.fill("entry", names.say("What should happen?"), typed)
            names.row(re.compile(found))
            names.picture("typing-error")
            package(names)

            find_order(names, "2026-004205")  # closed
            me.click("button", names.say("Copy as new order"))
            me.see(names.say("What you order"))
            me.see(names.shown("Saved %s on this computer"))
            names.picture("copy")

            find_order(names, "2026-004208")  # sent
            me.click("button", names.say("Cancel the order"))
            me.see(names.say("The order is stopped, and cannot be started again. You may say why."))
            me.type("Vi har fundet en anden")
            me.click("button", names.say("Cancel the order"))
            me.see("Vi har fundet en anden")
            me.see(names.say("Cancelled"))
            names.picture("cancelled")
            me.finish()
        print(f"ok - the list, {language}", flush=True)


if __name__ == "__main__":
    main()
