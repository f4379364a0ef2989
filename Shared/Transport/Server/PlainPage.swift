import HTTP2
import RPC

/// One answer to plain HTTP/2 requests, beside the calls: GET or POST of one path, whatever their
/// content type and body, are answered with 200. Suites that know HTTP/2 but no gRPC need such a
/// path; a service has none.
public struct PlainPage: Hashable, Sendable {
  /// The path, such as `/`. A method of that path hides the page.
  public var path: String
  /// The body, sent as `text/plain`.
  public var body: String

  /// A page.
  public init(path: String, body: String) {
    self.path = path
    self.body = body
  }

  /// Whether a request with these header fields is for the page.
  func isAsked(_ fields: HeaderList) -> Bool {
    guard fields[":path"] == self.path, let method = fields[":method"] else { return false }
    return method == "GET" || method == "POST"
  }

  /// What stands before the body.
  static let head = HeaderList([":status": "200", "content-type": "text/plain"])
}

extension ServerSession {
  /// Sends the whole page.
  func answer(_ stream: HTTP2Stream, with page: PlainPage) {
    self.respond(stream, PlainPage.head)
    Array(page.body.utf8).withUnsafeBytes { self.write($0, on: stream) }
    self.finish(stream)
  }
}
