// A file system for SQLite that fails on command: for tests only. It stands over the operating
// system's own, so that what is written is really there.
#ifndef ANJU_FAULTY_DISK_H
#define ANJU_FAULTY_DISK_H

typedef struct faulty_disk faulty_disk;

// What a test may have fail. Only files of the database count: itself and its write-ahead log.
typedef enum {
  FAULTY_DISK_READ = 0,
  FAULTY_DISK_WRITE = 1,
  FAULTY_DISK_SYNC = 2,
  // Writes and syncs together, in the order in which they happen.
  FAULTY_DISK_CHANGE = 3,
  // Writes to the database itself: in write-ahead mode, those that copy the log.
  FAULTY_DISK_COPY = 4,
} faulty_disk_call;

// Registers a file system under a name (of at most 63 bytes) that no other has; NULL without memory.
faulty_disk *faulty_disk_make(const char *name);

// Unregisters it. No connection may use it any more.
void faulty_disk_free(faulty_disk *disk);

// From now on, `count` calls of the kind fail with an I/O error, after `after` that succeed.
void faulty_disk_fail(faulty_disk *disk, faulty_disk_call call, long long after, long long count);

// By how many bytes files may still grow; then the disk is full. Negative: without bound.
void faulty_disk_room(faulty_disk *disk, long long bytes);

// How many calls of the kind there were so far.
long long faulty_disk_calls(const faulty_disk *disk, faulty_disk_call call);

#endif
