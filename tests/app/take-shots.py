#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of every page, in Danish and Norwegian, light and dark, in all sizes that the application must work in.

./dev shots calls this. A profile with a sample authority and orders in all states is made by seed-store; there is
no server, so what the pages show is what they show without a line.
"""
import os
import re
import subprocess

from story import AUTHORITY, PEOPLE, Desktop, Failure, Journey, Story, arguments

SOURCE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
# Those of the sidebar, as Ctrl+1, Ctrl+2 … open them.
with open(os.path.join(SOURCE, "src/app/bst-page-table.c"), encoding="utf-8") as table:
    PAGES = re.findall(r'{ "(\w+)", N_\("[^"]+"\), "', table.read())
DARK = {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}
LIGHT = {"ADW_DEBUG_COLOR_SCHEME": "prefer-light"}
CONTRAST = {"ADW_DEBUG_HIGH_CONTRAST": "1"}
# name: size, environment, dots per inch
LOOKS = {
    "1280x800": ((1280, 800), LIGHT, 96),
    "1280x800-dark": ((1280, 800), DARK, 96),
    "1366x768": ((1366, 768), LIGHT, 96),
    "1024x600": ((1024, 600), LIGHT, 96),
    "680x800": ((680, 800), LIGHT, 96),
    "680x800-dark": ((680, 800), DARK, 96),
    "large-text": ((1280, 900), LIGHT, 144),
    "double-text": ((1280, 900), LIGHT, 192),
    "high-contrast": ((1280, 800), {**LIGHT, **CONTRAST}, 96),
    "high-contrast-dark": ((1280, 800), {**DARK, **CONTRAST}, 96),
}


class Shots(Story):
    """A story without a server: the profile is made by seed-store."""

    def __init__(self, build, language, pictures, size, env, dots):
        super().__init__(build, language, pictures, size=size, env=env, server=False)
        self.dots = dots

    def __enter__(self):
        super().__enter__()
        if self.dots != 96:
            subprocess.run(["xrdb", "-merge"], input=b"Xft.dpi: %d\n" % self.dots, env=self.desktop.env, check=True)
        self.seed()
        self.me = self.start()
        self.me.find("list", self.say("Pages")) if self.desktop.size[0] >= 720 else self.me.app.node
        return self

    def seed(self):
        authority = AUTHORITY[self.language]
        root = os.path.join(self.desktop.home, ".local/share/bestiller")
        os.makedirs(root, mode=0o700, exist_ok=True)
        subprocess.run([f"{self.build}/tests/app/seed-store", root, f"{SOURCE}/data/sample/{authority}",
                        PEOPLE[authority]["orderer"]], check=True, stdin=subprocess.DEVNULL)
        for profile in os.listdir(root):  # as if this computer were enrolled: the server is only out of reach
            if os.path.isdir(os.path.join(root, profile)):
                with open(os.path.join(root, profile, "token"), "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
                    out.write("sample")

    # ---- the pages ----

    def rows(self):
        """The rows of orders and services, without headings and the sidebar's."""
        return [node for window in self.me.windows for node in window.walk()
                if node.role in ("table row", "list item") and "," in node.name
                and node.parent.name != self.say("Pages")]

    def row(self, pattern):
        return self.me.until(lambda: next((row for row in self.rows() if pattern.search(row.name)), None),
                             f"a row {pattern.pattern}")

    def still(self):
        """Until nothing moves on the screen."""
        last = []

        def same():
            last.append(self.desktop._x("import", "-silent", "-window", "root", "-depth", "8", "rgb:-"))
            return len(last) > 1 and last[-1] == last[-2]
        self.me.until(same, "the screen to stand still")

    def take(self, name):
        self.still()
        self.picture(name)

    def shoot(self):
        me = self.me
        for number, name, sign in [(1, "overview", self.say("Waiting for you")), (2, "catalogue", re.compile("^(Afdeling|Ansatt|Avdeling|Kollega)")),
                                   (3, "requests", re.compile("^2026-00")),
                                   (PAGES.index("costs") + 1, "costs", self.say("Forecast for the year"))]:
            me.key(f"ctrl+{number}")
            me.see(sign)
            self.take(name)
        self.requests()
        self.catalogue()
        self.figures()
        self.windows_beside()

    def figures(self):
        """What is measured, what it costs, what was agreed on."""
        me = self.me
        for number, name, sign in [(4, "levels", self.say("Result by service")), (5, "costs", self.say("Budget")),
                                   (6, "agreements", self.say("In plain words"))]:
            me.key(f"ctrl+{number}")
            me.see(sign)
            self.take(name)

    def requests(self):
        me = self.me
        for number, name in [("2026-004203", "request-question"), ("2026-004204", "request-delivered"),
                             ("2026-004205", "request-closed")]:
            me.key("ctrl+3")
            me.fill("entry", self.say("Search the requests"), number)
            me.click(me.until(lambda: (self.rows() or [None])[0] if len(self.rows()) == 1 else None, f"the row of {number}"))
            me.find(None, "BstRequestPage")
            self.take(name)
            me.key("alt+Left")
        me.key("ctrl+1")
        me.click("button", re.compile("^" + self.say("Open")))
        me.see(self.say("Accept what is new"))
        self.take("order-refused")

    def catalogue(self):
        me = self.me
        me.key("ctrl+2")
        me.fill("entry", self.say("What should happen?"), "bærbar pc")
        self.take("search")
        me.click(self.row(re.compile("^Bærbar pc, standard", re.I)))
        me.find("button", self.say("Order", context="action"))
        self.take("service")
        me.click("button", self.say("Order", context="action"))
        me.see(self.say("What you order"))
        me.fill("text", self.say("What should happen?"), "Bærbar pc til ny medarbejder")
        self.take("order")
        me.click("button", self.say("Send when connected"))
        self.take("order-missing")
        if self.desktop.size[0] >= 720:
            me.click("button", self.shown("Synchronisation: %s"))
            self.take("status")

    def windows_beside(self):
        me = self.me
        for keys, name in [("ctrl+comma", "preferences"), ("ctrl+question", "shortcuts")]:
            me.key(keys)
            me.until(lambda: len(me.windows) > 1, f"the window of {name}")
            self.take(name)
            me.key("Escape")
            me.until(lambda: len(me.windows) == 1, f"Escape to close {name}")


def main():
    options = arguments(__doc__, look={"choices": list(LOOKS), "action": "append"})
    failed = 0
    for language in options.language or ["da", "nb"]:
        for look in options.look or LOOKS:
            pictures = os.path.join(options.pictures or "shots", language, look)
            try:
                with Shots(options.build, language, pictures, *LOOKS[look]) as shots:
                    shots.shoot()
                    if shots.me.app.complaints:
                        raise Failure("\n".join(shots.me.app.complaints))
                print(f"ok - {language} {look}", flush=True)
            except Failure as failure:
                failed += 1
                print(f"not ok - {language} {look}: {str(failure)[:600]}", flush=True)
    raise SystemExit(failed > 0)


if __name__ == "__main__":
    main()
