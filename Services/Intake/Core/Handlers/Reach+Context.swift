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

  /// An applicant's number as the login proved it, in the form in which numbers are stored.
  private static func citizenID(of caller: Caller) -> String? {
    guard let proved = caller.citizenID else { return nil }
    return CitizenID.check(proved, on: .latest, from: CitizenID.anyOrigin).value?.text
  }
}
