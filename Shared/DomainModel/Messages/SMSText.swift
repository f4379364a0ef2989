/// How a text travels as short messages. A text under a Chinese signature is always UCS-2: 70 code
/// units in one message, 67 in each segment of a longer one, whose header takes the rest.
public enum SMSText {
  /// The most UTF-16 code units of a text that fits one message.
  public static let singleUnitsMax = 70
  /// The most UTF-16 code units of one segment of a longer text.
  public static let segmentUnitsMax = 67

  /// The text in segments, in order; joined they are the text again. No segment ends between the
  /// two halves of a surrogate pair, so a rare character arrives whole.
  public static func segments(of text: String) -> [String] {
    if text.utf16.count <= Self.singleUnitsMax { return [text] }
    var segments: [String] = []
    var scalars = String.UnicodeScalarView()
    var units = 0
    for scalar in text.unicodeScalars {
      let width = UTF16.width(scalar)
      if units + width > Self.segmentUnitsMax {
        segments.append(String(scalars))
        scalars.removeAll()
        units = 0
      }
      scalars.append(scalar)
      units += width
    }
    segments.append(String(scalars))
    return segments
  }
}
