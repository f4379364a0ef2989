import CNghttp2

extension HeaderList {
  /// Lends the fields to libnghttp2, which copies what it keeps.
  func withFields<Result>(_ body: (UnsafePointer<nghttp2_nv>?, Int) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: self.count) { entries in
      var index = 0
      self.forEach { name, value in
        entries.initializeElement(
          at: index,
          to: nghttp2_nv(
            name: UnsafeMutablePointer(mutating: name.baseAddress),
            value: UnsafeMutablePointer(mutating: value.baseAddress), namelen: name.count,
            valuelen: value.count, flags: UInt8(NGHTTP2_NV_FLAG_NONE.rawValue)))
        index += 1
      }
      return body(UnsafePointer(entries.baseAddress), self.count)
    }
  }
}
