public import DomainModel

extension ServiceProcess {
  /// Runs a service that has no settings of its own but where its peers are.
  ///
  /// `wire` gets the address of each peer that is named.
  public static func run(
    _ service: ServiceName, peers: [ServiceName],
    wire: (inout ServiceWiring, [ServiceName: PeerAddress]) async throws -> Void
  ) async {
    await Self.run(service) { reader in
      var addresses: [ServiceName: PeerAddress] = [:]
      for peer in peers { addresses[peer] = reader.peer(peer) }
      return addresses
    } wire: { wiring, addresses in
      try await wire(&wiring, addresses)
    }
  }
}
