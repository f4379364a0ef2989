/// Commands of CMPP 2.0 (section 7.2) that are understood here.
package enum CMPPCommand: UInt32, Hashable, Sendable, CaseIterable {
  case connect = 0x0000_0001
  case connectAnswer = 0x8000_0001
  case terminate = 0x0000_0002
  case terminateAnswer = 0x8000_0002
  case submit = 0x0000_0004
  case submitAnswer = 0x8000_0004
  case deliver = 0x0000_0005
  case deliverAnswer = 0x8000_0005
  case activeTest = 0x0000_0008
  case activeTestAnswer = 0x8000_0008
}

/// What the gateway says of a submit (CMPP 2.0, `CMPP_SUBMIT_RESP`: `Result`).
package struct CMPPResult: RawRepresentable, Hashable, Sendable {
  /// The number.
  package let rawValue: UInt32

  /// A result.
  package init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Right.
  package static let ok = CMPPResult(rawValue: 0)
  /// The structure of the message is wrong.
  package static let structure = CMPPResult(rawValue: 1)
  /// The command is wrong.
  package static let command = CMPPResult(rawValue: 2)
  /// The sequence number came before.
  package static let duplicateSequence = CMPPResult(rawValue: 3)
  /// The length is wrong.
  package static let length = CMPPResult(rawValue: 4)
  /// The fee code is wrong.
  package static let fee = CMPPResult(rawValue: 5)
  /// The text is too long.
  package static let tooLong = CMPPResult(rawValue: 6)
  /// The service code is wrong.
  package static let service = CMPPResult(rawValue: 7)
  /// More was sent than is allowed in the time.
  package static let throttled = CMPPResult(rawValue: 8)
  /// Something else.
  package static let other = CMPPResult(rawValue: 9)
}
