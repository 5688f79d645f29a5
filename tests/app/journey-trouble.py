#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that is full, a home that cannot be written to, and two Bestillers over the same data: each is said, and nothing is lost.

The home lies on a small disk of its own, in a mount namespace; where that may not be made, the journey is skipped.
"""
import contextlib
import os
import re
import subprocess

from story import Desktop, Journey, Story, app_environment, arguments

SKIPPED = 77
SIZE = "96m"


class Disk(contextlib.AbstractContextManager):
    """A small disk at @folder, that only what is started through it sees."""

    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        os.makedirs(self.folder, exist_ok=True)
        script = f'mount -t tmpfs -o mode=700,size={SIZE} none "$1" && echo ready && exec sleep infinity'
        self.keeper = subprocess.Popen(["unshare", "--mount", "sh", "-c", script, "sh", self.folder], text=True,
                                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if self.keeper.stdout.readline() != "ready\n":
            raise SystemExit(SKIPPED)
        return self

    def __exit__(self, *failure):
        self.keeper.kill()
        self.keeper.wait()

    def inside(self, *argv):
        return ["nsenter", f"--mount=/proc/{self.keeper.pid}/ns/mnt", "--", *argv]

    def run(self, script):
        subprocess.run(self.inside("sh", "-c", script, "sh", self.folder), check=True, stderr=subprocess.DEVNULL)

    def remount(self, how):
        self.run(f'mount -o remount,{how} "$1"')

    def fill(self):
        self.run('cat /dev/zero >"$1/filler" || true')

    def make_room(self):
        self.run('rm "$1/filler"')


def start(story, disk, desktop, *argv):
    program = disk.inside(f"{story.build}/src/app/bestiller", *argv)
    return Journey(desktop, desktop.start(program, env=app_environment(story.build)))


def enrol_read_only(story, disk):
    """The code is good for one try at the server, and must outlive a home that takes nothing."""
    link = story.server.enrol(story.people["orderer"])["link"]
    disk.remount("ro")
    me = start(story, disk, story.desktop, "--enrol", link, "--ca", story.server.ca)
    me.click("button", story.say("Enrol"))
    me.see(story.say("It could not be saved: the disk is full or cannot be written to."))
    story.picture("enrol-read-only")
    disk.remount("rw")
    me.click("button", story.say("Enrol"))
    me.click("button", story.say("Begin"))
    story.synced(me)
    return me


def write_on_full_disk(story, disk, me):
    me.key("ctrl+n")
    me.fill("text", story.say("Title of the order"), "Borde til kantinen")
    me.see(story.shown("Saved %s on this computer"))
    disk.fill()
    me.fill("text", story.say("Where"), "Stuen, ved vinduet")
    me.see(story.say("Not saved yet: the disk is full or cannot be written to"))
    story.picture("full")
    disk.make_room()
    me.see(story.shown("Saved %s on this computer"))  # by itself
    me.app.kill()
    me = start(story, disk, story.desktop)
    me.find("list", story.say("Pages"))
    me.key("ctrl+3")
    me.click("table row", re.compile("^Borde til kantinen"))
    me.see("Stuen, ved vinduet")
    return me


def open_read_only(story, disk):
    disk.remount("ro")
    me = start(story, disk, story.desktop)
    me.see(story.say("Bestiller cannot save on this computer"))
    story.picture("read-only")
    disk.remount("rw")
    me.click("button", story.say("Try Again"))
    me.find("list", story.say("Pages"))
    return me


def twice(story, disk, first):
    """On another session, where the first cannot be asked to come to the front."""
    with Desktop(story.language, home=story.desktop.home) as other:
        second = start(story, disk, other)
        second.see(story.say("Bestiller is already open"))
        if story.pictures:
            other.picture(os.path.join(story.pictures, "already-open.png"))
        first.finish()
        second.click("button", story.say("Try Again"))
        second.find("list", story.say("Pages"))
        second.key("ctrl+3")
        second.find("table row", re.compile("^Borde til kantinen"))
        second.finish()


def main():
    options = arguments(__doc__)
    for language in options.language or ["da"]:
        pictures = options.pictures and os.path.join(options.pictures, "trouble", language)
        with Story(options.build, language, pictures) as story:
            with Disk(os.path.join(story.desktop.home, ".local/share/bestiller")) as disk:
                me = enrol_read_only(story, disk)
                me = write_on_full_disk(story, disk, me)
                me.finish()
                me = open_read_only(story, disk)
                twice(story, disk, me)
        print(f"ok - full, read-only and opened twice, {language}", flush=True)


if __name__ == "__main__":
    main()
