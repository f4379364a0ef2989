// SQLite's own header, and what of it Swift cannot call: each function says why it is here.
#ifndef ANJU_CSQLITE_SHIM_H
#define ANJU_CSQLITE_SHIM_H

#include <sqlite3.h>

// SQLITE_TRANSIENT is a cast of -1 to a function pointer, which Swift does not import. An empty
// text may have no address, and SQLite would store NULL for it.
static inline int anju_sqlite3_bind_text(
    sqlite3_stmt *statement, int index, const void *bytes, long long count) {
  if (count == 0) return sqlite3_bind_text(statement, index, "", 0, SQLITE_STATIC);
  return sqlite3_bind_text64(
      statement, index, (const char *)bytes, (sqlite3_uint64)count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

// The same for bytes.
static inline int anju_sqlite3_bind_blob(
    sqlite3_stmt *statement, int index, const void *bytes, long long count) {
  if (count == 0) return sqlite3_bind_zeroblob(statement, index, 0);
  return sqlite3_bind_blob64(
      statement, index, bytes, (sqlite3_uint64)count, SQLITE_TRANSIENT);
}

// sqlite3_config is variadic, which Swift does not import. Statement journals stay in memory: a
// savepoint's pages are few, and a temporary file for each would cost more than the write itself.
static inline int anju_sqlite3_keep_statement_journals_in_memory(void) {
  return sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, -1);
}

// SQLite counts its memory under a lock that all connections share, for a statistic nobody reads.
static inline int anju_sqlite3_count_no_memory(void) {
  return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

#endif
