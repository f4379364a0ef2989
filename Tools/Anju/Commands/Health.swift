import ArgumentParser
import DomainModel
import ToolKit
import Wire

/// Asks each service whether it serves; fails if one does not.
struct Health: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ask the services whether they serve (grpc.health.v1).")

  @Argument(help: "Which: intake, approval, notification, registry; all if none is named.")
  var names: [String] = []

  @OptionGroup var addresses: Addresses

  func run() async throws {
    try await self.addresses.withServices { services in
      var failed = false
      let asked = services.channels.filter { self.names.isEmpty || self.names.contains($0.name) }
      for (name, channel) in asked {
        let state = await self.state(GrpcHealthV1.HealthClient(channel), services)
        failed = failed || state != "serving"
        try Output(json: self.addresses.json).show(
          ["service": name, "state": state], "\(name): \(state)")
      }
      if failed || asked.isEmpty { throw ExitCode.failure }
    }
  }

  private func state(_ client: GrpcHealthV1.HealthClient, _ services: Services) async -> String {
    do {
      let options = services.anybody
      let answer = try await client.check(GrpcHealthV1.HealthCheckRequest(), options: options)
      return word(answer.status)
    } catch let error as ServiceError {
      return "no answer: \(error.message)"
    } catch {
      return "no answer: \(error)"
    }
  }
}
