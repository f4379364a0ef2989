/// What a run cost the system, service by service.
package struct RunCosts: Hashable, Sendable, Codable {
  /// What the costs are shared among, in the singular, such as `application`.
  package var unit: String
  /// How many of them there were; with 0 nothing is shared out.
  package var units: Int
  /// What each service cost.
  package var services: [ServiceCost]

  /// A run's costs.
  package init(unit: String, units: Int, services: [ServiceCost]) {
    self.unit = unit
    self.units = units
    self.services = services
  }

  /// A figure of one service for one unit; nil if it was not measured or there was no unit.
  package func perUnit(_ figure: CostFigure, of service: ServiceCost) -> Double? {
    guard self.units > 0, figure.isShared, let value = service[figure] else { return nil }
    return Double(value) / Double(self.units)
  }

  /// A figure of all services for one unit; nil unless every service measured it.
  package func perUnit(_ figure: CostFigure) -> Double? {
    let shares = self.services.compactMap { self.perUnit(figure, of: $0) }
    return shares.isEmpty || shares.count < self.services.count ? nil : shares.reduce(0, +)
  }

  /// A figure of all services together; nil unless every service measured it.
  package func total(_ figure: CostFigure) -> Int64? {
    let values = self.services.compactMap { $0[figure] }
    return values.isEmpty || values.count < self.services.count ? nil : values.reduce(0, +)
  }
}

/// What one service used during a run. What was not measured is nil, never 0.
package struct ServiceCost: Hashable, Sendable, Codable {
  /// The service's name, such as `intake`.
  package var service: String
  /// Processor time in µs, of user and system together.
  package var cpuUs: Int64?
  /// The most memory that was resident at once, in bytes.
  package var memoryBytesMax: Int64?
  /// How often it waited for its disk to make something durable.
  package var fsyncs: Int64?
  /// How much it wrote to its disk, in bytes.
  package var writtenBytes: Int64?
  /// By how much its store grew, in bytes.
  package var storedBytes: Int64?
  /// How many rows it wrote.
  package var rows: Int64?
  /// How many SQL statements it ran.
  package var statements: Int64?
  /// How many calls it answered, of callers and of other services.
  package var callsServed: Int64?
  /// How many calls it made to other services.
  package var callsMade: Int64?

  /// A service of which nothing was measured yet.
  package init(service: String) {
    self.service = service
  }

  /// The value of a figure; nil if it was not measured.
  package subscript(figure: CostFigure) -> Int64? {
    get { self[keyPath: figure.path] }
    set { self[keyPath: figure.path] = newValue }
  }

  private enum CodingKeys: String, CodingKey {
    case service, fsyncs, rows, statements
    case cpuUs = "cpu_us"
    case memoryBytesMax = "memory_bytes_max"
    case writtenBytes = "written_bytes"
    case storedBytes = "stored_bytes"
    case callsServed = "calls_served"
    case callsMade = "calls_made"
  }
}

/// A figure of what a service used.
package enum CostFigure: String, CaseIterable, Hashable, Sendable {
  /// Processor time, µs.
  case cpu
  /// The most memory at once, bytes. It is not shared among applications.
  case memory
  /// Waits for the disk.
  case fsyncs
  /// Bytes written to the disk.
  case written
  /// Bytes by which the store grew.
  case stored
  /// Rows written.
  case rows
  /// SQL statements.
  case statements
  /// Calls answered.
  case served
  /// Calls made to other services.
  case made

  /// Whether it is a sum that applications have a share in.
  package var isShared: Bool { self != .memory }

  var path: WritableKeyPath<ServiceCost, Int64?> {
    switch self {
    case .cpu: \.cpuUs
    case .memory: \.memoryBytesMax
    case .fsyncs: \.fsyncs
    case .written: \.writtenBytes
    case .stored: \.storedBytes
    case .rows: \.rows
    case .statements: \.statements
    case .served: \.callsServed
    case .made: \.callsMade
    }
  }
}
