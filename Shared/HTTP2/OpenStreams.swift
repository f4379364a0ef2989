/// The streams of one session that are open, in no order. Each knows its place, so that one comes
/// and goes without a search.
struct OpenStreams {
  private(set) var list: [HTTP2Stream] = []

  var count: Int { self.list.count }

  mutating func insert(_ stream: HTTP2Stream) {
    stream.place = self.list.count
    self.list.append(stream)
  }

  mutating func remove(_ stream: HTTP2Stream) {
    precondition(self.list[stream.place] === stream, "a stream is removed once")
    let last = self.list.removeLast()
    if last !== stream {
      last.place = stream.place
      self.list[last.place] = last
    }
  }

  /// A stream by its number: a search, for what happens rarely.
  func find(_ id: Int32) -> HTTP2Stream? {
    self.list.first { $0.id == id }
  }
}
