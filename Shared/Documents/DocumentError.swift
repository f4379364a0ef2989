/// Why a document was not made. No case holds a text of the document: at most code points.
public enum DocumentError: Error, Hashable, Sendable {
  /// Fonts that every document needs are not installed: families, and the packages that hold them.
  case fontsMissing(families: [String], packages: [String])
  /// No font has these characters, in their order in the text.
  case charactersMissing([Unicode.Scalar])
  /// Control characters, which show nothing and change how the rest is read.
  case charactersForbidden([Unicode.Scalar])
  /// Something has more than its bound.
  case tooLong(what: String, count: Int, max: Int)
  /// Something of the document cannot be: a length below nothing, a cell out of its table.
  case invalid(String)
  /// Something is higher than a page or a frame.
  case doesNotFit(String)
  /// A picture that is neither JPEG nor PNG, or is broken.
  case pictureBroken(String)
  /// A code whose modules would be too small for a camera, in hundredths of a millimetre.
  case codeTooFine(module: Int, min: Int)
  /// A library refused; its own words.
  case library(operation: String, reason: String)

  /// Throws `tooLong` for more than `max`.
  static func bound(_ what: String, _ count: Int, _ max: Int) throws(DocumentError) {
    if count > max { throw .tooLong(what: what, count: count, max: max) }
  }

  /// Throws `invalid` for a number out of its range, or none.
  static func bound(
    _ what: String, _ value: Double, in range: ClosedRange<Double>
  ) throws(DocumentError) {
    if !range.contains(value) {
      throw .invalid("\(what) is \(value), not \(range.lowerBound) to \(range.upperBound)")
    }
  }
}

extension DocumentError: CustomStringConvertible {
  /// What is wrong, and what to do where somebody can.
  public var description: String {
    switch self {
    case .fontsMissing(let families, let packages):
      "no font \(families.joined(separator: ", ")); install \(packages.joined(separator: " "))"
    case .charactersMissing(let scalars):
      "no font has the characters \(Self.names(of: scalars))"
    case .charactersForbidden(let scalars):
      "control characters are no text: \(Self.names(of: scalars))"
    case .tooLong(let what, let count, let max): "\(what): \(count), at most \(max)"
    case .invalid(let what): "no document can have \(what)"
    case .doesNotFit(let what): "\(what) does not fit"
    case .pictureBroken(let reason): "the picture cannot be used: \(reason)"
    case .codeTooFine(let module, let min):
      "the code's modules would be \(module)/100 mm, at least \(min)/100 mm can be read"
    case .library(let operation, let reason): "\(operation) failed: \(reason)"
    }
  }

  private static func names(of scalars: [Unicode.Scalar]) -> String {
    scalars.map { scalar in
      let digits = String(scalar.value, radix: 16, uppercase: true)
      return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
    .joined(separator: " ")
  }
}
