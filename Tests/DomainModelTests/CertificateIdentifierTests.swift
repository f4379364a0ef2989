import DomainModel
import Testing

@Suite struct CertificateIdentifierTests {
  @Test(arguments: [
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
    "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
    "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
    "1.2.156.3005.2.11100000000013338W002.11320482014138860P.201807250201.001.M",
  ])
  func `reads identifiers that were issued`(text: String) throws {
    let identifier = try #require(CertificateIdentifier(text))
    #expect(identifier.text == text)
  }

  @Test(arguments: [
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.V",
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000404.001.U",
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.000.U",
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.1.U",
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L..001.U",
    "1.2.156.3005.2.11100000000013338W011.11430000006122244.20230000403.001.U",
    "1.2.156.3005.2.11100000000013338W01.11430000006122244L.20230000403.001.U",
    "1.2.156.3005.1.11100000000013338W011.11430000006122244L.20230000403.001.U",
    "1.2.156.3005.2.11100000000013338w011.11430000006122244L.20230000403.001.U",
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001",
    "", "1.2.156.3005.2.",
  ])
  func `refuses what is no identifier`(text: String) {
    #expect(CertificateIdentifier(text) == nil)
  }

  @Test func `makes an identifier from its parts`() throws {
    let made = try #require(
      CertificateIdentifier(
        type: "11100000000013338W009", issuer: "11330105002500287C", serial: "2025052201",
        version: 2))
    #expect(
      made.text == "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0")
    #expect(CertificateIdentifier(made.text) == made)
  }

  @Test func `never makes one whose issuer is a division`() {
    let made = CertificateIdentifier(
      type: "11100000MB03271699022", issuer: "340100", serial: "000000016", version: 1)
    #expect(made == nil)
  }

  @Test func `finds every single wrong character and every swap of neighbours`() throws {
    let good = Array("11100000000013338W009.11330105002500287C.2025052201.002.0")
    let prefix = CertificateIdentifier.root + "."
    for place in good.indices where good[place] != "." {
      for character in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" where character != good[place] {
        var wrong = good
        wrong[place] = character
        #expect(CertificateIdentifier(prefix + String(wrong)) == nil)
      }
      guard place > 0, good[place - 1] != ".", good[place - 1] != good[place] else { continue }
      var swapped = good
      swapped.swapAt(place - 1, place)
      #expect(CertificateIdentifier(prefix + String(swapped)) == nil, "\(String(swapped))")
    }
  }

  @Test func `serial numbers have twenty digits and capitals and differ`() {
    struct Counting: RandomSource {
      let first: UInt8
      func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: Int(self.first) &+ $0 * 37) }
      }
    }
    let serials = (0...255).map { CertificateIdentifier.makeSerial(random: Counting(first: $0)) }
    #expect(Set(serials).count == 256)
    #expect(
      serials.allSatisfy { serial in
        serial.utf8.count == 20 && serial.allSatisfy { $0.isNumber || $0.isUppercase }
      })
  }
}
