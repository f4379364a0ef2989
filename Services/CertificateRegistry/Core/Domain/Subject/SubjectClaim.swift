import DomainModel

/// Who asks for what is kept about a person.
enum SubjectAsker: Hashable, Sendable {
  /// The person himself, by the citizen number that the login proved.
  case person(String)
  /// An officer of data protection.
  case officer
}

/// A request about a person, checked in itself.
struct SubjectRequest: Hashable, Sendable {
  /// Normalised.
  let citizenID: String
  /// The number under which the person's request is filed; empty where he asks himself.
  let reference: String
}

/// A request about a person as sent: not yet checked.
struct SubjectClaim: Hashable, Sendable {
  var citizenID: String
  var reference: String

  /// The request; throws with every defect, and `PERSON_NOT_FOUND` where an applicant names anybody
  /// else, whom he is not to know of.
  func checked(by asker: SubjectAsker, on today: CivilDate) throws -> SubjectRequest {
    var defects = DefectList()
    let request = try self.read(by: asker, on: today, &defects)
    try defects.throwIfAny(.requestInvalid)
    guard let request else { throw ServiceError(.requestInvalid) }
    return request
  }

  fileprivate func read(
    by asker: SubjectAsker, on today: CivilDate, _ defects: inout DefectList
  ) throws -> SubjectRequest? {
    switch asker {
    case .person(let own):
      if !self.citizenID.isEmpty, !Self.isSame(self.citizenID, own) {
        throw ServiceError(.personNotFound)
      }
      if !self.reference.isEmpty { defects.add(.fieldNotWanted, at: "reference") }
      return SubjectRequest(citizenID: own, reference: "")
    case .officer:
      let citizenID = defects.take(
        CitizenID.check(self.citizenID, on: today, from: CitizenID.anyOrigin), at: "citizen_id")
      defects.check(self.reference, at: "reference", max: TextLimits.referenceCharactersMax)
      return citizenID.map { SubjectRequest(citizenID: $0.text, reference: self.reference) }
    }
  }

  private static func isSame(_ text: String, _ own: String) -> Bool {
    let read = CitizenID.check(text, on: .latest, from: CitizenID.anyOrigin)
    return (try? read.get())?.text == own
  }
}

/// An order to erase a person as sent: not yet checked.
struct ErasureClaim: Hashable, Sendable {
  var subject: SubjectClaim
  var ground: ErasureGround?

  /// Whom to erase, and on what ground; throws with every defect. That the term is over is nothing
  /// that anybody tells the registry, and relatives come by an officer.
  func checked(
    by asker: SubjectAsker, on today: CivilDate
  ) throws -> (subject: SubjectRequest, erasure: Erasure) {
    var defects = DefectList()
    let subject = try self.subject.read(by: asker, on: today, &defects)
    switch (asker, self.ground) {
    case (_, nil): defects.add(.fieldMissing, at: "ground")
    case (_, .termOver), (.person, .relativesRequest): defects.add(.valueUnknown, at: "ground")
    case (_, .ownRequest), (.officer, .relativesRequest): break
    }
    try defects.throwIfAny(.requestInvalid)
    guard let subject, let ground = self.ground else { throw ServiceError(.requestInvalid) }
    return (subject, Erasure(ground: ground, reference: subject.reference))
  }
}
