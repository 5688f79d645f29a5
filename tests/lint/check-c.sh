#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# check-c.sh format|cppcheck|tidy SOURCE-FOLDER BUILD-FOLDER: reads all C files with one of the tools.
set -eu
tool=$1 build=$(readlink -f "$3")
cd "$2"
files () { git ls-files -z -co --exclude-standard -- "$@"; }

case $tool in
  format)
    files 'src/*.[ch]' 'tests/*.[ch]' | xargs -0 -r clang-format-14 --dry-run -Werror
    ;;
  cppcheck)
    # GLib's cleanup attributes, its ownership by queues and its sentinels are unknown to it: leaks are ASan's work.
    files 'src/*.c' | xargs -0 -r cppcheck --quiet --error-exitcode=1 --inline-suppr -j 2 --std=c11 --force \
      --max-configs=1 --library=gtk --library=posix --enable=warning,portability \
      --suppress=unknownMacro --suppress=missingInclude --suppress=nullPointerRedundantCheck \
      --suppress=leakNoVarFunctionCall --suppress=memleak --suppress=varFuncNullUB --suppress=internalAstError --suppress=syntaxError
    ;;
  tidy)
    # .clang-tidy names the checks; only files that this build compiles can be read.
    files 'src/*.c' | tr '\0' '\n' | while read -r file; do
      grep -q "/$file\"" "$build/compile_commands.json" && printf '%s\0' "$file"
    done | xargs -0 -r -n 4 -P 2 clang-tidy-14 -p "$build" --quiet 2>/dev/null
    ;;
esac
