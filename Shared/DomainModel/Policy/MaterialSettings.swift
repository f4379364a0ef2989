/// What a region's policy says of materials: what a photo must be like, how long a paper can stand
/// in a later application too, and the text of 亲属关系承诺书.
public struct MaterialSettings: Hashable, Sendable {
  /// The least pixels that a photo is wide.
  public let photoWidthMin: Int
  /// The least pixels that a photo is high.
  public let photoHeightMin: Int
  /// The most pixels that a photo has on either side.
  public let photoSideMax: Int
  /// The least proportion of a photo's width to its height, in thousandths.
  public let photoRatioMin: Int
  /// The greatest proportion of a photo's width to its height, in thousandths.
  public let photoRatioMax: Int
  /// The largest file of a photo, in KiB.
  public let photoKibMax: Int
  /// For how many months after its upload a photo can stand in a later application too.
  public let photoAgeMonthsMax: Int
  /// The same for an identity card and for the proof of a dwelling.
  public let paperAgeMonthsMax: Int
  /// Whether a claimed dwelling needs no proof where the residence is the registered one.
  public let registeredDwellingIsProof: Bool
  /// Which text of 亲属关系承诺书 an applicant reads and assents to.
  public let kinshipTextVersion: String
  /// That text.
  public let kinshipText: String

  /// Reads its settings among those of the region.
  init(_ values: inout SettingReader) throws(PolicyFileError) {
    self.photoWidthMin = try values.number("photo_width_min", in: 1...4_000)
    self.photoHeightMin = try values.number("photo_height_min", in: 1...4_000)
    self.photoSideMax = try values.number("photo_side_max", in: 1...20_000)
    self.photoRatioMin = try values.number("photo_ratio_min", in: 1...10_000)
    self.photoRatioMax = try values.number("photo_ratio_max", in: 1...10_000)
    self.photoKibMax = try values.number("photo_kib_max", in: 1...2_048)
    self.photoAgeMonthsMax = try values.number("photo_age_months_max", in: 0...120)
    self.paperAgeMonthsMax = try values.number("paper_age_months_max", in: 0...120)
    self.registeredDwellingIsProof = try values.flag("registered_dwelling_is_proof")
    self.kinshipTextVersion = try values.text("kinship_text_version")
    self.kinshipText = try values.text("kinship_text")
    try values.require(
      self.photoRatioMin <= self.photoRatioMax, "photo_ratio_max", "is below photo_ratio_min")
    try values.require(
      max(self.photoWidthMin, self.photoHeightMin) <= self.photoSideMax, "photo_side_max",
      "is below the least width or height")
  }
}
