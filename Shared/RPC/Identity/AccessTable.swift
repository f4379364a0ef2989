import DomainModel

/// Who may call a method, and what of the service's things they reach by it.
public enum AccessRule: Hashable, Sendable {
  /// Anybody, also a caller that does not say who it is: health checks.
  case anyone
  /// Callers of these kinds, each with what it reaches, and of our own services those that are
  /// named, which reach everything.
  case only([Caller.Kind: ReachRule], services: Set<ServiceName> = [])

  /// Some of our own services and nobody else.
  public static func services(_ services: Set<ServiceName>) -> AccessRule {
    .only([:], services: services)
  }

  /// What the caller reaches; nil where the method asks nobody who he is. Throws `CALLER_UNKNOWN`
  /// or `CALLER_NOT_ALLOWED` for a caller that the rule does not list.
  func reach(of caller: Caller?) throws(ServiceError) -> ReachRule? {
    guard case .only(let kinds, let services) = self else { return nil }
    guard let caller else { throw ServiceError(.callerUnknown) }
    if let reach = kinds[caller.kind] { return reach }
    guard let service = caller.service, services.contains(service) else {
      throw ServiceError(.callerNotAllowed)
    }
    return .everything
  }

  /// What is wrong with the rule itself, one sentence each.
  func problems(of method: Method) -> [String] {
    guard case .only(let kinds, let services) = self else { return [] }
    if kinds.isEmpty && services.isEmpty { return ["nobody may call \(method.path)"] }
    return kinds.filter { kind, reach in !reach.fits(kind) }
      .map { kind, reach in "\(method.path): \(kind.rawValue) cannot reach '\(reach.rawValue)'" }
      .sorted()
  }
}

/// Who may call which method. It fails closed: a router refuses to start while a method has no
/// entry, or an entry no method.
public struct AccessTable: Sendable {
  /// The entries, in the order written.
  public private(set) var entries: [(method: Method, rule: AccessRule)]

  /// A table; one entry a method.
  public init(_ entries: KeyValuePairs<Method, AccessRule> = [:]) {
    self.entries = entries.map { ($0.key, $0.value) }
  }

  /// Adds an entry.
  public mutating func allow(_ method: Method, _ rule: AccessRule) {
    self.entries.append((method, rule))
  }

  /// Adds another table's entries.
  public mutating func add(_ other: AccessTable) {
    self.entries += other.entries
  }

  /// The first rule for a path; nil if there is none.
  func rule(for path: String) -> AccessRule? {
    self.entries.first { $0.method.path == path }?.rule
  }
}
