public import DomainModel
public import RPC
public import Storage

/// Who makes a change, as its history names him.
public struct Actor: Hashable, Sendable {
  /// A caller's principal, such as `officer:id` or `service:name`, or `system`.
  public var principal: String
  /// In which role; empty where there is none.
  public var role: String
  /// At which office, 12 digits; empty where there is none.
  public var office: String

  /// Somebody who is named in data, such as an officer on whose word a service calls.
  public init(principal: String, role: String = "", office: String = "") {
    self.principal = principal
    self.role = role
    self.office = office
  }

  /// Whoever is calling; where somebody acts for the caller, as what he does.
  public init(_ caller: Caller) {
    self.init(
      principal: caller.principal, role: caller.role ?? caller.login?.act?.capacity.rawValue ?? "",
      office: caller.office ?? "")
  }

  /// The service's own upkeep.
  public static let system = Actor(principal: "system")
}

extension HistoryEntry {
  /// What somebody did to an entity: the action's machine name, and codes or numbers beside it.
  public init(
    _ action: String, of entity: String, by actor: Actor, at instant: Timestamp,
    detail: String = ""
  ) {
    self.init(
      entity: entity, at: instant, actor: actor.principal, role: actor.role, office: actor.office,
      action: action, detail: detail)
  }
}
