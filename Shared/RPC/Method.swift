/// The four kinds of gRPC call.
public enum MethodKind: Hashable, Sendable {
  case unary
  case clientStreaming
  case serverStreaming
  case bidirectionalStreaming
}

/// One method of one service, as generated code names it; nobody types a path by hand.
public struct Method: Hashable, Sendable {
  /// Every call's context carries its method and is copied on its way: one reference is cheaper to
  /// copy than three strings.
  private final class Names: Sendable {
    let service: String
    let name: String
    let path: String

    init(service: String, name: String) {
      self.service = service
      self.name = name
      self.path = "/\(service)/\(name)"
    }
  }

  private let names: Names
  /// Which sides stream.
  public let kind: MethodKind

  /// A method; called by generated code.
  public init(service: String, name: String, kind: MethodKind) {
    self.names = Names(service: service, name: name)
    self.kind = kind
  }

  /// The full name of the service, such as `anju.intake.v1.IntakeService`.
  public var service: String { self.names.service }
  /// The method's own name, such as `SubmitApplication`.
  public var name: String { self.names.name }
  /// The path on the wire: `/service/name`.
  public var path: String { self.names.path }

  /// Whether both have one path and kind.
  public static func == (left: Method, right: Method) -> Bool {
    // Generated code makes each method once, so two that are equal are mostly the same.
    (left.names === right.names || left.path == right.path) && left.kind == right.kind
  }

  /// Hashes the path.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(self.path)
  }

  /// The method that a stored path names; nil for a text that is no path.
  public init?(path: String, kind: MethodKind) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].isEmpty, !parts[1].isEmpty, !parts[2].isEmpty else {
      return nil
    }
    self.init(service: String(parts[1]), name: String(parts[2]), kind: kind)
  }
}

/// A message that can be read from and written to protobuf's wire format.
public protocol WireMessage: Hashable, Sendable {
  /// Reads a message; throws `WireError` for bytes that are none.
  init(wireBytes: [UInt8]) throws
  /// The message in protobuf's wire format; throws `WireError` for a value that cannot be written,
  /// such as a string with a NUL character.
  func wireBytes() throws -> [UInt8]
}
