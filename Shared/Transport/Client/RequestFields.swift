import HTTP2
import RPC

/// What is the same in every call of a method.
struct MethodFacts {
  let method: Method
  /// The header fields, without those of a single call.
  let fields: ConstantFields
  let metrics: ClientCallMetrics
}

/// What a channel knows of the methods it calls, made once a method.
struct RequestFields {
  /// For how many methods it is kept.
  static let methodsMax = 64

  private let scheme: String
  private let authority: String
  private var entries: [MethodFacts] = []
  private var oldest = 0

  init(_ configuration: ClientConfiguration) {
    self.scheme = configuration.tls == nil ? "http" : "https"
    self.authority = configuration.authority
  }

  /// What is known of a method.
  subscript(_ method: Method) -> MethodFacts {
    mutating get {
      for entry in self.entries where entry.method == method { return entry }
      let fields = ConstantFields(
        HeaderList([
          ":method": "POST", ":scheme": self.scheme, ":path": method.path,
          ":authority": self.authority, "te": "trailers", "content-type": "application/grpc",
          "user-agent": "anju-swift", "grpc-accept-encoding": "identity,gzip",
        ]))
      let made = MethodFacts(method: method, fields: fields, metrics: ClientCallMetrics(method))
      if self.entries.count < Self.methodsMax {
        self.entries.append(made)
      } else {
        self.entries[self.oldest] = made
        self.oldest = (self.oldest + 1) % Self.methodsMax
      }
      return made
    }
  }
}
