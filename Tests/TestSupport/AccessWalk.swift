import DomainModel
public import RPC

/// Asks a service's access table through its front door: who gets past it.
public enum AccessWalk {
  /// One caller of each kind, each of our services, and one that only calls itself a service.
  public static let callers =
    [
      Caller(kind: .applicant, id: "one", citizenID: "11010519491231002X"),
      Caller(kind: .officer, id: "one", office: "330106500000", role: "accept"),
      Caller(kind: .integrator, id: "one"), Caller(kind: .auditor, id: "one"),
      Caller(kind: .service, id: "stranger"),
    ] + ServiceName.allCases.map(Caller.init(service:))

  /// The principals that are not turned away from a method of one request with
  /// `CALLER_NOT_ALLOWED`; the request is empty, so that nothing else happens.
  public static func allowed(
    to method: Method, through channel: any RPCChannel
  ) async -> Set<String> {
    var allowed: Set<String> = []
    for caller in Self.callers {
      let options = CallOptions(metadata: Metadata(caller: caller))
      do {
        if method.kind == .serverStreaming {
          try await Self.begin(method, through: channel, options)
        } else {
          _ = try await channel.unary(method, [], options)
        }
      } catch let error as ServiceError where error.reason == "CALLER_NOT_ALLOWED" {
        continue
      } catch {}
      allowed.insert(caller.principal)
    }
    return allowed
  }

  /// Reads the first answer of a stream, which may have no end.
  private static func begin(
    _ method: Method, through channel: any RPCChannel, _ options: CallOptions
  ) async throws {
    try await channel.streaming(method, options) { sink, source in
      try await sink.write([])
      await sink.finish()
      _ = try await source.next()
    }
  }
}
