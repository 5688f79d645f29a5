#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page by keyboard, and what a screen reader says there: whatever takes the keyboard has a name, and no name is that
of a widget's class. In the usual look, dark, with large text and in a narrow window; any warning of the program fails."""
import importlib.util
import os
import re

from story import Failure, arguments

HERE = os.path.dirname(os.path.abspath(__file__))
spec = importlib.util.spec_from_file_location("shots", os.path.join(HERE, "take-shots.py"))
shots = importlib.util.module_from_spec(spec)
spec.loader.exec_module(shots)

SPOKEN = {"button", "toggle button", "check box", "radio button", "combo box", "spin button", "entry", "text", "password text",
          "list item", "table row", "link", "switch", "slider", "menu item"}
CLASS_NAME = re.compile(r"^(Gtk|Adw|Bst)[A-Z]\w+$")
# Parts that GTK makes by itself inside a named whole, and that never take the keyboard's focus alone.
INNER = {("button", "GtkToggleButton"), ("list item", "GtkListItemWidget"), ("table row", "GtkListItemWidget"),
         ("list item", ""), ("text", "GtkText")}


def unnamed(window):
    found = []
    for node in window.walk():
        name = node.name
        if node.role not in SPOKEN or (node.role, name) in INNER:
            continue
        if not name or CLASS_NAME.match(name):
            if any(label.name and not CLASS_NAME.match(label.name) for label in node.find_all("label")):
                continue  # a button with a label says it
            found.append(f"{node.role} “{name}” at {node.extents}")
    return found


class Names(shots.Shots):
    """Goes the way of the pictures, and reads instead."""
    bad = ()

    def picture(self, name):
        found = unnamed(self.me.window)
        if found:
            self.bad = [*self.bad, f"{name}: " + "; ".join(sorted(set(found)))]
        super().picture(name)


def main():
    options = arguments(__doc__, look={"choices": list(shots.LOOKS), "action": "append"})
    failed = []
    for language in options.language or ["da"]:
        for look in options.look or ["1280x800", "680x800-dark", "large-text"]:
            pictures = options.pictures and os.path.join(options.pictures, "names", language, look)
            with Names(options.build, language, pictures, *shots.LOOKS[look]) as names:
                names.shoot()
                names.me.finish()
            failed += [f"{look}, {bad}" for bad in names.bad]
            print(f"ok - walked, {language}, {look}", flush=True)
    if failed:
        raise Failure("without a name:\n" + "\n".join(failed))


if __name__ == "__main__":
    main()
