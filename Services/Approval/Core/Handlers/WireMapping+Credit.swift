import DomainModel
import Wire

// The records of frauds on the wire.

extension CreditV1.CreditEntryState {
  init(_ state: CreditEntryState) {
    switch state {
    case .recorded: self = .recorded
    case .corrected: self = .corrected
    case .withdrawn: self = .withdrawn
    case .erased: self = .erased
    }
  }
}

extension CreditV1.CreditEntry {
  /// An entry as the platforms are told of it.
  init(_ entry: CreditEntry, of id: ID<Inspection>, finding: CreditV1.FraudFinding?) {
    self.init(
      entryID: id.text, version: entry.version, state: .init(entry.state),
      changedAtMs: entry.changedAt.milliseconds, finding: finding)
  }
}

extension ApprovalV1.CreditRecord {
  init(_ entry: CreditEntry, keptUntil: CivilDate?, _ deliveries: [CreditDelivery]) {
    self.init(
      state: .init(entry.state), version: entry.version,
      recordedAtMs: entry.recordedAt.milliseconds, changedAtMs: entry.changedAt.milliseconds,
      decisionNumber: entry.penalty?.decisionNumber ?? "",
      penalty: entry.penalty.map { .init($0) } ?? .unspecified,
      fineYuan: Int32(entry.penalty?.fineYuan ?? 0), keptUntilOn: keptUntil?.iso ?? "",
      disputed: entry.dispute.map { .init($0.signature) },
      disputeReason: entry.dispute?.reason ?? "",
      deliveries: deliveries.map { delivery in
        ApprovalV1.CreditDelivery(
          platform: delivery.platform, versionTaken: delivery.versionTaken,
          takenAtMs: delivery.takenAt?.milliseconds ?? 0)
      })
  }
}

extension ApprovalV1.Penalty {
  init(_ penalty: InspectionConclusion.Penalty) {
    switch penalty.kind {
    case .notImposed: self = .notImposed
    case .warning: self = .warning
    case .fine: self = .fine
    }
  }
}
