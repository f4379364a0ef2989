import DomainModel

/// How a caller names an application.
enum ApplicationKey: Hashable, Sendable {
  case id(ID<Application>)
  /// 申请编号
  case number(String)
}
