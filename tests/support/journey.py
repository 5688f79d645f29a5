# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person does in front of an application: looks for something, clicks it, types, waits, reads.

    with Desktop (language="da") as desktop:
        me = Journey (desktop, desktop.start ([...]))
        me.click ("button", "Ny bestilling")
        me.type ("Bærbar til ny kollega")
        me.see ("Gemt på denne computer")
        me.key ("ctrl+f")
        me.picture ("shots/da/editor.png")
        me.finish ()

Each step waits until it can be done (20 s at most), and says what was on the screen when it could not.
"""
import re

from desktop import Failure, wait


class Journey:
    def __init__(self, desktop, app):
        self.desktop, self.app = desktop, app

    # ---- looking ----

    @property
    def windows(self):
        return self.app.node.children

    @property
    def window(self):
        """The window that has the keyboard, or the last one."""
        windows = self.windows
        active = [window for window in windows if "active" in window.states]
        return (active or windows or [None])[-1]

    def _look(self, search, what, seconds):
        try:
            return wait(search, what, seconds)
        except Failure as failure:
            if self.app.process.poll() is not None:
                raise Failure(f"{failure}; the program has ended:\n{self.app.output[-2000:]}") from None
            screen = "\n".join(window.dump() for window in self.windows)
            raise Failure(f"{failure}; on the screen was:\n{screen}") from None

    def find(self, role=None, name=None, within=None, seconds=20):
        """Waits for it to be shown. name: exact text or compiled pattern. within: a Node to search below."""
        def search():
            for place in [within] if within else reversed(self.windows):
                node = place.find(role, name)
                if node:
                    return node
            return None
        return self._look(search, f"{role or 'anything'} named {getattr(name, 'pattern', name)!r}", seconds)

    def has(self, role=None, name=None, within=None):
        """Whether it is there now, without waiting."""
        return any(place.find(role, name) for place in ([within] if within else self.windows))

    def see(self, text, within=None, seconds=20):
        """Waits until the text (or a match of the pattern) can be read, in a name, a label or an entry."""
        pattern = text if isinstance(text, re.Pattern) else re.compile(re.escape(text))

        def search():
            for place in [within] if within else reversed(self.windows):
                for node in place.walk():
                    if pattern.search(node.name) or pattern.search(node.text):
                        return node
            return None
        return self._look(search, f"the text {pattern.pattern!r}", seconds)

    def gone(self, role=None, name=None, seconds=20):
        """Waits until it is no longer shown."""
        self._look(lambda: not self.has(role, name), f"{role} {name!r} to go away", seconds)

    def until(self, predicate, what, seconds=20):
        return self._look(predicate, what, seconds)

    # ---- doing ----

    def place(self, node):
        """The middle of a widget on the screen."""
        x, y, width, height = node.extents
        windows = self.desktop.windows(self.app.process.pid)
        frame = node.window
        title = frame.name
        window = next((window for window, name in reversed(windows) if name == title), windows[-1][0])
        left, top = self.desktop.origin(window, *frame.extents[2:])
        return left + x + width // 2, top + y + height // 2

    def reveal(self, node):
        """Turns the wheel until the widget's middle is inside all that scrolls it."""
        pane = node.parent
        while pane:
            if pane.role == "scroll pane":
                self._scroll(pane, node)
            pane = pane.parent

    def _scroll(self, pane, node):
        for _ in range(100):
            before = node.extents
            _, y, _, height = before or (0, 0, 0, 0)
            left, top, width, tall = pane.extents
            middle = y + height // 2
            if top + 8 <= middle <= top + tall - 8:
                return
            x, here = self.place(pane)  # at the edge: the wheel would turn a spin button, too
            self.desktop.xdotool("mousemove", x + width // 2 - 14, here, "click", 5 if middle > top else 4)
            try:
                wait(lambda: node.extents != before, "scrolling", 1)
            except Failure:
                return

    def click(self, role=None, name=None, within=None, button=1):
        """role may be a Node that was found before."""
        node = role if hasattr(role, "extents") else self.find(role, name, within)
        self._look(lambda: node.sensitive, f"{node!r} to be sensitive", 20)
        self.reveal(node)
        still = []

        def settled():  # a page that slides in is clicked when it has come to rest
            still.append(node.extents)
            return len(still) > 2 and still[-1] is not None and still[-1] == still[-2] == still[-3]
        self._look(settled, f"{node!r} to stand still", 20)
        x, y = self.place(node)
        self.desktop.xdotool("mousemove", x, y, "click", button)
        return node

    def key(self, *keys):
        """Key combinations as xdotool names them: "ctrl+n", "Tab", "Return"."""
        self.desktop.xdotool("key", "--clearmodifiers", *keys)

    def type(self, text):
        """Types into whatever has the keyboard. æ, ø and å are typed as on a Danish keyboard."""
        self.desktop.xdotool("type", "--clearmodifiers", "--delay", 8, text)

    def fill(self, role, name, text, within=None):
        """Clicks a field, replaces what is in it, and waits until it reads so."""
        node = self.click(role, name, within)
        self.key("ctrl+a")
        self.key("Delete")
        self.type(text)
        self._look(lambda: text in [part.text for part in node.walk()], f"{text!r} to stand in {node!r}", 20)
        return node

    def choose(self, field, option, within=None):
        """Opens a combo box, goes to an option by keyboard, and waits until the box shows it."""
        box = self.find("combo box", field, within)
        for _ in range(5):
            self.click(box)
            try:  # a popover that is just closing takes the click for itself
                rows = wait(lambda: [row for row in box.find_all("list item") if row.shown], f"{field} to open", 3)
            except Failure:
                continue
            names = [[part.name for part in row.walk()] for row in rows]
            at = next((index for index, parts in enumerate(names) if option in parts), None)
            if at is None:
                raise Failure(f"{field} does not offer {option!r}, but {names}")
            for key in ["Home", *["Down"] * at, "Return"]:
                self.key(key)
            self._look(lambda: not box.find("list item"), f"{field} to close", 20)
            if box.find("label", option):
                return
        raise Failure(f"{option!r} cannot be chosen in {field}")

    def picture(self, path):
        return self.desktop.picture(path)

    def finish(self):
        """Ends the program as the window manager would, and fails on any warning that it printed."""
        self.key("alt+F4")
        code = self.app.wait()
        if code != 0 or self.app.complaints:
            raise Failure(f"the program ended with {code}:\n" + "\n".join(self.app.complaints or [self.app.output]))
