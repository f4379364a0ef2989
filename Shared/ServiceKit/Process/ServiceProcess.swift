internal import DomainModel
internal import Glibc
internal import Logging
internal import Metrics
public import RPC
internal import ServiceLifecycle
internal import UnixSignals

/// The life of a service's process, from its settings to its exit code.
///
/// - Settings come from the environment, before a file named by `ANJU_CONFIG`, before defaults.
///   With anything wrong in them nothing starts; every problem is told, and the exit code is 78.
/// - SIGTERM or SIGINT: health says NOT_SERVING, watches end at once, calls under way end (at most
///   `drain.seconds`), background jobs end, the store is closed, exit code 0. A second signal exits
///   at once.
/// - `--settings` prints the table of settings and exits.
public enum ServiceProcess {
  /// The exit code for wrong options.
  static let exitUsage: Int32 = 64
  /// The exit code for wrong settings.
  static let exitConfiguration: Int32 = 78
  /// The exit code for everything else that ends a process.
  static let exitFailure: Int32 = 1
  /// How long background jobs and the store may take to stop after the last call has ended.
  static let closingSecondsMax = 10
  /// The largest settings file.
  static let settingsBytesMax = 1 << 20

  /// Runs a service that has settings of its own; returns when it has stopped well, else exits.
  ///
  /// `peers` are the services it calls; `reading` declares and reads the service's own settings;
  /// `wire` plugs the parts together.
  public static func run<Settings: Sendable>(
    _ service: ServiceName, peers: [ServiceName] = [],
    reading: @Sendable (inout SettingsReader) -> Settings,
    wire: @Sendable (inout ServiceWiring, Settings) async throws -> Void
  ) async {
    // Before anything else, so that a signal during a long start is not lost.
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    let (common, own) = Self.settings(of: service) { reader in
      (peers: peers.map { ($0, reader.peer($0)) }, settings: reading(&reader))
    }
    let logger = Logs.bootstrap(service: service, settings: common)
    let metrics = MetricsRegistry()
    MetricsSystem.bootstrap(metrics)
    do {
      let health = HealthRegistry(clock: SystemClock())
      var wiring = try ServiceWiring(
        service: service, settings: common,
        peers: Dictionary(own.peers) { first, _ in first }, logger: logger, health: health)
      do {
        try wiring.checkTLS()
        try await wire(&wiring, own.settings)
      } catch {
        await wiring.close()
        throw error
      }
      let admin = AdminServer(
        service: service, address: common.admin, health: health, metrics: metrics
      ) { address in
        logger.info(
          "metrics and health are served",
          metadata: ["net.host": "\(address.host)", "net.port": "\(address.port)"])
      }
      try await Self.live(Self.group(wiring, admin: admin), until: signals, logger: logger)
      logger.notice("stopped")
    } catch {
      logger.critical("the process ends", metadata: ["error": "\(error)"])
      exit(Self.exitFailure)
    }
  }

  /// Reads common and own settings, or tells every problem and exits.
  private static func settings<Settings>(
    of service: ServiceName, reading: (inout SettingsReader) -> Settings
  ) -> (CommonSettings, Settings) {
    do {
      let arguments = CommandLine.arguments.dropFirst()
      var reader = try Self.reader(of: service, ProcessEnvironment.variables())
      let common = CommonSettings(reading: &reader)
      let own = reading(&reader)
      switch arguments {
      case []: break
      case ["--settings"]:
        StandardOutput.write(SettingRow.table(reader.rows))
        exit(0)
      default:
        StandardError().write("usage: \(service.product) [--settings]")
        exit(Self.exitUsage)
      }
      try reader.finish()
      return (common, own)
    } catch {
      StandardError().write("\(error)")
      exit(Self.exitConfiguration)
    }
  }

  /// What reads a service's settings from an environment and the file that it names.
  static func reader(
    of service: ServiceName, _ environment: [String: String]
  ) throws(ConfigurationError) -> SettingsReader {
    guard let path = environment["ANJU_CONFIG"] else {
      return SettingsReader(service: service, environment: environment)
    }
    return SettingsReader(
      service: service, fileName: path,
      fileText: try FileText.read(path, bytesMax: Self.settingsBytesMax),
      environment: environment)
  }

  /// The parts in the order they start; they stop from the last to the first.
  private static func group(
    _ wiring: consuming ServiceWiring, admin: AdminServer
  ) throws -> ServiceGroup {
    guard let server = wiring.server else {
      throw ConfigurationError(problems: ["the main of \(wiring.service.product) serves nothing"])
    }
    let drainSeconds = wiring.settings.drainSeconds
    let serving = GRPCService(
      server: server, health: wiring.health, drainMs: Int64(drainSeconds) * 1000,
      stopping: wiring.stopping)
    var services: [any Service] = wiring.closing
    services.append(admin)
    services.append(contentsOf: wiring.jobs)
    services.append(serving)
    var configuration = ServiceGroupConfiguration(
      services: services.map { .init(service: $0) }, logger: wiring.logger)
    configuration.maximumGracefulShutdownDuration = .seconds(drainSeconds + Self.closingSecondsMax)
    configuration.maximumCancellationDuration = .seconds(Self.closingSecondsMax)
    return ServiceGroup(configuration: configuration)
  }

  /// Runs until a signal; a second one exits at once.
  private static func live(
    _ group: ServiceGroup, until signals: UnixSignalsSequence, logger: Logger
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask {
        var isStopping = false
        for await signal in signals {
          // Not `exit`, which takes down libraries that other threads are still using.
          if isStopping { _exit(128 + signal.rawValue) }
          isStopping = true
          logger.notice("stopping", metadata: ["signal": "\(signal)"])
          await group.triggerGracefulShutdown()
        }
      }
      tasks.addTask { try await group.run() }
      // The group's end; the signals never end by themselves.
      try await tasks.next()
      tasks.cancelAll()
    }
  }
}
