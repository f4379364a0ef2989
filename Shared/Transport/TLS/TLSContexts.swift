import DomainModel
import Logging
import Metrics
import NIOCore
import NIOSSL
import Synchronization

/// The TLS context for new connections in one role, made anew when its files have changed.
///
/// Files that cannot be used leave the context of before in force. Certificate and key are two
/// files and may be replaced one after the other, so what does not fit is looked at once more a
/// moment later, and only then told.
final class TLSContexts: Sendable {
  /// How long files that could not be used are given to become right, in milliseconds.
  static let settleMs: Int64 = 500

  private struct State {
    var material: TLSMaterial?
    /// What the files were when the material was made.
    var marks: [TLSFile.Mark?] = []
    var lookedAt: NIODeadline?
    /// What the last look found wrong.
    var problem: TLSFileError?
    /// The problem that the log has been told of.
    var told: TLSFileError?
  }

  private let files: [String]
  private let make: @Sendable () throws(TLSFileError) -> TLSMaterial
  private let logger: Logger?
  private let state = Mutex(State())

  /// The contexts of a server; their certificate's expiry is a metric.
  init(_ tls: ServerTLS, logger: Logger) {
    self.files = Self.files(tls.identity, tls.clientRoots)
    self.logger = logger
    let expiry = Gauge(label: "tls_certificate_expiry_timestamp_seconds")
    self.make = { () throws(TLSFileError) in
      let material = try TLSMaterial(tls)
      if let expires = material.expires { expiry.record(expires.milliseconds / 1000) }
      return material
    }
  }

  /// The contexts of a client.
  init(_ tls: ClientTLS, logger: Logger?) {
    self.files = Self.files(tls.identity, tls.roots)
    self.logger = logger
    self.make = { () throws(TLSFileError) in try TLSMaterial(tls) }
  }

  /// The context for a new connection; nil before the first look that went well.
  var current: NIOSSLContext? { self.state.withLock { $0.material?.context } }

  /// What is wrong with the files, or that the certificate has expired; nil if all is well.
  func problem(at now: Timestamp) -> String? {
    self.state.withLock { state in
      if let problem = state.problem { return problem.description }
      guard let expires = state.material?.expires, expires <= now else { return nil }
      return "\(self.files.first ?? ""): the certificate has expired"
    }
  }

  /// Whether what is wrong may still become right by itself: it has been seen only once.
  var isSettling: Bool {
    self.state.withLock { $0.problem != nil && $0.told != $0.problem }
  }

  /// Whether the last look was less than `milliseconds` ago and found nothing wrong.
  func isFresh(within milliseconds: Int64) -> Bool {
    self.state.withLock { state in
      guard state.problem == nil, let lookedAt = state.lookedAt else { return false }
      return NIODeadline.now() < lookedAt + .milliseconds(milliseconds)
    }
  }

  /// Looks at the files, and reads them if they have changed or could not be used. Blocks, and so
  /// never runs on an event loop. Returns what is wrong.
  @discardableResult
  func look() -> TLSFileError? {
    // The marks are older than what is read: a file written meanwhile is read again next time.
    let marks = self.files.map { TLSFile.Mark($0) }
    let isSame = self.state.withLock { state in
      state.lookedAt = .now()
      return state.material != nil && state.problem == nil && state.marks == marks
    }
    if isSame { return nil }
    do throws(TLSFileError) {
      let material = try self.make()
      self.took(material, marks)
      return nil
    } catch {
      self.failed(error)
      return error
    }
  }

  private func took(_ material: TLSMaterial, _ marks: [TLSFile.Mark?]) {
    let isFirst = self.state.withLock { state in
      defer {
        state.material = material
        state.marks = marks
        state.problem = nil
        state.told = nil
      }
      return state.material == nil
    }
    if !isFirst {
      self.logger?.notice("new TLS files in use", metadata: ["tls.files": "\(self.fileList)"])
    }
  }

  private func failed(_ error: TLSFileError) {
    let isNews = self.state.withLock { state in
      defer { state.problem = error }
      // At the first look whoever asked for it is told; later, whatever does not settle.
      guard state.material != nil, state.problem != nil, state.told != error else { return false }
      state.told = error
      return true
    }
    guard isNews else { return }
    self.logger?.error(
      "the new TLS files cannot be used; those of before stay in force",
      metadata: ["tls.file": "\(error.file)", "error": "\(error.reason)"])
  }

  private var fileList: String { self.files.joined(separator: ", ") }

  private static func files(_ identity: CertificateFiles?, _ roots: String?) -> [String] {
    [identity?.certificate, identity?.key, roots].compactMap { $0 }
  }
}
