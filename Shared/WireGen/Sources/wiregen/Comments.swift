import CDescriptor

/// The comments of one file, by the path of the element they stand at.
struct Comments {
  private var byPath: [[Int32]: [String]] = [:]

  init(_ info: UnsafeMutablePointer<Google__Protobuf__SourceCodeInfo>?) {
    guard let info = info?.pointee else { return }
    for location in DescriptorReader.list(info.n_location, info.location) {
      let path = Array(
        UnsafeBufferPointer(start: location.pointee.path, count: location.pointee.n_path))
      let leading = DescriptorReader.text(location.pointee.leading_comments)
      let trailing = DescriptorReader.text(location.pointee.trailing_comments)
      let lines = Self.lines(leading.isEmpty ? trailing : leading)
      if !lines.isEmpty { self.byPath[path] = lines }
    }
  }

  subscript(_ path: [Int32]) -> [String] { self.byPath[path] ?? [] }

  /// Without the space after `//`, and without the notes that only the contract's authors need.
  private static func lines(_ text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      String($0.hasPrefix(" ") ? $0.dropFirst() : $0)
    }
    lines.removeAll { $0.hasPrefix("Next unused field number") }
    while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
    while lines.first?.allSatisfy(\.isWhitespace) == true { lines.removeFirst() }
    return lines
  }
}
