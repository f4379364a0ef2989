// libpq's own header, and what of it Swift cannot call: each function says why it is here.
#ifndef ANJU_CPOSTGRES_SHIM_H
#define ANJU_CPOSTGRES_SHIM_H

#include <libpq-fe.h>

// The server's notices (an index that is there already) would be printed on standard error; a
// service's log says what matters itself.
static inline void anju_pq_drop_notice(void *context, const PGresult *result) {
  (void)context;
  (void)result;
}

static inline void anju_pq_tell_no_notices(PGconn *connection) {
  PQsetNoticeReceiver(connection, anju_pq_drop_notice, 0);
}

// The fields of an error are named by character macros, which Swift imports as signed characters.
static inline const char *anju_pq_sqlstate(const PGresult *result) {
  return PQresultErrorField(result, PG_DIAG_SQLSTATE);
}
static inline const char *anju_pq_message(const PGresult *result) {
  return PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
}
static inline const char *anju_pq_table(const PGresult *result) {
  return PQresultErrorField(result, PG_DIAG_TABLE_NAME);
}
static inline const char *anju_pq_column(const PGresult *result) {
  return PQresultErrorField(result, PG_DIAG_COLUMN_NAME);
}
static inline const char *anju_pq_constraint(const PGresult *result) {
  return PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
}
static inline const char *anju_pq_source(const PGresult *result) {
  return PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);
}

#endif
