import DomainModel
import HTTP2
import RPC

// What a call's maker wants to hear beside the answers; mostly nothing, and then nothing is read.
extension CallOptions {
  /// Throws `INTERNAL` for binary metadata that is no base 64.
  func tellResponse(_ fields: HeaderList) throws(ServiceError) {
    if let onResponseMetadata { onResponseMetadata(try Metadata(fields)) }
  }

  /// Throws `INTERNAL` for binary metadata that is no base 64.
  func tellTrailers(_ fields: HeaderList) throws(ServiceError) {
    if let onTrailers { onTrailers(try Metadata(fields)) }
  }
}
