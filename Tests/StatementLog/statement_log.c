#include "statement_log.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Texts are told apart by a hash; so many at most, which is many more than there are.
enum { SLOTS = 1 << 16, TEXTS_MAX = SLOTS / 2 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t seen[SLOTS];
static size_t count;
static int file = -1;

// FNV-1a, never 0.
static uint64_t hash_of(const char *text) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (; *text; text++) hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
  return hash ? hash : 1;
}

static int is_new(uint64_t hash) {
  size_t slot = hash % SLOTS;
  while (seen[slot] != 0 && seen[slot] != hash) slot = (slot + 1) % SLOTS;
  if (seen[slot] == hash || count >= TEXTS_MAX) return 0;
  seen[slot] = hash;
  count++;
  return 1;
}

// Each text ends with a NUL.
static int on_statement(unsigned kind, void *context, void *statement, void *text) {
  (void)kind, (void)context, (void)text;
  const char *sql = sqlite3_sql(statement);
  if (!sql) return 0;
  uint64_t hash = hash_of(sql);
  pthread_mutex_lock(&lock);
  if (is_new(hash) && write(file, sql, strlen(sql) + 1) < 0) abort();
  pthread_mutex_unlock(&lock);
  return 0;
}

static int on_open(sqlite3 *database, char **error, const struct sqlite3_api_routines *api) {
  (void)error, (void)api;
  return sqlite3_trace_v2(database, SQLITE_TRACE_STMT, on_statement, NULL);
}

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("ANJU_STATEMENTS");
  if (!path || !*path) return;
  file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) abort();
  sqlite3_auto_extension((void (*)(void))on_open);
}
