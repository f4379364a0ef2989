import DomainModel

/// What somebody wants to happen on the desks around a case.
enum DeskCommand: Hashable, Sendable {
  /// An officer takes the case, or holds it for another term.
  case claim(ClaimDraft)
  /// An officer gives it back.
  case release(claimNumber: Int64, by: String)
  /// The head of an office gives it to an officer by name, or, empty, back to all.
  case assign(AssignmentDraft)
  /// An officer keeps out of it for good.
  case recuse(officerID: String, byHead: Officer?)
}

/// What an officer wants to claim.
struct ClaimDraft: Hashable, Sendable {
  var officer: Officer
  /// The version the officer read.
  var expectedVersion: Int64
  /// Until when the claim would hold.
  var until: Timestamp
  /// How many cases he holds by now, beside this one.
  var heldCount = 0
  /// Whether the case is about him.
  var isParty = false

  /// How many cases one officer holds at once.
  static let heldMax = 50
}

/// To whom an office's head wants to give a case.
struct AssignmentDraft: Hashable, Sendable {
  var head: Officer
  var expectedVersion: Int64
  var officerID: String
}

/// What happened on the desks around a case.
enum DeskEvent: Hashable, Sendable {
  case claimed(CaseDesk.Hold)
  /// Held for another term by the same officer.
  case claimedAgain(CaseDesk.Hold)
  case released
  case expired
  case assigned(to: String)
  case unassigned
  case recused(String)
  /// Its work has gone to another office, for this one has nobody for it.
  case moved(to: String)

  /// The action's name in the case's history.
  var action: String {
    switch self {
    case .claimed: "claimed"
    case .claimedAgain: "claimed_again"
    case .released: "released"
    case .expired: "claim_expired"
    case .assigned: "assigned"
    case .unassigned: "unassigned"
    case .recused: "recused"
    case .moved: "moved"
    }
  }

  /// Whom or which office it names.
  var detail: String {
    switch self {
    case .claimed, .claimedAgain, .released, .expired, .unassigned: ""
    case .assigned(let officer), .recused(let officer): officer
    case .moved(let office): office
    }
  }
}

extension CaseMachine {
  /// What a command does on the desks: an event, none where it has happened already, or every
  /// reason why not.
  func decide(
    _ file: ApprovalCase, _ command: DeskCommand, now: Timestamp
  ) -> Result<DeskEvent?, CaseRefusal> {
    switch command {
    case .claim(let draft): return self.claim(draft, in: file, now: now)
    case .release(let number, let officerID):
      let hold = file.desk.hold
      guard number > 0, number == file.desk.claimNumber, hold?.officerID ?? officerID == officerID
      else { return .failure(file.refusal([.claimLost])) }
      return .success(hold == nil ? nil : .released)
    case .assign(let draft): return self.assign(draft, in: file, now: now)
    case .recuse(let officerID, let head): return self.recuse(officerID, by: head, in: file)
    }
  }

  /// The case with its desk after an event.
  func applying(_ event: DeskEvent, to file: ApprovalCase) -> ApprovalCase {
    var next = file
    switch event {
    case .claimed(let hold):
      next.desk.claimNumber += 1
      next.desk.hold = hold
    case .claimedAgain(let hold): next.desk.hold = hold
    case .released, .expired: next.desk.hold = nil
    case .assigned(let officer):
      next.desk.assignee = officer
      if next.desk.hold?.officerID != officer { next.desk.hold = nil }
    case .unassigned:
      next.desk.assignee = ""
      next.desk.hold = nil
    case .recused(let officer):
      next.desk.recused.insert(officer)
      if next.desk.hold?.officerID == officer { next.desk.hold = nil }
      if next.desk.assignee == officer { next.desk.assignee = "" }
    case .moved(let office):
      next.desk = file.desk.cleared
      next.workOffice = office
    }
    return next
  }

  private func claim(
    _ draft: ClaimDraft, in file: ApprovalCase, now: Timestamp
  ) -> Result<DeskEvent?, CaseRefusal> {
    let rules = self.opinionRules(of: file, now: now)
    let stage = file.workStage ?? rules.lapsed
    var objections: [Objection] = []
    if !rules.isRight(draft.officer, for: stage) { objections.append(.wrongOffice) }
    if rules.mustRecuse(draft.officer, isParty: draft.isParty) {
      objections.append(.mustRecuse)
    }
    if draft.expectedVersion != file.version { objections.append(.versionStale) }
    if file.isOnHold { objections.append(.onHold) }
    if file.openPause != nil { objections.append(.clockPaused) }
    if stage == nil { objections.append(.wrongState) }
    if let stage, let other = rules.otherStage(of: draft.officer.id, than: stage) {
      objections.append(.alreadyInCase(as: other))
    }
    let mine = file.desk.hold?.officerID == draft.officer.id ? file.desk.hold : nil
    objections += rules.objectionsOfDesk(to: draft.officer.id)
    // Who is away can be promised nothing: whatever he held, anybody could take.
    if self.people.isAbsent(draft.officer.id, of: draft.officer.office) {
      objections.append(.invalid([DefectReason.officerAbsent.violation(at: "officer")]))
    }
    let isHeld = file.desk.holder(at: now)?.officerID == draft.officer.id
    if !isHeld, draft.heldCount >= ClaimDraft.heldMax { objections.append(.claimsTooMany) }
    guard objections.isEmpty else { return .failure(file.refusal(objections)) }
    let hold = CaseDesk.Hold(
      officerID: draft.officer.id, officeCode: draft.officer.office, until: draft.until)
    return .success(mine == nil ? .claimed(hold) : .claimedAgain(hold))
  }

  private func assign(
    _ draft: AssignmentDraft, in file: ApprovalCase, now: Timestamp
  ) -> Result<DeskEvent?, CaseRefusal> {
    let rules = self.opinionRules(of: file, now: now)
    var objections: [Objection] = []
    // A bureau's head stands above those of its stations.
    if draft.head.role != Officer.headRole
      || !self.offices.table.codes(from: draft.head.office).contains(file.workOffice)
    {
      objections.append(.wrongOffice)
    }
    if draft.expectedVersion != file.version { objections.append(.versionStale) }
    if file.workStage == nil { objections.append(.wrongState) }
    if let stage = file.workStage, !draft.officerID.isEmpty {
      if let other = rules.otherStage(of: draft.officerID, than: stage) {
        objections.append(.alreadyInCase(as: other))
      }
      if file.desk.recused.contains(draft.officerID) { objections.append(.mustRecuse) }
      if self.people.isAbsent(draft.officerID, of: file.workOffice) {
        objections.append(.invalid([DefectReason.officerAbsent.violation(at: "officer_id")]))
      }
    }
    let texts = TextRules.defects(
      of: draft.officerID, charactersMax: OriginClaim.idCharactersMax, isRequired: false)
    if !texts.isEmpty {
      objections.append(.invalid(texts.map { $0.violation(at: "officer_id") }))
    }
    guard objections.isEmpty else { return .failure(file.refusal(objections)) }
    if draft.officerID == file.desk.assignee { return .success(nil) }
    return .success(draft.officerID.isEmpty ? .unassigned : .assigned(to: draft.officerID))
  }

  private func recuse(
    _ officerID: String, by head: Officer?, in file: ApprovalCase
  ) -> Result<DeskEvent?, CaseRefusal> {
    var objections: [Objection] = []
    if let head,
      head.role != Officer.headRole
        || !self.offices.table.codes(from: head.office).contains(file.workOffice)
    {
      objections.append(.wrongOffice)
    }
    if file.state.isClosed { objections.append(.wrongState) }
    if let signed = file.opinions.first(where: { $0.officerID == officerID }) {
      objections.append(.alreadyInCase(as: signed.stage))
    }
    guard objections.isEmpty else { return .failure(file.refusal(objections)) }
    return .success(file.desk.recused.contains(officerID) ? nil : .recused(officerID))
  }

  /// Whom the case waits for by name at an instant: who stands in included. Nil where any officer
  /// of the office may do it, and where no officer is waited for.
  func waitsFor(_ file: ApprovalCase, now: Timestamp) -> String? {
    guard let stage = file.workStage else { return nil }
    if !file.namedOfficer.isEmpty {
      return self.people.standIn(
        for: file.namedOfficer, of: file.workOffice, as: stage.role, unless: file.isBarred)
    }
    guard let hold = file.desk.holder(at: now),
      !self.people.isAbsent(hold.officerID, of: hold.officeCode)
    else { return nil }
    return hold.officerID
  }
}

extension Officer {
  /// The role of an office's head (负责人): gives cases to officers, and signs nothing.
  static let headRole = "head"
}

extension CaseMachine {
  /// The offices whose officers matter to a case: all that may sign it, and whose work it is.
  func officesOfCase(_ file: ApprovalCase, on date: CivilDate) -> [String] {
    let codes = self.offices.offices(of: self.workflow, file.origin, on: date)
    let own = [file.workOffice, file.desk.hold?.officeCode ?? ""]
    return codes + own.filter { !$0.isEmpty && !codes.contains($0) }
  }
}
