import DomainModel

/// Where a case is looked after: its offices as the table has them on a day.
struct CaseSeat: Hashable, Sendable {
  /// The office of the residence: 12 digits.
  var office: String
  /// The county-level bureau: 12 digits.
  var bureau: String
  /// The office whose work it is now; empty where no officer is waited for.
  var desk: String
}

// Offices merge and divisions are abolished: from its day on the successor has the open cases.
extension CaseMachine {
  /// The case goes to the offices that have taken its offices' places by a day; nil where they are
  /// those it has. Throws `OfficeGone` where one of them has no successor.
  func move(_ file: ApprovalCase, on date: CivilDate) throws(OfficeGone) -> CaseEvent? {
    let own = file.origin
    guard let office = self.offices.table.office(own.officeCode, on: date) else {
      throw OfficeGone(code: own.officeCode)
    }
    // Where a station goes to another county, its bureau is that county's.
    let isNew = office.code != own.officeCode && office.kind == .station
    let bureauCode = isNew ? office.parent ?? own.bureauCode : own.bureauCode
    guard let bureau = self.offices.table.office(bureauCode, on: date) else {
      throw OfficeGone(code: bureauCode)
    }
    var next = file
    next.origin.officeCode = office.code
    next.origin.bureauCode = bureau.code
    let desk = self.desk(of: next, since: date.startOfDay)
    let seat = CaseSeat(office: office.code, bureau: bureau.code, desk: desk)
    let present = CaseSeat(
      office: own.officeCode, bureau: own.bureauCode, desk: file.workOffice)
    return seat == present ? nil : .moved(seat)
  }
}

/// An office has ended, and the table names none that has its work.
struct OfficeGone: Error, Hashable, CustomStringConvertible {
  let code: String

  var description: String { "office \(self.code) has ended without a successor" }
}
