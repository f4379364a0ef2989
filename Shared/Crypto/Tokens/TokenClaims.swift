public import DomainModel

/// What a token says of whoever calls; each claim is described in `proto/README.md`. Times and
/// names of the token itself (`iss`, `aud`, `exp`, …) are `VerifiedToken`'s.
public struct TokenClaims: Hashable, Sendable {
  /// Who acts where it is not the subject himself (RFC 8693, 4.1).
  public struct Act: Hashable, Sendable {
    /// `sub`: the acting person's own id, 1 to 64 bytes.
    public var subject: String
    /// `as`: in which capacity.
    public var capacity: ActingCapacity
    /// `person`: the acting person's citizen identity number.
    public var person: String?

    /// Who acts.
    public init(subject: String, capacity: ActingCapacity, person: String? = nil) {
      self.subject = subject
      self.capacity = capacity
      self.person = person
    }
  }

  /// `sub`: the caller's id within its kind, 1 to 64 bytes.
  public var subject: String
  /// `kind`: applicant, officer, integrator, auditor or service.
  public var kind: String
  /// `person`: the citizen identity number (公民身份号码) that the login proved.
  public var person: String?
  /// `role`: an officer's role.
  public var role: String?
  /// `office`: an officer's office, 12 digits.
  public var office: String?
  /// `act`: who acts for the subject.
  public var act: Act?
  /// `acr`: how sure the login is of the person.
  public var assurance: String?
  /// `auth_time`: when the person logged in.
  public var loggedInAt: Timestamp?
  /// `face_at`: when the person's face was checked last.
  public var faceCheckedAt: Timestamp?

  /// Claims about a caller.
  public init(
    subject: String, kind: String, person: String? = nil, role: String? = nil,
    office: String? = nil
  ) {
    self.subject = subject
    self.kind = kind
    self.person = person
    self.role = role
    self.office = office
  }
}
