import DomainModel

/// Who may call a method.
public enum AccessRule: Hashable, Sendable {
  /// Anybody, also a caller that does not say who it is: health checks.
  case anyone
  /// Callers of these kinds, and of our own services those that are named. `.service` among the
  /// kinds would let in every one of them.
  case only(Set<Caller.Kind>, services: Set<ServiceName> = [])

  /// Some of our own services and nobody else.
  public static func services(_ services: Set<ServiceName>) -> AccessRule {
    .only([], services: services)
  }

  /// Throws `CALLER_UNKNOWN` or `CALLER_NOT_ALLOWED` for a caller that the rule does not list.
  func check(_ caller: Caller?) throws(ServiceError) {
    guard case .only(let kinds, let services) = self else { return }
    guard let caller else { throw ServiceError(.callerUnknown) }
    if kinds.contains(caller.kind) { return }
    guard let service = caller.service, services.contains(service) else {
      throw ServiceError(.callerNotAllowed)
    }
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

/// Refuses a caller that the table does not list for the method.
struct AccessCheck: ServerInterceptor {
  let rule: AccessRule

  func begin(_ context: inout CallContext) throws {
    try self.rule.check(context.caller)
  }
}
