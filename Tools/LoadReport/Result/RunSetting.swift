/// On what a run ran, and how to do it again.
package struct RunSetting: Hashable, Sendable, Codable {
  /// The processor's name, such as `AMD EPYC 7B13`.
  package var processor: String
  /// How many processors the machine has.
  package var cores: Int
  /// How much memory it has, in bytes.
  package var memoryBytes: Int64
  /// Its operating system, such as `Debian GNU/Linux 12`.
  package var system: String
  /// The store under the services: `sqlite` or `postgres`.
  package var store: String
  /// The commit that was measured.
  package var commit: String
  /// The command line that does it again.
  package var command: String
  /// When it began: RFC 3339 in UTC, such as `2026-11-23T01:02:03Z`.
  package var startedAt: String

  /// A setting.
  package init(
    processor: String, cores: Int, memoryBytes: Int64, system: String, store: String,
    commit: String, command: String, startedAt: String
  ) {
    self.processor = processor
    self.cores = cores
    self.memoryBytes = memoryBytes
    self.system = system
    self.store = store
    self.commit = commit
    self.command = command
    self.startedAt = startedAt
  }

  private enum CodingKeys: String, CodingKey {
    case processor, cores, system, store, commit, command
    case memoryBytes = "memory_bytes"
    case startedAt = "started_at"
  }
}
