import DomainModel
import Testing

/// The regions' policies as they stand: what they offer, and that Shanghai is a file and no code.
struct KindPolicyTests {
  private let zhejiang: PolicySettings
  private let shanghai: PolicySettings

  init() throws {
    self.zhejiang = try PolicySettings(text: policyText("zhejiang.tsv"))
    self.shanghai = try PolicySettings(text: policyText("shanghai.tsv"), file: "shanghai.tsv")
  }

  private func kind(_ kind: ApplicationKind, in policy: PolicySettings) throws -> KindPolicy {
    try #require(policy.kinds.kinds[kind])
  }

  @Test func `Zhejiang offers every kind, Shanghai registration and first permit`() {
    #expect(Set(self.zhejiang.kinds.kinds.keys) == Set(ApplicationKind.allCases))
    #expect(Set(self.shanghai.kinds.kinds.keys) == [.residenceRegistration, .firstPermit])
    #expect(self.shanghai.region == "310000")
  }

  @Test func `every line says what it rests on`() {
    for policy in [self.zhejiang, self.shanghai] {
      for (name, kind) in policy.kinds.kinds {
        let lines =
          1 + kind.fields.count + kind.materials.count + kind.conditions.count + kind.rules.count
          + kind.stages.count + (kind.proxies.isEmpty ? 0 : 1) + (kind.instead.isEmpty ? 0 : 1)
        #expect(kind.grounds.count >= lines, "\(name)")
        #expect(kind.grounds.values.allSatisfy { !$0.isEmpty })
      }
      #expect(!policy.grounds.values.contains(""))
    }
  }

  @Test(arguments: [
    (ApplicationKind.firstPermit, [CaseStage.Step.accept, .review, .approve]),
    (.endorsement, [.accept, .review, .approve]),
    (.conversionByPermit, [.accept, .review, .approve]),
    (.conversionByRegistration, [.accept, .review, .approve]),
    (.faceDataCorrection, [.accept, .review, .approve]),
    (.cancellation, [.accept, .review, .approve]),
    (.residenceRegistration, [.confirm]), (.addressChange, [.confirm]),
    (.confirmationSlip, [.confirm]), (.contactChange, []), (.lossReport, []), (.lossWithdrawal, []),
  ])
  func `who decides in Zhejiang`(asked: ApplicationKind, steps: [CaseStage.Step]) throws {
    let policy = try self.kind(asked, in: self.zhejiang)
    #expect(policy.signedStages == steps)
    #expect(policy.stages.map(\.step) == steps)
    #expect(policy.isDecided == (steps.count == 3))
    #expect(self.zhejiang.days(.promise, of: asked) == 2)
    #expect(self.zhejiang.days(.statute, of: asked) == 15)
    #expect(self.zhejiang.days(.guarding, of: asked) == 5)
    #expect(self.zhejiang.days(.warning, of: asked) == 1)
  }

  @Test func `only declarations come from a collector`() {
    let kinds = self.zhejiang.kinds.kinds.values.filter { $0.channels.contains(.collector) }
    #expect(
      Set(kinds.map(\.kind)) == [.residenceRegistration, .addressChange, .contactChange])
    #expect(kinds.allSatisfy { !$0.isDecided })
  }

  @Test func `the first permit of Zhejiang asks for what the form of the law asks`() throws {
    let permit = try self.kind(.firstPermit, in: self.zhejiang)
    #expect(permit.channels == [.app, .web, .window])
    #expect(permit.need(of: .claims) == .required)
    #expect(permit.need(of: .guardian) == .minor)
    #expect(permit.need(of: .workplace) == .optional)
    #expect(permit.need(of: .photo, by: .app) == .required)
    #expect(permit.need(of: .idCard, by: .web) == .unlessFaceChecked)
    #expect(permit.need(of: .correctionProof, by: .app) == nil)
    #expect(permit.conditions.map(\.condition) == Condition.allCases)
    let evidence = permit.conditions.reduce(into: Set()) { $0.formUnion($1.evidence) }
    #expect(evidence == Set(EvidenceKind.allCases))
    let halfYear = permit.rules.first { $0.rule == .halfYearNotReached }
    #expect(halfYear?.waivedBy == .talent)
    #expect(halfYear?.ground == "《浙江省流动人口居住登记条例》第十六条")
    #expect(permit.instead.first == .conversionByPermit)
  }

  @Test func `Shanghai's first permit has timed stages and no exemption`() throws {
    let permit = try self.kind(.firstPermit, in: self.shanghai)
    #expect(
      permit.stages.map { "\($0.step.rawValue) \($0.workingDays ?? 0)" } == [
        "accept 0", "forward 2", "review 6", "approve 0", "make 7", "notify 2",
      ])
    #expect(permit.isDecided)
    #expect(self.shanghai.days(.promise, of: .firstPermit) == 8)
    #expect(self.shanghai.days(.promise, of: .residenceRegistration) == 1)
    #expect(permit.evidence(of: .talent) == nil)
    #expect(permit.rules.allSatisfy { $0.waivedBy == nil })
    #expect(permit.evidence(of: .dwelling) == [.ownHouse, .leaseFiling, .unitDormitory])
  }

  @Test func `Shanghai asks for a card at the counter only`() throws {
    let registration = try self.kind(.residenceRegistration, in: self.shanghai)
    #expect(registration.need(of: .idCard, by: .window) == .required)
    #expect(registration.need(of: .idCard, by: .app) == nil)
    #expect(registration.takes(.idCard))
    #expect(registration.signedStages == [.confirm])
  }

  @Test func `conflicts have no direction`() throws {
    let conflicts = self.zhejiang.kinds.conflicts
    for one in ApplicationKind.allCases {
      for other in ApplicationKind.allCases {
        #expect(
          conflicts.ground(against: one, whileOpen: other)
            == conflicts.ground(against: other, whileOpen: one))
      }
    }
    #expect(conflicts.ground(against: .endorsement, whileOpen: .conversionByPermit) != nil)
    #expect(conflicts.ground(against: .firstPermit, whileOpen: .firstPermit) != nil)
    #expect(conflicts.ground(against: .lossReport, whileOpen: .endorsement) == nil)
    #expect(conflicts.ground(against: .addressChange, whileOpen: .endorsement) == nil)
    #expect(conflicts.count == 28)
  }

  @Test func `Shanghai is a region of its own, by its files alone`() throws {
    let rules = try RegionRules(of: "shanghai", reading: policyText)
    #expect(rules.divisions.region.name == "上海市")
    #expect(rules.divisions.counties.count == 16)
    #expect(rules.divisions.residenceUnits == [ResidenceUnit(code: "310000", name: "上海市")])
    #expect(rules.divisions.residenceUnit(of: "330106") == nil)
    #expect(rules.divisions.fullName(of: "310106") == "上海市静安区")
    let route = rules.offices.route(
      county: "310106", street: "南京西路街道", kind: .firstPermit, on: day("2026-11-20"))
    #expect(route?.bureau.name == "上海市公安局静安分局")
    #expect(rules.offices.offices.allSatisfy { $0.county.hasPrefix("31") })
    let zhejiang = try RegionRules(reading: policyText)
    #expect(zhejiang.divisions.counties.count == 90)
    #expect(zhejiang.divisions.residenceUnit(of: "310106") == nil)
    #expect(zhejiang.divisions.residenceUnits.count == 64)
  }

  @Test func `a unit may be each district by itself`() throws {
    let table = try DivisionTable(text: policyText("divisions.tsv"), unit: .county)
    #expect(table.residenceUnit(of: "330106")?.name == "西湖区")
    #expect(table.residenceUnits.count == 90)
  }
}
