// The peer of the storage benchmark: the four rows of one submission, straight into SQLite, at a
// fixed number of submissions a commit. No queue, no callers, no names: what SQLite itself can do.
//
//   storage FILE BATCH SECONDS     prints submissions a second
//
// Schema, statements, values and pragmas are those of Storage/Workload.swift and of SQLiteStore.
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static sqlite3 *db;

static void check(int code, const char *what) {
  if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
  fprintf(stderr, "%s: %s\n", what, sqlite3_errmsg(db));
  exit(1);
}

static void run(const char *sql) { check(sqlite3_exec(db, sql, NULL, NULL, NULL), sql); }

static sqlite3_stmt *prepare(const char *sql) {
  sqlite3_stmt *statement = NULL;
  check(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL), sql);
  return statement;
}

static void step(sqlite3_stmt *statement) {
  check(sqlite3_step(statement), sqlite3_sql(statement));
  sqlite3_reset(statement);
}

static uint64_t state = 42;

static uint64_t next(void) {
  uint64_t z = (state += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static const char *pragmas =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
    "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192; PRAGMA wal_autocheckpoint = 4000;"
    "PRAGMA journal_size_limit = 65536000;";

static const char *schema =
    "CREATE TABLE state (id INTEGER PRIMARY KEY, key BLOB NOT NULL, status INTEGER NOT NULL,"
    " due_at INTEGER NOT NULL, body BLOB NOT NULL) STRICT;"
    "CREATE UNIQUE INDEX state_key ON state (key);"
    "CREATE INDEX state_status ON state (status, id);"
    "CREATE INDEX state_due_at ON state (due_at);"
    "CREATE TABLE history (entity INTEGER NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL,"
    " actor TEXT NOT NULL, action TEXT NOT NULL, PRIMARY KEY (entity, sequence)) STRICT;"
    "CREATE TABLE outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, lane INTEGER NOT NULL,"
    " method TEXT NOT NULL, payload BLOB NOT NULL, created_at INTEGER NOT NULL) STRICT;"
    "CREATE INDEX outbox_lane_order ON outbox (lane, id);"
    "CREATE TABLE inbox (scope TEXT NOT NULL, key TEXT NOT NULL, fingerprint BLOB NOT NULL,"
    " reply BLOB NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (scope, key)) STRICT;";

static const char *method = "/anju.approval.v1.ApprovalService/OpenCase";
static const char *scope = "service:intake /anju.approval.v1.ApprovalService/OpenCase";

static sqlite3_stmt *insert_state, *insert_history, *insert_outbox, *insert_inbox;
static uint8_t body[150];

static void submit(long long id) {
  uint8_t key[32];
  char text[33];
  for (int word = 0; word < 4; word++) {
    uint64_t random = next();
    memcpy(key + 8 * word, &random, 8);
  }
  for (int byte = 0; byte < 16; byte++) snprintf(text + 2 * byte, 3, "%02x", key[byte]);
  long long now = 1700000000000LL + id;

  sqlite3_bind_int64(insert_state, 1, id);
  sqlite3_bind_blob(insert_state, 2, key, 32, SQLITE_STATIC);
  sqlite3_bind_int64(insert_state, 3, id & 7);
  sqlite3_bind_int64(insert_state, 4, now);
  sqlite3_bind_blob(insert_state, 5, body, sizeof body, SQLITE_STATIC);
  step(insert_state);

  sqlite3_bind_int64(insert_history, 1, id);
  sqlite3_bind_int64(insert_history, 2, now);
  step(insert_history);

  sqlite3_bind_int64(insert_outbox, 1, id);
  sqlite3_bind_text(insert_outbox, 2, method, -1, SQLITE_STATIC);
  sqlite3_bind_blob(insert_outbox, 3, body, sizeof body, SQLITE_STATIC);
  sqlite3_bind_int64(insert_outbox, 4, now);
  step(insert_outbox);

  sqlite3_bind_text(insert_inbox, 1, scope, -1, SQLITE_STATIC);
  sqlite3_bind_text(insert_inbox, 2, text, 32, SQLITE_STATIC);
  sqlite3_bind_blob(insert_inbox, 3, key, 32, SQLITE_STATIC);
  sqlite3_bind_blob(insert_inbox, 4, key, 32, SQLITE_STATIC);
  sqlite3_bind_int64(insert_inbox, 5, now);
  step(insert_inbox);
}

int main(int count_of_arguments, char **arguments) {
  if (count_of_arguments != 4) {
    fprintf(stderr, "usage: storage FILE BATCH SECONDS\n");
    return 2;
  }
  long long batch = atoll(arguments[2]);
  double duration = atof(arguments[3]);
  memset(body, 0x5A, sizeof body);
  // As SQLiteStore does: no count of SQLite's memory under a lock.
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  check(sqlite3_open_v2(arguments[1], &db,
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL),
      "open");
  run(pragmas);
  run(schema);
  insert_state = prepare(
      "INSERT INTO state (id, key, status, due_at, body) VALUES (?, ?, ?, ?, ?)");
  insert_history = prepare(
      "INSERT INTO history (entity, sequence, at, actor, action)"
      " VALUES (?, 1, ?, 'officer:330106001', 'submit')");
  insert_outbox = prepare(
      "INSERT INTO outbox (lane, method, payload, created_at) VALUES (?, ?, ?, ?)");
  insert_inbox = prepare(
      "INSERT INTO inbox (scope, key, fingerprint, reply, at) VALUES (?, ?, ?, ?, ?)");
  sqlite3_stmt *begin = prepare("BEGIN IMMEDIATE"), *commit = prepare("COMMIT");
  double started = seconds(), passed = 0;
  long long id = 0;
  while (passed < duration) {
    step(begin);
    for (long long member = 0; member < batch; member++) submit(id++);
    step(commit);
    passed = seconds() - started;
  }
  printf("{\"per_second\": %.1f}\n", (double)id / passed);
  return 0;
}
