import ArgumentParser
import RPC

/// Who the command line says it is. Until tokens are signed, services on loopback believe it.
struct Identity {
  var kind: Caller.Kind
  var id: String
  var office: String?
  var role: String?

  static let auditor = Identity(kind: .auditor, id: "anju")
  static let app = Identity(kind: .integrator, id: "anju")
  static let registrationSystem = Identity(kind: .integrator, id: "registration")

  static func officer(_ id: String, office: String, role: String) -> Identity {
    Identity(kind: .officer, id: id, office: office, role: role)
  }

  var metadata: Metadata {
    Metadata(
      caller: Caller(kind: self.kind, id: self.id, office: self.office, role: self.role))
  }
}

/// The options of a command that an officer gives.
struct OfficerOptions: ParsableArguments {
  @Option(help: "The officer's id.")
  var officer: String

  @Option(help: "The officer's office: 12 digits.")
  var office: String

  @Option(help: "The officer's role: accept, review or approve.")
  var role: StageName

  var identity: Identity {
    .officer(self.officer, office: self.office, role: self.role.rawValue)
  }
}
