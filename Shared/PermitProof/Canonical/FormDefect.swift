/// Why bytes are not what they should be. It tells of their form only, and holds nothing of them.
public enum FormDefect: Error, Hashable, Sendable {
  /// There are more bytes than such a thing ever has.
  case tooLong(bytesMax: Int)
  /// The bytes end where more must follow: the end was cut off.
  case truncated
  /// From this byte on, counted from 0, they are not spelled as they would have been written.
  case notCanonical(at: Int)
  /// They say that they are of another format, or of an edition that is not known here.
  case formatUnknown
  /// A field is missing, of another type, out of bounds or at odds with another; or there is one
  /// that has no place there.
  case fieldWrong(String)
}
