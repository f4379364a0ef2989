import Transport

/// A service's admin port, as a machine that watches it reads it.
struct AdminPort: Sendable {
  /// The longest page that is read, in bytes.
  private static let bytesMax = 8_388_608

  let service: String
  let address: ServerAddress
  let isLoopbackOnly: Bool

  /// What it measures now. Throws a sentence where it is not there or has no such page.
  func metrics() async throws -> MetricsPage {
    let bytes: [UInt8]
    do {
      bytes = try await self.answer(to: "/metrics")
    } catch {
      throw NotThere("\(self.service) has no metrics at \(self.address): \(error)")
    }
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.hasPrefix("HTTP/1.1 200"), let body = text.firstRange(of: "\r\n\r\n") else {
      throw NotThere("\(self.service) answers at \(self.address) with no metrics")
    }
    return MetricsPage(String(text[body.upperBound...]))
  }

  private func answer(to path: String) async throws -> [UInt8] {
    var dialer = TCPDialer(isPrivateLine: !self.isLoopbackOnly)
    dialer.connectMs = 2_000
    let stream = try await dialer.dial(self.address)
    defer { stream.close(afterMs: 0) }
    let request = "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    stream.write(Array(request.utf8))
    var bytes: [UInt8] = []
    while let more = await stream.read(), bytes.count < Self.bytesMax { bytes += more }
    return bytes
  }
}

/// Something that was to be there and is not: a sentence.
struct NotThere: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
