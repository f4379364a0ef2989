import DomainModel
import Testing

@testable import Crypto

@Suite struct SealerTests {
  private let place = SealedPlace(table: "person", column: "citizen_id", row: "01H")

  @Test func `AES-256-GCM gives the published cipher text and tag`() throws {
    // McGrew and Viega, test cases 13 and 14: a key and a nonce of zeros.
    let zero = try key("zero", 0)
    let nonce = [UInt8](repeating: 0, count: 12)
    let empty = try GCMContext(zero, nonce: nonce, direction: .seal)
    #expect(try empty.update([]) == [])
    #expect(try Hex.encode(empty.sealTag()) == "530f8afbc74536b9a963b4f1c4cb738b")
    let block = try GCMContext(zero, nonce: nonce, direction: .seal)
    let cipher = try block.update([UInt8](repeating: 0, count: 16))
    #expect(Hex.encode(cipher) == "cea7403d4d606b6e074ec5d3baf39d18")
    #expect(try Hex.encode(block.sealTag()) == "d0d1c8a799996bf0265b98b5d48ab919")
  }

  @Test(arguments: [0, 1, 15, 16, 17, 18, 1_000, 100_000])
  func `opens what it sealed`(length: Int) throws {
    let sealer = AESGCMSealer(current: try key("k1", 1), random: SecureRandom())
    let plain = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
    let sealed = try sealer.seal(plain, as: self.place)
    #expect(try sealer.open(sealed, as: self.place) == plain)
    #expect(sealed.count == 2 + 2 + 12 + length + 16)
    #expect(try sealer.seal(plain, as: self.place) != sealed)
  }

  @Test func `a value opens in its own place only`() throws {
    let sealer = AESGCMSealer(current: try key("k1", 1), random: SecureRandom())
    let sealed = try sealer.seal([1, 2, 3], as: self.place)
    let others = [
      SealedPlace(table: "persons", column: "citizen_id", row: "01H"),
      SealedPlace(table: "person", column: "name", row: "01H"),
      SealedPlace(table: "person", column: "citizen_id", row: "01J"),
      SealedPlace(table: "personcitizen_id", column: "", row: "01H"),
      SealedPlace(table: "person", column: "citizen_id0", row: "1H"),
    ]
    for other in others {
      #expect(throws: CryptoError.sealBroken) { try sealer.open(sealed, as: other) }
    }
  }

  @Test func `a changed byte is found wherever it stands`() throws {
    let sealer = AESGCMSealer(current: try key("k1", 1), random: SecureRandom())
    let sealed = try sealer.seal(Array("王小明".utf8), as: self.place)
    for index in sealed.indices {
      var changed = sealed
      changed[index] ^= 1
      #expect(throws: CryptoError.self) { try sealer.open(changed, as: self.place) }
    }
    for count in 0..<sealed.count {
      #expect(throws: CryptoError.self) {
        try sealer.open(Array(sealed[..<count]), as: self.place)
      }
    }
  }

  @Test func `an earlier key opens and the current one seals`() throws {
    let old = AESGCMSealer(current: try key("k1", 1), random: SecureRandom())
    let new = AESGCMSealer(
      current: try key("k2", 2), earlier: [try key("k1", 1)], random: SecureRandom())
    let sealed = try old.seal([7], as: self.place)
    #expect(try new.open(sealed, as: self.place) == [7])
    #expect(new.keyID == "k2")
    let sealedAnew = try new.seal([7], as: self.place)
    #expect(throws: CryptoError.keyUnknown(id: "k2")) {
      try old.open(sealedAnew, as: self.place)
    }
    let impostor = AESGCMSealer(current: try key("k1", 9), random: SecureRandom())
    #expect(throws: CryptoError.sealBroken) { try impostor.open(sealed, as: self.place) }
  }

  @Test func `printing a key shows its name only`() throws {
    let secret = try key("k1", 0xAB)
    var dumped = ""
    dump(secret, to: &dumped)
    #expect("\(secret)" == "key k1")
    #expect(!dumped.contains("171") && !dumped.lowercased().contains("ab"))
    for id in ["", "a b", "a|b", "钥", String(repeating: "a", count: 33)] {
      #expect(SecretKey(id: id, bytes: [UInt8](repeating: 0, count: 32)) == nil)
    }
    #expect(SecretKey(id: "a", bytes: [UInt8](repeating: 0, count: 31)) == nil)
  }
}
