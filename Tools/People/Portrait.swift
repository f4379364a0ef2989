/// A portrait as far as a header goes: a JPEG of 358 × 441 pixels, of each person another one.
public enum Portrait {
  private static let head: [UInt8] = [
    0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 0x4A, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0,
    0xFF, 0xC0, 0, 0x11, 8, 1, 0xB9, 1, 0x66, 3,
  ]
  private static let bytes = 2_048

  /// About 2 KiB; those of two persons differ, and so do a person's pictures of two numbers.
  public static func of(_ person: Person, number: UInt8 = 0) -> [UInt8] {
    let own = Array(person.citizenID.utf8) + [number]
    let rest = [UInt8](repeating: 0, count: Self.bytes - Self.head.count - own.count)
    return Self.head + rest + own + [0xFF, 0xD9]
  }
}
