import DomainModel
import RPC
import ToolKit
import Wire

/// The services that a run needs, looked for before it begins.
enum Targets {
  /// How long a service may take to say that it is there, in milliseconds.
  private static let answerMsMax: Int64 = 3_000

  /// Throws a sentence that names every service that is not there. A service that answers at all,
  /// be it with an error, is there.
  static func require(
    _ names: Set<String>, _ services: Services, _ addresses: Addresses
  ) async throws {
    let places = [
      "intake": addresses.intake, "approval": addresses.approval,
      "notification": addresses.notification, "registry": addresses.registry,
    ]
    var missing: [String] = []
    for (name, channel) in services.channels where names.contains(name) {
      do {
        _ = try await GrpcHealthV1.HealthClient(channel).check(
          GrpcHealthV1.HealthCheckRequest(),
          options: CallOptions(timeoutMs: Self.answerMsMax))
      } catch let error as ServiceError
        where error.code == .unavailable || error.code == .deadlineExceeded
      {
        missing.append("\(name) is not there at \(places[name] ?? "-"): \(error.message)")
      } catch is ServiceError {}
    }
    guard missing.isEmpty else { throw NotThere(missing.joined(separator: "\n")) }
  }
}
