#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-round-trip.py MAKE-TABLES: reads what was written, as a stranger would: csv by Python, .xlsx by its XML.

Each cell must come back with its value and its type, in Danish and in Norwegian.
"""
import csv
import datetime
import io
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
import zipfile

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
EPOCH = datetime.datetime(1899, 12, 30)

TEXTS = ["Bærbar; \"standard\"\nog mere", "=1+2", "@sum", "+47 22 00 00 00", "-1", "\t=1"]
DAYS = [datetime.date(2026, 3, 24), datetime.date(1999, 12, 31), None]
# Winter time and summer time in Copenhagen.
MOMENTS = [datetime.datetime(2026, 3, 12, 14, 2, 0), datetime.datetime(2026, 7, 1, 23, 59, 59), None]
NUMBERS = [1234.5, -2, 0]
PERCENTS = [95.8, 100, 0]
SECONDS = [95400, 59, 0]
AMOUNTS = ["4950.00", "-0.05", "9007199254740.99"]
OTHERS = [("1.00", "DKK"), ("2.50", "NOK"), ("3", "ISK")]


def check(what, got, expected):
    if got != expected:
        sys.exit(f"{what}: {got!r}, not {expected!r}")


def read_csv(path):
    data = open(path, "rb").read()
    check("byte order mark", data[:3], b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data[3:].decode("utf-8"), newline=""), delimiter=";"))
    check("headings", rows[0], ["Ydelse", "Dag", "Modtaget", "Antal", "Til tiden (%)", "Tid (t:mm:ss)", "Beløb (DKK)", "Andet"])
    check("rows", len(rows), len(TEXTS) + 2)
    for i, text in enumerate(TEXTS):
        check("text", rows[i + 1][0], text if text[0] not in "=+-@\t" else "'" + text)
    for i in range(3):
        row = rows[i + 1]
        check("day", row[1], DAYS[i].isoformat() if DAYS[i] else "")
        check("moment", row[2], MOMENTS[i].isoformat(" ") if MOMENTS[i] else "")
        check("number", row[3], f"{NUMBERS[i]:.1f}".replace(".", ","))
        check("percent", row[4], f"{PERCENTS[i]:.1f}".replace(".", ","))
        check("duration", row[5], f"{SECONDS[i] // 3600}:{SECONDS[i] // 60 % 60:02}:{SECONDS[i] % 60:02}")
        check("amount", row[6], AMOUNTS[i].replace(".", ","))
        check("other", row[7], OTHERS[i][0].replace(".", ",") + " " + OTHERS[i][1])
    check("empty row", rows[-1], [""] * 8)


class Sheet:
    def __init__(self, path):
        self.zip = zipfile.ZipFile(path)
        self.root = self.xml("xl/worksheets/sheet1.xml")
        styles = self.xml("xl/styles.xml")
        own = {int(found.get("numFmtId")): found.get("formatCode") for found in styles.iterfind(".//m:numFmts/m:numFmt", NS)}
        builtin = {0: "General", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "day", 22: "moment"}
        ids = [int(found.get("numFmtId")) for found in styles.iterfind("m:cellXfs/m:xf", NS)]
        self.formats = [own.get(number, builtin.get(number)) for number in ids]
        self.cells = {found.get("r"): found for found in self.root.iterfind(".//m:c", NS)}

    def xml(self, name):
        return ElementTree.fromstring(self.zip.read(name))

    def cell(self, name):
        """(type, value, number format); (None, None, None) for an empty one."""
        found = self.cells.get(name)
        if found is None or (found.find("m:v", NS) is None and found.find("m:is", NS) is None):
            return None, None, None
        style = self.formats[int(found.get("s", 0))]
        if found.get("t") == "inlineStr":
            return "text", "".join(found.find("m:is", NS).itertext()), style
        check(f"{name}: type", found.get("t", "n"), "n")
        if found.find("m:f", NS) is not None:
            sys.exit(f"{name}: a formula")
        return "number", found.find("m:v", NS).text, style


def moment(text):
    return EPOCH + datetime.timedelta(seconds=round(float(text) * 86400))


def read_xlsx(path):
    sheet = Sheet(path)
    names = [found.get("name") for found in sheet.xml("xl/workbook.xml").iterfind(".//m:sheet", NS)]
    check("sheet", names, ["Omkostninger  2026   marts april"[:31]])
    headings = [sheet.cell(f"{column}1")[1] for column in "ABCDEFGH"]
    check("headings", headings, ["Ydelse", "Dag", "Modtaget", "Antal", "Til tiden", "Tid (t:mm)", "Beløb (DKK)", "Andet"])
    pane = sheet.root.find(".//m:pane", NS)
    check("frozen", (pane.get("ySplit"), pane.get("state")), ("1", "frozen"))
    check("filter", sheet.root.find("m:autoFilter", NS).get("ref"), f"A1:H{len(TEXTS) + 2}")
    widths = [float(found.get("width")) for found in sheet.root.iterfind("m:cols/m:col", NS)]
    check("widths", (len(widths), all(8 <= width <= 61 for width in widths)), (8, True))
    for i, text in enumerate(TEXTS):
        check("text", sheet.cell(f"A{i + 2}")[:2], ("text", text))
    for i in range(3):
        row = i + 2
        kind, value, style = sheet.cell(f"B{row}")
        check("day", (moment(value).date(), style) if kind else None, (DAYS[i], "day") if DAYS[i] else None)
        kind, value, style = sheet.cell(f"C{row}")
        check("moment", (moment(value), style) if kind else None, (MOMENTS[i], "moment") if MOMENTS[i] else None)
        kind, value, style = sheet.cell(f"D{row}")
        check("number", (float(value), style), (NUMBERS[i], "#,##0.0"))
        kind, value, style = sheet.cell(f"E{row}")
        check("percent", (round(float(value) * 100, 9), style), (PERCENTS[i], "0.0%"))
        kind, value, style = sheet.cell(f"F{row}")
        check("duration", (round(float(value) * 86400), style), (SECONDS[i], "[h]:mm"))
        kind, value, style = sheet.cell(f"G{row}")
        check("amount", (f"{float(value):.2f}", style), (AMOUNTS[i], "#,##0.00"))
        kind, value, style = sheet.cell(f"H{row}")
        amount, currency = OTHERS[i]
        check("other", (float(value), style.split(" ")[1]), (float(amount), f"[${currency}]"))
    for column in "ABCDEFGH":
        check("empty", sheet.cell(f"{column}{len(TEXTS) + 2}")[0], None)


for language in ("da", "nb"):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.argv[1], folder, language], check=True)
        read_csv(folder + "/table.csv")
        read_xlsx(folder + "/table.xlsx")
    print(f"{language}: 2 files, every cell as it was")
