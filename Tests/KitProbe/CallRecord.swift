import Glibc
import RPC
import TestSupport

/// The probe's one method of its own: echoes, and writes each request to a file before it answers,
/// a line a request. What is in the file was executed, whatever became of the answer.
final class CallRecord: Sendable {
  private let file: Int32

  /// Lines are added to the file; it is made if it is not there.
  init(path: String) {
    self.file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    precondition(self.file >= 0, "\(path) cannot be written")
  }

  deinit {
    close(self.file)
  }

  func register(on router: inout RPCRouter) {
    router.unary(EchoService.echo) { (request: RawMessage, _) -> RawMessage in
      let line = request.bytes + [UInt8(ascii: "\n")]
      let written = write(self.file, line, line.count)
      precondition(written == line.count, "a call could not be recorded")
      return request
    }
  }
}
