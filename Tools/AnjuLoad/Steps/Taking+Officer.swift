import DomainModel
import RPC
import ToolKit
import Wire

/// What officers do: another one at each stage, in each office.
extension Taking {
  mutating func awaitCase() async throws {
    let request = ApprovalV1.GetCaseRequest(
      key: .applicationID(self.subject.application.applicationID))
    let officer = self.officer(.accept)
    let opened = try await self.poll("The case was not opened") {
      do {
        return try await self.services.approval.getCase(
          request, options: self.services.options(as: officer)
        ).`case`
      } catch let error as ServiceError where error.code == .notFound {
        return nil
      }
    }
    self.note(opened)
  }

  /// Whoever signs next reads the case before.
  mutating func readCase() async throws {
    let request = ApprovalV1.GetCaseRequest(key: .caseID(self.subject.caseID))
    let answer = try await self.services.approval.getCase(
      request, options: self.services.options(as: self.officer(self.subject.nextStage)))
    if let read = answer.`case` { self.note(read) }
  }

  mutating func sign(_ stage: ApprovalV1.Stage) async throws {
    let signed = try await self.services.sign(
      caseID: self.subject.caseID, version: self.subject.caseVersion, stage, .pass,
      as: self.officer(stage))
    self.note(signed)
    self.subject.nextStage = stage == .accept ? .review : .approve
  }

  func listWork() async throws {
    let request = ApprovalV1.ListWorkRequest(stage: .accept, page: ModelV1.Page(size: 20))
    _ = try await self.services.approval.listWork(
      request, options: self.services.options(as: self.officer(.accept)))
  }

  func readPermit() async throws {
    let request = RegistryV1.GetPermitRequest(
      certificateIdentifier: self.subject.certificateIdentifier)
    _ = try await self.services.registry.getPermit(
      request, options: self.services.options(as: self.officer(.approve)))
  }

  private func officer(_ stage: ApprovalV1.Stage) -> Caller {
    let office = stage == .approve ? self.subject.bureauCode : self.subject.stationCode
    return .officer("police-\(stage)-\(office)", office: office, role: "\(stage)")
  }

  private mutating func note(_ read: ApprovalV1.Case) {
    self.subject.caseID = read.caseID
    self.subject.caseVersion = read.version
    self.subject.bureauCode = read.bureauCode
  }
}
