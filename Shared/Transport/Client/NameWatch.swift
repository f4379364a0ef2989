import NIOCore

/// When a client channel asks again for the addresses behind its servers' names.
public struct ResolutionTimes: Hashable, Sendable {
  /// How old an answer may get while the channel has connections, in milliseconds.
  public var refreshMs: Int64 = 300_000
  /// How long to wait at least from one question to the next, also when connections fail, in
  /// milliseconds.
  public var againMs: Int64 = 5_000
  /// How long one question may take, in milliseconds; after that it counts as failed.
  public var timeoutMs: Int64 = 10_000
  /// How many addresses are used of an answer, the first ones.
  public var addressesMax = 64

  /// The defaults.
  public init() {}
}

/// Knows the addresses behind a channel's servers: asks when they are first needed, when a
/// connection has failed, and when the answer is old; never twice at once, and never more often
/// than allowed. Numbers need no question. Confined to its channel's loop.
final class NameWatch: @unchecked Sendable {
  private let servers: [ServerAddress]
  private let resolver: any Resolver
  private let times: ResolutionTimes
  private let loop: any EventLoop
  /// Told of each answer: the addresses, or why there are none.
  private var tell: ((Result<[ServerAddress], UnresolvedError>) -> Void)?
  /// The number of the last question, and whether it is still open.
  private var question = 0
  private var isAsking = false
  private var askedAt: NIODeadline?
  private var later: Scheduled<Void>?
  private let hasNames: Bool
  /// Whether a number's name is still asked for when it is called.
  private let keepsNames: Bool

  /// Why the servers' names mean nothing now.
  struct UnresolvedError: Error {
    let reason: String
  }

  init(
    _ configuration: ClientConfiguration, loop: any EventLoop,
    tell: @escaping (Result<[ServerAddress], UnresolvedError>) -> Void
  ) {
    self.servers = configuration.servers
    self.resolver = configuration.resolver
    self.times = configuration.resolution
    self.loop = loop
    self.tell = tell
    self.keepsNames = configuration.tls != nil
    self.hasNames = configuration.servers.contains { $0.number == nil }
  }

  /// The addresses are needed for the first time.
  func begin() {
    guard self.askedAt == nil else { return }
    if self.hasNames {
      self.ask()
    } else {
      self.askedAt = .now()
      self.tell?(.success(Array(self.servers.prefix(self.times.addressesMax))))
    }
  }

  /// A connection has failed: maybe the servers have moved.
  func suspect() {
    guard self.hasNames, !self.isAsking, self.later == nil, let askedAt = self.askedAt else {
      return
    }
    let due = askedAt + .milliseconds(self.times.againMs)
    guard due > .now() else {
      self.ask()
      return
    }
    self.later = self.loop.scheduleTask(deadline: due) {
      self.later = nil
      self.ask()
    }
  }

  /// Asks again if the answer is old; called at intervals while there are connections.
  func tick() {
    guard self.hasNames, !self.isAsking, let askedAt = self.askedAt else { return }
    if askedAt + .milliseconds(self.times.refreshMs) <= .now() { self.ask() }
  }

  /// Asks and tells no more.
  func stop() {
    self.later?.cancel()
    self.later = nil
    self.tell = nil
  }

  private func ask() {
    guard !self.isAsking, self.tell != nil else { return }
    self.isAsking = true
    self.askedAt = .now()
    self.question += 1
    let number = self.question
    let timeout = self.loop.scheduleTask(in: .milliseconds(self.times.timeoutMs)) {
      let late = UnresolvedError(reason: "the names were not resolved in time")
      self.answered(number, .failure(late))
    }
    // The thread of a question that takes too long is lost until the system answers; asking again
    // costs one more only after `againMs`.
    Task { [servers, resolver, loop, keepsNames] in
      let answer = await Self.addresses(of: servers, resolver, keepsNames: keepsNames)
      loop.execute {
        timeout.cancel()
        self.answered(number, answer)
      }
    }
  }

  private func answered(_ number: Int, _ answer: Result<[ServerAddress], UnresolvedError>) {
    guard self.isAsking, number == self.question else { return }
    self.isAsking = false
    self.tell?(answer.map { Array($0.prefix(self.times.addressesMax)) })
    if case .failure = answer { self.suspect() }
  }

  /// The addresses of all servers; those of a name that cannot be resolved are left out as long as
  /// there are others.
  private static func addresses(
    of servers: [ServerAddress], _ resolver: any Resolver, keepsNames: Bool
  ) async -> Result<[ServerAddress], UnresolvedError> {
    var addresses: [ServerAddress] = []
    var reasons: [String] = []
    for server in servers {
      if server.number != nil {
        addresses.append(server)
        continue
      }
      do {
        let found = try await resolver.resolve(server).filter { $0.number != nil }
        if found.isEmpty { reasons.append("\(server.host) has no address") }
        for var address in found {
          if keepsNames { address.name = server.host }
          addresses.append(address)
        }
      } catch {
        reasons.append("\(error)")
      }
    }
    guard !addresses.isEmpty else {
      return .failure(UnresolvedError(reason: reasons.joined(separator: "; ")))
    }
    return .success(addresses.removingRepeats())
  }
}

extension Array<ServerAddress> {
  /// Each address once, in the order of first standing.
  fileprivate func removingRepeats() -> [ServerAddress] {
    var seen: Set<ServerAddress> = []
    return self.filter { seen.insert($0).inserted }
  }
}
