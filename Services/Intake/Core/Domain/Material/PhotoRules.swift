import DomainModel

/// What a photo must be like, by the region's policy, as far as its file says. Whether it shows the
/// applicant, and before which background, only an officer can see.
struct PhotoRules: Sendable {
  let rules: MaterialSettings

  /// Notes everything that a photo of this size breaks; `picture` is nil where its header does not
  /// say.
  func check(_ picture: PictureSize?, sizeBytes: Int64, _ defects: inout DefectList) {
    if sizeBytes > Int64(self.rules.photoKibMax) * 1024 {
      defects.add(.photoTooManyBytes, at: "photo.size_bytes")
    }
    guard let picture else {
      defects.add(.materialUnreadable, at: "photo")
      return
    }
    if picture.width < self.rules.photoWidthMin { defects.add(.photoTooSmall, at: "photo.width") }
    if picture.height < self.rules.photoHeightMin {
      defects.add(.photoTooSmall, at: "photo.height")
    }
    if picture.width > self.rules.photoSideMax { defects.add(.photoTooLarge, at: "photo.width") }
    if picture.height > self.rules.photoSideMax { defects.add(.photoTooLarge, at: "photo.height") }
    // Without division, so that nothing is rounded: width / height in thousandths.
    let (width, height) = (picture.width * 1000, picture.height)
    if width < self.rules.photoRatioMin * height || width > self.rules.photoRatioMax * height {
      defects.add(.photoRatioWrong, at: "photo.ratio")
    }
  }
}
