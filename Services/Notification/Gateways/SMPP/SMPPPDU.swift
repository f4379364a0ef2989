/// One PDU of SMPP 3.4: its header and its fields. Reading and writing are inverses: what is read
/// is written as the same bytes, and the other way around.
package struct SMPPPDU: Hashable, Sendable {
  /// How many bytes a header has (SMPP 3.4, 3.2.1).
  package static let headerBytes = 16
  /// The longest PDU that is taken. The longest of SMPP carries a text of 64 KiB in one field,
  /// which no receipt does.
  package static let frameBytesMax = 16_384

  /// What it is, with its fields.
  package enum Body: Hashable, Sendable {
    case genericNack
    case bind(SMPPBind)
    /// The account's name at the provider; nil where the answer has no fields, as refusals may.
    case bindAnswer(SMPPBind.Mode, system: String?, [SMPPOption])
    case submit(SMPPShortMessage)
    /// The message's id; nil where the answer has no fields, as refusals may. SMPP 3.4 has no
    /// optional parameters here; providers of later versions send some.
    case submitAnswer(id: String?, [SMPPOption])
    case deliver(SMPPShortMessage)
    /// The id is always empty (SMPP 3.4, 4.6.2).
    case deliverAnswer(id: String)
    case unbind
    case unbindAnswer
    case outbind(system: String, password: String)
    case enquireLink
    case enquireLinkAnswer
    /// A handset can be reached again; nothing here waits for it.
    case alertNotification(source: SMPPAddress, esme: SMPPAddress, [SMPPOption])
    case data(SMPPDataMessage)
    case dataAnswer(id: String?, [SMPPOption])
  }

  /// What an answer says; 0 in requests.
  package var status: SMPPStatus
  /// The same in a request and its answer.
  package var sequence: UInt32
  /// The fields.
  package var body: Body

  /// A PDU.
  package init(_ body: Body, sequence: UInt32, status: SMPPStatus = .ok) {
    self.status = status
    self.sequence = sequence
    self.body = body
  }
}

/// A request to be let in (SMPP 3.4, 4.1).
package struct SMPPBind: Hashable, Sendable {
  /// What the connection is for.
  package enum Mode: Hashable, Sendable, CaseIterable {
    case receiver, transmitter, transceiver
  }

  /// What the connection is for.
  package var mode: Mode
  /// The account: at most 15 bytes.
  package var system: String
  /// Its password: at most 8 bytes.
  package var password: String
  /// The kind of account, mostly empty: at most 12 bytes.
  package var systemType: String
  /// 0x34: SMPP 3.4.
  package var version: UInt8 = 0x34
  /// Which numbers the account serves, mostly empty: at most 40 bytes.
  package var range = SMPPAddress()

  /// A request.
  package init(mode: Mode, system: String, password: String, systemType: String = "") {
    self.mode = mode
    self.system = system
    self.password = password
    self.systemType = systemType
  }
}

/// A number with its kind and plan (SMPP 3.4, 5.2.5 and 5.2.6).
package struct SMPPAddress: Hashable, Sendable {
  /// 0 unknown, 1 international, 2 national, 5 alphanumeric.
  package var kind: UInt8
  /// 0 unknown, 1 ISDN (E.164).
  package var plan: UInt8
  /// The digits, or letters: at most 20 bytes in messages, 64 in `data_sm`.
  package var text: String

  /// A number.
  package init(_ text: String = "", kind: UInt8 = 0, plan: UInt8 = 0) {
    self.kind = kind
    self.plan = plan
    self.text = text
  }
}

/// An optional parameter: its tag and its bytes (SMPP 3.4, 5.3).
package struct SMPPOption: Hashable, Sendable {
  /// The text of a message whose own field is empty (5.3.2.32).
  package static let payload: UInt16 = 0x0424
  /// Which message a receipt is of (5.3.2.12).
  package static let receiptedID: UInt16 = 0x001E
  /// A receipt's state (5.3.2.35).
  package static let messageState: UInt16 = 0x0427

  /// What it means.
  package var tag: UInt16
  /// At most 65,535 bytes.
  package var value: [UInt8]

  /// A parameter.
  package init(_ tag: UInt16, _ value: [UInt8]) {
    self.tag = tag
    self.value = value
  }
}

/// The fields that `submit_sm` and `deliver_sm` share (SMPP 3.4, 4.4.1 and 4.6.1).
package struct SMPPShortMessage: Hashable, Sendable {
  /// The bits of `kind` that say that the text is a receipt of the provider's (5.2.12).
  package static let receiptBits: UInt8 = 0b0011_1100
  /// What they are in a provider's receipt.
  package static let isReceipt: UInt8 = 0b0000_0100
  /// The bit of `kind` that says that the text begins with a header of its own.
  package static let hasHeader: UInt8 = 0x40
  /// The longest text, in bytes.
  package static let textBytesMax = 254
  /// UCS-2, big end first (5.2.19).
  package static let ucs2: UInt8 = 0x08

  package var serviceType = ""
  package var source = SMPPAddress()
  package var destination = SMPPAddress()
  /// `esm_class`.
  package var kind: UInt8 = 0
  package var protocolID: UInt8 = 0
  package var priority: UInt8 = 0
  /// When the provider is to send it; empty for at once.
  package var schedule = ""
  /// Until when the provider is to try (7.1.1); empty for as long as it does.
  package var validity = ""
  /// 1: a receipt is asked for at the end (5.2.17).
  package var registered: UInt8 = 0
  package var replaces: UInt8 = 0
  /// How the text is written (5.2.19).
  package var coding: UInt8 = 0
  package var template: UInt8 = 0
  /// At most 254 bytes.
  package var text: [UInt8] = []
  package var options: [SMPPOption] = []

  /// A message with empty fields.
  package init() {}
}

/// `data_sm`: a message without the fields that few need (SMPP 3.4, 4.7.1). Some providers write
/// their receipts so.
package struct SMPPDataMessage: Hashable, Sendable {
  package var serviceType = ""
  package var source = SMPPAddress()
  package var destination = SMPPAddress()
  /// `esm_class`.
  package var kind: UInt8 = 0
  package var registered: UInt8 = 0
  package var coding: UInt8 = 0
  package var options: [SMPPOption] = []

  /// A message with empty fields.
  package init() {}
}
