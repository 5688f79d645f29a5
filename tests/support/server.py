# SPDX-License-Identifier: GPL-3.0-or-later
"""A server of our own with a sample authority: bestillerd on a free port, and bestiller-admin for it.

    with Server(build="build", authority="dk") as server:
        link = server.enrol("person-demo-dk")["link"]
        app = desktop.start(["build/src/app/bestiller", "--enrol", link, "--ca", server.ca],
                            env=app_environment("build"))
        server.admin("request", "accept", number, "--as", "person-performer-dk")
        server.stop()          # the line is gone …
        server.start()         # … and back, on the same port
"""
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading

SOURCE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
AUTHORITIES = {"dk": ("Eksempel Kommune", "DK"), "no": ("Eksempel kommune", "NO")}
FILES = ["org", "calendar", "people", "catalogue", "notices", "agreements", "budgets"]


def app_environment(build):
    """What the application needs to run where it was built: texts and settings."""
    build = os.path.abspath(build)
    return {"BESTILLER_LOCALEDIR": f"{build}/po", "GSETTINGS_SCHEMA_DIR": f"{build}/data"}


class Server:
    def __init__(self, build="build", authority="dk", folder=None):
        """folder: keep the server's data there; by default a fresh one that is removed at the end."""
        self.build, self.authority = os.path.abspath(build), authority
        self._temporary = folder is None
        self.folder = folder or tempfile.mkdtemp(prefix="bestiller-server-")
        self.data = os.path.join(self.folder, "data")
        self.process, self.url, self._port = None, None, 0

    def __enter__(self):
        try:
            if not os.path.isdir(self.data):
                self._make()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *failure):
        self.stop()
        if self._temporary:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _make(self):
        name, country = AUTHORITIES[self.authority]
        self.admin("init", name, "--country", country, "--host", "localhost", "--host", "127.0.0.1")
        sample = os.path.join(SOURCE, "data", "sample", self.authority)
        self.admin("import", "all", *[f"{sample}/{name}.json" for name in FILES if os.path.exists(f"{sample}/{name}.json")])

    @property
    def ca(self):
        """The certificate authority that the application has to trust."""
        return os.path.join(self.data, "tls", "ca.pem")

    def admin(self, *words, check=True):
        """bestiller-admin --json …: its answer as a value, or None; its words in the exception when it fails."""
        argv = [f"{self.build}/src/admin/bestiller-admin", "--data", self.data, "--json", *map(str, words)]
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if check and done.returncode:
            raise RuntimeError(f"bestiller-admin {' '.join(map(str, words))} ended with {done.returncode}: "
                               + done.stderr + done.stdout)
        return json.loads(done.stdout) if done.returncode == 0 and done.stdout.strip() else None

    def enrol(self, person):
        """{"code", "link"} for one computer of that person."""
        return self.admin("enrol", person, "--server", self.url)

    def start(self):
        """Starts it, and waits until it says where it listens; the same port as before."""
        argv = [f"{self.build}/src/server/bestillerd", "--data", self.data, "--listen", f"127.0.0.1:{self._port}"]
        with open(os.path.join(self.folder, "bestillerd.log"), "ab") as log:
            self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True)
        for line in self.process.stdout:
            match = re.search(r"https://[\w.\[\]:]+:(\d+)", line)
            if match:
                self._port = int(match.group(1))
                self.url = f"https://localhost:{self._port}"
                break
        else:
            self.process.wait()
            raise RuntimeError(f"bestillerd ended with {self.process.returncode}: {self.log}")
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    @property
    def log(self):
        with open(os.path.join(self.folder, "bestillerd.log"), encoding="utf-8", errors="replace") as lines:
            return lines.read()

    def stop(self):
        """As systemd would: it answers what is under way, and ends."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def kill(self):
        """As a power cut would: kill -9."""
        self.process.kill()
        self.process.wait()
