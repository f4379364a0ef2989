/// Finds messages that contain themselves. protobuf-c has no nesting limit: 34 KB of a message
/// nested in itself overflow the stack of whoever reads them.
struct Cycles {
  private var edges: [String: [(field: String, type: String)]] = [:]
  private var fileOf: [String: String] = [:]
  private var done: Set<String> = []
  private var refusals: [Refusal] = []

  static func refusals(of files: [ProtoFile]) -> [Refusal] {
    var cycles = Cycles()
    for file in files {
      for message in file.messages { cycles.add(message, of: file.name) }
    }
    for message in cycles.edges.keys.sorted() { cycles.walk(message, path: []) }
    return cycles.refusals
  }

  private mutating func add(_ message: ProtoMessage, of file: String) {
    self.fileOf[message.fullName] = file
    self.edges[message.fullName] = message.fields.compactMap {
      guard case .message(let type) = $0.type else { return nil }
      return (field: $0.name, type: type)
    }
    for nested in message.messages { self.add(nested, of: file) }
  }

  private mutating func walk(_ message: String, path: [(message: String, field: String)]) {
    if let start = path.firstIndex(where: { $0.message == message }) {
      let steps = path[start...].map { "\($0.message).\($0.field)" }
      self.refusals.append(
        Refusal(
          file: self.fileOf[message] ?? "", element: message,
          reason: "contains itself: \((steps + [message]).joined(separator: " -> "))"))
      return
    }
    if self.done.contains(message) { return }
    for edge in self.edges[message] ?? [] {
      self.walk(edge.type, path: path + [(message, edge.field)])
    }
    self.done.insert(message)
  }
}
