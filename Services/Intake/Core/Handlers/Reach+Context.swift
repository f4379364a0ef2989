import DomainModel
import RPC

extension Reach {
  /// What the caller reaches by the method, as the access table says.
  init(of context: CallContext) throws {
    let caller = try context.requireCaller()
    switch context.reach {
    case .everything: self = .everything
    case .ownAndWards:
      self = .owned(by: caller.principal, citizenID: Self.citizenID(of: caller))
    case .submitted: self = .owned(by: caller.principal, citizenID: nil)
    case .office:
      guard let office = caller.office else { throw ServiceError(.officerWrongOffice) }
      self = .entered(at: office)
    case .adds, .published, .shown, nil: throw ServiceError(.callerNotAllowed)
    }
  }

  /// The same for a method that officers call: an officer reaches what belongs to his own office
  /// and to those below it. Throws `OFFICER_WRONG_OFFICE` for an officer without an office.
  init(of context: CallContext, among offices: OfficeTable) throws {
    guard context.reach == .office else {
      try self.init(of: context)
      return
    }
    guard let office = try context.requireCaller().office else {
      throw ServiceError(.officerWrongOffice)
    }
    self = .offices(offices.codes(from: office))
  }

  /// An applicant's number as the login proved it, in the form in which numbers are stored.
  static func citizenID(of caller: Caller) -> String? {
    // An officer's own number opens nothing: it only keeps him out of his own affairs.
    guard caller.kind == .applicant, let proved = caller.citizenID else { return nil }
    return CitizenID.check(proved, on: .latest, from: CitizenID.anyOrigin).value?.text
  }
}
