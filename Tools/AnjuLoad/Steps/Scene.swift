import DomainModel
import Foundation
import People
import RPC
import ToolKit
import Wire

/// Where steps are taken: whom to call, as whom, and what day it is.
struct Scene: Sendable {
  /// So long ago a person was registered who applies: more than the half year (Art. 9).
  private static let registeredDaysAgo = 400
  /// A face check is told to the half minute, so that a holder's token serves several calls.
  private static let faceStepMs: Int64 = 30_000

  /// Connections to the services, of which arrivals take turns.
  let services: [Services]
  let population: Population
  let platforms: [Caller]
  private let now: @Sendable () -> Timestamp

  /// A scene whose services go by the machine's clock.
  init(services: [Services], population: Population, platforms: Int, watch: Stopwatch) {
    let began = Timestamp.present.adding(milliseconds: -watch.nowUs / 1_000)
    self.init(services: services, population: population, platforms: platforms) {
      began.adding(milliseconds: watch.nowUs / 1_000)
    }
  }

  /// A scene with a clock of its own.
  init(
    services: [Services], population: Population, platforms: Int,
    now: @escaping @Sendable () -> Timestamp
  ) {
    self.services = services
    self.population = population
    self.platforms = (0..<platforms).map { Self.platform($0, of: platforms) }
    self.now = now
  }

  /// Which of so many platforms a person comes through.
  static func platform(_ index: Int, of platforms: Int) -> Caller {
    Caller(kind: .integrator, id: "platform-\(index % platforms + 1)")
  }

  /// The day that registrations are declared for.
  var declaredOn: String {
    CivilDate(of: self.now()).adding(days: -Self.registeredDaysAgo).iso
  }

  /// The connections that an arrival uses.
  func services(of index: Int) -> Services { self.services[index % self.services.count] }

  /// A person who comes for the first time.
  func newcomer(_ index: Int) -> Subject {
    Subject(self.population[index], platform: self.platforms[index % self.platforms.count])
  }

  /// The holder himself, whose face was checked just now.
  func holder(_ person: Person) -> Caller {
    let now = self.now().milliseconds
    let face = Timestamp(milliseconds: now - now % Self.faceStepMs)
    return Caller(
      kind: .applicant, id: "holder-\(person.number)", citizenID: person.citizenID,
      login: Login(faceCheckedAt: face))
  }

  /// One who looks at what others show.
  static let verifier = Caller(kind: .integrator, id: "verifier")
  /// A platform through which nobody comes.
  static let stranger = Caller(kind: .integrator, id: "stranger")
}
