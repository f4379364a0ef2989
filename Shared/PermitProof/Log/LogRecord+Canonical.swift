import DomainModel

extension LogRecord {
  /// The one spelling.
  public var canonicalBytes: [UInt8] { self.canonical.utf8 }

  /// The record as a value, to stand in another one.
  var canonical: CanonicalJSON {
    var members: [String: CanonicalJSON] = [
      "action": .string(self.action),
      "actor_kind": .string(self.actor.kind),
      "at_ms": .integer(self.at.milliseconds),
      "entity_id": .string(self.subject.id),
      "entity_kind": .string(self.subject.kind),
      "entity_version": .integer(Int64(self.subject.version)),
      "format": .string(self.digests.holder == nil ? Self.firstFormat : Self.format),
      "history_digest": .hexadecimal(self.digests.historyRow),
      "standing_digest": .hexadecimal(self.digests.standing),
    ]
    members["actor_office"] = self.actor.office.map { .string($0) }
    members["certificate_identifier"] = self.certificateIdentifier.map { .string($0.text) }
    members["document_digest"] = self.digests.document.map { .hexadecimal($0) }
    members["holder_digest"] = self.digests.holder.map { .hexadecimal($0) }
    return .object(members)
  }

  /// The record in its canonical bytes.
  public init(canonicalBytes bytes: [UInt8]) throws(FormDefect) {
    try self.init(try CanonicalReader.value(in: bytes, bytesMax: Self.bytesMax))
  }

  /// The record in a value.
  init(_ value: CanonicalJSON) throws(FormDefect) {
    let isFirst = CanonicalFields.has(value, format: Self.firstFormat)
    var fields = try CanonicalFields(
      value, format: isFirst ? Self.firstFormat : Self.format)
    let subject = Subject(
      kind: try fields.word("entity_kind", charactersMax: Self.wordCharactersMax),
      id: try fields.word("entity_id", charactersMax: Self.wordCharactersMax),
      version: Int(try fields.integer("entity_version", in: 1...Int64(Self.versionMax))))
    let actor = Actor(
      kind: try fields.word("actor_kind", charactersMax: Self.wordCharactersMax),
      office: fields.has("actor_office") ? try fields.digits("actor_office", count: 12) : nil)
    let digests = Digests(
      standing: try fields.bytes("standing_digest", count: RecordDigest.byteCount),
      historyRow: try fields.bytes("history_digest", count: RecordDigest.byteCount),
      document: fields.has("document_digest")
        ? try fields.bytes("document_digest", count: RecordDigest.byteCount) : nil,
      holder: isFirst ? nil : try fields.bytes("holder_digest", count: RecordDigest.byteCount))
    self.init(
      subject, action: try fields.word("action", charactersMax: Self.wordCharactersMax),
      at: try fields.instant("at_ms"), actor: actor,
      certificateIdentifier: fields.has("certificate_identifier")
        ? try fields.identifier("certificate_identifier") : nil,
      digests: digests)
    try fields.finish()
  }
}
