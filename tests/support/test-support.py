#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-support.py SAMPLE-APP: do the eyes and hands of the journeys work on this machine?"""
import os
import sys
import tempfile

from desktop import Desktop, Failure
from journey import Journey


def main(program):
    with tempfile.TemporaryDirectory() as folder, Desktop("da") as desktop:
        me = Journey(desktop, desktop.start([program]))
        assert me.window.name == "Prøve", me.window.name
        assert me.find("button", "Luk").sensitive
        assert not me.has("label", "Anden side"), "a hidden page is seen"

        me.fill("text", "Navn", "Bjørn Åse Æble, 100 %")
        me.see("Hej Bjørn Åse Æble, 100 %")
        me.fill("text", "Sted", "Ældrecenter Øst")
        try:
            me.find("button", "Findes ikke", seconds=0.2)
        except Failure as failure:
            assert "Hej Bjørn" in str(failure), "the failure does not say what was on the screen"
        else:
            raise AssertionError("a button was found that is not there")

        picture = me.picture(os.path.join(folder, "first.png"))
        assert os.path.getsize(picture) > 5000

        me.click("button", "Videre")
        me.see("Anden side")
        me.gone("button", "Videre")
        me.finish()

        again = desktop.start([program])
        assert again.node.name
        again.kill()
        processes = [process.pid for process in desktop.processes]
    for pid in processes:
        assert not os.path.exists(f"/proc/{pid}"), "a process of the desktop is left over"
    assert not os.path.exists(desktop.folder)


if __name__ == "__main__":
    main(sys.argv[1])
