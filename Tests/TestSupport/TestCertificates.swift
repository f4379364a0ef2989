internal import Foundation
internal import Glibc

/// A certificate authority of a test's own and what it issues, made with the `openssl` command in a
/// folder that goes with it.
public final class TestCertificates: Sendable {
  /// A certificate and its key, as the paths of their files.
  public struct Pair: Hashable, Sendable {
    /// The certificate's file.
    public let certificate: String
    /// The key's file.
    public let key: String
  }

  /// What is thrown when `openssl` fails: what it said.
  public struct Failure: Error, CustomStringConvertible {
    /// What it said.
    public let description: String
  }

  /// Where the files lie.
  public let folder: String
  /// The authority's own certificate.
  public var roots: String { "\(self.folder)/roots.pem" }

  /// A new authority.
  public init() throws {
    self.folder = Self.newFolder
    try FileManager.default.createDirectory(
      atPath: self.folder, withIntermediateDirectories: true)
    try self.openssl(
      Self.newKey + [
        "-x509", "-keyout", "roots.key", "-out", "roots.pem", "-days", "3650", "-subj",
        "/CN=Test authority",
      ])
  }

  /// The same authority, with what it has issued so far, in a folder of its own.
  public init(copying other: TestCertificates) throws {
    self.folder = Self.newFolder
    try FileManager.default.copyItem(atPath: other.folder, toPath: self.folder)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: self.folder)
  }

  /// The files of a certificate that has been issued under this file name.
  public func pair(_ file: String) -> Pair {
    Pair(certificate: "\(self.folder)/\(file).pem", key: "\(self.folder)/\(file).key")
  }

  /// Issues a certificate for `names` (as `openssl` writes them), which has expired if `days` is
  /// negative. An earlier one of that file name is written over.
  @discardableResult
  public func issue(
    _ file: String, for names: [String] = ["DNS:localhost", "IP:127.0.0.1"], days: Int = 3650
  ) throws -> Pair {
    var extensions = "basicConstraints=critical,CA:FALSE\n"
    if !names.isEmpty { extensions += "subjectAltName=\(names.joined(separator: ","))\n" }
    try self.write(extensions, to: "\(self.folder)/extensions")
    try self.openssl(
      Self.newKey + ["-keyout", "\(file).key", "-out", "request.csr", "-subj", "/CN=\(file)"])
    try self.openssl([
      "x509", "-req", "-in", "request.csr", "-CA", "roots.pem", "-CAkey", "roots.key",
      "-days", "\(days)", "-extfile", "extensions", "-out", "\(file).pem",
    ])
    return self.pair(file)
  }

  /// Writes a file anew, not at once as a whole.
  public func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  /// Puts one file's content in another's place.
  public func copy(_ path: String, to other: String) throws {
    try Data(contentsOf: URL(filePath: path)).write(to: URL(filePath: other))
  }

  private static var newFolder: String {
    FileManager.default.temporaryDirectory
      .appending(path: "anju-certificates-\(UUID().uuidString)").path(percentEncoded: false)
  }

  private static let newKey = [
    "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
  ]

  /// Foundation's `Process` waits on a run loop, which the threads of tests do not have.
  private func openssl(_ arguments: [String]) throws {
    let log = "\(self.folder)/openssl.log"
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    let script = "cd \"$0\" && exec openssl \"$@\""
    var words = (["sh", "-c", script, self.folder] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var process: pid_t = 0
    var status: Int32 = -1
    let code = posix_spawnp(&process, "sh", &actions, nil, &words, environ)
    if code == 0 { waitpid(process, &status, 0) }
    guard code == 0, status == 0 else {
      throw Failure(
        description: (try? String(contentsOfFile: log, encoding: .utf8)) ?? "openssl: \(code)")
    }
  }
}
