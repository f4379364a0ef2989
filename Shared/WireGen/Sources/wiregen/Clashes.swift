/// Finds names that differ in the contract and are the same in Swift.
struct Clashes {
  private var refusals: [Refusal] = []

  static func refusals(of files: [ProtoFile]) -> [Refusal] {
    var clashes = Clashes()
    var packageOf: [String: String] = [:]
    var typesOf: [String: Set<String>] = [:]
    for file in files {
      let namespace = SwiftNames.namespace(file.package)
      if packageOf.updateValue(file.package, forKey: namespace) ?? file.package != file.package {
        clashes.refuse(file, file.package, "another package is \(namespace) in Swift too")
      }
      clashes.check(file, types: &typesOf[namespace, default: []])
    }
    return clashes.refusals
  }

  private mutating func refuse(_ file: ProtoFile, _ element: String, _ reason: String) {
    self.refusals.append(Refusal(file: file.name, element: element, reason: reason))
  }

  private mutating func check(_ file: ProtoFile, types: inout Set<String>) {
    let names =
      file.messages.map { ($0.name, $0.fullName) } + file.enums.map { ($0.name, $0.fullName) }
      + file.services.flatMap { service in
        ["", "Client", "Methods"].map { (service.name + $0, service.fullName) }
      }
    self.unique(names, in: file, taken: &types)
    for message in file.messages { self.check(message, in: file) }
    for value in file.enums { self.check(value, in: file) }
    for service in file.services {
      var taken: Set<String> = ["all", "register"]
      let methods = service.methods.map {
        (SwiftNames.method($0.name), "\(service.fullName).\($0.name)")
      }
      self.unique(methods, in: file, taken: &taken)
    }
  }

  private mutating func check(_ message: ProtoMessage, in file: ProtoFile) {
    var types: Set<String> = ["C"]
    let nested =
      message.messages.map { ($0.name, $0.fullName) } + message.enums.map { ($0.name, $0.fullName) }
      + message.oneofs.map {
        (SwiftNames.upperCamel($0.name), "\(message.fullName).\($0.name)")
      }
    self.unique(nested, in: file, taken: &types)
    var properties: Set<String> = [
      "unknownFields", "wireBytes", "hash", "hashValue", "write", "start", "decode", "encode",
    ]
    let outside = message.fields.filter { $0.oneof == nil }
    self.unique(
      (outside.map(\.name) + message.oneofs.map(\.name)).map {
        (SwiftNames.property($0), "\(message.fullName).\($0)")
      }, in: file, taken: &properties)
    for index in message.oneofs.indices {
      var cases: Set<String> = ["none", "some", "hash", "hashValue"]
      let members = message.fields.filter { $0.oneof == index }
      self.unique(
        members.map { (SwiftNames.property($0.name), "\(message.fullName).\($0.name)") },
        in: file, taken: &cases)
    }
    for nested in message.messages { self.check(nested, in: file) }
    for nested in message.enums { self.check(nested, in: file) }
  }

  private mutating func check(_ value: ProtoEnum, in file: ProtoFile) {
    var cases: Set<String> = ["unrecognized", "rawValue", "allCases", "hash", "hashValue"]
    self.unique(
      value.values.map {
        (SwiftNames.enumCase($0.name, in: value.name), "\(value.fullName).\($0.name)")
      }, in: file, taken: &cases)
  }

  private mutating func unique(
    _ names: [(swift: String, element: String)], in file: ProtoFile, taken: inout Set<String>
  ) {
    for name in names where !taken.insert(name.swift).inserted {
      self.refuse(file, name.element, "its Swift name \(name.swift) is taken")
    }
  }
}
