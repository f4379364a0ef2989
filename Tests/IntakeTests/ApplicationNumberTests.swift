import DomainModel
import TestSupport
import Testing

@testable import IntakeCore

struct ApplicationNumberTests {
  static let day = CivilDate(iso: "2026-03-10") ?? .earliest

  @Test func `a number says where and when, and ends in its check digit`() {
    let number = ApplicationNumber(division: "330106", submittedOn: Self.day, draw: 1_200_000_042)
    #expect(number.text.hasPrefix("3301062026031000000042"))
    #expect(number.text.utf8.count == ApplicationNumber.length)
    #expect(ApplicationNumber(number.text) == number)
  }

  @Test func `the check digit is that of ISO 7064 MOD 11,10`() {
    // Checked from the other side: the recursion over body and check digit leaves 1.
    let random = SeededRandom(seed: 3)
    for _ in 0..<200 {
      let number = ApplicationNumber(division: "331123", submittedOn: Self.day, draw: random.next())
      var product = 10
      for digit in number.text.utf8.dropLast().map({ Int($0) - 48 }) {
        let sum = (product + digit) % 10
        product = (sum == 0 ? 10 : sum) * 2 % 11
      }
      let last = Int(number.text.utf8.last ?? 0) - 48
      #expect((product + last) % 10 == 1)
    }
  }

  @Test func `every single wrong digit is seen`() {
    let number = ApplicationNumber(division: "330106", submittedOn: Self.day, draw: 12_345_678)
    let digits = Array(number.text)
    for index in digits.indices {
      for wrong in "0123456789" where wrong != digits[index] {
        var other = digits
        other[index] = wrong
        #expect(ApplicationNumber(String(other)) == nil)
      }
    }
    #expect(ApplicationNumber(String(digits.dropLast())) == nil)
    #expect(ApplicationNumber("X" + String(digits.dropFirst())) == nil)
  }
}
