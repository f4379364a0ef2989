package import RPC

/// As whom the command line calls where no token is given.
extension Caller {
  package static let auditor = Caller(kind: .auditor, id: "anju")
  package static let app = Caller(kind: .integrator, id: "anju")
  package static let registrationSystem = Caller(kind: .integrator, id: "registration")

  package static func officer(_ id: String, office: String, role: String) -> Caller {
    Caller(kind: .officer, id: id, office: office, role: role)
  }
}
