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
  func recordDelivery(
    _ request: IntakeV1.RecordDeliveryRequest, _ context: CallContext
  ) async throws -> IntakeV1.RecordDeliveryResponse {
    // Approval tells of no text.
    throw ServiceError(.callerNotAllowed)
  }

  func recordPersonEvent(
    _ request: IntakeV1.RecordPersonEventRequest, _ context: CallContext
  ) async throws -> IntakeV1.RecordPersonEventResponse {
    // Approval reports of nobody.
    throw ServiceError(.callerNotAllowed)
  }

  func restoreApplication(
    _ request: IntakeV1.RestoreApplicationRequest, _ context: CallContext
  ) async throws -> IntakeV1.RestoreApplicationResponse { throw FakeRegistry.notCalled }
}

/// The registry as approval sees it: does what it is ordered, or throws what a test sets.
final class FakeRegistry: Sendable {
  static let identifier = "1.2.156.3005.2.11000000000000000U001.X.1"
  static let registration = "registration-new"

  private typealias Methods = RegistryV1.CertificateRegistryServiceMethods

  /// The methods that approval calls.
  static let methods = [
    Methods.issuePermit, Methods.convertPermit, Methods.endorsePermit, Methods.correctPermit,
    Methods.cancelPermit, Methods.changePermitAddress, Methods.recordRegistration,
    Methods.changeRegistration,
  ]

  private struct State {
    var errors: [String: ServiceError] = [:]
    var calls: [(path: String, payload: [UInt8])] = []
  }
  private let state = Mutex(State())

  /// The methods that were called, oldest first, each by its last word.
  var calls: [String] {
    self.state.withLock { state in
      state.calls.map { String($0.path.split(separator: "/").last ?? "") }
    }
  }

  /// The orders of one method that it was given, oldest first.
  func orders<Order: WireMessage>(of method: Method, as: Order.Type = Order.self) throws -> [Order]
  {
    try self.state.withLock { $0.calls }.filter { $0.path == method.path }
      .map { try Order(wireBytes: $0.payload) }
  }

  /// The orders to issue that it was given, oldest first.
  var orders: [RegistryV1.IssuePermitRequest] {
    get throws { try self.orders(of: Methods.issuePermit) }
  }

  /// Answers with an error from now on, to one method or to all; nil to none.
  func refuse(_ method: Method? = nil, with error: ServiceError?) {
    self.state.withLock { state in
      for path in method.map({ [$0.path] }) ?? Self.methods.map(\.path) {
        state.errors[path] = error
      }
    }
  }

  private func take<Order: WireMessage, Answer: WireMessage>(
    _ method: Method, on router: inout RPCRouter,
    _ answer: @escaping @Sendable (Order) -> Answer
  ) {
    router.unary(method) { (order: Order, _) in
      let payload = try order.wireBytes()
      try self.state.withLock { state in
        state.calls.append((method.path, payload))
        if let error = state.errors[method.path] { throw error }
      }
      return answer(order)
    }
  }

  private static func permit(
    _ order: RegistryV1.Order?, cancelledAtMs: Int64 = 0
  ) -> RegistryV1.Permit {
    RegistryV1.Permit(
      permitID: "permit-1", certificateIdentifier: Self.identifier, validToOn: "2027-03-10",
      applicationID: order?.applicationID ?? "", caseID: order?.caseID ?? "",
      issuedAtMs: nineOClock("2026-03-10").milliseconds, cancelledAtMs: cancelledAtMs)
  }

  /// What approval calls.
  func register(on router: inout RPCRouter) {
    self.take(Methods.issuePermit, on: &router) { (order: RegistryV1.IssuePermitRequest) in
      RegistryV1.IssuePermitResponse(
        permit: RegistryV1.Permit(
          permitID: "permit-1", certificateIdentifier: Self.identifier, issuedOn: order.issuedOn,
          validToOn: "2027-03-10", applicationID: order.applicationID, caseID: order.caseID,
          issuedAtMs: nineOClock(order.issuedOn).milliseconds))
    }
    self.take(Methods.convertPermit, on: &router) { (order: RegistryV1.ConvertPermitRequest) in
      RegistryV1.ConvertPermitResponse(permit: Self.permit(order.order))
    }
    self.take(Methods.endorsePermit, on: &router) { (order: RegistryV1.EndorsePermitRequest) in
      RegistryV1.EndorsePermitResponse(permit: Self.permit(order.order))
    }
    self.take(Methods.correctPermit, on: &router) { (order: RegistryV1.CorrectPermitRequest) in
      RegistryV1.CorrectPermitResponse(permit: Self.permit(order.order))
    }
    self.take(Methods.cancelPermit, on: &router) { (order: RegistryV1.CancelPermitRequest) in
      RegistryV1.CancelPermitResponse(permit: Self.permit(order.order, cancelledAtMs: 1))
    }
    self.registerMoves(on: &router)
  }

  private func registerMoves(on router: inout RPCRouter) {
    self.take(Methods.changePermitAddress, on: &router) {
      (order: RegistryV1.ChangePermitAddressRequest) in
      RegistryV1.ChangePermitAddressResponse(permit: Self.permit(order.order))
    }
    self.take(Methods.recordRegistration, on: &router) {
      (order: RegistryV1.RecordRegistrationRequest) in
      RegistryV1.RecordRegistrationResponse(
        registration: RegistryV1.Registration(registrationID: Self.registration))
    }
    self.take(Methods.changeRegistration, on: &router) {
      (order: RegistryV1.ChangeRegistrationRequest) in
      RegistryV1.ChangeRegistrationResponse(
        registration: RegistryV1.Registration(registrationID: Self.registration))
    }
  }

  static let notCalled = ServiceError(
    code: .unimplemented, message: "Approval does not call this.")
}
