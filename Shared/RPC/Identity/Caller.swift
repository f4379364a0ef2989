/// Who is calling, as a `CallerAuthority` believes it. Handlers learn it from `CallContext.caller`
/// only.
public struct Caller: Hashable, Sendable {
  /// What kind of caller it is.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// A person (申请人) acting for himself or a ward.
    case applicant
    /// A police officer (民警) with an office and a role.
    case officer
    /// A platform that submits for applicants, such as the 浙里办 app's server.
    case integrator
    /// One of Anju's own services.
    case service
    /// Reads everything, changes nothing.
    case auditor
  }

  /// What kind of caller it is.
  public var kind: Kind
  /// The caller's own id within its kind, 1 to 64 characters.
  public var id: String
  /// An applicant's citizen identity number (公民身份号码), as the login proved it; an officer's where
  /// his token brings it.
  public var citizenID: String?
  /// An officer's office: 12 digits.
  public var office: String?
  /// An officer's role: `accept`, `review`, `approve`, `confirm` or `head`, and others that sign
  /// nothing.
  public var role: String?
  /// What is known of the login behind the call; nil for a caller that did not log in.
  public var login: Login?

  /// A caller.
  public init(
    kind: Kind, id: String, citizenID: String? = nil, office: String? = nil, role: String? = nil,
    login: Login? = nil
  ) {
    self.kind = kind
    self.id = id
    self.citizenID = citizenID
    self.office = office
    self.role = role
    self.login = login
  }

  /// The caller as one word, `kind:id`: the scope of idempotency keys and the actor in history
  /// rows.
  public var principal: String { "\(self.kind.rawValue):\(self.id)" }
}
