/// What an operator decides of the approval service.
public struct ApprovalSettings: Hashable, Sendable {
  /// For how many minutes a claim may hold.
  public static let claimMinutes = 1...480

  /// For how many minutes an officer holds a case that he has claimed.
  public var claimMinutes = 30

  /// The defaults.
  public init() {}
}
