import DomainModel
import HTTP2
import RPC

/// What a block of header fields from a server says, first fields or trailers, read in one pass.
struct ResponseHead {
  /// How the messages of an answer may be compressed.
  enum Encoding {
    case none
    case gzip
    case unknown
  }

  private(set) var encoding = Encoding.none
  private var isOK = false
  private var isGRPC = false
  private var hasStatus = false
  /// `grpc-status`; nil if it is no number.
  private var status: Int32?

  init(_ fields: HeaderList) {
    fields.forEach { self.take($0, $1) }
  }

  /// What a response's first fields say: nil if the call goes on.
  func outcome(_ fields: HeaderList, isLast: Bool) -> Result<Void, ServiceError>? {
    if self.hasStatus || fields.isTruncated { return self.ending(fields) }
    guard self.isOK else { return .failure(ResponseStatus.http(fields[":status"] ?? "")) }
    guard self.isGRPC else {
      return .failure(ServiceError(code: .unknown, message: "The answer is not gRPC."))
    }
    return isLast ? .failure(Self.lacksStatus) : nil
  }

  /// The status in trailers.
  func ending(_ fields: HeaderList) -> Result<Void, ServiceError> {
    guard !fields.isTruncated else {
      return .failure(
        ServiceError(
          code: .resourceExhausted, message: "The answer's header fields are too large."))
    }
    guard let code = self.status else { return .failure(Self.lacksStatus) }
    guard code != 0 else { return .success(()) }
    let details = fields["grpc-status-details-bin"].flatMap { Base64.decode($0.utf8) }
    return .failure(
      ServiceError(
        status: StatusWire(
          code: code, encodedMessage: fields["grpc-message"] ?? "", details: details ?? [])))
  }

  private mutating func take(
    _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>
  ) {
    if name.equals(":status") {
      self.isOK = value.equals("200")
    } else if name.equals("content-type") {
      self.isGRPC = value.starts(with: "application/grpc")
    } else if name.equals("grpc-status") {
      self.hasStatus = true
      self.status = value.equals("0") ? 0 : Int32(value.text)
    } else if name.equals("grpc-encoding") {
      self.encoding =
        value.equals("gzip") ? .gzip : value.equals("identity") ? .none : .unknown
    }
  }

  private static let lacksStatus = ServiceError(
    code: .internal, message: "The answer has no status.")
}
