/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-fault-proxy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHUNK 16384

typedef enum
{
  UP,
  DOWN
} Direction;

typedef struct
{
  BstFaultProxy *proxy;
  int sides[2]; /* the client, the server; -1: none */
  GThread *pumps[2];
  guint running;   /* pumps */
  gboolean dead;   /* under the proxy's lock */
  gint64 ready_at; /* monotonic: until then it is being opened */
} Line;

/* Octets on their way. */
typedef struct
{
  gint64 due; /* monotonic */
  gboolean cut;
  gsize len;
  guint8 octets[];
} Chunk;

typedef struct
{
  Line *line;
  Direction direction;
  GQueue under_way; /* Chunk */
  gint64
      free_at; /* monotonic: all that was said before has been said then, and only has to arrive */
} Pump;

struct _BstFaultProxy
{
  int listener;
  guint16 port;
  GThread *acceptor;

  GMutex lock;
  GCond changed;
  BstFaults faults;
  gboolean done; /* the probe has said yes */
  guint16 target;
  GPtrArray *lines;
  gint64 passed[2];
  Direction last; /* that spoke */
  guint turns;
  guint connections;
  guint struck;
  gboolean stopping;
};

/* ---- one connection ---- */

static void
reset_on_close (int fd)
{
  const struct linger hard = { .l_onoff = 1, .l_linger = 0 };

  setsockopt (fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

/* Wakes both pumps; the sockets are closed, hence reset, when they have ended. Under the lock. */
static void
kill_line (Line *line)
{
  line->dead = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (line->sides); i++)
    if (line->sides[i] >= 0)
      {
        reset_on_close (line->sides[i]);
        shutdown (line->sides[i], SHUT_RD);
      }
  g_cond_broadcast (&line->proxy->changed);
}

static void
strike (Line *line)
{
  if (!line->dead)
    line->proxy->struck++;
  kill_line (line);
}

static gboolean
is_dead (Line *line)
{
  gboolean dead;

  g_mutex_lock (&line->proxy->lock);
  dead = line->dead;
  g_mutex_unlock (&line->proxy->lock);
  return dead;
}

static gboolean
send_all (Line *line, int fd, const guint8 *octets, gsize len)
{
  while (len > 0)
    {
      struct pollfd wait = { .fd = fd, .events = POLLOUT };
      gssize n = send (fd, octets, len, MSG_NOSIGNAL | MSG_DONTWAIT);

      if (n < 0 && (errno == EINTR || errno == EAGAIN) && !is_dead (line))
        {
          poll (&wait, 1, 100);
          continue;
        }
      if (n <= 0)
        return FALSE;
      octets += n;
      len -= (gsize) n;
    }
  return TRUE;
}

/* When octets that come now arrive: one after the other at the line's rate, and all of them late. Under the lock. */
static gint64
due_of (Pump *self, gsize len)
{
  BstFaultProxy *proxy = self->line->proxy;
  gint64 now = g_get_monotonic_time ();

  self->free_at = MAX (self->free_at, now);
  if (proxy->faults.rate > 0)
    self->free_at += (gint64) len * G_USEC_PER_SEC / proxy->faults.rate;
  return self->free_at + (gint64) proxy->faults.latency_ms * 1000;
}

/* Asks the probe without the lock: it may look into the server's database. */
static void
ask_probe (BstFaultProxy *proxy)
{
  BstFaultProbe probe = proxy->faults.probe;
  gpointer closure = proxy->faults.closure;
  gboolean yes;

  if (!probe || proxy->done)
    return;
  g_mutex_unlock (&proxy->lock);
  yes = probe (closure);
  g_mutex_lock (&proxy->lock);
  if (yes && proxy->faults.probe == probe && proxy->faults.closure == closure)
    {
      proxy->done = TRUE;
      if (proxy->faults.cut_down < 0 || proxy->faults.cut_down > proxy->faults.after_probe)
        proxy->faults.cut_down = proxy->faults.after_probe;
    }
}

/* How many of @len octets may pass. Under the lock. Sets *@ret_cut when the line ends behind them. */
static gsize
admit (Line *line, Direction direction, gsize len, gboolean *ret_cut)
{
  BstFaultProxy *proxy = line->proxy;
  gint64 *left = direction == UP ? &proxy->faults.cut_up : &proxy->faults.cut_down;

  while (proxy->faults.hang && !line->dead)
    g_cond_wait (&proxy->changed, &proxy->lock);
  if (direction == DOWN)
    ask_probe (proxy);
  *ret_cut = *left >= 0 && *left <= (gint64) len;
  if (*ret_cut)
    len = (gsize) *left;
  if (*left >= 0)
    *left -= (gint64) len;
  return line->dead ? 0 : len;
}

static void
wait_until (Line *line, gint64 until)
{
  g_mutex_lock (&line->proxy->lock);
  while (!line->dead && g_cond_wait_until (&line->proxy->changed, &line->proxy->lock, until))
    ;
  g_mutex_unlock (&line->proxy->lock);
}

static void
take_in (Pump *self, const guint8 *octets, gsize len)
{
  Line *line = self->line;
  Chunk *chunk = g_malloc (sizeof (Chunk) + len);

  memcpy (chunk->octets, octets, len);
  g_mutex_lock (&line->proxy->lock);
  chunk->len = admit (line, self->direction, len, &chunk->cut);
  chunk->due = due_of (self, chunk->len);
  g_mutex_unlock (&line->proxy->lock);
  g_queue_push_tail (&self->under_way, chunk);
}

static void
count_passed (BstFaultProxy *proxy, Direction direction, gsize len)
{
  proxy->passed[direction] += (gint64) len;
  proxy->turns += direction == UP && proxy->last == DOWN;
  proxy->last = direction;
}

static gboolean
hand_on (Pump *self)
{
  Line *line = self->line;
  BstFaultProxy *proxy = line->proxy;
  g_autofree Chunk *chunk = g_queue_pop_head (&self->under_way);
  gboolean ok =
      send_all (line, line->sides[self->direction == UP ? 1 : 0], chunk->octets, chunk->len);

  g_mutex_lock (&proxy->lock);
  count_passed (proxy, self->direction, chunk->len);
  if (chunk->cut)
    strike (line);
  ok = ok && !line->dead;
  g_cond_broadcast (&proxy->changed);
  g_mutex_unlock (&proxy->lock);
  return ok;
}

/* Waits until the first one arrives, or more comes: *@ret_more. */
static void
wait_for_either (Pump *self, int from, gboolean *ret_more)
{
  const Chunk *first = g_queue_peek_head (&self->under_way);
  gint64 left = first ? MAX (first->due - g_get_monotonic_time (), 0) : 0;
  const struct timespec until = { left / G_USEC_PER_SEC, left % G_USEC_PER_SEC * 1000 };
  struct pollfd wait = { .fd = from, .events = POLLIN };

  *ret_more = ppoll (&wait, 1, first ? &until : NULL, NULL) > 0;
}

/* Until the other side has said all; what is under way arrives yet. */
static gboolean
pass_all (Pump *self, int from)
{
  guint8 octets[CHUNK];
  gboolean more = TRUE;
  gssize n = 1;

  while (n > 0 || !g_queue_is_empty (&self->under_way))
    {
      const Chunk *first;

      if (n > 0)
        wait_for_either (self, from, &more);
      if (n > 0 && more)
        {
          n = TEMP_FAILURE_RETRY (recv (from, octets, sizeof octets, 0));
          if (n < 0)
            n = 0;
          else if (n > 0)
            take_in (self, octets, (gsize) n);
        }
      if (is_dead (self->line))
        return FALSE;
      first = g_queue_peek_head (&self->under_way);
      if (n == 0 && first)
        wait_until (self->line, first->due);
      if (first && first->due <= g_get_monotonic_time () && !hand_on (self))
        return FALSE;
    }
  return TRUE;
}

/* The last pump closes the sockets: a number must not be used anew while the other still reads from it. */
static void
leave (Line *line)
{
  g_mutex_lock (&line->proxy->lock);
  if (--line->running == 0)
    for (guint i = 0; i < G_N_ELEMENTS (line->sides); i++)
      {
        if (line->sides[i] >= 0)
          close (line->sides[i]);
        line->sides[i] = -1;
      }
  g_mutex_unlock (&line->proxy->lock);
}

static gpointer
pump (gpointer data)
{
  g_autofree Pump *self = data;
  Line *line = self->line;
  gboolean up = self->direction == UP;
  gboolean all = pass_all (self, line->sides[up ? 0 : 1]);

  g_queue_clear_full (&self->under_way, g_free);
  g_mutex_lock (&line->proxy->lock);
  if (!all)
    kill_line (line);
  else if (!line->dead)
    shutdown (line->sides[up ? 1 : 0], SHUT_WR); /* this side has said all */
  g_mutex_unlock (&line->proxy->lock);
  leave (line);
  return NULL;
}

static int
call_target (guint16 port)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons (port),
                                 .sin_addr = { htonl (INADDR_LOOPBACK) } };
  const int one = 1;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (connect (fd, (struct sockaddr *) &address, sizeof address) < 0)
    {
      close (fd);
      return -1;
    }
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return fd;
}

static void
start_line (BstFaultProxy *proxy, int client, int server)
{
  Line *line = g_new0 (Line, 1);

  line->proxy = proxy;
  line->sides[0] = client;
  line->sides[1] = server;
  line->running = 2;
  proxy->last = DOWN; /* opening it is a round trip of its own */
  /* Once there and back before the first octet: the kernel has opened its side long since. */
  line->ready_at = g_get_monotonic_time () + (gint64) proxy->faults.latency_ms * 2000;
  for (guint i = 0; i < 2; i++)
    {
      Pump *self = g_new0 (Pump, 1);

      self->line = line;
      self->direction = i == 0 ? UP : DOWN;
      self->free_at = i == 0 ? line->ready_at : 0;
      line->pumps[i] = g_thread_new ("bst-fault-pump", pump, self);
    }
  g_ptr_array_add (proxy->lines, line);
}

static void
line_free (Line *line)
{
  for (guint i = 0; i < G_N_ELEMENTS (line->pumps); i++)
    g_thread_join (line->pumps[i]);
  g_free (line);
}

/* ---- taking connections ---- */

static void
take_connection (BstFaultProxy *proxy, int client)
{
  const int one = 1;
  int server;

  setsockopt (client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  proxy->connections++;
  if (proxy->faults.page)
    {
      send (client, proxy->faults.page, strlen (proxy->faults.page), MSG_NOSIGNAL);
      proxy->struck++;
      close (client);
      return;
    }
  server = proxy->faults.reset || proxy->faults.refuse ? -1 : call_target (proxy->target);
  if (server >= 0)
    {
      start_line (proxy, client, server);
      return;
    }
  proxy->struck++;
  reset_on_close (client);
  close (client);
}

static gpointer
accept_connections (gpointer data)
{
  BstFaultProxy *proxy = data;

  for (;;)
    {
      struct pollfd wait = { .fd = proxy->listener, .events = POLLIN };
      int client;

      g_mutex_lock (&proxy->lock);
      while (proxy->faults.refuse && !proxy->stopping)
        g_cond_wait (&proxy->changed, &proxy->lock);
      g_mutex_unlock (&proxy->lock);

      poll (&wait, 1, 100);
      g_mutex_lock (&proxy->lock);
      if (proxy->stopping)
        {
          g_mutex_unlock (&proxy->lock);
          return NULL;
        }
      client = accept4 (proxy->listener, NULL, NULL, SOCK_CLOEXEC);
      if (client >= 0)
        {
          int flags = fcntl (client, F_GETFL);

          fcntl (client, F_SETFL, flags & ~O_NONBLOCK);
          take_connection (proxy, client);
        }
      g_mutex_unlock (&proxy->lock);
    }
}

/* A port that was asked for by its number stays bound while the socket does not listen. */
static int
listen_anywhere (guint16 *ret_port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl (INADDR_LOOPBACK) } };
  socklen_t len = sizeof address;
  const int one = 1;
  int fds[2];

  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    {
      fds[i] = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      setsockopt (fds[i], SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
      if (bind (fds[i], (struct sockaddr *) &address, sizeof address) < 0 ||
          getsockname (fds[i], (struct sockaddr *) &address, &len) < 0)
        g_error ("fault proxy: %s", g_strerror (errno));
    }
  close (fds[0]);
  if (listen (fds[1], 64) < 0)
    g_error ("fault proxy: %s", g_strerror (errno));
  *ret_port = ntohs (address.sin_port);
  return fds[1];
}

/* ---- public ---- */

BstFaultProxy *
bst_fault_proxy_new (guint16 target)
{
  BstFaultProxy *proxy = g_new0 (BstFaultProxy, 1);

  g_mutex_init (&proxy->lock);
  g_cond_init (&proxy->changed);
  proxy->faults = BST_FAULTS_NONE;
  proxy->last = DOWN;
  proxy->target = target;
  proxy->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) line_free);
  proxy->listener = listen_anywhere (&proxy->port);
  proxy->acceptor = g_thread_new ("bst-fault-accept", accept_connections, proxy);
  return proxy;
}

void
bst_fault_proxy_free (BstFaultProxy *proxy)
{
  g_mutex_lock (&proxy->lock);
  proxy->stopping = TRUE;
  shutdown (proxy->listener, SHUT_RD); /* wakes the acceptor */
  g_cond_broadcast (&proxy->changed);
  g_mutex_unlock (&proxy->lock);
  g_thread_join (proxy->acceptor);
  bst_fault_proxy_drop_connections (proxy);
  g_ptr_array_unref (proxy->lines);
  close (proxy->listener);
  g_mutex_clear (&proxy->lock);
  g_cond_clear (&proxy->changed);
  g_free (proxy);
}

guint16
bst_fault_proxy_get_port (BstFaultProxy *proxy)
{
  return proxy->port;
}

char *
bst_fault_proxy_get_url (BstFaultProxy *proxy)
{
  return g_strdup_printf ("https://localhost:%u", proxy->port);
}

void
bst_fault_proxy_set_target (BstFaultProxy *proxy, guint16 target)
{
  g_mutex_lock (&proxy->lock);
  proxy->target = target;
  g_mutex_unlock (&proxy->lock);
}

/* A bound socket that does not listen refuses; the port stays ours. */
static void
listen_or_refuse (BstFaultProxy *proxy, gboolean refuse)
{
  if (refuse == proxy->faults.refuse)
    return;
  if (refuse)
    shutdown (proxy->listener, SHUT_RD);
  else if (listen (proxy->listener, 64) < 0)
    g_error ("fault proxy: %s", g_strerror (errno));
}

void
bst_fault_proxy_set (BstFaultProxy *proxy, const BstFaults *faults)
{
  const BstFaults none = BST_FAULTS_NONE;

  g_mutex_lock (&proxy->lock);
  listen_or_refuse (proxy, faults && faults->refuse);
  proxy->faults = faults ? *faults : none;
  proxy->done = FALSE;
  proxy->struck = 0;
  for (guint i = 0; i < proxy->lines->len; i++)
    if (proxy->faults.refuse || proxy->faults.reset || proxy->faults.page)
      kill_line (proxy->lines->pdata[i]);
  g_cond_broadcast (&proxy->changed);
  g_mutex_unlock (&proxy->lock);
}

void
bst_fault_proxy_drop_connections (BstFaultProxy *proxy)
{
  g_mutex_lock (&proxy->lock);
  for (guint i = 0; i < proxy->lines->len; i++)
    kill_line (proxy->lines->pdata[i]);
  g_mutex_unlock (&proxy->lock);
}

guint
bst_fault_proxy_struck (BstFaultProxy *proxy)
{
  guint struck;

  g_mutex_lock (&proxy->lock);
  struck = proxy->struck;
  g_mutex_unlock (&proxy->lock);
  return struck;
}

void
bst_fault_proxy_passed (BstFaultProxy *proxy, gint64 *ret_up, gint64 *ret_down)
{
  g_mutex_lock (&proxy->lock);
  if (ret_up)
    *ret_up = proxy->passed[UP];
  if (ret_down)
    *ret_down = proxy->passed[DOWN];
  g_mutex_unlock (&proxy->lock);
}

guint
bst_fault_proxy_turns (BstFaultProxy *proxy)
{
  guint turns;

  g_mutex_lock (&proxy->lock);
  turns = proxy->turns;
  g_mutex_unlock (&proxy->lock);
  return turns;
}

guint
bst_fault_proxy_connections (BstFaultProxy *proxy)
{
  guint connections;

  g_mutex_lock (&proxy->lock);
  connections = proxy->connections;
  g_mutex_unlock (&proxy->lock);
  return connections;
}

gboolean
bst_fault_proxy_wait_up (BstFaultProxy *proxy, gint64 octets, guint seconds)
{
  gint64 until = g_get_monotonic_time () + (gint64) seconds * G_USEC_PER_SEC;
  gboolean there;

  g_mutex_lock (&proxy->lock);
  while (proxy->passed[UP] < octets && g_cond_wait_until (&proxy->changed, &proxy->lock, until))
    ;
  there = proxy->passed[UP] >= octets;
  g_mutex_unlock (&proxy->lock);
  return there;
}

gboolean
bst_fault_proxy_wait_struck (BstFaultProxy *proxy, guint seconds)
{
  gint64 until = g_get_monotonic_time () + (gint64) seconds * G_USEC_PER_SEC;
  gboolean struck;

  g_mutex_lock (&proxy->lock);
  while (proxy->struck == 0 && g_cond_wait_until (&proxy->changed, &proxy->lock, until))
    ;
  struck = proxy->struck > 0;
  g_mutex_unlock (&proxy->lock);
  return struck;
}
