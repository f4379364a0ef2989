import DomainModel
import PermitProof
import ServiceCore
import Storage

extension PermitTable {
  func written(
    _ transaction: Transaction, _ step: Step<Permit, PermitStep>, as line: HistoryStep,
    _ stamp: Stamp
  ) throws {
    let permit = step.after
    try self.enterEarlier(transaction, of: permit, before: line.entry.sequence, stamp)
    let change = LoggedChange(
      kind: .permit, line: line, divisionCode: permit.divisionCode,
      certificateIdentifier: permit.certificateIdentifier,
      document: step.event.certificate?.signed.document,
      holder: try step.event.holder ?? self.holder(transaction, of: permit.id))
    try self.log.append(transaction, change, stamp)
  }

  /// What a permit's row says of its holder. Throws `PERMIT_NOT_FOUND`.
  func holder(_ snapshot: Snapshot, of permit: ID<Permit>) throws -> LoggedHolder {
    let row = try snapshot.row(
      "SELECT person_id, policy_version FROM permit WHERE permit_id = \(permit)")
    guard let row else { throw ServiceError(.permitNotFound) }
    return LoggedHolder(
      person: try row.text("person_id"),
      values: [try self.phone(snapshot, of: permit), try row.text("policy_version")])
  }

  /// Enters the lines of a permit's history that earlier releases have written into no log; returns
  /// how many. Of a line without a standing, which is the one of the issue, certificate and
  /// division are those of the permit's first document.
  @discardableResult
  func enterEarlier(
    _ transaction: Transaction, of permit: Permit, before sequence: Int, _ stamp: Stamp
  ) throws -> Int {
    let lines = try self.log.unentered(transaction, of: permit.id.text, before: sequence)
    var known = try lines.first.flatMap { line in
      try self.log.certificate(transaction, of: permit.id.text, line.entry.sequence - 1)
    }
    for line in lines {
      let facts = try line.standing.map { try self.format.decode($0.record) }
      let identifier =
        try facts?.certificateIdentifier ?? self.firstIdentifier(transaction, of: permit)
      let isNew = identifier != known
      known = identifier
      let document = try self.document(transaction, identifier, of: permit)
      let change = LoggedChange(
        kind: .permit, line: line,
        divisionCode: facts?.divisionCode
          ?? (try? PermitDocument(canonicalBytes: document))?.residence.division
          ?? permit.divisionCode,
        certificateIdentifier: identifier, document: isNew ? document : nil)
      try self.log.append(transaction, change, stamp)
    }
    return lines.count
  }

  /// The document of a certificate as its row has it sealed: the present one of a permit, or one of
  /// the past.
  func document(
    _ sealed: [UInt8], isPresent: Bool, of permit: ID<Permit>, _ identifier: String
  ) throws -> [UInt8] {
    isPresent
      ? try self.document.open(sealed, row: permit.text)
      : try self.pastDocument.open(sealed, row: identifier)
  }

  private func firstIdentifier(_ snapshot: Snapshot, of permit: Permit) throws -> String {
    let row = try snapshot.row(
      """
      SELECT certificate_identifier FROM past_certificate WHERE permit_id = \(permit.id)
      ORDER BY superseded_at, certificate_identifier LIMIT 1
      """)
    return try row?.text("certificate_identifier") ?? permit.certificateIdentifier
  }

  private func document(
    _ snapshot: Snapshot, _ identifier: String, of permit: Permit
  ) throws -> [UInt8] {
    try self.pastDocument(snapshot, of: identifier)?.signed.document
      ?? self.signedDocument(snapshot, of: permit.id).document
  }
}

extension PermitStep {
  /// What the row says of the holder, where the step itself knows all of it.
  fileprivate var holder: LoggedHolder? {
    guard case .issued(_, let command, let person) = self else { return nil }
    return LoggedHolder(person: person.text, values: [command.phone.text, command.policyVersion])
  }

  /// The certificate that it made; nil where the one there was stays.
  fileprivate var certificate: SignedCertificate? {
    switch self {
    case .issued(let prepared, _, _): prepared.certificate
    case .imported: nil
    case .changed(_, let beside): beside.certificate
    }
  }
}
