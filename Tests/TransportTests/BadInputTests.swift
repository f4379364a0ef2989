import DomainModel
import HTTP2
import RPC
import TestSupport
import Testing
import Transport

/// One wrong request, and the status that gRPC gives it.
struct BadRequest: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let fields: HeaderList
  let body: [UInt8]
  let http: String
  let grpc: String?

  init(
    _ name: String, _ fields: HeaderList = RawClient.fields(), body: [UInt8] = [0, 0, 0, 0, 0],
    http: String = "200", grpc: String? = nil
  ) {
    self.testDescription = name
    self.fields = fields
    self.body = body
    self.http = http
    self.grpc = grpc
  }

  static let all = [
    Self("content type of a page", RawClient.fields(["content-type": "text/html"]), http: "415"),
    Self("content type left out", RawClient.fields(["content-type": ""]), http: "415"),
    Self(
      "content type that only begins like gRPC",
      RawClient.fields(["content-type": "application/grpcx"]), http: "415"),
    Self("GET", RawClient.fields([":method": "GET"]), http: "405"),
    Self("te left out", RawClient.fields(["te": ""]), grpc: "13"),
    Self("timeout without unit", RawClient.fields(["grpc-timeout": "10"]), grpc: "13"),
    Self("timeout of nine digits", RawClient.fields(["grpc-timeout": "123456789m"]), grpc: "13"),
    Self("timeout that has passed", RawClient.fields(["grpc-timeout": "0n"]), grpc: "4"),
    Self("encoding we do not read", RawClient.fields(["grpc-encoding": "deflate"]), grpc: "12"),
    Self(
      "compressed message that is no gzip", RawClient.fields(["grpc-encoding": "gzip"]),
      body: [1, 0, 0, 0, 3, 1, 2, 3], grpc: "13"),
    Self(
      "compressed flag under the encoding identity",
      RawClient.fields(["grpc-encoding": "identity"]), body: [1, 0, 0, 0, 0], grpc: "13"),
    Self("compressed flag without encoding", body: [1, 0, 0, 0, 0], grpc: "13"),
    Self("unknown flag", body: [7, 0, 0, 0, 0], grpc: "13"),
    Self("message cut short", body: [0, 0, 0, 0, 5, 1], grpc: "13"),
    Self("prefix cut short", body: [0, 0, 0], grpc: "13"),
    Self("no message", body: [], grpc: "12"),
    Self("two messages", body: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], grpc: "12"),
    Self("length over the limit", body: [0, 0, 64, 0, 1], grpc: "8"),
    Self("length of four gigabytes", body: [0, 255, 255, 255, 255], grpc: "8"),
    Self("bytes that are no message", body: [0, 0, 0, 0, 1, 255], grpc: "13"),
    Self("bad base 64 in a -bin field", RawClient.fields(["a-bin": "A"]), grpc: "13"),
    Self(
      "header list over the limit",
      RawClient.fields(["long": String(repeating: "x", count: 20_000)]), grpc: "8"),
    Self("unknown service", RawClient.fields("/test.None/Echo"), grpc: "12"),
    Self("unknown method", RawClient.fields("/test.Echo/None"), grpc: "12"),
    Self("path that is none", RawClient.fields("/"), grpc: "12"),
  ]
}

extension RawClient {
  fileprivate static func fields(_ changes: KeyValuePairs<String, String>) -> HeaderList {
    self.fields("/test.Echo/Echo", changes)
  }
}

@Suite struct BadInputTests {
  private let good: [UInt8] = [0, 0, 0, 0, 1, 42]

  @Test(arguments: BadRequest.all)
  func `a wrong request has its status and the connection goes on`(
    _ bad: BadRequest
  ) async throws {
    try await withLoopback(Self.patient()) { _, _, port in
      let client = try await RawClient(port: port)
      let answer = try await client.call(bad.fields, bad.body)
      #expect(answer.status == bad.http)
      #expect(answer.grpcStatus == bad.grpc)
      let next = try await client.call(RawClient.fields(), self.good)
      #expect(next.grpcStatus == "0")
      #expect(next.body == self.good)
      await client.close()
    }
  }

  @Test(arguments: ["application/grpc", "application/grpc+proto", "application/grpc;x=y"])
  func `every form of the content type is served`(_ type: String) async throws {
    try await withLoopback { _, _, port in
      let client = try await RawClient(port: port)
      let answer = try await client.call(RawClient.fields(["content-type": type]), self.good)
      #expect(answer.grpcStatus == "0")
      #expect(answer.fields["content-type"] == "application/grpc")
      await client.close()
    }
  }

  @Test(arguments: ["AAEC", "AAE=", "AAE", "AAEC,AAE"])
  func `binary metadata is read padded, unpadded and joined`(_ text: String) async throws {
    var service = EchoService()
    service.onEcho = { _, context in
      #expect(context.metadata.bytes("a-bin")?.prefix(2) == [0, 1])
    }
    try await withLoopback(service) { _, _, port in
      let client = try await RawClient(port: port)
      let answer = try await client.call(RawClient.fields(["a-bin": text]), self.good)
      #expect(answer.grpcStatus == "0")
      await client.close()
    }
  }

  @Test func `an unknown encoding is answered with those we read`() async throws {
    try await withLoopback { _, _, port in
      let client = try await RawClient(port: port)
      let answer = try await client.call(RawClient.fields(["grpc-encoding": "br"]), self.good)
      #expect(answer.fields["grpc-accept-encoding"] == "identity,gzip")
      await client.close()
    }
  }

  @Test func `a wrong request that never ends is answered and let go`() async throws {
    try await withLoopback { _, _, port in
      let client = try await RawClient(port: port)
      let answer = try await client.call(
        RawClient.fields("/test.Echo/None"), [0, 0, 0, 0, 9], ends: false)
      #expect(answer.grpcStatus == "12")
      await client.close()
    }
  }

  @Test func `a connection that speaks no HTTP2 is closed, others go on`() async throws {
    try await withLoopback { channel, _, port in
      let client = try await RawClient(port: port)
      try await client.send(Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
      try await client.closed()
      let answer: RawMessage = try await channel.unary(EchoService.echo, RawMessage("on"))
      #expect(answer.text == "on")
    }
  }

  @Test func `connections over the bound are closed at once`() async throws {
    var limits = TransportLimits()
    limits.connectionsMax = 2
    try await withLoopback(limits: limits) { channel, _, port in
      let _: RawMessage = try await channel.unary(EchoService.echo, RawMessage())
      let second = try await RawClient(port: port)
      #expect(try await second.call(RawClient.fields(), self.good).grpcStatus == "0")
      let third = try await RawClient(port: port)
      try await third.closed()
      await second.close()
    }
  }

  @Test func `calls over the bound get RESOURCE_EXHAUSTED and when to come back`() async throws {
    let gate = Progress()
    let begun = Progress()
    var service = EchoService()
    service.onEcho = { request, _ in
      if request.text == "wait" {
        begun.step()
        while gate.count == 0 { try await ContinuousClock().sleep(for: .milliseconds(5)) }
      }
    }
    var limits = TransportLimits()
    limits.inFlightMax = 1
    try await withLoopback(service, limits: limits) { channel, _, _ in
      async let first: RawMessage = channel.unary(EchoService.echo, RawMessage("wait"))
      #expect(await eventually { begun.count == 1 })
      let error = await #expect(throws: ServiceError.self) {
        let _: RawMessage = try await channel.unary(EchoService.echo, RawMessage("no"))
      }
      #expect(error?.reason == "OVERLOADED")
      #expect(error?.retryDelayMs == 1_000)
      gate.step()
      let text = try await first.text
      #expect(text == "wait")
    }
  }

  @Test func `a connection without calls is closed when its time is over`() async throws {
    var limits = TransportLimits()
    limits.idleMs = 1_000
    limits.handshakeMs = 1_000
    try await withLoopback(limits: limits) { _, _, port in
      // On a machine that stands still for a second the first connections may be over too soon.
      var client = try await RawClient(port: port)
      var wasAnswered = false
      for _ in 0..<20 where !wasAnswered {
        client = try await RawClient(port: port)
        wasAnswered = try await client.call(RawClient.fields(), self.good).grpcStatus == "0"
      }
      #expect(wasAnswered)
      try await client.closed()
      let silent = try await RawClient(port: port)
      try await silent.closed()
    }
  }

  /// A service that takes its time, so that a deadline that has passed is noticed.
  private static func patient() -> EchoService {
    var service = EchoService()
    service.onEcho = { _, context in
      if context.deadline != nil { try await ContinuousClock().sleep(for: .seconds(5)) }
    }
    return service
  }

  @Test func `requests that reach no method leave a line for each reason`() async throws {
    let logs = RecordedLogs()
    try await withLoopback(logger: logs.logger()) { _, _, port in
      let client = try await RawClient(port: port)
      for _ in 0..<3 { _ = try await client.call(RawClient.fields("/test.Echo/None")) }
      _ = try await client.call(RawClient.fields([":method": "GET"]))
      _ = try await client.call(RawClient.fields(["content-type": "text/html"]))
      await client.close()
      #expect(await eventually { Set(logs.turnedAway.keys).count == 3 })
    }
    #expect(logs.turnedAway == ["method unknown": 3, "not POST": 1, "not gRPC": 1])
  }
}

extension RecordedLogs {
  /// How many requests the lines say were turned away, by reason.
  fileprivate var turnedAway: [String: Int] {
    self.lines.filter { $0.message == "requests turned away" }.reduce(into: [:]) { sums, line in
      let count = line.metadata["count"].flatMap { Int($0) } ?? 0
      sums[line.metadata["reason"] ?? "", default: 0] += count
    }
  }
}
