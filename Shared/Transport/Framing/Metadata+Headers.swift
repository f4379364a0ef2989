import DomainModel
import HTTP2
import RPC

extension Metadata {
  /// The metadata in a header block. Throws `INTERNAL` for a `-bin` value that is no base 64.
  init(_ fields: HeaderList) throws(ServiceError) {
    var metadata = Metadata()
    var problem: ServiceError?
    fields.forEach { name, value in
      guard !Self.isReserved(name) else { return }
      do throws(ServiceError) {
        try metadata.append(name, value)
      } catch {
        problem = error
      }
    }
    if let problem { throw problem }
    self = metadata
  }

  /// Whether a field belongs to HTTP or to gRPC itself and not to the call's metadata.
  static func isReserved(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    name.first == UInt8(ascii: ":") || name.starts(with: "grpc-") || name.equals("content-type")
      || name.equals("te") || name.equals("user-agent") || name.equals("accept-encoding")
      || name.equals("content-length")
  }

  /// Adds a field as it came over the wire. Throws `INTERNAL` for a `-bin` value that is no base
  /// 64.
  mutating func append(
    _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>
  ) throws(ServiceError) {
    guard name.ends(with: "-bin") else {
      self.append(name.text, value.text)
      return
    }
    // Several values of one name may have been joined with commas on their way.
    for part in value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      guard let bytes = Base64.decode(part) else {
        throw ServiceError(
          code: .internal, message: "The value of \(name.text) is no base 64.")
      }
      self.append(name.text, bytes: bytes)
    }
  }
}

extension HeaderList {
  /// These fields, and metadata after them.
  func adding(_ metadata: Metadata) -> HeaderList {
    var fields = self
    fields.append(metadata)
    return fields
  }

  /// Adds metadata in its wire form.
  mutating func append(_ metadata: Metadata) {
    for (name, value) in metadata.entries {
      switch value {
      case .text(let text): self.append(name, text)
      case .bytes(let bytes): self.append(name, Base64.encode(bytes))
      }
    }
  }

  /// Adds a status that is not OK.
  mutating func append(_ status: StatusWire) {
    self.append("grpc-status", "\(status.code)")
    if !status.encodedMessage.isEmpty { self.append("grpc-message", status.encodedMessage) }
    if !status.details.isEmpty {
      self.append("grpc-status-details-bin", Base64.encode(status.details))
    }
  }
}
