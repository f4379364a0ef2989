import DomainModel
import Papers
import PermitProof
import RPC
import ServiceCore
import Storage
import Wire

extension RegistryHandlers {
  /// Prints 《浙江省居住证确认单》 at the station of the residence, and keeps who printed it for whom and
  /// the hash of what was handed out. A repeat prints the same bytes from what was kept.
  func printConfirmationSlip(
    _ request: RegistryV1.PrintConfirmationSlipRequest, _ context: CallContext
  ) async throws -> RegistryV1.PrintConfirmationSlipResponse {
    let caller = try context.requireCaller()
    var printed: PrintedPaper?
    // What a repeat is known by says only whether there is a photo: none but the certificate's is
    // taken, and hashing megabytes is nothing for an event loop.
    var deed = request
    deed.photo = request.photo.isEmpty ? [] : [1]
    // The paper stands in no inbox: it is made again where it is asked for again.
    var kept: RegistryV1.PrintConfirmationSlipResponse = try await self.once.answer(
      deed, key: request.idempotencyKey, context
    ) { call in
      if let first: RegistryV1.PrintConfirmationSlipResponse =
        try await self.once.firstAnswer(to: call)
      {
        return first
      }
      let order = try SlipClaim(request).checked(on: CivilDate(of: call.now))
      return try await self.printSlip(order, request.photo, call, context) { printed = $0 }
    }
    let paper: PrintedPaper =
      if let printed, printed.sha256 == kept.sha256 { printed } else {
        try await self.printAgain(kept.slipNumber, request.photo, for: caller)
      }
    kept.pdf = paper.bytes
    return kept
  }

  private func printSlip(
    _ order: SlipOrder, _ photo: [UInt8], _ call: MutatingCall, _ context: CallContext,
    printed: (PrintedPaper) -> Void
  ) async throws -> RegistryV1.PrintConfirmationSlipResponse {
    let caller = try context.requireCaller()
    let reach = try self.showingReach(of: context)
    return try await self.attempt {
      let found = try await self.store.showable(order.certificateIdentifier, within: reach)
      let station = try self.station(of: found.document.residence, for: caller, at: call.now)
      let status = try self.policy.paperStatus(of: found.permit, at: call.now)
      let code = try await self.codeText(
        .slip, of: found.document, status, at: call.now,
        until: ConfirmationSlip.codeExpiry(of: found.document.term, printedAt: call.now))
      let slip = SlipFacts(
        number: ConfirmationSlip.newNumber(at: call.now, station, self.parts.random),
        order: order, station: station, officerID: caller.id, printedAt: call.now,
        status: status, code: code)
      let paper = try await self.make(slip, from: found.document, photo, for: caller)
      let answer = try await call.commit { transaction, _ in
        let record = SlipRecord(slip, of: found.permit.id, sha256: paper.sha256)
        try self.store.keep(transaction, record, of: found.permit)
        return RegistryV1.PrintConfirmationSlipResponse(record)
      }
      printed(paper)
      return answer
    }
  }

  /// The bytes of a slip that was handed out. Throws `PAPER_NOT_REPEATABLE` where fonts, libraries
  /// or offices have changed since, so that they would be others.
  private func printAgain(
    _ number: String, _ photo: [UInt8], for caller: Caller
  ) async throws -> PrintedPaper {
    let (record, document) = try await self.store.slip(number)
    let day = CivilDate(of: record.printedAt)
    guard let station = self.policy.offices.office(record.stationCode, on: day) else {
      throw ServiceError(.paperNotRepeatable, metadata: ["slip_number": number])
    }
    let slip = SlipFacts(record, at: station)
    let paper = try await self.make(slip, from: document, photo, for: caller)
    guard paper.sha256 == record.sha256 else {
      throw ServiceError(.paperNotRepeatable, metadata: ["slip_number": number])
    }
    return paper
  }

  private func make(
    _ facts: SlipFacts, from document: PermitDocument, _ photo: [UInt8], for caller: Caller
  ) async throws -> PrintedPaper {
    let divisions = self.policy.divisions
    return try await self.effects.press.make(for: caller) { printer in
      let picture = try PaperPhoto.picture(photo, of: document)
      return try printer.pdf(
        of: ConfirmationSlip(
          facts, holder: PaperHolder(document, photo: picture, divisions),
          permit: PaperPermit(document, facts.status, divisions)))
    }
  }

  /// The station of the residence, if the officer is of it. Throws `OFFICER_WRONG_OFFICE`.
  private func station(
    of residence: Address, for caller: Caller, at now: Timestamp
  ) throws -> Office {
    let today = CivilDate(of: now)
    let offices = self.policy.offices
    let route = offices.route(
      county: residence.division, street: residence.street, kind: .firstPermit, on: today)
    let own = caller.office.flatMap { offices.office($0, on: today) }
    guard let station = route?.station, station == own else {
      throw ServiceError(.officerWrongOffice)
    }
    return station
  }
}
