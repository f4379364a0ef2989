import DomainModel
import ServiceCore
import Storage

/// The rows of permits.
struct PermitTable: EntityTable {
  let tables: ServiceTables
  let format: PermitFormat
  let document: SealedColumn
  let pastDocument: SealedColumn
  let phone: SealedColumn
  let log: LogTable
  let signingKeys: SigningKeyTable

  init(
    _ tables: ServiceTables, sealer: any Sealer, format: PermitFormat, log: LogTable
  ) {
    self.signingKeys = log.signingKeys
    self.tables = tables
    self.format = format
    self.log = log
    self.document = SealedColumn(sealer, table: "permit", column: "document")
    self.pastDocument = SealedColumn(sealer, table: "past_certificate", column: "document")
    self.phone = SealedColumn(sealer, table: "permit", column: "phone")
  }

  func historyID(of permit: Permit) -> String { permit.id.text }

  /// The facts as they are stored; the state is derived from them for each instant anew.
  func standing(of permit: Permit) throws -> Standing? {
    Standing(
      state: permit.isLive ? "live" : "cancelled", version: Int64(permit.version),
      record: try self.format.encode(permit))
  }

  func save(
    _ transaction: Transaction, _ step: Step<Permit, PermitStep>, _ stamp: Stamp
  ) throws {
    switch step.event {
    case .issued(let prepared, let command, let person):
      let new = NewPermit(
        certificate: prepared.certificate, person: person, phone: command.phone.text,
        policyVersion: command.policyVersion)
      try self.insert(transaction, step.after, new, at: stamp.now)
    case .imported(let prepared, let command, let person):
      var new = NewPermit(
        certificate: prepared.certificate, person: person, phone: command.phone?.text ?? "",
        policyVersion: "")
      // Nobody knows since when; not since today.
      new.phoneToldAt = command.earlier.issuedOn.startOfDay
      try self.insert(transaction, step.after, new, at: stamp.now)
      try PermitRow.update(transaction, step.after, from: step.after.version)
    case .changed(.erased, _):
      try self.erase(transaction, step.after)
      try PermitRow.update(transaction, step.after, from: step.before?.version ?? 0)
    case .changed(_, let beside):
      if let certificate = beside.certificate, let before = step.before {
        try self.replaceCertificate(transaction, of: before, by: certificate, at: stamp.now)
      }
      if let phone = beside.phone?.text ?? (beside.removesPhone ? "" : nil) {
        try self.save(transaction, phone, of: step.after.id, at: stamp.now)
      }
      try PermitRow.update(transaction, step.after, from: step.before?.version ?? 0)
    }
  }

  /// What is written of a permit that begins, beside its facts.
  private struct NewPermit {
    let certificate: SignedCertificate
    let person: ID<Storage.Person>
    /// Empty where nobody knows one.
    let phone: String
    let policyVersion: String
    /// When the holder told it; nil for the instant of the issue.
    var phoneToldAt: Timestamp?
  }

  private func insert(
    _ transaction: Transaction, _ permit: Permit, _ new: NewPermit, at now: Timestamp
  ) throws {
    let certificate = new.certificate
    let document = try self.document.seal(certificate.signed.document, row: permit.id.text)
    let phone = try self.phone.seal(new.phone, row: permit.id.text)
    // One that was lost was signed at its first instant, if its key did so.
    try self.signingKeys.use(
      transaction, certificate.key, at: now, first: permit.issuedAt)
    try transaction.execute(
      """
      INSERT INTO permit (permit_id, certificate_identifier, person_id, application_id, case_id,
        division_code, bureau_code, issued_on, valid_to_on, issued_at, cancelled_at,
        policy_version, key_id, document, signature, phone, phone_told_at, version)
      VALUES (\(permit.id), \(permit.certificateIdentifier), \(new.person),
        \(permit.applicationID),
        \(permit.caseID), \(permit.divisionCode), \(permit.bureauCode),
        \(permit.term.issuedOn.iso), \(permit.term.validToOn.iso), \(permit.issuedAt), NULL,
        \(new.policyVersion), \(permit.keyID), \(document),
        \(certificate.signed.signature), \(phone), \(new.phoneToldAt), 1)
      """)
  }

  /// The certificate that was good until now is kept: who has it can still be told what became of
  /// it.
  private func replaceCertificate(
    _ transaction: Transaction, of before: Permit, by certificate: SignedCertificate,
    at now: Timestamp
  ) throws {
    let past = try self.signedDocument(transaction, of: before.id)
    let pastDocument = try self.pastDocument.seal(
      past.document, row: before.certificateIdentifier)
    try transaction.execute(
      """
      INSERT INTO past_certificate (certificate_identifier, permit_id, document, signature, key_id,
        superseded_at)
      VALUES (\(before.certificateIdentifier), \(before.id), \(pastDocument),
        \(past.signature), \(before.keyID), \(now))
      """)
    try self.signingKeys.use(transaction, certificate.key, at: now)
    let document = try self.document.seal(certificate.signed.document, row: before.id.text)
    try transaction.execute(
      """
      UPDATE permit SET document = \(document), signature = \(certificate.signed.signature)
      WHERE permit_id = \(before.id)
      """)
  }

  private func save(
    _ transaction: Transaction, _ phone: String, of permit: ID<Permit>, at now: Timestamp
  ) throws {
    let sealed = try self.phone.seal(phone, row: permit.text)
    try transaction.execute(
      """
      UPDATE permit SET phone = \(sealed), phone_told_at = \(now) WHERE permit_id = \(permit)
      """)
  }
}
