import DomainModel
import People
import RPC
import ToolKit
import Wire

/// Steps being taken for one subject on one set of connections.
struct Taking: Sendable {
  let scene: Scene
  let services: Services
  var subject: Subject

  /// Takes one step; throws what a service said, or `Unexpected`.
  mutating func take(_ step: Step) async throws {
    switch step {
    case .register: try await self.register()
    case .draft: self.subject.application = try await self.steps.create()
    case .commitment:
      self.subject.application = try await self.steps.commit(
        self.subject.application, notice: "zhejiang-2022-1")
    case .form:
      self.subject.application = try await self.steps.write(
        self.subject.person.form, to: self.subject.application)
    case .eligibility: try await self.checkEligibility()
    case .uploadIDCard: try await self.upload(.idCard)
    case .uploadPhoto: try await self.upload(.photo)
    case .uploadEvidence: try await self.upload(.evidence, .labourContract)
    case .submit: try await self.submit()
    case .awaitCase: try await self.awaitCase()
    case .readCase: try await self.readCase()
    case .accept: try await self.sign(.accept)
    case .review: try await self.sign(.review)
    case .approve: try await self.sign(.approve)
    case .awaitPermit: try await self.awaitPermit()
    case .awaitText: try await self.awaitText()
    case .load: try await self.load()
    case .present: try await self.present()
    case .verify: try await self.verify(.presentationCode(self.subject.code))
    case .check: try await self.verify(.certificateIdentifier(self.subject.certificateIdentifier))
    case .progress: try await self.progress()
    case .permit: try await self.readPermit()
    case .work: try await self.listWork()
    case .guide: try await self.readGuide()
    case .badNumber: try await self.offerBadNumber()
    case .badKey: try await self.offerBadKey()
    case .badToken: try await self.comeWithoutToken()
    case .foreign: try await self.askForAnothers()
    }
  }

  /// The calls of the applicant's platform.
  var steps: DraftSteps { DraftSteps(services: self.services, caller: self.subject.platform) }

  /// For how long a step waits for what services do among themselves, in milliseconds.
  private static let waitMsMax: Int64 = 30_000
  /// How soon it asks again at first, and how long it leaves between at most, in milliseconds.
  private static let firstPauseMs: Int64 = 5
  private static let pauseMsMax: Int64 = 100

  /// Asks until there is an answer, ever less often.
  func poll<Answer>(
    _ what: String, _ ask: () async throws -> Answer?
  ) async throws -> Answer {
    let watch = Stopwatch()
    var pauseMs = Self.firstPauseMs
    while true {
      if let answer = try await ask() { return answer }
      guard watch.nowUs < Self.waitMsMax * 1_000 else {
        throw Unexpected(code: "WAITED_TOO_LONG", text: "\(what) within \(Self.waitMsMax) ms")
      }
      try await Task.sleep(for: .milliseconds(pauseMs))
      pauseMs = min(pauseMs * 2, Self.pauseMsMax)
    }
  }

  /// Calls again where a service has no room just now and says when to come back, as an app does.
  func patiently<Answer>(_ call: () async throws -> Answer) async throws -> Answer {
    let watch = Stopwatch()
    while true {
      do {
        return try await call()
      } catch let error as ServiceError where error.code == .resourceExhausted {
        guard let delayMs = error.retryDelayMs, watch.nowUs < Self.waitMsMax * 1_000 else {
          throw error
        }
        try await Task.sleep(for: .milliseconds(max(delayMs, 1)))
      }
    }
  }
}
