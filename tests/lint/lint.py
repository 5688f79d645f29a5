#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""lint.py [--root FOLDER] [RULE...]: reads the sources, and says in plain words what is not as agreed.

Each rule is a function that yields (file, line, message); its first line of documentation says what
it wants. test-lint.py proves of each that it fires. What a compiler, cppcheck or clang-tidy can see is
left to them.
"""
import argparse
import functools
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

# ---- the house: who may include whom, and which foreign headers ----------------------------------
# src/README.md shows this table to people; the rule "readme" keeps the two alike.

LAYERS = {
    # module: (modules it may include, outside libraries)
    "core": ([], ["glib", "libstemmer"]),
    "wire": (["core"], ["glib", "gnutls", "jansson"]),
    "db": (["core"], ["glib", "sqlite3"]),
    "sheet": (["core"], ["glib", "gio", "libxlsxwriter"]),
    "store": (["core", "wire", "db"], ["glib", "gio"]),
    "sync": (["core", "wire", "store"], ["glib", "gio", "libsoup"]),
    "app": (["core", "sheet", "store", "sync"], ["glib", "gio", "gtk4", "libadwaita", "libsecret"]),
    "server": (["core", "wire", "db"], ["glib", "gio", "libsoup", "gnutls"]),
    "admin": (["core", "wire", "db", "sheet", "server"], ["glib", "gio", "libxml2"]),
}
LIBRARIES = {
    # library: (its headers, in how many files of a module it may be included; None: any number)
    "glib": (r"glib(-object|-unix)?\.h|glib/.*|gmodule\.h", None),
    "gio": (r"gio/.*", None),
    "gtk4": (r"gtk/.*|gdk/.*|gsk/.*|pango/.*|cairo(-pdf)?\.h|gdk-pixbuf/.*|graphene.*", None),
    "libadwaita": (r"adwaita\.h", None),
    "jansson": (r"jansson\.h", 1),
    "sqlite3": (r"sqlite3\.h", 1),
    "libsoup": (r"libsoup/.*", 1),
    "libsecret": (r"libsecret/.*", 1),
    "libxml2": (r"libxml/.*", 2),  # one reads, one writes
    "gnutls": (r"gnutls/.*", 1),
    "libstemmer": (r"libstemmer\.h", 1),
    "libxlsxwriter": (r"xlsxwriter(/.*)?\.h", 1),
}
STANDARD = re.compile(  # the C library and POSIX
    r"(assert|ctype|errno|fcntl|float|inttypes|libintl|limits|locale|math|poll|pwd|signal|stdarg|stdbool|stddef"
    r"|stdint|stdio|stdlib|string|strings|time|unistd|zlib|sys/[a-z]+|langinfo|termios)\.h")
CORE_MAY_NOT = re.compile(
    r"\b(time|gettimeofday|clock_gettime|g_get_real_time|g_get_monotonic_time|g_date_time_new_now\w*|fopen|open|socket"
    r"|getenv|g_getenv|g_file_\w+|g_random_\w+|rand|random) \(")

GENERATED = {"bst-config.h"}

FILE_LINES, FUNCTION_LINES = 800, 100

# ---- STYLE: what is deprecated in the newest runtime, or newer than the oldest ---------------------

DEPRECATED_CLASSES = {
    **dict.fromkeys(["AdwLeaflet", "AdwFlap", "AdwSqueezer", "AdwViewSwitcherTitle"], "use BstSplit, the own split widget"),
    **dict.fromkeys(["AdwMessageDialog", "AdwAboutWindow", "GtkDialog", "GtkMessageDialog", "GtkAboutDialog",
                     "GtkFileChooserDialog", "GtkFileChooserNative", "GtkFileChooserWidget", "GtkAssistant"],
                    "src/app/compat has a wrapper that picks the right one"),
    "AdwPreferencesWindow": "use AdwWindow with AdwPreferencesPages",
    **dict.fromkeys(["GtkTreeView", "GtkIconView", "GtkListStore", "GtkTreeStore", "GtkTreeSelection",
                     "GtkTreeModelFilter", "GtkTreeModelSort"], "use GtkColumnView or GtkListView"),
    **dict.fromkeys(["GtkCellRendererText", "GtkCellRendererPixbuf", "GtkCellRendererToggle", "GtkTreeViewColumn",
                     "GtkCellView"], "use a list item factory"),
    **dict.fromkeys(["GtkComboBox", "GtkComboBoxText", "GtkEntryCompletion", "GtkAppChooserButton"],
                    "use GtkDropDown or AdwComboRow"),
    **dict.fromkeys(["GtkInfoBar", "GtkStatusbar", "GtkLockButton", "GtkVolumeButton"], "use an own small widget"),
    **dict.fromkeys(["GtkColorButton", "GtkFontButton"], "deprecated since GTK 4.10"),
    **dict.fromkeys(["GtkShortcutsWindow", "GtkShortcutsSection", "GtkShortcutsGroup"],
                    "the shortcuts page is made from the action table"),
    **dict.fromkeys(["AdwBanner", "AdwTabOverview"], "needs libadwaita 1.3; the oldest is 1.2"),
    **dict.fromkeys(["AdwBreakpoint", "AdwBreakpointBin", "AdwNavigationView", "AdwNavigationPage",
                     "AdwNavigationSplitView", "AdwOverlaySplitView", "AdwToolbarView", "AdwSwitchRow", "AdwSpinRow"],
                    "needs libadwaita 1.4; the oldest is 1.2"),
    **dict.fromkeys(["AdwDialog", "AdwAlertDialog", "AdwAboutDialog", "AdwPreferencesDialog", "AdwMultiLayoutView",
                     "AdwSpinner", "AdwButtonRow", "AdwToggleGroup", "AdwShortcutsDialog", "AdwWrapBox"],
                    "needs libadwaita 1.5 or newer; the oldest is 1.2"),
}
DEPRECATED_CALLS = {
    r"gtk_show_uri\w*": "src/app/compat opens links",
    r"gtk_(dialog|message_dialog|file_chooser|about_dialog)_\w+": "src/app/compat has a wrapper",
    r"adw_(message_dialog|about_window|preferences_window|leaflet|flap|squeezer|banner|breakpoint|navigation_\w+"
    r"|toolbar_view|dialog|alert_dialog)_\w+": "deprecated, or newer than libadwaita 1.2",
    r"gtk_(tree_view|tree_store|list_store|cell_\w+|combo_box|entry_completion|info_bar|statusbar|icon_view)_\w+":
        "deprecated since GTK 4.10",
    r"gtk_(widget_get_style_context|style_context_\w+)": "use CSS classes on the widget",
    r"gtk_css_provider_load_from_data": "put the style into ui/style.css",
    r"gtk_widget_(show|hide)": "use gtk_widget_set_visible ()",
    r"gtk_widget_(get_allocation|get_allocated_\w+)": "use gtk_widget_get_width () and compute_bounds ()",
    r"gtk_(color|font)_button_\w+": "deprecated since GTK 4.10",
    r"adw_(action|expander)_row_(set|get)_icon_name": "adw_action_row_add_prefix () an image; deprecated since libadwaita 1.3",
    r"g_settings_new_with_backend_and_path": "hand the settings down",
}
COMPAT = "src/app/compat/"

RULES = {}


def rule(name):
    def keep(function):
        RULES[name] = function
        return function
    return keep


class Tree:
    """The files of the project (tracked, or new and not ignored), read once."""

    def __init__(self, root):
        self.root = os.path.abspath(root)
        self.paths = sorted(self._list())

    def _list(self):
        if os.path.exists(os.path.join(self.root, ".git")):
            out = subprocess.run(["git", "-C", self.root, "ls-files", "-z", "-co", "--exclude-standard"],
                                 stdout=subprocess.PIPE, check=True).stdout.decode()
            return [path for path in out.split("\0") if path and os.path.isfile(os.path.join(self.root, path))]
        found = []
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if not re.match(r"\.git$|_?build|_run$|node_modules$", name)]
            found += [os.path.relpath(os.path.join(folder, name), self.root) for name in names]
        return found

    def match(self, pattern):
        return [path for path in self.paths if re.fullmatch(pattern, path)]

    @functools.lru_cache(maxsize=None)
    def text(self, path):
        with open(os.path.join(self.root, path), encoding="utf-8", errors="replace") as file:
            return file.read()

    def lines(self, path):
        return enumerate(self.text(path).splitlines(), 1)

    @functools.lru_cache(maxsize=None)
    def code(self, path):
        """C without comments and without what stands in strings; the lines stay where they are."""
        return _blank(self.text(path), strings=True)

    @functools.lru_cache(maxsize=None)
    def code_with_strings(self, path):
        return _blank(self.text(path), strings=False)

    @property
    def c_files(self):
        return self.match(r"(src|tests)/.*\.[ch]")

    @functools.cached_property
    def owners(self):
        """Which module a header belongs to."""
        return {os.path.basename(path): path.split("/")[1] for path in self.match(r"src/[^/]+/.*\.h")}


def _blank(text, strings):
    def hollow(match):
        found = match.group(0)
        if found.startswith("/"):
            return re.sub(r"[^\n]", " ", found)
        return found[0] + " " * (len(found) - 2) + found[-1] if strings and len(found) > 1 else found
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', hollow, text, flags=re.S)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def module_of(path):
    parts = path.split("/")
    return parts[1] if parts[0] == "src" and len(parts) > 2 and parts[1] in LAYERS else None


def library_of(header):
    return next((name for name, (pattern, _) in LIBRARIES.items() if re.fullmatch(pattern, header)), None)


# ---- the house -------------------------------------------------------------------------------------

@rule("layers")
def layers(tree):
    """A module includes only the modules below it that the table allows."""
    for path in tree.match(r"src/.*\.[ch]"):
        module = module_of(path)
        if not module:
            yield path, 1, "lies in no module: src/ has only " + ", ".join(LAYERS)
            continue
        allowed = {module, *LAYERS[module][0]}
        for number, line in tree.lines(path):
            match = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if not match or match.group(1) in GENERATED:
                continue
            header = match.group(1)
            owner = tree.owners.get(os.path.basename(header))
            if ".." in header or header.startswith("src/"):
                yield path, number, f"“{header}” goes round the include path: name the header alone"
            elif owner is None and not header.endswith(("-resource.h", "-resources.h")):
                yield path, number, f"nobody has a header “{header}”"
            elif owner is not None and owner not in allowed:
                may = ", ".join(LAYERS[module][0]) or "nothing"
                yield path, number, f"{module} may not include {owner} (“{header}”); it may include {may}"


@rule("foreign")
def foreign(tree):
    """A foreign library is included only where the table allows, and most of them in one file a module."""
    users = {}
    for path in tree.match(r"src/.*\.[ch]"):
        module = module_of(path)
        if not module:
            continue
        for number, line in tree.lines(path):
            match = re.match(r"\s*#\s*include\s+<([^>]+)>", line)
            if not match or STANDARD.fullmatch(match.group(1)):
                continue
            library = library_of(match.group(1))
            if library is None:
                yield path, number, f"<{match.group(1)}>: no library that the table in tests/lint/lint.py names"
            elif library not in LAYERS[module][1]:
                yield path, number, f"{module} may not use {library}; it may use {', '.join(LAYERS[module][1])}"
            else:
                users.setdefault((library, module), {}).setdefault(path, number)
    for (library, module), files in users.items():
        most = LIBRARIES[library][1]
        for path in sorted(files)[most:] if most else []:
            yield path, files[path], (f"{library} is already included in {sorted(files)[0]}; "
                                      f"{module} may include it in {most} file")


CLOCK_DOOR = "src/core/bst-system-clock.c"


@rule("pure-core")
def pure_core(tree):
    """core asks no clock, no file and no chance: they are handed in. One file makes what is handed in."""
    for path in tree.match(r"src/core/.*\.c"):
        if path == CLOCK_DOOR:
            continue
        if '"bst-system-clock.h"' in tree.text(path):
            yield path, 1, "core may not reach for the system's clock: it is handed in"
        for match in CORE_MAY_NOT.finditer(tree.code(path)):
            yield path, line_of(tree.code(path), match.start()), f"core may not call {match.group(1)} ()"


@rule("readme")
def readme(tree):
    """The table in src/README.md says what the table in tests/lint/lint.py says."""
    path = "src/README.md"
    if path not in tree.paths:
        yield path, 1, "is missing: the map of the modules"
        return
    rows = re.findall(r"^\| `(\w+)` \| ([^|]*) \| ([^|]*) \|", tree.text(path), flags=re.M)
    shown = {name: (re.findall(r"\w+", may), re.findall(r"[\w-]+", libraries)) for name, may, libraries in rows}
    for name, (may, libraries) in LAYERS.items():
        if name not in shown:
            yield path, 1, f"the table has no row for {name}"
        elif sorted(shown[name][0]) != sorted(may):
            yield path, 1, f"{name} may include {', '.join(may) or 'nothing'}; the table says {shown[name][0]}"
        elif sorted(shown[name][1]) != sorted(libraries):
            yield path, 1, f"{name} may use {', '.join(libraries)}; the table says {shown[name][1]}"
    for name in sorted(set(shown) - set(LAYERS)):
        yield path, 1, f"the table has a row for {name}, which is no module"


# ---- the code --------------------------------------------------------------------------------------

@rule("sizes")
def sizes(tree):
    """No file over 800 lines, no function over 100."""
    for path in tree.c_files + tree.match(r"(tests|dev).*\.py"):
        count = tree.text(path).count("\n")
        if count > FILE_LINES:
            yield path, count, f"has {count} lines: split it by role ({FILE_LINES} at most)"
    for path in tree.c_files:
        start, before = None, ""
        for number, line in enumerate(tree.code(path).splitlines(), 1):
            if line.startswith("{") and before.endswith(")"):
                start = number
            elif line.startswith("}") and start:
                if number - start + 1 > FUNCTION_LINES:
                    yield path, start, f"a function of {number - start + 1} lines ({FUNCTION_LINES} at most)"
                start = None
            before = line.rstrip() or before


@rule("sql")
def sql(tree):
    """SQL is never made by printf: values are bound."""
    call = re.compile(r"\b(g_strdup_printf|g_strdup_vprintf|g_string_printf|g_string_append_printf|g_snprintf|snprintf"
                      r"|sprintf|asprintf|sqlite3_mprintf)\s*\(")
    for path in tree.match(r"src/.*\.c"):
        code = tree.code_with_strings(path)
        for match in call.finditer(code):
            arguments = code[match.end():match.end() + 600].split(";")[0]
            if re.search(r'"[^"]*\b(SELECT|INSERT|UPDATE|DELETE|REPLACE|WHERE|VALUES)\b', arguments):
                yield path, line_of(code, match.start()), f"SQL made by {match.group(1)} (): bind the values"


@rule("sleeps")
def sleeps(tree):
    """Nobody sleeps: code waits for what it waits for."""
    for path in tree.c_files:
        code = tree.code(path)
        for match in re.finditer(r"\b(sleep|usleep|g_usleep|nanosleep) ?\(", code):
            yield path, line_of(code, match.start()), f"{match.group(1)} (): wait for the condition itself"
    for path in tree.match(r"tests/.*\.py"):
        if path.startswith("tests/lint/"):
            continue
        for number, line in tree.lines(path):
            if re.search(r"\btime\.sleep\b|\bsleep\(", line):
                yield path, number, "sleep: wait for the condition itself"


@rule("unfinished")
def unfinished(tree):
    """Nothing is left for later."""
    words = re.compile(r"\b(TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b|not implemented|NotImplemented\b|placeholder text", re.I)
    for path in tree.match(r"(src|ui|tests|data|flatpak)/.*\.(c|h|ui|py|css|xml|in|build|sh|mjs|js|yml)|dev|meson\.build"):
        if path.startswith("tests/lint/"):
            continue
        for number, line in tree.lines(path):
            match = words.search(line)
            if match and (match.group(0).isupper() or match.group(0).islower()):
                if match.group(0).lower() in ("todo", "fixme", "xxx", "hack") and not match.group(0).isupper():
                    continue
                yield path, number, f"“{match.group(0)}”: finish it, or take it away"


@rule("spdx")
def spdx(tree):
    """The first line of each source file names the licence."""
    for path in tree.c_files:
        if not tree.text(path).startswith("/* SPDX-License-Identifier: GPL-3.0-or-later */\n"):
            yield path, 1, "the first line must be /* SPDX-License-Identifier: GPL-3.0-or-later */"
    for path in tree.match(r"tests/.*\.(py|mjs)|dev|\.ci/run"):
        if "SPDX-License-Identifier: GPL-3.0-or-later" not in "".join(tree.text(path).splitlines(True)[:3]):
            yield path, 1, "one of the first three lines must name the licence (SPDX-License-Identifier: …)"


@rule("words")
def words(tree):
    """Nothing that holds only on one machine: no package hosts, no absolute paths of a developer."""
    patterns = {
        r"://(?:deb|ftp|security|snapshot)\.debian\.org|://(?:registry|www)\.npm(?:js)?\.|://pypi\.": "the host of a package registry",
        r"(?<![\w.~$}])/(?:wor[k]|root|home/\w+|Users/\w+)/": "a path of one machine",
        r"\.\./shared\b": "a path outside the project",
        r"\bAK[I]A[0-9A-Z]{16}\b|-----BEGIN (?:EC |RSA )?PRIV[A]TE KEY": "a secret",
    }
    for path in tree.paths:
        if path.startswith(("tests/lint/", "tests/fuzz/corpus/", "data/sample/")) or path == "COPYING":
            continue
        if re.search(r"\.(png|gz|db|sqlite|bin|der|pcap)$", path):
            continue
        for number, line in tree.lines(path):
            for pattern, what in patterns.items():
                if re.search(pattern, line):
                    yield path, number, f"{what} has no place here"


@rule("temporary")
def temporary(tree):
    """Tests share no temporary file: each makes its own folder (g_dir_make_tmp)."""
    for path in tree.match(r"tests/.*\.(c|py|mjs|sh)"):
        if path.startswith("tests/lint/"):
            continue
        for number, line in tree.lines(path):
            if re.search(r'["\' =]/(?:tmp|var/tmp|dev/shm)/\w', line):
                yield path, number, "a fixed temporary path; make a folder of your own"


# ---- GTK -------------------------------------------------------------------------------------------

@rule("deprecated-ui")
def deprecated_ui(tree):
    """Templates use nothing that is deprecated in the newest runtime or missing in the oldest."""
    for path in tree.match(r"(ui|src)/.*\.ui"):
        for number, line in tree.lines(path):
            for name in re.findall(r'(?:class|parent)="(\w+)"', line):
                if name in DEPRECATED_CLASSES:
                    yield path, number, f"{name}: {DEPRECATED_CLASSES[name]}"
            if "<![CDATA[" in line:
                yield path, number, "XML inside CDATA: give the row a template file of its own"


@rule("deprecated-code")
def deprecated_code(tree):
    """Outside src/app/compat no code uses what is deprecated or too new."""
    calls = [(re.compile(rf"\b({pattern})\s*\("), why) for pattern, why in DEPRECATED_CALLS.items()]
    types = re.compile(r"\b(" + "|".join(DEPRECATED_CLASSES) + r")\b")
    for path in tree.match(r"src/.*\.[ch]"):
        if path.startswith(COMPAT):
            continue
        code = tree.code(path)
        for pattern, why in calls:
            for match in pattern.finditer(code):
                yield path, line_of(code, match.start()), f"{match.group(1)} (): {why}"
        for match in types.finditer(code):
            yield path, line_of(code, match.start()), f"{match.group(1)}: {DEPRECATED_CLASSES[match.group(1)]}"


@rule("versions")
def versions(tree):
    """Only src/app/compat asks which version of a library is there, and nobody silences deprecations."""
    ask = re.compile(r"\b(GTK_CHECK_VERSION|ADW_CHECK_VERSION|GLIB_CHECK_VERSION|gtk_check_version"
                     r"|gtk_get_m(?:ajor|inor)_version|adw_get_m(?:ajor|inor)_version)\b")
    for path in tree.match(r"src/.*\.[ch]"):
        if path.startswith(COMPAT):
            continue
        code = tree.code(path)
        for match in ask.finditer(code):
            yield path, line_of(code, match.start()), f"{match.group(1)} belongs in {COMPAT}"
        for match in re.finditer(r"G_GNUC_BEGIN_IGNORE_DEPRECATIONS|Wdeprecated-declarations", code):
            yield path, line_of(code, match.start()), "a deprecation is silenced; only " + COMPAT + " may"


def _has_words(element):
    """Whether a button says something in words: a label of its own or within."""
    for child in element.iter():
        if child.tag == "property" and child.get("name") in ("label", "title") and (child.text or "").strip():
            return True
        if child.tag in ("lookup", "binding") or (child.tag == "property" and child.get("bind-source")):
            if child.get("name") in ("label", "title"):
                return True
        if child.tag == "object" and child is not element and child.get("class") in ("GtkLabel", "AdwButtonContent"):
            return True
    return False


def _own(element, name):
    return any(child.tag in ("property", "binding") and child.get("name") == name for child in element)


def _labelled_in_code(tree, path, name):
    """Whether the C file of a template gives the button a label when it knows what it is about."""
    stem = os.path.basename(path)[:-3]
    return any(re.search(rf"\(self->{name}\),\s*GTK_ACCESSIBLE_PROPERTY_LABEL\b", tree.code(source))
               for source in tree.match(rf"src/app/.*{re.escape(stem)}[\w-]*\.c"))


@rule("accessible")
def accessible(tree):
    """A button without words has an accessible label: a tooltip alone is only its description."""
    for path in tree.match(r"(ui|src)/.*\.ui"):
        try:
            root = ElementTree.fromstring(tree.text(path))
        except ElementTree.ParseError as error:
            yield path, error.position[0], f"is not well-formed XML: {error}"
            continue
        for element in root.iter():
            name = element.get("class") if element.tag == "object" else element.get("parent")
            if element.tag != "object" or name not in ("GtkButton", "GtkToggleButton", "GtkMenuButton"):
                continue
            labelled = any(prop.get("name") in ("label", "labelled-by")
                           for block in element.findall("accessibility") for prop in block)
            pictured = name == "GtkMenuButton" or _own(element, "icon-name") or any(
                child.get("class") == "GtkImage" for child in element.iter("object"))
            if element.get("id") and _labelled_in_code(tree, path, element.get("id")):
                continue
            if pictured and not labelled and not _has_words(element):
                icon = next((c.text for c in element if c.tag == "property" and c.get("name") == "icon-name"), None)
                what = element.get("id") or icon or "without id"
                text = tree.text(path)
                line = line_of(text, max(0, text.find(what)))
                hint = " (its tooltip is only read as description)" if _own(element, "tooltip-text") else ""
                yield path, line, f"{name} “{what}” has no words: give it <accessibility> with a label{hint}"


@rule("icons")
def icons(tree):
    """Every own icon that is named exists and lies in the resource, and every service area has one."""
    folder = "data/icons/scalable/actions/"
    have = {os.path.basename(path)[:-4] for path in tree.match(folder + r".*\.svg")}
    listing = "data/icons/bestiller-icons.gresource.xml"
    listed = set(re.findall(r"scalable/actions/([\w-]+)\.svg", tree.text(listing))) if listing in tree.paths else set()
    for name in sorted(have - listed):
        yield f"{folder}{name}.svg", 1, f"is not listed in {listing}"
    for name in sorted(listed - have):
        yield listing, 1, f"lists {name}.svg, which is not there"
    for path in tree.match(r"(ui|src)/.*\.(ui|c|h)|data/sample/.*\.json"):
        for number, line in tree.lines(path):
            for name in re.findall(r'[">](bst-[a-z-]+-symbolic)["<]', line):
                if name not in have:
                    yield path, number, f"there is no icon {name}"
            match = path.startswith("data/sample/") and re.search(r'"icon": "(?!bst-)([^"]*)"', line)
            if match:
                yield path, number, f"“{match.group(1)}” may not be in every icon theme: use one of our own"


# ---- texts -----------------------------------------------------------------------------------------

POTFILES = "po/POTFILES.in"
POTFILES_HEAD = "# Every file with text for the user, made by ./dev po; tests/lint checks that none is missing.\n"
MARKED = re.compile(r"\b(_|N_|C_|NC_|Q_|ngettext|gettext|g_dngettext|g_dgettext|g_dpgettext2?)\s*\(\s*[\"N]")


def with_texts(tree):
    """The files that have texts to translate, sorted."""
    marked = tree.match(r"data/.*\.(desktop|metainfo\.xml)\.in")
    marked += [path for path in tree.match(r"src/.*\.[ch]") if MARKED.search(tree.code_with_strings(path))]
    marked += [path for path in tree.match(r"(ui|src)/.*\.ui") if 'translatable="yes"' in tree.text(path)]
    return sorted(marked)


@rule("potfiles")
def potfiles(tree):
    """po/POTFILES.in lists every file with text for the user, and no other."""
    if POTFILES not in tree.paths:
        yield POTFILES, 1, "is missing"
        return
    listed = [line.strip() for line in tree.text(POTFILES).splitlines() if line.strip() and line[0] != "#"]
    marked = with_texts(tree)
    for path in marked:
        if path not in listed:
            yield path, 1, f"has texts to translate, and is not in {POTFILES}: run ./dev po"
    for path in listed:
        if path not in marked:
            yield POTFILES, 1, f"lists {path}, which has no texts: run ./dev po"
    if listed != sorted(listed):
        yield POTFILES, 1, "is not sorted"


@rule("untranslatable")
def untranslatable(tree):
    """Words in templates are marked for translation."""
    for path in tree.match(r"(ui|src)/.*\.ui"):
        for number, line in tree.lines(path):
            match = re.search(r'<property name="(label|title|subtitle|tooltip-text|placeholder-text|description)">([^<]*)<',
                              line)
            if match and re.search(r"[A-Za-z]{2}", match.group(2)):
                yield path, number, f"“{match.group(2)}” is not marked translatable=\"yes\""


PLURALS = {"da": "nplurals=2; plural=(n != 1);", "nb": "nplurals=2; plural=(n != 1);",
           "nn": "nplurals=2; plural=(n != 1);"}


@rule("translations")
def translations(tree):
    """Danish and Norwegian are complete, well-formed and have the right plurals."""
    languages = tree.text("po/LINGUAS").split() if "po/LINGUAS" in tree.paths else []
    for language in ("da", "nb"):
        if language not in languages:
            yield "po/LINGUAS", 1, f"does not list {language}"
    for language in languages:
        path = f"po/{language}.po"
        if path not in tree.paths:
            yield path, 1, "is missing"
            continue
        if f"Plural-Forms: {PLURALS.get(language, '')}" not in tree.text(path):
            yield path, 1, f"Plural-Forms must be “{PLURALS.get(language)}”"
        check = subprocess.run(["msgfmt", "--check", "--statistics", "-o", os.devnull, os.path.join(tree.root, path)],
                               env={**os.environ, "LC_ALL": "C"}, stderr=subprocess.PIPE, text=True)
        if check.returncode:
            yield path, 1, "msgfmt --check: " + check.stderr.strip()
        elif re.search(r"fuzzy|untranslated", check.stderr):
            yield path, 1, "is not complete: " + check.stderr.strip()


@rule("texts-known")
def texts_known(tree):
    """Every text in the sources is in the catalogues: ./dev po has been run since it was written."""
    if "po/POTFILES.in" not in tree.paths:
        return
    files = [line.strip() for line in tree.text("po/POTFILES.in").splitlines() if line.strip() and line[0] != "#"]
    files = [path for path in files if path in tree.paths]
    if not files:
        return
    pot = subprocess.run(
        ["xgettext", "--from-code=UTF-8", "-o", "-", "-k_", "-kN_", "-kC_:1c,2", "-kNC_:1c,2", "-kngettext:1,2",
         "-kg_dngettext:2,3", "-kg_dgettext:2", "--add-location=file", *files],
        cwd=tree.root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    for path in tree.match(r"po/\w+\.po"):
        known = set(_messages(tree.text(path)))
        missing = [message for message in _messages(pot) if message not in known]
        for message in missing[:5]:
            yield path, 1, f"lacks {message!r}: run ./dev po and translate it"
        if len(missing) > 5:
            yield path, 1, f"lacks {len(missing) - 5} more"


def _messages(text):
    """(context, id) of each entry of a PO file, the obsolete ones left out."""
    for entry in re.split(r"\n\n+", text):
        parts, key = {}, None
        for line in entry.splitlines():
            match = re.match(r'(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) "(.*)"$', line)
            if match:
                key = match.group(1)
                parts[key] = match.group(2)
            elif key and re.match(r'".*"$', line):
                parts[key] += line[1:-1]
        if parts.get("msgid"):
            yield parts.get("msgctxt", ""), parts["msgid"]


# ---- Flatpak ---------------------------------------------------------------------------------------

FINISH_ARGS = {"--share=network", "--share=ipc", "--socket=wayland", "--socket=fallback-x11", "--device=dri"}


def _essence(manifest):
    """A manifest without what the development one may change."""
    *others, last = manifest["modules"]
    options = [option for option in last.get("config-opts", []) if not option.startswith("-Dprofile=")]
    return {**manifest, "modules": others + [{**last, "sources": None, "config-opts": options}]}


@rule("flatpak")
def flatpak(tree):
    """The manifest asks for no more rights than it needs, and everything it builds from is pinned."""
    import yaml
    for path in tree.match(r"flatpak/.*\.yml"):
        manifest = yaml.safe_load(tree.text(path))
        development = path.endswith(".Devel.yml")
        if development and _essence(manifest) != _essence(yaml.safe_load(tree.text(path.replace(".Devel", "")))):
            yield path, 1, "differs from the released manifest in more than its last source and the profile"
        arguments = set(manifest.get("finish-args", []))
        for extra in sorted(arguments - FINISH_ARGS):
            yield path, 1, f"{extra} is not needed (portals and secrets need no permission)"
        for missing in sorted(FINISH_ARGS - arguments):
            yield path, 1, f"{missing} is missing"
        if manifest.get("separate-locales") is not False:
            yield path, 1, "separate-locales must be false, or the bundle has no translations"
        if manifest.get("runtime") != "org.gnome.Platform" or str(manifest.get("runtime-version")) != "50":
            yield path, 1, "the runtime is org.gnome.Platform 50"
        for module in manifest.get("modules", []):
            for source in module.get("sources", []) if isinstance(module, dict) else []:
                kind, name = source.get("type"), module.get("name")
                if kind == "dir" and not development:
                    yield path, 1, f"{name}: a folder as source belongs in the development manifest only"
                if kind == "archive" and not re.fullmatch(r"[0-9a-f]{64}", str(source.get("sha256", ""))):
                    yield path, 1, f"{name}: the archive has no sha256"
                if kind == "git" and not (source.get("tag") or source.get("commit")):
                    yield path, 1, f"{name}: the repository is not pinned to a tag or commit"
            options = module.get("build-options", {}) if isinstance(module, dict) else {}
            if "--share=network" in options.get("build-args", []):
                yield path, 1, f"{module.get('name')}: no network in the build"


# ---------------------------------------------------------------------------------------------------

def check(root, names=None):
    """[(rule, path, line, message)] of everything found."""
    tree = Tree(root)
    return [(name, *found) for name, function in RULES.items() if not names or name in names
            for found in function(tree)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", default=os.path.join(os.path.dirname(__file__), "..", ".."))
    parser.add_argument("--list", action="store_true", help="say what each rule wants")
    parser.add_argument("--potfiles", action="store_true", help="write " + POTFILES)
    parser.add_argument("rules", nargs="*")
    options = parser.parse_args()
    if options.potfiles:
        with open(os.path.join(options.root, POTFILES), "w", encoding="utf-8") as out:
            out.write(POTFILES_HEAD + "".join(path + "\n" for path in with_texts(Tree(options.root))))
        return 0
    if options.list:
        for name, function in RULES.items():
            print(f"{name:16} {function.__doc__.splitlines()[0]}")
        return 0
    unknown = set(options.rules) - set(RULES)
    if unknown:
        parser.error("no such rule: " + ", ".join(sorted(unknown)))
    found = check(options.root, options.rules)
    for name, path, line, message in found:
        print(f"{path}:{line}: {message} [{name}]")
    print(f"{len(found)} found" if found else f"{len(options.rules or RULES)} rules, nothing found")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
