import Foundation

/// The thread on which arrivals are begun, which waits in the kernel for each one's moment. A task
/// that sleeps costs a timer, and two changes of thread, each time; thousands of them a second are
/// time of the same processors that the services run on.
final class PacingThread: TaskExecutor {
  /// The longest that it waits at once, in µs: so often a loop looks whether it was cancelled.
  private static let waitUsMax: Int64 = 20_000

  private let queue = OperationQueue()

  init() {
    self.queue.maxConcurrentOperationCount = 1
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    self.queue.addOperation { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }

  /// Waits on the thread that calls it, which must be this one.
  static func wait(atMostUs waitUs: Int64) {
    usleep(UInt32(min(waitUs, self.waitUsMax)))
  }
}
