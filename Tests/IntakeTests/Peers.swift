import DomainModel
import RPC
import Synchronization
import Wire

/// A certificate registry that knows what a test tells it.
final class FakeRegistry: Sendable {
  private struct State {
    var answers: [String: RegistryV1.GetResidenceHistoryResponse] = [:]
    var permits: [String: [RegistryV1.Permit]] = [:]
    var isAway = false
    var calls = 0
    var orders: [(method: Method, request: [UInt8])] = []
    var refusal: ServiceError?
  }

  private let state = Mutex(State())

  /// How often it was asked.
  var calls: Int { self.state.withLock { $0.calls } }

  /// Records a registration in a division since a day.
  func register(
    _ citizenID: String, division: String = "330106", since declaredOn: String,
    workplace: String = ""
  ) {
    let address = ModelV1.Address(
      divisionCode: division, street: "北山街道", detail: "保俶路1号")
    self.register(citizenID, at: address, since: declaredOn, workplace: workplace)
  }

  /// Records a registration at an address since a day.
  func register(
    _ citizenID: String, at address: ModelV1.Address, since declaredOn: String,
    workplace: String = ""
  ) {
    self.state.withLock { state in
      let registration = RegistryV1.Registration(
        registrationID: "registration", address: address, declaredOn: declaredOn,
        workplace: workplace)
      state.answers[citizenID, default: .init()].registrations.append(registration)
    }
  }

  /// Lets a person hold a permit; that of a division, valid to a day.
  func issue(
    _ citizenID: String, in division: String = "330106", to validTo: String = "2027-03-01",
    _ state: RegistryV1.PermitState = .valid
  ) {
    let identifier = "1.2.156.3005.2.X"
    self.state.withLock {
      $0.answers[citizenID, default: .init()].liveCertificateIdentifier = identifier
      $0.permits[citizenID] = [
        RegistryV1.Permit(certificateIdentifier: "1.2.156.3005.2.OLD", state: .cancelled),
        RegistryV1.Permit(
          certificateIdentifier: identifier, state: state, validToOn: validTo,
          divisionCode: division),
      ]
    }
  }

  /// The orders of one method, in order.
  func orders<Request: WireMessage>(
    by method: Method, as type: Request.Type = Request.self
  ) throws -> [Request] {
    try self.state.withLock { $0.orders }.filter { $0.method == method }.map {
      try Request(wireBytes: $0.request)
    }
  }

  /// Lets every order be refused, or no longer.
  func refuse(with error: ServiceError?) {
    self.state.withLock { $0.refusal = error }
  }

  /// Lets every call fail with UNAVAILABLE, or no longer.
  func goAway(_ isAway: Bool) {
    self.state.withLock { $0.isAway = isAway }
  }

  fileprivate func answer(_ citizenID: String) throws -> RegistryV1.GetResidenceHistoryResponse {
    try self.state.withLock { state in
      state.calls += 1
      if state.isAway { throw ServiceError(code: .unavailable, message: "away") }
      return state.answers[citizenID] ?? .init()
    }
  }

  /// What it answers to an order: a permit that is valid for another while, or a registration.
  fileprivate func take(_ method: Method, _ request: [UInt8]) throws -> [UInt8] {
    try self.state.withLock { state in
      if state.isAway { throw ServiceError(code: .unavailable, message: "away") }
      if let refusal = state.refusal { throw refusal }
      state.orders.append((method, request))
    }
    typealias Methods = RegistryV1.CertificateRegistryServiceMethods
    let permit = RegistryV1.Permit(
      certificateIdentifier: "1.2.156.3005.2.X", validToOn: "2027-03-01")
    return switch method {
    case Methods.reportLoss: try RegistryV1.ReportLossResponse(permit: permit).wireBytes()
    case Methods.withdrawLoss: try RegistryV1.WithdrawLossResponse(permit: permit).wireBytes()
    case Methods.changePermitContact:
      try RegistryV1.ChangePermitContactResponse(permit: permit).wireBytes()
    case Methods.noteEndorsementPending:
      try RegistryV1.NoteEndorsementPendingResponse(permit: permit).wireBytes()
    case Methods.changeRegistration:
      try RegistryV1.ChangeRegistrationResponse(
        registration: .init(registrationID: "registration-2")
      ).wireBytes()
    default: throw ServiceError(code: .unimplemented, message: method.path)
    }
  }

  fileprivate func permits(_ citizenID: String) -> RegistryV1.FindPermitsResponse {
    RegistryV1.FindPermitsResponse(
      permits: self.state.withLock { $0.permits[citizenID] ?? [] })
  }
}

extension FakeRegistry: RPCChannel {
  func unary(
    _ method: Method, _ request: [UInt8], _ options: CallOptions
  ) async throws -> [UInt8] {
    switch method {
    case RegistryV1.CertificateRegistryServiceMethods.getResidenceHistory:
      let request = try RegistryV1.GetResidenceHistoryRequest(wireBytes: request)
      return try self.answer(request.citizenID).wireBytes()
    case RegistryV1.CertificateRegistryServiceMethods.findPermits:
      guard case .citizenID(let number) = try RegistryV1.FindPermitsRequest(wireBytes: request).key
      else { throw ServiceError(code: .invalidArgument, message: method.path) }
      return try self.permits(number).wireBytes()
    default: return try self.take(method, request)
    }
  }

  func streaming<Result>(
    _ method: Method, _ options: CallOptions,
    _ body: (any MessageSink, any MessageSource) async throws -> Result
  ) async throws -> Result {
    throw ServiceError(code: .unimplemented, message: method.path)
  }
}

/// A service that takes every call and remembers it.
final class RecordingPeer: RPCChannel {
  private let kept = Mutex<[(method: Method, request: [UInt8])]>([])
  private let refusals = Mutex<[Method: ServiceError]>([:])

  /// The requests to one method, in order.
  func requests<Request: WireMessage>(
    to method: Method, as type: Request.Type = Request.self
  ) throws -> [Request] {
    try self.kept.withLock { $0 }.filter { $0.method == method }.map {
      try Request(wireBytes: $0.request)
    }
  }

  /// Lets every call of a method be refused, or no longer.
  func refuse(_ method: Method, with error: ServiceError?) {
    self.refusals.withLock { $0[method] = error }
  }

  func unary(
    _ method: Method, _ request: [UInt8], _ options: CallOptions
  ) async throws -> [UInt8] {
    if let refusal = self.refusals.withLock({ $0[method] }) { throw refusal }
    self.kept.withLock { $0.append((method, request)) }
    return []
  }

  func streaming<Result>(
    _ method: Method, _ options: CallOptions,
    _ body: (any MessageSink, any MessageSource) async throws -> Result
  ) async throws -> Result {
    throw ServiceError(code: .unimplemented, message: method.path)
  }
}
