import DomainModel
import RPC
import ServiceCore
import TestSupport
import Testing
import Wire

@testable import IntakeCore

/// The guide: everything that the policy says of a kind, and nothing that it does not.
struct GetGuideTests {
  private static func guide(
    _ world: World, _ kind: ModelV1.ApplicationKind, in division: String = "330106",
    by caller: Caller = World.integrator
  ) async throws -> IntakeV1.Guide {
    try #require(
      try await world.intake.getGuide(
        .init(kind: kind, divisionCode: division), options: world.options(caller)
      ).guide)
  }

  @Test func `the guide to a first permit says who, what, where, when and for how much`()
    async throws
  {
    let guide = try await Self.guide(try await World(), .firstPermit)
    #expect(guide.policyVersion == "zhejiang-1" && guide.regionCode == "330000")
    #expect(guide.channels.map(\.channel) == [.app, .web, .window])
    #expect(guide.materials.contains { $0.material == .photo && $0.need == .required })
    let employment = guide.conditions.first { $0.condition == .employment }
    #expect(employment?.evidence.count == 5)
    #expect(guide.rules.first { $0.rule == "HALF_YEAR_NOT_REACHED" }?.waivedBy == .talent)
    #expect(guide.stages.map(\.step) == [.accept, .review, .approve])
    #expect(guide.stages.last?.offices.map(\.officeCode) == ["330106000000"])
    let terms = guide.terms.map { "\($0.term) \($0.length) \($0.unit)" }
    #expect(
      terms == [
        "guard 5 workingDay", "promise 2 workingDay", "statute 15 day", "supplement 30 day",
        "validity 12 month",
      ])
    #expect(guide.fees.map(\.amountFen) == [0])
    #expect(guide.fees.first?.ground.contains("第二十一条") == true)
    #expect(
      guide.appeals.map { "\($0.way) \($0.authority) \($0.length) \($0.unit)" } == [
        "review 西湖区人民政府 60 day", "litigation 西湖区人民法院 6 month",
      ])
  }

  @Test(arguments: ModelV1.ApplicationKind.allCases.filter { $0 != .unspecified })
  func `each part of each kind's guide says what it rests on`(
    _ kind: ModelV1.ApplicationKind
  ) async throws {
    let world = try await World()
    let guide = try await Self.guide(world, kind)
    let grounds =
      [guide.ground] + guide.channels.map(\.ground) + guide.fields.map(\.ground)
      + guide.materials.map(\.ground) + guide.conditions.map(\.ground) + guide.rules.map(\.ground)
      + guide.stages.map(\.ground) + guide.terms.map(\.ground) + guide.proxies.map(\.ground)
      + guide.fees.map(\.ground) + guide.appeals.map(\.ground)
    #expect(!grounds.contains(""))
    let known = try #require(ApplicationKind(kind))
    let policy = try #require(try PolicyData.rules.get().policy.kinds.kinds[known])
    #expect(guide.channels.count == policy.channels.count)
    #expect(guide.fields.count == policy.fields.count)
    #expect(guide.materials.count == policy.materials.count)
    #expect(guide.rules.map(\.rule) == policy.rules.map(\.rule.rawValue))
    #expect(guide.stages.isEmpty == policy.stages.isEmpty)
    #expect(guide.instead.count == policy.instead.count)
    #expect(guide.proxies.count == policy.proxies.count)
  }

  @Test func `without a division nobody is named`() async throws {
    let guide = try await Self.guide(try await World(), .firstPermit, in: "")
    #expect(guide.appeals.isEmpty)
    #expect(guide.stages.allSatisfy { $0.offices.isEmpty && !$0.officeKinds.isEmpty })
  }

  @Test func `what takes effect at once has no term and no decision`() async throws {
    let guide = try await Self.guide(try await World(), .lossReport)
    #expect(guide.stages.isEmpty && guide.terms.isEmpty && guide.appeals.isEmpty)
  }

  @Test(arguments: [
    Caller(kind: .applicant, id: "wang", citizenID: adultNumber), World.integrator, World.auditor,
    Caller(kind: .officer, id: "police1", office: "330106500000", role: "accept"),
  ])
  func `everybody may read it`(_ caller: Caller) async throws {
    let guide = try await Self.guide(try await World(), .endorsement, by: caller)
    #expect(guide.kind == .endorsement)
  }

  @Test func `a wrong question is refused with everything that is wrong with it`() async throws {
    let world = try await World()
    let error = try await refusal {
      _ = try await Self.guide(world, .unspecified, in: "110101")
    }
    #expect(error.told == ["kind FIELD_MISSING", "division_code DIVISION_OUTSIDE_REGION"])
    let stale = try await refusal {
      _ = try await world.intake.getGuide(
        .init(kind: .firstPermit, policyVersion: "zhejiang-0"),
        options: world.options(World.integrator))
    }
    #expect(stale.reason == "POLICY_UNKNOWN")
  }
}
