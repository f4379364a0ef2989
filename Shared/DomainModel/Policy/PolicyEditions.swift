/// The versions of one region's policy. What comes in today is judged by the one in force today; a
/// case keeps the one it began under.
public struct PolicyEditions: Sendable {
  /// Why a version cannot be used.
  public enum Refusal: Error, Hashable, Sendable {
    /// No file has this version.
    case unknown(version: String)
    /// It is another version's turn on that day; `inForce` names it, where there is one.
    case notInForce(version: String, on: CivilDate, inForce: String?)
    /// No version is in force on that day.
    case noneInForce(on: CivilDate)
  }

  /// All of them, the earliest first.
  public let all: [PolicySettings]
  /// The last of them, in force or to come.
  public let latest: PolicySettings
  private let byVersion: [String: PolicySettings]

  /// The versions of a region, each with the file it was read from. Throws `PolicyFileError` where
  /// there is none, where two are of one version, of different regions or of different residence
  /// units, where two are in force on one day, or where a day between them has none.
  public init(_ files: [(file: String, policy: PolicySettings)]) throws(PolicyFileError) {
    guard let first = files.first else {
      throw PolicyFileError(file: "policy", line: 0, reason: "the region has no policy")
    }
    var names: [String: String] = [:]
    for (file, policy) in files {
      if policy.region != first.policy.region {
        throw Self.error(file, "is of region \(policy.region), \(first.file) of another")
      }
      // Registrations and permits of all times are told apart by one table of units.
      if policy.residenceUnit != first.policy.residenceUnit {
        throw Self.error(file, "has another residence_unit than \(first.file)")
      }
      if let other = names.updateValue(file, forKey: policy.version) {
        throw Self.error(file, "is version \(policy.version), as \(other) is")
      }
    }
    let ordered = files.sorted { $0.policy.begins < $1.policy.begins }
    for (earlier, later) in zip(ordered, ordered.dropFirst()) {
      let lastDay = earlier.policy.inForce.last ?? .latest
      if lastDay >= later.policy.begins {
        throw Self.error(later.file, "is in force on a day on which \(earlier.file) is")
      }
      if lastDay.adding(days: 1) < later.policy.begins {
        throw Self.error(later.file, "leaves days without a policy after \(earlier.file)")
      }
    }
    self.all = ordered.map(\.policy)
    self.latest = ordered.last?.policy ?? first.policy
    self.byVersion = Dictionary(
      files.map { ($0.policy.version, $0.policy) }, uniquingKeysWith: { first, _ in first })
  }

  /// One version alone.
  public init(only policy: PolicySettings) {
    self.all = [policy]
    self.latest = policy
    self.byVersion = [policy.version: policy]
  }

  private static func error(_ file: String, _ reason: String) -> PolicyFileError {
    PolicyFileError(file: file, line: 0, reason: reason)
  }

  /// The versions there are.
  public var versions: Set<String> { Set(self.byVersion.keys) }

  /// A version, in force or not.
  public func version(_ version: String) throws(Refusal) -> PolicySettings {
    guard let policy = self.byVersion[version] else { throw .unknown(version: version) }
    return policy
  }

  /// The version in force on a day.
  public func inForce(on date: CivilDate) throws(Refusal) -> PolicySettings {
    guard let policy = self.all.first(where: { $0.inForce.contains(date) }) else {
      throw .noneInForce(on: date)
    }
    return policy
  }

  /// A version that somebody names for what comes in on a day; none names whichever is in force.
  public func version(
    _ version: String, inForceOn date: CivilDate
  ) throws(Refusal) -> PolicySettings {
    if version.isEmpty { return try self.inForce(on: date) }
    let policy = try self.version(version)
    guard policy.inForce.contains(date) else {
      throw .notInForce(
        version: version, on: date,
        inForce: self.all.first { $0.inForce.contains(date) }?.version)
    }
    return policy
  }
}

extension PolicySettings {
  /// The first day on which it is in force.
  fileprivate var begins: CivilDate { self.inForce.first ?? .earliest }
}
