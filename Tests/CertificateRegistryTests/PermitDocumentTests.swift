import Crypto
import DomainModel
import Foundation
import PermitProof
import Testing
import Wire

struct PermitDocumentTests {
  @Test func `the document is canonical and holds the statutory face data`() async throws {
    let registry = try await RegistryFixture()
    let permit = try #require(try await registry.issue(1))
    let identifier = try #require(CertificateIdentifier(permit.certificateIdentifier))
    let document = try PermitDocument(canonicalBytes: permit.document)
    #expect(document.canonicalBytes == permit.document)
    #expect(document.naming == PermitDocument.Naming(identifier))
    let order = RegistryV1.IssuePermitRequest.sample(1)
    let holder = document.holder
    #expect(holder.name == "阿依·𬎆")
    #expect(holder.citizenID == order.holder?.citizenID)
    #expect(holder.birthOn.iso == "1990-01-01")
    #expect(holder.sex == .female)
    #expect(holder.ethnicityCode == "05")
    #expect(holder.household == Address(division: "361121", street: "", detail: "测试镇8号"))
    #expect(holder.photoSHA256 == order.photoSha256)
    #expect(
      document.residence
        == Address(
          division: "330106", street: "北山街道", community: "曙光社区", detail: "测试路1号2幢301室"))
    #expect(document.term.issuedOn.iso == "2026-03-10")
    #expect(document.term.validFromOn.iso == "2026-03-10")
    #expect(document.term.validToOn.iso == "2027-03-10")
    #expect(document.signing.authority.name == "杭州市公安局西湖区分局")
    #expect(document.signing.authority.officeCode == "330106000000")
    #expect(document.signing.keyID == registry.signer.keyID)
    #expect(document.signing.at.milliseconds == permit.issuedAtMs)
  }

  @Test func `openssl verifies the signature with document and public key alone`() async throws {
    let registry = try await RegistryFixture()
    let permit = try #require(try await registry.issue(1))
    let found = try await registry.client.getPermit(
      RegistryV1.GetPermitRequest(certificateIdentifier: permit.certificateIdentifier),
      options: .officer)
    let pem = found.publicKeyPem
    #expect(try Self.opensslVerifies(permit.document, permit.signature, pem))
    var altered = permit.document
    altered[altered.count - 4] ^= 1
    #expect(try !Self.opensslVerifies(altered, permit.signature, pem))
    #expect(try SM2PublicKey(pem: pem).verify(permit.signature, of: permit.document))
  }

  /// Runs `openssl pkeyutl -verify`, as a stranger would.
  private static func opensslVerifies(
    _ document: [UInt8], _ signature: [UInt8], _ publicKeyPEM: String
  ) throws -> Bool {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("anju-permit-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(document).write(to: folder.appendingPathComponent("document"))
    try Data(signature).write(to: folder.appendingPathComponent("signature"))
    try Data(publicKeyPEM.utf8).write(to: folder.appendingPathComponent("key.pem"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.currentDirectoryURL = folder
    process.arguments = [
      "openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-in", "document",
      "-sigfile", "signature", "-rawin", "-digest", "sm3", "-pkeyopt",
      "distid:1234567812345678",
    ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
