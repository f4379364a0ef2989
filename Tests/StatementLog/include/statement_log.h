// Writes down every SQL statement that the test process runs on SQLite, each text once, into the file
// that ANJU_STATEMENTS names; does nothing where it names none. Tests/EndToEnd/test_plans.py asks
// SQLite how it would run each of them.
#ifndef ANJU_STATEMENT_LOG_H
#define ANJU_STATEMENT_LOG_H

// How many statements were written down so far.
long long statement_log_count(void);

#endif
