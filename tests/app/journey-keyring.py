#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the token lies. With a keyring: in it, and in no file. Without: in a file that only its owner reads, and the preferences
say so. With one that never answers: the window is there and works, and after a while the file does."""
import os
import stat
import subprocess

from story import Failure, Story, arguments, wait

NEVER = """
import gi, sys
from gi.repository import Gio, GLib
def acquired(connection, name):
    print("ready", flush=True)
# The name is taken, and no call is ever answered.
Gio.bus_own_name(Gio.BusType.SESSION, "org.freedesktop.secrets", Gio.BusNameOwnerFlags.NONE, None, acquired, None)
bus = Gio.bus_get_sync(Gio.BusType.SESSION)
bus.add_filter(lambda connection, message, incoming: None if incoming and message.get_message_type() ==
               Gio.DBusMessageType.METHOD_CALL else message)
GLib.MainLoop().run()
"""


def token_files(story):
    found = []
    for folder, _, files in os.walk(os.path.join(story.desktop.home, ".local/share/bestiller")):
        found += [os.path.join(folder, name) for name in files if name == "token"]
    return found


def open_preferences(story, me, text):
    me.key("ctrl+comma")
    me.until(lambda: len(me.windows) > 1, "the preferences")
    me.see(story.say(text))
    me.key("Escape")
    me.until(lambda: len(me.windows) == 1, "the preferences to close")


def owner(story):
    done = subprocess.run(["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus",
                           "org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"], env=story.desktop.env,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return b"true" in done.stdout


def keyring(story):
    daemon = subprocess.Popen(["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
                              env=story.desktop.env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, start_new_session=True)
    daemon.stdin.write(b"a password")
    daemon.stdin.close()
    story.desktop.processes.append(daemon)
    wait(lambda: owner(story), "the keyring")


def silent(story):
    story.desktop.processes.append(subprocess.Popen(["/usr/bin/python3", "-c", NEVER], env=story.desktop.env,
                                                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                                    stderr=subprocess.DEVNULL, start_new_session=True))
    wait(lambda: owner(story), "the keyring that never answers")


def with_keyring(story):
    keyring(story)
    me = story.enrol()
    if token_files(story):
        raise Failure(f"the token lies in a file, too: {token_files(story)}")
    open_preferences(story, me, "In this computer’s keyring")
    story.picture("keyring")
    me.finish()
    me = story.start()  # and it is found there
    story.synced(me)
    me.finish()


def in_file(story):
    files = token_files(story)
    if len(files) != 1 or stat.S_IMODE(os.stat(files[0]).st_mode) != 0o600:
        raise Failure(f"not one private file, but {[(path, oct(os.stat(path).st_mode)) for path in files]}")


def without_keyring(story):
    me = story.enrol()
    in_file(story)
    open_preferences(story, me, "In a file that only your login can read")
    story.picture("file")
    me.finish()


def with_silent_keyring(story):
    silent(story)
    link = story.server.enrol(story.people["orderer"])["link"]
    me = story.start("--enrol", link, "--ca", story.server.ca)
    me.click("button", story.say("Enrol"))
    me.click(me.find("button", story.say("Begin"), seconds=60))
    me.see(story.say("Up to date"), seconds=60)
    in_file(story)
    me.finish()


def main():
    options = arguments(__doc__)
    for language in options.language or ["da"]:
        for walk in (with_keyring, without_keyring, with_silent_keyring):
            pictures = options.pictures and os.path.join(options.pictures, walk.__name__, language)
            with Story(options.build, language, pictures) as story:
                walk(story)
            print(f"ok - {walk.__name__.replace('_', ' ')}, {language}", flush=True)


if __name__ == "__main__":
    main()
