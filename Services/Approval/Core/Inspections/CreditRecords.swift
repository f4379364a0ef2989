import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

/// The records of frauds at the platforms that keep them (`anju.credit.v1`): each version of an
/// entry is owed once to each of them, in a lane of its own.
struct CreditRecords: Sendable {
  let handlers: ApprovalHandlers

  /// Records the fraud that an inspection has found and whose permit has ended; nothing where that
  /// is not so. One permit's fraud is recorded once, whatever number of cases it was found in.
  func record(_ transaction: Transaction, _ inspection: Inspection, _ stamp: Stamp) throws {
    let isKnown = try self.handlers.inspections.hasCredit(
      transaction, ofPermit: inspection.certificateIdentifier)
    if isKnown { return }
    let command: (CaseRecord) throws -> InspectionCommand = { record in
      .recordCredit(bornOn: try record.papers.applicantBirthDate)
    }
    _ = try self.handlers.change(transaction, inspection, by: command, stamp)
  }

  /// Erases an entry whose years are over: dated to that instant, here and, owed from `now` on, at
  /// every platform that was told of it. Returns whether there was something to erase.
  func erase(
    _ transaction: Transaction, _ id: ID<Inspection>, at now: Timestamp
  ) throws -> Bool {
    let table = self.handlers.inspections
    let inspection = try table.find(transaction, id.text, within: .everything)
    guard case .creditErased(let instant)? = inspection.creditErasure(by: now) else { return false }
    let event = InspectionEvent.creditErased(at: instant)
    let next = inspection.applying(event)
    let history = ApprovalStore.deskHistoryID(of: inspection.caseID.text)
    let stamp = Stamp(
      .system, at: try table.tables.history.dated(transaction, instant, of: history),
      random: self.handlers.parts.random)
    try table.write(transaction, event, from: inspection, to: next, telling: [], stamp)
    try self.owe(transaction, next, nil, from: now)
    return true
  }

  /// Owes an entry as it stands: to the platforms of the settings while it says something, and
  /// always to those that have been told of it.
  func owe(
    _ transaction: Transaction, _ inspection: Inspection, _ papers: CaseFile?, from now: Timestamp
  ) throws {
    let told = try self.handlers.inspections.deliveries(transaction, of: inspection.id)
    let isLive = inspection.credit?.state.isLive == true
    let names = Set(told.map(\.platform)).union(isLive ? self.handlers.platforms : [])
    try self.owe(transaction, inspection, papers, to: names, from: now)
  }

  /// Owes an entry as it stands to those platforms of the settings that have not been told of it,
  /// because they are newer. Returns to how many.
  func oweToNew(
    _ transaction: Transaction, _ inspection: Inspection, from now: Timestamp
  ) throws -> Int {
    // One whose years are over is told to nobody new, whether or not it is erased yet.
    guard inspection.credit(at: now)?.state.isLive == true else { return 0 }
    let told = try self.handlers.inspections.deliveries(transaction, of: inspection.id)
    let names = Set(self.handlers.platforms).subtracting(told.map(\.platform))
    if names.isEmpty { return 0 }
    let record = try self.handlers.store.record(transaction, inspection.caseID)
    try self.owe(transaction, inspection, record.papers, to: names, from: now)
    return names.count
  }

  /// Registers what is done once a platform has taken an entry.
  func register(on effects: inout OutboxEffects) {
    effects.onAnswer(CreditV1.CreditRecordServiceMethods.putEntry.path) { transaction, message, _ in
      try self.taken(transaction, message)
    }
  }

  private func taken(_ transaction: Transaction, _ message: OutboxMessage) throws {
    let request = try CreditV1.PutEntryRequest(wireBytes: message.payload)
    guard let entry = request.entry else {
      throw UnusableData("the message in lane \(message.lane) has no entry")
    }
    try self.handlers.inspections.take(
      transaction, entry.version, of: ID(entry.entryID), by: request.platform,
      at: try transaction.databaseNow())
  }

  private func owe(
    _ transaction: Transaction, _ inspection: Inspection, _ papers: CaseFile?,
    to names: Set<String>, from now: Timestamp
  ) throws {
    guard let entry = inspection.credit else { return }
    let finding = try papers.flatMap { try self.finding(of: inspection, $0) }
    for name in names.sorted() {
      let key = "\(inspection.id.text)-\(entry.version)-\(name)"
      let request = CreditV1.PutEntryRequest(
        idempotencyKey: key, platform: name,
        entry: .init(entry, of: inspection.id, finding: finding))
      let message = try OutboxMessage(
        request, CreditV1.CreditRecordServiceMethods.putEntry, toPlatform: name,
        lane: "credit:\(inspection.id.text):\(name)", key: key)
      try self.handlers.inspections.owe(
        transaction, message, entry.version, of: inspection.id, to: name, from: now)
    }
  }

  /// What an entry says: of the applicant, as the case knows him.
  private func finding(
    of inspection: Inspection, _ papers: CaseFile
  ) throws -> CreditV1.FraudFinding? {
    guard let penalty = inspection.credit?.penalty, let decided = inspection.decided,
      let until = inspection.creditKeptUntil
    else { return nil }
    let form = try ModelV1.ApplicationForm(wireBytes: papers.form)
    let day = CivilDate(of: decided.at)
    let office = self.handlers.offices.table.office(decided.officeCode, on: day)
    return CreditV1.FraudFinding(
      name: form.applicant?.name ?? "", citizenID: form.applicant?.citizenID ?? "",
      certificateIdentifier: inspection.certificateIdentifier,
      decisionNumber: penalty.decisionNumber, fineYuan: Int32(penalty.fineYuan),
      decidedOn: day.iso, officeCode: decided.officeCode, officeName: office?.name ?? "",
      keptUntilOn: until.iso, penaltyNotImposed: penalty.kind == .notImposed)
  }
}
