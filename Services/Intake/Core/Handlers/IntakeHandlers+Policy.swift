import DomainModel
import Wire

/// Which version of the region's policy counts, and what of it is open.
extension IntakeHandlers {
  /// The version in force on a day; throws `POLICY_NOT_IN_FORCE` where there is none.
  func policy(on day: CivilDate) throws -> PolicySettings {
    try self.policy(named: "", on: day)
  }

  /// A version that a caller names for a day; the one in force where he names none. Throws
  /// `POLICY_UNKNOWN` and `POLICY_NOT_IN_FORCE`.
  func policy(named version: String, on day: CivilDate) throws -> PolicySettings {
    do {
      return try self.policies.version(version, inForceOn: day)
    } catch {
      throw error.serviceError
    }
  }
}

extension PolicyEditions.Refusal {
  /// The refusal as a caller reads it.
  var serviceError: ServiceError {
    switch self {
    case .unknown(let version):
      ServiceError(.policyUnknown, metadata: ["policy_version": version])
    case .notInForce(let version, let day, let inForce):
      ServiceError(
        .policyNotInForce,
        metadata: ["policy_version": version, "on": day.iso, "in_force": inForce ?? ""])
    case .noneInForce(let day):
      ServiceError(.policyNotInForce, metadata: ["on": day.iso, "in_force": ""])
    }
  }
}

extension PolicySettings {
  /// What it says of a kind; throws `KIND_NOT_OFFERED`.
  func offered(_ kind: ApplicationKind) throws -> KindPolicy {
    guard let offered = self.kinds.kinds[kind] else {
      throw ServiceError(.kindNotOffered, metadata: ["kind": kind.rawValue])
    }
    return offered
  }

  /// What it says of a kind that can be applied for in a channel; throws `KIND_NOT_OFFERED`.
  func offered(_ kind: ApplicationKind, by channel: ApplicationChannel) throws -> KindPolicy {
    let offered = try self.offered(kind)
    guard offered.channels.contains(channel) else {
      throw ServiceError(
        .kindNotOffered, metadata: ["kind": kind.rawValue, "channel": channel.name])
    }
    return offered
  }
}
