import CNghttp2

extension HeaderList {
  /// Lends the fields to libnghttp2, which copies what it keeps.
  func withFields<Result>(_ body: (UnsafePointer<nghttp2_nv>?, Int) -> Result) -> Result {
    self.bytes.withUnsafeBufferPointer { bytes in
      withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: self.count) { entries in
        let base = UnsafeMutablePointer(mutating: bytes.baseAddress)
        var start = 0
        for (index, field) in self.fields.enumerated() {
          entries.initializeElement(
            at: index,
            to: nghttp2_nv(
              name: base?.advanced(by: start), value: base?.advanced(by: field.nameEnd),
              namelen: field.nameEnd - start, valuelen: field.valueEnd - field.nameEnd,
              flags: UInt8(NGHTTP2_NV_FLAG_NONE.rawValue)))
          start = field.valueEnd
        }
        return body(UnsafePointer(entries.baseAddress), self.count)
      }
    }
  }
}
