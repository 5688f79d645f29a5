/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Not to be asked for by anyone: what libraries allocate while they are loaded is theirs to keep.
 *
 * GLib makes its first table of 2,048 quarks in a constructor, and when a program needs more (the whole application
 * does: each type, property and signal has one) it copies the table and leaves the old one lying, because another
 * thread may still read it. The leak checker's quick unwinder does not see through GLib's frames, so no line of
 * lsan.supp can tell this block from ours; it is made not to look at all until the program's own code begins. */

#ifdef __SANITIZE_ADDRESS__

#include <sanitizer/lsan_interface.h>

/* Run before any library's constructor. */
static void
look_away (void)
{
  __lsan_disable ();
}

__attribute__ ((section (".preinit_array"),
                used)) static void (*const before_libraries) (void) = look_away;

/* Run after all of them, before main. */
__attribute__ ((constructor)) static void
look_again (void)
{
  __lsan_enable ();
}

#else

typedef int bst_loading_not_sanitized;

#endif
