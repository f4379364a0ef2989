import DomainModel
import ServiceCore
import Wire

/// A guide on the wire.
extension IntakeV1.Guide {
  init(_ source: GuideSource) {
    let (kind, policy) = (source.kind, source.policy)
    self.init(
      kind: .init(kind.kind), divisionCode: source.division, regionCode: policy.region,
      policyVersion: policy.version, inForceFromOn: policy.inForce.first?.iso ?? "",
      inForceToOn: policy.inForce.last?.iso ?? "", noticeVersion: policy.noticeVersion,
      channels: kind.channels.inOrder.map { channel in
        IntakeV1.GuideChannel(
          channel: .init(channel), ground: kind.grounds["kind"] ?? "")
      },
      fields: FormField.allCases.compactMap { field in
        kind.need(of: field).map {
          IntakeV1.GuideField(
            field: field.rawValue, need: .init($0),
            ground: kind.grounds["field \(field.rawValue)"] ?? "")
        }
      },
      materials: kind.materials.map(IntakeV1.GuideMaterial.init),
      conditions: kind.conditions.map(IntakeV1.GuideCondition.init),
      rules: kind.rules.map(IntakeV1.GuideRule.init),
      stages: kind.stages.map { .init($0, source.offices(of: $0)) },
      terms: source.terms.map(IntakeV1.GuideTerm.init),
      proxies: ActingCapacity.allCases.filter(kind.proxies.contains).map {
        IntakeV1.GuideProxy(capacity: .init($0), ground: source.ground(of: "proxy"))
      },
      fees: kind.fee.map { [.init(amountFen: Int64($0.fen), ground: $0.ground)] } ?? [],
      appeals: source.deciders.flatMap { office, appeal in
        Self.appeals(against: office, appeal, under: policy)
      },
      instead: kind.instead.map(ModelV1.ApplicationKind.init), ground: kind.grounds["kind"] ?? "")
  }

  /// 行政复议 and 行政诉讼, each to whom and within what time.
  private static func appeals(
    against office: Office, _ appeal: Office.Appeal, under policy: PolicySettings
  ) -> [IntakeV1.GuideAppeal] {
    [
      .init(
        way: .review, officeCode: office.code, authority: appeal.reviewAuthority,
        length: Int32(policy.reviewDays), unit: .day, ground: policy.grounds["review_days"] ?? ""),
      .init(
        way: .litigation, officeCode: office.code, authority: appeal.court,
        length: Int32(policy.litigationMonths), unit: .month,
        ground: policy.grounds["litigation_months"] ?? ""),
    ]
  }
}

extension IntakeV1.GuideMaterial {
  fileprivate init(_ rule: KindPolicy.MaterialRule) {
    self.init(
      material: .init(rawValue: rule.material.rawValue), need: .init(rule.need),
      channels: rule.channels.inOrder.map(ModelV1.Channel.init), ground: rule.ground)
  }
}

extension IntakeV1.GuideCondition {
  fileprivate init(_ rule: KindPolicy.ConditionRule) {
    self.init(
      condition: .init(rawValue: rule.condition.rawValue),
      evidence: EvidenceKind.allCases.filter(rule.evidence.contains).map {
        .init(rawValue: $0.rawValue)
      },
      ground: rule.ground)
  }
}

extension IntakeV1.GuideRule {
  fileprivate init(_ use: KindPolicy.RuleUse) {
    self.init(
      rule: use.rule.rawValue, english: use.rule.english(passed: true),
      chinese: use.rule.chinese(passed: true),
      waivedBy: .init(rawValue: use.waivedBy?.rawValue ?? 0), ground: use.ground)
  }
}

extension IntakeV1.GuideStage {
  fileprivate init(_ stage: CaseStage, _ offices: [Office]) {
    self.init(
      step: .init(stage.step),
      officeKinds: Office.Kind.allCases.filter(stage.offices.contains)
        .map(IntakeV1.OfficeKind.init),
      offices: offices.map {
        IntakeV1.GuideOffice(officeCode: $0.code, kind: .init($0.kind), name: $0.name)
      },
      workingDays: Int32(stage.workingDays ?? 0), ground: stage.ground)
  }
}

extension IntakeV1.GuideTerm {
  fileprivate init(_ term: GuideSource.Term) {
    self.init(
      term: .init(term.kind), length: Int32(term.length), unit: .init(term.unit),
      ground: term.ground)
  }
}

extension Set<ApplicationChannel> {
  /// The channels in the order of the contract.
  fileprivate var inOrder: [ApplicationChannel] {
    ApplicationChannel.allCases.filter(self.contains)
  }
}
