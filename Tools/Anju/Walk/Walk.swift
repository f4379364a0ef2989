import ArgumentParser
import DomainModel
import Foundation
import RPC
import ToolKit
import Wire

/// Walks one application from form to delivered text before the reader's eyes.
struct Walk: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Walk one first permit from form to delivered text, a line a step.",
    discussion: "Makes up a person, so it can be walked again over the same data.")

  /// How long the last steps, which services take among themselves, may take, in seconds.
  static let waitSecondsMax = 30

  @OptionGroup var addresses: Addresses

  func run() async throws {
    let output = WalkOutput(json: self.addresses.json)
    try await self.addresses.withServices { services in
      let walker = Walker(services: services, person: .random(), output: output)
      try output.show(walker.person)
      let application = try await walker.apply()
      try await walker.decide(application)
      let completed = try await walker.waitForCompletion(application)
      try await walker.showPermit(completed)
      try await walker.showTexts(completed)
    }
  }
}

/// Prints a walk: one line a step, who called what, what changed, how long it took.
struct WalkOutput {
  let json: Bool

  struct Step: Encodable {
    let who: String
    let method: String
    let changed: String
    let milliseconds: Double
  }

  /// Runs one step and prints its line.
  func step<Answer>(
    _ who: String, _ method: Method, _ changed: (Answer) -> String,
    _ body: () async throws -> Answer
  ) async throws -> Answer {
    let clock = ContinuousClock()
    let start = clock.now
    let answer = try await body()
    let milliseconds = (clock.now - start) / .milliseconds(1)
    let step = Step(
      who: who, method: "\(method.service.split(separator: ".").last ?? "")/\(method.name)",
      changed: changed(answer), milliseconds: (milliseconds * 10).rounded() / 10)
    let time = String(format: "%6.1f ms", step.milliseconds)
    try Output(json: self.json).show(step, "\(time)  \(who) → \(step.method): \(step.changed)")
    return answer
  }

  func show(_ person: WalkPerson) throws {
    let name = person.name
    let masked = "\(person.citizenID.prefix(1))****************\(person.citizenID.suffix(1))"
    try Output(json: self.json).show(
      ["applicant": name, "citizen_id": masked], "申请人 \(name) (\(masked))")
  }

  func text(_ title: String, _ lines: [String]) throws {
    try Output(json: self.json).show(
      ["title": title, "text": lines.joined(separator: "\n")],
      ([title] + lines.map { "  │ " + $0 }).joined(separator: "\n"))
  }
}
