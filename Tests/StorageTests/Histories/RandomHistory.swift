import DomainModel
import Storage

/// One thing that somebody does with a store, drawn from a seed.
enum HistoryStep: Hashable, Sendable {
  case insert(id: String, name: String?, count: Int, owner: String?)
  case upsert(id: String, count: Int)
  case rename(id: String, name: String)
  case add(id: String, count: Int)
  case remove(id: String)
  /// Everything that another thing owns, in one transaction that is then refused, or not.
  case removeOwned(by: String, isRefused: Bool)
  case page(after: String, limit: Int)
  case sums
  case answerOnce(key: String, fingerprint: UInt8, id: String)
  case append(entity: String, detail: String)
  case person(citizenID: String)
  case owe(lane: String, payload: String)
  case deliver
  case wait(milliseconds: Int64)
}

/// The same numbers from the same seed, on every machine.
struct Draw {
  private let random: SeededRandom

  init(seed: UInt64) {
    self.random = SeededRandom(seed)
  }

  func below(_ bound: Int) -> Int {
    self.random.bytes(4).reduce(0) { ($0 << 8) | Int($1) } % bound
  }

  func one<Element>(of elements: [Element]) -> Element { elements[self.below(elements.count)] }

  /// Whether it happens that happens once in `times`.
  func once(in times: Int) -> Bool { self.below(times) == 0 }
}

/// Histories: a few entities that meet often, texts that sort differently by bytes and by language.
enum RandomHistory {
  static let ids = ["a", "B", "b", "A", "ä", "z", "Z", "é", "王", "王伟", "𬎆", "a b", "", "_"]

  static func steps(seed: UInt64, count: Int) -> [HistoryStep] {
    let draw = Draw(seed: seed)
    return (0..<count).map { _ in self.step(draw) }
  }

  private static func step(_ draw: Draw) -> HistoryStep {
    let id = draw.one(of: self.ids)
    switch draw.below(16) {
    case 0, 1, 2:
      return .insert(
        id: id, name: draw.once(in: 4) ? nil : draw.one(of: self.ids),
        // Now and then below what the table takes.
        count: draw.below(6) - 1, owner: draw.once(in: 2) ? draw.one(of: self.ids) : nil)
    case 3: return .upsert(id: id, count: draw.below(5))
    case 4: return .rename(id: id, name: draw.one(of: self.ids))
    case 5: return .add(id: id, count: draw.below(7) - 3)
    case 6: return .remove(id: id)
    case 7: return .removeOwned(by: id, isRefused: draw.once(in: 2))
    case 8: return .page(after: id, limit: 1 + draw.below(5))
    case 9: return .sums
    case 10:
      return .answerOnce(
        key: "key-of-sixteen-\(draw.below(8))", fingerprint: UInt8(draw.below(2)), id: id)
    case 11: return .append(entity: id, detail: draw.one(of: self.ids))
    case 12: return .person(citizenID: "33010219900307\(1_000 + draw.below(6))")
    case 13: return .owe(lane: draw.one(of: self.ids), payload: "\(draw.below(1_000))")
    case 14: return .deliver
    default: return .wait(milliseconds: Int64(draw.below(200)))
    }
  }
}
