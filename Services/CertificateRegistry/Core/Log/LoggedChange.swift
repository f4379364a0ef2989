import DomainModel
import PermitProof
import RPC
import ServiceCore
import Storage

/// One line of a permit's or a registration's history, as the transparency log is to know it.
struct LoggedChange: Hashable, Sendable {
  /// What was changed.
  enum Kind: String, Hashable, Sendable {
    case permit
    case registration
  }

  let kind: Kind
  /// The line, with how the entity stood after it where the release that wrote it kept that.
  let line: HistoryStep
  /// The division of the residence, six digits.
  let divisionCode: String
  /// The identifier of the permit's certificate after the change; nil for a registration.
  var certificateIdentifier: String?
  /// The certificate's document, where the change made one.
  var document: [UInt8]?
  /// Whose it is and how he is reached; nil for a line of an earlier release.
  var holder: LoggedHolder?

  /// What the log says of it, with the leaf's salt in its digests.
  func record(salt: LeafSalt) -> LogRecord {
    let entry = self.line.entry
    return LogRecord(
      LogRecord.Subject(
        kind: self.kind.rawValue, id: entry.entity,
        version: self.line.standing.map { Int($0.version) } ?? entry.sequence),
      action: entry.action, at: entry.at,
      actor: LogRecord.Actor(kind: entry.actorKind, office: entry.officeCode),
      certificateIdentifier: self.certificateIdentifier.flatMap { CertificateIdentifier($0) },
      digests: LogRecord.Digests(
        standing: RecordDigest.standing(self.line.standing?.digestedBytes ?? [], salt: salt),
        historyRow: RecordDigest.historyRow(entry.digestedBytes, salt: salt),
        document: self.document.map { RecordDigest.document($0, salt: salt) },
        holder: self.holder.map { RecordDigest.holder($0.digestedBytes, salt: salt) }))
  }
}

/// What a row says of a person beside the entity's standing.
struct LoggedHolder: Hashable, Sendable {
  /// The person's id.
  let person: String
  /// As whom he was registered, or where texts to him go and by which policy: the columns' values.
  let values: [String]

  /// What the log's digest of a holder is made of, in one spelling.
  var digestedBytes: [UInt8] {
    CanonicalJSON.object([
      "person": .string(self.person), "values": .array(self.values.map { .string($0) }),
    ]).utf8
  }
}

extension HistoryEntry {
  /// What the log's digest of a line is made of: all of it, in one spelling.
  var digestedBytes: [UInt8] {
    CanonicalJSON.object([
      "action": .string(self.action),
      "actor": .string(self.actor),
      "at_ms": .integer(self.at.milliseconds),
      "detail": .string(self.detail),
      "entity": .string(self.entity),
      "office": .string(self.office),
      "role": .string(self.role),
      "sequence": .integer(Int64(self.sequence)),
    ]).utf8
  }

  /// What kind of somebody did it. The name is data, so only words that are known go on: a log's
  /// record names nobody.
  fileprivate var actorKind: String {
    if self.actor == Actor.system.principal { return self.actor }
    let kind = self.actor.prefix { $0 != ":" }
    return Caller.Kind(rawValue: String(kind))?.rawValue ?? "other"
  }

  /// The office, where it is one.
  fileprivate var officeCode: String? {
    let isCode =
      self.office.utf8.count == 12
      && self.office.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return isCode ? self.office : nil
  }
}

extension Standing {
  /// What the log's digest of a standing is made of: state, version, and the facts as kept.
  var digestedBytes: [UInt8] {
    Array("\(self.state)\n\(self.version)\n".utf8) + self.record
  }
}
