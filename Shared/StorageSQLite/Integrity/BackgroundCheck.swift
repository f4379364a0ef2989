import Storage
import StorageEngine
import Synchronization

/// Looks through a file that is too large to be checked before it is opened, on a thread and a
/// connection of its own, one table after the other, so that the log can start over in between.
/// What it finds is the store's fault from then on.
final class BackgroundCheck: Sendable {
  /// Shared with the thread, which must not keep the check itself alive.
  private final class Turn: Sendable {
    enum Phase { case checking, ending, ended }
    let phase = Mutex(Phase.checking)

    var isEnding: Bool { self.phase.withLock { $0 != .checking } }
  }

  private let turn = Turn()
  private let thread: WorkerThread
  private let interrupter: Interrupter

  init(_ connection: SQLiteConnection, _ faults: FaultLog) {
    let (turn, handed) = (self.turn, Handed(value: connection))
    self.interrupter = Interrupter(connection)
    self.thread = WorkerThread {
      do {
        for table in try IntegrityCheck.tables(of: handed.value) where !turn.isEnding {
          try IntegrityCheck.run(on: handed.value, how: .table(table))
        }
      } catch {
        // One that was told to end stopped in the middle of a table.
        if !turn.isEnding { _ = faults.atBorder(error, .reading) }
      }
      // Nobody interrupts a connection that is closed.
      turn.phase.withLock { $0 = .ended }
      handed.value.close()
    }
  }

  /// Whether it looks at the file, at a state that is older with each moment of a long table.
  var isUnderWay: Bool { self.turn.phase.withLock { $0 != .ended } }

  /// Stops in the middle of a table and lets go of the file.
  func close() async {
    self.beginClosing()
    await self.thread.waitUntilEnded()
  }

  func beginClosing() {
    self.turn.phase.withLock { phase in
      guard phase == .checking else { return }
      phase = .ending
      self.interrupter.interrupt()
    }
  }
}
