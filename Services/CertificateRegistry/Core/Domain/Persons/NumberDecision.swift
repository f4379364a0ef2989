import DomainModel

/// Whose the two numbers of a change are, and so what is to be kept. Generic over the persons' ids,
/// which storage knows.
enum NumberDecision<Person: Hashable & Sendable>: Hashable, Sendable {
  /// Nobody is known by either.
  case unknown
  /// The person is known by one of them and from now on by this other one too.
  case add(CitizenID, to: Person)
  /// He is known by both.
  case stands(Person)

  /// Decides. Nil where two persons are known who turn out to be one: no machine makes one of two
  /// lives, and nothing of either is touched.
  init?(
    _ former: (number: CitizenID, person: Person?), _ next: (number: CitizenID, person: Person?)
  ) {
    switch (former.person, next.person) {
    case (nil, nil): self = .unknown
    case (let person?, nil): self = .add(next.number, to: person)
    case (nil, let person?): self = .add(former.number, to: person)
    case (let one?, let other?):
      guard one == other else { return nil }
      self = .stands(one)
    }
  }
}
