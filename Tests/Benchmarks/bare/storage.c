// The peer of the storage benchmark: the same writes straight into SQLite, at a fixed number of
// them a commit. No queue, no callers, no names: what SQLite itself can do.
//
//   storage FILE WORKLOAD commit BATCH SECONDS    writes a second, a commit for each BATCH
//   storage FILE WORKLOAD fsync BYTES SECONDS     how long one fdatasync after BYTES takes: no SQLite
//
// FILE has the schema already (`anju-bench-storage FILE … make`). Statements and
// values are read from WORKLOAD; the pragmas are those of SQLiteStore.
#include <fcntl.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { STATEMENTS_MAX = 32, VALUES_MAX = 32, LINE_MAX_BYTES = 4096, BYTES_MAX = 65536 };

typedef struct {
  char kind[8];
  char *text;
  int number;
} value;

typedef struct {
  sqlite3_stmt *handle;
  value values[VALUES_MAX];
  int count;
} statement;

static sqlite3 *db;
static statement statements[STATEMENTS_MAX];
static int statement_count;
static uint8_t fixed_bytes[BYTES_MAX];

static void fail(const char *what, const char *why) {
  fprintf(stderr, "%s: %s\n", what, why);
  exit(1);
}

static void check(int code, const char *what) {
  if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) fail(what, sqlite3_errmsg(db));
}

static sqlite3_stmt *prepare(const char *sql) {
  sqlite3_stmt *made = NULL;
  check(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &made, NULL), sql);
  return made;
}

static void step(sqlite3_stmt *prepared) {
  check(sqlite3_step(prepared), sqlite3_sql(prepared));
  sqlite3_reset(prepared);
}

static uint64_t next(void) {
  static uint64_t state = 42;
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

static void read_workload(const char *path) {
  static char line[LINE_MAX_BYTES];
  FILE *file = fopen(path, "r");
  if (!file) fail(path, "cannot be read");
  while (fgets(line, sizeof line, file)) {
    line[strcspn(line, "\n")] = 0;
    if (line[0] == '#' || line[0] == '!' || line[0] == 0) continue;
    if (line[0] != ':') {
      if (statement_count == STATEMENTS_MAX) fail(path, "too many statements");
      statements[statement_count++].handle = prepare(line);
      continue;
    }
    statement *last = &statements[statement_count - 1];
    for (char *word = strtok(line + 1, " "); word; word = strtok(NULL, " ")) {
      if (last->count == VALUES_MAX) fail(path, "too many values");
      value *made = &last->values[last->count++];
      char *colon = strchr(word, ':');
      snprintf(made->kind, sizeof made->kind, "%.*s",
          colon ? (int)(colon - word) : (int)strlen(word), word);
      made->text = strdup(colon ? colon + 1 : "");
      made->number = atoi(made->text);
      if (made->number > BYTES_MAX) fail(path, "too many bytes");
    }
  }
  fclose(file);
}

static void bind(sqlite3_stmt *prepared, int index, const value *source, long long number) {
  static char text[VALUES_MAX + 1][128];
  static uint8_t bytes[VALUES_MAX + 1][64];
  const char *kind = source->kind;
  int size = source->number > 64 ? 64 : source->number;
  if (!strcmp(kind, "null")) {
    sqlite3_bind_null(prepared, index);
  } else if (!strcmp(kind, "int")) {
    sqlite3_bind_int64(prepared, index, source->number);
  } else if (!strcmp(kind, "now")) {
    sqlite3_bind_int64(prepared, index, 1700000000000LL + number);
  } else if (!strcmp(kind, "text")) {
    sqlite3_bind_text(prepared, index, source->text, -1, SQLITE_STATIC);
  } else if (!strcmp(kind, "bytes")) {
    sqlite3_bind_blob(prepared, index, fixed_bytes, source->number, SQLITE_STATIC);
  } else if (!strcmp(kind, "id")) {
    snprintf(text[index], sizeof text[index], "%s%026lld", source->text, number);
    sqlite3_bind_text(prepared, index, text[index], -1, SQLITE_STATIC);
  } else if (!strcmp(kind, "random")) {
    for (int byte = 0; byte < size; byte++) bytes[index][byte] = (uint8_t)next();
    sqlite3_bind_blob(prepared, index, bytes[index], size, SQLITE_STATIC);
  } else if (!strcmp(kind, "hex")) {
    for (int digit = 0; digit < size; digit++)
      text[index][digit] = "0123456789abcdef"[next() & 15];
    sqlite3_bind_text(prepared, index, text[index], size, SQLITE_STATIC);
  } else {
    fail(kind, "no kind of value");
  }
}

static void save(long long number) {
  for (int which = 0; which < statement_count; which++) {
    statement *current = &statements[which];
    for (int index = 0; index < current->count; index++)
      bind(current->handle, index + 1, &current->values[index], number);
    step(current->handle);
  }
}

static int by_size(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

static void measure_fsync(const char *path, int size, double duration) {
  static double taken[1000000];
  int count = 0, file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (file < 0 || size > BYTES_MAX) fail(path, "cannot be made");
  double started = seconds(), now = started;
  while (now - started < duration && count < 1000000) {
    if (write(file, fixed_bytes, (size_t)size) != size || fdatasync(file)) fail(path, "fdatasync");
    double after = seconds();
    taken[count++] = after - now;
    now = after;
  }
  qsort(taken, (size_t)count, sizeof taken[0], by_size);
  printf("{\"p50_ms\": %.3f, \"p99_ms\": %.3f}\n", taken[count / 2] * 1e3,
      taken[(int)(count * 0.99)] * 1e3);
}

static void measure_commits(const char *path, const char *workload, long long batch, double duration) {
  // As SQLiteStore does: no count of SQLite's memory under a lock.
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  check(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL), path);
  const char *pragmas =
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
      "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192; PRAGMA wal_autocheckpoint = 4000;"
      "PRAGMA journal_size_limit = 65536000;";
  check(sqlite3_exec(db, pragmas, NULL, NULL, NULL), pragmas);
  read_workload(workload);
  sqlite3_stmt *begin = prepare("BEGIN IMMEDIATE"), *commit = prepare("COMMIT");
  double started = seconds(), passed = 0;
  long long number = 0;
  while (passed < duration) {
    step(begin);
    for (long long member = 0; member < batch; member++) save(number++);
    step(commit);
    passed = seconds() - started;
  }
  printf("{\"per_second\": %.1f}\n", (double)number / passed);
}

int main(int count, char **arguments) {
  if (count != 6) {
    fprintf(stderr, "usage: storage FILE WORKLOAD (commit BATCH | fsync BYTES) SECONDS\n");
    return 2;
  }
  memset(fixed_bytes, 0x5A, sizeof fixed_bytes);
  double duration = atof(arguments[5]);
  if (!strcmp(arguments[3], "fsync"))
    measure_fsync(arguments[1], atoi(arguments[4]), duration);
  else
    measure_commits(arguments[1], arguments[2], atoll(arguments[4]), duration);
  return 0;
}
