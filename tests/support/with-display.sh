#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# with-display.sh PROGRAM ARGUMENT...: runs it with a screen, a session bus and a home of its own.
set -euo pipefail
folder=$(mktemp -d)
screen=
finish () {
  [ -z "$screen" ] || kill "$screen" 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT

mkfifo "$folder/number"
Xvfb -displayfd 3 -screen 0 1400x900x24 -dpi 96 -nolisten tcp -noreset 3> "$folder/number" 2> "$folder/xvfb.log" &
screen=$!
read -r -t 20 number < "$folder/number" || { cat "$folder/xvfb.log" >&2; echo "with-display: no screen" >&2; exit 99; }

mkdir -m 0700 "$folder/run" "$folder/home"
cat > "$folder/bus.conf" <<EOF
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=$folder/run</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
EOF
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS AT_SPI_BUS_ADDRESS LANGUAGE
export DISPLAY=":$number" GDK_BACKEND=x11 GSK_RENDERER=cairo GSETTINGS_BACKEND=memory GTK_A11Y=test
# Pictures are drawn by cairo; the GL driver would only be loaded, and leak.
export GDK_DEBUG=gl-disable GDK_DISABLE=gl,vulkan
export ADW_DISABLE_PORTAL=1 GTK_USE_PORTAL=0 GIO_USE_VFS=local LC_ALL=C.UTF-8
export HOME="$folder/home" XDG_DATA_HOME="$folder/home/data" XDG_CONFIG_HOME="$folder/home/config"
export XDG_CACHE_HOME="$folder/home/cache" XDG_RUNTIME_DIR="$folder/run"
# The bus says on standard error that it cannot have more files; the program's own words go through.
exec 4>&2
dbus-run-session --config-file="$folder/bus.conf" -- bash -c 'exec "$@" 2>&4' - "$@" 2> "$folder/bus.log"
