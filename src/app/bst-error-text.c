/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <glib/gi18n.h>

#include "bst-error-text.h"

#include "bst-error.h"

/* clang-format off */
static const char *const texts[] = {
  [BST_ERROR_INVALID] = N_("Something is missing or not valid. Nothing was lost."),
  [BST_ERROR_NOT_FOUND] = N_("It is no longer there."),
  [BST_ERROR_FORBIDDEN] = N_("This cannot be done now, or not by you. Nothing was changed."),
  [BST_ERROR_CONFLICT] = N_("Somebody else changed the same thing. Both versions are kept."),
  [BST_ERROR_TOO_LARGE] = N_("It is too large. Shorten it, and try again."),
  [BST_ERROR_NEWER] = N_("A newer Bestiller wrote this. Update Bestiller on this computer."),
  [BST_ERROR_CORRUPT] = N_("What was stored here cannot be read."),
  [BST_ERROR_STORAGE] = N_("It could not be saved: the disk is full or cannot be written to."),
  [BST_ERROR_BUSY] = N_("Another window of Bestiller is using it."),
  [BST_ERROR_OFFLINE] = N_("The server cannot be reached. Your work is safe on this computer."),
  [BST_ERROR_OUTCOME_UNKNOWN] = N_("The server did not answer in time. It is asked again by itself; nothing is ordered twice."),
  [BST_ERROR_PORTAL] = N_("This network shows a sign-in page instead of the server. Sign in to the network in a browser, and try again."),
  [BST_ERROR_CERTIFICATE] = N_("The server could not prove who it is: its certificate is expired, is for another name, or is not trusted here. Nothing was sent."),
  [BST_ERROR_LOST] = N_("This computer was reported lost, so what came from the server was removed from it. Your drafts and what was not sent are still here; enrol it again to go on."),
  [BST_ERROR_SIGN_IN] = N_("This computer is no longer signed in. Enrol it again; your work is kept."),
  [BST_ERROR_CODE_WRONG] = N_("This code does not exist. Look for a mistyped letter, or ask for a new code."),
  [BST_ERROR_CODE_EXPIRED] = N_("This code has expired. Ask for a new one."),
  [BST_ERROR_CODE_USED] = N_("This code has already been used. Each code works once; ask for a new one."),
  [BST_ERROR_OTHER_AUTHORITY] = N_("This code belongs to another authority. Check the server’s address."),
  [BST_ERROR_PROTOCOL] = N_("The server answered something that Bestiller does not understand. Check the server’s address."),
  [BST_ERROR_SERVER] = N_("The server has a fault. It is tried again by itself; your work is safe on this computer."),
  [BST_ERROR_STATE_LOST] = N_("The server’s data is fetched anew. Your own work is kept."),
};
/* clang-format on */

const char *
bst_error_code_text (int code)
{
  if (code < 0 || code >= (int) G_N_ELEMENTS (texts))
    return _ ("Something went wrong. Your work is safe on this computer.");
  return _ (texts[code]);
}

char *
bst_error_text (const GError *error)
{
  if (error->domain == BST_ERROR)
    return g_strdup (bst_error_code_text (error->code));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    return g_strdup (bst_error_code_text (BST_ERROR_STORAGE));
  /* Translators: %s is technical, in English. */
  return g_strdup_printf (_ ("Something went wrong: %s"), error->message);
}
