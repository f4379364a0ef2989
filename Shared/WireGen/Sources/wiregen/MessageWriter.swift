/// Writes a message twice: the public struct, and its way to the C struct and back.
struct MessageWriter {
  let message: ProtoMessage
  let names: TypeNames

  private func code(_ field: ProtoField) -> FieldCode {
    FieldCode(
      field: field, fullName: "\(self.message.fullName).\(field.name)", names: self.names)
  }

  /// The fields outside oneofs.
  private var plain: [FieldCode] {
    self.message.fields.filter { $0.oneof == nil }.map(self.code)
  }

  private var oneofs: [OneofCode] {
    self.message.oneofs.enumerated().map { index, oneof in
      OneofCode(
        oneof: oneof, members: self.message.fields.filter { $0.oneof == index }.map(self.code))
    }
  }

  /// Name, type and default of each property, in the contract's order; a oneof stands where its
  /// first member does.
  private var properties: [(name: String, type: String, value: String, doc: ([String], String))] {
    var seen: Set<Int> = []
    return self.message.fields.compactMap { field in
      if let index = field.oneof {
        guard seen.insert(index).inserted else { return nil }
        let code = self.oneofs[index]
        return (
          code.swiftName, "\(code.typeName)?", "nil",
          (code.oneof.comment, "\(self.message.fullName).\(code.oneof.name)")
        )
      }
      let code = self.code(field)
      return (code.swiftName, code.type, code.defaultValue, (field.comment, code.fullName))
    }
  }

  func writeStruct(to source: inout SourceWriter) {
    source.doc(self.message.comment, or: self.message.fullName)
    source.block("public struct \(SwiftNames.type(self.message.name)): WireMessage") { source in
      for property in self.properties {
        source.doc(property.doc.0, or: property.doc.1)
        source.line("public var \(property.name): \(property.type)")
      }
      source.line(
        "/// Fields this version of the contract does not name, as they came; they are sent on.")
      source.line("public internal(set) var unknownFields: [UInt8] = []")
      source.line()
      self.writeInitializers(to: &source)
      for oneof in self.oneofs { oneof.writeEnum(to: &source) }
      for nested in self.message.enums {
        source.line()
        EnumWriter(value: nested).write(to: &source)
      }
      for nested in self.message.messages {
        source.line()
        MessageWriter(message: nested, names: self.names).writeStruct(to: &source)
      }
    }
  }

  private func writeInitializers(to source: inout SourceWriter) {
    source.line("/// A message; what is left out has the contract's default.")
    let parameters = self.properties.map { "\($0.name): \($0.type) = \($0.value)" }
    source.list("public init", parameters, " {")
    for property in self.properties {
      source.line("  self.\(property.name) = \(property.name)")
    }
    source.line("}")
    source.line()
    source.line("/// Reads a message; throws for bytes that are none.")
    source.line(
      "public init(wireBytes: [UInt8]) throws(WireError) { self = try Self.decode(wireBytes) }")
    source.line(
      "/// The message on the wire; throws for a string with a NUL and beyond the arena's ceiling.")
    source.line("public func wireBytes() throws(WireError) -> [UInt8] { try self.encode() }")
  }

  func writeConformance(to source: inout SourceWriter) {
    source.line()
    source.block("extension \(self.names[self.message.fullName]): WireBacked") { source in
      let initialize = "\(CNames.function(self.message.fullName))__init"
      source.line("typealias C = \(CNames.type(self.message.fullName))")
      source.line("static func start(_ c: UnsafeMutablePointer<C>) { \(initialize)(c) }")
      source.block("init(reading c: UnsafePointer<C>) throws(WireError)") { source in
        for field in self.plain { source.line("self.\(field.swiftName) = \(field.read)") }
        for oneof in self.oneofs { oneof.writeRead(to: &source) }
        source.line("self.unknownFields = try WireReader.unknownFields(c)")
      }
      source.block(
        "func write(to c: UnsafeMutablePointer<C>, _ arena: inout WireArena) throws(WireError)"
      ) { source in
        for field in self.plain { source.line(field.write) }
        for oneof in self.oneofs { oneof.writeWrite(to: &source) }
      }
    }
    for nested in self.message.messages {
      MessageWriter(message: nested, names: self.names).writeConformance(to: &source)
    }
  }
}
