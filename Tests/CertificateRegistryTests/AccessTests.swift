import RPC
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

/// Who gets past the access table, of every kind of caller and every service.
struct AccessTests {
  private typealias Methods = RegistryV1.CertificateRegistryServiceMethods

  static let rows: [(method: Method, allowed: Set<String>)] = [
    (Methods.recordRegistration, ["integrator:one", "service:approval", "service:intake"]),
    (Methods.changeRegistration, ["service:approval", "service:intake"]),
    (Methods.endRegistration, ["service:intake"]),
    (Methods.getResidenceHistory, ["officer:one", "auditor:one", "service:intake"]),
    (Methods.reportPersonEvent, ["service:intake"]),
    (Methods.importPermit, ["service:intake"]),
    (Methods.issuePermit, ["service:approval"]),
    (Methods.endorsePermit, ["service:approval"]),
    (Methods.convertPermit, ["service:approval"]),
    (Methods.changePermitAddress, ["service:approval"]),
    (Methods.changePermitContact, ["service:intake"]),
    (Methods.correctPermit, ["service:approval"]),
    (Methods.noteEndorsementPending, ["service:intake"]),
    (Methods.reportLoss, ["service:intake"]),
    (Methods.withdrawLoss, ["service:intake"]),
    (Methods.cancelPermit, ["service:approval"]),
    (Methods.reinstatePermit, ["service:approval"]),
    (Methods.placeHold, ["service:approval"]),
    (Methods.releaseHold, ["service:approval"]),
    (Methods.getPermitHistory, ["officer:one", "auditor:one"]),
    (Methods.getPermit, ["officer:one", "auditor:one"]),
    (Methods.findPermits, ["service:intake", "officer:one", "auditor:one"]),
    (Methods.getTreeHead, ["applicant:one", "officer:one", "integrator:one", "auditor:one"]),
    (Methods.getInclusionProof, ["applicant:one", "officer:one", "integrator:one", "auditor:one"]),
    (
      Methods.getConsistencyProof,
      ["applicant:one", "officer:one", "integrator:one", "auditor:one"]
    ),
    (
      Methods.getRevocationSnapshot,
      ["applicant:one", "officer:one", "integrator:one", "auditor:one"]
    ),
    (Methods.watchChanges, ["integrator:one", "auditor:one"]),
    (Methods.renderPermit, ["applicant:one", "officer:one", "service:intake"]),
    (Methods.printConfirmationSlip, ["officer:one"]),
    (Methods.verifyPermit, ["officer:one", "integrator:one"]),
    (Methods.loadPermit, ["applicant:one"]),
    (Methods.createPresentation, ["applicant:one"]),
    // An officer of data protection besides; `SubjectReachTests`.
    (Methods.exportPerson, ["applicant:one"]),
    (Methods.erasePerson, ["applicant:one"]),
  ]

  @Test func `every method has its row`() {
    #expect(Set(Self.rows.map(\.method)) == Set(Methods.all))
  }

  @Test(arguments: Self.rows)
  func `nobody else gets in`(_ method: Method, _ allowed: Set<String>) async throws {
    let registry = try await RegistryFixture()
    #expect(await AccessWalk.allowed(to: method, through: registry.channel) == allowed)
  }
}
