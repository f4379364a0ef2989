import DomainModel

/// Who may call a method.
public enum AccessRule: Hashable, Sendable {
  /// Anybody, also a caller that does not say who it is: health checks.
  case anyone
  /// Callers of these kinds.
  case only(Set<Caller.Kind>)
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
    guard case .only(let kinds) = self.rule else { return }
    guard let caller = context.caller else { throw ServiceError(.callerUnknown) }
    guard kinds.contains(caller.kind) else { throw ServiceError(.callerNotAllowed) }
  }
}
