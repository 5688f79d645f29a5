/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-ledger.h"

G_BEGIN_DECLS

/* A scenario of bad weather, and what can happen in it: each step takes the computer @who that it happens to. */

#define BST_WEATHER_COMPUTERS 3

typedef struct
{
  char *order; /* nullable: of a message, else the order itself is meant by @id */
  char *id;    /* uid of the order, or text of the message */
  guint step;
} BstDeed;

/* A parcel, or an answer, in somebody's pocket. */
typedef struct
{
  guint who;
  GBytes *octets;
} BstStick;

typedef struct
{
  guint32 seed;
  GRand *chance;
  BstWorld *world;
  BstLedger *ledger;
  BstComputer *computers[BST_WEATHER_COMPUTERS];
  GPtrArray *deeds[BST_WEATHER_COMPUTERS]; /* BstDeed */
  gint copied[BST_WEATHER_COMPUTERS];      /* step at which a copy was made; -1 */
  gboolean
      unsure[BST_WEATHER_COMPUTERS]; /* the server forgot, and this computer does not know it yet */
  gboolean child;
  gboolean client_goes_back; /* else the server does */
  gboolean backed_up;
  gint no_rights;      /* computer whose person has none now; -1 */
  gint no_rights_then; /* the same, when the server's copy was made */
  int version;         /* of the chair */
  GPtrArray *parcels;  /* BstStick: on their way to the server */
  GPtrArray *answers;  /* BstStick: on their way back */
  guint events;        /* before the round under way */
  guint step;
  guint messages;
} BstWeather;

/** bst_weather_below: by chance, less than @n. */
guint bst_weather_below (BstWeather *weather, guint n);

/* ---- what people do (bst-weather-people.c) ---- */
void bst_deed_free (BstDeed *deed);
void bst_weather_order (BstWeather *weather, guint who);
void bst_weather_order_with_file (BstWeather *weather, guint who);
void bst_weather_message (BstWeather *weather, guint who);

/** bst_weather_mend: what came back to @who is put right and goes again. */
void bst_weather_mend (BstWeather *weather, guint who);

/* ---- lines, and files where there is none (bst-weather-lines.c) ---- */
void bst_stick_free (BstStick *stick);
void bst_weather_round (BstWeather *weather, guint who);
void bst_weather_bad_round (BstWeather *weather, guint who);
void bst_weather_exchange (BstWeather *weather, guint who);

/* ---- what happens to computers and server (bst-weather-fates.c) ---- */
void bst_weather_restart (BstWeather *weather, guint who);
void bst_weather_kill (BstWeather *weather, guint who);
void bst_weather_skew (BstWeather *weather, guint who);
void bst_weather_lose_replica (BstWeather *weather, guint who);
void bst_weather_restart_server (BstWeather *weather, guint who);
void bst_weather_old_copy (BstWeather *weather, guint who);
void bst_weather_price (BstWeather *weather, guint who);
void bst_weather_rights (BstWeather *weather, guint who);

G_END_DECLS
