# SPDX-License-Identifier: GPL-3.0-or-later
"""How the benches measure: CPU time of whole processes, always two things alternately in one run.

The clock on the wall says how busy the machine is; the CPU time (user and system) says what a program
takes. Even so both sides are run by turns and the median is taken, for caches and clock rates change.
"""
import dataclasses
import os
import select
import socket
import statistics
import subprocess
import threading


@dataclasses.dataclass
class Spent:
    """What one run of a process took, its children included."""
    cpu: float     # seconds, user and system
    memory: int    # most kB it ever had resident
    output: str

    def __add__(self, other):
        return Spent(self.cpu + other.cpu, max(self.memory, other.memory), self.output + other.output)


class Broken(Exception):
    """A bench could not be measured."""


def run(argv, env=None, text=None, cwd=None):
    """Runs @argv to its end; what it says on stderr is shown when it fails."""
    process = subprocess.Popen([str(word) for word in argv], env=env, cwd=cwd, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, stdin=subprocess.PIPE if text else subprocess.DEVNULL)
    errors = []
    reader = threading.Thread(target=lambda: errors.append(process.stderr.read()))
    reader.start()
    if text:
        process.stdin.write(text.encode())
        process.stdin.close()
    output = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    reader.join()
    process.stdout.close()
    process.stderr.close()
    if process.returncode != 0:
        raise Broken(f"{argv[0]} failed ({process.returncode}): {errors[0].decode(errors='replace')[-2000:]}")
    return Spent(usage.ru_utime + usage.ru_stime, usage.ru_maxrss, output)


def alternate(times, *sides):
    """Runs the sides by turns (A B, B A, A B …): a list of Spent for each."""
    spent = [[] for _ in sides]
    for turn in range(times):
        order = range(len(sides)) if turn % 2 == 0 else reversed(range(len(sides)))
        for side in order:
            spent[side].append(sides[side]())
    return spent


def median(spent, what="cpu"):
    return statistics.median(getattr(one, what) for one in spent)


def percentile(values, percent):
    """Nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


class Report:
    """One line a figure, as it becomes known."""

    def __init__(self):
        self.over, self.lines = [], 0

    def line(self, name, figure, limit, unit="×"):
        good = figure <= limit
        self.lines += 1
        if not good:
            self.over.append(name)
        shown = f"{figure:.3f}" if unit == "×" else f"{figure:.1f}" if unit == "MB" else f"{figure:.2f}" if unit == "s" else f"{figure:.0f}"
        bound = f"{limit:g}"
        print(f"{name:<78} {shown:>8} {unit:<5} limit {bound:>5}  {'ok' if good else 'OVER'}", flush=True)

    def note(self, text):
        print(f"  ({text})", flush=True)


class CountingProxy:
    """Hands TCP through to localhost:@port and counts what passes: octets each way, connections, turns.

    A turn is the client speaking after the server did: as many turns, as many round trips.
    """

    def __init__(self, port):
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.reset()
        threading.Thread(target=self._accept, daemon=True).start()

    def reset(self):
        self.up = self.down = self.connections = self.turns = 0
        self._last = "down"

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        server = socket.create_connection(("127.0.0.1", self.target))
        with client, server:
            while True:
                for ready in select.select([client, server], [], [])[0]:
                    octets = ready.recv(65536)
                    if not octets:
                        return
                    self._count(ready is client, len(octets))
                    (server if ready is client else client).sendall(octets)

    def _count(self, upward, octets):
        if upward:
            self.up += octets
            self.turns += self._last == "down"
            self._last = "up"
        else:
            self.down += octets
            self._last = "down"

    def close(self):
        self.listener.close()
