/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-greeting.h"

#include <glib/gi18n.h>

/* Who works at night has neither an evening nor a morning. */
static const struct
{
  int until; /* the hour before which it is said */
  const char *context;
  const char *text;
} greetings[] = {
  { 5, "greeting at night", NC_ ("greeting at night", "Hello") },
  { 10, NULL, N_ ("Good morning") },
  { 12, "greeting before noon", NC_ ("greeting before noon", "Good morning") },
  { 18, NULL, N_ ("Good afternoon") },
  { 24, NULL, N_ ("Good evening") },
};

const char *
bst_greeting (int hour)
{
  guint i = 0;

  while (i + 1 < G_N_ELEMENTS (greetings) && hour >= greetings[i].until)
    i++;
  return greetings[i].context ? g_dpgettext2 (NULL, greetings[i].context, greetings[i].text)
                              : _ (greetings[i].text);
}
