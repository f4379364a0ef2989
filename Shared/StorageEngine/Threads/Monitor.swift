import Glibc

/// A lock with a condition: what a thread of our own waits on. (`Mutex` has no condition, and a
/// thread that waits for work may not spin.)
package final class Monitor: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  package init() {
    precondition(pthread_mutex_init(self.mutex, nil) == 0, "a mutex could not be made")
    precondition(pthread_cond_init(self.condition, nil) == 0, "a condition could not be made")
  }

  deinit {
    pthread_cond_destroy(self.condition)
    pthread_mutex_destroy(self.mutex)
    self.condition.deallocate()
    self.mutex.deallocate()
  }

  package func withLock<Value>(_ body: () throws -> Value) rethrows -> Value {
    pthread_mutex_lock(self.mutex)
    defer { pthread_mutex_unlock(self.mutex) }
    return try body()
  }

  /// Gives the lock up until somebody calls `wake`; call it with the lock held, and look again what
  /// was waited for.
  package func wait() {
    pthread_cond_wait(self.condition, self.mutex)
  }

  /// Wakes all who wait. One would do for one item of work, but glibc before 2.41 can lose a signal
  /// where several wait (sourceware bug 25847), and the work would lie until the next came.
  package func wake() {
    pthread_cond_broadcast(self.condition)
  }
}
