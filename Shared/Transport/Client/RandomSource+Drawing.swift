import DomainModel

extension RandomSource {
  /// A wait that is off by at most `percent` in either direction.
  func jittered(_ milliseconds: Int64, percent: Int64) -> Int64 {
    let draw = self.bytes(2).reduce(Int64(0)) { $0 << 8 | Int64($1) }
    let spread = milliseconds * percent / 100
    return milliseconds - spread + 2 * spread * draw / 65_535
  }

  /// A number from 0 to `count` - 1.
  func index(below count: Int) -> Int {
    guard count > 1 else { return 0 }
    return self.bytes(4).reduce(0) { $0 << 8 | Int($1) } % count
  }
}
