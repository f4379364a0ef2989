internal import Glibc

/// What the operating system says about this process, rendered beside its metrics.
enum ProcessNumbers {
  /// Memory and processor time in Prometheus' text format, under Prometheus' own names; and under
  /// names of ours what it wrote to disks and the most memory it had.
  static func page() -> String {
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    let cpu = Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime)
    return """
      # TYPE process_cpu_seconds_total counter
      process_cpu_seconds_total \(Number.text(cpu))
      # TYPE process_resident_memory_bytes gauge
      process_resident_memory_bytes \(Self.residentBytes())
      # TYPE anju_process_resident_peak_bytes gauge
      anju_process_resident_peak_bytes \(usage.ru_maxrss * 1024)
      # TYPE anju_process_written_bytes_total counter
      anju_process_written_bytes_total \(Self.writtenBytes())

      """
  }

  /// The resident set in bytes; 0 where the system does not say.
  static func residentBytes() -> Int {
    let text = Self.lines(of: "/proc/self/statm").first ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// What this process made disks write (proc(5): write_bytes); 0 where the system says nothing.
  static func writtenBytes() -> Int {
    let line = Self.lines(of: "/proc/self/io").first { $0.hasPrefix("write_bytes: ") }
    return line.flatMap { Int($0.dropFirst("write_bytes: ".count)) } ?? 0
  }

  /// The lines of a short file of the system; none where it cannot be read.
  private static func lines(of path: String) -> [Substring] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 1_024)
    let count = fread(&buffer, 1, buffer.count, file)
    return String(decoding: buffer.prefix(count), as: UTF8.self).split(separator: "\n")
  }

  private static func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) / 1e6
  }
}
