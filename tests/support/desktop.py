# SPDX-License-Identifier: GPL-3.0-or-later
"""A desktop of our own, with nobody else on it: screen, session bus, window manager, home folder.

    with Desktop (language="da") as desktop:
        app = desktop.start (["build/src/app/bestiller"])
        …

Everything is private and temporary: the display number is the server's choice, the session bus
knows no service but the accessibility bus, and whatever was started is ended at the end.
"""
import os
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time

import a11y

LOCALES = {"da": "da_DK.UTF-8", "nb": "nb_NO.UTF-8", "en": "C.UTF-8"}

# Said by the libraries on any such desktop; every other warning fails the journey.
NOISE = re.compile(
    r"Failed to set fd limit|dbind|GetItems|X connection .* broken|Unable to acquire session bus"
    r"|unable to send notifications|Vulkan|libEGL|MESA|dconf|Settings portal")
BAD = re.compile(r"\b(WARNING|CRITICAL|ERROR|Sanitizer)\b")

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <servicedir>{folder}/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts/opentype/cantarell</dir>
  <dir>/usr/share/fonts/truetype/dejavu</dir>
  <cachedir>{folder}/fonts</cachedir>
  <match target="pattern">
    <test name="family" qual="all" compare="not_eq"><string>monospace</string></test>
    <edit name="family" mode="append" binding="strong"><string>Cantarell</string></edit>
  </match>
  <alias binding="strong"><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
"""
SETTINGS = """[Settings]
gtk-font-name=Cantarell 11
gtk-cursor-blink=0
gtk-enable-animations={animations}
"""
WINDOW_MANAGER = """<?xml version="1.0"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <focus><focusNew>yes</focusNew><followMouse>no</followMouse></focus>
  <placement><policy>Smart</policy><center>yes</center></placement>
  <desktops><number>1</number></desktops>
  <applications>{rule}</applications>
</openbox_config>
"""


MAXIMIZED = '<application class="*" type="normal"><maximized>yes</maximized></application>'


class Failure(AssertionError):
    """What was awaited did not come."""


def wait(predicate, what, seconds=20):
    """Asks again every 25 ms until the answer is true, and returns it."""
    end = time.monotonic() + seconds
    while True:
        answer = predicate()
        if answer:
            return answer
        if time.monotonic() > end:
            raise Failure(f"waited {seconds} s in vain for {what}")
        select.select([], [], [], 0.025)


class App:
    """A program running on the desktop."""

    def __init__(self, desktop, process, log):
        self.desktop, self.process, self.log = desktop, process, log
        self._node = None

    @property
    def node(self):
        """The application as screen readers see it."""
        if self._node is None:
            def look():
                if self.process.poll() is not None:
                    raise Failure(f"the program ended ({self.process.returncode}) before it had a window:\n"
                                  + self.output)
                node = a11y.application_of(self.desktop.bus, self.process.pid)
                return node if node and node.children else None
            self._node = wait(look, "the first window")
        return self._node

    @property
    def output(self):
        with open(self.log, encoding="utf-8", errors="replace") as lines:
            return lines.read()

    @property
    def complaints(self):
        """Warnings and worse that the program printed, without the libraries' usual noise."""
        return [line for line in self.output.splitlines() if BAD.search(line) and not NOISE.search(line)]

    def kill(self):
        """As a power cut would: kill -9."""
        self.process.kill()
        self.process.wait()

    def wait(self, seconds=20):
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise Failure(f"the program did not end within {seconds} s") from error


class Desktop:
    def __init__(self, language="en", size=(1280, 900), home=None, env=None, animations=False, maximized=False):
        """home: keep using this folder as home (to start the program anew); by default a fresh one.

        maximized: windows fill the screen, so that size is the window's (for pictures)."""
        self.language, self.size, self._given_home, self._more = language, size, home, env or {}
        self.animations, self.maximized = animations, maximized
        self.processes, self.apps = [], []
        self.bus = None

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="bestiller-desktop-")
        try:
            self._start()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *failure):
        self._end()

    def _file(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def _spawn(self, argv, env=None, **more):
        log = open(os.path.join(self.folder, os.path.basename(argv[0]) + ".log"), "ab")
        process = subprocess.Popen(argv, env=env or self.env, stdin=subprocess.DEVNULL, stderr=log,
                                   start_new_session=True, **{"stdout": log, **more})
        log.close()
        self.processes.append(process)
        return process

    def _start(self):
        self.home = self._given_home or os.path.join(self.folder, "home")
        os.makedirs(self.home, exist_ok=True)
        runtime = os.path.join(self.folder, "run")
        os.makedirs(runtime, mode=0o700)
        env = {key: value for key, value in os.environ.items()
               if key not in ("WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "AT_SPI_BUS_ADDRESS", "LANGUAGE",
                              "LC_ALL", "XAUTHORITY", "GTK_THEME", "GTK_MODULES", "DESKTOP_STARTUP_ID")
               and not key.startswith("XDG_")}
        env.update({
            "HOME": self.home, "LANG": LOCALES[self.language], "XDG_RUNTIME_DIR": runtime,
            "XDG_CONFIG_HOME": f"{self.home}/.config", "XDG_DATA_HOME": f"{self.home}/.local/share",
            "XDG_CACHE_HOME": f"{self.home}/.cache", "XDG_STATE_HOME": f"{self.home}/.local/state",
            "GDK_BACKEND": "x11", "GSK_RENDERER": "cairo", "GSETTINGS_BACKEND": "memory", "GTK_A11Y": "atspi",
            "ADW_DISABLE_PORTAL": "1", "GTK_USE_PORTAL": "0", "GIO_USE_VFS": "local", "G_DEBUG": "fatal-criticals",
            "FONTCONFIG_FILE": self._file("fonts.conf", FONTS.format(folder=self.folder)),
        })
        env.update(self._more)
        self.env = env
        os.makedirs(f"{self.home}/.config/gtk-4.0", exist_ok=True)
        with open(f"{self.home}/.config/gtk-4.0/settings.ini", "w", encoding="utf-8") as settings:
            settings.write(SETTINGS.format(animations=int(self.animations)))
        self._start_screen()
        self._start_bus()
        subprocess.run(["setxkbmap", "dk"], env=env, check=True, stderr=subprocess.DEVNULL)
        rules = WINDOW_MANAGER.format(rule=MAXIMIZED if self.maximized else "")
        self._spawn(["openbox", "--sm-disable", "--config-file", self._file("openbox.xml", rules)])
        wait(lambda: b"window id" in self._x("xprop", "-root", "_NET_SUPPORTING_WM_CHECK"), "the window manager")
        self.bus = a11y.connect(self.env["DBUS_SESSION_BUS_ADDRESS"])

    def _start_screen(self):
        read, write = os.pipe()
        self._spawn(["Xvfb", "-displayfd", str(write), "-screen", "0", "{}x{}x24".format(*self.size), "-dpi", "96",
                     "-nolisten", "tcp", "-noreset"], pass_fds=[write])
        os.close(write)
        with os.fdopen(read) as number:
            if not select.select([number], [], [], 20)[0]:
                raise Failure("the X server did not start")
            text = number.readline().strip()
        if not text:
            raise Failure("the X server did not start: " + self._log("Xvfb"))
        self.env["DISPLAY"] = ":" + text

    def _start_bus(self):
        services = "/usr/share/dbus-1/services/org.a11y.Bus.service"
        os.makedirs(os.path.join(self.folder, "services"))
        shutil.copy(services, os.path.join(self.folder, "services"))
        config = self._file("bus.conf", BUS.format(folder=self.folder))
        bus = self._spawn(["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address"],
                          stdout=subprocess.PIPE)
        self.env["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().decode().strip()
        if not self.env["DBUS_SESSION_BUS_ADDRESS"]:
            raise Failure("the session bus did not start: " + self._log("dbus-daemon"))

    def _log(self, name):
        path = os.path.join(self.folder, name + ".log")
        if not os.path.exists(path):
            return ""
        with open(path, encoding="utf-8", errors="replace") as log:
            return log.read()

    def _x(self, *argv):
        return subprocess.run(argv, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout

    def start(self, argv, env=None):
        """Starts a program on this desktop; it is ended with it at the latest."""
        log = os.path.join(self.folder, f"app-{len(self.apps)}.log")
        with open(log, "wb") as out:
            process = subprocess.Popen(argv, env={**self.env, **(env or {})}, stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=out, start_new_session=True)
        app = App(self, process, log)
        self.apps.append(app)
        return app

    def xdotool(self, *words):
        subprocess.run(["xdotool", *map(str, words)], env=self.env, check=True, stdout=subprocess.DEVNULL)

    def windows(self, pid):
        """[(X id, title)] of a program's windows, the uppermost last."""
        stack = re.findall(rb"0x[0-9a-f]+", self._x("xprop", "-root", "_NET_CLIENT_LIST_STACKING"))
        found = []
        for window in stack:
            text = self._x("xprop", "-id", window, "_NET_WM_PID", "_NET_WM_NAME").decode(errors="replace")
            owner = re.search(r"_NET_WM_PID\(CARDINAL\) = (\d+)", text)
            title = re.search(r'_NET_WM_NAME\(UTF8_STRING\) = "(.*)"', text)
            if owner and int(owner.group(1)) == pid:
                found.append((window.decode(), title.group(1) if title else ""))
        return found

    def origin(self, window, width, height):
        """Where a window's contents, @width × @height, begin on the screen: inside its shadow or frame."""
        text = self._x("xdotool", "getwindowgeometry", "--shell", window).decode()
        place = {key: int(value) for key, value in re.findall(r"(\w+)=(-?\d+)", text)}
        match = re.search(rb"= (\d+), (\d+), (\d+), (\d+)", self._x("xprop", "-id", window, "_GTK_FRAME_EXTENTS"))
        if match:
            left, top = int(match.group(1)), int(match.group(3))
        else:  # without a compositor GTK draws a plain frame, as wide on each side
            left, top = (place["WIDTH"] - width) // 2, (place["HEIGHT"] - height) // 2
        return place["X"] + left, place["Y"] + top

    def picture(self, path):
        """The whole screen as PNG."""
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        subprocess.run(["import", "-silent", "-window", "root", path], env=self.env, check=True)
        return path

    def _end(self):
        if self.bus and not self.bus.is_closed():
            self.bus.close_sync(None)
        everything = [app.process for app in reversed(self.apps)] + list(reversed(self.processes))
        for sign in (signal.SIGTERM, signal.SIGKILL):
            for process in everything:
                if process.poll() is None:
                    try:
                        os.killpg(process.pid, sign)
                    except ProcessLookupError:
                        pass
                    try:
                        process.wait(3)
                    except subprocess.TimeoutExpired:
                        pass
        shutil.rmtree(self.folder, ignore_errors=True)
