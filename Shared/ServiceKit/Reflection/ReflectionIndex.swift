internal import Wire

/// What a server may tell of its contract: the services it serves, the files that declare them, and
/// what those import.
struct ReflectionIndex: Sendable {
  /// The full names of the services, sorted.
  let services: [String]
  private var files: [String: ContractFile] = [:]
  /// The file of each declared name.
  private var places: [String: String] = [:]
  private var messages: Set<String> = []

  init(services: Set<String>, contract: [ContractFile] = ContractFile.all) {
    self.services = services.sorted()
    let byName = Dictionary(contract.map { ($0.name, $0) }) { first, _ in first }
    var wanted = contract.filter { !services.isDisjoint(with: $0.otherNames) }.map(\.name)
    while let name = wanted.popLast() {
      guard self.files[name] == nil, let file = byName[name] else { continue }
      self.files[name] = file
      self.messages.formUnion(file.messageNames)
      for declared in file.messageNames + file.otherNames { self.places[declared] = name }
      wanted += file.imports
    }
  }

  /// Whether a message of this full name is declared.
  func hasMessage(_ name: String) -> Bool { self.messages.contains(name) }

  /// The descriptors of a file and of all that it imports, itself first; nil if there is none.
  func file(named name: String) -> [[UInt8]]? {
    guard self.files[name] != nil else { return nil }
    var found: [[UInt8]] = []
    var seen: Set<String> = []
    var wanted = [name]
    while let next = wanted.popLast() {
      guard seen.insert(next).inserted, let file = self.files[next] else { continue }
      found.append(file.descriptor)
      wanted += file.imports
    }
    return found
  }

  /// The same for the file that declares a full name.
  func file(declaring name: String) -> [[UInt8]]? {
    self.places[name].flatMap { self.file(named: $0) }
  }
}
