import DomainModel
import RPC
import Synchronization
import Wire

/// Intake as approval sees it: keeps what it is told, in order, and can be away.
final class FakeIntake: IntakeV1.CaseProgressService {
  private let state = Mutex((isAway: false, told: [IntakeV1.RecordProgressRequest]()))

  /// What it was told, oldest first.
  var told: [IntakeV1.RecordProgressRequest] { self.state.withLock { $0.told } }

  func setAway(_ isAway: Bool) { self.state.withLock { $0.isAway = isAway } }

  func recordProgress(
    _ request: IntakeV1.RecordProgressRequest, _ context: CallContext
  ) async throws -> IntakeV1.RecordProgressResponse {
    return try self.state.withLock { state in
      if state.isAway { throw ServiceError(.storeUnavailable) }
      state.told.append(request)
      return IntakeV1.RecordProgressResponse()
    }
  }
}

extension FakeIntake {
  func restoreApplication(
    _ request: IntakeV1.RestoreApplicationRequest, _ context: CallContext
  ) async throws -> IntakeV1.RestoreApplicationResponse { throw FakeRegistry.notCalled }
}

/// The registry as approval sees it: issues, or throws what a test sets.
final class FakeRegistry: Sendable {
  static let identifier = "1.2.156.3005.2.11000000000000000U001.X.1"
  private let state = Mutex((error: ServiceError?.none, orders: [RegistryV1.IssuePermitRequest]()))

  /// The orders it was given, oldest first.
  var orders: [RegistryV1.IssuePermitRequest] { self.state.withLock { $0.orders } }

  func refuse(with error: ServiceError?) { self.state.withLock { $0.error = error } }

  func issuePermit(
    _ request: RegistryV1.IssuePermitRequest, _ context: CallContext
  ) async throws -> RegistryV1.IssuePermitResponse {
    return try self.state.withLock { state in
      state.orders.append(request)
      if let error = state.error { throw error }
      let permit = RegistryV1.Permit(
        permitID: "permit-1", certificateIdentifier: Self.identifier, issuedOn: request.issuedOn,
        validToOn: "2027-03-10", applicationID: request.applicationID, caseID: request.caseID,
        issuedAtMs: nineOClock(request.issuedOn).milliseconds)
      return RegistryV1.IssuePermitResponse(permit: permit)
    }
  }

  /// The one method that approval calls.
  func register(on router: inout RPCRouter) {
    router.unary(RegistryV1.CertificateRegistryServiceMethods.issuePermit) {
      try await self.issuePermit($0, $1)
    }
  }

  static let notCalled = ServiceError(
    code: .unimplemented, message: "Approval does not call this.")
}
