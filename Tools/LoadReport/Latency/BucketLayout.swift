/// How values are put into buckets whose width doubles as the values do (HdrHistogram's layout):
/// the first `2 × half` values have a bucket each, then `half` buckets serve each doubling. A value
/// is so known within one part of `half`.
struct BucketLayout: Hashable, Sendable {
  /// The base-2 logarithm of `half`.
  let halfBits: Int

  /// Within one part of 1,024 of the value: three significant digits.
  static let threeDigits = BucketLayout(halfBits: 10)
  /// Within one part of 32 of the value: enough for a plot.
  static let plotted = BucketLayout(halfBits: 5)

  /// How many buckets hold every value from 0 to `longest`.
  func count(to longest: Int64) -> Int { self.index(of: longest) + 1 }

  /// The bucket of a value that is not negative.
  func index(of value: Int64) -> Int {
    let bits = Int64.bitWidth - value.leadingZeroBitCount
    let shift = max(0, bits - self.halfBits - 1)
    return shift << self.halfBits + Int(value >> Int64(shift))
  }

  /// The smallest value of a bucket.
  func lowest(of index: Int) -> Int64 {
    let shift = self.shift(of: index)
    return Int64(index - shift << self.halfBits) << Int64(shift)
  }

  /// The largest value of a bucket.
  func highest(of index: Int) -> Int64 {
    self.lowest(of: index) + (1 << Int64(self.shift(of: index))) - 1
  }

  /// The base-2 logarithm of the bucket's width.
  private func shift(of index: Int) -> Int { max(0, index >> self.halfBits - 1) }
}
