import DomainModel

/// What an order to import comes to, over what is on record.
enum ImportDecision: Hashable, Sendable {
  /// It is new and to be kept.
  case record
  /// It was imported before: that one stands, as it became since.
  case existing(Permit)

  /// What is on record that bears on it.
  struct Record: Hashable, Sendable {
    /// The permit that was imported under this kind and number.
    var known: Known?
    /// The holder's permit that is not cancelled.
    var live: Permit?
    /// What was reported of the holder.
    var facts = PersonFacts()
  }

  /// A permit that was imported, as it was then.
  struct Known: Hashable, Sendable {
    let permit: Permit
    let earlier: EarlierPermit
    /// Whether its holder is the order's.
    let isSameHolder: Bool
    /// The masked citizen number of its holder.
    let maskedHolder: String
  }

  /// Decides. Throws `IMPORT_DIFFERS` with both values of each field in which the one that was
  /// imported before differs, citizen numbers masked; `PERMIT_ALREADY_LIVE` with the identifier of
  /// the permit that the holder has; and what was reported of him that stands against it.
  static func decide(
    _ command: ImportCommand, over record: Record, _ divisions: DivisionTable
  ) throws -> ImportDecision {
    if let known = record.known {
      let differences = Self.differences(command, known)
      guard differences.isEmpty else {
        throw ServiceError(.importDiffers, metadata: differences)
      }
      return .existing(known.permit)
    }
    try record.facts.checkMayHold(permitIn: command.residence.division, divisions)
    try record.facts.checkNumber(command.holder.citizenID)
    if let live = record.live {
      throw ServiceError(
        .permitAlreadyLive, metadata: ["certificate_identifier": live.certificateIdentifier])
    }
    return .record
  }

  private static func differences(_ command: ImportCommand, _ known: Known) -> [String: String] {
    var found: [String: String] = [:]
    func note(_ field: String, _ stored: String, _ given: String) {
      found["stored_\(field)"] = stored
      found["given_\(field)"] = given
    }
    if !known.isSameHolder {
      note("holder", known.maskedHolder, command.holder.citizenID.masked)
    }
    if known.earlier.issuedOn != command.earlier.issuedOn {
      note("issued_on", known.earlier.issuedOn.iso, command.earlier.issuedOn.iso)
    }
    if known.earlier.validToOn != command.earlier.validToOn {
      note("valid_to_on", known.earlier.validToOn.iso, command.earlier.validToOn.iso)
    }
    if known.permit.bureauCode != command.bureau.code {
      note("bureau_code", known.permit.bureauCode, command.bureau.code)
    }
    return found
  }
}
