/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-db.h"

G_BEGIN_DECLS

/*
 * Databases as released versions made them, kept as SQL in tests/fixtures/schema (see the README there): what
 * is brought up to date must be the same as what is made today, and a released step of a migration must
 * never change.
 */

/** bst_frozen_thaw: makes the database @path as @dump (a file of the fixtures, "work-1.sql") has it. */
void bst_frozen_thaw (const char *dump, const char *path);

/** bst_frozen_schema: all tables, indices and triggers of the database @path; without what a text index is made of. (transfer full) */
char *bst_frozen_schema (const char *path);

/**
 * bst_frozen_check:
 * @name: "work", "server": for each version of @migrations there is a dump
 *
 * Asserts that the steps up to each version make the schema that is frozen for it, and that every frozen database
 * becomes the newest.
 */
void bst_frozen_check (const char *name, guint32 application_id, const BstMigration *migrations);

G_END_DECLS
