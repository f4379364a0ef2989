/// The sex as GB/T 2261.1 codes it; an identity number always says which.
public enum Sex: Int, Hashable, Sendable, CaseIterable {
  case male = 1
  case female = 2

  /// As a permit's face writes it.
  public var chinese: String {
    switch self {
    case .male: "男"
    case .female: "女"
    }
  }
}
