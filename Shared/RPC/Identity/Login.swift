public import DomainModel

/// What the platform that a person logged in to has proved of the login. One object a token, shared
/// by the calls that show it.
public final class Login: Hashable, Sendable {
  /// Who acts where it is not the caller himself.
  public struct Act: Hashable, Sendable {
    /// The acting person's own id, 1 to 64 bytes.
    public let id: String
    /// In which capacity.
    public let capacity: ActingCapacity
    /// The acting person's citizen identity number.
    public let citizenID: String?

    /// Who acts.
    public init(id: String, capacity: ActingCapacity, citizenID: String? = nil) {
      self.id = id
      self.capacity = capacity
      self.citizenID = citizenID
    }
  }

  /// Who acts for the caller; nil where he acts himself.
  public let act: Act?
  /// How sure the platform is of the person, in its own words.
  public let assurance: String?
  /// When the person logged in.
  public let loggedInAt: Timestamp?
  /// When the person's face was checked last.
  public let faceCheckedAt: Timestamp?

  /// What is known of a login.
  public init(
    act: Act? = nil, assurance: String? = nil, loggedInAt: Timestamp? = nil,
    faceCheckedAt: Timestamp? = nil
  ) {
    self.act = act
    self.assurance = assurance
    self.loggedInAt = loggedInAt
    self.faceCheckedAt = faceCheckedAt
  }

  /// Whether both say the same.
  public static func == (left: Login, right: Login) -> Bool {
    left === right
      || (left.act == right.act && left.assurance == right.assurance
        && left.loggedInAt == right.loggedInAt && left.faceCheckedAt == right.faceCheckedAt)
  }

  /// Hashes what it says.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(self.act)
    hasher.combine(self.assurance)
    hasher.combine(self.loggedInAt)
    hasher.combine(self.faceCheckedAt)
  }
}
