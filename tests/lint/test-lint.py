#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does each rule of lint.py fire on what it forbids, and stay silent on what it allows?"""
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lint  # noqa: E402

SPDX = "/* SPDX-License-Identifier: GPL-3.0-or-later */\n"
HEADERS = {f"src/{module}/bst-{module}.h": SPDX for module in lint.LAYERS}
PO = ('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
      '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\nmsgid "Send"\nmsgstr "%s"\n')


def table(change=None):
    rows = {name: f"| `{name}` | {', '.join(may) or '–'} | {', '.join(libraries)} | why |"
            for name, (may, libraries) in lint.LAYERS.items()}
    rows.update(change or {})
    return "\n".join(rows.values()) + "\n"


def ui(body):
    return f"<interface>\n{body}\n</interface>\n"


MANIFEST = """app-id: org.bestiller.Bestiller
runtime: org.gnome.Platform
runtime-version: '50'
separate-locales: {locales}
finish-args: [--share=network, --share=ipc, --socket=wayland, --socket=fallback-x11, --device=dri{more}]
modules:
  - name: bestiller
    {options}
    sources:
      - {source}
"""


def manifest(locales="false", more="", source="{type: git, url: x, tag: v1}", options="buildsystem: meson",
             file="Bestiller"):
    return {f"flatpak/org.bestiller.{file}.yml":
            MANIFEST.format(locales=locales, more=more, source=source, options=options)}


LONG = "static void\nf (void)\n{\n" + "  g ();\n" * 99 + "}\n"
PROGRAM = "src/app/bst-page.c"

# rule: [files on which it must fire]
BAD = {
    "layers": [
        {"src/core/bst-x.c": SPDX + '#include "bst-store.h"\n'},
        {"src/store/bst-x.c": SPDX + '#include "bst-app.h"\n'},
        {"src/app/bst-x.c": SPDX + '#include "bst-wire.h"\n'},
        {"src/app/bst-x.c": SPDX + '#include "../core/bst-core.h"\n'},
        {"src/app/bst-x.c": SPDX + '#include "bst-nobody.h"\n'},
        {"src/other/bst-x.c": SPDX},
    ],
    "foreign": [
        {"src/core/bst-x.c": SPDX + "#include <sqlite3.h>\n"},
        {"src/store/bst-x.c": SPDX + "#include <libsoup/soup.h>\n"},
        {"src/sync/bst-a.c": SPDX + "#include <libsoup/soup.h>\n", "src/sync/bst-b.c": SPDX + "#include <libsoup/soup.h>\n"},
        {"src/app/bst-x.c": SPDX + "#include <jansson.h>\n"},
        {"src/server/bst-x.c": SPDX + "#include <gtk/gtk.h>\n"},
        {"src/core/bst-x.c": SPDX + "#include <something-new.h>\n"},
    ],
    "pure-core": [{"src/core/bst-x.c": SPDX + "int f (void) { return time (NULL); }\n"},
                  {"src/core/bst-x.c": SPDX + "int f (void) { return g_get_real_time (); }\n"},
                  {"src/core/bst-x.c": SPDX + '#include "bst-system-clock.h"\n'}],
    "readme": [{}, {"src/README.md": table({"core": "| `core` | wire | glib | |"})},
               {"src/README.md": table({"app": "| `app` | core, store, sync | gtk4 | |"})},
               {"src/README.md": table({"db": ""})}, {"src/README.md": table() + "| `cellar` | core | glib | |\n"}],
    "sizes": [{"src/core/bst-x.c": SPDX + LONG}, {"src/core/bst-x.c": SPDX + "\n" * 801}],
    "sql": [{"src/store/bst-x.c": SPDX + 'x = g_strdup_printf ("SELECT * FROM t WHERE id = %d", id);\n'},
            {"src/store/bst-x.c": SPDX + 'g_string_append_printf (s,\n  " WHERE name = \'%s\'", name);\n'}],
    "sleeps": [{"src/core/bst-x.c": SPDX + "void f (void) { g_usleep (10); }\n"},
               {"tests/core/x.py": "import time\ntime.sleep(1)\n"}],
    "unfinished": [{"src/core/bst-x.c": SPDX + "/* TO" + "DO: more */\n"}, {"src/core/bst-x.c": SPDX + "/* not implemented */\n"}],
    "spdx": [{"src/core/bst-x.c": "int x;\n"}, {"tests/core/x.py": "x = 1\n"}],
    "words": [{"README.md": "see /wor" + "k/main/x\n"}, {"dev": "curl https://deb" + ".debian.org/x\n"},
              {"README.md": "see ../sha" + "red/x\n"}, {"src/core/bst-x.c": "/ho" + "me/anna/x\n"}],
    "temporary": [{"tests/core/test-x.c": SPDX + 'f ("/tm' + 'p/x.db");\n'}],
    "deprecated-ui": [{"ui/x.ui": ui('<object class="AdwLeaflet"/>')}, {"ui/x.ui": ui('<template class="B" parent="GtkDialog"/>')},
                      {"ui/x.ui": ui('<object class="AdwToolbarView"/>')},
                      {"ui/x.ui": ui('<property name="bytes"><![CDATA[<interface/>]]></property>')}],
    "deprecated-code": [{PROGRAM: SPDX + 'void f (void) { gtk_show_uri (NULL, "x", 0); }\n'},
                        {PROGRAM: SPDX + "GtkTreeView *view;\n"},
                        {PROGRAM: SPDX + "void f (void) { gtk_widget_show (w); }\n"}],
    "versions": [{PROGRAM: SPDX + "#if GTK_CHECK_VERSION (4, 10, 0)\n#endif\n"},
                 {PROGRAM: SPDX + "G_GNUC_BEGIN_IGNORE_DEPRECATIONS\n"}],
    "accessible": [{"ui/x.ui": ui('<object class="GtkButton"><property name="icon-name">a</property></object>')},
                   {"ui/x.ui": ui('<object class="GtkMenuButton"><property name="tooltip-text">a</property></object>')},
                   {"ui/x.ui": "<interface><object></interface>"}],
    "icons": [{"data/icons/scalable/actions/bst-x-symbolic.svg": "", "data/icons/bestiller-icons.gresource.xml": ""},
              {"data/icons/bestiller-icons.gresource.xml": "<file>scalable/actions/bst-x-symbolic.svg</file>"},
              {"data/sample/dk/x.json": '{"icon": "computer-symbolic"}'},
              {"ui/x.ui": ui('<property name="icon-name">bst-none-symbolic</property>')}],
    "potfiles": [{}, {"po/POTFILES.in": "", "src/app/x.c": SPDX + 'f (_("Send"));\n'},
                 {"po/POTFILES.in": "src/app/none.c\n"}, {"po/POTFILES.in": "b\na\n", "a": "", "b": ""},
                 {"po/POTFILES.in": "", "ui/x.ui": ui('<property name="label" translatable="yes">Send</property>')}],
    "untranslatable": [{"ui/x.ui": ui('<property name="label">Send</property>')}],
    "translations": [{"po/LINGUAS": "da\n", "po/da.po": PO % "Send"}, {"po/LINGUAS": "da nb", "po/da.po": PO % "x"},
                     {"po/LINGUAS": "da nb", "po/da.po": PO % "", "po/nb.po": PO % "x"},
                     {"po/LINGUAS": "da nb", "po/da.po": PO % "x", "po/nb.po": (PO % "x").replace("n != 1", "n > 1")}],
    "texts-known": [{"po/POTFILES.in": "src/app/x.c\n", "src/app/x.c": SPDX + 'f (_("New text"));\n', "po/da.po": PO % "x"}],
    "flatpak": [{**manifest(), **manifest(locales="true", file="Bestiller.Devel")}, manifest(locales="true"), manifest(more=", --talk-name=org.freedesktop.portal.Desktop"),
                manifest(source="{type: dir, path: ..}"), manifest(source="{type: archive, url: x}"),
                manifest(source="{type: git, url: x, branch: main}"),
                manifest(options="build-options: {build-args: [--share=network]}")],
}

GOOD = {
    "src/README.md": table(),
    "src/core/bst-x.c": SPDX + '#include "bst-x.h"\n#include <libstemmer.h>\n#include <string.h>\n#include <glib.h>\n'
                               "/* time (NULL) may be named in words; see GtkTreeView */\n",
    "src/core/bst-x.h": SPDX,
    "src/store/bst-y.c": SPDX + '#include "bst-db.h"\n#include "bst-wire.h"\n#include "bst-x.h"\n#include <gio/gio.h>\n'
                                'f (g_strdup_printf ("%d selected", n));\n' + LONG.replace("  g ();\n", "", 20),
    "src/app/compat/bst-z.c": SPDX + "#include <adwaita.h>\n#if ADW_CHECK_VERSION (1, 5, 0)\nAdwDialog *dialog;\n#endif\n",
    "src/app/bst-page.c": SPDX + '#include <libsecret/secret.h>\nf (_("Send"));\n',
    "ui/bst-page.ui": ui('<object class="GtkButton"><property name="icon-name">a</property><accessibility>'
                         '<property name="label" translatable="yes">Send</property></accessibility></object>'
                         '<object class="GtkButton"><property name="label" translatable="yes">Send</property></object>'),
    "po/POTFILES.in": "src/app/bst-page.c\nui/bst-page.ui\n",
    "po/LINGUAS": "da nb\n", "po/da.po": PO % "Send", "po/nb.po": PO % "Send",
    **manifest(),
    **manifest(file="Bestiller.Devel", source="{type: dir, path: ..}"),
}


class Rules(unittest.TestCase):
    def found(self, files, names=None):
        with tempfile.TemporaryDirectory() as root:
            for path, text in {**HEADERS, **files}.items():
                os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
                with open(os.path.join(root, path), "w", encoding="utf-8") as out:
                    out.write(text)
            return lint.check(root, names)

    def test_every_rule_has_a_bad_example(self):
        self.assertEqual(set(BAD), set(lint.RULES))

    def test_fires(self):
        for name, examples in BAD.items():
            for number, files in enumerate(examples):
                with self.subTest(rule=name, example=number):
                    self.assertTrue(self.found(files, [name]), f"{name} does not fire on example {number}")

    def test_stays_silent(self):
        self.assertEqual(self.found(GOOD), [])


if __name__ == "__main__":
    unittest.main()
