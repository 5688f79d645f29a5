#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first order, as a person does it: by keyboard and mouse, in Danish and in Norwegian.

Enrol, find a service, fill in the order, lose the line, send, leave, come back, get the line back; the
performer works through bestiller-admin; answer a question, confirm the delivery, say how it was.
./dev run does this where there is no display. Pictures of all stations go to --pictures.
"""
import datetime
import os
import re

from story import Story, arguments

# What is typed, and which fields of the sample authority's form it goes into.
ORDERS = {
    "da": {
        "search": "baerbar standard", "service": "Bærbar pc, standard", "need": "Ny bærbar pc til vores nye koordinator",
        "person": ("Hvem skal bruge pc'en?", "Anne Eks", "Anne Eksempel"), "choice": ("Størrelse", "16 tommer, stor skærm"),
        "condition": ("Hvorfor stor skærm?", "Vagtplaner i brede regneark"),
        "check": ("Erstatter den en gammel pc?", "Den gamle pc's nummer", "EK004711"),
        "more": [("Hvor skal den afleveres?", "Solgården, kontor 2")],
        "place": "Solgården, Eksempelvej 12", "receiver": ("Anne Eks", "Anne Eksempel"),
        "question": "Hvilken etage er kontoret på?", "answer": "Stueetagen, første dør på højre hånd",
        "queued": "Venter på at blive sendt", "delivered": "Pc'en står på kontoret",
    },
    "nb": {
        "search": "baerbar standard", "service": "Bærbar PC, standard", "need": "Ny bærbar PC til den nye koordinatoren vår",
        "person": ("Hvem skal ha maskinen?", "Kari Eks", "Kari Eksempel"), "choice": ("Hvor skal den brukes?", "Fast kontor"),
        "condition": ("Bygg og romnummer", "Solhøyda, rom 2"),
        "check": ("Det står en gammel PC som skal hentes", "Utstyrsnummer på den gamle", "EK04711"),
        "more": [], "place": "Solhøyda, Eksempelveien 12", "receiver": ("Kari Eks", "Kari Eksempel"),
        "question": "Hvilken etasje er kontoret i?", "answer": "Første etasje, første dør til høyre",
        "queued": "Venter på å bli sendt", "delivered": "PC-en står på kontoret",
    },
}


def find_service(story, me, order):
    """With ae where the catalogue writes æ."""
    me.key("ctrl+1" if not me.has("list item", story.say("Overview")) else "ctrl+2")
    me.fill("entry", story.say("What should happen?"), order["search"])
    row = me.find("list item", re.compile("^" + re.escape(order["service"])))
    story.picture("search")
    me.click(row)
    me.find("button", story.say("Order", context="action"))
    story.picture("service")
    me.click("button", story.say("Order", context="action"))
    me.see(story.say("What you order"))


def choose_person(me, field, typed, name, within=None):
    me.fill("text", field, typed, within)
    me.find("list item", re.compile("^" + re.escape(name)))
    me.key("Down", "Return")
    me.until(lambda: me.find("text", field, within).text.startswith(name) or me.has("button", re.compile(re.escape(name))),
             f"{name} to be chosen")


def fill_order(story, me, order):
    me.fill("text", story.say("What should happen?"), order["need"])
    field, typed, name = order["person"]
    choose_person(me, field, typed, name)
    me.choose(*order["choice"])
    field, text = order["condition"]
    me.fill("text", re.compile("^" + re.escape(field)), text)
    box, field, text = order["check"]
    assert not me.has("text", field), "a field is shown whose condition does not hold"
    me.click("check box", box)
    me.fill("text", field, text)
    for field, text in order["more"]:
        me.fill("text", field, text)
    story.picture("form")
    choose_person(me, story.say("Receiver"), *order["receiver"])
    me.fill("text", story.say("Where"), order["place"])
    day = datetime.date.today() + datetime.timedelta(days=30)
    me.fill("text", story.say("Wanted on"), f"{day.day}.{day.month}.")
    me.key("Tab")
    story.picture("delivery")
    me.see(story.shown("Saved %s on this computer"))


def send_without_line(story, order):
    me = story.start("--enrol", story.server.enrol(story.people["orderer"])["link"], "--ca", story.server.ca)
    me.find("button", story.say("Enrol"))
    story.picture("enrol")
    me.click("button", story.say("Enrol"))
    me.find("button", story.say("Begin"))
    story.picture("welcome")
    me.click("button", story.say("Begin"))
    story.synced(me)
    story.picture("first-sync")

    find_service(story, me, order)
    fill_order(story, me, order)

    story.server.stop()
    me.click("button", re.compile("^(%s|%s)$" % (story.say("Send"), story.say("Send when connected"))))
    me.see(story.say("The order is safe on this computer and is sent as soon as there is a connection"))
    story.picture("toast")
    open_order(story, me, order)
    me.see(order["queued"])
    story.picture("queued")
    me.finish()


def open_order(story, me, order):
    me.click("list item", re.compile("^" + story.say("Requests")))
    me.click("table row", re.compile(re.escape(order["service"])))


def come_back(story, order):
    """The order is still there, and goes when there is a line."""
    me = story.start()
    me.see(re.compile(story.say("Offline")), seconds=30)
    open_order(story, me, order)
    me.see(order["queued"])
    story.picture("still-there")
    story.server.start()
    me.key("F5")
    number = me.see(re.compile(r"\d{4}-\d+"), seconds=30)
    number = re.search(r"\d{4}-\d+", number.text or number.name).group()
    story.picture("received")
    return me, number


def perform(story, me, number, order):
    """What the performer does is shown, and the question is answered."""
    def step(action, *more):
        story.server.admin("request", action, number, "--as", story.people["performer"], *more)
        me.key("F5")

    step("accept")
    me.see(story.say("Accepted by the performer"))
    step("start")
    me.see(story.say("Work has begun"))
    step("wait", "--for", "orderer", "--text", order["question"])
    me.see(order["question"])
    story.picture("question")
    me.click("button", story.say("Answer"))
    me.type(order["answer"])
    me.click("button", story.say("Answer"))
    me.see(order["answer"])
    step("deliver", "--text", order["delivered"])
    confirm = me.find("button", story.say("Confirm delivery"))
    story.picture("delivered")
    me.click(confirm)
    me.see(story.say("Delivery confirmed"))
    story.picture("confirmed")


def rate(story, me):
    me.click("button", story.say("Rate"))
    me.click(None, story.texts.ngettext("%d star of 5", "%d stars of 5", 5) % 5)
    story.picture("stars")
    me.click("button", story.say("Rate"))
    me.see(story.say("Rated"))
    story.picture("closed")


def main():
    options = arguments(__doc__)
    for language in options.language or ["da", "nb"]:
        pictures = os.path.join(options.pictures, language) if options.pictures else None
        with Story(options.build, language, pictures) as story:
            order = ORDERS[language]
            send_without_line(story, order)
            me, number = come_back(story, order)
            perform(story, me, number, order)
            rate(story, me)
            me.finish()
        print(f"ok - the first order, {language}", flush=True)


if __name__ == "__main__":
    main()
