import LoadReport
import DomainModel
import PermitProof
import RPC
import ToolKit
import Wire

/// Keeps a head of the registry's log from before a run, and has it proved afterwards that the log
/// was only appended to, and that permits stand in it.
struct LogWitness: Sendable {
  /// How many permits' proofs are checked.
  private static let permitsMax = 100
  /// How often a proof is asked for, and how long is waited between.
  private static let triesMax = 30
  private static let pause = Duration.milliseconds(100)
  private static let promise = "The registry's log was only appended to, and holds each permit"

  let services: Services
  /// Nil while the log is empty.
  private let before: TreeHead?

  /// Keeps the head as it is.
  init(services: Services) async throws {
    self.services = services
    let head = try await Self.head(of: services)
    self.before = head.flatMap { $0.size > 0 ? $0 : nil }
  }

  /// What is true now of the log and of these permits.
  func check(permits: [String]) async throws -> InvariantCheck {
    guard let after = try await Self.head(of: self.services) else {
      return self.found("the log has no head", isHeld: self.before == nil && permits.isEmpty)
    }
    if let before {
      let answer = try await self.services.registry.getConsistencyProof(
        RegistryV1.GetConsistencyProofRequest(
          firstTreeSize: Int64(before.size), secondTreeSize: Int64(after.size)),
        options: self.services.options(as: .auditor))
      let proof = ConsistencyProof(
        earlier: before.size, later: after.size, hashes: answer.path.compactMap { TreeHash($0) })
      do {
        try proof.verify(earlierRoot: before.root, laterRoot: after.root)
      } catch {
        return self.found(
          "\(after.size) leaves do not begin with the \(before.size) of before: \(error)",
          isHeld: false)
      }
    }
    // The last ones are those of the run itself.
    let chosen = permits.suffix(Self.permitsMax)
    for identifier in chosen where try await !self.isIncluded(identifier, in: after) {
      return self.found("permit \(identifier) is not proved to be in it", isHeld: false)
    }
    let first = self.before.map { "\($0.size)" } ?? "no"
    return self.found(
      "\(first) leaves before, \(after.size) after; \(chosen.count) permits proved", isHeld: true)
  }

  private func isIncluded(_ identifier: String, in head: TreeHead) async throws -> Bool {
    guard let answer = try await self.proof(of: identifier, in: head),
      let proof = try? InclusionProof(canonicalBytes: answer.proof),
      proof.record.certificateIdentifier?.text == identifier
    else { return false }
    return (try? proof.verify(against: head)) != nil
  }

  /// The registry's proof. An entry waits a moment for its leaf: it is asked for again.
  private func proof(
    of identifier: String, in head: TreeHead
  ) async throws -> RegistryV1.GetInclusionProofResponse? {
    for _ in 0..<Self.triesMax {
      do {
        return try await self.services.registry.getInclusionProof(
          RegistryV1.GetInclusionProofRequest(
            leaf: .certificateIdentifier(identifier), treeSize: Int64(head.size)),
          options: self.services.options(as: .auditor))
      } catch let error as ServiceError where error.code != .unavailable {
        try await Task.sleep(for: Self.pause)
      }
    }
    return nil
  }

  private func found(_ text: String, isHeld: Bool) -> InvariantCheck {
    InvariantCheck(promise: Self.promise, isHeld: isHeld, found: text)
  }

  private static func head(of services: Services) async throws -> TreeHead? {
    do {
      let answer = try await services.registry.getTreeHead(
        RegistryV1.GetTreeHeadRequest(), options: services.options(as: .auditor))
      return try answer.head.map { try TreeHead(canonicalBytes: $0.head) }
    } catch let error as ServiceError where error.code == .notFound {
      return nil
    }
  }
}
