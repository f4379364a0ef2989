import DomainModel

/// A court's order that holds a case (rules, Approval): until a second order lifts it, it is not
/// decided on.
struct CourtHold: Hashable, Sendable {
  /// The number of the court's order (案号).
  var documentNumber: String
  /// Which court.
  var court: String
  var placedAt: Timestamp
  /// The head who placed it.
  var officerID: String
  /// His office: 12 digits.
  var officeCode: String
  /// Nil while it holds.
  var release: Release?

  /// How it was lifted.
  struct Release: Hashable, Sendable {
    /// The number of the second order.
    var documentNumber: String
    var at: Timestamp
    var officerID: String
    var officeCode: String
  }

  /// How long the number of an order may be, in Unicode scalars.
  static let numberCharactersMax = 64
  /// How long a court's name may be, in Unicode scalars.
  static let courtCharactersMax = 80
  /// How many orders hold or held one case at most.
  static let countMax = 20
}

/// What the head of an office wants to do by a court's order.
struct HoldDraft: Hashable, Sendable {
  /// What can be done.
  enum Deed: Hashable, Sendable {
    case place(court: String)
    /// By a second order.
    case release(by: String)
  }

  var head: Officer
  /// The version he read.
  var expectedVersion: Int64
  /// The number of the order that holds the case.
  var documentNumber: String
  var deed: Deed
}

extension ApprovalCase {
  /// Whether a court's order holds it.
  var isOnHold: Bool { self.holds.contains { $0.release == nil } }

  /// Whether a court's order can hold it: what is decided is the registry's, until it comes back.
  var isHoldable: Bool { self.state.isUndecided || self.state == .issueRefused }
}
