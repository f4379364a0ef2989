import DomainModel
import Logging
import ServiceCore

/// Removes drafts that nobody touches, and third parties' reports that have had their time, so that
/// nobody's form and papers are kept for nothing.
struct DraftExpiry: Sendable {
  /// How long it rests between two rounds, in milliseconds: one hour.
  static let pauseMs: Int64 = 3_600_000

  let store: IntakeStore
  let policies: PolicyEditions
  let parts: CoreParts

  /// Runs until the task is cancelled. What a round throws ends the job, which begins again.
  func run() async throws {
    while true {
      let now = self.parts.time.now()
      // On a day without a policy drafts go all the same: nobody's papers are kept for nothing.
      let inForce = try? self.policies.inForce(on: CivilDate(of: now))
      let policy = inForce ?? self.policies.latest
      let removed = try await self.store.expireDrafts(
        untouchedSince: now.adding(milliseconds: -policy.draftMs), at: now)
      if removed > 0 {
        self.parts.logger.info("drafts expired", metadata: ["count": "\(removed)"])
      }
      let leads = try await self.store.expireLeads(
        reportedBefore: now.adding(milliseconds: -Int64(Lead.days) * 86_400_000))
      if leads > 0 {
        self.parts.logger.info("leads expired", metadata: ["count": "\(leads)"])
      }
      let next = self.parts.time.now().adding(milliseconds: Self.pauseMs)
      try await self.parts.time.sleep(until: next)
    }
  }
}

extension PolicySettings {
  /// `draft_days` in milliseconds: a span, not civil days.
  fileprivate var draftMs: Int64 { Int64(self.draftDays) * 86_400_000 }
}
