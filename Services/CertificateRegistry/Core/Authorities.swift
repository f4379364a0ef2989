import DomainModel
import RPC

/// The platforms that speak for an authority: they may report what has become of persons, and
/// import what was issued elsewhere. Our own services, which the access table names, may as well.
public struct Authorities: Hashable, Sendable {
  /// Who it is where nothing else is set: the registration system.
  public static let standard = "registration"

  private let integrators: Set<String>

  /// The integrators with these ids, with spaces between; nobody for an empty text.
  public init(_ ids: String = Authorities.standard) {
    self.integrators = Set(ids.split(separator: " ").map(String.init))
  }

  /// Throws `CALLER_NOT_ALLOWED` for a platform that is none of them.
  func check(_ context: CallContext) throws {
    let caller = try context.requireCaller()
    guard caller.kind != .integrator || self.integrators.contains(caller.id) else {
      throw ServiceError(.callerNotAllowed)
    }
  }
}
