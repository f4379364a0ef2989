import DomainModel
import NIOCore
import RPC

// A unary call waits for no task while it is compressed or inflated; what takes long comes back to
// the loop from the pool.
extension ClientCall {
  /// Compresses a request, and tells the result on the loop.
  func compress(
    _ request: [UInt8], _ tell: @escaping @Sendable (Result<FramedMessage, ServiceError>) -> Void
  ) {
    let isShort = request.count <= Gzip.inlineDeflateBytesMax
    self.run(isShort: isShort) { () throws(ServiceError) in
      try Gzip.deflate(request)
    } _: { result in
      tell(result.map { CallFlow.smaller($0, request, isAskedFor: false) })
    }
  }

  /// Makes an answer plain, and tells the result on the loop.
  func inflate(
    _ answer: FramedMessage, _ tell: @escaping @Sendable (Result<[UInt8], any Error>) -> Void
  ) {
    guard answer.isCompressed else {
      tell(.success(answer.bytes))
      return
    }
    let bytes = answer.bytes
    let bytesMax = self.bounds.messageBytesMax
    let size = try? Gzip.plainBytes(of: bytes, upTo: bytesMax)
    self.run(isShort: (size ?? 0) <= Gzip.inlineInflateBytesMax) { () throws(ServiceError) in
      try Gzip.inflate(bytes, upTo: bytesMax)
    } _: {
      tell($0.mapError { $0 })
    }
  }

  private func run(
    isShort: Bool, _ work: @escaping @Sendable () throws(ServiceError) -> [UInt8],
    _ tell: @escaping @Sendable (Result<[UInt8], ServiceError>) -> Void
  ) {
    if isShort {
      tell(Result(catching: work))
    } else {
      Gzip.offload(work) { result in self.loop.execute { tell(result) } }
    }
  }
}
