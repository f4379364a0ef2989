import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import IntakeCore

struct GetApplicationTests {
  @Test func `an application is found by id and by number`() async throws {
    let world = try await World()
    let application = try await world.submitted()
    let number = try #require(application.receipt?.applicationNumber)
    let answer = try await world.intake.getApplication(
      .init(key: .applicationNumber(number)), options: world.options(World.integrator))
    #expect(answer.application == application)
  }

  @Test func `who created it, whom it is for and auditors see it, nobody else`() async throws {
    let world = try await World()
    let application = try await world.submitted()
    let id = application.applicationID
    for caller in [World.integrator, World.applicant, World.auditor] {
      #expect(try await world.get(id, by: caller) == application)
    }
    for caller in [
      Caller(kind: .integrator, id: "anotherapp"),
      Caller(kind: .applicant, id: "zhelibanapp"),
      Caller(kind: .applicant, id: "stranger", citizenID: guardianNumber),
    ] {
      let error = try await refusal { _ = try await world.get(id, by: caller) }
      #expect(error.code == .notFound)
      #expect(error.reason == ErrorReason.applicationNotFound.rawValue)
    }
  }

  @Test func `a person is found whichever way the login writes the number`() async throws {
    let world = try await World()
    var form = ModelV1.ApplicationForm.adult.of("11010519491231002X")
    form.applicant?.sex = .female
    let application = try await world.submitted(form)
    let caller = Caller(kind: .applicant, id: "somebody", citizenID: "11010519491231002x")
    #expect(try await world.get(application.applicationID, by: caller) == application)
  }

  @Test func `unknown ids, unknown numbers and no key have their answers`() async throws {
    let world = try await World()
    let options = world.options(World.integrator)
    for key in [
      IntakeV1.GetApplicationRequest.Key.applicationID("none"), .applicationNumber("none"),
    ] {
      let error = try await refusal {
        _ = try await world.intake.getApplication(.init(key: key), options: options)
      }
      #expect(error.code == .notFound)
    }
    let error = try await refusal {
      _ = try await world.intake.getApplication(.init(), options: options)
    }
    #expect(error.told == ["key FIELD_MISSING"])
  }

  @Test func `a caller who does not say who he is finds nothing`() async throws {
    let world = try await World()
    let id = try await world.draft().applicationID
    let error = try await refusal {
      _ = try await world.intake.getApplication(.init(key: .applicationID(id)))
    }
    #expect(error.code == .unauthenticated)
  }
}
