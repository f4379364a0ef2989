import RPC
import Transport
import Wire

/// Many large calls one after the other. Each is timed and told; what failed or was too slow is
/// counted, and looked at in the end.
enum SoakCases {
  /// All over one channel.
  static func oneChannel(_ peer: Peer) async throws {
    try await Self.soak(peer) {
      try await Self.call(peer.channel)
      return {}
    }
  }

  /// Each over a channel of its own; making it counts as a part of the call, closing it does not.
  static func channelEach(_ peer: Peer) async throws {
    try await Self.soak(peer) {
      let channel = peer.connect()
      do {
        try await Self.call(channel)
      } catch {
        await channel.close()
        throw error
      }
      return { await channel.close() }
    }
  }

  /// What is to be done once a call has been timed.
  private typealias After = @Sendable () async -> Void

  private static func call(_ channel: any RPCChannel) async throws {
    let answer = try await GrpcTesting.TestServiceClient(channel).unaryCall(.large)
    try expectZeroes(answer.payload, Sizes.largeAnswer, "the answer")
  }

  private static func soak(_ peer: Peer, _ call: () async throws -> After) async throws {
    let options = peer.options
    let clock = ContinuousClock()
    let secondsMax =
      options.soakSecondsMax ?? max(options.soakLatencyMsMax * options.soakIterations / 1_000, 1)
    let end = clock.now + .seconds(secondsMax)
    var record = SoakRecord(latencyMsMax: Double(options.soakLatencyMsMax))
    while record.count < options.soakIterations, clock.now < end {
      let began = clock.now
      do {
        let after = try await call()
        record.add(clock.now - began, failure: nil, peer.name)
        await after()
      } catch {
        record.add(clock.now - began, failure: "\(error)", peer.name)
      }
      try await Task.sleep(until: began + .milliseconds(options.soakPauseMs), clock: clock)
    }
    Console.note(record.summary)
    try expect(record.count, is: options.soakIterations, "calls made in \(secondsMax) s")
    try expect(
      record.failures <= options.soakFailuresMax, "at most \(options.soakFailuresMax) failed")
  }
}
