import DomainModel
import HTTP2
import RPC

/// What a request's header fields say, read in one pass. Not copied: it would cost each call the
/// counting of every reference in it.
struct RequestHead: ~Copyable {
  private(set) var route: Route?
  private(set) var metadata = Metadata()
  private(set) var timeoutNs: Int64?
  /// Whether messages of the request may be compressed with gzip.
  private(set) var isGzip = false
  private(set) var answerEncoding = AnswerEncoding.unspoken
  private(set) var isPost = false
  private(set) var isGRPC = false
  /// The first thing wrong with the fields that gRPC has a status for.
  private(set) var problem: ServiceError?
  private var saysTrailers = false

  init(_ fields: HeaderList, _ routes: inout RouteCache) {
    fields.forEach { name, value in self.take(name, value, &routes) }
    if fields.isTruncated {
      self.problem = ServiceError(
        code: .resourceExhausted, message: "The request's header fields are too large.")
    } else if !self.saysTrailers && self.problem == nil {
      self.problem = ServiceError(
        code: .internal, message: "The request lacks the header field te: trailers.")
    }
  }

  private mutating func take(
    _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>,
    _ routes: inout RouteCache
  ) {
    if name.equals(":path") {
      self.route = routes.find(value)
    } else if name.equals(":method") {
      self.isPost = value.equals("POST")
    } else if name.equals("content-type") {
      self.isGRPC = Self.isGRPC(value)
    } else if name.equals("te") {
      self.saysTrailers = value.equals("trailers")
    } else if name.equals("grpc-timeout") {
      self.timeoutNs = GRPCTimeout.nanoseconds(value)
      if self.timeoutNs == nil { self.fail("The header field grpc-timeout is no timeout.") }
    } else if name.equals("grpc-encoding") {
      self.takeEncoding(value)
    } else if name.equals("grpc-accept-encoding") {
      self.answerEncoding = value.lists("gzip") ? .gzip : .identity
    } else if !Metadata.isReserved(name) {
      do throws(ServiceError) {
        try self.metadata.append(name, value)
      } catch {
        self.problem = self.problem ?? error
      }
    }
  }

  private mutating func takeEncoding(_ value: UnsafeBufferPointer<UInt8>) {
    if self.answerEncoding == .unspoken { self.answerEncoding = .identity }
    self.isGzip = value.equals("gzip")
    guard !self.isGzip && !value.equals("identity") else { return }
    // Before any other problem: whoever reads this may try again without.
    self.problem = ServiceError(
      code: .unimplemented, message: "Messages compressed with \(value.text) are not read here.")
  }

  private mutating func fail(_ message: String) {
    self.problem = self.problem ?? ServiceError(code: .internal, message: message)
  }

  /// `application/grpc`, also with a `+proto` or a parameter after it.
  private static func isGRPC(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
    guard value.starts(with: "application/grpc") else { return false }
    guard value.count > 16 else { return true }
    return value[16] == UInt8(ascii: "+") || value[16] == UInt8(ascii: ";")
  }
}

/// What a caller reads.
enum AnswerEncoding {
  /// It speaks of no encoding, so nobody speaks of one to it.
  case unspoken
  case identity
  case gzip
}

/// The routes that a connection has used lately, found by their path's bytes, so that a call makes
/// no string.
struct RouteCache {
  /// How many routes are kept.
  static let routesMax = 8

  private let router: RPCRouter
  private var entries: [(path: [UInt8], route: Route)] = []
  private var oldest = 0

  init(_ router: RPCRouter) {
    self.router = router
  }

  mutating func find(_ path: UnsafeBufferPointer<UInt8>) -> Route? {
    for index in self.entries.indices where path.equals(self.entries[index].path) {
      return self.entries[index].route
    }
    guard let route = self.router.route(path.text) else { return nil }
    if self.entries.count < Self.routesMax {
      self.entries.append((Array(path), route))
    } else {
      self.entries[self.oldest] = (Array(path), route)
      self.oldest = (self.oldest + 1) % Self.routesMax
    }
    return route
  }
}
