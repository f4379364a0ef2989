import Wire

// The messages that the descriptions of the cases give.

/// The sizes of the four requests and of the four answers that streaming cases use.
enum Sizes {
  static let requests: [Int] = [27_182, 8, 1_828, 45_904]
  static let answers: [Int] = [31_415, 9, 2_653, 58_979]
  static let largeRequest = 271_828
  static let largeAnswer = 314_159
}

extension GrpcTesting.Payload {
  static func zeroes(_ size: Int) -> GrpcTesting.Payload {
    GrpcTesting.Payload(body: [UInt8](repeating: 0, count: size))
  }
}

extension GrpcTesting.SimpleRequest {
  /// 271,828 bytes there, 314,159 back.
  static var large: GrpcTesting.SimpleRequest {
    GrpcTesting.SimpleRequest(
      responseSize: Int32(Sizes.largeAnswer), payload: .zeroes(Sizes.largeRequest))
  }
}

extension GrpcTesting.StreamingOutputCallRequest {
  /// Asks for one answer of `answer` bytes with a payload of `payload` bytes.
  init(answer: Int, payload: Int) {
    self.init(
      responseParameters: [GrpcTesting.ResponseParameters(size: Int32(answer))],
      payload: .zeroes(payload))
  }
}
