/// Writes an enum: one case a value, and `unrecognized` for what a newer peer may send.
struct EnumWriter {
  let value: ProtoEnum

  private var cases: [(name: String, known: ProtoEnum.Value)] {
    self.value.values.map { (SwiftNames.enumCase($0.name, in: self.value.name), $0) }
  }

  func write(to source: inout SourceWriter) {
    source.doc(self.value.comment, or: self.value.fullName)
    source.block(
      "public enum \(SwiftNames.type(self.value.name)): Hashable, Sendable, CaseIterable"
    ) {
      source in
      for (name, known) in self.cases {
        source.doc(known.comment, or: known.name)
        source.line("case \(name)")
      }
      source.line("/// A number this version of the contract does not name.")
      source.line("case unrecognized(Int32)")
      source.line()
      let all = self.cases.map { ".\($0.name)" }
      source.line("/// Every value this version of the contract names.")
      source.line("public static let allCases: [Self] = [\(all.joined(separator: ", "))]")
      self.writeNumbers(to: &source)
    }
  }

  private func writeNumbers(to source: inout SourceWriter) {
    source.line()
    source.line("/// The value with this number on the wire.")
    source.block("public init(rawValue: Int32)") { source in
      source.cases(of: "rawValue") { source in
        for (name, known) in self.cases { source.line("case \(known.number): self = .\(name)") }
        source.line("default: self = .unrecognized(rawValue)")
      }
    }
    source.line()
    source.line("/// The number on the wire.")
    source.block("public var rawValue: Int32") { source in
      source.cases(of: "self") { source in
        for (name, known) in self.cases { source.line("case .\(name): \(known.number)") }
        source.line("case .unrecognized(let rawValue): rawValue")
      }
    }
  }
}
