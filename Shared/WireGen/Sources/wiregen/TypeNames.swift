/// The qualified Swift name of each message and enum, by its full name in the contract.
struct TypeNames {
  private var names: [String: String] = [:]
  private var zeroCases: [String: String] = [:]

  init(_ files: [ProtoFile]) {
    for file in files {
      let namespace = SwiftNames.namespace(file.package)
      for value in file.enums { self.add(value, in: namespace) }
      for message in file.messages { self.add(message, in: namespace) }
    }
  }

  private mutating func add(_ message: ProtoMessage, in scope: String) {
    let name = "\(scope).\(SwiftNames.type(message.name))"
    self.names[message.fullName] = name
    for value in message.enums { self.add(value, in: name) }
    for nested in message.messages { self.add(nested, in: name) }
  }

  private mutating func add(_ value: ProtoEnum, in scope: String) {
    self.names[value.fullName] = "\(scope).\(SwiftNames.type(value.name))"
    // proto3 wants the first value to be zero; it is what an unset field holds.
    self.zeroCases[value.fullName] =
      value.values.first.map { SwiftNames.enumCase($0.name, in: value.name) }
  }

  subscript(_ fullName: String) -> String {
    guard let name = self.names[fullName] else { preconditionFailure("\(fullName) is not known") }
    return name
  }

  /// The case an unset field of this enum holds.
  func zeroCase(_ fullName: String) -> String {
    self.zeroCases[fullName] ?? "init(rawValue: 0)"
  }
}
