/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-glossary.h"

#include <glib/gi18n.h>

/* clang-format off */
static const BstGlossaryEntry entries[] = {
  { N_("Orderer"), N_("Decides what may be ordered, orders, and follows up on cost, delivery and satisfaction") },
  { N_("Performer"), N_("The shared-service centre, or one of its units: delivers, measures itself and bills") },
  { N_("Receiver"), N_("Gets the delivery, confirms it, and says whether it was good") },
  { N_("Framework contract"), N_("What holds for all services: who does what, how is paid, how objections are made") },
  { N_("SLA (service level agreement)"), N_("How fast and how well each service is delivered to your department") },
  { N_("OLA"), N_("What the performers have agreed on among themselves: the steps behind a service, and how long each takes") },
  { N_("Target"), N_("The share of cases that are to be on time, seen over a month") },
  { N_("On time"), N_("Delivered no later than promised. Time in which the performer waited for you does not count") },
  { N_("Breach"), N_("Delivered later than promised, or not delivered and past the date") },
  { N_("Right first time"), N_("Delivered, and never disputed") },
  { N_("Processing time"), N_("Opening hours from receipt to delivery, without the pauses") },
  { N_("Median and 90 %"), N_("Half of the cases took no longer than the median; nine out of ten no longer than the 90 % time") },
  { N_("Satisfaction"), N_("Mean of the stars that receivers gave, 1 to 5. Hidden where fewer than five have answered") },
  { N_("Mandatory and add-on"), N_("Mandatory services are bought from the performer; add-ons are bought by choice") },
  { N_("Positive list"), N_("Articles that are approved in advance") },
};
/* clang-format on */

const BstGlossaryEntry *
bst_glossary (gsize *ret_n)
{
  *ret_n = G_N_ELEMENTS (entries);
  return entries;
}
