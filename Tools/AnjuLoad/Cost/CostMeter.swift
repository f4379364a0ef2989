import Foundation
import LoadReport

/// What each service has used since a moment, from its own metrics, which include what the
/// operating system says of it, and from the files of its store.
struct CostMeter: Sendable {
  let ports: [AdminPort]
  /// The folder with the stores, where it is on this machine.
  let folder: String?

  /// A moment.
  struct Reading: Sendable {
    let pages: [MetricsPage]
    let stored: [Int64?]

    /// The engine under the services, as its metrics tell.
    var store: String {
      self.pages.contains { $0.sum("anju_store_commits_total") != nil } ? "sqlite" : "postgres"
    }
  }

  /// This moment.
  func read() async throws -> Reading {
    var pages: [MetricsPage] = []
    for port in self.ports { pages.append(try await port.metrics()) }
    return Reading(pages: pages, stored: self.ports.map { self.storedBytes(of: $0.service) })
  }

  /// What was used from one moment to another.
  func costs(from before: Reading, to after: Reading, unit: String, units: Int) -> RunCosts {
    let services = self.ports.indices.map { index in
      var cost = ServiceCost(
        service: self.ports[index].service, from: before.pages[index], to: after.pages[index])
      if let first = before.stored[index], let last = after.stored[index] {
        cost.storedBytes = last - first
      }
      return cost
    }
    return RunCosts(unit: unit, units: units, services: services)
  }

  /// Whether the services run beside the harness.
  var isOnThisMachine: Bool { self.ports.allSatisfy(\.isLoopbackOnly) }

  /// For how long each store's writer was busy, in milliseconds, where it tells.
  func writersBusyMs(
    from before: Reading, to after: Reading
  ) -> [(service: String, busyMs: Int64)] {
    self.ports.indices.compactMap { index in
      let name = "anju_store_writer_busy_ms_total"
      return after.pages[index].sum(name).map { last in
        (self.ports[index].service, Int64(last - (before.pages[index].sum(name) ?? 0)))
      }
    }
  }

  /// The database and its log; what SQLite keeps beside it for readers does not count.
  private func storedBytes(of service: String) -> Int64? {
    guard let folder else { return nil }
    let sizes = ["db", "db-wal"].compactMap { ending -> Int64? in
      let path = "\(folder)/\(service).\(ending)"
      return (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int64
    }
    return sizes.isEmpty ? nil : sizes.reduce(0, +)
  }
}

extension ServiceCost {
  /// The difference of two pages; what neither has is not measured.
  init(service: String, from before: MetricsPage, to after: MetricsPage) {
    self.init(service: service)
    func used(_ name: String, times factor: Double = 1, without text: String? = nil) -> Int64? {
      guard let last = after.sum(name, without: text) else { return nil }
      return Int64(((last - (before.sum(name, without: text) ?? 0)) * factor).rounded())
    }
    self.cpuUs = used("process_cpu_seconds_total", times: 1_000_000)
    self.memoryBytesMax = after.sum("anju_process_resident_peak_bytes").map { Int64($0) }
    self.writtenBytes = used("anju_process_written_bytes_total")
    self.rows = used("anju_store_rows_total")
    self.statements = used("anju_store_statements_total")
    self.callsServed = used("rpc_server_calls_total")
    self.callsMade = used("rpc_client_calls_total")
    // A commit waits for its log once; copying the log into the database waits for both.
    if let commits = used("anju_store_commits_total") {
      self.fsyncs = commits + 2 * (used("anju_store_checkpoints_total") ?? 0)
    }
  }
}
