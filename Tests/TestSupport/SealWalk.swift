public import Crypto
internal import Logging
public import Storage

/// Takes a service's data key away, to see what is still sealed by it.
public enum SealWalk {
  /// The columns in which the key's name is left after everything that `tables` name was sealed
  /// again by another key, and the key was found spent. For SQLite, which lists its tables.
  public static func placesLeft(
    of key: SecretKey, in store: any Store, _ tables: [SealedTable]
  ) async throws -> Set<String> {
    let random = SeededRandom(seed: 11)
    guard let next = SecretKey(id: "next-data", bytes: random.bytes(SecretKey.byteCount)) else {
      preconditionFailure("the random source gave too few bytes")
    }
    let check = SealCheck(store, tables, keyFile: "data.key")
    try await check.run(AESGCMSealer(current: key, random: random))
    let both = AESGCMSealer(current: next, earlier: [key], random: random)
    try await check.run(both)
    let job = Resealing(
      store, tables, sealer: both, time: WallClock(), logger: TestServer.silent)
    let first = try await job.runOnce()
    let last = try await job.runOnce()
    guard first.found == first.sealed, last.spent == [key.id] else { return ["\(first), \(last)"] }
    return try await StoredValues(of: store).places(of: key.id)
  }
}
