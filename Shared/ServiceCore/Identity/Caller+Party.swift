internal import DomainModel
public import RPC

extension Caller {
  /// Whether the caller is one of those whom these citizen numbers name, by the number that his
  /// login proved. Where that brought none nothing can be said, and the answer is no.
  public func isAmong(_ numbers: [String?]) -> Bool {
    guard let own = self.citizenID.flatMap(Self.normal) else { return false }
    return numbers.contains { $0.flatMap(Self.normal) == own }
  }

  private static func normal(_ number: String) -> String? {
    let read = CitizenID.check(number, on: .latest, from: CitizenID.anyOrigin)
    return try? read.get().text
  }
}
