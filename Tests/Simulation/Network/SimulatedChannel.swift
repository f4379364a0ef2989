import DomainModel
import RPC

/// A way from one process to another that loses, repeats and delays calls. What arrives runs
/// through the whole call layer of the server in this process.
struct SimulatedChannel: RPCChannel {
  /// How long a call or its answer is under way, in milliseconds.
  static let travelMs = 1...40
  /// After how long a repeated or late call arrives, in milliseconds.
  static let lateMs = 1...20_000
  /// How long a caller without a timeout waits for a late call, in milliseconds.
  static let patienceMs: Int64 = 30_000

  let world: SimulatedWorld
  /// The process that calls; nil for the world outside.
  let from: Life?
  let to: ServiceName

  func unary(
    _ method: Method, _ request: [UInt8], _ options: CallOptions
  ) async throws -> [UInt8] {
    let name = "\(self.from?.name ?? "client") \(self.to.rawValue).\(method.name)"
    self.world.trace.add("\(name) asks \(Trace.digest(request))")
    do {
      let answer = try await self.send(giveUpAfterMs: options.timeoutMs) {
        try await $0.unary(method, request, options)
      }
      try self.from?.check()
      self.world.trace.add("\(name) hears \(Trace.digest(answer))")
      return answer
    } catch let error as ServiceError {
      self.world.trace.add("\(name) fails \(error.code) \(error.reason)")
      throw error
    }
  }

  /// A stream breaks or does not; it never comes twice, as no network repeats one.
  func streaming<Result>(
    _ method: Method, _ options: CallOptions,
    _ body: (any MessageSink, any MessageSource) async throws -> Result
  ) async throws -> Result {
    let name = "\(self.from?.name ?? "client") \(self.to.rawValue).\(method.name)"
    self.world.trace.add("\(name) begins")
    try await self.travel()
    let fate = self.world.drawFate()
    if fate == .requestLost || fate == .late { throw Self.broken }
    let server = try self.world.server(self.to)
    let goesBack = self.world.sabotage == .watchesGoBack
    let result = try await server.transport.streaming(method, options) { sink, source in
      try await body(sink, goesBack ? EchoingSource(source) : source)
    }
    try await self.travel()
    try self.from?.check()
    guard fate != .answerLost && !server.life.isOver else { throw Self.broken }
    self.world.trace.add("\(name) ends")
    return result
  }

  private func send(
    giveUpAfterMs timeoutMs: Int64?,
    _ call: @escaping @Sendable (InProcessTransport) async throws -> [UInt8]
  ) async throws -> [UInt8] {
    try await self.travel()
    switch self.world.drawFate() {
    case .delivered: return try await self.deliver(call)
    case .requestLost: throw Self.broken
    case .answerLost:
      _ = try await self.deliver(call)
      throw Self.broken
    case .repeated:
      self.deliverLater(call)
      return try await self.deliver(call)
    case .late:
      self.deliverLater(call)
      try await self.world.sleep(timeoutMs ?? Self.patienceMs)
      throw ServiceError(code: .deadlineExceeded, message: "The call has not arrived in time.")
    }
  }

  private func deliver(
    _ call: @Sendable (InProcessTransport) async throws -> [UInt8]
  ) async throws -> [UInt8] {
    let server = try self.world.server(self.to)
    let answer: Result<[UInt8], any Error>
    do {
      answer = .success(try await call(server.transport))
    } catch {
      answer = .failure(error)
    }
    // Whatever a process says as it dies, its peer only sees the connection break.
    if server.life.isOver { throw Self.broken }
    try await self.travel()
    return try answer.get()
  }

  private func deliverLater(
    _ call: @escaping @Sendable (InProcessTransport) async throws -> [UInt8]
  ) {
    self.world.later(afterMs: self.world.network.wait(Self.lateMs)) {
      self.world.trace.add("\(self.to.rawValue) is asked again")
      _ = try? await self.deliver(call)
    }
  }

  private func travel() async throws {
    try await self.world.sleep(self.world.network.wait(Self.travelMs))
  }

  static let broken = ServiceError(code: .unavailable, message: "The connection broke.")
}
