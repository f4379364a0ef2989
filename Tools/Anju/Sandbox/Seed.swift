import ArgumentParser
import Crypto
import DomainModel
import RPC
import ToolKit
import Wire

/// Puts the sample persons into a sandbox.
struct Seed: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put sample persons into the services: one to try each kind of application with.",
    discussion: """
      Registrations and permits are recorded as the services themselves record them, so it needs \
      services that believe the development key. Done twice, it does nothing the second time.
      """)

  @OptionGroup var addresses: Addresses

  func run() async throws {
    let output = Output(json: self.addresses.json)
    try await self.addresses.withServices { services in
      let seeder = Seeder(services: services, today: CivilDate(of: .present))
      for person in SamplePerson.all {
        let done = try await seeder.seed(person)
        let view = View(person, done)
        try output.show(view, view.sentence)
      }
    }
  }

  private struct View: Encodable {
    let name: String
    let citizenId: String
    let story: String
    let certificateIdentifier: String

    init(_ person: SamplePerson, _ identifier: String) {
      self.name = person.name
      self.citizenId = person.citizenID
      self.story = person.story
      self.certificateIdentifier = identifier
    }

    var sentence: String {
      let permit = self.certificateIdentifier.isEmpty ? "" : "  \(self.certificateIdentifier)"
      return "\(self.citizenId)  \(self.name)  \(self.story)\(permit)"
    }
  }
}
