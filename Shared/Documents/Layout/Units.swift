/// Lengths on their way from a document to cairo: points from here on.
enum Units {
  /// Points to a millimetre.
  static let pointsPerMillimetre = 72 / 25.4

  static func points(_ millimetres: Double) -> Double { millimetres * Self.pointsPerMillimetre }

  static func millimetres(_ points: Double) -> Double { points / Self.pointsPerMillimetre }
}
