/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-org.h"

G_BEGIN_DECLS

/**
 * SeedHistory: fourteen months of orders of the units below @department, with what happened to them and what was measured of it:
 * the same every time.
 * @services, @calendars: documents; @requests, @events, @measures, @tallies: (element-type GVariant): what is made is added to them
 */
typedef struct
{
  GPtrArray *services;
  GPtrArray *calendars;
  BstOrg *org;
  const char *department;
  const char *person;
  const char *performer;
  const char *language;
  gint64 now;
  GPtrArray *requests;
  GPtrArray *events;
  GPtrArray *measures;
  GPtrArray *tallies;
} SeedHistory;

void seed_history (const SeedHistory *history);

G_END_DECLS
