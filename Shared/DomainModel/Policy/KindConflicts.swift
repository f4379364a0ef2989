/// Which kinds of application a person cannot have in progress at once. It has no direction: if one
/// stands against the other, the other stands against the one.
public struct KindConflicts: Hashable, Sendable {
  /// Two kinds, or one kind with itself.
  struct Pair: Hashable, Sendable {
    private let kinds: Set<ApplicationKind>

    init(_ one: ApplicationKind, _ other: ApplicationKind) {
      self.kinds = [one, other]
    }
  }

  private var grounds: [Pair: String] = [:]

  init() {}

  /// Adds a pair; false where it stands already.
  mutating func add(_ pair: Pair, ground: String) -> Bool {
    self.grounds.updateValue(ground, forKey: pair) == nil
  }

  /// Why the one cannot be applied for while the other is in progress: the article or page; nil
  /// where it can.
  public func ground(
    against asked: ApplicationKind, whileOpen other: ApplicationKind
  ) -> String? {
    self.grounds[Pair(asked, other)]
  }

  /// What stands against a kind: while any of it is in progress the kind cannot be applied for.
  public func kinds(against asked: ApplicationKind) -> Set<ApplicationKind> {
    Set(ApplicationKind.allCases.filter { self.grounds[Pair(asked, $0)] != nil })
  }

  /// How many pairs there are.
  public var count: Int { self.grounds.count }
}
