#include "faulty_disk.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { CALLS = 5, NAME_BYTES = 64 };

// Of one kind of call: how many there were, and which fail.
typedef struct {
  atomic_llong seen, first, last;
} rule;

struct faulty_disk {
  sqlite3_vfs vfs;
  sqlite3_vfs *real;
  rule rules[CALLS];
  atomic_llong room;
  char name[NAME_BYTES];
};

typedef struct {
  sqlite3_file base;
  faulty_disk *disk;
  int counts, is_database;
  sqlite3_file real[];
} faulty_file;

static sqlite3_file *real_of(sqlite3_file *file) { return ((faulty_file *)file)->real; }

static int hits(rule *rule) {
  long long number = atomic_fetch_add(&rule->seen, 1) + 1;
  return number >= atomic_load(&rule->first) && number <= atomic_load(&rule->last);
}

static int fails(sqlite3_file *file, faulty_disk_call call) {
  faulty_file *own = (faulty_file *)file;
  if (!own->counts) return 0;
  int failed = hits(&own->disk->rules[call]);
  if (call != FAULTY_DISK_READ && hits(&own->disk->rules[FAULTY_DISK_CHANGE])) failed = 1;
  return failed;
}

static int file_close(sqlite3_file *file) { return real_of(file)->pMethods->xClose(real_of(file)); }

static int file_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 at) {
  if (fails(file, FAULTY_DISK_READ)) return SQLITE_IOERR_READ;
  return real_of(file)->pMethods->xRead(real_of(file), bytes, count, at);
}

static int file_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 at) {
  faulty_disk *disk = ((faulty_file *)file)->disk;
  if (fails(file, FAULTY_DISK_WRITE)) return SQLITE_IOERR_WRITE;
  int is_copy = ((faulty_file *)file)->is_database;
  if (is_copy && hits(&disk->rules[FAULTY_DISK_COPY])) return SQLITE_IOERR_WRITE;
  sqlite3_int64 size = 0;
  int code = real_of(file)->pMethods->xFileSize(real_of(file), &size);
  if (code != SQLITE_OK) return code;
  long long grown = at + count - size, room = atomic_load(&disk->room);
  if (grown > 0 && room >= 0) {
    if (grown > room) return SQLITE_FULL;
    atomic_fetch_sub(&disk->room, grown);
  }
  return real_of(file)->pMethods->xWrite(real_of(file), bytes, count, at);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size) {
  return real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int file_sync(sqlite3_file *file, int flags) {
  if (fails(file, FAULTY_DISK_SYNC)) return SQLITE_IOERR_FSYNC;
  return real_of(file)->pMethods->xSync(real_of(file), flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
  return real_of(file)->pMethods->xFileSize(real_of(file), size);
}

static int file_lock(sqlite3_file *file, int level) {
  return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int file_unlock(sqlite3_file *file, int level) {
  return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int file_check_lock(sqlite3_file *file, int *is_locked) {
  return real_of(file)->pMethods->xCheckReservedLock(real_of(file), is_locked);
}

static int file_control(sqlite3_file *file, int operation, void *argument) {
  // Growing ahead of the writes would hide where the room ends.
  if (operation == SQLITE_FCNTL_SIZE_HINT) return SQLITE_OK;
  return real_of(file)->pMethods->xFileControl(real_of(file), operation, argument);
}

static int file_sector(sqlite3_file *file) {
  return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int file_traits(sqlite3_file *file) {
  return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **mapped) {
  return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, mapped);
}

static int shm_lock(sqlite3_file *file, int offset, int count, int flags) {
  return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}

static void shm_barrier(sqlite3_file *file) {
  real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int shm_unmap(sqlite3_file *file, int deletes) {
  return real_of(file)->pMethods->xShmUnmap(real_of(file), deletes);
}

// Version 2: no pages mapped from the file, so that every read and write comes by here.
static const sqlite3_io_methods methods = {
    .iVersion = 2, .xClose = file_close, .xRead = file_read, .xWrite = file_write,
    .xTruncate = file_truncate, .xSync = file_sync, .xFileSize = file_size, .xLock = file_lock,
    .xUnlock = file_unlock, .xCheckReservedLock = file_check_lock, .xFileControl = file_control,
    .xSectorSize = file_sector, .xDeviceCharacteristics = file_traits, .xShmMap = shm_map,
    .xShmLock = shm_lock, .xShmBarrier = shm_barrier, .xShmUnmap = shm_unmap};

static int disk_open(
    sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *opened) {
  faulty_disk *disk = (faulty_disk *)vfs;
  faulty_file *own = (faulty_file *)file;
  own->disk = disk;
  own->counts = (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) != 0;
  own->is_database = (flags & SQLITE_OPEN_MAIN_DB) != 0;
  own->base.pMethods = NULL;
  int code = disk->real->xOpen(disk->real, name, own->real, flags, opened);
  if (own->real->pMethods) own->base.pMethods = &methods;
  return code;
}

faulty_disk *faulty_disk_make(const char *name) {
  faulty_disk *disk = calloc(1, sizeof *disk);
  if (!disk) return NULL;
  disk->real = sqlite3_vfs_find(NULL);
  disk->vfs = *disk->real;
  snprintf(disk->name, sizeof disk->name, "%s", name);
  disk->vfs.zName = disk->name;
  disk->vfs.pNext = NULL;
  disk->vfs.szOsFile = (int)sizeof(faulty_file) + disk->real->szOsFile;
  disk->vfs.xOpen = disk_open;
  atomic_store(&disk->room, -1);
  for (int call = 0; call < CALLS; call++) {
    atomic_store(&disk->rules[call].first, 1);
    atomic_store(&disk->rules[call].last, 0);
  }
  sqlite3_vfs_register(&disk->vfs, 0);
  return disk;
}

void faulty_disk_free(faulty_disk *disk) {
  sqlite3_vfs_unregister(&disk->vfs);
  free(disk);
}

void faulty_disk_fail(faulty_disk *disk, faulty_disk_call call, long long after, long long count) {
  rule *rule = &disk->rules[call];
  long long first = atomic_load(&rule->seen) + after + 1;
  atomic_store(&rule->first, first);
  atomic_store(&rule->last, first + count - 1);
}

void faulty_disk_room(faulty_disk *disk, long long bytes) { atomic_store(&disk->room, bytes); }

long long faulty_disk_calls(const faulty_disk *disk, faulty_disk_call call) {
  return atomic_load(&disk->rules[call].seen);
}
