/// The Swift of one oneof: an enum with one case a member, and how it is read and written.
struct OneofCode {
  let oneof: ProtoOneof
  let members: [FieldCode]

  var swiftName: String { SwiftNames.property(self.oneof.name) }
  var typeName: String { SwiftNames.upperCamel(self.oneof.name) }
  private var selector: String { "c.pointee.\(self.oneof.name)_case" }

  func writeEnum(to source: inout SourceWriter) {
    source.line()
    source.doc(self.oneof.comment, or: "oneof \(self.oneof.name)")
    source.block("public enum \(self.typeName): Hashable, Sendable") { source in
      for member in self.members {
        source.doc(member.field.comment, or: member.fullName)
        source.line("case \(member.swiftName)(\(member.payload))")
      }
    }
  }

  /// The selector's numbers are the members' field numbers.
  func writeRead(to source: inout SourceWriter) {
    source.cases(of: "\(self.selector).rawValue") { source in
      for member in self.members {
        let value = ".\(member.swiftName)(\(member.readPayload))"
        source.line("case \(member.field.number): self.\(self.swiftName) = \(value)")
      }
      source.line("default: self.\(self.swiftName) = nil")
    }
  }

  func writeWrite(to source: inout SourceWriter) {
    source.cases(of: "self.\(self.swiftName)") { source in
      for member in self.members {
        source.line("case .\(member.swiftName)(let value):")
        source.line("  \(self.selector) = .init(rawValue: \(member.field.number))")
        source.line("  \(member.writePayload)")
      }
      source.line("case nil: break")
    }
  }
}
