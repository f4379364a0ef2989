/// Writes what belongs to one `.proto`, and the namespaces of all of them.
enum FileWriter {
  /// `anju/intake/v1/intake.proto` goes to `anju.intake.v1.intake.wire.swift`.
  static func fileName(_ file: ProtoFile) -> String {
    file.name.replacing(".proto", with: "").replacing("/", with: ".") + ".wire.swift"
  }

  static func source(of file: ProtoFile, names: TypeNames) -> String {
    let namespace = SwiftNames.namespace(file.package)
    var imports = file.messages.isEmpty ? [] : ["internal import CWire"]
    // The protocol of messages is the call layer's, and so are the streams.
    imports += ["public import RPC"]
    var source = SourceWriter(from: file.name, imports: imports)
    if !file.messages.isEmpty || !file.enums.isEmpty {
      source.line()
      source.block("extension \(namespace)") { source in
        var isFirst = true
        for value in file.enums {
          if !isFirst { source.line() }
          isFirst = false
          EnumWriter(value: value).write(to: &source)
        }
        for message in file.messages {
          if !isFirst { source.line() }
          isFirst = false
          MessageWriter(message: message, names: names).writeStruct(to: &source)
        }
      }
    }
    for service in file.services {
      ServiceWriter(service: service, namespace: namespace, names: names).write(to: &source)
    }
    for message in file.messages {
      MessageWriter(message: message, names: names).writeConformance(to: &source)
    }
    return source.text
  }

  static func namespaces(of files: [ProtoFile]) -> String {
    var source = SourceWriter(from: "the packages under proto/", imports: [])
    for package in Set(files.map(\.package)).sorted() {
      source.line()
      source.line("/// What `\(package)` declares.")
      source.line("public enum \(SwiftNames.namespace(package)) {}")
    }
    return source.text
  }
}
