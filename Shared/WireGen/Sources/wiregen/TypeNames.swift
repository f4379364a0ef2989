/// The qualified Swift name of each message and enum, by its full name in the contract.
struct TypeNames {
  private var names: [String: String] = [:]

  init(_ files: [ProtoFile]) {
    for file in files {
      let namespace = SwiftNames.namespace(file.package)
      for value in file.enums { self.names[value.fullName] = "\(namespace).\(SwiftNames.type(value.name))" }
      for message in file.messages { self.add(message, in: namespace) }
    }
  }

  private mutating func add(_ message: ProtoMessage, in scope: String) {
    let name = "\(scope).\(SwiftNames.type(message.name))"
    self.names[message.fullName] = name
    for value in message.enums { self.names[value.fullName] = "\(name).\(SwiftNames.type(value.name))" }
    for nested in message.messages { self.add(nested, in: name) }
  }

  subscript(_ fullName: String) -> String {
    guard let name = self.names[fullName] else { preconditionFailure("\(fullName) is not known") }
    return name
  }
}
