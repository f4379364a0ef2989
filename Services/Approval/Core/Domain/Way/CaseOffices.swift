import DomainModel

/// Which offices take part in a case: those that its policy has for a stage, as far as its county
/// has them. A window and a population service centre (流动人口服务中心) serve their whole county, in the
/// kinds that the table of offices names for them.
struct CaseOffices: Sendable {
  /// All offices of the region.
  let table: OfficeTable
  private let ofCounty: [String: [Office]]

  /// The offices of a region.
  init(_ table: OfficeTable) {
    self.table = table
    self.ofCounty = Dictionary(
      grouping: table.offices.filter { $0.kind == .window || $0.kind == .populationCentre },
      by: \.county)
  }

  /// Who may sign a stage on a day, the one whose work it is first: a population centre where the
  /// county names one, the office of the residence, the bureau, a window. Where a county has none
  /// of the kinds that the policy names, the office of the residence does it.
  func offices(
    for step: Workflow.Step, of origin: ApprovalCase.Origin, on date: CivilDate
  ) -> [String] {
    let county = self.table.office(origin.bureauCode, on: date)?.county ?? ""
    let others = (self.ofCounty[county] ?? []).filter { office in
      step.offices.contains(office.kind) && office.validity.contains(date)
        && office.applications.contains(origin.kind)
    }
    var codes = others.filter { $0.kind == .populationCentre }.map(\.code)
    let residence = self.table.office(origin.officeCode, on: date)?.kind ?? .station
    if step.offices.contains(residence) { codes.append(origin.officeCode) }
    if step.offices.contains(.bureau) { codes.append(origin.bureauCode) }
    codes += others.filter { $0.kind == .window }.map(\.code)
    return codes.isEmpty ? [origin.officeCode] : codes
  }

  /// All who may sign any stage of a case on a day.
  func offices(
    of workflow: Workflow, _ origin: ApprovalCase.Origin, on date: CivilDate
  ) -> [String] {
    let codes = workflow.steps.flatMap { self.offices(for: $0, of: origin, on: date) }
    return Set(codes).sorted()
  }

  /// The codes by which an office reaches cases: its own and those below it; for a window and a
  /// population centre the bureau's too, by which it reaches all of its county.
  func codes(from code: String, on date: CivilDate) -> [String] {
    self.table.codes(from: code)
      + [self.bureau(ofCountyServedBy: code, on: date)].compactMap(\.self)
  }

  /// The bureau of the county that an office serves as a whole; nil for a station, which serves a
  /// part of it, and for the bureau.
  func bureau(ofCountyServedBy code: String, on date: CivilDate) -> String? {
    guard let office = self.table.office(code, on: date),
      office.kind == .window || office.kind == .populationCentre
    else { return nil }
    return office.parent
  }

  /// The office above another one on a day; itself where none is above it, as over a bureau, which
  /// the table has at the top.
  func superior(of code: String, on date: CivilDate) -> String {
    self.table.office(code, on: date)?.parent ?? code
  }

  /// The codes of offices that had ended before a day and are no office's on it: what they had is
  /// another's.
  func retired(by date: CivilDate) -> [String] {
    Set(self.table.offices.map(\.code)).filter { code in
      let entries = self.table.offices.lazy.filter { $0.code == code }
      return entries.allSatisfy { ($0.validity.last ?? .latest) < date }
    }.sorted()
  }

  /// The divisions in which a case is decided: its county, and what that lies in by the form of its
  /// code (GB/T 2260: two digits each for province, prefecture and county).
  func divisions(of origin: ApprovalCase.Origin, on date: CivilDate) -> Set<String> {
    guard let county = self.table.office(origin.bureauCode, on: date)?.county else { return [] }
    return [county, county.prefix(4) + "00", county.prefix(2) + "0000"]
  }

  /// Where to go against a decision (行政复议, 行政诉讼): the appeal of the office that decided, where
  /// it has one of its own, else of the bureau; nil for codes that are none on that day.
  func appeal(
    against office: String, or bureau: String, on date: CivilDate
  ) -> Office.Appeal? {
    self.table.office(office, on: date)?.appeal ?? self.table.office(bureau, on: date)?.appeal
  }
}
