/// Writes the contract itself: for each file its descriptor and the names it declares, so that a
/// server can tell its clients what it serves.
enum ContractWriter {
  /// How many columns of a literal stand on one line.
  private static let columns = 90

  static func source(of files: [ProtoFile]) -> String {
    var source = SourceWriter(from: "the files under proto/", imports: [])
    source.line()
    source.block("extension ContractFile") { source in
      source.line("/// The whole contract, in the order of its files' names.")
      source.line("public static let all: [ContractFile] = [")
      for file in files { self.write(file, to: &source) }
      source.line("]")
    }
    return source.text
  }

  private static func write(_ file: ProtoFile, to source: inout SourceWriter) {
    let imports = file.imports.map { "\"\($0)\"" }.joined(separator: ", ")
    source.line("  ContractFile(")
    source.line("    name: \"\(file.name)\", package: \"\(file.package)\", imports: [\(imports)],")
    self.write("messages", self.lines(words: self.messages(file)), ",", to: &source)
    self.write("others", self.lines(words: self.others(file)), ",", to: &source)
    self.write("compiled", self.lines(bytes: file.descriptor), "),", to: &source)
  }

  /// A literal over several lines; none of the line ends is a part of it.
  private static func write(
    _ label: String, _ lines: [String], _ end: String, to source: inout SourceWriter
  ) {
    source.line("    \(label): \"\"\"")
    for (index, line) in lines.enumerated() {
      source.line("      " + line + (index == lines.count - 1 ? "" : "\\"))
    }
    source.line("      \"\"\"\(end)")
  }

  private static func messages(_ file: ProtoFile) -> [String] {
    file.messages.flatMap(self.messages).map { self.relative($0.fullName, to: file) }
  }

  private static func messages(_ message: ProtoMessage) -> [ProtoMessage] {
    [message] + message.messages.flatMap(self.messages)
  }

  /// Services, methods, fields, oneofs, enums, and their values, which belong to the scope around
  /// their enum.
  private static func others(_ file: ProtoFile) -> [String] {
    var names = file.enums.flatMap { self.names(of: $0) }
    for message in file.messages.flatMap(self.messages) {
      let members = message.fields.map(\.name) + message.oneofs.map(\.name)
      names += members.map { "\(message.fullName).\($0)" }
      names += message.enums.flatMap { self.names(of: $0) }
    }
    for service in file.services {
      names += [service.fullName] + service.methods.map { "\(service.fullName).\($0.name)" }
    }
    return names.map { self.relative($0, to: file) }
  }

  private static func names(of value: ProtoEnum) -> [String] {
    let scope = value.fullName.dropLast(value.name.count)
    return [value.fullName] + value.values.map { "\(scope)\($0.name)" }
  }

  private static func relative(_ name: String, to file: ProtoFile) -> String {
    String(name.dropFirst(file.package.count + 1))
  }

  private static func lines(words: [String]) -> [String] {
    var lines: [String] = []
    var line = ""
    for (index, word) in words.enumerated() {
      line += index == words.count - 1 ? word : word + " "
      if line.count >= self.columns {
        lines.append(line)
        line = ""
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// Each byte is the character of its number.
  private static func lines(bytes: [UInt8]) -> [String] {
    var lines: [String] = []
    var line = ""
    for byte in bytes {
      line += self.escaped(byte)
      if line.count >= self.columns {
        lines.append(line)
        line = ""
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }

  private static func escaped(_ byte: UInt8) -> String {
    switch byte {
    // A blank too: at a line's end it would be lost on the way through editors.
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: " "): "\\u{\(self.hex(byte))}"
    case 0x21...0x7E: String(UnicodeScalar(byte))
    default: "\\u{\(self.hex(byte))}"
    }
  }

  private static func hex(_ byte: UInt8) -> String { String(byte, radix: 16, uppercase: true) }
}
