import DomainModel

/// Persons who come on the same day: each registers, and some apply and come to their loaded
/// permit, by the very steps that a run takes.
struct Cohort: Sendable {
  /// How many are under way at once: as many as one head of the registry's log covers, for which
  /// registrations and loadings wait.
  static let callers = 128
  /// How many upload at once: intake takes so many of one platform, and sends others away for a
  /// second.
  static let uploaders = 8
  /// How many go through their day together at most.
  static let personsMax = 2_000

  /// What a holder does on his way.
  private static let writing: [Step] = [.draft, .commitment, .form]
  private static let uploading: [Step] = [.uploadIDCard, .uploadPhoto, .uploadEvidence]
  private static let deciding: [Step] = [.awaitCase, .accept, .review, .approve]
  private static let loading: [Step] = [.awaitPermit, .load]

  let services: FourServices
  let scene: Scene
  let plan: YearPlan

  /// Leads persons through their day and returns those who have a permit now; throws the first
  /// thing that went wrong. Where somebody has to wait for what services owe one another, all do,
  /// so that nobody asks twice.
  func live(_ persons: Range<Int>) async throws -> [Member] {
    let all = persons.map { Member(index: $0, subject: self.scene.newcomer($0)) }
    let registered = try await self.take([.register], all)
    var holders = registered.filter { self.plan.isHolder($0.index) }
    holders = try await self.take(Self.writing, holders)
    holders = try await self.take(Self.uploading, holders, callers: Self.uploaders)
    holders = try await self.take([.submit], holders)
    try await self.services.settle()
    holders = try await self.take(Self.deciding, holders)
    try await self.services.settle()
    return try await self.take(Self.loading, holders)
  }

  private func take(
    _ steps: [Step], _ members: [Member], callers: Int = Self.callers
  ) async throws -> [Member] {
    let numbers = Counter()
    return try await withThrowingTaskGroup(of: [Member].self) { group in
      for _ in 0..<min(callers, members.count) {
        group.addTask {
          var done: [Member] = []
          while case let index = numbers.next(), index < members.count {
            var taking = Taking(
              scene: self.scene, services: self.services.clients,
              subject: members[index].subject)
            for step in steps { try await taking.take(step) }
            done.append(Member(index: members[index].index, subject: taking.subject))
          }
          return done
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }.sorted { $0.index < $1.index }
    }
  }
}

/// One of a cohort.
struct Member: Sendable {
  /// His place in the population.
  let index: Int
  let subject: Subject
}
