internal import Glibc

/// What the operating system says about this process, rendered beside its metrics.
enum ProcessNumbers {
  /// Memory and processor time in Prometheus' text format, under Prometheus' own names.
  static func page() -> String {
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    let cpu = Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime)
    return """
      # TYPE process_cpu_seconds_total counter
      process_cpu_seconds_total \(Number.text(cpu))
      # TYPE process_resident_memory_bytes gauge
      process_resident_memory_bytes \(Self.residentBytes())

      """
  }

  /// The resident set in bytes; 0 where the system does not say.
  static func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 256)
    guard fgets(&buffer, Int32(buffer.count), file) != nil else { return 0 }
    let text = String(
      decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  private static func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) / 1e6
  }
}
