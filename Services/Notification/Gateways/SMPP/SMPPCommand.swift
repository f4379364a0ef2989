/// Commands of SMPP 3.4 (5.1.2.1) that are understood here.
package enum SMPPCommand: UInt32, Hashable, Sendable, CaseIterable {
  case genericNack = 0x8000_0000
  case bindReceiver = 0x0000_0001
  case bindReceiverAnswer = 0x8000_0001
  case bindTransmitter = 0x0000_0002
  case bindTransmitterAnswer = 0x8000_0002
  case submit = 0x0000_0004
  case submitAnswer = 0x8000_0004
  case deliver = 0x0000_0005
  case deliverAnswer = 0x8000_0005
  case unbind = 0x0000_0006
  case unbindAnswer = 0x8000_0006
  case bindTransceiver = 0x0000_0009
  case bindTransceiverAnswer = 0x8000_0009
  case outbind = 0x0000_000B
  case enquireLink = 0x0000_0015
  case enquireLinkAnswer = 0x8000_0015
  case alertNotification = 0x0000_0102
  case data = 0x0000_0103
  case dataAnswer = 0x8000_0103
}

/// What a PDU's answer says of it (SMPP 3.4, 5.1.3). Providers have codes of their own besides.
package struct SMPPStatus: RawRepresentable, Hashable, Sendable {
  /// The number.
  package let rawValue: UInt32

  /// A status.
  package init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// No error.
  package static let ok = SMPPStatus(rawValue: 0x00)
  /// The PDU's length is wrong.
  package static let invalidLength = SMPPStatus(rawValue: 0x02)
  /// There is no such command.
  package static let invalidCommand = SMPPStatus(rawValue: 0x03)
  /// The command is not for this state of the connection.
  package static let invalidBindStatus = SMPPStatus(rawValue: 0x04)
  /// Something is wrong at the provider.
  package static let systemError = SMPPStatus(rawValue: 0x08)
  /// The number is none.
  package static let invalidDestination = SMPPStatus(rawValue: 0x0B)
  /// The account may not come in.
  package static let bindFailed = SMPPStatus(rawValue: 0x0D)
  /// The password is wrong.
  package static let invalidPassword = SMPPStatus(rawValue: 0x0E)
  /// The provider's queue is full.
  package static let queueFull = SMPPStatus(rawValue: 0x14)
  /// More was sent than is allowed in the time.
  package static let throttled = SMPPStatus(rawValue: 0x58)
  /// The receiver cannot take it now and asks for it again.
  package static let receiverNotNow = SMPPStatus(rawValue: 0x64)
}
