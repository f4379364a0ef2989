import DomainModel
import Storage
import StorageEngine
import Testing

@testable import StorageSQLite

/// Who waits for whom when the write-ahead log has become long.
struct LogKeeperTests {
  /// The writer is handed a log that is too long, while somebody looks at a state from before it.
  /// `isWaiting`: whether it then waits for them.
  private static func check(isBeingChecked: Bool, isWaiting: Bool) async throws {
    try await withTemporaryFolder { folder in
      let location = SQLiteLocation.file(folder + "/store.sqlite")
      var options = SQLiteOptions()
      options.checkpointPages = 10
      options.walPagesMax = 10
      options.checkpointBusyMs = 1_000
      let (time, faults) = (FakeTime(), FaultLog(.silent))
      let writer = try SQLiteConnection(location, options, time: time)
      try writer.prepareToWrite(options)
      try writer.control("CREATE TABLE thing (content BLOB)")
      let onlooker = try SQLiteConnection(location, options, time: time)
      try onlooker.control("BEGIN")
      try onlooker.control("SELECT COUNT(*) FROM thing")
      try writer.control("INSERT INTO thing (content) VALUES (zeroblob(100000))")
      let report = CheckpointReport(faults, StatisticsCounter())
      let keeper = LogKeeper(writer, nil, options, report) { isBeingChecked }
      let took = ContinuousClock().measure { keeper.keepShort() }
      #expect((took >= .milliseconds(900)) == isWaiting, "it took \(took)")
      try onlooker.control("COMMIT")
      onlooker.close()
      writer.close()
    }
  }

  @Test func `a reader is waited for, so that the log can start over`() async throws {
    try await Self.check(isBeingChecked: false, isWaiting: true)
  }

  @Test func `a check of the whole file is not waited for`() async throws {
    try await Self.check(isBeingChecked: true, isWaiting: false)
  }
}
