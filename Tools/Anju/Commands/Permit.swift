import ArgumentParser
import DomainModel
import Foundation
import PermitProof
import RPC
import ToolKit
import Wire

/// Shows a permit, and can write to files what proves it: the signed document, signature and key,
/// and its place in the log.
struct Permit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Show a permit.")

  @Argument(help: "The permit's identifier (电子证照标识).")
  var identifier: String

  @Option(
    help: """
      A folder to write document.json, signature.der and key.pem into, and proof.json and \
      head.json once the log has it: what `anju verify` takes.
      """)
  var export: String?

  @OptionGroup var addresses: Addresses

  func run() async throws {
    try await self.addresses.withServices { services in
      let answer = try await services.registry.getPermit(
        RegistryV1.GetPermitRequest(certificateIdentifier: self.identifier),
        options: services.options(as: .auditor))
      guard let permit = answer.permit else {
        throw ValidationError("The registry answered without a permit.")
      }
      if let folder = self.export {
        try self.write(
          [
            ("document.json", permit.document), ("signature.der", permit.signature),
            ("key.pem", Array(answer.publicKeyPem.utf8)),
          ] + (try await self.proof(of: permit, services)), into: folder)
      }
      let view = PermitView(permit)
      try Output(json: self.addresses.json).show(view, view.sentence)
    }
  }

  /// The files that prove that the log has the permit's certificate; none while it waits for its
  /// leaf, or where the log began later.
  private func proof(
    of permit: RegistryV1.Permit, _ services: Services
  ) async throws -> [(name: String, bytes: [UInt8])] {
    do {
      let found = try await services.registry.getInclusionProof(
        RegistryV1.GetInclusionProofRequest(
          leaf: .madeCertificateIdentifier(permit.certificateIdentifier)),
        options: services.options(as: .auditor))
      guard let wire = found.head, !found.proof.isEmpty,
        (1...TrustedKey.signatureBytesMax).contains(wire.signature.count)
      else { return [] }
      let head = SignedTreeHead(
        try TreeHead(canonicalBytes: wire.head), signature: wire.signature)
      return [("proof.json", found.proof), ("head.json", head.canonicalBytes)]
    } catch let error as ServiceError
      where error.reason == ErrorReason.logEntrySequencing.rawValue
      || error.reason == ErrorReason.logEntryNotFound.rawValue
      || error.reason == ErrorReason.treeHeadNotFound.rawValue
    {
      return []
    }
  }

  private func write(_ files: [(name: String, bytes: [UInt8])], into folder: String) throws {
    let url = URL(fileURLWithPath: folder, isDirectory: true)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for (name, bytes) in files {
      try Data(bytes).write(to: url.appendingPathComponent(name), options: .atomic)
    }
  }
}

/// A permit as the command line shows it.
struct PermitView: Encodable {
  let certificateIdentifier: String
  let state: String
  let issuedOn: String
  let validToOn: String
  let bureauCode: String
  let keyId: String
  let document: String

  init(_ permit: RegistryV1.Permit) {
    self.certificateIdentifier = permit.certificateIdentifier
    self.state = word(permit.state)
    self.issuedOn = permit.issuedOn
    self.validToOn = permit.validToOn
    self.bureauCode = permit.bureauCode
    self.keyId = permit.keyID
    self.document = String(decoding: permit.document, as: UTF8.self)
  }

  var sentence: String {
    """
    \(self.certificateIdentifier)  \(self.state)
      issued on \(self.issuedOn) by \(self.bureauCode), valid to \(self.validToOn)
      signed with key \(self.keyId)
      \(self.document)
    """
  }
}
