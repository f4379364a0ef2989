import DomainModel
import Papers
import PermitProof
import RPC
import ServiceCore
import Wire

extension RegistryHandlers {
  /// A permit's face as a picture, or the voucher of a registration. A face says when it was made,
  /// and so differs from call to call; a voucher is always the same.
  func renderPermit(
    _ request: RegistryV1.RenderPermitRequest, _ context: CallContext
  ) async throws -> RegistryV1.RenderPermitResponse {
    let reach = try self.showingReach(of: context)
    var defects = DefectList()
    let format = PaperFormat(request.format)
    if format == nil { defects.add(.fieldMissing, at: "format") }
    switch request.subject {
    case .certificateIdentifier(let identifier):
      defects.checkIdentifier(identifier, at: "certificate_identifier")
      if format == .pdf { defects.add(.valueUnknown, at: "format") }
      try defects.throwIfAny(.requestInvalid)
      return .init(try await self.face(identifier, request.photo, reach, context))
    case .registrationID(let id):
      defects.check(id, at: "registration_id", max: TextLimits.referenceCharactersMax)
      if !request.photo.isEmpty { defects.add(.fieldNotWanted, at: "photo") }
      try defects.throwIfAny(.requestInvalid)
      guard let format else { throw ServiceError(.requestInvalid) }
      return .init(try await self.voucher(id, as: format, reach, context))
    case nil:
      defects.add(.fieldMissing, at: "subject")
      throw ServiceError(.requestInvalid, violations: defects.violations)
    }
  }

  private func face(
    _ identifier: String, _ photo: [UInt8], _ reach: ShowingReach, _ context: CallContext
  ) async throws -> PrintedPaper {
    let found = try await self.store.showable(identifier, within: reach)
    let now = self.time.now()
    let status = try self.policy.paperStatus(of: found.permit, at: now)
    if case .holder = reach {
      try self.faceCheck(of: context).get()
      if found.permit.standing.loadedAt == nil { throw ServiceError(.notLoaded) }
    }
    let document = found.document
    let code = try await self.codeText(
      .permit, of: document, status, at: now,
      until: now.adding(milliseconds: PermitFace.codeMinutes * 60_000))
    let divisions = self.policy.divisions
    return try await self.effects.press.make(for: context.requireCaller()) { printer in
      let picture = try PaperPhoto.picture(photo, of: document)
      return try printer.png(
        of: PermitFace(
          holder: PaperHolder(document, photo: picture, divisions),
          permit: PaperPermit(document, status, divisions), codeText: code, shownAt: now))
    }
  }

  private func voucher(
    _ id: String, as format: PaperFormat, _ reach: ShowingReach, _ context: CallContext
  ) async throws -> PrintedPaper {
    let (registration, person) = try await self.store.registration(id, within: reach)
    if case .holder = reach { try self.faceCheck(of: context).get() }
    let day = CivilDate(of: registration.recordedAt)
    guard let office = self.policy.offices.office(registration.officeCode, on: day) else {
      throw ServiceError(
        .requestInvalid, violations: [DefectReason.officeUnknown.violation(at: "registration_id")])
    }
    let voucher = RegistrationVoucher(registration, of: person, by: office, self.policy.divisions)
    return try await self.effects.press.make(for: context.requireCaller()) { printer in
      switch format {
      case .pdf: try printer.pdf(of: voucher)
      case .png: try printer.png(of: voucher)
      }
    }
  }
}

extension RegistrationVoucher {
  /// The voucher of a registration, as it was recorded by an office.
  fileprivate init(
    _ registration: Registration, of person: PersonIdentity, by office: Office,
    _ divisions: DivisionTable
  ) {
    self.init(
      number: registration.id.text,
      kind: registration.previousID == nil ? .registration : .change,
      holder: PaperHolder(person, household: person.household.inFull(divisions), photo: nil),
      residence: registration.address.inFull(divisions), declaredOn: registration.declaredOn,
      isLate: registration.isLate, office: office.name, seal: office.seal,
      registeredAt: registration.recordedAt)
  }
}
