import HTTP2
import Logging
import TestSupport
import Testing
import Transport

/// Runs `body` with a raw client of a server that has a page, or none.
private func withPage(
  _ page: PlainPage?, _ body: (RawClient) async throws -> Void
) async throws {
  var configuration = ServerConfiguration(port: 0, clock: WallClock())
  configuration.page = page
  let server = GRPCServer(
    configuration: configuration, router: EchoService().router(),
    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  let client = try await RawClient(port: try await server.start())
  do {
    try await body(client)
    await client.close()
    await server.drain(within: 1_000)
  } catch {
    await client.close()
    await server.drain(within: 0)
    throw error
  }
}

@Suite(.timeLimit(.minutes(10)))
struct PlainPageTests {
  private let page = PlainPage(path: "/", body: "Hello.")

  @Test(arguments: ["GET", "POST"], ["text/plain", "application/grpc", ""])
  func `the page is answered whatever the content type`(method: String, type: String) async throws {
    try await withPage(self.page) { client in
      let fields = RawClient.fields("/", [":method": method, "content-type": type, "te": ""])
      let answer = try await client.call(fields, Array("a body".utf8))
      #expect(answer.status == "200")
      #expect(answer.grpcStatus == nil)
      #expect(String(decoding: answer.body, as: UTF8.self) == "Hello.")
    }
  }

  @Test func `other methods and other paths are refused as without a page`() async throws {
    try await withPage(self.page) { client in
      let put = try await client.call(RawClient.fields("/", [":method": "PUT"]))
      #expect(put.status == "405")
      let other = try await client.call(RawClient.fields("/other", [":method": "GET"]))
      #expect(other.status == "405")
    }
  }

  @Test func `calls are served beside the page`() async throws {
    try await withPage(self.page) { client in
      _ = try await client.call(RawClient.fields("/", [":method": "GET"]))
      let call = try await client.call(RawClient.fields(), [0, 0, 0, 0, 1, 42])
      #expect(call.grpcStatus == "0")
      #expect(call.body == [0, 0, 0, 0, 1, 42])
    }
  }

  @Test func `without a page there is none`() async throws {
    try await withPage(nil) { client in
      let answer = try await client.call(RawClient.fields("/", [":method": "GET"]))
      #expect(answer.status == "405")
    }
  }
}
