import ArgumentParser
import DomainModel
import Foundation
import ToolKit

/// What has to do with a region's policy.
struct Policy: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at a region's policy file.", subcommands: [PolicyCheck.self])
}

/// Reads a region's policy as a service would when it starts.
struct PolicyCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Read a region's policy file as a service would when it starts.",
    discussion: """
      Nothing is asked of any service. Prints what the file offers; or, where a service would not \
      start on it, the file, the line and why, and exits 1. With other versions of the region given \
      beside it, also that on every day exactly one is in force.

      anju policy check Services/Policy/zhejiang.tsv
      anju policy check zhejiang.tsv zhejiang-1.tsv
      """)

  /// The most bytes of a policy file, as a service takes them.
  static let fileBytesMax = 16 << 20

  @Argument(help: "The policy, and other versions of the same region.")
  var files: [String]

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let output = Output(json: self.json)
    do {
      let policies = try self.files.map { (file: $0, policy: try Self.read($0)) }
      _ = try PolicyEditions(policies)
      for (file, policy) in policies {
        let view = PolicyView(policy, in: file)
        try output.show(view, view.sentence)
      }
    } catch let error as PolicyFileError {
      let view = PolicyProblem(error)
      try output.show(view, "\(error)")
      throw ExitCode.failure
    }
  }

  private static func read(_ path: String) throws -> PolicySettings {
    let bytes = try InputFile.bytes(path, max: Self.fileBytesMax) ?? []
    guard bytes.count <= Self.fileBytesMax else {
      throw ValidationError("\(path) has more than \(Self.fileBytesMax) bytes.")
    }
    guard let text = String(bytes: bytes, encoding: .utf8) else {
      throw PolicyFileError(file: path, line: 0, reason: "is not UTF-8")
    }
    return try PolicySettings(text: text, file: path)
  }
}

/// Why a service would not start on a file.
struct PolicyProblem: Encodable {
  let file: String
  let line: Int
  let reason: String

  init(_ error: PolicyFileError) {
    self.file = error.file
    self.line = error.line
    self.reason = error.reason
  }
}

/// A policy as the command line shows it.
struct PolicyView: Encodable {
  struct Kind: Encodable {
    let kind: String
    let channels: [String]
    let fields: [String]
    let materials: [String]
    let rules: [String]
    let stages: [String]
    let promiseWorkingDays: Int?
  }

  let file: String
  let version: String
  let region: String
  let inForceFrom: String
  let inForceTo: String
  let settings: Int
  let conflicts: Int
  let kinds: [Kind]

  init(_ policy: PolicySettings, in file: String) {
    self.file = file
    self.version = policy.version
    self.region = policy.region
    self.inForceFrom = policy.inForce.first?.iso ?? ""
    self.inForceTo = policy.inForce.last?.iso ?? ""
    self.settings = policy.grounds.count
    self.conflicts = policy.kinds.conflicts.count
    self.kinds = ApplicationKind.allCases.compactMap { policy.kinds.kinds[$0] }.map { kind in
      let isSigned = !kind.signedStages.isEmpty
      return Kind(
        kind: kind.kind.rawValue,
        channels: ApplicationChannel.allCases.filter(kind.channels.contains).map(\.name),
        fields: FormField.allCases.compactMap { field in
          kind.need(of: field).map { "\(field.rawValue) \($0.rawValue)" }
        },
        materials: kind.materials.map { "\($0.material.name) \($0.need.rawValue)" },
        rules: kind.rules.map(\.rule.rawValue),
        stages: kind.stages.map { stage in
          stage.step.rawValue + (stage.workingDays.map { " \($0)" } ?? "")
        },
        promiseWorkingDays: isSigned ? policy.days(.promise, of: kind.kind) : nil)
    }
  }

  var sentence: String {
    let last = self.inForceTo.isEmpty ? "" : " to \(self.inForceTo)"
    var lines = [
      "\(self.file): \(self.version) of region \(self.region), in force from "
        + "\(self.inForceFrom)\(last)",
      "  \(self.settings) settings, \(self.kinds.count) kinds, \(self.conflicts) conflicts",
    ]
    lines += self.kinds.map { kind in
      let way = kind.stages.isEmpty ? "at once" : kind.stages.joined(separator: ", ")
      let promise = kind.promiseWorkingDays.map { "; \($0) working days" } ?? ""
      return "  \(kind.kind) (\(kind.channels.joined(separator: ", "))): \(way)\(promise)"
    }
    return lines.joined(separator: "\n")
  }
}
