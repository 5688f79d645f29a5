#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A form with conditions: what is asked for depends on what was answered, and what is missing is said at its field. A file is
attached through the file dialog; without a line the order goes as a file, and its answer is read as one."""
import os
import re
import shutil

from story import Failure, HERE, Story, arguments

# (what to search, service, person, choice with a field and without, check box with a field)
FORMS = {
    "da": ("bærbar pc, standard", "Bærbar pc, standard", ("Hvem skal bruge pc'en?", "Anne Eks", "Anne Eksempel"),
           ("Størrelse", "16 tommer, stor skærm", "13 tommer, let", "Hvorfor stor skærm?"),
           ("Erstatter den en gammel pc?", "Den gamle pc's nummer", "12", "EK004711"), [("Hvor skal den afleveres?", "Kontor 2")]),
    "nb": ("bærbar PC, standard", "Bærbar PC, standard", ("Hvem skal ha maskinen?", "Kari Eks", "Kari Eksempel"),
           ("Hvor skal den brukes?", "Fast kontor", "Hjemmekontor", "Bygg og romnummer"),
           ("Det står en gammel PC som skal hentes", "Utstyrsnummer på den gamle", "12", "EK04711"), []),
}


def field(name):
    return re.compile("^" + re.escape(name))


def conditions(story, me, form):
    search, service, (person, typed, chosen), (choice, more, less, why), (box, number, wrong, right), rest = form
    me.key("ctrl+2")
    me.fill("entry", story.say("What should happen?"), search)
    me.click("list item", field(service))
    me.click("button", story.say("Order", context="action"))
    me.see(story.say("What you order"))
    if me.has("text", field(why)) or me.has("text", field(number)):
        raise Failure("a field is shown whose condition does not hold")
    me.choose(choice, more)
    me.find("text", field(why))
    me.choose(choice, less)
    me.gone("text", field(why))
    me.click("check box", box)
    me.find("text", field(number))
    me.click("button", field(story.say("Send")))
    me.find("label", story.say("Please fill this in"))
    story.picture("missing")
    me.fill("text", field(number), wrong)
    me.fill("text", field(person), typed)
    me.find("list item", field(chosen))
    me.key("Down", "Return")
    for name, text in rest:
        me.fill("text", field(name), text)
    me.fill("text", story.say("Where"), "Rom 2")
    me.click("button", field(story.say("Send")))
    me.find("label", story.say("This is not written as it should be"))
    story.picture("wrong")
    me.fill("text", field(number), right)


def choose_file(me, path):
    """The dialog has the keyboard; a path can be typed into it."""
    me.until(lambda: len(me.windows) > 1, "the file dialog")
    me.key("ctrl+a")
    me.type(path)
    me.key("Return")
    me.until(lambda: len(me.windows) == 1, "the file dialog to close")


def attach(story, me):
    path = os.path.join(story.desktop.home, "notat.txt")
    with open(path, "w", encoding="utf-8") as note:
        note.write("Æbler og øl\n")
    me.click("button", story.say("Attach a file…"))
    me.until(lambda: len(me.windows) > 1, "the file dialog")
    choose_file(me, path)
    me.see("notat.txt")
    me.see(story.shown("Saved %s on this computer"))
    pictures(story, me)
    story.picture("attached")


def pictures(story, me):
    """The dialog begins where cameras put their pictures, and offers nothing else."""
    folder = os.path.join(story.desktop.home, "Billeder")
    me.click("button", story.say("Attach a picture…"))
    me.until(lambda: len(me.windows) > 1, "the file dialog")
    me.see(os.path.basename(folder))  # the names of files in it are not told to those who cannot see
    me.see(story.say("Pictures"))
    story.picture("pictures")
    choose_file(me, os.path.join(folder, "skade.png"))
    me.see("skade.png")


def camera(story):
    """A folder for pictures with one in it, and a letter beside it."""
    home = story.desktop.home
    os.makedirs(os.path.join(home, "Billeder"))
    config = os.path.join(home, ".config")
    os.makedirs(config, exist_ok=True)
    with open(os.path.join(config, "user-dirs.dirs"), "w", encoding="utf-8") as dirs:
        dirs.write('XDG_PICTURES_DIR="$HOME/Billeder"\n')
    shutil.copy(os.path.join(HERE, "..", "..", "docs", "pictures", "order-da.png"), os.path.join(home, "Billeder", "skade.png"))
    with open(os.path.join(home, "Billeder", "brev.txt"), "w", encoding="utf-8") as letter:
        letter.write("Kære alle\n")


def carry(story, me):
    """Send, and take it with you; the server answers by file, too."""
    parcel, answer = (os.path.join(story.desktop.home, name) for name in ("parcel.bestiller", "answer.bestiller"))
    story.server.stop()
    me.click("button", field(story.say("Send")))
    me.see(story.say("The order is safe on this computer and is sent as soon as there is a connection"))
    me.click("button", story.shown("Synchronisation: %s"))
    me.click("list item", story.say("Save What Waits in a File…"))
    choose_file(me, parcel)
    me.see(story.say("Saved. Carry the file to a connected computer, and bring the answer back."))
    story.picture("saved")
    story.server.admin("exchange", parcel, "--output", answer)
    me.click("list item", story.say("Read the Answer…"))
    choose_file(me, answer)
    orders = story.server.admin("request", "list")
    if len(orders) != 1:
        raise Failure(f"not one order at the server, but {orders}")
    me.key("ctrl+3")
    me.click("table row", re.compile(orders[0]["title"]))
    me.see(orders[0]["number"])
    me.see("notat.txt")
    story.picture("received")


def main():
    options = arguments(__doc__)
    for language in options.language or ["nb"]:
        pictures = options.pictures and os.path.join(options.pictures, "form", language)
        with Story(options.build, language, pictures) as story:
            camera(story)
            me = story.enrol()
            conditions(story, me, FORMS[language])
            attach(story, me)
            carry(story, me)
            me.finish()
        print(f"ok - a form and its files, {language}", flush=True)


if __name__ == "__main__":
    main()
