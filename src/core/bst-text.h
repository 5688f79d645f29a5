/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * bst_text_pick:
 * @doc: a document, or a text per language itself when @path is %NULL
 * @language: "da", "nb", "nn", "en"; also "nb_NO.UTF-8"
 *
 * The text in @language; else in its nearest relative (nb: nn, da · nn: nb, da · da: nb, nn · en: –), else en, else da, nb, nn,
 * else any. Empty texts count as absent. A plain string is returned as it is.
 *
 * Returns: (transfer none) (nullable): borrowed from @doc
 */
const char *bst_text_pick (GVariant *doc, const char *path, const char *language);

/** bst_text_language: the one of "da", "nb", "nn", "en" that @locale ("da_DK.UTF-8", "no") asks for; "en" otherwise. Static. */
const char *bst_text_language (const char *locale);

/**
 * bst_text_collation_key:
 *
 * A key whose strcmp() order is the dictionary order of @language, whatever locales are installed: in da, nb and nn æ ø å come
 * after z, and "aa" sorts as å (so Aarhus is beside Århus); ä as æ, ö as ø, ü as y; case and other accents only break ties;
 * digits sort by their number ("Skole 9" before "Skole 10"). Returns: (transfer full).
 */
char *bst_text_collation_key (const char *text, const char *language);

G_END_DECLS
