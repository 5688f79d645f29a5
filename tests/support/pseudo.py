#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a translation that nobody speaks: each text in brackets, accented, and two fifths longer. Where it is in use, what has no
brackets never went through gettext, and what does not fit would not fit in some language either.

    pseudo.py po/da/LC_MESSAGES/bestiller.mo OUTPUT.mo         # of the first only the source's texts are taken
"""
import os
import re
import struct
import sys

MAGIC = 0x950412DE
ACCENTS = str.maketrans("aceinosuyzACEINOSUYZ", "àçéîñöšûýžÀÇÉÎÑÖŠÛÝŽ")
# Formats, markup and entities keep their letters.
KEPT = re.compile(r"(%(?:\d+\$)?[-+ #0]*\d*(?:\.\d+)?(?:hh|h|ll|l|z)?[a-zA-Z%]|<[^>]*>|&\w+;)")


def pseudo(text):
    parts = KEPT.split(text)
    said = "".join(part if index % 2 else part.translate(ACCENTS) for index, part in enumerate(parts))
    letters = sum(character.isalpha() for part in parts[::2] for character in part)
    return f"⟦{said}{'·~' * (letters // 5)}⟧"


def sources(path):
    """The texts of the source as a catalogue keys them: context, EOT, text; plural forms parted by NUL."""
    with open(path, "rb") as file:
        data = file.read()
    magic, _, count, at = struct.unpack_from("<4I", data)
    if magic != MAGIC:
        raise SystemExit(f"{path}: not a catalogue of this machine")
    for index in range(count):
        length, offset = struct.unpack_from("<2I", data, at + 8 * index)
        yield data[offset:offset + length]


def translated(source):
    if not source:
        return b"Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
    text = source.split(b"\x04")[-1].decode()
    return "\0".join(pseudo(form) for form in text.split("\0")).encode()


def write(path, pairs):
    """A catalogue: header, two tables of (length, offset), and the texts."""
    texts = [source for source, _ in pairs] + [text for _, text in pairs]
    offset, places = 28 + 8 * len(texts), []
    for text in texts:
        places.append(struct.pack("<2I", len(text), offset))
        offset += len(text) + 1
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    with open(path, "wb") as out:
        out.write(struct.pack("<7I", MAGIC, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0))
        out.write(b"".join(places) + b"".join(text + b"\0" for text in texts))


def main():
    catalogue, output = sys.argv[1:]
    write(output, [(source, translated(source)) for source in sorted(sources(catalogue))])


if __name__ == "__main__":
    main()
