import DomainModel
import Storage

/// What each of the applicant's steps stores.
extension IntakeTransaction {
  /// Step 1.
  func saveCommitment(_ next: Application, by event: HistoryEntry) throws {
    try self.save(
      next,
      """
      , notice_version = \(next.commitment?.noticeVersion),
      assented_at = \(next.commitment?.assentedAt)
      """,
      by: event)
  }

  /// Step 2. The form's person becomes the application's as soon as his number can be read, so that
  /// he finds the draft a platform made for him; `newPerson` becomes his id if he is not known.
  func saveForm(
    _ next: Application, person citizenID: CitizenID?, newPerson: ID<Person>, by event: HistoryEntry
  ) throws {
    let person = try citizenID.map { try self.person($0, newID: newPerson) }
    try self.save(next, ", form = \(self.sealedForm(next)), person_id = \(person)", by: event)
  }

  /// Step 3: the material in its slot, sealed piece by piece; what was there goes, bytes and all.
  func saveMaterial(
    _ material: Material, pieces: [[UInt8]], of next: Application, by event: HistoryEntry
  ) throws {
    try self.save(next, by: event)
    let kind = Int(material.slot.kind.rawValue)
    let evidence = Int(material.slot.evidence?.rawValue ?? 0)
    try self.transaction.execute(
      """
      DELETE FROM material_piece WHERE material_id IN (
        SELECT material_id FROM material WHERE application_id = \(next.id)
          AND kind = \(kind) AND evidence = \(evidence))
      """)
    try self.transaction.execute(
      """
      DELETE FROM material WHERE application_id = \(next.id)
        AND kind = \(kind) AND evidence = \(evidence)
      """)
    try self.transaction.execute(
      """
      INSERT INTO material (material_id, application_id, kind, evidence, media_type, size_bytes,
        sha256, uploaded_at)
      VALUES (\(material.id), \(next.id), \(kind), \(evidence),
        \(material.mediaType), \(material.sizeBytes), \(material.sha256), \(material.uploadedAt))
      """)
    for (number, piece) in pieces.enumerated() {
      try self.transaction.execute(
        """
        INSERT INTO material_piece (material_id, number, bytes)
        VALUES (\(material.id), \(number), \(piece))
        """)
    }
  }

  /// Step 4. Throws `APPLICATION_ALREADY_OPEN` where the person has another one in progress; the
  /// index `application_one_open` says the same.
  func saveSubmission(
    _ next: Application, _ submission: Submission, person citizenID: CitizenID,
    newPerson: ID<Person>, by event: HistoryEntry
  ) throws {
    if let number = try self.tables.openNumber(ofCitizen: citizenID.text, self.transaction) {
      throw ServiceError(.applicationAlreadyOpen, metadata: ["application_number": number])
    }
    let person = try self.person(citizenID, newID: newPerson)
    try self.save(
      next,
      """
      , form = \(self.sealedForm(next)), person_id = \(person),
      application_number = \(submission.number), submitted_at = \(submission.submittedAt),
      office_code = \(submission.officeCode), office_name = \(submission.officeName),
      bureau_code = \(submission.bureauCode),
      acceptance_due_on = \(submission.acceptanceDue.date.iso),
      acceptance_due_provisional = \(submission.acceptanceDue.isProvisional)
      """,
      by: event)
    for finding in submission.findings {
      try self.transaction.execute(
        """
        INSERT INTO application_finding (application_id, rule, passed, met_on)
        VALUES (\(next.id), \(finding.rule), \(finding.passed), \(finding.metOn?.iso))
        """)
    }
  }

  /// The supplement: the open notice is answered.
  func saveSupplement(
    _ next: Application, answering notice: SupplementNotice, by event: HistoryEntry
  ) throws {
    try self.save(next, by: event)
    try self.transaction.execute(
      """
      UPDATE application_notice SET supplemented_at = \(self.now)
      WHERE application_id = \(next.id) AND sequence = \(notice.sequence)
      """)
  }

  /// The first of the numbers that no application has.
  func free(of numbers: [ApplicationNumber]) throws -> ApplicationNumber {
    let taken = try self.transaction.rows(
      """
      SELECT application_number FROM application
      WHERE application_number IN \(values: numbers.map(\.text))
      """
    ).map { try $0.text("application_number") }
    guard let number = numbers.first(where: { !taken.contains($0.text) }) else {
      throw ServiceError(.overloaded)
    }
    return number
  }

  private func person(_ citizenID: CitizenID, newID: ID<Person>) throws -> ID<Person> {
    try self.tables.persons.findOrCreate(
      self.transaction, citizenID: citizenID.text, newID: newID, now: self.now)
  }

  private func sealedForm(_ application: Application) throws -> [UInt8]? {
    try application.form.map {
      try self.tables.form.seal($0.bytes, row: application.id.text)
    }
  }
}
