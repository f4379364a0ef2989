import ArgumentParser
import Glibc
import Transport

/// One of the gRPC project's interoperability cases, run against a server in any language. Ends
/// with 0 if the case passed; else with 1, and the reason on standard error.
@main
struct InteropClient: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interop-client",
    abstract: "Run a case of the gRPC project's interoperability tests against a server.",
    discussion: "Cases: \(TestCase.all.map(\.name).joined(separator: ", "))")

  @OptionGroup var options: ClientOptions

  func run() async throws {
    guard let testCase = TestCase.all.first(where: { $0.name == self.options.testCase }) else {
      throw ValidationError("there is no case \(self.options.testCase)")
    }
    let peer = Peer(self.options)
    do {
      try await testCase.run(peer)
    } catch {
      Console.note("\(testCase.name) failed: \(error)")
      throw ExitCode.failure
    }
    await peer.channel.close()
    Console.note("\(testCase.name) passed")
  }
}

/// What the client says, on standard error.
enum Console {
  static func note(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
  }
}
