import Foundation
import DomainModel
import PermitProof
import TestSupport
import Testing

@Suite struct PermitDocumentTests {
  private static func document() throws -> PermitDocument {
    var document = try SampleRegistry().document(1)
    document.signing.keyID = "sm2-0123456789abcdef"
    return document
  }

  private static func refusal(_ text: String) -> FormDefect? {
    do throws(FormDefect) {
      _ = try PermitDocument(canonicalBytes: Array(text.utf8))
      return nil
    } catch {
      return error
    }
  }

  @Test func `the document has one spelling`() throws {
    let document = try Self.document()
    let identifier = document.naming.identifier
    let photo = String(repeating: "a5", count: 32)
    let expected =
      #"{"certificate_identifier":"\#(identifier)","certificate_name":"浙江省居住证","#
      + #""certificate_number":"\#(identifier.serial)","certificate_type":{"#
      + #""code":"11330000000000000X001","name":"居住证"},"#
      + #""format":"anju-residence-permit/2","holder":{"birth_on":"1990-01-01","#
      + #""code":"\#(CitizenIDs.woman(1))","code_type":"公民身份号码","#
      + #""ethnicity_code":"05","household_address":{"community":"","detail":"测试镇8号","#
      + #""division_code":"361121","street":""},"name":"阿依·𬎆","#
      + #""photo_sha256":"\#(photo)","sex_code":"2"},"issued_on":"2026-03-10","#
      + #""issuing_authority":{"code":"11330106002500000A","name":"杭州市公安局西湖区分局","#
      + #""office_code":"330106000000"},"key_id":"sm2-0123456789abcdef","#
      + #""residence_address":{"community":"曙光社区","#
      + #""detail":"测试路1号2幢301室","division_code":"330106","street":"北山街道"},"#
      + #""signed_at_ms":1773108000000,"valid_from_on":"2026-03-10","#
      + #""valid_to_on":"2027-03-10"}"#
    #expect(String(decoding: document.canonicalBytes, as: UTF8.self) == expected)
  }

  @Test func `what is written is read, with and without an earlier certificate`() throws {
    var document = try Self.document()
    #expect(try PermitDocument(canonicalBytes: document.canonicalBytes) == document)
    document.naming.previous = document.naming.identifier
    document.naming.number = "浙A-000123"
    document.holder.name = "\"\\/"
    document.term.validFromOn = CivilDate.earliest
    #expect(try PermitDocument(canonicalBytes: document.canonicalBytes) == document)
    #expect(PermitDocument.holderName(canonicalBytes: document.canonicalBytes) == "\"\\/")
  }

  @Test(arguments: ["", "{}", #"{"holder":"王"}"#, #"{"holder":{"name":1}}"#, #"{"name":"王"}"#])
  func `bytes that name no holder have none`(_ text: String) {
    #expect(PermitDocument.holderName(canonicalBytes: Array(text.utf8)) == nil)
  }

  @Test func `a document of the first edition is read and stays as it was signed`() throws {
    let photo = String(repeating: "a5", count: 32)
    let text =
      #"{"certificate_identifier":"1.2.156.3005.2.11100000000013338W011.11430000006122244L"#
      + #".20230000403.001.U","format":"anju-residence-permit/1","#
      + #""holder":{"birth_on":"1990-01-01","#
      + #""citizen_id":"\#(CitizenIDs.woman(1))","ethnicity_code":"05","#
      + #""household_address":{"community":"","detail":"测试镇8号","division_code":"361121","#
      + #""street":""},"name":"阿依·𬎆","photo_sha256":"\#(photo)","sex_code":"2"},"#
      + #""issued_on":"2026-03-10","issuing_authority":{"code":"330106000000","#
      + #""name":"杭州市公安局西湖区分局"},"key_id":"test-1","residence_address":{"#
      + #""community":"曙光社区","detail":"测试路1号2幢301室","division_code":"330106","#
      + #""street":"北山街道"},"valid_to_on":"2027-03-10"}"#
    let document = try PermitDocument(canonicalBytes: Array(text.utf8))
    #expect(String(decoding: document.canonicalBytes, as: UTF8.self) == text)
    #expect(document.edition == .first)
    #expect(document.naming.number == "20230000403")
    #expect(document.holder.name == "阿依·𬎆")
    #expect(PermitDocument.holderName(canonicalBytes: Array(text.utf8)) == "阿依·𬎆")
    #expect(document.signing.authority.officeCode == "330106000000")
    #expect(document.signing.at.shanghaiText == "2026-03-10 00:00:00")
    #expect(document.term.validToOn.iso == "2027-03-10")
    var next = document.inNewestEdition
    next.naming.previous = document.naming.identifier
    #expect(next.edition == .second)
    #expect(try PermitDocument(canonicalBytes: next.canonicalBytes) == next)
    let mixed = text.replacing("anju-residence-permit/1", with: "anju-residence-permit/2")
    #expect(Self.refusal(mixed) != nil)
  }

  @Test func `the longest texts that the registry takes are read`() throws {
    var document = try Self.document()
    let han: (Int) -> String = { String(repeating: "𬎆", count: $0) }
    document.holder.name = han(50)
    document.residence = Address(
      division: "330106", street: han(50), community: han(50), detail: han(200))
    document.holder.household = document.residence
    document.signing.authority.name = han(200)
    document.naming.number = han(200)
    document.naming.previous = document.naming.identifier
    let bytes = document.canonicalBytes
    #expect(bytes.count <= PermitDocument.bytesMax)
    #expect(try PermitDocument(canonicalBytes: bytes) == document)
  }

  /// A change of the right text, and what it is refused with.
  private static let changes: [(String, String, FormDefect)] = [
    (
      "\"format\":\"anju-residence-permit/2\"", "\"format\":\"anju-residence-permit/3\"",
      .formatUnknown
    ),
    ("\"key_id\":\"sm2-0123456789abcdef\",", "", .fieldWrong("key_id")),
    ("\"key_id\":\"sm2-0123456789abcdef\"", "\"key_id\":\"\"", .fieldWrong("key_id")),
    ("\"key_id\":", "\"kez\":1,\"key_id\":", .notCanonical(at: 0)),
    ("\"key_id\":", "\"key_ic\":1,\"key_id\":", .fieldWrong("(unknown)")),
    ("2027-03-10", "2027-02-30", .fieldWrong("valid_to_on")),
    ("2027-03-10", "2026-03-09", .fieldWrong("valid_to_on")),
    ("X001\",\"name\"", "X002\",\"name\"", .fieldWrong("certificate_type.code")),
    (
      "\"code\":\"11330106002500000A\"", "\"code\":\"330106\"",
      .fieldWrong("issuing_authority.code")
    ),
    ("330106000000", "33010600000", .fieldWrong("issuing_authority.office_code")),
    ("\"sex_code\":\"2\"", "\"sex_code\":\"3\"", .fieldWrong("holder.sex_code")),
    ("\"name\":\"阿依·𬎆\"", "\"name\":\"\"", .fieldWrong("holder.name")),
    ("阿依·𬎆", "阿\u{202E}依", .fieldWrong("holder.name")),
    ("公民身份号码", "护照", .fieldWrong("holder.code_type")),
    ("浙江省居住证", "江苏省居住证", .fieldWrong("certificate_name")),
    ("a5a5", "A5A5", .fieldWrong("holder.photo_sha256")),
    ("1773108000000", "-1773108000000", .fieldWrong("signed_at_ms")),
    ("1773108000000", "\"1773108000000\"", .fieldWrong("signed_at_ms")),
    ("361121\"", "3611210\"", .fieldWrong("holder.household_address.division_code")),
    ("\"issued_on\":", "\"issued_on\": ", .notCanonical(at: 0)),
  ]

  @Test(arguments: Self.changes.indices)
  func `a document that says anything else is refused`(_ row: Int) throws {
    let (old, new, defect) = Self.changes[row]
    let text = String(decoding: try Self.document().canonicalBytes, as: UTF8.self)
    let range = try #require(text.firstRange(of: old))
    let told = Self.refusal(text.replacingCharacters(in: range, with: new))
    if case .notCanonical = defect, case .notCanonical = told { return }
    #expect(told == defect, "\(old) → \(new)")
  }

  @Test func `every cut is told as one, and more than the bound is not looked at`() throws {
    let bytes = try Self.document().canonicalBytes
    for count in bytes.indices {
      #expect(throws: FormDefect.truncated) {
        try PermitDocument(canonicalBytes: Array(bytes[..<count]))
      }
    }
    let long = bytes + [UInt8](repeating: 0x20, count: PermitDocument.bytesMax)
    #expect(throws: FormDefect.tooLong(bytesMax: PermitDocument.bytesMax)) {
      try PermitDocument(canonicalBytes: long)
    }
  }

  @Test func `printing one shows nothing personal`() throws {
    let document = try Self.document()
    var dumped = ""
    dump(document, to: &dumped)
    for text in ["\(document)", "\(document.holder)", dumped] {
      #expect(!text.contains("依"))
      #expect(!text.contains(document.holder.citizenID))
      #expect(!text.contains("测试路"))
    }
  }
}
