/// A queue: first in, first out, in constant time.
struct Line<Element>: Sendable where Element: Sendable {
  private var items: [Element?] = []
  private var head = 0

  var count: Int { self.items.count - self.head }
  var isEmpty: Bool { self.count == 0 }
  var first: Element? { self.isEmpty ? nil : self.items[self.head] }

  mutating func append(_ element: Element) {
    self.items.append(element)
  }

  mutating func popFirst() -> Element? {
    guard !self.isEmpty else { return nil }
    let element = self.items[self.head]
    self.items[self.head] = nil
    self.head += 1
    // What has been taken is dropped once it is the greater half.
    if self.head * 2 > self.items.count, self.head >= 32 {
      self.items.removeFirst(self.head)
      self.head = 0
    }
    return element
  }

  /// Puts an element before the first that comes after it; mostly that is the very first.
  mutating func insert(_ element: Element, before isAfter: (Element) -> Bool) {
    var index = self.head
    while index < self.items.count, let other = self.items[index], !isAfter(other) { index += 1 }
    self.items.insert(element, at: index)
  }

  mutating func removeAll() -> [Element] {
    defer { self = Line() }
    return self.items[self.head...].compactMap { $0 }
  }
}
