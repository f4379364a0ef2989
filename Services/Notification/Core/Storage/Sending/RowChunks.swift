/// Rows of one statement in portions whose sizes are powers of two: engines keep prepared
/// statements by their text, so there may be few of them, however many rows there are at a time.
enum RowChunks {
  /// How many rows one statement has at most.
  static let rowsMax = 64

  /// All items in order, in portions.
  static func exact<Item>(_ items: [Item]) -> [ArraySlice<Item>] {
    var (chunks, rest) = ([ArraySlice<Item>](), items[...])
    var size = Self.rowsMax
    while !rest.isEmpty {
      while size > rest.count { size /= 2 }
      chunks.append(rest.prefix(size))
      rest = rest.dropFirst(size)
    }
    return chunks
  }

  /// All items, in as few portions as may be: the last one repeats its last item. For `IN`.
  static func padded<Item>(_ items: [Item]) -> [[Item]] {
    stride(from: 0, to: items.count, by: Self.rowsMax).map { start in
      var chunk = Array(items[start..<min(start + Self.rowsMax, items.count)])
      var size = 1
      while size < chunk.count { size *= 2 }
      if let last = chunk.last {
        chunk += Array(repeating: last, count: size - chunk.count)
      }
      return chunk
    }
  }
}
