/// Calls that reach for the world past what is handed in, and a few that are
/// never right.
enum CallRules {
  struct Rule {
    /// What stands in the code; a word's border is looked for before it.
    var call: String
    /// What to write instead.
    var instead: String
    /// Where it is allowed all the same.
    var folders: [String]
  }

  /// Where tasks and clocks are made: the rim.
  private static let rim = [
    "Shared/Transport", "Shared/StorageEngine", "Shared/StorageSQLite",
    "Shared/StoragePostgres", "Shared/ServiceKit", "Server", "Tools", "Tests",
  ]

  static let rules = [
    Rule(call: "Task {", instead: "a task group: no task outlives its call", folders: rim),
    Rule(call: "Task.detached", instead: "a task group", folders: rim),
    Rule(
      call: "Task.sleep", instead: "TimeSource.sleep",
      folders: ["Shared/ServiceKit/SystemClock.swift", "Shared/Transport", "Tools", "Tests"]),
    Rule(
      call: "ContinuousClock", instead: "TimeSource",
      folders: ["Shared/Transport", "Tools", "Tests"]),
    Rule(call: "SuspendingClock", instead: "TimeSource", folders: ["Tests"]),
    Rule(
      call: "clock_gettime(CLOCK_REALTIME", instead: "TimeSource.now",
      folders: ["Shared/ServiceKit/SystemClock.swift", "Tests"]),
    Rule(call: "Date()", instead: "TimeSource.now", folders: ["Tools"]),
    Rule(call: "Date.now", instead: "TimeSource.now", folders: []),
    Rule(call: "UUID()", instead: "ID(now:random:)", folders: ["Tools"]),
    Rule(call: "DispatchQueue", instead: "structured concurrency", folders: []),
    Rule(call: "DispatchSemaphore", instead: "structured concurrency", folders: ["Tests"]),
    Rule(call: "Thread(", instead: "structured concurrency", folders: ["Shared/StorageEngine"]),
    Rule(
      call: "pthread_create", instead: "structured concurrency",
      folders: ["Shared/StorageEngine", "Services/Notification/Gateways"]),
    Rule(
      call: "SystemRandomNumberGenerator", instead: "RandomSource", folders: ["Shared/Crypto"]),
    Rule(call: ".random(", instead: "RandomSource", folders: ["Tools", "Tests"]),
    Rule(call: ".shuffled()", instead: "shuffled(using:)", folders: []),
    Rule(call: ".randomElement()", instead: "randomElement(using:)", folders: ["Tools"]),
    Rule(
      call: "print(", instead: "the context's logger",
      folders: ["Tests/Benchmarks", "Tests/Interop", "Tools", "Shared/WireGen"]),
    Rule(call: "try!", instead: "try, or a typed absence", folders: []),
    Rule(call: "as!", instead: "as?, and say what else", folders: []),
    Rule(call: "fatalError(", instead: "preconditionFailure with the broken promise", folders: []),
    Rule(
      call: "@unchecked Sendable", instead: "Mutex or Atomic",
      folders: [
        "Shared/Crypto", "Shared/Transport", "Shared/StorageEngine", "Shared/StorageSQLite",
        "Shared/StoragePostgres", "Shared/HTTP2", "Shared/Wire",
      ]),
    Rule(
      call: "nonisolated(unsafe)", instead: "Mutex or Atomic",
      folders: [
        "Shared/Crypto", "Shared/StorageSQLite", "Shared/Wire", "Shared/Transport", "Shared/HTTP2",
        "Shared/Documents",
      ]),
  ]

  static func findings(_ file: SourceFile) -> [Finding] {
    self.rules.flatMap { rule -> [Finding] in
      if rule.folders.contains(where: { self.isAllowed(file, in: $0) }) { return [] }
      if !file.mentions(rule.call) { return [] }
      return file.findings { line in
        self.holds(line, rule.call) ? "\(rule.call) is not for here; use \(rule.instead)" : nil
      }
    }
  }

  private static func isAllowed(_ file: SourceFile, in place: String) -> Bool {
    if place == "Server" { return file.isInMain }
    return file.path == place || file.isIn(place)
  }

  /// Whether the call stands in the line as a word of its own, not as the end of a longer one.
  static func holds(_ line: String, _ call: String) -> Bool {
    var rest = line[...]
    while let found = rest.firstRange(of: call) {
      let isWord = call.first.map { $0.isLetter || $0 == "_" } ?? false
      let before = line[..<found.lowerBound].last
      if !isWord || !(before.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false) {
        return true
      }
      rest = rest[found.upperBound...]
    }
    return false
  }
}
