import DomainModel
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

extension RegistryFixture {
  /// A person with a registration and a permit, whose texts are still owed; as far as a version of
  /// the schema can hold it: from the second on the permit has been endorsed, from the sixth
  /// printed, shown and looked at, from the seventh its holder has another number and somebody's IC
  /// card was imported, and in the eighth a platform is told.
  static func filled(
    _ version: Int = RegistryAssembly.migrations.count
  ) async throws -> (registry: RegistryFixture, permit: RegistryV1.Permit) {
    let registry = try await RegistryFixture()
    return (registry, try await registry.fill(version))
  }

  /// The same in this registry.
  func fill(
    _ version: Int = RegistryAssembly.migrations.count
  ) async throws -> RegistryV1.Permit {
    _ = try await self.register { $0.workplace = "测试店" }
    let issued = try #require(try await self.issue(1))
    guard version > 1 else { return issued }
    self.clock.set(try #require(CivilDate(iso: "2027-02-15")).startOfDay)
    let permit = try await self.endorse(issued, on: "2027-02-15")
    guard version > 5 else {
      #expect(try await self.assembly.sequenceOnce() == 3)
      return permit
    }
    let loaded = try await self.showAll()
    guard version > 6 else {
      #expect(try await self.assembly.sequenceOnce() == 4)
      return loaded
    }
    try await self.report(1, .number(CitizenIDs.woman(7), "2027-02-01"))
    let renumbered = try await self.permit(permit.certificateIdentifier)
    _ = try await self.client.importPermit(.sample(3), options: .authority)
    #expect(try await self.assembly.sequenceOnce() == 6)
    guard version > 7 else { return renumbered }
    let sink = try RecordingSink().sink(self.clock)
    #expect(try await FeedPush(sink, self.log, self.parts).pushOnce() == 0)
    return renumbered
  }

  /// Loads, prints and shows the first person's permit; returns it.
  private func showAll() async throws -> RegistryV1.Permit {
    let loaded = try #require(try await self.load().permit)
    var slip = RegistryV1.PrintConfirmationSlipRequest.sample(loaded)
    slip.entrusted = .init(name: "李四", citizenID: CitizenIDs.woman(8))
    _ = try await self.client.printConfirmationSlip(slip, options: .officer)
    let code = try await self.present(for: .housing).code
    _ = try await self.look(.sample(.presentationCode(code), key: "redeem-key-number-1"))
    return loaded
  }
}
