#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A narrow window, wholly by keyboard: another language is chosen, holds from the next start, and changes back; a service is
found, ordered and waits to be sent; nothing is as wide as to be cut off."""
import importlib.util
import os
import re

from story import Failure, arguments

HERE = os.path.dirname(os.path.abspath(__file__))


def load(name, file):
    spec = importlib.util.spec_from_file_location(name, os.path.join(HERE, file))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


shots = load("shots", "take-shots.py")
draft = load("draft", "journey-draft.py")

SIZE = (480, 800)
OTHER = {"da": ("nb", "Norsk bokmål"), "nb": ("da", "Dansk")}
LANGUAGES = ["", "da", "nb", "en"]  # as the preferences list them


class Narrow(shots.Shots):
    def start(self, *argv, env=None):
        """With settings that outlive the program."""
        return super().start(*argv, env={**(env or {}), "GSETTINGS_BACKEND": "keyfile"})

    def focused(self):
        """The innermost widget with the keyboard."""
        found = None
        for node in self.me.window.walk():
            if "focused" in node.states:
                found = node
        return found

    def tab_to(self, name, key="Tab"):
        """Tab, until the keyboard is at something of that name, or in it."""
        for _ in range(60):
            node = self.focused()
            while node and node.role not in ("frame", "window", "list", "scroll pane"):
                if name.search(node.name) if isinstance(name, re.Pattern) else node.name == name:
                    return
                node = node.parent
            self.me.key(key)
        raise Failure(f"the keyboard does not come to {name}:\n{self.me.window.dump()}")

    def beyond(self, node, width):
        """What goes beyond the window's edge, save what can be scrolled sideways."""
        for child in node.children:
            area = child.extents
            if not area or not child.shown:
                continue
            if child.role in ("label", "button", "text", "entry") and (area[0] < -2 or area[0] + area[2] > width + 2):
                yield f"{child!r} {area}"
            if child.role != "scroll pane" or area[3] > 100:
                yield from self.beyond(child, width)

    def fits(self, what):
        _, _, width, _ = self.me.window.extents
        wide = list(self.beyond(self.me.window, width))
        if wide:
            raise Failure(f"beyond the edge of {width} pixels, {what}: " + "; ".join(wide))

    def change_language(self, language):
        me = self.me
        me.key("ctrl+comma")
        me.until(lambda: len(me.windows) > 1, "the preferences")
        self.tab_to(self.say("Language"))
        me.key("space")
        me.until(lambda: [row for row in me.window.find_all("list item", "Dansk")] or me.has("label", "Dansk"), "the languages")
        me.key("Home", *["Down"] * LANGUAGES.index(language), "Return")
        me.see(self.say("The language changes the next time Bestiller is opened"))
        self.picture(f"preferences-{language}")
        self.tab_to(self.say("Quit Bestiller"))
        me.key("Return")
        if me.app.wait() != 0 or me.app.complaints:
            raise Failure(me.app.output)
        self.speak(language)
        self.me = self.start()
        self.me.see(self.say("Waiting for you"))
        self.fits("overview")


def order(names):
    me = names.me
    (_, service, asked), _ = draft.simple_services(names)
    me.key("ctrl+2")
    me.find(None, "BstCataloguePage")
    me.key("ctrl+f")
    me.type(service)
    pattern = re.compile("^" + re.escape(service))
    names.row(pattern)
    names.fits("catalogue")
    names.tab_to(pattern)
    me.key("Return")
    me.find("button", names.say("Order", context="action"))
    names.fits("service")
    names.picture("service")
    names.tab_to(names.say("Order", context="action"))
    me.key("Return")
    me.see(names.say("What you order"))
    for field, text in [(asked, "Lokale 7"), (names.say("Where"), "Ved døren")]:
        names.tab_to(re.compile("^" + re.escape(field)))
        me.type(text)
    names.fits("order")
    names.tab_to(names.say("Send when connected"))
    names.picture("order")
    me.key("Return")
    me.see(names.say("The order is safe on this computer and is sent as soon as there is a connection"))
    me.key("ctrl+3")
    names.row(pattern)
    names.fits("requests")
    names.picture("requests")


def main():
    options = arguments(__doc__)
    for language in options.language or ["da"]:
        pictures = options.pictures and os.path.join(options.pictures, "narrow", language)
        with Narrow(options.build, language, pictures, SIZE, shots.LIGHT, 96) as names:
            names.me.see(names.say("Waiting for you"))
            names.change_language(OTHER[language][0])
            names.change_language(language)
            order(names)
            names.me.finish()
        print(f"ok - narrow and by keyboard, {language}", flush=True)


if __name__ == "__main__":
    main()
