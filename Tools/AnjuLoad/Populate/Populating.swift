import ApprovalCore
import CertificateRegistryCore
import DomainModel
import Foundation
import IntakeCore
import Logging
import NotificationCore
import People
import RPC
import ServiceKit
import Storage
import StorageSQLite
import ToolKit

/// Stores being made: the four cores live through the past year day by day, with every day's
/// persons, and with what time does by itself in between.
struct Populating: Sendable {
  /// At which hour of a day its persons come.
  private static let hour: Int64 = 9
  /// How much memory each store's writer takes for pages, in KiB.
  private static let cacheKiB = 262_144

  let plan: YearPlan
  let seed: UInt64
  let platforms: Int
  let stores: UnfinishedStores
  let logger: Logger
  let output: Output

  /// Makes the stores and gives them to the services.
  func run() async throws {
    self.output.failure("seed \(self.seed)")
    let watch = Stopwatch()
    try self.stores.begin()
    let today = CivilDate(of: .present)
    let clock = LeapingClock(at: self.morning(0, today))
    let services = try await self.services(clock)
    let holders = try await self.live(services, clock, today, watch)
    await services.close()
    let livedUs = watch.nowUs
    let bytes = self.stores.bytes
    try await self.handOver(watch)
    let stock = PopulatedStock(
      seed: self.seed, persons: self.plan.persons, permits: self.plan.holders,
      platforms: self.platforms, holders: holders)
    let path = self.stockPath
    try stock.write(path)
    try self.stores.end()
    self.summarize(livedUs: livedUs, tookUs: watch.nowUs, bytes: bytes, path)
  }

  private var stockPath: String {
    let folder = self.stores.services.first { $0.name == .intake }?.settings.dataDirectory ?? "."
    return "\(folder)/\(PopulatedStock.fileName)"
  }

  private func morning(_ day: Int, _ today: CivilDate) -> Timestamp {
    self.plan.date(of: day, today: today).startOfDay.adding(milliseconds: Self.hour * 3_600_000)
  }

  private func services(_ clock: LeapingClock) async throws -> FourServices {
    var options = SQLiteOptions()
    options.isDurable = false
    options.writerCacheKiB = Self.cacheKiB
    var made: [ServiceName: Made] = [:]
    for service in self.stores.services {
      let keys = try service.openKeys()
      let store = try await service.makeStore(
        at: self.stores.path(of: service), service.name.migrations, sealed: service.name.sealed,
        keys: keys, options: options, time: clock)
      made[service.name] = Made(service: service, keys: keys, store: store)
    }
    return try FourServices.assemble(made, time: clock, logger: self.logger)
  }

  /// The year; returns some of those who have a permit at its end.
  private func live(
    _ services: FourServices, _ clock: LeapingClock, _ today: CivilDate, _ watch: Stopwatch
  ) async throws -> [PopulatedStock.Holder] {
    try await withThrowingTaskGroup(of: [PopulatedStock.Holder]?.self) { group in
      group.addTask {
        await services.work(by: clock)
        return nil
      }
      group.addTask { try await self.days(services, clock, today, watch) }
      defer { group.cancelAll() }
      while let ended = try await group.next() {
        if let ended { return ended }
      }
      throw Unprepared("the services' background work has ended")
    }
  }

  private func days(
    _ services: FourServices, _ clock: LeapingClock, _ today: CivilDate, _ watch: Stopwatch
  ) async throws -> [PopulatedStock.Holder] {
    let scene = Scene(
      services: [services.clients], population: Population(seed: self.seed),
      platforms: self.platforms
    ) { clock.now() }
    let cohort = Cohort(services: services, scene: scene, plan: self.plan)
    let firstValid = today.adding(days: -PopulatedStock.validDays)
    var named: [PopulatedStock.Holder] = []
    for day in 0..<self.plan.days {
      try await services.rest(at: clock.now())
      clock.leap(to: self.morning(day, today))
      let isValid = self.plan.date(of: day, today: today) >= firstValid
      let persons = self.plan.persons(on: day)
      for first in stride(from: persons.lowerBound, to: persons.upperBound, by: Cohort.personsMax) {
        let last = min(first + Cohort.personsMax, persons.upperBound)
        let holders = try await cohort.live(first..<last)
        if isValid { named += self.some(of: holders) }
        self.tell(last, day, watch)
      }
    }
    try await services.rest(at: clock.now())
    clock.leap(to: .present)
    self.output.failure("waiting until nothing is due any more")
    try await services.restForGood(at: clock.now())
    return named
  }

  /// As many of a day's holders as leave room for those of the other days.
  private func some(of holders: [Member]) -> [PopulatedStock.Holder] {
    let every = max(1, (self.plan.holders + PopulatedStock.namedMax - 1) / PopulatedStock.namedMax)
    return holders.filter { self.plan.holders(among: $0.index).isMultiple(of: every) }
      .map(PopulatedStock.Holder.init)
  }

  /// Gives each service its store; those on a server get every row of it.
  private func handOver(_ watch: Stopwatch) async throws {
    for service in self.stores.services {
      guard service.settings.store.engine == .postgres else {
        try self.stores.handOver(service)
        continue
      }
      self.output.failure("copying \(service.name.rawValue) to \(service.place)")
      let source = try SQLiteStore(
        .file(self.stores.path(of: service)), time: SystemClock(), logger: self.logger)
      let target = try service.openServer(time: SystemClock())
      try await service.name.makeTables(in: target)
      let started = watch.nowUs
      let rows = try await StoreCopy(source: source, target: target).run { copied in
        if copied.isMultiple(of: 400_000) { self.output.failure("  \(copied) rows") }
      }
      self.output.failure("  \(rows) rows in \((watch.nowUs - started) / 1_000_000) s")
      await target.close()
      await source.close()
      // What the server has now need not stand here twice while the next is copied.
      try FileManager.default.removeItem(atPath: self.stores.path(of: service))
    }
  }

  private func tell(_ done: Int, _ day: Int, _ watch: Stopwatch) {
    let seconds = Double(watch.nowUs) / 1_000_000
    let left = seconds / Double(done) * Double(self.plan.persons - done)
    self.output.failure(
      "day \(day + 1) of \(self.plan.days): \(done) of \(self.plan.persons) persons, "
        + "\(self.plan.holders(among: done)) permits, \(Int(Double(done) / seconds))/s, "
        + "\(Int(left)) s left")
  }

  private func summarize(livedUs: Int64, tookUs: Int64, bytes: Int64, _ path: String) {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let cpu = Int64(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
    self.output.text(
      """
      \(self.plan.persons) persons, \(self.plan.holders) permits, seed \(self.seed)
      \(tookUs / 1_000_000) s, of which the year \(livedUs / 1_000_000) s; \(cpu) s of processor \
      time; \(SpaceNeed.gigabytes(bytes)) on SQLite
      anju-load run SCENARIO --populated \(path)

      """)
  }
}

extension ServiceName {
  /// The order in which stores are made and handed over; intake last, whose data the file that says
  /// that all is whole stands beside.
  static let inOrder: [ServiceName] = [.registry, .notification, .approval, .intake]

  /// The steps of the service's schema.
  var migrations: [Migration] {
    switch self {
    case .intake: IntakeAssembly.migrations
    case .approval: ApprovalAssembly.migrations
    case .registry: RegistryAssembly.migrations
    case .notification: NotificationAssembly.migrations
    }
  }

  /// Where its sealed values stand.
  var sealed: [SealedTable] {
    switch self {
    case .intake: IntakeAssembly.sealedTables
    case .approval: ApprovalAssembly.sealedTables
    case .registry: RegistryAssembly.sealedTables
    case .notification: NotificationAssembly.sealedTables
    }
  }

  /// Makes the service's tables in an empty store.
  func makeTables(in store: any Store) async throws {
    try await Migrator(self.migrations).migrate(store, now: SystemClock().now())
  }
}
