import DomainModel

/// How a server learns who is calling.
public enum CallerIdentity: Hashable, Sendable {
  /// From request metadata, unproved: the embedded default. A server with it listens on loopback
  /// only.
  case metadata

  var interceptor: any ServerInterceptor {
    switch self {
    case .metadata: MetadataIdentity()
    }
  }
}

/// Takes the caller from request metadata: `anju-caller-kind` (`applicant`, `officer`,
/// `integrator`,
/// `service`, `auditor`), `anju-caller-id`, and where they apply `anju-caller-citizen-id`,
/// `anju-caller-office` and `anju-caller-role`.
///
/// Without `anju-caller-kind` the caller stays unknown, and the access table decides.
public struct MetadataIdentity: ServerInterceptor {
  /// The longest value of any of the entries, in UTF-8 bytes.
  public static let valueBytesMax = 64

  /// The interceptor; a router with `CallerIdentity.metadata` has it already.
  public init() {}

  /// Sets the caller. Throws `CALLER_UNKNOWN` for half an identity or too
  /// long a value.
  public func begin(_ context: inout CallContext) throws {
    let metadata = context.metadata
    guard let kindText = metadata["anju-caller-kind"] else { return }
    guard let kind = Caller.Kind(rawValue: kindText),
      let id = try self.value("anju-caller-id", of: metadata)
    else { throw ServiceError(.callerUnknown) }
    context.caller = Caller(
      kind: kind, id: id,
      citizenID: try self.value("anju-caller-citizen-id", of: metadata),
      office: try self.value("anju-caller-office", of: metadata),
      role: try self.value("anju-caller-role", of: metadata))
  }

  private func value(_ name: String, of metadata: Metadata) throws -> String? {
    guard let text = metadata[name] else { return nil }
    guard !text.isEmpty, text.utf8.count <= Self.valueBytesMax else {
      throw ServiceError(.callerUnknown)
    }
    return text
  }
}

extension Metadata {
  /// The metadata by which a client says who it is to a server with `CallerIdentity.metadata`.
  public init(caller: Caller) {
    self.init()
    self.append("anju-caller-kind", caller.kind.rawValue)
    self.append("anju-caller-id", caller.id)
    if let citizenID = caller.citizenID { self.append("anju-caller-citizen-id", citizenID) }
    if let office = caller.office { self.append("anju-caller-office", office) }
    if let role = caller.role { self.append("anju-caller-role", role) }
  }

  /// Whether an entry of this name says who is calling.
  static func namesCaller(_ name: String) -> Bool { name.hasPrefix("anju-caller-") }
}
