internal import DomainModel
internal import RPC
internal import Wire

/// `grpc.health.v1.Health` over the process's health: the server as a whole (the empty name) and
/// each of its services answer alike.
///
/// A dependency is asked for under the name that it has on the health page, such as `store`, once
/// and not by `Watch`: nothing is told when it changes. One that is not well leaves the server
/// serving: what does not need it goes on.
struct HealthService: GrpcHealthV1.Health {
  let health: HealthRegistry
  /// The full names of the services that this process serves.
  let services: Set<String>

  private typealias Status = GrpcHealthV1.HealthCheckResponse.ServingStatus

  func check(
    _ request: GrpcHealthV1.HealthCheckRequest, _ context: CallContext
  ) async throws -> GrpcHealthV1.HealthCheckResponse {
    if self.knows(request.service) { return self.response(self.health.isServing) }
    guard let finding = await self.health.look(at: request.service) else {
      throw ServiceError(code: .notFound, message: "This server has no service of that name.")
    }
    return self.response(finding.problem == nil)
  }

  /// Ends when the process stops: after the last word, so that a drain need not wait for watchers.
  func watch(
    _ request: GrpcHealthV1.HealthCheckRequest,
    _ responses: ResponseWriter<GrpcHealthV1.HealthCheckResponse>, _ context: CallContext
  ) async throws {
    let isKnown = self.knows(request.service)
    if !isKnown {
      try await responses.write(GrpcHealthV1.HealthCheckResponse(status: .serviceUnknown))
    }
    for await isServing in self.health.changes() where isKnown {
      try await responses.write(self.response(isServing))
    }
    try Task.checkCancellation()
  }

  private func knows(_ service: String) -> Bool {
    service.isEmpty || self.services.contains(service)
  }

  private func response(_ isServing: Bool) -> GrpcHealthV1.HealthCheckResponse {
    GrpcHealthV1.HealthCheckResponse(status: isServing ? .serving : .notServing)
  }
}
