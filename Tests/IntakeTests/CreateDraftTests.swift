import DomainModel
import RPC
import ServiceCore
import TestSupport
import Testing
import Wire

@testable import IntakeCore

struct CreateDraftTests {
  @Test func `a draft begins under the policy in force`() async throws {
    let world = try await World()
    let draft = try await world.draft()
    #expect(draft.state == .draft)
    #expect(draft.version == 1)
    #expect(draft.policyVersion == (try PolicyData.rules.get().policy.version))
    #expect(draft.createdAtMs == world.clock.now().milliseconds)
  }

  @Test func `a repeated call gets the first answer`() async throws {
    let world = try await World()
    let request = IntakeV1.CreateDraftRequest(
      idempotencyKey: world.key(), kind: .firstPermit, channel: .web)
    let options = world.options(World.integrator)
    let first = try await world.intake.createDraft(request, options: options)
    #expect(try await world.intake.createDraft(request, options: options) == first)
  }

  @Test func `a reused key with another body is refused`() async throws {
    let world = try await World()
    var request = IntakeV1.CreateDraftRequest(
      idempotencyKey: world.key(), kind: .firstPermit, channel: .web)
    let options = world.options(World.integrator)
    _ = try await world.intake.createDraft(request, options: options)
    request.channel = .app
    let error = try await refusal {
      _ = try await world.intake.createDraft(request, options: options)
    }
    #expect(error.reason == ErrorReason.idempotencyKeyReused.rawValue)
  }

  @Test func `every missing choice is told, and the key stays free`() async throws {
    let world = try await World()
    let key = world.key()
    let options = world.options(World.integrator)
    let error = try await refusal {
      _ = try await world.intake.createDraft(
        .init(idempotencyKey: key, channel: .unrecognized(99)), options: options)
    }
    #expect(error.code == .invalidArgument)
    #expect(error.told == ["kind FIELD_MISSING", "channel VALUE_UNKNOWN"])
    _ = try await world.intake.createDraft(
      .init(idempotencyKey: key, kind: .firstPermit, channel: .app), options: options)
  }

  @Test(arguments: ApplicationKind.allCases)
  func `a kind is taken in by the channels of its policy`(kind: ApplicationKind) async throws {
    let world = try await World()
    let offered = try #require(try PolicyData.rules.get().policy.kinds.kinds[kind])
    let callers: [(ApplicationChannel, Caller)] = [
      (.app, World.integrator), (.web, World.integrator), (.window, World.windowOfficer),
      (.collector, World.collector),
    ]
    for (channel, caller) in callers {
      let create = {
        try await world.draft(of: kind, by: .init(channel), caller)
      }
      if offered.channels.contains(channel) {
        #expect(try await create().kind == .init(kind))
        continue
      }
      let error = try await refusal { _ = try await create() }
      #expect(error.reason == "KIND_NOT_OFFERED")
      #expect(error.metadata == ["kind": kind.rawValue, "channel": channel.name])
    }
  }

  @Test func `a draft says which notice is to be read, and its assent has its time`() async throws {
    let world = try await World()
    let answer = try await world.intake.createDraft(
      .init(idempotencyKey: world.key(), kind: .endorsement, channel: .app),
      options: world.options(World.integrator))
    let notice = try #require(answer.notice)
    #expect(notice.version == "zhejiang-2022-1")
    #expect(notice.text.hasPrefix("申请人应当如实申报居住信息"))
    #expect(notice.text.split(separator: "\n").count == 4)
    let draft = try #require(answer.application)
    world.clock.advance(milliseconds: 1_000)
    _ = try await world.update(
      draft, .commitment(.init(noticeVersion: notice.version, assented: true)))
    let assented = try await world.get(draft.applicationID)
    #expect(assented.commitment?.noticeVersion == notice.version)
    #expect(assented.commitment?.assentedAtMs == world.clock.now().milliseconds)
  }

  @Test func `a kind that the region does not have is another matter`() async throws {
    let rules = try RegionRules(of: "shanghai", reading: PolicyTexts.text)
    let world = try await World(rules: rules)
    let error = try await refusal {
      _ = try await world.intake.createDraft(
        .init(idempotencyKey: world.key(), kind: .endorsement, channel: .app),
        options: world.options(World.integrator))
    }
    #expect(error.reason == "KIND_NOT_OFFERED")
    #expect(error.metadata == ["kind": "endorsement"])
    #expect(try await world.draft().policyVersion == "shanghai-1")
  }

  @Test(arguments: ["", "fifteen-letters", String(repeating: "k", count: 65)])
  func `a key of another length is refused`(key: String) async throws {
    let world = try await World()
    let error = try await refusal {
      _ = try await world.intake.createDraft(
        .init(idempotencyKey: key, kind: .firstPermit, channel: .app),
        options: world.options(World.integrator))
    }
    #expect(error.reason == ErrorReason.idempotencyKeyInvalid.rawValue)
  }

  @Test func `an applicant has so many drafts and no more; a platform has as many as it needs`()
    async throws
  {
    let world = try await World()
    for _ in 0..<DraftLimits.ofApplicantMax { _ = try await world.draft(by: World.applicant) }
    let error = try await refusal { _ = try await world.draft(by: World.applicant) }
    #expect(error.reason == ErrorReason.draftsTooMany.rawValue)
    #expect(error.metadata["drafts_max"] == String(DraftLimits.ofApplicantMax))
    for _ in 0...DraftLimits.ofApplicantMax { _ = try await world.draft() }
  }

  @Test func `services and auditors open no drafts`() async throws {
    let world = try await World()
    for caller in [World.auditor, World.approval] {
      let error = try await refusal { _ = try await world.draft(by: caller) }
      #expect(error.reason == ErrorReason.callerNotAllowed.rawValue)
    }
  }
}
