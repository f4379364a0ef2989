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
  /// How often it is looked for them, and how long is waited between.
  private static let triesMax = 30
  private static let pause = Duration.milliseconds(100)
  private static let promise = "The registry's log was only appended to, and holds each permit"

  /// Whether a permit stands in the tree of a head.
  enum Inclusion: Hashable, Sendable {
    case proved
    /// Its entry waits for its leaf, or the leaf for a head: a later head may prove it.
    case onItsWay
    case absent
  }

  let services: Services
  /// Nil while the log is empty.
  private let before: TreeHead?

  /// Keeps the head as it is.
  init(services: Services) async throws {
    self.services = services
    let head = try await Self.head(of: services)
    self.before = head.flatMap { $0.size > 0 ? $0 : nil }
  }

  /// Those permits whose proofs are checked: as many of each load as of the others, and of those
  /// made beforehand as many as there is room for. Of more loads than that it is the last ones'.
  static func chosen(stock: [String], issued: [[String]]) -> [String] {
    let loads = issued.filter { !$0.isEmpty }
    let each = max(1, Self.permitsMax / max(1, loads.count))
    return Array((stock + loads.flatMap { $0.prefix(each) }).suffix(Self.permitsMax))
  }

  /// What is true now of the log and of these permits.
  func check(permits: [String]) async throws -> InvariantCheck {
    let (head, missing) = try await Self.look(for: permits, pause: Self.pause) {
      try await Self.head(of: self.services)
    } inclusion: { identifier, head in
      try await self.inclusion(of: identifier, in: head)
    }
    guard let after = head else {
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
    if let missing {
      return self.found("permit \(missing) is not proved to be in it", isHeld: false)
    }
    let first = self.before.map { "\($0.size)" } ?? "no"
    return self.found(
      "\(first) leaves before, \(after.size) after; \(permits.count) permits proved", isHeld: true)
  }

  /// The newest head, and the first of these permits that is not proved to be in its tree. Where
  /// one is still on its way, all are looked for again in the head that is the newest by then: so
  /// one head proves them all.
  static func look<Head>(
    for permits: [String], pause: Duration, head newest: () async throws -> Head?,
    inclusion: (String, Head) async throws -> Inclusion
  ) async throws -> (head: Head?, missing: String?) {
    var triesLeft = Self.triesMax
    while true {
      triesLeft -= 1
      let head = try await newest()
      let doubted = try await Self.firstDoubted(of: permits, in: head, inclusion)
      guard doubted?.inclusion == .onItsWay, triesLeft > 0 else { return (head, doubted?.permit) }
      try await Task.sleep(for: pause)
    }
  }

  private static func firstDoubted<Head>(
    of permits: [String], in head: Head?, _ inclusion: (String, Head) async throws -> Inclusion
  ) async throws -> (permit: String, inclusion: Inclusion)? {
    for permit in permits {
      // Until there is a head, every leaf waits for it.
      guard let head else { return (permit, .onItsWay) }
      let found = try await inclusion(permit, head)
      if found != .proved { return (permit, found) }
    }
    return nil
  }

  /// What it says of a permit that its proof was refused with this; nil where it says nothing.
  static func inclusion(refusedBy error: ServiceError) -> Inclusion? {
    switch ErrorReason(rawValue: error.reason) {
    case .logEntrySequencing, .leafBeyondTree: .onItsWay
    case .logEntryNotFound: .absent
    default: nil
    }
  }

  private func inclusion(of identifier: String, in head: TreeHead) async throws -> Inclusion {
    do {
      let answer = try await self.services.registry.getInclusionProof(
        RegistryV1.GetInclusionProofRequest(
          leaf: .certificateIdentifier(identifier), treeSize: Int64(head.size)),
        options: self.services.options(as: .auditor))
      guard let proof = try? InclusionProof(canonicalBytes: answer.proof),
        proof.record.certificateIdentifier?.text == identifier
      else { return .absent }
      return (try? proof.verify(against: head)) == nil ? .absent : .proved
    } catch let error as ServiceError {
      guard let refused = Self.inclusion(refusedBy: error) else { throw error }
      return refused
    }
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
