# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads an application as a screen reader does: a small AT-SPI client on plain D-Bus.

Only reading, and the few actions that widgets offer by themselves; keys and mouse come from the
X server (journey.py). Made for GTK 4.8, and round what it does differently:

- text is asked for by length (GetText (0, -1) answers nothing);
- a name carries its mnemonic ("_Send Send"): plain() folds it;
- SHOWING says nothing below the window, so shown() asks whether the widget contains its own centre.

A Node stands for a widget that may be gone by now: then its questions answer None, "" or nothing.
"""
import re

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

ROLES = {
    2: "alert", 5: "calendar", 7: "check box", 11: "combo box", 16: "dialog", 20: "filler", 23: "frame",
    27: "image", 29: "label", 31: "list", 32: "list item", 33: "menu", 35: "menu item", 37: "page tab",
    38: "page tab list", 39: "panel", 40: "password text", 41: "popup menu", 42: "progress bar",
    43: "button", 44: "radio button", 48: "scroll bar", 49: "scroll pane", 50: "separator", 51: "slider",
    52: "spin button", 55: "table", 56: "table cell", 57: "column header", 61: "text", 62: "toggle button",
    63: "tool bar", 64: "tool tip", 65: "tree", 66: "tree table", 67: "unknown", 69: "window",
    75: "application", 79: "entry", 83: "heading", 85: "section", 87: "form", 88: "link", 90: "table row",
    91: "tree item", 97: "list box", 98: "grouping", 101: "notification", 103: "level bar", 116: "static",
}
STATES = {
    1: "active", 3: "busy", 4: "checked", 5: "collapsed", 6: "defunct", 7: "editable", 8: "enabled",
    9: "expandable", 10: "expanded", 11: "focusable", 12: "focused", 16: "modal", 17: "multi-line",
    20: "pressed", 22: "selectable", 23: "selected", 24: "sensitive", 25: "showing", 30: "visible",
    32: "indeterminate", 33: "required", 36: "invalid", 41: "checkable", 42: "has-popup", 43: "read-only",
}
PREFIX = "org.a11y.atspi."
WINDOW_COORDINATES = 1
TIMEOUT_MS = 5000


def plain(text):
    """The text as a person says it: no mnemonic underscores, not doubled, one space between words."""
    text = re.sub(r"\s+", " ", text or "").strip()
    bare = text.replace("_", "") if "_" in text else text
    half = len(bare) // 2
    if "_" in text and len(bare) % 2 == 1 and bare[:half] == bare[half + 1:]:
        return bare[:half]
    return bare


class Node:
    """One accessible object: an application, a window or a widget."""

    def __init__(self, bus, owner, path):
        self.bus, self.owner, self.path = bus, owner, path
        self._role = None

    def __eq__(self, other):
        return isinstance(other, Node) and (self.owner, self.path) == (other.owner, other.path)

    def __hash__(self):
        return hash((self.owner, self.path))

    def __repr__(self):
        return f"<{self.role} “{self.name}”>"

    def call(self, interface, method, arguments=None):
        """The answer's values, or None when the widget is gone or cannot do that."""
        try:
            answer = self.bus.call_sync(self.owner, self.path, PREFIX + interface, method, arguments, None,
                                        Gio.DBusCallFlags.NONE, TIMEOUT_MS, None)
        except GLib.Error:
            return None
        return answer.unpack()

    def get(self, interface, name):
        try:
            answer = self.bus.call_sync(self.owner, self.path, "org.freedesktop.DBus.Properties", "Get",
                                        GLib.Variant("(ss)", (PREFIX + interface, name)), None,
                                        Gio.DBusCallFlags.NONE, TIMEOUT_MS, None)
        except GLib.Error:
            return None
        return answer.unpack()[0]

    @property
    def role(self):
        if self._role is None:
            answer = self.call("Accessible", "GetRole")
            if answer is None:
                return "gone"
            self._role = ROLES.get(answer[0], f"role {answer[0]}")
        return self._role

    @property
    def name(self):
        return plain(self.get("Accessible", "Name"))

    @property
    def description(self):
        return plain(self.get("Accessible", "Description"))

    @property
    def states(self):
        answer = self.call("Accessible", "GetState")
        if answer is None:
            return set()
        low, high = answer[0]
        bits = low | high << 32
        return {name for bit, name in STATES.items() if bits >> bit & 1}

    @property
    def sensitive(self):
        return "sensitive" in self.states

    @property
    def children(self):
        answer = self.call("Accessible", "GetChildren")
        return [Node(self.bus, owner, path) for owner, path in answer[0]] if answer else []

    @property
    def parent(self):
        answer = self.get("Accessible", "Parent")
        return Node(self.bus, *answer) if answer and answer[0] else None

    @property
    def window(self):
        node = self
        while node and node.role not in ("frame", "window", "dialog"):
            node = node.parent
        return node

    @property
    def text(self):
        """What an entry or a label says."""
        count = self.get("Text", "CharacterCount")
        if not count:
            return ""
        answer = self.call("Text", "GetText", GLib.Variant("(ii)", (0, count)))
        return answer[0] if answer else ""

    @property
    def value(self):
        """The number of a spin button, slider, level or progress bar; None where there is none."""
        return self.get("Value", "CurrentValue")

    @property
    def extents(self):
        """(x, y, width, height) in the window; None when it has none."""
        answer = self.call("Component", "GetExtents", GLib.Variant("(u)", (WINDOW_COORDINATES,)))
        return answer[0] if answer and answer[0][2] > 0 and answer[0][3] > 0 else None

    @property
    def shown(self):
        """Whether it is mapped. It may still be scrolled out of view: journey.py brings it in."""
        area = self.extents
        if area is None:
            return False
        # Contains takes window coordinates here, and is False for whatever is not mapped.
        x, y, width, height = area
        answer = self.call("Component", "Contains",
                           GLib.Variant("(iiu)", (x + width // 2, y + height // 2, WINDOW_COORDINATES)))
        return bool(answer and answer[0])

    @property
    def actions(self):
        answer = self.call("Action", "GetActions")
        return [action[0] for action in answer[0]] if answer else []

    def act(self, name):
        """Does an action that the widget offers. Whether it did."""
        names = self.actions
        return name in names and bool(self.call("Action", "DoAction", GLib.Variant("(i)", (names.index(name),))))

    def focus(self):
        return bool((self.call("Component", "GrabFocus") or [False])[0])

    def walk(self, hidden=False):
        """This node and all below it, in reading order; unmapped parts are left out with all below them."""
        yield self
        for child in self.children:
            if hidden or child.role in ("frame", "window", "dialog") or child.shown:
                yield from child.walk(hidden)

    def find_all(self, role=None, name=None, hidden=False):
        """name: a string (exact), or a compiled pattern (searched for)."""
        for node in self.walk(hidden):
            if role is not None and node.role != role:
                continue
            if name is None or (name.search(node.name) if isinstance(name, re.Pattern) else node.name == name):
                yield node

    def find(self, role=None, name=None, hidden=False):
        return next(self.find_all(role, name, hidden), None)

    def words(self):
        """Everything that can be read here, a line a widget."""
        lines = []
        for node in self.walk():
            text = plain(node.text) or node.name
            if text and (not lines or lines[-1] != text):
                lines.append(text)
        return "\n".join(lines)

    def dump(self, depth=0, hidden=False):
        """The tree in words, for a person who wonders why nothing was found."""
        area = self.extents
        line = f'{"  " * depth}{self.role} “{self.name}”'
        text = plain(self.text)
        if text and text != self.name:
            line += f" = {text!r}"
        if area:
            line += " at {},{} {}×{}".format(*area)
        lines = [line]
        for child in self.children:
            if hidden or child.role in ("frame", "window", "dialog") or child.shown:
                lines.append(child.dump(depth + 1, hidden))
        return "\n".join(lines)


def connect(session_address):
    """The accessibility bus of a session."""
    flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
    session = Gio.DBusConnection.new_for_address_sync(session_address, flags, None, None)
    answer = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None,
                               Gio.DBusCallFlags.NONE, 20000, None)
    session.close_sync(None)
    bus = Gio.DBusConnection.new_for_address_sync(answer.unpack()[0], flags, None, None)
    bus.set_exit_on_close(False)
    return bus


def applications(bus):
    root = Node(bus, "org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
    return root.children


def application_of(bus, pid):
    """The application that the process @pid has registered, or None as yet."""
    for node in applications(bus):
        try:
            answer = bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                   "GetConnectionUnixProcessID", GLib.Variant("(s)", (node.owner,)), None,
                                   Gio.DBusCallFlags.NONE, TIMEOUT_MS, None)
        except GLib.Error:
            continue
        if answer.unpack()[0] == pid:
            return node
    return None
