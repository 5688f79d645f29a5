#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A draft outlives kill -9; a second start comes to the first window; an order whose price changed comes back with old and new; what
was received is put on paper, and a diagnosis is saved; a draft whose service is gone orders another one, and keeps its answers."""
import json
import os
import re
import subprocess
import tempfile

from story import Failure, Story, arguments
from server import SOURCE


def sample_catalogue(story):
    path = os.path.join(SOURCE, "data", "sample", story.authority, "catalogue.json")
    with open(path, encoding="utf-8") as source:
        return json.load(source)


def change(story, service, how):
    """how: a function that changes the service's record; as a new version of the catalogue."""
    catalogue = sample_catalogue(story)
    record = next(record for record in catalogue["records"] if record["id"] == service)
    how(record)
    record["version"] = record.get("version", 1) + 1
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as changed:
        json.dump({**catalogue, "records": [record]}, changed)
        changed.flush()
        story.server.admin("import", "catalogue", changed.name)


def raise_price(record):
    """100 kroner more than when the order was written."""
    record["price"]["once"]["amount"] += 10000


def withdraw(record):
    record["validTo"] = "2020-01-01"


def simple_services(story):
    """Two (id, name, label) of services with a price that ask one thing: a text, each another one."""
    language = "nb" if story.language == "nb" else "da"
    found = []
    for record in sample_catalogue(story)["records"]:
        asked = [field for field in record.get("form", []) if field.get("required") and "when" not in field]
        if (record["@type"] == "Service" and record.get("price", {}).get("once") and len(asked) == 1
                and asked[0]["kind"] == "text" and "pattern" not in asked[0] and language in record["name"]):
            found.append((record["id"], record["name"][language], asked[0]["label"][language]))
    if len(found) < 2:
        raise Failure("no two services of the sample are simple enough")
    return found[:2]


def write_draft(story, me, name, label):
    me.key("ctrl+2")
    me.fill("entry", story.say("What should happen?"), name)
    me.click("list item", re.compile("^" + re.escape(name)))
    me.click("button", story.say("Order", context="action"))
    me.see(story.say("What you order"))
    me.fill("text", story.say("What should happen?"), "Æbler, øl og å til hele afdelingen")
    me.fill("text", label, "Lokale 7, ved døren")
    me.fill("text", story.say("Where"), "Lokale 7")
    me.until(lambda: me.see(story.shown("Saved %s on this computer")), "the draft to be saved")


def open_draft(story, me, name):
    me.find("list", story.say("Pages"))
    me.key("ctrl+3")
    me.click("table row", re.compile("^" + re.escape(name)))
    me.see("Æbler, øl og å til hele afdelingen")
    me.see("Lokale 7")


def toast_gone(me, text):
    """It lies over what is clicked next, and stays while the pointer is on it."""
    me.desktop.xdotool("mousemove", 1, 1)
    me.gone("label", text)


def exchange(story, me, first, second):
    """Its service is gone: another one is ordered instead; what it does not ask for is shown, and taken away by hand."""
    (service, name, label), (_, other, question) = first, second
    answer = "Lokale 7, ved døren"
    write_draft(story, me, name, label)
    change(story, service, withdraw)
    me.see(story.say("Withdrawn"), seconds=40)
    story.picture("withdrawn")
    me.click("button", f"{story.say('Another Service…')}: {name}")
    me.fill("entry", story.say("Instead of %s", name), other)
    story.picture("instead")
    me.click("button", story.say("Add %s", other))
    me.see(story.say("%s is ordered instead", other))
    me.see(label)
    me.see(answer)
    me.reveal(me.see(story.say("No longer asked for")))
    story.picture("no-longer-asked")
    toast_gone(me, story.say("%s is ordered instead", other))
    me.fill("text", question, "Den blå")
    me.click("button", story.say("Remove %s", label))
    me.gone("button", story.say("Remove %s", label))
    me.click("button", story.say("Send"))
    me.key("ctrl+3")
    me.until(lambda: len(story.server.admin("request", "list")) == 2, "the other order to arrive", seconds=40)
    for order in story.server.admin("request", "list"):
        sent = json.dumps(story.server.admin("request", "show", order["number"]), ensure_ascii=False)
        if (other in sent) != ("Den blå" in sent) or (other in sent and answer in sent):
            raise Failure(f"the order is {sent}")


def on_paper(story, me, title):
    me.click("button", story.shown("Synchronisation: %s"))
    me.see(story.say("Receipts"))
    me.see(f"{story.say('Order')} · {title}")
    me.click("button", story.say("On paper"))
    me.see(story.say("Save as PDF…"))
    me.key("Down", "Return")
    pdf = story.save_as(me, story.say("Save as PDF"), "paper.pdf")
    me.see(story.shown("Saved as %s"))
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
    number = story.server.admin("request", "list")[0]["number"]
    for words in [story.say("Reconciliation", context="report"), title, number, story.say("Received")]:
        if words not in text:
            raise Failure(f"the paper does not say {words!r}:\n{text}")


def diagnosis(story, me, secrets):
    me.click("list item", re.compile("^" + re.escape(story.say("Save a Diagnosis File…"))))
    path = story.save_as(me, story.say("Save a Diagnosis File"), "diagnosis.txt")
    me.see(story.say("Saved. The file holds no names, titles or texts."))
    toast_gone(me, story.say("Saved. The file holds no names, titles or texts."))
    with open(path, encoding="utf-8") as source:
        text = source.read()
    if "\nRequest: 1\n" not in text or any(secret in text for secret in secrets):
        raise Failure(f"the diagnosis is\n{text}")


def main():
    options = arguments(__doc__)
    for language in options.language or ["da"]:
        pictures = options.pictures and os.path.join(options.pictures, "draft", language)
        with Story(options.build, language, pictures) as story:
            services = simple_services(story)
            service, name, label = services[0]
            me = story.enrol()
            write_draft(story, me, name, label)
            me.app.kill()

            me = story.start()
            open_draft(story, me, name)
            story.picture("after-kill")
            second = story.start()
            if second.app.wait() != 0 or me.app.process.poll() is not None:
                raise Failure("a second start did not come to the first window")
            me.key("ctrl+3")
            me.fill("entry", story.say("Search the requests"), name.split()[0])
            me.find("table row", re.compile("^" + re.escape(name)))
            me.key("ctrl+a", "Delete")

            change(story, service, raise_price)
            open_draft(story, me, name)
            me.click("button", story.say("Send"))
            me.key("ctrl+3")
            me.find("table row", re.compile(re.escape(name) + ".*" + re.escape(story.say("Refused: needs you"))), seconds=40)
            me.click("table row", re.compile("^" + re.escape(name)))
            me.see(story.say("When you wrote it"))
            story.picture("refused")
            me.click("button", story.say("Accept what is new"))
            me.click("button", story.say("Send"))
            me.key("ctrl+3")
            me.until(lambda: story.server.admin("request", "list"), "the order to arrive", seconds=40)
            story.synced(me)
            on_paper(story, me, name)
            diagnosis(story, me, [name, "Lokale 7", "Æbler"])
            story.picture("saved")
            exchange(story, me, *services)
            me.finish()
        print(f"ok - a draft, {language}", flush=True)


if __name__ == "__main__":
    main()
