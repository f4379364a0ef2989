import CNghttp2

/// Header fields that many requests begin with, kept in the form in which libnghttp2 takes them, so
/// that it need not copy them for each.
public final class ConstantFields: @unchecked Sendable {
  /// The fields' names and values; never changed, and freed with this object.
  private let bytes: UnsafeMutableBufferPointer<UInt8>
  let entries: [nghttp2_nv]

  /// Fields in the order of the list.
  public init(_ list: HeaderList) {
    var size = 0
    list.forEach { size += $0.count + $1.count }
    let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: size)
    let uncopied = nghttp2_nv_flag(
      NGHTTP2_NV_FLAG_NO_COPY_NAME.rawValue | NGHTTP2_NV_FLAG_NO_COPY_VALUE.rawValue)
    var entries: [nghttp2_nv] = []
    var end = 0
    func keep(_ part: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
      let place = bytes.extracting(end..<(end + part.count))
      _ = place.initialize(fromContentsOf: part)
      end += part.count
      return UnsafeBufferPointer(place)
    }
    list.forEach { entries.append(nghttp2_nv(keep($0), keep($1), uncopied)) }
    self.bytes = bytes
    self.entries = entries
  }

  deinit {
    self.bytes.deallocate()
  }
}
