import Crypto
import DomainModel
import Foundation
import PermitProof
import RPC
import Storage
import TestSupport
import Wire

@testable import CertificateRegistryCore

extension CallOptions {
  /// An officer of data protection.
  static func dataProtection(_ office: String) -> CallOptions {
    CallOptions(
      metadata: Metadata(
        caller: Caller(
          kind: .officer, id: "dpo-\(office)", office: office, role: "data_protection")))
  }
}

/// An export as whoever asked for it has it.
struct ReadExport {
  /// What each line says of its row: the table, and its columns with their values.
  struct Line {
    let table: String
    let kept: [String: Any]
    let withheld: [String]

    func text(_ column: String) -> String { self.kept[column] as? String ?? "" }
    func number(_ column: String) -> Int { self.kept[column] as? Int ?? -1 }
  }

  var data: [UInt8] = []
  var pieces: [Int] = []
  var manifest: RegistryV1.ExportManifest?
  private(set) var header: [String: Any] = [:]
  private(set) var lines: [Line] = []

  var text: String { String(decoding: self.data, as: UTF8.self) }

  /// Reads what was sent; throws where a line is no JSON.
  mutating func read() throws {
    for (index, bytes) in self.data.split(separator: UInt8(ascii: "\n")).enumerated() {
      let value = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] ?? [:]
      if index == 0 {
        self.header = value
        continue
      }
      self.lines.append(
        Line(
          table: value["table"] as? String ?? "", kept: value["kept"] as? [String: Any] ?? [:],
          withheld: value["withheld"] as? [String] ?? []))
    }
  }

  func of(_ table: String) -> [Line] { self.lines.filter { $0.table == table } }
}

extension RegistryFixture {
  /// The whole export that somebody gets; the first person's own unless told.
  func export(
    _ request: RegistryV1.ExportPersonRequest = .init(), _ options: CallOptions? = nil
  ) async throws -> ReadExport {
    var export = ReadExport()
    try await self.client.exportPerson(request, options: options ?? self.holder) { stream in
      for try await part in stream {
        export.data += part.data
        export.pieces.append(part.data.count)
        if let manifest = part.manifest { export.manifest = manifest }
      }
    }
    try export.read()
    return export
  }

  /// Has the first person erased; by himself unless told.
  func erase(
    key: String = "erase-key-of-person-1", _ options: CallOptions? = nil,
    ground: RegistryV1.ErasureGround = .ownRequest, citizenID: String = "",
    reference: String = ""
  ) async throws -> RegistryV1.ErasePersonResponse {
    try await self.client.erasePerson(
      .init(
        idempotencyKey: key, citizenID: citizenID, ground: ground, reference: reference),
      options: options ?? self.holder)
  }

  /// Ends everything of the first person on the day that it is, hands over every text, and lets the
  /// log take it in.
  func endAll(_ permit: RegistryV1.Permit) async throws {
    let day = CivilDate(of: self.clock.now()).iso
    let residence = try await self.residence()
    for registration in residence.registrations where registration.endedOn.isEmpty {
      _ = try await self.client.endRegistration(
        .sample(registration, on: day), options: .intake)
    }
    try await self.cancel(permit)
    _ = try await self.told()
    _ = try await self.assembly.sequenceOnce()
  }

  /// Compares the store with witnessed heads.
  func audit(against heads: [SignedTreeHead]) async throws -> AuditReport {
    let key = try SM2PublicKey(pem: self.signer.publicKeyPEM)
    guard let trusted = TrustedKey(id: self.signer.keyID, key: key),
      let ring = SigningKeyRing([trusted])
    else { throw ServiceError(.requestInvalid) }
    return try await RegistryAudit(self.store, sealer: self.seals.sealer, keys: ring)
      .run(against: heads)
  }

  /// Lets years pass.
  func wait(years: Int, days: Int = 1) {
    let day = CivilDate(of: self.clock.now()).adding(years: years).adding(days: days)
    self.clock.set(day.startOfDay.adding(milliseconds: 12 * 3_600_000))
  }

  /// Every sealed value and every index of a number that the store has now.
  func secrets() async throws -> Set<[UInt8]> {
    let columns = Set(
      RegistryAssembly.sealedTables.map { [$0.table, $0.column] }
        + [["person_key", "blind"], ["earlier_permit_key", "blind"], ["permit", "signature"]])
    return try await self.store.read { snapshot in
      Set(
        try columns.flatMap { place in
          try snapshot.rows(
            SQL(stringLiteral: "SELECT \(place[1]) AS value FROM \(place[0])")
          ).compactMap { try $0.optionalBytes("value") }
        }.filter { !$0.isEmpty })
    }
  }
}
