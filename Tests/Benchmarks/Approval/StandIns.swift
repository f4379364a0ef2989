import DomainModel
import Logging
import RPC
import ServiceKit
import Synchronization
import Transport
import Wire

/// Intake and the registry as far as a decided case needs them: an order is carried out at once,
/// and whoever waits for a case's completion hears of it when intake does. What they cost comes on
/// top of what is measured, on the same processors.
struct StandIns: Sendable {
  private let completions: Completions

  /// Serves on two ports until the process ends.
  init(intake: Int, registry: Int) async throws {
    let completions = Completions()
    self.completions = completions
    let progress = IntakeV1.CaseProgressServiceMethods.recordProgress
    try await Self.serve(intake, progress) { router in
      router.unary(progress) { (request: IntakeV1.RecordProgressRequest, _) in
        if case .completed = request.step { completions.note(request.applicationID) }
        return IntakeV1.RecordProgressResponse()
      }
    }
    let issue = RegistryV1.CertificateRegistryServiceMethods.issuePermit
    try await Self.serve(registry, issue) { router in
      router.unary(issue) { (order: RegistryV1.IssuePermitRequest, _) in
        RegistryV1.IssuePermitResponse(permit: Self.permit(order))
      }
    }
  }

  /// Returns once intake has heard that an application's case is complete.
  func completion(of application: String) async { await self.completions.wait(for: application) }

  private static func serve(
    _ port: Int, _ method: Method, _ register: (inout RPCRouter) -> Void
  ) async throws {
    var logger = Logger(label: "stand-in")
    logger.logLevel = .error
    var access = AccessTable()
    access.allow(method, .anyone)
    var router = RPCRouter(identity: nil, access: access, logger: logger)
    register(&router)
    let server = GRPCServer(
      configuration: ServerConfiguration(port: port, clock: SystemClock()), router: router,
      logger: logger)
    _ = try await server.start()
    Task { await server.run() }
  }

  private static func permit(_ order: RegistryV1.IssuePermitRequest) -> RegistryV1.Permit {
    RegistryV1.Permit(
      permitID: "permit-\(order.caseID)", certificateIdentifier: "certificate-\(order.caseID)",
      issuedOn: order.issuedOn, validToOn: "2099-01-01", applicationID: order.applicationID,
      caseID: order.caseID, issuedAtMs: SystemClock().now().milliseconds)
  }
}

/// Which applications are complete, and who waits for one.
private final class Completions: Sendable {
  private struct State {
    var done: Set<String> = []
    var waiting: [String: CheckedContinuation<Void, Never>] = [:]
  }

  private let state = Mutex(State())

  func note(_ application: String) {
    let waiter = self.state.withLock { state in
      state.done.insert(application)
      return state.waiting.removeValue(forKey: application)
    }
    waiter?.resume()
  }

  func wait(for application: String) async {
    await withCheckedContinuation { continuation in
      let isDone = self.state.withLock { state in
        if state.done.contains(application) { return true }
        state.waiting[application] = continuation
        return false
      }
      if isDone { continuation.resume() }
    }
  }
}
