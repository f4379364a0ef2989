import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import IntakeCore

struct UpdateDraftTests {
  @Test func `an incomplete form is kept as it is and resumed from another device`() async throws {
    let world = try await World()
    var form = ModelV1.ApplicationForm.adult
    form.phone = "not yet"
    form.claims = []
    let draft = try await world.update(
      try await world.draft(by: World.applicant), .form(form), by: World.applicant)
    #expect(draft.version == 2)
    let other = Caller(kind: .applicant, id: "other-device", citizenID: adultNumber)
    let resumed = try await world.get(draft.applicationID, by: other)
    #expect(resumed.form == form)
    form.phone = "13900000000"
    let next = try await world.update(resumed, .form(form), by: other)
    #expect(next.version == 3)
  }

  @Test func `an answer, which is kept 30 days, holds nothing of the form`() async throws {
    let world = try await World()
    let draft = try await world.update(try await world.draft(), .form(.adult))
    #expect(draft.form == nil)
    #expect(draft.version == 2)
    #expect(draft.state == .draft)
    #expect(try await world.get(draft.applicationID).form == .adult)
  }

  @Test func `the commitment keeps its version and its time`() async throws {
    let world = try await World()
    let id = try await world.update(
      try await world.draft(), .commitment(.init(noticeVersion: "zhejiang-2022-1", assented: true))
    ).applicationID
    let draft = try await world.get(id)
    #expect(draft.commitment?.assentedAtMs == world.clock.now().milliseconds)
    #expect(draft.commitment?.noticeVersion == "zhejiang-2022-1")
  }

  @Test func `a stale version is told with the current one`() async throws {
    let world = try await World()
    let draft = try await world.draft()
    _ = try await world.update(draft, .form(.adult))
    let error = try await refusal { _ = try await world.update(draft, .form(.adult)) }
    #expect(error.code == .aborted)
    #expect(error.metadata["current_version"] == "2")
  }

  @Test func `a commitment that is none is refused`() async throws {
    let world = try await World()
    let draft = try await world.draft()
    let error = try await refusal {
      _ = try await world.update(draft, .commitment(.init(noticeVersion: "", assented: false)))
    }
    #expect(
      error.told == [
        "commitment.assented COMMITMENT_NOT_ASSENTED", "commitment.notice_version FIELD_MISSING",
      ])
  }

  @Test func `a call without a step, and one with a giant form, store nothing`() async throws {
    let world = try await World()
    let draft = try await world.draft()
    var form = ModelV1.ApplicationForm.adult
    form.workplace = String(repeating: "厂", count: FormDocument.bytesMax)
    let giant = try await refusal { _ = try await world.update(draft, .form(form)) }
    #expect(giant.told == ["form TEXT_TOO_LONG"])
    let empty = try await refusal {
      _ = try await world.intake.updateDraft(
        .init(
          idempotencyKey: world.key(), applicationID: draft.applicationID, expectedVersion: 1),
        options: world.options(World.integrator))
    }
    #expect(empty.told == ["step FIELD_MISSING"])
    #expect(try await world.get(draft.applicationID).version == 1)
  }

  @Test func `a submitted application takes no further form`() async throws {
    let world = try await World()
    let application = try await world.submitted()
    let error = try await refusal { _ = try await world.update(application, .form(.adult)) }
    #expect(error.reason == ErrorReason.applicationWrongState.rawValue)
    #expect(error.metadata["current_state"] == "submitted")
  }

  @Test func `somebody else's draft is not there`() async throws {
    let world = try await World()
    let draft = try await world.draft()
    let stranger = Caller(kind: .integrator, id: "anotherapp")
    let error = try await refusal {
      _ = try await world.update(draft, .form(.adult), by: stranger)
    }
    #expect(error.code == .notFound)
  }
}
