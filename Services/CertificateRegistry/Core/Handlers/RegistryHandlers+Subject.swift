import DomainModel
import RPC
import ServiceCore
import Wire

extension RegistryHandlers {
  /// The role of the officers who act for persons about what is kept of them (个人信息保护法 Art. 52).
  static let dataProtection = "data_protection"

  /// Who asks. Throws `CALLER_NOT_ALLOWED` for an officer of another role, and what `holder` does.
  func subjectAsker(of context: CallContext) throws -> SubjectAsker {
    if context.reach == .ownAndWards { return .person(try self.holder(of: context)) }
    guard try context.requireCaller().role == Self.dataProtection else {
      throw ServiceError(.callerNotAllowed)
    }
    return .officer
  }

  /// What an officer reaches; nil for the person himself.
  func subjectReach(of context: CallContext, _ asker: SubjectAsker) throws -> RegistryReach? {
    guard asker == .officer else { return nil }
    return try self.reach(of: context)
  }

  /// Whether somebody may be told or erased now: an officer has a request before him, the person
  /// himself shows his face.
  func subjectCheck(
    of context: CallContext, _ asker: SubjectAsker
  ) -> Result<Void, ServiceError> {
    asker == .officer ? .success(()) : self.faceCheck(of: context)
  }

  /// Who did it, as it is kept: the person himself is not named in what is left of him.
  func subjectActor(of context: CallContext, _ asker: SubjectAsker) throws -> Actor {
    let actor = Actor(try context.requireCaller())
    if asker == .officer { return actor }
    return Actor(principal: Caller.Kind.applicant.rawValue, role: actor.role)
  }
}
