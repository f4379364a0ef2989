import Crypto
import DomainModel
import PermitProof
import ServiceCore
import Storage

/// Reads what the gate decides by.
struct IssuingLook: Sendable {
  let store: RegistryStore
  let parts: CoreParts
  /// Whose key is to be the registry's.
  let keyID: String
  /// How many leaves are looked at from the newest one back; with 0 the log is not looked at.
  let entriesMax: Int

  /// What there is now. Throws what the store throws where it does not answer, for then nothing is
  /// known; what it answers with and cannot be is damage.
  func facts() async throws -> IssuingGate.Facts {
    var facts = IssuingGate.Facts()
    do {
      facts = try await self.clockAndKey()
      facts.damage = try await self.damage()
    } catch let error where !Self.isSilence(error) {
      facts.damage = .init(code: "UNREADABLE", place: "the end of the log", text: "\(error)")
    }
    return facts
  }

  /// Whether an error says nothing of what stands in the store.
  private static func isSilence(_ error: any Error) -> Bool {
    switch error {
    case StorageError.undecodable, StorageError.corrupt: false
    default: error is StorageError || error is CancellationError
    }
  }

  private func clockAndKey() async throws -> IssuingGate.Facts {
    let (time, keyID) = (self.parts.time, self.keyID)
    let hasOwnClock = !self.parts.store.isExclusive
    let keys = self.store.signingKeys
    return try await self.store.read { snapshot in
      let databaseNow = try snapshot.databaseNow()
      var facts = IssuingGate.Facts()
      facts.headAt = try snapshot.row(
        "SELECT at FROM log_head WHERE size = (SELECT MAX(size) FROM log_head)"
      )?.timestamp("at")
      if hasOwnClock {
        facts.clockAfterDatabaseMs = time.now().milliseconds - databaseNow.milliseconds
      }
      if case .wrong(let inUse) = try keys.standing(snapshot, of: keyID) {
        facts.wrongKey = IssuingStop.KeyPair(keyID: keyID, inUse: inUse)
      }
      return facts
    }
  }

  private func damage() async throws -> IssuingStop.LogDamage? {
    let audit = RegistryAudit(self.parts.store, sealer: self.parts.sealer, trusting: nil)
    let found = try await audit.newest(self.entriesMax).findings.first
    return found.map { .init(code: $0.code.rawValue, place: $0.place, text: $0.text) }
  }
}
