import Crypto
import DomainModel
import Foundation
import Measuring
import People
import RPC
import Transport
import Wire

/// First permits that want nothing but to be submitted: committed to, with a form and two
/// materials, of persons who have been registered for long enough where they live, so that they
/// need no other proof of their dwelling.
struct Drafts: Sendable {
  static let residence = ModelV1.Address(
    divisionCode: "330106", street: "北山街道", detail: "保俶路1号2幢301室")

  let intake: Intake
  let registry: Registrations

  /// Makes so many, each another person's, and adds their ids to a file.
  func prepare(
    _ first: Int, count: Int, by callers: Int, into path: String
  ) async throws -> Latencies {
    let ids = LineFile(path)
    let load = Load(
      prepare: { number, _ in Person(number: first + number) },
      perform: { person in
        try await self.registry.record(person)
        ids.note(try await self.draft(of: person))
      })
    let latencies = try await load.closedLoop(callers: callers, count: count)
    try ids.append()
    return latencies
  }

  private func draft(of person: Person) async throws -> String {
    let created = try await self.intake.createDraft()
    guard let draft = created.application, let notice = created.notice else { throw WrongAnswer() }
    let committed = try await self.intake.update(
      draft, .commitment(.init(noticeVersion: notice.version, assented: true)))
    _ = try await self.intake.update(committed, .form(Self.form(of: person)))
    for kind: ModelV1.MaterialKind in [.idCard, .photo] {
      try await self.intake.upload(Portrait.of(person), kind, into: draft.applicationID)
    }
    return draft.applicationID
  }

  private static func form(of person: Person) -> ModelV1.ApplicationForm {
    ModelV1.ApplicationForm(
      applicant: person.identity, residence: Self.residence, phone: person.phone,
      claims: [ModelV1.ConditionClaim(condition: .dwelling, evidence: [.rentalRegistration])],
      workplace: "杭州某某科技有限公司")
  }
}

/// The registry, for the registrations that submissions are judged by.
final class Registrations: Sendable {
  private static let timeoutMs: Int64 = 30_000

  private let channel: GRPCClientChannel
  private let options: CallOptions
  private let day: String

  /// The registry on a port; every registration was declared on that day.
  init(port: Int, token: String, since day: String) {
    self.channel = GRPCClientChannel(
      ClientConfiguration(host: "127.0.0.1", port: port, random: SecureRandom()))
    self.options = CallOptions(
      timeoutMs: Self.timeoutMs, metadata: Metadata(["authorization": "Bearer \(token)"]),
      waitForReady: true)
    self.day = day
  }

  func record(_ person: Person) async throws {
    _ = try await RegistryV1.CertificateRegistryServiceClient(self.channel).recordRegistration(
      .init(
        idempotencyKey: Intake.key("registration"), person: person.identity,
        address: Drafts.residence, declaredOn: self.day, officeCode: "330106500000"),
      options: self.options)
  }

  func close() async { await self.channel.close() }
}
