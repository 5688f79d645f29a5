# SPDX-License-Identifier: GPL-3.0-or-later
"""What the journeys have in common: a server with a sample authority, a desktop, and one person in front of it.

    with Story() as story:
        me = story.enrol()                 # the application, enrolled and synchronised
        me.click("list item", story.say("Catalogue"))
        story.picture("catalogue")
        me.finish()
"""
import argparse
import contextlib
import gettext
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))

from desktop import Desktop, Failure, wait  # noqa: E402
from journey import Journey  # noqa: E402
from server import Server, app_environment  # noqa: E402

AUTHORITY = {"da": "dk", "nb": "no", "en": "dk"}
PEOPLE = {"dk": {"orderer": "person-demo-dk", "performer": "person-performer-dk", "approver": "person-approver-dk"},
          "no": {"orderer": "person-demo-no", "performer": "person-performer-no", "approver": "person-approver-no"}}

__all__ = ["Desktop", "Failure", "Journey", "Server", "Story", "app_environment", "arguments", "wait", "words"]


def arguments(description, **more):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--build", default="build", help="the build folder")
    parser.add_argument("--language", choices=["da", "nb", "en"], action="append", help="may be given several times")
    parser.add_argument("--pictures", help="a folder for pictures of the stations")
    for name, settings in more.items():
        parser.add_argument("--" + name.replace("_", "-"), **settings)
    return parser.parse_args()


def words(text):
    """A pattern for a text with formats: %s and %d stand for anything."""
    return re.compile(re.sub(r"%(\d\$)?[sdu]", ".+", re.escape(text).replace(r"\%", "%").replace(r"\$", "$")))


class Story(contextlib.AbstractContextManager):
    def __init__(self, build="build", language="da", pictures=None, size=(1280, 800), maximized=True, env=None,
                 server=None):
        self.build, self.language, self.pictures = os.path.abspath(build), language, pictures
        self.authority = AUTHORITY[language]
        self.people = PEOPLE[self.authority]
        self.speak(language)
        self.desktop = Desktop(language, size=size, maximized=maximized, env=env)
        self.server = Server(self.build, self.authority) if server is None else server
        self._own_server = server is None
        self._taken = 0

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            if self._own_server:
                stack.enter_context(self.server)
            stack.enter_context(self.desktop)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *failure):
        if failure[0] is not None and self.pictures:
            self.picture("failed")
        return self._stack.__exit__(*failure)

    # ---- words ----

    def speak(self, language, folder="po"):
        """From now on the program's texts are those of @language, as they lie below @folder of the build."""
        self.texts = gettext.translation("bestiller", f"{self.build}/{folder}", [language], fallback=language == "en")
        self._bare = {text.replace("_", ""): text for text in getattr(self.texts, "_catalog", {}) if isinstance(text, str)}

    def say(self, text, *values, context=None):
        """The program's text in the language of the journey."""
        text = self.texts.pgettext(context, text) if context else self._translate(text)
        return text % values if values else text

    def shown(self, text):
        """The same as a pattern in which formats stand for anything."""
        return words(self._translate(text))

    def _translate(self, text):
        """Mnemonics are left out on both sides."""
        return self.texts.gettext(self._bare.get(text, text)).replace("_", "")

    # ---- the program ----

    def start(self, *argv, env=None):
        program = self.desktop.start([f"{self.build}/src/app/bestiller", *argv],
                                     env={**app_environment(self.build), **(env or {})})
        return Journey(self.desktop, program)

    def enrol(self, person=None):
        """Starts the program with a link, presses the button, and waits until everything has come."""
        link = self.server.enrol(person or self.people["orderer"])["link"]
        me = self.start("--enrol", link, "--ca", self.server.ca)
        me.click("button", self.say("Enrol"))
        me.click("button", self.say("Begin"))
        self.synced(me)
        return me

    def synced(self, me):
        return me.see(self.say("Up to date"), seconds=30)

    def save_as(self, me, title, name):
        """In the dialog that asks where to; the path of the file, once it is whole."""
        path = os.path.join(self.desktop.home, name)
        me.until(lambda: any(window.name == title for window in me.windows), f"the dialog {title}")
        me.key("ctrl+a")
        me.type(path)
        me.key("Return")
        return wait(lambda: os.path.exists(path) and os.path.getsize(path) and path, f"{name} to be saved")

    def picture(self, name):
        if not self.pictures:
            return
        self._taken += 1
        self.desktop.picture(os.path.join(self.pictures, f"{self._taken:02d}-{name}.png"))
