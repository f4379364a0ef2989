import DomainModel
import Foundation
import TestSupport
import Testing

@testable import ApprovalCore

/// Policies with something changed at random: each is either refused when the service starts, or
/// cases of every kind that it has can be led through it and no invariant breaks.
struct MutatedPoliciesTests {
  private static let isLong = ProcessInfo.processInfo.environment["ANJU_LONG"] == "1"
  private static var seeds: ClosedRange<UInt64> { 1...(Self.isLong ? 1_000 : 100) }
  private static let stepsMax = 40

  @Test func `a changed policy is refused, or no walk under it breaks an invariant`() throws {
    let rules = try ["zhejiang", "shanghai"].map {
      try RegionRules(of: $0, reading: PolicyTexts.text)
    }
    let texts = try ["zhejiang.tsv", "shanghai.tsv"].map(PolicyTexts.text)
    var (refused, walked, reasons) = (0, 0, Set<String>())
    for seed in Self.seeds {
      var random = SeededRandom(seed: seed)
      let region = Int(seed % 2)
      let text = PolicyMutation.mutated(texts[region], &random)
      let policies: CasePolicies
      do throws(PolicyFileError) {
        let policy = try PolicySettings(text: text, file: "mutated.tsv")
        policies = try CasePolicies(
          editions: PolicyEditions(only: policy), calendar: rules[region].calendar,
          offices: CaseOffices(rules[region].offices))
      } catch {
        refused += 1
        reasons.insert(error.reason.filter { !$0.isNumber })
        continue
      }
      walked += try Self.walk(policies, isShanghai: region == 1, seed, &random)
    }
    // It would prove nothing if all were refused, or all for one reason, or none.
    #expect(refused > Self.seeds.count / 10 && walked > Self.seeds.count)
    #expect(reasons.count >= 5)
  }

  /// Leads a case of each kind on which somebody decides; returns how many there were.
  private static func walk(
    _ policies: CasePolicies, isShanghai: Bool, _ seed: UInt64, _ random: inout SeededRandom
  ) throws -> Int {
    var count = 0
    for policy in policies.editions.all {
      for (kind, way) in policy.kinds.kinds where !way.stages.isEmpty {
        var origin: ApprovalCase.Origin = isShanghai ? .shanghai(kind) : .zhejiang(kind)
        origin.policyVersion = policy.version
        let machine = try policies.machine(of: origin)
        var walk = Walk(
          file: machine.open(origin, as: ID("case-1")), now: nineOClock("2026-03-10"),
          isAnswered: seed % 3 != 0)
        for _ in 0..<Self.stepsMax where !walk.file.state.isClosed {
          walk.step(machine, &random)
          try CaseWalkTests.check(walk, machine, seed)
        }
        for _ in 0..<Self.stepsMax where !walk.file.state.isClosed {
          walk.finishOneStep(machine)
          try CaseWalkTests.check(walk, machine, seed)
        }
        #expect(walk.file.state.isClosed, "seed \(seed): \(kind.rawValue) never ends")
        count += 1
      }
    }
    return count
  }
}

/// Changes of a policy's text, most of them where the way and the terms of cases stand.
private enum PolicyMutation {
  /// The text with one to three changes.
  static func mutated(_ text: String, _ random: inout SeededRandom) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for _ in 0..<Int.random(in: 1...2, using: &random) { Self.change(&lines, &random) }
    return lines.joined(separator: "\n")
  }

  private static let words = [
    "accept", "review", "approve", "confirm", "forward", "make", "notify", "station", "window",
    "bureau", "population_centre", "station,window", "bureau,population_centre", "-", "true",
    "false", "promise", "statute", "guard", "warning", "first_permit", "endorsement", "*",
  ]

  private static func change(_ lines: inout [String], _ random: inout SeededRandom) {
    let isWay = Int.random(in: 0..<4, using: &random) > 0
    let places = lines.indices.filter { index in
      let line = lines[index]
      let isOfWay =
        line.hasPrefix("stage\t") || line.hasPrefix("clock\t") || line.contains("_days\t")
        || line.hasPrefix("pause_") || line.hasPrefix("extension_")
      return !line.isEmpty && !line.hasPrefix("#") && (!isWay || isOfWay)
    }
    guard let place = places.randomElement(using: &random) else { return }
    switch Int.random(in: 0..<10, using: &random) {
    case 0: lines.remove(at: place)
    case 1: lines.insert(lines[place], at: place)
    case 2:
      let other = places.randomElement(using: &random) ?? place
      lines.swapAt(place, other)
    default: lines[place] = Self.changed(lines[place], &random)
    }
  }

  /// A line with one of its fields changed, the last one (its ground) seldom.
  private static func changed(_ line: String, _ random: inout SeededRandom) -> String {
    var fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard fields.count > 2 else { return line }
    let isStage = fields[0] == "stage"
    let numbers = fields.indices.dropLast().filter { place in
      Int(fields[place]) != nil || isStage && place == fields.count - 2
    }
    let place = Int.random(in: 1..<(fields.count - 1), using: &random)
    if let number = numbers.first, Int.random(in: 0..<5, using: &random) > 0 {
      fields[number] = String(Int.random(in: 0...35, using: &random))
    } else {
      fields[place] = Self.words.randomElement(using: &random) ?? "-"
    }
    return fields.joined(separator: "\t")
  }
}
