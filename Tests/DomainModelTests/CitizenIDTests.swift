import DomainModel
import Testing

@Suite struct CitizenIDTests {
  private static let today = "2026-11-20"

  /// One number and what is wrong with it.
  struct Row: Sendable, CustomTestStringConvertible {
    var raw: String
    var reasons: [DefectReason]
    var testDescription: String { self.raw.debugDescription }

    init(_ raw: String, _ reasons: DefectReason...) {
      self.raw = raw
      self.reasons = reasons
    }
  }

  @Test(arguments: [
    ("11010519491231002X", "11010519491231002X", "1949-12-31", Sex.female),
    ("440524188001010014", "440524188001010014", "1880-01-01", .male),
    ("11010519491231002x", "11010519491231002X", "1949-12-31", .female),
    ("１１０１０５１９４９１２３１００２ｘ", "11010519491231002X", "1949-12-31", .female),
    ("１１０１０５19491231002Ｘ", "11010519491231002X", "1949-12-31", .female),
  ])
  func `reads a number`(raw: String, text: String, birth: String, sex: Sex) throws {
    let id = try CitizenID.check(raw, on: day(Self.today)).get()
    #expect(id.text == text)
    #expect(id.birthDate == day(birth))
    #expect(id.sex == sex)
    #expect(id.origin == .mainland)
  }

  @Test(arguments: [
    Row("", .fieldMissing), Row("  ", .fieldMissing),
    Row("110105194912310021", .citizenIDCheckDigit),
    Row("440524188001010015", .citizenIDCheckDigit),
    Row("110105491231002", .citizenIDObsolete),
    Row("1101051949123100", .citizenIDLength),
    Row("11010519491231002XX", .citizenIDLength, .citizenIDCharacters),
    Row("11010519491231002Y", .citizenIDCharacters),
    Row("1101O519491231002X", .citizenIDCharacters),
    Row("110105194902310021", .citizenIDBirthDate, .citizenIDCheckDigit),
    Row("11010519490231002Y", .citizenIDCharacters, .citizenIDBirthDate),
    Row("11010520261121001X", .citizenIDBirthInFuture, .citizenIDCheckDigit),
    Row("01010519491231002X", .citizenIDAddressCode, .citizenIDCheckDigit),
    Row("11010519491231\u{0}02X", .textControlCharacter, .citizenIDCharacters),
    Row("11010519491231002X\u{0}", .citizenIDLength, .textControlCharacter, .citizenIDCharacters),
    Row(" 11010519491231002X", .citizenIDLength, .citizenIDCharacters),
    Row("王小明", .citizenIDLength, .citizenIDCharacters),
    Row("一二三四五六七八九十一二三四五六七八", .citizenIDCharacters),
    Row("12345678901234567890123456789012345", .citizenIDLength),
  ])
  func `tells everything that is wrong`(row: Row) {
    #expect(CitizenID.check(row.raw, on: day(Self.today)) == .failure(Defects(row.reasons)))
  }

  @Test(arguments: [
    ("810000", CitizenID.Origin.hongKong), ("820000", .macau), ("830000", .taiwan),
    ("911001", .foreigner),
  ])
  func `sends holders of other documents away`(address: String, origin: CitizenID.Origin) throws {
    let raw = withCheckDigit("\(address)19900101001")
    #expect(
      CitizenID.check(raw, on: day(Self.today)) == .failure(Defects([.citizenIDNotMainland])))
    let found = try CitizenID.check(raw, on: day(Self.today), from: CitizenID.anyOrigin).get()
    #expect(found.origin == origin)
  }

  @Test(arguments: ["330103", "330104", "332121", "339001", "330621", "510201"])
  func `takes address codes that were abolished`(address: String) throws {
    let raw = withCheckDigit("\(address)19850615002")
    #expect(try CitizenID.check(raw, on: day(Self.today)).get().text == raw)
  }

  @Test func `a birth date is judged on the day given`() throws {
    let raw = withCheckDigit("11010520261120001")
    #expect(try CitizenID.check(raw, on: day("2026-11-20")).get().birthDate == day("2026-11-20"))
    #expect(
      CitizenID.check(raw, on: day("2026-11-19"))
        == .failure(Defects([.citizenIDBirthInFuture])))
  }

  @Test func `every single wrong digit is found`() {
    let good = Array("11010519491231002X")
    for place in 0..<17 {
      for digit in "0123456789" where digit != good[place] {
        var wrong = good
        wrong[place] = digit
        let result = CitizenID.check(String(wrong), on: day(Self.today))
        guard case .failure(let defects) = result else {
          Issue.record("\(String(wrong)) was taken")
          continue
        }
        #expect(defects.reasons.contains(.citizenIDCheckDigit))
      }
    }
  }

  @Test func `printing one does not give it away`() throws {
    let id = try CitizenID.check("11010519491231002X", on: day(Self.today)).get()
    #expect("\(id)" == "1****************X")
    #expect(String(reflecting: id) == "1****************X")
    var dumped = ""
    dump(id, to: &dumped)
    #expect(!dumped.contains("1949"))
  }
}

/// The identity number that begins with 17 digits; its last is found by trying.
func withCheckDigit(_ body: String) -> String {
  for last in "0123456789X" {
    let result = CitizenID.check(body + String(last), on: .latest, from: CitizenID.anyOrigin)
    if case .success(let id) = result { return id.text }
  }
  Issue.record("\(body) has no check digit")
  return body
}
