import ArgumentParser
import Foundation
import Wire

/// Shows a permit, and can write the signed document, signature and key to files.
struct Permit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Show a permit.")

  @Argument(help: "The permit's identifier (电子证照标识).")
  var identifier: String

  @Option(help: "A folder to write document.json, signature.der and key.pem into.")
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
      if let folder = self.export { try self.write(answer, permit, into: folder) }
      let view = PermitView(permit)
      try Output(json: self.addresses.json).show(view, view.sentence)
    }
  }

  private func write(
    _ answer: RegistryV1.GetPermitResponse, _ permit: RegistryV1.Permit, into folder: String
  ) throws {
    let url = URL(fileURLWithPath: folder, isDirectory: true)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    let files = [
      ("document.json", permit.document), ("signature.der", permit.signature),
      ("key.pem", Array(answer.publicKeyPem.utf8)),
    ]
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
