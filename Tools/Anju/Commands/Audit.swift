import ArgumentParser
import CertificateRegistryCore
import Crypto
import DomainModel
import PermitProof
import Storage
import ToolKit

/// Compares a registry's store with heads of its log that a witness has kept.
struct Audit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare a registry's store with heads of its log that somebody else has kept.",
    discussion: """
      Every leaf of the log is computed anew from the permits, registrations and histories in the \
      store, and the tree over them must be the one that was witnessed. What was altered, dropped, \
      moved or back-dated is named.

      No service works on the store meanwhile: it is that of a registry whose replicas have all \
      stopped, or better a copy of a backup. The keys are those of the service, for its rows are \
      sealed.

      anju backup
      anju audit --witness head.json --store backup-copy.db
      anju audit --witness head.json --database anju_registry_copy --host db.example.cn \
      --tls-roots roots.pem --password-file password

      Exits 0 where nothing is wrong, 1 where something is, 2 where the audit could not be made.
      """)

  @Option(help: "A signed head that was kept (anju head); may be given several times.")
  var witness: [String]

  @OptionGroup var place: AuditedStore

  @Option(help: "The folder with the registry's key files (registry.data.key).")
  var keys = ".anju/keys"

  @Option(help: "A folder with keys.tsv and the public keys that may have signed.")
  var trust: String?

  @Option(
    help: """
      A public key in PEM that may have signed. Where neither is given, registry.sm2.pub.pem \
      beside the key files.
      """)
  var key: [String] = []

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if self.witness.isEmpty { throw ValidationError("Give --witness once or more.") }
    if self.trust != nil && !self.key.isEmpty {
      throw ValidationError("Give --trust or --key, not both.")
    }
  }

  func run() async throws {
    let output = Output(json: self.json)
    let view: AuditView
    do {
      view = AuditView(try await self.report(), store: self.place.name)
    } catch let error as ValidationError {
      throw error
    } catch {
      output.failure("\(error)")
      throw ExitCode(2)
    }
    try output.show(view, view.sentence)
    if !view.whole { throw ExitCode.failure }
  }

  private func report() async throws -> AuditReport {
    let heads = try self.witness.map(Self.head)
    let given = self.key.isEmpty ? ["\(self.keys)/registry.sm2.pub.pem"] : self.key
    let ring = try TrustOptions.ring(trust: self.trust, keys: given)
    let sealing = try KeyRing.open(
      KeyRing.Place(directory: self.keys, service: "registry"), random: SecureRandom())
    let store = try self.place.open()
    let audit = RegistryAudit(store, sealer: sealing.sealer, keys: ring)
    let report: AuditReport
    do {
      report = try await audit.run(against: heads)
    } catch {
      // What closed the store to us says more than that it is closed.
      let fault = store.fault
      await store.close()
      throw fault ?? error
    }
    await store.close()
    return report
  }

  private static func head(_ path: String) throws -> SignedTreeHead {
    let bytes = try InputFile.bytes(path, max: SignedTreeHead.bytesMax) ?? []
    do {
      return try SignedTreeHead(canonicalBytes: bytes)
    } catch {
      throw ValidationError("\(path) is no signed tree head: \(error).")
    }
  }
}

/// What an audit has found, as the command line shows it.
struct AuditView: Encodable {
  struct Finding: Encodable {
    let code: String
    let place: String
    let text: String
  }

  let store: String
  let whole: Bool
  let leaves: Int
  let witnessed: Int
  let waiting: Int
  let destroyed: Int
  let heads: Int
  let findingsCount: Int
  let findings: [Finding]

  init(_ report: AuditReport, store: String) {
    self.store = store
    self.whole = report.isWhole
    self.leaves = report.leaves
    self.witnessed = report.witnessed
    self.waiting = report.waiting
    self.destroyed = report.destroyed
    self.heads = report.heads
    self.findingsCount = report.findingsCount
    self.findings = report.findings.map {
      Finding(code: $0.code.rawValue, place: $0.place, text: $0.text)
    }
  }

  var sentence: String {
    var lines = [
      self.whole
        ? "\(self.store) is as it was witnessed"
        : "\(self.store) is NOT as it was witnessed: \(self.findingsCount) findings",
      "  \(self.leaves) leaves, the first \(self.witnessed) of them as witnessed; "
        + "\(self.heads) heads; \(self.waiting) entries wait for leaves; "
        + "\(self.destroyed) records were destroyed",
    ]
    lines += self.findings.map { "  \($0.code) \($0.place): \($0.text)" }
    if self.findingsCount > self.findings.count {
      lines.append("  and \(self.findingsCount - self.findings.count) more")
    }
    return lines.joined(separator: "\n")
  }
}
