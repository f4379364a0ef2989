internal import Crypto
internal import Documents
internal import DomainModel
internal import RPC
public import ServiceCore

/// Where the registry's papers are made: few at once, because each holds 30 to 40 MB while it is
/// made, and on threads that nothing else waits for, because each takes up to 90 ms.
public struct PaperPress: Sendable {
  /// How many papers are made at once.
  public static let threads = 2
  /// How many wait or are made in one process; one more is refused with `OVERLOADED`.
  public static let papersMax = 64
  /// How many of them one holder, and how many any other caller may have.
  static let limits = CallLimits(total: Self.papersMax, ofApplicant: 2, ofOthers: 32)

  private let printer: PaperPrinter
  private let pool: any WorkPool
  private let slots = CallSlots(Self.limits)

  /// A press on a pool of `threads`. Throws where fonts are missing, with the packages that have
  /// them: a process that cannot print does not start.
  public init(on pool: any WorkPool) throws {
    self.printer = PaperPrinter(DocumentRenderer(try DocumentFonts.load()))
    self.pool = pool
  }

  /// The paper that `make` gives, made on the pool.
  ///
  /// Throws `OVERLOADED` where too much waits, `PAPER_CHARACTERS_MISSING` with the code points,
  /// `REQUEST_INVALID` of a photo that cannot be drawn, and what `make` throws.
  func make(
    for caller: Caller, _ make: @escaping @Sendable (PaperPrinter) throws -> [UInt8]
  ) async throws -> PrintedPaper {
    try self.slots.take(for: caller)
    defer { self.slots.giveBack(by: caller) }
    let printer = self.printer
    return try await self.pool.run {
      do {
        let bytes = try make(printer)
        return PrintedPaper(bytes: bytes, sha256: try DigestAlgorithm.sha256.digest(bytes))
      } catch let error as DocumentError {
        throw ServiceError.telling(error)
      }
    }
  }
}

/// A paper as it is handed out.
struct PrintedPaper: Hashable, Sendable {
  let bytes: [UInt8]
  let sha256: [UInt8]
}

extension ServiceError {
  /// What a caller can do about a paper that was not made; what it can do nothing about stays as it
  /// is, and is `INTERNAL` to it.
  fileprivate static func telling(_ error: DocumentError) -> any Error {
    switch error {
    case .charactersMissing(let scalars):
      let names = scalars.map { "U+" + String($0.value, radix: 16, uppercase: true) }
      return ServiceError(
        .paperCharactersMissing, metadata: ["characters": names.joined(separator: " ")])
    case .pictureBroken: return PaperPhoto.refusal(.materialUnreadable)
    default: return error
    }
  }
}
