import Foundation
import Testing

@testable import Crypto

@Suite struct SM2Tests {
  @Test func `verifies what it signed and nothing else`() throws {
    let key = try SM2PrivateKey.generate()
    let publicKey = try key.publicKey()
    let message = Array("电子居住证".utf8)
    let signature = try key.sign(message)
    #expect((70...72).contains(signature.count) || (68...69).contains(signature.count))
    #expect(try publicKey.verify(signature, of: message))
    #expect(try key.sign(message) != signature)
    #expect(try !publicKey.verify(signature, of: message + [0]))
    #expect(try !publicKey.verify(signature, of: []))
    #expect(try !publicKey.verify([], of: message))
    #expect(try !publicKey.verify(Array("garbage".utf8), of: message))
    let other = try SM2PrivateKey.generate().publicKey()
    #expect(try !other.verify(signature, of: message))
    for index in signature.indices {
      var changed = signature
      changed[index] ^= 1
      #expect(try !publicKey.verify(changed, of: message), "byte \(index)")
    }
  }

  @Test func `a key survives PEM`() throws {
    let key = try SM2PrivateKey.generate()
    let pem = try key.pem()
    #expect(String(decoding: pem, as: UTF8.self).hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
    let again = try SM2PrivateKey(pem: pem)
    let signature = try again.sign([1, 2, 3])
    #expect(try key.publicKey().verify(signature, of: [1, 2, 3]))
    #expect(try again.publicKey().pem() == key.publicKey().pem())
    #expect(try again.pem() == pem)
    #expect("\(key)" == "SM2 private key")
  }

  @Test func `refuses PEM that holds no SM2 key`() throws {
    let texts = [
      "", "nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
      try SM2PrivateKey.generate().publicKey().pem(),
      try openssl(["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
      try openssl(["genpkey", "-algorithm", "SM2", "-aes256", "-pass", "pass:secret"]),
    ]
    for text in texts {
      #expect(throws: CryptoError.self) { try SM2PrivateKey(pem: Array(text.utf8)) }
    }
    #expect(throws: CryptoError.self) { try SM2PublicKey(pem: "nonsense") }
  }

  @Test func `openssl accepts our signature and we accept its`() throws {
    try withDirectory { directory in
      let key = try SM2PrivateKey.generate()
      let message = Array("《浙江省居住证》 王𬎆".utf8)
      let files = ["document", "ours", "theirs", "public.pem", "private.pem"]
        .map { directory.appending(path: $0) }
      try Data(message).write(to: files[0])
      try Data(key.sign(message)).write(to: files[1])
      try Data(key.publicKey().pem().utf8).write(to: files[3])
      try Data(key.pem()).write(to: files[4])
      let shared = ["-rawin", "-digest", "sm3", "-pkeyopt", "distid:\(SM2.distinguishingID)"]
      let verified = try openssl(
        ["pkeyutl", "-verify", "-pubin", "-inkey", files[3].path, "-in", files[0].path]
          + ["-sigfile", files[1].path] + shared)
      #expect(verified.contains("Signature Verified Successfully"))
      _ = try openssl(
        ["pkeyutl", "-sign", "-inkey", files[4].path, "-in", files[0].path]
          + ["-out", files[2].path] + shared)
      let theirs = try Array(Data(contentsOf: files[2]))
      #expect(try key.publicKey().verify(theirs, of: message))
      #expect(try !key.publicKey().verify(theirs, of: message.dropLast()))
    }
  }

  @Test func `one key signs for many tasks at once`() async throws {
    let key = try SM2PrivateKey.generate()
    let publicKey = try key.publicKey()
    let good = try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<64 {
        group.addTask {
          let message = [UInt8(number)]
          return try publicKey.verify(key.sign(message), of: message)
        }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(good == 64)
  }
}

/// What the openssl program prints; fails the test if it fails.
func openssl(_ arguments: [String]) throws -> String {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["openssl"] + arguments
  let output = Pipe()
  process.standardOutput = output
  process.standardError = output
  process.standardInput = FileHandle.nullDevice
  try process.run()
  let data = output.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  let text = String(decoding: data, as: UTF8.self)
  #expect(process.terminationStatus == 0, "openssl \(arguments.joined(separator: " ")): \(text)")
  return text
}

/// Runs `body` with a directory of its own, mode 0700, that is gone afterwards.
func withDirectory(_ body: (URL) throws -> Void) throws {
  let directory = try makeDirectory()
  defer { try? FileManager.default.removeItem(at: directory) }
  try body(directory)
}

func withDirectory(_ body: (URL) async throws -> Void) async throws {
  let directory = try makeDirectory()
  defer { try? FileManager.default.removeItem(at: directory) }
  try await body(directory)
}

private func makeDirectory() throws -> URL {
  let directory = FileManager.default.temporaryDirectory
    .appending(path: "anju-crypto-\(UUID().uuidString)")
  try FileManager.default.createDirectory(
    at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  return directory
}
