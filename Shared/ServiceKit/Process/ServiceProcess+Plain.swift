public import RPC

extension ServiceProcess {
  /// Runs a service that has no settings of its own but where its peers are.
  public static func run(
    _ service: ServiceName, peers: [ServiceName] = [],
    wire: @Sendable (inout ServiceWiring) async throws -> Void
  ) async {
    await Self.run(service, peers: peers) { _ in
      ()
    } wire: { wiring, _ in
      try await wire(&wiring)
    }
  }
}
