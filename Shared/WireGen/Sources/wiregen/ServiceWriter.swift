/// Writes a service four times: the protocol a server implements, its registration, the client, and
/// the methods' names.
struct ServiceWriter {
  let service: ProtoService
  let namespace: String
  let names: TypeNames

  private var methodsType: String { "\(self.namespace).\(self.service.name)Methods" }

  func write(to source: inout SourceWriter) {
    source.line()
    source.block("extension \(self.namespace)") { source in
      source.doc(self.service.comment, or: self.service.fullName)
      source.block("public protocol \(self.service.name): Sendable") { source in
        for method in self.service.methods {
          source.doc(method.comment, or: "\(self.service.fullName).\(method.name)")
          source.line(self.requirement(method))
        }
      }
      source.line()
      self.writeMethods(to: &source)
      source.line()
      self.writeClient(to: &source)
    }
    source.line()
    self.writeRegistration(to: &source)
  }

  private func input(_ method: ProtoService.Method) -> String { self.names[method.input] }
  private func output(_ method: ProtoService.Method) -> String { self.names[method.output] }

  private func requirement(_ method: ProtoService.Method) -> String {
    let head = "func \(SwiftNames.method(method.name))"
    let request =
      method.clientStreams
      ? "_ requests: RequestStream<\(self.input(method))>" : "_ request: \(self.input(method))"
    let context = "_ context: CallContext"
    if method.serverStreams {
      let responses = "_ responses: ResponseWriter<\(self.output(method))>"
      return "\(head)(\(request), \(responses), \(context)) async throws"
    }
    return "\(head)(\(request), \(context)) async throws -> \(self.output(method))"
  }

  private func kind(_ method: ProtoService.Method) -> String {
    switch (method.clientStreams, method.serverStreams) {
    case (false, false): "unary"
    case (true, false): "clientStreaming"
    case (false, true): "serverStreaming"
    case (true, true): "bidirectionalStreaming"
    }
  }

  private func writeMethods(to source: inout SourceWriter) {
    source.line("/// The methods of `\(self.service.fullName)`.")
    source.block("public enum \(self.service.name)Methods") { source in
      for method in self.service.methods {
        source.doc(method.comment, or: "\(self.service.fullName).\(method.name)")
        let arguments = "service: \"\(self.service.fullName)\", name: \"\(method.name)\""
        let value = "Method(\(arguments), kind: .\(self.kind(method)))"
        source.line("public static let \(SwiftNames.method(method.name)) = \(value)")
      }
      let all = self.service.methods.map { "Self.\(SwiftNames.method($0.name))" }
      source.line("/// All of them, in the contract's order.")
      source.line("public static let all: [Method] = [\(all.joined(separator: ", "))]")
    }
  }

  private func writeRegistration(to source: inout SourceWriter) {
    source.block("extension \(self.namespace).\(self.service.name)") { source in
      source.line("/// Registers every method of the service.")
      source.block("public func register(on router: inout RPCRouter)") { source in
        for method in self.service.methods {
          let name = SwiftNames.method(method.name)
          let arguments = method.serverStreams ? "$0, $1, $2" : "$0, $1"
          let call = "try await self.\(name)(\(arguments))"
          source.line("router.\(self.kind(method))(\(self.methodsType).\(name)) { \(call) }")
        }
      }
    }
  }

  private func writeClient(to source: inout SourceWriter) {
    source.line("/// Calls `\(self.service.fullName)`. Every failure is thrown as `ServiceError`.")
    source.block("public struct \(self.service.name)Client: Sendable") { source in
      source.line("private let channel: any RPCChannel")
      source.line()
      source.line("/// A client on a channel; it costs nothing to make.")
      source.line("public init(_ channel: any RPCChannel) { self.channel = channel }")
      for method in self.service.methods {
        source.line()
        source.doc(method.comment, or: "\(self.service.fullName).\(method.name)")
        self.writeCall(method, to: &source)
      }
    }
  }

  /// A call that answers with a stream lives inside the closure that reads it.
  private func writeCall(_ method: ProtoService.Method, to source: inout SourceWriter) {
    let name = SwiftNames.method(method.name)
    let request = "_ request: \(self.input(method))"
    let writer = "RequestWriter<\(self.input(method))>"
    let stream = "ResponseStream<\(self.output(method))>"
    let options = "options: CallOptions = CallOptions()"
    let answer = "async throws -> \(self.output(method))"
    let result = "async throws -> Result"
    let head: String
    switch (method.clientStreams, method.serverStreams) {
    case (false, false): head = "\(name)(\(request), \(options)) \(answer)"
    case (true, false):
      head = "\(name)(\(options), _ body: (\(writer)) async throws -> Void) \(answer)"
    case (false, true):
      head = "\(name)<Result>(\(request), \(options), _ body: (\(stream)) \(result)) \(result)"
    case (true, true):
      head = "\(name)<Result>(\(options), _ body: (\(writer), \(stream)) \(result)) \(result)"
    }
    let arguments =
      [method.clientStreams ? nil : "request", "options"]
      + [method.clientStreams || method.serverStreams ? "body" : nil]
    let list = arguments.compactMap { $0 }.joined(separator: ", ")
    source.block("public func \(head)") { source in
      source.line(
        "try await self.channel.\(self.kind(method))(\(self.methodsType).\(name), \(list))")
    }
  }
}
