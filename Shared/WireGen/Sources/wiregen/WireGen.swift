import Glibc

/// `wiregen <descriptor set> <folder>` writes one Swift file for each `.proto` of the set.
///
/// `wiregen <descriptor set>` only checks the contract. What must not be generated ends it with 1
/// and one line for each reason; wrong usage and unreadable files with 2.
@main
enum WireGen {
  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    guard let set = arguments.first, arguments.count <= 2 else {
      self.end(2, ["usage: wiregen <descriptor set> [<folder to write to>]"])
    }
    do {
      let files = try DescriptorReader.files(in: Files.read(set)).sorted { $0.name < $1.name }
      let refusals = Checks.refusals(of: files)
      if !refusals.isEmpty { self.end(1, refusals.map(\.description)) }
      if arguments.count == 2, let folder = arguments.last { try self.write(files, to: folder) }
    } catch {
      self.end(2, ["\(error)"])
    }
  }

  private static func write(_ files: [ProtoFile], to folder: String) throws {
    let names = TypeNames(files)
    for file in files {
      try Files.write(
        FileWriter.source(of: file, names: names), to: "\(folder)/\(FileWriter.fileName(file))")
    }
    try Files.write(FileWriter.namespaces(of: files), to: "\(folder)/Namespaces.wire.swift")
    try Files.write(ContractWriter.source(of: files), to: "\(folder)/ContractFiles.wire.swift")
  }

  private static func end(_ status: Int32, _ lines: [String]) -> Never {
    for line in lines { Files.writeError("wiregen: \(line)\n") }
    exit(status)
  }
}
