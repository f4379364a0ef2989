// Writes down every SQL statement that the test process runs on SQLite, each text once, into the file
// that ANJU_STATEMENTS names; does nothing where it names none. Tests/EndToEnd/test_plans.py asks
// SQLite how it would run each of them. It begins with the process, and there is nothing to call.
