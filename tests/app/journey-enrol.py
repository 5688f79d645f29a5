#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Enrolling when it goes wrong: each wrong code says what is wrong with it; a revoked computer is told so, and keeps its work; signing
out names what is not sent, and the same person finds it again."""
import glob
import os
import re
import sqlite3

from story import Server, Story, arguments


def expire_all(server):
    """As if the hours of all codes had passed."""
    for path in glob.glob(os.path.join(server.data, "*.db")):
        with sqlite3.connect(path, timeout=20) as database:
            if database.execute("SELECT 1 FROM sqlite_schema WHERE name = 'code'").fetchone():
                database.execute("UPDATE code SET expires = 1")


def of_another_authority(story):
    """A good code, but of another authority's server."""
    with Server(story.build, {"dk": "no", "no": "dk"}[story.authority]) as other:
        person = {"dk": "person-demo-no", "no": "person-demo-dk"}[story.authority]
        return other.enrol(person)["code"]


def refused(story, me, link, text, name):
    me.fill("text", story.say("Paste the link here"), link)
    me.click("button", story.say("Enrol"))
    me.see(story.say(text))
    story.picture(name)


def wrong_codes(story, me, good):
    server, person = story.server, story.people["orderer"]
    with_code = lambda code: re.sub("code=.*", "code=" + code, good)  # noqa: E731
    me.find("button", story.say("Enrol"))
    refused(story, me, good[:-1] + ("A" if good[-1] != "A" else "B"),
            "This code does not exist. Look for a mistyped letter, or ask for a new code.", "wrong")
    refused(story, me, re.sub(r"%3A\d+", "%3A1", good),
            "The server cannot be reached. Check its address and the network, and try again; the code is still good.", "unreachable")
    refused(story, me, with_code(of_another_authority(story)),
            "This code belongs to another authority. Check the server’s address.", "other-authority")
    old = server.enrol(person)["link"]
    expire_all(server)
    refused(story, me, old, "This code has expired. Ask for a new one.", "expired")


def sign_out(story, me, link):
    title = "Tavle til personalerummet"
    me.key("ctrl+n")
    me.fill("text", story.say("Title of the order"), title)
    me.see(story.shown("Saved %s on this computer"))
    me.key("ctrl+comma")
    me.until(lambda: len(me.windows) > 1, "the preferences")
    me.click("button", story.say("Sign Out…"))
    me.see(re.compile("1 .*" + re.escape(f"\n• {story.say('Draft')} · {title}")))
    story.picture("sign-out")
    me.click("button", story.say("Sign Out"))
    me.see(story.say("Not signed in"))
    me.click("button", story.say("Enrol Again…"))
    me.fill("text", story.say("Paste the link here"), link)
    me.click("button", story.say("Enrol"))
    me.click("button", story.say("Begin"))
    story.synced(me)
    me.key("ctrl+3")
    me.find("table row", re.compile("^" + re.escape(title)))


def main():
    options = arguments(__doc__)
    for language in options.language or ["da"]:
        pictures = options.pictures and os.path.join(options.pictures, "enrol", language)
        with Story(options.build, language, pictures) as story:
            server, person = story.server, story.people["orderer"]
            me = story.start("--enrol", server.enrol(person)["link"], "--ca", server.ca)
            wrong_codes(story, me, server.enrol(person)["link"])
            good = server.enrol(person)["link"]
            me.fill("text", story.say("Paste the link here"), good)
            me.click("button", story.say("Enrol"))
            me.click("button", story.say("Begin"))
            story.synced(me)

            server.admin("user", "revoke", person)
            me.key("F5")
            me.see(story.say("Not signed in"))
            story.picture("revoked")
            me.click("button", story.say("Enrol Again…"))
            refused(story, me, good, "This code has already been used. Each code works once; ask for a new one.", "used")
            me.fill("text", story.say("Paste the link here"), server.enrol(person)["link"])
            me.click("button", story.say("Enrol"))
            me.click("button", story.say("Begin"))
            story.synced(me)
            sign_out(story, me, server.enrol(person)["link"])
            me.finish()
        print(f"ok - enrolling, {language}", flush=True)


if __name__ == "__main__":
    main()
