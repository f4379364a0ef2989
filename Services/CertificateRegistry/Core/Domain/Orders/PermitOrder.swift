import DomainModel

/// An order to change one permit, checked in itself.
struct PermitOrder: Hashable, Sendable {
  let certificateIdentifier: String
  let order: Order
  let command: PermitCommand
  /// What the certificate and the permit's row say anew.
  var changes = FaceChanges()
}

/// What an order changes of what a permit says; nil where it stays.
struct FaceChanges: Hashable, Sendable {
  var holder: PersonIdentity?
  var residence: Address?
  var photoSHA256: [UInt8]?
  var phone: PhoneNumber?
  /// SHA-256 of the proof of a correction; it stands in the history.
  var proofSHA256: [UInt8]?
}

/// An order to change one permit as sent: not yet checked.
struct PermitClaim: Hashable, Sendable {
  var certificateIdentifier: String
  var order: OrderClaim
  var what: What

  /// What is to happen.
  enum What: Hashable, Sendable {
    case endorse(submittedOn: String, move: MoveClaim?, phone: String)
    case changeAddress(MoveClaim?)
    case changeContact(phone: String)
    case correct(IdentityClaim, photoSHA256: [UInt8], proofSHA256: [UInt8])
    case reportLoss
    case withdrawLoss
    case cancel(CancelReason?)
    case reinstate
    case placeHold(number: String)
    case releaseHold(number: String)

    /// What the order behind it must bring.
    var needs: OrderClaim.Needs {
      switch self {
      case .endorse, .changeAddress, .correct: .init(aCase: true)
      case .cancel(.ownRequest): .init(aCase: true)
      case .cancel, .reinstate, .placeHold, .releaseHold: .init(aReason: true)
      case .changeContact, .reportLoss, .withdrawLoss: .init()
      }
    }
  }

  /// The order; throws with every defect. `today` is the civil date in Asia/Shanghai.
  func checked(on today: CivilDate, _ policy: RegistryPolicy) throws -> PermitOrder {
    var defects = DefectList()
    defects.checkIdentifier(self.certificateIdentifier, at: "certificate_identifier")
    let order = self.order.checked(at: "order", self.what.needs, on: today, &defects)
    var reader = ClaimReader(
      today: today, decidedOn: order?.decidedOn ?? today, policy: policy, defects: defects)
    let command = reader.command(self.what)
    try reader.defects.throwIfAny(.requestInvalid)
    guard let order, let command else { throw ServiceError(.requestInvalid) }
    return PermitOrder(
      certificateIdentifier: self.certificateIdentifier, order: order, command: command,
      changes: reader.changes)
  }
}

/// A move as sent: not yet checked.
struct MoveClaim: Hashable, Sendable {
  var residence: Address
  var changedOn: String
  /// Empty where it was reported with what it rides along with.
  var reportedOn = ""
}

/// Reads what is to happen, and notes every defect.
private struct ClaimReader {
  let today: CivilDate
  let decidedOn: CivilDate
  let policy: RegistryPolicy
  var defects: DefectList
  var changes = FaceChanges()

  init(today: CivilDate, decidedOn: CivilDate, policy: RegistryPolicy, defects: DefectList) {
    self.today = today
    self.decidedOn = decidedOn
    self.policy = policy
    self.defects = defects
  }

  /// The command; nil once its defects were noted.
  mutating func command(_ what: PermitClaim.What) -> PermitCommand? {
    switch what {
    case .endorse(let submittedOn, let move, let phone):
      return self.endorse(submittedOn, move, phone)
    case .changeAddress(let move):
      if move == nil { self.defects.add(.fieldMissing, at: "move") }
      return move.flatMap { self.move($0, reportedOn: self.decidedOn) }
        .map(PermitCommand.changeAddress)
    case .changeContact(let phone):
      self.changes.phone = self.defects.take(PhoneNumber.check(phone), at: "phone")
      return .changeContact
    case .correct(let holder, let photo, let proof):
      return self.correct(holder, photo, proof)
    case .reportLoss: return .reportLoss
    case .withdrawLoss: return .withdrawLoss
    case .cancel(let reason): return self.cancel(reason)
    case .reinstate: return .reinstate
    case .placeHold(let number): return .placeHold(self.documentNumber(number))
    case .releaseHold(let number): return .releaseHold(self.documentNumber(number))
    }
  }

  private mutating func endorse(
    _ submittedOn: String, _ move: MoveClaim?, _ phone: String
  ) -> PermitCommand? {
    let submitted = self.defects.date(
      submittedOn, at: "submitted_on", notAfter: self.decidedOn, notBefore: nil)
    let ridden = move.map { self.move($0, reportedOn: submitted ?? self.decidedOn) }
    if !phone.isEmpty {
      self.changes.phone = self.defects.take(PhoneNumber.check(phone), at: "phone")
    }
    guard let submitted else { return nil }
    return .endorse(
      .init(submittedOn: submitted, decidedOn: self.decidedOn, move: ridden ?? nil))
  }

  private mutating func move(
    _ claim: MoveClaim, reportedOn day: CivilDate
  ) -> PermitCommand.AddressChange? {
    let changed = self.defects.date(
      claim.changedOn, at: "move.changed_on", notAfter: self.decidedOn, notBefore: nil)
    claim.residence.check(
      as: .residence, in: self.policy.divisions, on: changed ?? self.today,
      field: "move.residence", into: &self.defects)
    self.changes.residence = claim.residence
    var reported: CivilDate? = day
    if !claim.reportedOn.isEmpty {
      reported = self.defects.date(
        claim.reportedOn, at: "move.reported_on", notAfter: self.decidedOn, notBefore: changed)
    }
    guard let changed, let reported else { return nil }
    return PermitCommand.AddressChange(
      divisionCode: claim.residence.division, changedOn: changed, reportedOn: reported)
  }

  private mutating func correct(
    _ holder: IdentityClaim, _ photo: [UInt8], _ proof: [UInt8]
  ) -> PermitCommand {
    self.changes.holder = holder.checked(
      at: "holder", on: self.today, self.policy.divisions, &self.defects)
    if photo.count != 32 { self.defects.add(.hashInvalid, at: "photo_sha256") }
    if proof.count != 32 { self.defects.add(.hashInvalid, at: "proof_sha256") }
    self.changes.photoSHA256 = photo
    self.changes.proofSHA256 = proof
    return .correct
  }

  /// A conversion cancels with what it issues, death and another hukou are events of the person:
  /// none of them is ordered here.
  private mutating func cancel(_ reason: CancelReason?) -> PermitCommand? {
    guard let reason else {
      self.defects.add(.fieldMissing, at: "reason")
      return nil
    }
    if reason == .converted || reason.isFactOfLife {
      self.defects.add(.valueUnknown, at: "reason")
    }
    return .cancel(reason)
  }

  private mutating func documentNumber(_ number: String) -> String {
    self.defects.check(
      number, at: "document_number", max: TextLimits.referenceCharactersMax)
    return number
  }
}
