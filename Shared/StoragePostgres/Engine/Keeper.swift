import Storage
import StorageEngine

/// A thread with a connection that no caller uses: hears what other replicas have changed, tells
/// them what this one has, and finds out when a server that was away is back.
///
/// Commits themselves carry no NOTIFY: the server lets transactions with one commit only one after
/// the other, each with its own wait for the disk. A wake-up that is lost because the process died
/// right after a commit costs watchers elsewhere their second until they look anyway.
final class Keeper {
  private let core: PostgresCore
  private var connection: PostgresConnection?
  private var quietRounds = 0
  /// After how many rounds in which nothing came it asks whether the server is there.
  private static let quietRoundsMax = 5
  /// How long it rests after its line was lost, in milliseconds.
  private static let restMs: Int32 = 20
  /// The longest topic that is told to others, in bytes; the server takes 7,999.
  private static let topicBytesMax = 1_000

  init(_ core: PostgresCore) {
    self.core = core
  }

  /// Runs until the mail is closed.
  func run() {
    while !self.core.mail.isClosed {
      do {
        let connection = try self.open()
        do {
          try self.work(on: connection)
        } catch {
          // Its own line only, as far as it knows; the next one tells.
          self.connection = nil
          self.pause(Self.restMs)
        }
      } catch {
        _ = self.core.faults.atBorder(error, .writing)
        _ = self.core.faults.atBorder(error, .reading)
        self.pause(Int32(clamping: max(self.core.gate.waitMs, Int64(Self.restMs))))
      }
    }
    self.connection = nil
  }

  private var channel: String { "anju \(self.core.server.schema)" }

  private func open() throws -> PostgresConnection {
    if let connection = self.connection { return connection }
    let connection = try self.core.connect(bell: self.core.mail.bell)
    // Its own small transactions say nothing that must outlive a failure of the machine.
    _ = try connection.ask("SELECT set_config('synchronous_commit', 'off', false)")
    try connection.control("LISTEN \"\(self.channel)\"") { _ in }
    self.connection = connection
    self.mend(connection)
    return connection
  }

  /// One round: tells, waits, hears.
  private func work(on connection: PostgresConnection) throws {
    if self.core.mail.hasPost {
      for topic in self.core.mail.take() where topic.name.utf8.count <= Self.topicBytesMax {
        _ = try connection.ask("SELECT pg_notify(\(self.channel), \(topic.name))")
      }
      try self.hear(connection)
      self.pause(self.core.options.wakePauseMs)
      return
    }
    let woken = Wakening.wait(
      socket: connection.link.socket, bell: self.core.mail.bell,
      atMostMs: self.core.options.checkMs)
    if woken.contains(.bell) { self.core.mail.bell.silence() }
    if woken.contains(.socket) { try self.hear(connection) }
    if woken.isEmpty { try self.check(connection) }
  }

  private func hear(_ connection: PostgresConnection) throws {
    let own = connection.link.processID
    var topics: Set<Topic> = []
    try connection.link.notifications { payload, process in
      if process != own { topics.insert(Topic(payload)) }
    }
    self.core.signals.signal(topics)
  }

  /// Nothing came for a while.
  private func check(_ connection: PostgresConnection) throws {
    self.quietRounds += 1
    let isFaulty = self.core.faults.fault != nil
    if isFaulty || self.quietRounds >= Self.quietRoundsMax {
      self.quietRounds = 0
      _ = try connection.ask("SELECT 1")
      try self.hear(connection)
    }
    if isFaulty { self.mend(connection) }
  }

  /// Perhaps nobody calls because of the fault: looks by itself whether it has gone.
  private func mend(_ connection: PostgresConnection) {
    self.core.faults.clear(.reading)
    guard self.core.faults.isFaulty(.writing) else { return }
    do {
      try connection.writeAndTakeBack()
      self.core.faults.clear(.writing)
    } catch {
      _ = self.core.faults.atBorder(error, .writing)
    }
  }

  private func pause(_ milliseconds: Int32) {
    let woken = Wakening.wait(socket: -1, bell: self.core.mail.bell, atMostMs: milliseconds)
    if woken.contains(.bell) { self.core.mail.bell.silence() }
  }
}
