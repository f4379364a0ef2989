import Foundation
import LoadReport

/// How near to its end each thing was that a load uses up: what gives way beyond is the fullest.
struct Saturation: Hashable, Sendable {
  /// One of them.
  struct Part: Hashable, Sendable {
    let name: String
    /// 0 to 1: how much of it was used.
    let share: Double
    /// Whose use that was, as far as it is known.
    var beside = ""
  }

  /// Each, the fullest first.
  let parts: [Part]

  init(_ parts: [Part]) {
    self.parts = parts.sorted { $0.share > $1.share }
  }

  /// What a reader is told: the fullest with whose use it was, and the next one; nil where nothing
  /// was measured.
  var sentence: String? {
    guard let first = self.parts.first else { return nil }
    let beside = first.beside.isEmpty ? "" : " (\(first.beside))"
    let next = self.parts.dropFirst().first.map {
      "; next \($0.name), \(Self.percent($0.share))"
    }
    return "Nearest to its end: \(first.name), \(Self.percent(first.share)) busy\(beside)"
      + "\(next ?? "")."
  }

  static func percent(_ share: Double) -> String {
    String(format: "%.0f %%", min(share, 1) * 100)
  }
}

/// One end of a stretch of time over which it is looked how busy everything was.
struct SaturationMark: Sendable {
  let costs: CostMeter.Reading
  let processors: ProcessorTime?
  let atUs: Int64
}

extension CostMeter {
  /// This moment.
  func mark(_ watch: Stopwatch) async throws -> SaturationMark {
    SaturationMark(
      costs: try await self.read(), processors: self.isOnThisMachine ? .now : nil,
      atUs: watch.nowUs)
  }

  /// How busy everything was from one moment to another: the writers of the stores, and this
  /// machine's processors where the services run on it.
  func saturation(from before: SaturationMark, to after: SaturationMark) -> Saturation {
    let tookUs = after.atUs - before.atUs
    guard tookUs > 0 else { return Saturation([]) }
    let writers = self.writersBusyMs(from: before.costs, to: after.costs).map { service, busyMs in
      Saturation.Part(
        name: "the writer of \(service)'s store", share: Double(busyMs) * 1_000 / Double(tookUs))
    }
    return Saturation(writers + [self.processors(from: before, to: after)].compactMap { $0 })
  }

  private func processors(
    from before: SaturationMark, to after: SaturationMark
  ) -> Saturation.Part? {
    guard let first = before.processors, let last = after.processors,
      last.ticks > first.ticks
    else { return nil }
    let busy = Double(last.busyTicks - first.busyTicks) / Double(last.ticks - first.ticks)
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let wholeUs = Double(after.atUs - before.atUs) * Double(cores)
    let costs = self.costs(from: before.costs, to: after.costs, unit: "", units: 0)
    var users = costs.services.compactMap { service in
      service.cpuUs.map { (name: service.service, share: Double($0) / wholeUs) }
    }
    users.append((name: "the harness", share: Double(last.ownUs - first.ownUs) / wholeUs))
    let told = users.map { "\($0.name) \(Saturation.percent($0.share))" }
    return Saturation.Part(
      name: "this machine's \(cores) processors", share: busy,
      beside: told.joined(separator: ", "))
  }
}
