import NIOCore

/// Runs Swift tasks on one event loop, so that a handler starts where its call was read and no call
/// hops between threads.
///
/// NIO has no public task executor; this is a small one. Jobs made on the loop wait in a list and
/// run at the end of the read cycle, after which every connection they wrote to is flushed once.
///
/// The loop must outlive its tasks: no job may be enqueued after its shutdown began. Servers
/// therefore run on NIO's process-wide loops, which are never shut down.
final class LoopExecutor: TaskExecutor, @unchecked Sendable {
  /// How many jobs run in a row before the loop turns to its sockets again.
  static let jobsInARowMax = 1_024

  /// How many buffers are kept for the next connections that write.
  private static let buffersMax = 4
  /// The largest buffer that is kept.
  private static let bufferBytesMax = 131_072

  let loop: any EventLoop
  // What follows is touched on the loop only.
  @exclusivity(unchecked) private var jobs: [UnownedJob] = []
  private var batch: [UnownedJob] = []
  private var unflushed: [ConnectionHandler] = []
  private var buffers: [ByteBuffer] = []
  private var willDrain = false
  /// How many turns of the loop have ended: reads, the jobs they made, and the flush.
  private(set) var turns = 0
  /// Whether it is the end of a read cycle that will drain, and nothing else.
  private var isExpected = false

  init(_ loop: any EventLoop) {
    self.loop = loop
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if self.loop.inEventLoop {
      self.jobs.append(job)
      self.schedule()
    } else {
      self.loop.execute {
        self.jobs.append(job)
        self.schedule()
      }
    }
  }

  /// Says that a read cycle is under way, which ends with `drain` or with `readCycleBroke`.
  func expectDrain() {
    guard !self.willDrain else { return }
    self.willDrain = true
    self.isExpected = true
  }

  /// A read cycle ended without its `drain`: NIO completes none that ends in an error. Without this
  /// the jobs of every connection of the loop would wait for a drain that never comes.
  func readCycleBroke() {
    guard self.isExpected else { return }
    self.isExpected = false
    self.willDrain = false
    self.scheduleIfNeeded()
  }

  /// Has a connection flushed at the end of this turn.
  func flushLater(_ connection: ConnectionHandler) {
    guard !connection.isFlushPending else { return }
    connection.isFlushPending = true
    self.unflushed.append(connection)
    self.schedule()
  }

  /// Runs the waiting jobs and flushes what they wrote, until there is nothing to do.
  func drain() {
    self.willDrain = true
    self.isExpected = false
    var count = 0
    while count < Self.jobsInARowMax && !(self.jobs.isEmpty && self.unflushed.isEmpty) {
      swap(&self.jobs, &self.batch)
      count += self.batch.count
      for job in self.batch { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
      self.batch.removeAll(keepingCapacity: true)
      if self.jobs.isEmpty { self.flush() }
    }
    self.flush()
    self.turns += 1
    self.willDrain = false
    self.scheduleIfNeeded()
  }

  /// An empty buffer to write into; the loop's and not the connection's, so that an idle connection
  /// has none.
  func takeBuffer() -> ByteBuffer {
    var buffer = self.buffers.popLast() ?? ByteBuffer()
    buffer.clear(minimumCapacity: 4_096)
    return buffer
  }

  /// Takes a buffer back whose bytes have been written.
  func giveBack(_ buffer: ByteBuffer) {
    guard buffer.capacity > 0, buffer.capacity <= Self.bufferBytesMax else { return }
    if self.buffers.count < Self.buffersMax { self.buffers.append(buffer) }
  }

  private func scheduleIfNeeded() {
    if !self.jobs.isEmpty || !self.unflushed.isEmpty { self.schedule() }
  }

  private func flush() {
    guard !self.unflushed.isEmpty else { return }
    let connections = self.unflushed
    self.unflushed.removeAll(keepingCapacity: true)
    for connection in connections {
      connection.isFlushPending = false
      connection.flush()
    }
  }

  private func schedule() {
    guard !self.willDrain else { return }
    self.willDrain = true
    self.loop.execute { self.drain() }
  }
}
