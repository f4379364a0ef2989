import ArgumentParser
import Crypto
import DomainModel
import RPC
import ToolKit
import Wire

/// Records what happened to sample persons, in its order.
struct Seeder {
  let services: Services
  let today: CivilDate

  /// Records a person's deeds, unless that was done before; answers his live permit's identifier,
  /// "" where he has none.
  func seed(_ person: SamplePerson) async throws -> String {
    let known = try await self.services.registry.getResidenceHistory(
      RegistryV1.GetResidenceHistoryRequest(citizenID: person.citizenID),
      options: self.services.options(as: .auditor))
    var identifier = known.liveCertificateIdentifier
    var registered = known.registrations.count
    for (index, deed) in person.deeds.enumerated() {
      switch deed {
      case .registered(let division, let daysAgo):
        registered -= 1
        if registered >= 0 { continue }
        let next = person.deeds.dropFirst(index + 1).lazy.compactMap(\.registeredDaysAgo).first
        try await self.register(person, in: division, daysAgo, until: next)
      case .issued(let division, let daysAgo):
        if identifier.isEmpty { identifier = try await self.issue(to: person, division, daysAgo) }
      case .lost(let daysAgo):
        try await self.reportLoss(of: identifier, by: person, daysAgo)
      }
    }
    return identifier
  }

  private func register(
    _ person: SamplePerson, in division: String, _ daysAgo: Int, until next: Int?
  ) async throws {
    let request = RegistryV1.RecordRegistrationRequest(
      idempotencyKey: freshKey("seed"), person: person.identity,
      address: SamplePerson.residence(in: division), declaredOn: self.day(daysAgo),
      endedOn: next.map { self.day($0 + 1) } ?? "", officeCode: division + "500000")
    _ = try await self.services.registry.recordRegistration(
      request, options: self.services.options(as: .registrationSystem))
  }

  private func issue(
    to person: SamplePerson, _ division: String, _ daysAgo: Int
  ) async throws -> String {
    let request = RegistryV1.IssuePermitRequest(
      idempotencyKey: freshKey("seed"), applicationID: "seed-\(person.citizenID)",
      caseID: "seed-\(person.citizenID)", holder: person.identity,
      residence: SamplePerson.residence(in: division), phone: person.phone,
      photoSha256: try DigestAlgorithm.sha256.digest(SamplePicture.png),
      bureauCode: division + "000000", issuedOn: self.day(daysAgo), actor: "officer:seed",
      actorOffice: division + "000000", policyVersion: "zhejiang-1")
    let answer = try await self.services.registry.issuePermit(
      request, options: self.services.options(as: Caller(service: .approval)))
    return answer.permit?.certificateIdentifier ?? ""
  }

  /// A loss that is reported already stays as it is.
  private func reportLoss(
    of identifier: String, by person: SamplePerson, _ daysAgo: Int
  ) async throws {
    let order = RegistryV1.Order(
      applicationID: "seed-loss-\(person.citizenID)", actor: "applicant:seed",
      decidedOn: self.day(daysAgo), policyVersion: "zhejiang-1")
    let request = RegistryV1.ReportLossRequest(
      idempotencyKey: freshKey("seed"), certificateIdentifier: identifier, order: order)
    do {
      _ = try await self.services.registry.reportLoss(
        request, options: self.services.options(as: Caller(service: .intake)))
    } catch let error as ServiceError where error.code == .failedPrecondition {}
  }

  private func day(_ daysAgo: Int) -> String { self.today.adding(days: -daysAgo).iso }
}

extension SamplePerson.Deed {
  fileprivate var registeredDaysAgo: Int? {
    guard case .registered(_, let daysAgo) = self else { return nil }
    return daysAgo
  }
}
