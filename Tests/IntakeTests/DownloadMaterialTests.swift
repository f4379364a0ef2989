import DomainModel
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import IntakeCore

struct DownloadMaterialTests {
  private static func officer(_ office: String) -> Caller {
    Caller(kind: .officer, id: "officer", office: office, role: "accept")
  }

  @Test func `who reaches an application reads its materials`() async throws {
    let world = try await World()
    let application = try await world.submitted()
    let callers = [World.integrator, World.auditor, World.applicant]
    for caller in callers {
      for material in application.materials {
        let read = try await world.download(
          material.materialID, of: application.applicationID, by: caller)
        #expect(read.material == material)
        #expect(read.chunks.flatMap(\.self) == Files.jpeg)
      }
    }
  }

  @Test(arguments: TestEngine.all)
  func `officers read what was given to their office or to one below it`(
    _ engine: TestEngine
  ) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let world = try await World(over: store)
      let application = try await world.submitted()
      let (id, material) = (application.applicationID, application.materials[0].materialID)
      let station = try #require(application.receipt?.officeCode)
      for office in [station, "330106000000"] {
        let read = try await world.download(material, of: id, by: Self.officer(office))
        #expect(read.material?.materialID == material)
      }
      let another = try await refusal {
        _ = try await world.download(material, of: id, by: Self.officer("330102000000"))
      }
      #expect(another.reason == ErrorReason.officerWrongOffice.rawValue)
      // A draft is nobody's but its applicant's.
      let draft = try await world.draft()
      let unknown = try await refusal {
        _ = try await world.download(
          material, of: draft.applicationID, by: Self.officer(station))
      }
      #expect(unknown.reason == ErrorReason.applicationNotFound.rawValue)
    }
  }

  @Test func `the counter reads what it entered, before it is submitted`() async throws {
    let world = try await World()
    let draft = try await world.readyDraft(of: .firstPermit, by: .window, World.windowOfficer)
    let (id, material) = (draft.applicationID, try #require(draft.materials.first).materialID)
    let read = try await world.download(material, of: id, by: World.windowOfficer)
    #expect(read.material?.materialID == material)
    // Before that nobody else knows of it.
    let another = try await refusal {
      _ = try await world.download(material, of: id, by: Self.officer("330102000000"))
    }
    #expect(another.reason == ErrorReason.applicationNotFound.rawValue)
  }

  @Test func `nobody reads by another's id, nor what is not there`() async throws {
    let world = try await World()
    let application = try await world.submitted()
    let (id, material) = (application.applicationID, application.materials[0].materialID)
    let stranger = Caller(kind: .integrator, id: "anotherapp")
    let hidden = try await refusal { _ = try await world.download(material, of: id, by: stranger) }
    #expect(hidden.reason == ErrorReason.applicationNotFound.rawValue)
    let own = try await world.draft(by: stranger)
    let foreign = try await refusal {
      _ = try await world.download(material, of: own.applicationID, by: stranger)
    }
    #expect(foreign.reason == ErrorReason.materialNotFound.rawValue)
    let service = try await refusal {
      _ = try await world.download(material, of: id, by: World.approval)
    }
    #expect(service.code == .permissionDenied)
  }

  @Test func `bytes that are lost are not there, and altered ones do not end with OK`() async throws
  {
    let world = try await World()
    let application = try await world.submitted()
    let (lost, altered) = (application.materials[0], application.materials[1])
    try await world.store.write { transaction in
      try transaction.execute(
        "UPDATE material SET bytes_of = 'gone' WHERE material_id = \(lost.materialID)")
      try transaction.execute(
        "UPDATE material SET sha256 = \([UInt8](repeating: 1, count: 32)) WHERE material_id = \(altered.materialID)"
      )
    }
    let missing = try await refusal {
      _ = try await world.download(lost.materialID, of: application.applicationID)
    }
    #expect(missing.reason == ErrorReason.materialNotFound.rawValue)
    let wrong = try await refusal {
      _ = try await world.download(altered.materialID, of: application.applicationID)
    }
    #expect(wrong.code == .internal)
  }
}
