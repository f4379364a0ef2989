import DomainModel
import RPC
import Synchronization

/// One run of a process, from its start to its crash. Whatever the code of a dead process still
/// does reaches neither disk nor network.
final class Life: Sendable {
  /// The service, and which of its runs this is.
  let name: String
  private let hasEnded = Atomic<Bool>(false)

  init(_ service: ServiceName, number: Int) {
    self.name = "\(service.rawValue)#\(number)"
  }

  var isOver: Bool { self.hasEnded.load(ordering: .relaxed) }

  func end() {
    self.hasEnded.store(true, ordering: .relaxed)
  }

  /// Throws where the process is dead; nobody hears that.
  func check() throws {
    if self.isOver { throw ServiceError(.storeUnavailable) }
  }
}
