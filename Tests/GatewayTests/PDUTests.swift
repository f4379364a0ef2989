import NotificationGateways
import TestSupport
import Testing

/// Codecs: what is written is read as the same, and bytes are what the protocols say.
struct PDUTests {
  private static func frames(
    _ bytes: [UInt8], _ headerBytes: Int, _ max: Int, piece: Int
  ) throws -> [[UInt8]] {
    var buffer = FrameBuffer(headerBytes: headerBytes, frameBytesMax: max)
    var frames: [[UInt8]] = []
    for start in stride(from: 0, to: bytes.count, by: piece) {
      buffer.append(bytes[start..<min(start + piece, bytes.count)])
      while let frame = try buffer.next() { frames.append(Array(frame)) }
    }
    #expect(buffer.waitingBytes == 0)
    return frames
  }

  @Test(arguments: 1...200 as ClosedRange<UInt64>)
  func `any SMPP PDU is read as it was written, however it is cut`(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let pdus = (0..<8).map { _ in SMPPPDU.sample(&random) }
    let bytes = pdus.flatMap(\.bytes)
    for piece in [1, 7, 64, bytes.count] {
      let read = try Self.frames(bytes, 16, SMPPPDU.frameBytesMax, piece: piece)
      #expect(try read.map { try SMPPPDU(frame: $0[...]) } == pdus)
    }
  }

  @Test(arguments: CMPPVersion.allCases, 1...100 as ClosedRange<UInt64>)
  func `any CMPP PDU is read as it was written, however it is cut`(
    _ version: CMPPVersion, _ seed: UInt64
  ) throws {
    var random = SeededRandom(seed: seed)
    let pdus = (0..<8).map { _ in CMPPPDU.sample(&random, version) }
    let bytes = pdus.flatMap { $0.bytes(version) }
    for piece in [1, 7, 64, bytes.count] {
      let read = try Self.frames(bytes, 12, CMPPPDU.frameBytesMax, piece: piece)
      #expect(try read.map { try CMPPPDU(frame: $0[...], version) } == pdus)
    }
  }

  @Test func `every PDU that is cut short is refused, and so is one with a byte too many`() {
    var random = SeededRandom(seed: 3)
    for _ in 0..<60 {
      let smpp = SMPPPDU.sample(&random)
      let cmpp = CMPPPDU.sample(&random, .v2)
      for count in 16..<smpp.bytes.count {
        // Where only optional fields are gone it is another whole PDU.
        if let read = try? SMPPPDU(frame: smpp.bytes[..<count]) { #expect(read != smpp) }
      }
      for count in 12..<cmpp.bytes(.v2).count {
        if let read = try? CMPPPDU(frame: cmpp.bytes(.v2)[..<count], .v2) { #expect(read == cmpp) }
      }
      #expect((try? SMPPPDU(frame: (smpp.bytes + [1])[...])) == nil)
      #expect((try? CMPPPDU(frame: (cmpp.bytes(.v2) + [1])[...], .v2)) == nil)
    }
  }

  @Test func `the worked example of the specification is those bytes`() throws {
    // SMPP 3.4, 3.2.3 (sample of a bind_transmitter).
    var bind = SMPPBind(
      mode: .transmitter, system: "SMPP3TEST", password: "secret08", systemType: "SUBMIT1")
    bind.range = SMPPAddress("", kind: 1, plan: 1)
    bind.version = 0
    let bytes: [UInt8] = [
      0x00, 0x00, 0x00, 0x2F, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
      0x01, 0x53, 0x4D, 0x50, 0x50, 0x33, 0x54, 0x45, 0x53, 0x54, 0x00, 0x73, 0x65, 0x63, 0x72,
      0x65, 0x74, 0x30, 0x38, 0x00, 0x53, 0x55, 0x42, 0x4D, 0x49, 0x54, 0x31, 0x00, 0x00, 0x01,
      0x01, 0x00,
    ]
    #expect(SMPPPDU(.bind(bind), sequence: 1).bytes == bytes)
    #expect(try SMPPPDU(frame: bytes[...]) == SMPPPDU(.bind(bind), sequence: 1))
  }

  @Test(arguments: [
    ([0, 0, 0, 15], PDUFault.lengthTooSmall), ([0, 0, 0, 0], .lengthTooSmall),
    ([0xFF, 0xFF, 0xFF, 0xFF], .lengthTooLarge), ([0, 0, 0x40, 0x01], .lengthTooLarge),
  ])
  func `a length that lies is noticed from its four bytes`(
    _ length: [UInt8], _ fault: PDUFault
  ) {
    var buffer = FrameBuffer(headerBytes: 16, frameBytesMax: SMPPPDU.frameBytesMax)
    buffer.append(length)
    #expect(throws: fault) { try buffer.next() }
  }

  @Test func `a CMPP login is signed as the protocol says`() throws {
    // MD5("901234" + nine zeroes + "secret" + "1122090805"), by Python's hashlib.
    let source = try CMPPAuthenticator.source(
      account: "901234", secret: "secret", time: 1_122_090_805)
    #expect(source == Self.hex("f6231b83a86d350e412f8213bbcef976"))
    #expect(
      try CMPPAuthenticator.gateway(status: 0, source: source, secret: "secret", .v2)
        == Self.hex("656bb609d30b6bac598575f6166280bb"))
    // A month before October has nine digits as a number, ten in the signature.
    let early = try CMPPAuthenticator.source(account: "901234", secret: "s", time: 310_090_000)
    #expect(early == Self.hex("8c0927d0dbed94918d26a6ea1ece7dad"))
  }

  private static func hex(_ text: String) -> [UInt8] {
    let digits = Array(text)
    return stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(digits[$0...($0 + 1)]), radix: 16)
    }
  }
}
