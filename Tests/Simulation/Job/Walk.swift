import DomainModel
import RPC
import Wire

/// The main job for one person: registration, then an application from its form over three
/// officers to its end, and perhaps, after whatever end, one more.
struct Walk: Sendable {
  /// How many times a person applies at most, one after the other.
  static let applicationsMax = 2
  /// How often he applies again, how often on two devices at once, and how often a client watches,
  /// in thousandths.
  private static let again = 300
  private static let twice = 150
  private static let watched = 500

  private static let closed: Set<ApprovalV1.CaseState> = [.completed, .notAccepted, .refused]

  let world: SimulatedWorld
  private let chance: Chance
  private let officers: Officers
  private let applicant: Applicant

  init(_ number: Int, in world: SimulatedWorld) {
    self.world = world
    self.chance = Chance(seed: world.seed, of: "walk \(number)")
    self.officers = Officers(world: world, chance: self.chance)
    let platform = Client(
      world: world, caller: Caller(kind: .integrator, id: "zhelibanapp"), chance: self.chance)
    self.applicant = Applicant(platform: platform, person: Person(number))
  }

  /// Walks; throws what no repeat mends.
  func run() async throws -> [Acknowledged] {
    try await self.applicant.register()
    var walked: [Acknowledged] = []
    repeat {
      if !walked.isEmpty { self.world.tell(.secondApplications) }
      walked.append(try await self.application())
    } while walked.count < Self.applicationsMax && self.chance.happens(perMille: Self.again)
    return walked
  }

  /// One application from draft to end.
  private func application() async throws -> Acknowledged {
    let isTwice = self.chance.happens(perMille: Self.twice)
    var told = try await isTwice ? self.applicant.applyTwice() : self.applicant.apply()
    let id = told.applicationID
    async let watched = self.watch(id)
    try await self.decide(&told)
    let end = told.end
    let application = try await self.applicant.application(id) { $0.state == end }
    told.certificate = application.completion?.certificateIdentifier ?? ""
    if let last = try await watched, last != application {
      self.world.violated("a watcher of \(id) was told \(last) in the end; it is \(application)")
    }
    return told
  }

  private func watch(_ id: String) async throws -> IntakeV1.Application? {
    guard self.chance.happens(perMille: Self.watched) else { return nil }
    let isAuditor = self.chance.happens(perMille: 500)
    let auditor = Client(
      world: self.world, caller: Caller(kind: .auditor, id: "auditor2"), chance: self.chance)
    return try await Watcher(client: isAuditor ? auditor : self.applicant.platform).watch(id)
  }

  /// Goes with the case from state to state, as whoever it waits for.
  private func decide(_ told: inout Acknowledged) async throws {
    var seen: Int64 = 0
    while true {
      let file = try await self.officers.file(of: told.applicationID) {
        $0.version > seen && $0.state != .approved
      }
      seen = file.version
      told.caseID = file.caseID
      switch file.state {
      case _ where Self.closed.contains(file.state):
        told.end = self.end(of: file.state)
        return
      case .awaitingSupplement, .reviewSupplement:
        try await self.applicant.supplement(told.applicationID)
      default: told.opinions.append(try await self.officers.sign(file))
      }
    }
  }

  private func end(of state: ApprovalV1.CaseState) -> IntakeV1.ApplicationState {
    let (story, end): (SimulatedRun.Story, IntakeV1.ApplicationState) =
      switch state {
      case .completed: (.permits, .completed)
      case .notAccepted: (.nonAcceptances, .notAccepted)
      default: (.refusals, .refused)
      }
    self.world.tell(story)
    return end
  }
}
