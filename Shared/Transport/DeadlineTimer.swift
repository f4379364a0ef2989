import NIOCore

/// One timer for many deadlines: it is set for the earliest only and never unset, because most
/// calls end long before theirs. Confined to its loop.
final class DeadlineTimer: @unchecked Sendable {
  private let loop: any EventLoop
  private var scheduled: (at: NIODeadline, task: Scheduled<Void>)?
  /// Acts on the deadlines that have passed; returns the earliest one left.
  private var expire: ((NIODeadline) -> NIODeadline?)?

  init(_ loop: any EventLoop, _ expire: @escaping (NIODeadline) -> NIODeadline?) {
    self.loop = loop
    self.expire = expire
  }

  /// Makes sure that `deadline` is noticed.
  func watch(_ deadline: NIODeadline) {
    guard self.expire != nil else { return }
    if let scheduled = self.scheduled {
      guard deadline < scheduled.at else { return }
      scheduled.task.cancel()
    }
    let task = self.loop.scheduleTask(deadline: deadline) { self.fire() }
    self.scheduled = (deadline, task)
  }

  /// Forgets every deadline, for good.
  func stop() {
    self.scheduled?.task.cancel()
    self.scheduled = nil
    self.expire = nil
  }

  private func fire() {
    self.scheduled = nil
    if let next = self.expire?(NIODeadline.now()) { self.watch(next) }
  }
}
