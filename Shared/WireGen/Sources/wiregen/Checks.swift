/// Refuses what protobuf-c cannot carry safely or Swift cannot name. Everything wrong is found
/// before anything is written.
struct Checks {
  private let files: [ProtoFile]
  private(set) var refusals: [Refusal] = []
  private var file = ""

  static func refusals(of files: [ProtoFile]) -> [Refusal] {
    var checks = Checks(files: files)
    checks.run()
    return checks.refusals
  }

  private init(files: [ProtoFile]) {
    self.files = files
  }

  private mutating func run() {
    for file in self.files {
      self.file = file.name
      if !file.isProto3 { self.refuse("", "is not proto3") }
      if file.hasExtensions { self.refuse("", "declares extensions") }
      if file.package.isEmpty { self.refuse("", "has no package") }
      for message in file.messages { self.check(message) }
      for value in file.enums { self.check(value) }
      for service in file.services { self.check(service) }
    }
    self.refusals += Cycles.refusals(of: self.files)
    self.refusals += Clashes.refusals(of: self.files)
  }

  private mutating func refuse(_ element: String, _ reason: String) {
    self.refusals.append(Refusal(file: self.file, element: element, reason: reason))
  }

  private mutating func check(_ message: ProtoMessage) {
    if message.isMapEntry { return }  // told at the field
    if message.hasExtensions { self.refuse(message.fullName, "has extensions") }
    self.checkTypeName(message.name, message.fullName)
    let maps = Set(message.messages.filter(\.isMapEntry).map(\.fullName))
    for field in message.fields {
      let name = "\(message.fullName).\(field.name)"
      if field.isProto3Optional {
        self.refuse(
          name, "is `optional`: say absence by a sub-message, a oneof, or a zero that means unset")
      }
      if field.type == .group { self.refuse(name, "is a group") }
      if case .message(let type) = field.type, maps.contains(type) {
        self.refuse(
          name, "is a map: repeat a message with `key` and `value`, which is equal on the wire")
      }
      if !Self.isSnake(field.name) { self.refuse(name, "is not lower_snake_case") }
      if SwiftNames.unescapable.contains(field.name) {
        self.refuse(name, "has a name that Swift cannot give to a C struct's member")
      }
      self.checkIsGenerated(field.type, at: name)
    }
    for oneof in message.oneofs where !Self.isSnake(oneof.name) {
      self.refuse("\(message.fullName).\(oneof.name)", "is not lower_snake_case")
    }
    for nested in message.messages { self.check(nested) }
    for nested in message.enums { self.check(nested) }
  }

  private mutating func check(_ value: ProtoEnum) {
    self.checkTypeName(value.name, value.fullName)
    var numbers: Set<Int32> = []
    for known in value.values where !numbers.insert(known.number).inserted {
      self.refuse("\(value.fullName).\(known.name)", "has the number of another value")
    }
  }

  private mutating func check(_ service: ProtoService) {
    self.checkTypeName(service.name, service.fullName)
    for method in service.methods {
      let name = "\(service.fullName).\(method.name)"
      if !Self.isUpperCamel(method.name) { self.refuse(name, "is not UpperCamelCase") }
      self.checkIsGenerated(.message(method.input), at: name)
      self.checkIsGenerated(.message(method.output), at: name)
    }
  }

  private mutating func checkTypeName(_ name: String, _ fullName: String) {
    if !Self.isUpperCamel(name) { self.refuse(fullName, "is not UpperCamelCase") }
    if Self.takenTypes.contains(name) {
      self.refuse(fullName, "has the name of a type that generated code uses")
    }
  }

  private mutating func checkIsGenerated(_ type: ProtoType, at name: String) {
    switch type {
    case .message(let type), .enum(let type):
      if self.files.contains(where: { $0.declares(type) }) { return }
      self.refuse(name, "uses \(type), which is not under proto/: write it out there")
    default: return
    }
  }

  private static func isSnake(_ name: String) -> Bool {
    name.first.map { $0.isLetter } == true
      && name.allSatisfy { ($0.isLowercase || $0.isNumber || $0 == "_") && $0.isASCII }
  }

  private static func isUpperCamel(_ name: String) -> Bool {
    name.first?.isUppercase == true
      && name.allSatisfy { ($0.isLetter || $0.isNumber) && $0.isASCII }
  }

  private static let takenTypes: Set<String> = [
    "Bool", "CallContext", "CallOptions", "CaseIterable", "Double", "Float", "Hashable", "Int32",
    "Int64", "Method", "RPCChannel", "RPCRouter", "RequestStream", "ResponseWriter", "Sendable",
    "String", "UInt32", "UInt64", "UInt8", "UnsafeMutablePointer", "UnsafePointer", "WireArena",
    "WireBacked", "WireError", "WireMessage", "WireReader",
  ]
}

extension ProtoFile {
  /// Whether the message or enum of this full name stands in this file.
  func declares(_ fullName: String) -> Bool {
    self.enums.contains { $0.fullName == fullName }
      || self.messages.contains { $0.declares(fullName) }
  }
}

extension ProtoMessage {
  func declares(_ fullName: String) -> Bool {
    self.fullName == fullName || self.enums.contains { $0.fullName == fullName }
      || self.messages.contains { $0.declares(fullName) }
  }
}
