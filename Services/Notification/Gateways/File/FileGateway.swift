public import DomainModel
public import Logging
import Synchronization

/// The embedded default: appends each message as one JSON line to a file and answers once the line
/// is on stable storage. A message whose id stands in the file is not appended again, so here even
/// a crash between delivery and its mark leaves one line a message. Replicas on one machine may
/// share one file: it is locked while one of them looks and appends.
///
/// File I/O blocks, so it runs on a thread of the gateway's own, which lives while messages wait.
/// What waits together shares one fsync.
public final class FileGateway: MessageGateway {
  /// How many messages may wait; more are refused for now with `GATEWAY_BUSY`.
  public static let waitingMax = 1_024
  /// How long it waits for another process that is appending, in milliseconds; then what it was to
  /// deliver is tried again later.
  public static let lockWaitMsMax = 5_000

  /// `file`.
  public let name = "file"
  /// How long it waits for the file, and some time to write.
  public var sendMsMax: Int64 { Int64(self.lockWaitMsMax) + 5_000 }
  private let lockWaitMsMax: Int
  private let time: any TimeSource
  private let logger: Logger
  private let queue = Mutex(Queue())
  /// Only the worker takes this lock, and there is never more than one.
  private let file: Mutex<MessageFile>

  private struct Job: Sendable {
    let message: OutgoingMessage
    let answer: CheckedContinuation<SendReport, Never>
  }

  private struct Queue {
    var waiting: [Job] = []
    var isWorking = false
  }

  /// A gateway onto the file at `path`, which is made where it is missing; its folder must exist.
  /// Reads the whole file, so make it before serving.
  ///
  /// `lockWaitMsMax`: how long to wait for another process that is appending, in milliseconds.
  public init(
    path: String, time: any TimeSource, logger: Logger,
    lockWaitMsMax: Int = FileGateway.lockWaitMsMax
  ) throws(MessageFileError) {
    self.time = time
    self.logger = logger
    self.lockWaitMsMax = lockWaitMsMax
    self.file = Mutex(try MessageFile(path: path, lockWaitMsMax: lockWaitMsMax))
  }

  /// Appends the message, unless it is in the file already.
  public func send(_ message: OutgoingMessage) async -> SendReport {
    await withCheckedContinuation { continuation in
      self.enqueue(Job(message: message, answer: continuation))
    }
  }

  private func enqueue(_ job: Job) {
    let (isRefused, isToStart) = self.queue.withLock { queue in
      if queue.waiting.count >= Self.waitingMax { return (true, false) }
      queue.waiting.append(job)
      defer { queue.isWorking = true }
      return (false, !queue.isWorking)
    }
    if isRefused { job.answer.resume(returning: self.notNow("GATEWAY_BUSY")) }
    if isToStart { startThread { self.work() } }
  }

  /// The thread's body: serves what waits until nothing does.
  private func work() {
    while true {
      let jobs = self.queue.withLock { queue in
        defer { queue.waiting = [] }
        queue.isWorking = !queue.waiting.isEmpty
        return queue.waiting
      }
      if jobs.isEmpty { return }
      let answer = self.deliver(jobs.map(\.message))
      for job in jobs { job.answer.resume(returning: answer(job.message)) }
    }
  }

  /// Appends what is not in the file yet; what each message's sender is told.
  private func deliver(_ messages: [OutgoingMessage]) -> (OutgoingMessage) -> SendReport {
    let now = self.time.now()
    do throws(MessageFileError) {
      try self.file.withLock { file throws(MessageFileError) in
        try file.locked { () throws(MessageFileError) in
          try Self.append(messages, at: now, to: file)
        }
      }
    } catch {
      self.logger.error("message file: \(error)")
      return { _ in self.notNow("FILE_UNAVAILABLE") }
    }
    return {
      SendReport(gateway: self.name, .delivered(at: now), providerIDs: [$0.messageID])
    }
  }

  private func notNow(_ code: String) -> SendReport {
    SendReport(gateway: self.name, .refused(code: code, .forNow(retryAfterMs: nil)))
  }

  private static func append(
    _ messages: [OutgoingMessage], at now: Timestamp, to file: MessageFile
  ) throws(MessageFileError) {
    var lines: [UInt8] = []
    var ids: Set<String> = []
    for message in messages where !ids.contains(message.messageID) {
      if try file.holds(message.messageID) { continue }
      lines += MessageLine.bytes(message, atMs: now.milliseconds)
      ids.insert(message.messageID)
    }
    if !ids.isEmpty { try file.append(lines, ids: ids) }
  }
}
