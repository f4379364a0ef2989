import Foundation
import Testing

@testable import Crypto

/// Which keys a set gives a verifier.
@Suite struct KeySetTests {
  private static let x = "lFuvv-Sbv_5cM9Sc0IPadc6AWq8fKoLPsBDgloFjWCo"
  private static let y = "QPf2kqMlBp4izA_gTA5oMi9EWeRRBtVDJe4juMZr0YQ"
  private static let good =
    #"{"kty":"EC","crv":"P-256","use":"sig","kid":"a","x":"\#(x)","y":"\#(y)"}"#

  private static func set(_ keys: String...) -> [UInt8] {
    Array(#"{"keys":[\#(keys.joined(separator: ","))]}"#.utf8)
  }

  @Test func `keys of other kinds are left alone`() throws {
    let others = [
      Self.good.replacing(#""kid":"a""#, with: #""kid":"b","alg":"ES384""#),
      Self.good.replacing(#""use":"sig""#, with: #""use":"enc""#).replacing(#""a""#, with: #""c""#),
      Self.good.replacing(#""use":"sig","kid":"a""#, with: #""kid":"d""#),
      Self.good.replacing(#""kid":"a""#, with: #""kid":"e","key_ops":["sign"]"#),
      Self.good.replacing(#""kid":"a","#, with: ""),
      Self.good.replacing("P-256", with: "P-384").replacing(#""a""#, with: #""f""#),
      Self.good.replacing(Self.x, with: "AAAA").replacing(#""a""#, with: #""g""#),
      #"{"kty":"RSA","use":"sig","kid":"h","n":"AQAB","e":"AQAB"}"#,
    ]
    for other in others {
      let text = try JSONWebKeySet(json: Array(#"{"keys":[\#(other),\#(Self.good)]}"#.utf8))
      #expect(text.keyIDs == ["a"], "\(other)")
    }
    let said = Self.good.replacing(
      #""kid":"a""#, with: #""kid":"a","alg":"ES256","key_ops":["verify"]"#)
    #expect(try JSONWebKeySet(json: Self.set(said)).keyIDs == ["a"])
  }

  @Test(arguments: [
    ("", "no JWK set"), ("[]", "no JWK set"), (#"{"keys":1}"#, "no JWK set"),
    (#"{"keys":[]}"#, "no key of the set"), (#"{"keys":["a"]}"#, "no key of the set"),
    (#"{"keys":[\#(good),\#(good)]}"#, "the same kid"),
    (#"{"keys":[\#(good.dropLast()),"d":"AAAA"}]}"#, "private key"),
    (#"{"keys":[\#(good),{"kty":"oct","k":"AAAA"}]}"#, "private key"),
    (#"{"keys":[\#(good)],"keys":[]}"#, "no JWK set"),
  ])
  func `a set that cannot be meant is refused`(_ json: String, _ why: String) {
    let error = #expect(throws: CryptoError.self) { try JSONWebKeySet(json: Array(json.utf8)) }
    guard case .keyUnreadable(let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.contains(why))
  }

  @Test func `a set has a bound`() throws {
    let keys = (0...JSONWebKeySet.keysMax).map {
      Self.good.replacing(#""a""#, with: "\"\($0)\"")
    }
    func set(_ keys: some Collection<String>) -> [UInt8] {
      Array(#"{"keys":[\#(keys.joined(separator: ","))]}"#.utf8)
    }
    #expect(
      try JSONWebKeySet(json: set(keys.dropLast())).keyIDs.count == JSONWebKeySet.keysMax)
    #expect(throws: CryptoError.self) { try JSONWebKeySet(json: set(keys)) }
    let long = set(keys.prefix(1)) + [UInt8](repeating: 0x20, count: JSONWebKeySet.bytesMax)
    #expect(throws: CryptoError.self) { try JSONWebKeySet(json: long) }
  }

  @Test func `a point that is not on the curve verifies nothing`() throws {
    let key = try TokenSigningKey.generate()
    let off = Self.good.replacing(#""kid":"a""#, with: #""kid":"\#(key.id)""#)
      .replacing(Self.y, with: Self.x)
    let issuer = TokenIssuer(
      TokenTests.purpose, keys: try JSONWebKeySet(json: Self.set(off)))
    let token = try Forge.signed(Forge.claims(), by: key)
    #expect(throws: TokenError.signatureWrong) {
      try JSONWebToken.verify(token[...], trusting: [issuer], at: TokenTests.now)
    }
  }

  @Test func `a signing key survives its file and does not print itself`() throws {
    let key = try TokenSigningKey.generate()
    let again = try TokenSigningKey(jwk: key.jwk())
    #expect(again.id == key.id)
    #expect(again.jwk() == key.jwk())
    #expect(try JSONWebKeySet(json: key.publicKeySet).keyIDs == [key.id])
    let secret = try #require(key.both.text("d"))
    var dumped = ""
    dump(key, to: &dumped)
    for text in ["\(key)", dumped, String(decoding: key.publicKeySet, as: UTF8.self)] {
      #expect(!text.contains(secret))
    }
    #expect(throws: CryptoError.self) { try TokenSigningKey(jwk: key.publicPart.bytes()) }
    #expect(throws: CryptoError.self) { try TokenSigningKey(jwk: Array("{}".utf8)) }
  }

  @Test func `many processes at once make one development key`() async throws {
    let directory = FileManager.default.temporaryDirectory
      .appending(path: "anju-development-\(UUID().uuidString)/keys").path
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let ids = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<16 { group.addTask { try DevelopmentKey.load(directory: directory).id } }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(ids.count == 1)
    let names = try FileManager.default.contentsOfDirectory(atPath: directory)
    #expect(names == [DevelopmentKey.fileName])
    let path = "\(directory)/\(DevelopmentKey.fileName)"
    let facts = try FileManager.default.attributesOfItem(atPath: path)
    #expect(facts[.posixPermissions] as? Int == 0o600)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    #expect(throws: CryptoError.self) { try DevelopmentKey.load(directory: directory) }
  }
}
