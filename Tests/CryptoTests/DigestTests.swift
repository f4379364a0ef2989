import DomainModel
import Testing

@testable import Crypto

@Suite struct DigestTests {
  @Test(arguments: [
    (
      DigestAlgorithm.sm3, "abc",
      "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    ),
    (
      .sm3, String(repeating: "abcd", count: 16),
      "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    ),
    (.sm3, "", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"),
    (
      .sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    ),
    (.sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
  ])
  func `gives the published digests`(algorithm: DigestAlgorithm, text: String, hex: String) throws {
    let bytes = Array(text.utf8)
    #expect(try Hex.encode(algorithm.digest(bytes)) == hex)
    let running = try RunningDigest(algorithm)
    for byte in bytes { try running.update([byte]) }
    try running.update([])
    #expect(try Hex.encode(running.finish()) == hex)
  }

  @Test(arguments: [
    (
      [UInt8](repeating: 0x0b, count: 20), "Hi There",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      Array("Jefe".utf8), "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
  ])
  func `gives the codes of RFC 4231`(key: [UInt8], message: String, hex: String) {
    let code = key.withUnsafeBufferPointer { HMACSHA256.code(of: Array(message.utf8), key: $0) }
    #expect(Hex.encode(code) == hex)
  }

  @Test func `a blind index depends on text and key alone`() throws {
    let one = HMACBlindIndex(key: try key("one", 1))
    let other = HMACBlindIndex(key: try key("other", 2))
    #expect(one.keyID == "one")
    #expect(one.blind("11010519491231002X") == one.blind("11010519491231002X"))
    #expect(one.blind("11010519491231002X") != one.blind("110105194912310021"))
    #expect(one.blind("11010519491231002X") != other.blind("11010519491231002X"))
    #expect(one.blind("").count == 32)
  }

  @Test func `hexadecimal is read in either case and nothing else`() {
    #expect(Hex.decode("00ffA0") == [0, 255, 160])
    #expect(Hex.decode("") == [])
    for text in ["0", "0g", "+1", "0x", " 0", "０0"] { #expect(Hex.decode(text) == nil) }
  }

  @Test func `randomness has the length asked for and differs`() {
    let random = SecureRandom()
    #expect(random.bytes(0).isEmpty)
    #expect(random.bytes(1).count == 1)
    #expect(Set((0..<100).map { _ in random.bytes(16) }).count == 100)
  }
}

/// A key of one byte repeated.
func key(_ id: String, _ byte: UInt8) throws -> SecretKey {
  try #require(SecretKey(id: id, bytes: [UInt8](repeating: byte, count: 32)))
}
