# SPDX-License-Identifier: GPL-3.0-or-later
"""A first synchronisation from a real server over TLS, and what it is compared with."""
import contextlib
import dataclasses
import gzip
import itertools
import json
import os
import shutil
import sqlite3
import ssl
import statistics
import subprocess
import urllib.request

from measure import Broken, CountingProxy, run

PEERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers")
ACCOUNT, PERSON = "dk-su", "person-demo-dk"
PAGE = 2000  # as the application asks (src/sync/bst-sync-engine.c)
CACHE = -4096  # as the application has it (src/store/bst-replica.c)

# What can be searched, the weightiest first (src/core/bst-record-types.c): the columns of the text indices. "*": a text in
# each language.
TEXTS = {
    "OrgUnit": ("name",),
    "Person": ("name", "title"),
    "Service": ("name*", "keywords*", "code", "summary*", "description*"),
    "Bundle": ("name*", "keywords*", "code", "summary*"),
    "Article": ("name*", "keywords*", "number", "supplier", "description*"),
    "Request": ("title", "number", "need"),
}


@dataclasses.dataclass
class Delta:
    """One question whether there is anything new."""
    cpu: float
    turns: float
    connections: int
    up: float
    down: float


class FirstSync:
    def __init__(self, bench, sample, records):
        self.bench, self.sample, self.records = bench, sample, records
        self.data, self.server, self.extra_memory = bench.path("server"), None, 0
        self.fill_server()

    # ---- the server ----

    def fill_server(self):
        if os.path.exists(self.data):
            return
        admin = os.path.join(self.bench.build, "src", "admin", "bestiller-admin")
        files = [os.path.join(self.sample, f"{name}.json")
                 for name in ("org", "calendar", "people", "catalogue", "notices", "agreements")]
        run([admin, "--data", self.data, "init", "Eksempel Kommune", "--country", "DK", "--host", "localhost"])
        run([admin, "--data", self.data, "import", "all", *files])
        run([self.bench.program("bench-fill-server"), self.data, self.records])

    def __enter__(self):
        port_file = self.bench.path("port")
        if os.path.exists(port_file):
            os.unlink(port_file)
        self.server = subprocess.Popen(
            [os.path.join(self.bench.build, "src", "server", "bestillerd"), "--data", self.data,
             "--listen", "127.0.0.1:0", "--port-file", port_file],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not (os.path.exists(port_file) and os.path.getsize(port_file)):
            try:
                self.server.wait(0.05)
                raise Broken("bestillerd did not start")
            except subprocess.TimeoutExpired:
                pass
        with open(port_file, encoding="utf-8") as file:
            self.port = int(file.read())
        self.url = f"https://localhost:{self.port}"
        self.ca = os.path.join(self.data, "tls", "ca.pem")
        self.token = self.enrol()
        self.walk()
        return self

    def __exit__(self, *failure):
        self.server.terminate()
        self.server.wait()

    def post(self, path, body, token=None):
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self.url + path, body.encode() if body else None, headers)
        context = ssl.create_default_context(cafile=self.ca)
        with urllib.request.urlopen(request, context=context) as answer:
            return json.load(answer)

    def enrol(self):
        admin = os.path.join(self.bench.build, "src", "admin", "bestiller-admin")
        code = json.loads(run([admin, "--data", self.data, "--json", "enrol", PERSON, "--server", self.url]).output)
        return self.post("/auth/enrol", json.dumps({"code": code["code"], "device": "bench"}))["token"]

    def walk(self):
        """Asks for everything once, page by page, to know the questions that curl shall put."""
        session = self.post("/.well-known/jmap", None, self.token)
        states = {account: value["accountCapabilities"]["https://bestiller.org/ns/jmap"]["initialState"]
                  for account, value in session["accounts"].items()}
        self.questions, self.answers, more = [], [], True
        while more:
            calls = [["Record/changes", {"accountId": account, "sinceState": state, "maxChanges": PAGE}, f"c{i}"]
                     for i, (account, state) in enumerate(states.items())]
            self.questions.append(json.dumps({"using": ["urn:ietf:params:jmap:core", "https://bestiller.org/ns/jmap"],
                                              "methodCalls": calls}))
            answers = [call[1] for call in self.post("/jmap/api/", self.questions[-1], self.token)["methodResponses"]]
            self.answers.append([(answer["accountId"], {name: len(records)
                                                        for name, records in answer["records"].items()})
                                 for answer in answers])
            states = {answer["accountId"]: answer["newState"] for answer in answers}
            more = any(answer["hasMoreChanges"] for answer in answers)

    # ---- ours ----

    def ours(self):
        folder = self.bench.path("synchronised")
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        spent = run([self.bench.program("bench-sync"), folder, self.url, self.token, self.ca])
        before, after = map(int, spent.output.split())
        self.extra_memory = max(self.extra_memory, after - before)
        self.check(folder)
        return spent

    def check(self, folder):
        """Nothing may have been put off: rows, indices and text index are there."""
        database = sqlite3.connect(os.path.join(folder, "replica.db"))
        for name in {name for page in self.answers for _, count in page for name in count}:
            rows, = database.execute(f'SELECT count(*) FROM "{name}"').fetchone()
            expected = sum(count.get(name, 0) for page in self.answers for _, count in page)
            texts = expected
            if name in TEXTS:
                texts, = database.execute(f"SELECT count(*) FROM {name}_text_docsize").fetchone()
            if not rows == texts == expected:
                raise Broken(f"of {expected} records {name} {rows} came, and {texts} can be searched")
        self.schema = database.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
        self.page_size, = database.execute("PRAGMA page_size").fetchone()
        database.close()

    # ---- the parts: curl and the sqlite3 shell ----

    def parts(self):
        folder = self.bench.path("parts")
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        return run(["curl", "--silent", "--show-error", "--fail", "--config", self.curl_config(folder)]) + \
            run(["sqlite3", "-bail", "-batch", os.path.join(folder, "replica.db")], text=self.shell_script(folder))

    def curl_config(self, folder):
        parts = []
        for i, question in enumerate(self.questions):
            with open(os.path.join(folder, f"question-{i}.json"), "w", encoding="utf-8") as out:
                out.write(question)
            parts.append(f'url = "{self.url}/jmap/api/"\ncacert = "{self.ca}"\ncompressed\n'
                         f'header = "Authorization: Bearer {self.token}"\nheader = "Content-Type: application/json"\n'
                         f'data-binary = "@{folder}/question-{i}.json"\noutput = "{folder}/page-{i}.json"\n')
        path = os.path.join(folder, "curl.conf")
        with open(path, "w", encoding="utf-8") as out:
            out.write("next\n".join(parts))
        return path

    def shell_script(self, folder):
        """The same tables, rows, indices and text indices; in one transaction, as the shell is quickest."""
        types = sorted({name for page in self.answers for _, count in page for name in count})
        tables = {name: sql for kind, name, _, sql in self.schema if kind == "table"}
        lines = [f"PRAGMA page_size = {self.page_size};", "PRAGMA journal_mode = WAL;", "PRAGMA synchronous = NORMAL;",
                 f"PRAGMA cache_size = {CACHE};", "PRAGMA temp_store = MEMORY;", "BEGIN;"]
        lines += [f"{tables[name]};" for name in types]
        for i, page in enumerate(self.answers):
            text = f"CAST(readfile('{folder}/page-{i}.json') AS TEXT)"
            for call, (account, counts) in enumerate(page):
                lines += [f"INSERT INTO \"{name}\" (_account, doc) SELECT '{account}', value FROM json_each({text}, "
                          f"'$.methodResponses[{call}][1].records.{name}');" for name in counts]
        lines += [f"{sql};" for kind, _, table, sql in self.schema if kind == "index" and table in types]
        for name in filter(TEXTS.get, types):
            lines += self.text_index(name, tables[f"{name}_text"])
        return "\n".join([*lines, "COMMIT;"]) + "\n"

    def text_index(self, name, sql):
        """The same columns and options; FTS5's own folding instead of our words and stems."""
        def text(field):
            if field.endswith("*"):
                return f"(SELECT group_concat(value, ' ') FROM json_each(doc, '$.{field[:-1]}'))"
            return f"doc ->> '$.{field}'"

        columns = ", ".join(f"c{i}" for i in range(len(TEXTS[name])))
        if f"({columns}, " not in sql:
            raise Broken(f"the text index of {name} has other columns than {columns}")
        return [sql.replace("'ascii'", "'unicode61 remove_diacritics 2'") + ";",
                f"INSERT INTO {name}_text ({name}_text, rank) VALUES ('automerge', 8);",
                f"INSERT INTO {name}_text (rowid, {columns}) SELECT rowid, {', '.join(map(text, TEXTS[name]))}"
                f" FROM {name};"]

    # ---- asking again ----

    @contextlib.contextmanager
    def asking(self, times):
        """The application with an open connection, through a proxy that counts. What is given asks @times, and says the CPU time of each."""
        proxy = CountingProxy(self.port)
        process = subprocess.Popen(
            [self.bench.program("bench-sync"), self.bench.path("synchronised"), f"https://localhost:{proxy.port}",
             self.token, self.ca, str(times)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

        def until_ready():
            lines = []
            for line in process.stdout:
                if line == "ready\n":
                    return lines
                lines.append(line)
            raise Broken("bench-sync ended before it was ready")

        def go_on():
            process.stdin.write("\n")
            process.stdin.flush()

        def ask():
            proxy.reset()
            go_on()
            return [int(line) / 1e6 for line in until_ready()]

        until_ready()
        yield proxy, ask
        go_on()
        process.communicate()
        proxy.close()

    def delta(self, times):
        with self.asking(times) as (proxy, ask):
            spent = ask()
            return Delta(statistics.median(spent), proxy.turns / times, proxy.connections,
                         proxy.up / times, proxy.down / times)

    # ---- a few changes ----

    def change(self, number):
        """So many orders get another title on the server: them, as it has them then."""
        with open(self.records, encoding="utf-8") as lines:
            orders = [json.loads(line) for line in itertools.islice(lines, 0, number * 997, 997)]
        path = self.bench.path("changed.ndjson")
        with open(path, "w", encoding="utf-8") as out:
            for order in orders:
                order["title"] += " – ændret"
                out.write(json.dumps(order, ensure_ascii=False) + "\n")
        run([self.bench.program("bench-fill-server"), self.data, path])
        database = sqlite3.connect(os.path.join(self.data, "bestiller.db"))
        documents = [database.execute("SELECT doc FROM record WHERE type = 'Request' AND id = ?",
                                      (order["id"],)).fetchone()[0] for order in orders]
        database.close()
        return documents

    def changed(self, number):
        """What comes down for them, with what HTTP and TLS add; what gzip makes of them alone; round trips."""
        with self.asking(1) as (proxy, ask):
            documents = self.change(number)
            ask()
            return proxy.down, len(gzip.compress(f"[{','.join(documents)}]".encode())), proxy.turns

    # ---- a line that breaks ----

    def over_bad_line(self, cuts):
        """A first synchronisation that is cut off at @cuts (octets in all): what it took, and octets down."""
        folder = self.bench.path("interrupted")
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        line = subprocess.Popen([self.bench.program("bench-bad-line"), str(self.port), *map(str, cuts)],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            port = line.stdout.readline().strip()
            spent = run([self.bench.program("bench-sync"), folder, f"https://localhost:{port}", self.token, self.ca])
        finally:
            said, _ = line.communicate()
        down, done = map(int, said.split())
        if done != len(cuts):
            raise Broken(f"{done} of {len(cuts)} cuts")
        self.check(folder)
        return spent, down

    def interrupted(self, times):
        """CPU and octets of one that is interrupted so often, at points spread over it, to those of one that is not."""
        whole, octets = self.over_bad_line([])
        broken, more = self.over_bad_line([octets * (i + 1) // (times + 1) for i in range(times)])
        return broken.cpu / whole.cpu, more / octets

    # ---- PouchDB ----

    def pouchdb(self, records, deltas):
        folder = self.bench.path("pouchdb")
        os.makedirs(folder)
        server = subprocess.Popen(["node", "pouchdb-server.js", folder, records], cwd=PEERS,
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            port = server.stdout.readline().decode().strip()
            answer = json.loads(run(["node", "pouchdb-pull.js", folder, port, str(deltas)], cwd=PEERS).output)
        finally:
            server.stdin.close()
            server.wait()
        with open(records, "rb") as file:
            if answer["documents"] != sum(1 for _ in file):
                raise Broken(f"PouchDB pulled {answer['documents']} documents")
        return answer
