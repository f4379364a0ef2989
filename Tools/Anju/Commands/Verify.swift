import ArgumentParser
import Crypto
import DomainModel
import PermitProof
import ToolKit

/// Verifies a permit's document or a QR code's text with files alone: no service, no network.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Verify a permit's document or a QR code with files alone.",
    discussion: """
      Nothing is asked of any service. What is not told by the files is not known: without a \
      snapshot of revocations nobody can say whether a genuine permit was cancelled since.

      anju verify document.json --signature signature.der --trust keys --snapshot revoked.bin
      anju verify document.json --signature signature.der --key key.pem
      anju verify --code 'AJ1:…' --trust keys --snapshot revoked.bin

      Exits 0 where the permit is valid, 1 where the document, the code or the evidence is refused, \
      2 where it is genuine and revoked, suspended or not in force, 3 where that cannot be known.
      """)

  @Argument(help: "The permit's canonical document.")
  var document: String?

  @Option(help: "The document's signature.")
  var signature: String?

  @Option(help: "The text of a QR code, in place of a document.")
  var code: String?

  @Option(help: "The inclusion proof of the document in the log.")
  var proof: String?

  @Option(help: "A signed tree head of the log.")
  var head: String?

  @Option(help: "A signed snapshot of revocations.")
  var snapshot: String?

  @Option(help: "The instant asked about: 2026-03-10T10:00:00+08:00. Now, if it is not given.")
  var at: Instant?

  @OptionGroup var trust: TrustOptions

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if (self.document == nil) == (self.code == nil) {
      throw ValidationError("Give a document or --code.")
    }
    if (self.document == nil) != (self.signature == nil) {
      throw ValidationError("A document and --signature go together.")
    }
    if self.code != nil && (self.proof != nil || self.head != nil) {
      throw ValidationError("A code has no --proof and no --head.")
    }
  }

  func run() throws {
    let verifier = Verifier(trusting: try self.trust.ring())
    let found = try self.verification(by: verifier, asOf: self.at?.timestamp ?? .present)
    let view = VerificationView(found)
    try Output(json: self.json).show(view, view.sentence)
    let code = found.verdict.exitCode
    if code != .success { throw code }
  }

  private func verification(
    by verifier: Verifier, asOf instant: Timestamp
  ) throws -> Verification {
    let snapshot = try InputFile.bytes(self.snapshot, max: RevocationSnapshot.bytesMax)
    if let code { return verifier.verify(code: code, snapshot: snapshot, asOf: instant) }
    var evidence = Evidence(
      document: try InputFile.bytes(self.document, max: PermitDocument.bytesMax) ?? [],
      signature: try InputFile.bytes(self.signature, max: TrustedKey.signatureBytesMax) ?? [])
    evidence.proof = try InputFile.bytes(self.proof, max: InclusionProof.bytesMax)
    evidence.head = try InputFile.bytes(self.head, max: SignedTreeHead.bytesMax)
    evidence.snapshot = snapshot
    return verifier.verify(evidence, asOf: instant)
  }
}

extension Verdict {
  /// What the process says of it when it ends.
  fileprivate var exitCode: ExitCode {
    switch self {
    case .valid: .success
    case .refused: .failure
    case .revoked, .suspended, .notInForce: ExitCode(2)
    case .cannotKnow: ExitCode(3)
    }
  }
}

/// A verdict as the command line shows it.
struct VerificationView: Encodable {
  struct Reason: Encodable {
    let code: String
    let english: String
    let chinese: String
  }

  let verdict: String
  let asOfMs: Int64
  let genuine: Bool
  let reasons: [Reason]
  let certificateIdentifier: String
  let maskedName: String
  let issuedOn: String
  let validToOn: String
  let keyId: String

  init(_ found: Verification) {
    self.verdict = found.verdict.rawValue
    self.asOfMs = found.asOf.milliseconds
    self.genuine = found.isGenuine
    self.reasons = found.reasons.map {
      Reason(code: $0.rawValue, english: $0.english, chinese: $0.chinese)
    }
    let document = found.document
    let face = found.code?.face
    let identifier = document?.naming.identifier ?? face?.identifier
    self.certificateIdentifier = identifier?.text ?? ""
    self.maskedName =
      document.map { PersonName.masked($0.holder.name) } ?? face?.maskedName ?? ""
    self.issuedOn = (document?.term.issuedOn ?? face?.issuedOn)?.iso ?? ""
    self.validToOn = (document?.term.validToOn ?? face?.validToOn)?.iso ?? ""
    self.keyId = document?.signing.keyID ?? found.code?.keyID ?? ""
  }

  var sentence: String {
    let instant = Timestamp(milliseconds: self.asOfMs).shanghaiText
    var lines = ["\(self.verdict) as of \(instant)"]
    if self.genuine {
      lines.append("  genuine: signed by \(self.keyId)")
      lines.append("  \(self.certificateIdentifier)  \(self.maskedName)")
      lines.append("  issued on \(self.issuedOn), valid to \(self.validToOn)")
    }
    lines += self.reasons.map { "  \($0.code): \($0.english) \($0.chinese)" }
    return lines.joined(separator: "\n")
  }
}
