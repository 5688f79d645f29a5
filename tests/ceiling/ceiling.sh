#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Builds the application against the newest GTK and libadwaita that we promise to work with, where what is deprecated is an
# error, and runs its in-process tests there.
#
#   ceiling.sh SOURCE WHERE [PACKAGE...]
#
# The newer libraries are the next Debian's: its packages come from the mirror that this machine's apt uses for the present one,
# are unpacked into WHERE/root – no script of theirs runs, nothing is installed – and the build sees that tree as its root (bwrap).
set -Eeuo pipefail
trap 'echo "ceiling: line $LINENO failed; see the logs in ${where:-}" >&2' ERR
source=$(readlink -f "$1") where=$(mkdir -p "$2" && readlink -f "$2")
shift 2
suite=trixie
root=$where/root

say () { printf '==> %s\n' "$*"; }

# ---- the packages ----

# An apt of our own, with empty state: it knows no installed package and hence takes the whole closure.
newer_apt () {
  local mirror
  mkdir -p "$where"/apt/{lists/partial,cache/archives/partial}
  : >"$where/apt/status"
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' \
    'Component: main' | sort -u | head -n 1)
  [ -n "$mirror" ] || { echo "apt knows no mirror of Debian" >&2; return 1; }
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$where/apt/sources.list"
  apt-get -q -o Dir::State="$where/apt" -o Dir::State::lists="$where/apt/lists" -o Dir::State::status="$where/apt/status" \
    -o Dir::Cache="$where/apt/cache" -o Dir::Etc::sourcelist="$where/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::Etc::preferencesparts=/dev/null -o APT::Install-Recommends=false -o APT::Sandbox::User= \
    -o Acquire::Languages=none "$@"
}

unpack () {
  local deb
  say "Fetching the packages of $suite"
  newer_apt update >"$where/apt.log"
  newer_apt install -y --download-only "$@" >>"$where/apt.log"
  say "Unpacking $(find "$where/apt/cache/archives" -name '*.deb' | wc -l) packages"
  rm -rf "$root"
  mkdir -p "$root"/usr/{bin,sbin,lib,lib64}
  for deb in bin sbin lib lib64; do ln -s "usr/$deb" "$root/$deb"; done
  for deb in "$where"/apt/cache/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$root" --keep-directory-symlink --no-same-owner
  done
  mkdir -p "$root"/{dev,proc,tmp,run,etc,work}
}

# What the packages' own scripts would have done, as far as a build and its tests look at it.
settle () {
  ln -sf gcc "$root/usr/bin/cc"
  ln -sf mawk "$root/usr/bin/awk"
  inside ldconfig
  inside sh -c 'glib-compile-schemas /usr/share/glib-2.0/schemas
    gio=$(find /usr/lib -name gio-querymodules); $gio "$(dirname "$(find /usr/lib -path "*gio/modules" -print -quit)")/modules"
    loaders=$(find /usr/lib -name gdk-pixbuf-query-loaders); [ -z "$loaders" ] || $loaders --update-cache
    update-mime-database /usr/share/mime
    mkdir -p /etc/ssl/certs; cat $(find /usr/share/ca-certificates -name "*.crt") >/etc/ssl/certs/ca-certificates.crt
    mkdir -p /etc/fonts/conf.d; ln -sf /usr/share/fontconfig/conf.avail/*.conf /etc/fonts/conf.d/
    for locale in da_DK nb_NO; do localedef -i $locale -f UTF-8 $locale.UTF-8; done' >>"$where/settle.log" 2>&1
  printf '%s\n' "$packages" >"$root/.settled"
}

# Runs a command in the tree, which has the sources to read, a build folder to write, and no network.
inside () {
  bwrap --bind "$root" / --dev /dev --proc /proc --tmpfs /tmp --ro-bind "$source" "$source" --bind "$where" "$where" \
    --unshare-net --unshare-pid --unshare-ipc --die-with-parent --chdir "$where" \
    --clearenv --setenv PATH /usr/bin:/usr/sbin --setenv HOME /tmp --setenv LANG C.UTF-8 "$@"
}

# ---- the build ----

packages=$*
if [ "$(cat "$root/.settled" 2>/dev/null)" != "$packages" ]; then
  unpack "$@"
  settle
fi
say "Building against GTK $(inside pkg-config --modversion gtk4) and libadwaita $(inside pkg-config --modversion libadwaita-1)"
[ -e "$where/build/build.ninja" ] || inside meson setup "$where/build" "$source" -Dwerror=true -Dserver=false
inside ninja -k 0 -j "${JOBS:-2}" -C "$where/build"
say "The application's tests"
inside meson test -C "$where/build" --no-rebuild --num-processes "${JOBS:-2}" --print-errorlogs --suite app
