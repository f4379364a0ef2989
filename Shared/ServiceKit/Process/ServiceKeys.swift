internal import Crypto
internal import DomainModel
internal import Logging
internal import Storage
internal import Synchronization

/// A service's keys and what keeps them right: they must be those of its store, at the start and
/// whenever their files were written anew.
final class ServiceKeys: Sendable {
  /// Looks whether a ring's index finds every person.
  typealias PersonCheck = @Sendable (any BlindIndex) async throws -> Void

  let live: LiveKeys
  private let place: KeyRing.Place
  private let files: FileWatch.Files
  private let random: any RandomSource
  private let pool = BlockingPool()
  private let checks = Mutex<(seals: SealCheck?, persons: PersonCheck?)>((nil, nil))

  init(_ place: KeyRing.Place, storeHasData: Bool, random: any RandomSource) throws {
    self.place = place
    self.random = random
    self.files = FileWatch.Files(of: "data keys", [place.dataKeyPath, place.blindKeyPath])
    self.live = LiveKeys(
      try KeyRing.load(place, storeHasData: storeHasData, random: random))
  }

  /// Throws unless the keys open what the store has; so does every later ring before it counts.
  func check(_ store: any Store, _ tables: [SealedTable]) async throws {
    let check = SealCheck(store, tables, keyFile: self.place.dataKeyPath)
    self.checks.withLock { $0.seals = check }
    try await check.run(self.live.sealer)
  }

  /// The same for persons.
  func checkPersons(_ check: @escaping PersonCheck) async throws {
    self.checks.withLock { $0.persons = check }
    try await check(self.live.blindIndex)
  }

  /// Reads the files again when they change. Keys that do not fit the store do not count.
  func watch(logger: Logger, time: any TimeSource) -> FileWatch {
    FileWatch(files: self.files, logger: logger, time: time) { try await self.readAgain() }
  }

  private func readAgain() async throws -> String {
    let (place, random) = (self.place, self.random)
    let ring = try await self.pool.run { try KeyRing.open(place, random: random) }
    let checks = self.checks.withLock { $0 }
    try await checks.persons?(ring.blindIndex)
    // Last: it notes the key that is to seal from now on.
    try await checks.seals?.run(ring.sealer)
    self.live.replace(with: ring)
    let blind = [ring.blindIndex.keyID] + ring.blindIndex.others.map(\.keyID)
    return "data \(ring.sealer.keyIDs.joined(separator: ", ")); "
      + "blind \(blind.joined(separator: ", "))"
  }
}
