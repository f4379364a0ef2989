import HTTP2
import RPC

/// The header fields that are the same in every call of a method, made once a method.
struct RequestFields {
  /// For how many methods they are kept.
  static let methodsMax = 64

  private let scheme: String
  private let authority: String
  private var entries: [(method: Method, fields: HeaderList)] = []
  private var oldest = 0

  init(_ configuration: ClientConfiguration) {
    self.scheme = configuration.tls == nil ? "http" : "https"
    self.authority = configuration.authority
  }

  /// The fields of a method's requests, without those of a single call.
  subscript(_ method: Method) -> HeaderList {
    mutating get {
      for entry in self.entries where entry.method == method { return entry.fields }
      let fields = HeaderList([
        ":method": "POST", ":scheme": self.scheme, ":path": method.path,
        ":authority": self.authority, "te": "trailers", "content-type": "application/grpc",
        "user-agent": "anju-swift",
        "grpc-accept-encoding": "identity,gzip",
      ])
      if self.entries.count < Self.methodsMax {
        self.entries.append((method, fields))
      } else {
        self.entries[self.oldest] = (method, fields)
        self.oldest = (self.oldest + 1) % Self.methodsMax
      }
      return fields
    }
  }
}
