import CNghttp2

extension HeaderList {
  /// Lends the fields to libnghttp2, which copies what it keeps: after `first`, if there are any.
  func withFields<Result>(
    after first: ConstantFields? = nil, _ body: (UnsafePointer<nghttp2_nv>?, Int) -> Result
  ) -> Result {
    let before = first?.entries ?? []
    let count = before.count + self.count
    return withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: count) { entries in
      var index = entries.initialize(fromContentsOf: before)
      self.forEach { name, value in
        entries.initializeElement(at: index, to: nghttp2_nv(name, value, NGHTTP2_NV_FLAG_NONE))
        index += 1
      }
      return body(UnsafePointer(entries.baseAddress), count)
    }
  }
}

extension nghttp2_nv {
  /// A field as libnghttp2 takes it; it changes neither name nor value.
  init(
    _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>,
    _ flags: nghttp2_nv_flag
  ) {
    self.init(
      name: UnsafeMutablePointer(mutating: name.baseAddress),
      value: UnsafeMutablePointer(mutating: value.baseAddress), namelen: name.count,
      valuelen: value.count, flags: UInt8(flags.rawValue))
  }
}
