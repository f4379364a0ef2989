import DomainModel
import PermitProof

/// What a slip says beside the certificate: what is kept of it, with its station.
struct SlipFacts: Hashable, Sendable {
  let number: String
  let order: SlipOrder
  let station: Office
  /// The officer's own number (警号).
  let officerID: String
  let printedAt: Timestamp
  let status: PaperPermit.Status
  /// The text of its QR code, signed.
  let code: String
}

extension SlipFacts {
  /// Those of a slip that was handed out at a station.
  init(_ record: SlipRecord, at station: Office) {
    self.init(
      number: record.number, order: record.order, station: station, officerID: record.officerID,
      printedAt: record.printedAt, status: record.status, code: record.code)
  }
}

extension SlipRecord {
  /// What is kept of a slip whose bytes have this hash.
  init(_ facts: SlipFacts, of permit: ID<Permit>, sha256: [UInt8]) {
    self.init(
      number: facts.number, permit: permit, order: facts.order, stationCode: facts.station.code,
      officerID: facts.officerID, printedAt: facts.printedAt, status: facts.status,
      code: facts.code, sha256: sha256)
  }
}

extension ConfirmationSlip {
  /// For how many days the code of a slip says something whose permit's term is over already.
  static let codeDaysAfterTerm = 30

  /// The slip of these facts.
  init(_ facts: SlipFacts, holder: PaperHolder, permit: PaperPermit) {
    self.init(
      number: facts.number, holder: holder, permit: permit, shown: facts.order.shown,
      entrusted: facts.order.entrusted, officerNumber: facts.officerID,
      station: facts.station.name, seal: facts.station.seal, codeText: facts.code,
      printedAt: facts.printedAt)
  }

  /// Until when a slip's code says something: to the end of the permit's term, or for
  /// `codeDaysAfterTerm` where that is over, because the slip says so itself.
  static func codeExpiry(
    of term: PermitDocument.Term, printedAt: Timestamp
  ) -> Timestamp {
    max(
      term.validToOn.endOfDay,
      printedAt.adding(milliseconds: Int64(Self.codeDaysAfterTerm) * 86_400_000))
  }

  /// A new slip's number: county, day, and eight characters that no other slip of the day is likely
  /// to have.
  static func newNumber(
    at now: Timestamp, _ station: Office, _ random: any RandomSource
  ) -> String {
    let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    let drawn = String(random.bytes(8).map { alphabet[Int($0) % alphabet.count] })
    return "\(station.county)-\(CivilDate(of: now).iso.replacing("-", with: ""))-\(drawn)"
  }
}
