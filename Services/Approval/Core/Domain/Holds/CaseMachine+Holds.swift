import DomainModel

// What a court orders. Nothing is decided while an order holds, and no clock stops for it: the
// pauses are a closed list in the policy (rules, Approval).
extension CaseMachine {
  /// Places or lifts a hold; nothing happens where the very order was placed or lifted before.
  func decide(
    _ file: ApprovalCase, _ draft: HoldDraft, now: Timestamp
  ) -> Result<[CaseEvent], CaseRefusal> {
    var objections: [Objection] = []
    if !self.isHead(draft.head, of: file) { objections.append(.wrongOffice) }
    let known = file.holds.first {
      $0.documentNumber == draft.documentNumber && $0.release == nil
    }
    if objections.isEmpty, Self.isDone(draft, known, in: file) { return .success([]) }
    if draft.expectedVersion != file.version { objections.append(.versionStale) }
    let defects = Self.defects(of: draft, in: file)
    if !defects.isEmpty { objections.append(.invalid(defects)) }
    switch draft.deed {
    case .place:
      if !file.isHoldable { objections.append(.wrongState) }
      if file.holds.count >= CourtHold.countMax { objections.append(.holdsTooMany) }
    case .release:
      if known == nil, defects.isEmpty { objections.append(.holdUnknown) }
    }
    guard objections.isEmpty else { return .failure(file.refusal(objections)) }
    switch draft.deed {
    case .place(let court):
      let hold = CourtHold(
        documentNumber: draft.documentNumber, court: court, placedAt: now,
        officerID: draft.head.id, officeCode: draft.head.office)
      return .success([.held(hold)])
    case .release(let number):
      let release = CourtHold.Release(
        documentNumber: number, at: now, officerID: draft.head.id,
        officeCode: draft.head.office)
      return .success([.holdReleased(draft.documentNumber, release)])
    }
  }

  /// The head of an office that has to do with the case, or of one above it.
  private func isHead(_ officer: Officer, of file: ApprovalCase) -> Bool {
    let reached = self.offices.table.codes(from: officer.office)
    let own = [file.origin.officeCode, file.origin.bureauCode, file.workOffice]
    return officer.role == Officer.headRole && own.contains { reached.contains($0) }
  }

  private static func isDone(
    _ draft: HoldDraft, _ known: CourtHold?, in file: ApprovalCase
  ) -> Bool {
    switch draft.deed {
    case .place(let court): known?.court == court
    case .release(let number):
      known == nil
        && file.holds.contains {
          $0.documentNumber == draft.documentNumber && $0.release?.documentNumber == number
        }
    }
  }

  private static func defects(
    of draft: HoldDraft, in file: ApprovalCase
  ) -> [ServiceError.Violation] {
    var defects = DefectList()
    func check(_ text: String, at field: String, max: Int) {
      defects.add(TextRules.defects(of: text, charactersMax: max), at: field)
    }
    check(draft.documentNumber, at: "document_number", max: CourtHold.numberCharactersMax)
    switch draft.deed {
    case .place(let court):
      check(court, at: "court", max: CourtHold.courtCharactersMax)
      // One order holds a case once; another court's order has another number.
      if file.holds.contains(where: { $0.documentNumber == draft.documentNumber }) {
        defects.add(.documentNumberUsed, at: "document_number")
      }
    case .release(let number):
      check(number, at: "release_document_number", max: CourtHold.numberCharactersMax)
      if number == draft.documentNumber {
        defects.add(.documentNumberUsed, at: "release_document_number")
      }
    }
    return defects.violations
  }
}
