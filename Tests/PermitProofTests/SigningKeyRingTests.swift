import Crypto
import DomainModel
import PermitProof
import Testing

@Suite struct SigningKeyRingTests {
  private struct NoFile: Error {}

  private static func ring(_ list: String, _ files: [String: String]) throws -> SigningKeyRing {
    try SigningKeyRing(list: list) { name in
      guard let text = files[name] else { throw NoFile() }
      return text
    }
  }

  @Test func `a ring has the keys of its list, each for its days`() throws {
    let pem = try SM2PrivateKey.generate().publicKey().pem()
    let other = try SM2PrivateKey.generate().publicKey().pem()
    let ring = try Self.ring(
      "# what the registry signed with\n\nold\t2024-01-01\t2025-12-31\told.pem\nnew\t2026-01-01\t-\tnew.pem\n",
      ["old.pem": pem, "new.pem": other])
    #expect(ring.keyIDs == ["new", "old"])
    let old = try #require(ring["old"])
    let new = try #require(ring["new"])
    #expect(ring["none"] == nil)
    let turn = try #require(CivilDate(iso: "2026-01-01")).startOfDay
    #expect(old.signed(at: turn.adding(milliseconds: -1)))
    #expect(!old.signed(at: turn))
    #expect(!old.signed(at: Timestamp(milliseconds: 0)))
    #expect(new.signed(at: turn))
    #expect(!new.signed(at: turn.adding(milliseconds: -1)))
    #expect(new.signed(at: Timestamp(milliseconds: .max)))
    #expect(try old.key.pem() == pem)
  }

  private static let refused: [(String, SigningKeyRingError)] = [
    ("", .keysWrong),
    ("# nothing\n", .keysWrong),
    ("a\t-\t-\tk.pem\na\t-\t-\tk.pem", .keysWrong),
    ("a\t-\tk.pem", .line(1, "has not four fields")),
    ("#\na\t2026-13-01\t-\tk.pem", .line(2, "has a day that is none")),
    ("a\t2026-01-02\t2026-01-01\tk.pem", .line(1, "ends before it begins")),
    ("a\t-\t-\t../k.pem", .line(1, "names no file beside the list")),
    ("a\t-\t-\t.", .line(1, "names no file beside the list")),
    ("a\t-\t-\t", .line(1, "names no file beside the list")),
    ("a\t-\t-\tnone.pem", .line(1, "names a file without a public SM2 key in PEM")),
    ("a b\t-\t-\tk.pem", .line(1, "has no name for the key")),
    ("\t-\t-\tk.pem", .line(1, "has no name for the key")),
    (String(repeating: "#", count: 20_000), .tooLong),
  ]

  @Test(arguments: Self.refused.indices)
  func `a list that cannot be used says why`(_ row: Int) throws {
    let (list, error) = Self.refused[row]
    let files = ["k.pem": try SM2PrivateKey.generate().publicKey().pem(), "none.pem": "nothing"]
    #expect(throws: error) { try Self.ring(list, files) }
    #expect("\(error)".count > 10)
  }

  @Test func `a file that is not there is told as it is`() {
    #expect(throws: NoFile.self) { try Self.ring("a\t-\t-\tk.pem", [:]) }
  }

  @Test func `no more keys are taken than a ring may have`() throws {
    let key = try SM2PrivateKey.generate().publicKey()
    let keys = (0...SigningKeyRing.keysMax).compactMap { TrustedKey(id: "k\($0)", key: key) }
    #expect(SigningKeyRing(keys) == nil)
    #expect(SigningKeyRing(Array(keys.dropLast())) != nil)
  }

  @Test func `a key has a name by itself`() throws {
    let key = try SM2PrivateKey.generate().publicKey()
    let id = try TrustedKey.id(of: key)
    #expect(id.hasPrefix("sm2-"))
    #expect(id.utf8.count == 20)
    #expect(try TrustedKey.id(of: SM2PublicKey(pem: key.pem())) == id)
  }
}
