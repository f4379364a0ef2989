/// The Swift of one field: its type, and how it is read from and written to the C struct `c`.
struct FieldCode {
  let field: ProtoField
  /// How errors name it: `anju.model.v1.Address.street`.
  let fullName: String
  let names: TypeNames

  var swiftName: String { SwiftNames.property(self.field.name) }
  private var member: String { "c.pointee.\(CNames.member(self.field.name))" }
  private var count: String { "c.pointee.n_\(CNames.keywordFree(self.field.name))" }
  private var list: String { "(\(self.count), \(self.member))" }

  /// The type of one value.
  private var element: String {
    switch self.field.type {
    case .number(let swift): swift
    case .bool: "Bool"
    case .string: "String"
    case .bytes: "[UInt8]"
    case .message(let name), .enum(let name): self.names[name]
    case .group: "Never"
    }
  }

  /// The type of the property.
  var type: String {
    if self.field.isRepeated { return "[\(self.element)]" }
    if case .message = self.field.type { return "\(self.element)?" }
    return self.element
  }

  /// The type of the oneof's case.
  var payload: String { self.element }

  var defaultValue: String {
    if self.field.isRepeated { return "[]" }
    switch self.field.type {
    case .number: return "0"
    case .bool: return "false"
    case .string: return "\"\""
    case .bytes: return "[]"
    case .enum(let name): return ".\(self.names.zeroCase(name))"
    case .message, .group: return "nil"
    }
  }

  /// An expression that reads the property.
  var read: String {
    self.field.isRepeated ? self.readList : self.readOne(orNil: true)
  }

  /// An expression that reads the oneof's case.
  var readPayload: String { self.readOne(orNil: false) }

  private func readOne(orNil: Bool) -> String {
    switch self.field.type {
    case .number, .group: self.member
    case .bool: "\(self.member) != 0"
    case .string: "try WireReader.string(\(self.member), \"\(self.fullName)\")"
    case .bytes: "WireReader.bytes(\(self.member))"
    case .enum: "\(self.element)(rawValue: .init(truncatingIfNeeded: \(self.member).rawValue))"
    case .message:
      orNil
        ? "try WireReader.message(\(self.member))"
        : "try WireReader.present(\(self.member), \"\(self.fullName)\")"
    }
  }

  private var readList: String {
    let number = "rawValue: .init(truncatingIfNeeded: $0.rawValue)"
    return switch self.field.type {
    case .number, .group: "WireReader.numbers\(self.list)"
    case .bool: "WireReader.bools\(self.list)"
    case .string: "try WireReader.strings(\(self.count), \(self.member), \"\(self.fullName)\")"
    case .bytes: "WireReader.bytes\(self.list)"
    case .enum:
      "WireReader.map\(self.list) { \(self.element)(\(number)) }"
    case .message: "try WireReader.messages\(self.list)"
    }
  }

  /// A statement that writes the property.
  var write: String {
    let value = "self.\(self.swiftName)"
    if self.field.isRepeated { return "\(self.list) = \(self.writeList(value))" }
    if case .string = self.field.type {
      return "try arena.write(\(value), to: &\(self.member), \"\(self.fullName)\")"
    }
    return "\(self.member) = \(self.writeOne(value, orNil: true))"
  }

  /// A statement that writes the oneof's case from `value`.
  var writePayload: String { "\(self.member) = \(self.writeOne("value", orNil: false))" }

  private func writeOne(_ value: String, orNil: Bool) -> String {
    switch self.field.type {
    case .number, .group: value
    case .bool: "\(value) ? 1 : 0"
    case .string: "try arena.string(\(value), \"\(self.fullName)\")"
    case .bytes: "try arena.bytes(\(value))"
    case .enum: ".init(rawValue: .init(truncatingIfNeeded: \(value).rawValue))"
    case .message: "try arena.\(orNil ? "optionalMessage" : "message")(\(value))"
    }
  }

  private func writeList(_ value: String) -> String {
    switch self.field.type {
    case .number, .group: "try arena.map(\(value)) { $0 }"
    case .bool: "try arena.map(\(value)) { $0 ? 1 : 0 }"
    case .string: "try arena.strings(\(value), \"\(self.fullName)\")"
    case .bytes: "try arena.bytes(\(value))"
    case .enum:
      "try arena.map(\(value)) { .init(rawValue: .init(truncatingIfNeeded: $0.rawValue)) }"
    case .message: "try arena.messages(\(value))"
    }
  }
}
