import DomainModel

/// How long the registry's texts may be, in Unicode scalars.
enum TextLimits {
  /// Ids of other services.
  static let referenceCharactersMax = 64
  /// `kind:id` of who acted.
  static let actorCharactersMax = 80
}

extension DefectList {
  /// Checks one text: present if `isRequired`, nothing unseen in it, at most `max` scalars.
  mutating func check(_ text: String, at field: String, max: Int, isRequired: Bool = true) {
    self.add(
      TextRules.defects(of: text, charactersMax: max, isRequired: isRequired), at: field)
  }

  /// Checks an office's code: 12 digits (GA/T 380). No more can be read off the digits.
  mutating func checkOffice(_ code: String, at field: String) {
    if code.isEmpty {
      self.add(.fieldMissing, at: field)
    } else if !code.isDigits(count: 12) {
      self.add(.officeCodeInvalid, at: field)
    }
  }

  /// Checks a certificate's identifier in its form and its check character.
  mutating func checkIdentifier(_ text: String, at field: String) {
    if CertificateIdentifier(text) == nil { self.add(.certificateIdentifierInvalid, at: field) }
  }

  /// Checks where somebody is registered: in the region, in a division in force or, as old records
  /// have it, given up since.
  mutating func checkRegistered(
    _ address: Address, at field: String, on day: CivilDate, _ divisions: DivisionTable
  ) {
    address.check(as: .hukou, in: divisions, on: day, field: field, into: &self)
    if TextRules.isBlank(address.street) {
      self.add(.addressStreetMissing, at: "\(field).street")
    }
    let isInRegion = address.division.hasPrefix(divisions.region.code.prefix(2))
    if !TextRules.isBlank(address.division), !isInRegion {
      self.add(.divisionOutsideRegion, at: "\(field).division_code")
    }
  }

  /// The day written in `text`, or nil once its defects were noted.
  mutating func date(
    _ text: String, at field: String, notAfter last: CivilDate, notBefore first: CivilDate?
  ) -> CivilDate? {
    if text.isEmpty {
      self.add(.fieldMissing, at: field)
      return nil
    }
    guard let date = CivilDate(iso: text) else {
      self.add(.dateInvalid, at: field)
      return nil
    }
    if date > last { self.add(.dateInFuture, at: field) }
    if let first, date < first { self.add(.dateTooEarly, at: field) }
    return date
  }
}

extension String {
  /// Whether the text is exactly `count` ASCII digits.
  func isDigits(count: Int) -> Bool {
    self.utf8.count == count && self.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }
}
