/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Each way to be cut off × each way to go on × each kind of work: a row a cell, a hundred in all. */

#include "bst-error.h"
#include "bst-ledger.h"
#include "bst-process.h"
#include "bst-sync-engine.h"
#include "bst-trip-transport.h"

#include <string.h>

typedef enum
{
  WORK_CREATE, /* a new order */
  WORK_PATCH,  /* an order that came back, with another title */
  WORK_EVENT,  /* a message on an order */
  WORK_FILE,   /* a new order with a file */
  N_WORKS
} Work;

typedef enum
{
  CUT_BEFORE,    /* nobody listens */
  CUT_BODY,      /* in the middle of the request */
  CUT_COMMITTED, /* the server has done it, and not a word comes back */
  CUT_REPLY,     /* in the middle of the answer */
  CUT_FORGOTTEN, /* the whole answer came, and was not written down */
  N_CUTS
} Cut;

typedef enum
{
  GO_ON,
  GO_RESTART,
  GO_PROCESS,  /* the first one is killed, a second one opens the store */
  GO_COMPUTER, /* a copy of the store sends too, and first */
  GO_FILE,     /* carried to the server as a file, and the answer back */
  N_GOES
} Go;

#define N_CELLS (N_CUTS * N_GOES * N_WORKS)

static guint passed[N_CELLS];

static const char *const work_names[] = { "create", "patch", "event", "attachment" };
static const char *const cut_names[] = { "before-send", "mid-body", "after-commit", "mid-reply",
                                         "before-local-commit" };
static const char *const go_names[] = { "now", "restart", "second-process", "second-computer",
                                        "file-import" };

typedef struct
{
  BstWorld *world;
  BstLedger *ledger;
  BstComputer *here;
  BstProcess *process; /* GO_PROCESS: does the work instead of us */
  Work work;
  char *uid;
  guint events_before;
} Cell;

/* ---- work, here or in the process ---- */

static void
start_process (Cell *cell)
{
  g_autofree char *answer = NULL;

  bst_computer_shut (cell->here);
  cell->process = bst_process_new (cell->here);
  answer = bst_process_ask (cell->process, "sync");
  g_assert_cmpstr (answer, ==, "ok");
}

static void
do_work (Cell *cell, Work work)
{
  g_autofree char *answer = NULL;

  switch (work)
    {
    case WORK_CREATE:
      g_free (cell->uid);
      cell->uid = cell->process ? bst_process_ask (cell->process, "order s1 Ny stol")
                                : bst_computer_order (cell->here, "s1", "Ny stol");
      bst_ledger_add_order (cell->ledger, cell->uid);
      break;
    case WORK_PATCH:
      if (cell->process)
        answer = bst_process_ask (cell->process, "mend %s Rettet", cell->uid);
      else
        bst_computer_mend (cell->here, cell->uid, "Rettet");
      bst_ledger_add_title (cell->ledger, cell->uid, "Rettet");
      break;
    case WORK_FILE:
      g_free (cell->uid);
      cell->uid = cell->process ? bst_process_ask (cell->process, "attach s1 Med billede")
                                : bst_computer_order_with_file (cell->here, "s1", "Med billede");
      bst_ledger_add_order (cell->ledger, cell->uid);
      break;
    case WORK_EVENT:
    case N_WORKS:
    default:
      if (cell->process)
        answer = bst_process_ask (cell->process, "message %s Haster", cell->uid);
      else
        bst_computer_step (cell->here, cell->uid, "message", "Haster");
      bst_ledger_add_message (cell->ledger, cell->uid, "Haster");
    }
}

/* What the work needs to be there before. */
static void
prepare (Cell *cell, Work work)
{
  bst_computer_sync (cell->here);
  if (work == WORK_CREATE || work == WORK_FILE)
    return;
  cell->uid = bst_computer_order (cell->here, "s1", "Stol");
  bst_ledger_add_order (cell->ledger, cell->uid);
  if (work == WORK_PATCH)
    bst_world_set_price (cell->world, 17500, 2);
  bst_computer_sync (cell->here);
}

/* ---- cutting ---- */

/* A change is sent alone, and the submission after its answer. */
static gboolean
has_done_cb (gpointer closure)
{
  Cell *cell = closure;

  if (cell->work == WORK_PATCH)
    {
      g_autoptr (GVariant) order = bst_world_request (cell->world, cell->uid);

      return g_strcmp0 (bst_doc_get_string (order, "title"), "Rettet") == 0;
    }
  return bst_world_count (cell->world, "RequestEvent") > cell->events_before;
}

static void
set_cut (Cell *cell, Cut cut)
{
  BstFaults faults = BST_FAULTS_NONE;

  faults.refuse = cut == CUT_BEFORE;
  if (cut == CUT_BODY)
    faults.cut_up = cell->work == WORK_FILE ? 100 * 1000 : 450;
  if (cut == CUT_COMMITTED || cut == CUT_REPLY)
    faults.probe = has_done_cb;
  faults.closure = cell;
  faults.after_probe = cut == CUT_REPLY ? 60 : 0;
  bst_fault_proxy_set (bst_world_proxy (cell->world), &faults);
}

static void
forget_answer (Cell *cell)
{
  g_autoptr (BstTransport) https =
      bst_transport_https_new (cell->here->url, cell->here->token, cell->here->ca);
  g_autoptr (BstTransport) trip = bst_trip_transport_new (https, BST_TRIP_FORGET);
  g_autoptr (BstSyncEngine) engine = bst_sync_engine_new (cell->here->store, trip, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (bst_sync_engine_round (engine, NULL, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_OUTCOME_UNKNOWN);
}

static void
try_and_fail (Cell *cell, Cut cut)
{
  if (cell->process)
    {
      g_autofree char *answer =
          bst_process_ask (cell->process, "%s", cut == CUT_FORGOTTEN ? "trip" : "sync");

      g_assert_cmpstr (answer, !=, "ok");
    }
  else if (cut == CUT_FORGOTTEN)
    forget_answer (cell);
  else
    {
      g_autoptr (GError) error = bst_computer_try (cell->here);

      /* On a connection that dies at the same moment it may be unknown even before. */
      g_assert_true (g_error_matches (error, BST_ERROR, BST_ERROR_OUTCOME_UNKNOWN) ||
                     (cut == CUT_BEFORE && g_error_matches (error, BST_ERROR, BST_ERROR_OFFLINE)));
    }
  if (cut == CUT_BODY || cut == CUT_COMMITTED || cut == CUT_REPLY)
    g_assert_cmpuint (bst_fault_proxy_struck (bst_world_proxy (cell->world)), >=, 1);
  g_assert_cmpint (has_done_cb (cell), ==, cut > CUT_BODY);
  bst_fault_proxy_set (bst_world_proxy (cell->world), NULL);
}

/* ---- going on ---- */

/* All by file; of a change the submission needs one of its own. */
static void
carry_files (Cell *cell)
{
  for (guint i = 0; i < (cell->work == WORK_PATCH ? 2 : 1); i++)
    bst_computer_exchange (cell->here);
  bst_ledger_check_told (cell->ledger, cell->here);
  bst_ledger_check_end (cell->ledger, cell->here);
}

static void
go_on (Cell *cell, Go go)
{
  g_autoptr (BstComputer) copy = NULL;

  if (cell->process)
    {
      g_clear_pointer (&cell->process, bst_process_kill);
      bst_computer_open (cell->here);
    }
  else if (go == GO_RESTART || go == GO_COMPUTER)
    {
      bst_computer_shut (cell->here);
      if (go == GO_COMPUTER)
        copy = bst_computer_new_copy (cell->here, "copy");
      bst_computer_open (cell->here);
    }
  bst_ledger_check_told (cell->ledger, cell->here);
  if (copy)
    {
      bst_ledger_check_told (cell->ledger, copy);
      bst_computer_sync (copy);
      bst_ledger_check_end (cell->ledger, copy);
    }
  if (go == GO_FILE)
    carry_files (cell);
  bst_computer_sync (cell->here);
  bst_ledger_check_told (cell->ledger, cell->here);
  bst_ledger_check_end (cell->ledger, cell->here);
}

static void
test_cell (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  Cut cut = index % N_CUTS;
  Go go = index / N_CUTS % N_GOES;
  Work work = index / N_CUTS / N_GOES;
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, index);
  g_autoptr (BstLedger) ledger = bst_ledger_new (world);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  Cell cell = { .world = world, .ledger = ledger, .here = here, .work = work };

  prepare (&cell, work);
  if (go == GO_PROCESS)
    start_process (&cell);
  cell.events_before = bst_world_count (world, "RequestEvent");
  do_work (&cell, work);
  set_cut (&cell, cut);
  try_and_fail (&cell, cut);
  go_on (&cell, go);
  g_free (cell.uid);
  passed[index]++;
}

/* The table, a row a line: how many cells of it went well. */
static void
print_counts (void)
{
  guint total = 0;

  for (guint row = 0; row < N_WORKS * N_GOES; row++)
    {
      g_print ("# %-10s %-15s", work_names[row / N_GOES], go_names[row % N_GOES]);
      for (guint cut = 0; cut < N_CUTS; total += passed[row * N_CUTS + cut++])
        g_print ("  %s %u", cut_names[cut], passed[row * N_CUTS + cut]);
      g_print ("\n");
    }
  g_print ("# %u of %u cells\n", total, (guint) N_CELLS);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < N_CELLS; i++)
    {
      g_autofree char *path =
          g_strdup_printf ("/faults/%s/%s/%s", work_names[i / N_CUTS / N_GOES],
                           go_names[i / N_CUTS % N_GOES], cut_names[i % N_CUTS]);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_cell);
    }
  result = g_test_run ();
  print_counts ();
  return result;
}
