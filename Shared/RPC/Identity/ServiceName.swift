/// The four services, by the one word that names each in settings, logs, metrics and on the wire,
/// where it is the caller's id.
public enum ServiceName: String, Hashable, Sendable, CaseIterable {
  case intake
  case approval
  case notification
  case registry
}

extension Caller {
  /// One of Anju's own services.
  public init(service: ServiceName) {
    self.init(kind: .service, id: service.rawValue)
  }

  /// Which of Anju's own services it is; nil for any other caller.
  public var service: ServiceName? {
    self.kind == .service ? ServiceName(rawValue: self.id) : nil
  }
}
