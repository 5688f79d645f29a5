#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A draft is shared; a colleague writes in it while there is no line; both versions stand side by side, and one is chosen."""
import os
import re
import sys

from story import Failure, Story, arguments, HERE

sys.path.insert(0, os.path.join(HERE, "..", "support"))
from colleague import Colleague  # noqa: E402


def texts(me, name):
    return [part.text for node in me.window.find_all("text", name) for part in node.walk()]


def undo(story, me, button):
    """A toast slides in: a click that comes too early falls beside it."""
    for _ in range(5):
        me.click("button", re.compile("^" + story.say("Undo")))
        try:
            return me.find("button", button, seconds=2)
        except Failure:
            continue
    raise Failure("Undo did not bring the question back")


def main():
    options = arguments(__doc__)
    for language in options.language or ["da"]:
        pictures = options.pictures and os.path.join(options.pictures, "merge", language)
        with Story(options.build, language, pictures) as story:
            me = story.enrol()
            me.key("ctrl+n")
            me.fill("text", story.say("Title of the order"), "Borde til kantinen")
            me.fill("text", story.say("Where"), "Stuen")
            me.see(story.shown("Saved %s on this computer"))
            story.picture("draft")
            me.click("button", story.say("Share the _Draft"))
            me.see(story.shown("Saved %s · shared with your colleagues"))
            olga = Colleague(story.server, story.people["orderer"])
            me.until(olga.requests, "the draft to be at the server")
            draft = olga.requests()[0]
            if draft["state"] != "draft" or draft["title"] != "Borde til kantinen":
                raise Failure(f"the shared draft is {draft}")

            # Another field: taken at once, without a word.
            olga.change(draft["id"], costPlace="4711")
            me.until(lambda: "4711" in texts(me, story.say("Cost place")), "the colleague's cost place to be shown")

            # The same field, without a line.
            olga.change(draft["id"], place="Kantinen")
            story.server.stop()
            me.see(story.shown("Saved %s · shared with your colleagues"))
            # Whether the change came before the line went is all one: what follows is written without it.
            story.server.start()
            me.until(lambda: "Kantinen" in texts(me, story.say("Where")), "the colleague's place to be shown")
            story.server.stop()
            me.fill("text", story.say("Title of the order"), "Runde borde til kantinen")
            me.see(story.shown("Saved %s · shared with your colleagues"))
            story.server.start()
            olga.change(draft["id"], title="Høje borde til kantinen")
            me.see(story.say("Stands at the server"), seconds=60)
            me.see("Høje borde til kantinen")
            story.picture("two-versions")
            take = f"{story.say('Take theirs')}: {story.say('Title of the order')}"
            me.click("button", take)
            me.gone("button", take)
            undo(story, me, take)
            me.click("button", f"{story.say('Keep both')}: {story.say('Title of the order')}")
            me.gone("button", take)
            both = "Høje borde til kantinen / Runde borde til kantinen"
            me.until(lambda: both in texts(me, story.say("Title of the order")), "both titles")
            story.picture("decided")
            me.key("ctrl+3")
            me.until(lambda: any(order["title"] == both for order in olga.requests()), "both titles at the server", seconds=40)
            me.see(story.say("Shared draft"))
            story.picture("list")
            me.finish()
        print(f"ok - two versions, {language}", flush=True)


if __name__ == "__main__":
    main()
