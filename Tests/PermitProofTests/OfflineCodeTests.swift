import Crypto
import DomainModel
import TestSupport
import Testing

@testable import PermitProof

@Suite struct Base45Tests {
  /// RFC 9285, 4.3 and 4.4.
  @Test(arguments: [
    ("AB", "BB8"), ("Hello!!", "%69 VD92EX0"), ("base-45", "UJCLQE7W581"), ("ietf!", "QED8WEX0"),
    ("", ""),
  ])
  func `the published examples are met both ways`(_ plain: String, _ text: String) {
    #expect(Base45.encode(Array(plain.utf8)) == text)
    #expect(Base45.decode(text.utf8) == Array(plain.utf8))
  }

  @Test(arguments: ["GGW", ":::", "A", "BB8A", "bb8", "BB~", "B\u{80}", "00:", "::"])
  func `a text that says no bytes is refused`(_ text: String) {
    #expect(Base45.decode(text.utf8) == nil)
  }

  @Test func `every pair of bytes has one text`() {
    #expect(Base45.encode([0xFF, 0xFF]) == "FGW")
    for high in stride(from: 0, through: 255, by: 5) {
      for low in 0...255 {
        let bytes = [UInt8(high), UInt8(low)]
        #expect(Base45.decode(Base45.encode(bytes).utf8) == bytes)
      }
    }
    for byte in UInt8.min...UInt8.max {
      #expect(Base45.decode(Base45.encode([byte]).utf8) == [byte])
    }
  }
}

@Suite struct OfflineCodeTests {
  private static func refusal(_ text: String) -> CodeDefect? {
    do throws(CodeDefect) {
      _ = try SignedCode(text: text)
      return nil
    } catch {
      return error
    }
  }

  @Test func `a code is read as it was made`() throws {
    let registry = try SampleRegistry()
    let issued = try registry.issue()
    for day in [nil, CivilDate(iso: "2026-03-10")] {
      let signed = try registry.code(of: issued, suspendedFrom: day)
      let again = try SignedCode(text: signed.text)
      #expect(again == signed)
      #expect(again.code.face.maskedName == "阿*")
      #expect(again.code.face.suspendedFromOn == day)
      #expect(again.text.utf8.count <= 360)
      let key = try registry.key.publicKey()
      #expect(try key.verify(again.signature, of: again.code.signedBytes))
    }
  }

  @Test func `the longest code keeps its bound`() throws {
    let identifier = try #require(
      CertificateIdentifier(
        type: "11330000000000000X001", issuer: "11330106002500000A",
        serial: String(repeating: "Z", count: 32), version: 999))
    // A first character with any number of marks is cut, whatever it was.
    let face = try #require(
      OfflineCode.Face(
        identifier, name: "𬎆" + String(repeating: "\u{E0100}", count: 49),
        bureauCode: "999999999999", issuedOn: .latest, validToOn: .latest))
    let suspended = try #require(face.suspended(from: .latest))
    let last = Timestamp(milliseconds: (1 << 48) - 1)
    let code = try #require(
      OfflineCode(
        .permit, suspended, madeAt: last, expiresAt: last,
        keyID: String(repeating: "k", count: 64)))
    let signed = SignedCode(code, signature: [UInt8](repeating: 0xFF, count: 72))
    #expect(signed.text.utf8.count <= OfflineCode.textCharactersMax)
    #expect(try SignedCode(text: signed.text) == signed)
    #expect(face.maskedName.hasSuffix("*"))
  }

  @Test func `every cut is told as one`() throws {
    let registry = try SampleRegistry()
    let text = try registry.code(of: try registry.issue()).text
    for count in 0..<text.count {
      #expect(Self.refusal(String(text.prefix(count))) == .truncated, "\(count) characters")
    }
  }

  @Test func `every changed character is told as altered`() throws {
    let registry = try SampleRegistry()
    let text = try registry.code(of: try registry.issue()).text
    let characters = Array(text)
    // The first three after the prefix tell the length; where they say more, the end seems to be
    // missing.
    for index in 7..<characters.count {
      var changed = characters
      changed[index] = characters[index] == "0" ? "1" : "0"
      #expect(Self.refusal(String(changed)) == .altered, "character \(index)")
    }
    #expect(Self.refusal(text + "000") == .altered)
    #expect(Self.refusal(text.lowercased()) == .notACode)
    #expect(Self.refusal("HC1:" + text.dropFirst(4)) == .notACode)
    #expect(Self.refusal(text + String(repeating: "0", count: 600)) == .tooLong)
  }

  @Test func `a code whose maker got a field wrong is told so`() throws {
    let registry = try SampleRegistry()
    let bytes = try #require(
      Base45.decode(registry.code(of: try registry.issue()).text.utf8.dropFirst(4)))
    func told(_ change: (inout [UInt8]) -> Void) -> CodeDefect? {
      var body = Array(bytes.dropLast(4))
      change(&body)
      body[0] = UInt8((body.count + 4) >> 8)
      body[1] = UInt8((body.count + 4) & 255)
      let check = SM3.digest(Array("AJ1:".utf8) + body).prefix(4)
      return Self.refusal("AJ1:" + Base45.encode(body + check))
    }
    #expect(told { _ in } == nil)
    #expect(told { $0[2] = 3 } == .fieldWrong("kind"))
    #expect(
      told {
        $0[9] = 0; $0[10] = 0
      } == .fieldWrong("expires_at"))
    #expect(told { $0[15] = 0xFF } == .fieldWrong("bureau"))
    #expect(told { $0[20] = 0xFF } == .fieldWrong("issued_on"))
    #expect(told { $0[26] = 2 } == .fieldWrong("note"))
    #expect(told { $0[28] = UInt8(ascii: "2") } == .fieldWrong("identifier"))
    #expect(told { $0[27] = 200 } == .fieldWrong("identifier"))
    #expect(told { $0.removeLast($0.count - 30) } == .fieldWrong("length"))
    #expect(told { $0 += [UInt8](repeating: 1, count: 10) } == .fieldWrong("signature"))
  }

  @Test func `what no code can say is not made`() throws {
    let identifier = try SampleRegistry().identifier()
    let day = try #require(CivilDate(iso: "2026-03-10"))
    func face(_ bureau: String, _ day: CivilDate, name: String = "王") -> OfflineCode.Face? {
      OfflineCode.Face(identifier, name: name, bureauCode: bureau, issuedOn: day, validToOn: day)
    }
    let good = try #require(face("330106000000", day))
    #expect(face("33010600000", day) == nil)
    #expect(face("33010600000X", day) == nil)
    #expect(face("330106000000", .earliest) == nil)
    #expect(face("330106000000", day, name: "\u{202E}") == nil)
    #expect(good.suspended(from: .earliest) == nil)
    let now = SampleRegistry.now
    let before = now.adding(milliseconds: -1)
    #expect(OfflineCode(.slip, good, madeAt: now, expiresAt: before, keyID: "k") == nil)
    #expect(OfflineCode(.slip, good, madeAt: now, expiresAt: now, keyID: "") == nil)
    #expect(OfflineCode(.slip, good, madeAt: now, expiresAt: now, keyID: "a b") == nil)
  }
}
