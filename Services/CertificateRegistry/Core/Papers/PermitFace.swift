import Documents
import DomainModel
import Papers

/// The face of the electronic permit, as a telephone shows it: the statutory data (Decree 663,
/// Art. 4), the last day of validity, the state, and a code.
struct PermitFace: Hashable, Sendable {
  var holder: PaperHolder
  var permit: PaperPermit
  /// What the code says, as somebody else signed it.
  var codeText: String
  /// When the picture was made: an old one is told from a fresh one.
  var shownAt: Timestamp

  /// For how many minutes its code says something: as long as a railway's temporary identity goes
  /// without another face check. A picture of it is worth nothing then.
  static let codeMinutes: Int64 = 30
  /// Pixels to an inch at which its code is sharp: 1,512 × 1,002 pixels.
  static let dotsPerInch = 240.0
}

extension PermitFace {
  private static let page = Size(width: 160, height: 106)
  private static let ink = Colour(22, 30, 46)
  private static let label = TextStyle(.hei, points: 9, colour: Colour(74, 98, 138))
    .with(\.leading, 1.3)
  private static let value = TextStyle(.hei, points: 11.5, colour: Self.ink)
    .with(\.leading, 1.3)

  /// The face, one picture. Throws `DocumentError` for a code out of bounds.
  func document() throws(DocumentError) -> Document {
    let code = try QRCode(self.codeText, correction: .medium)
    return Document(
      title: PaperLabels.permit,
      page: PageFormat(size: Self.page, sideMargin: 0, topMargin: 0, bottomMargin: 0),
      background: self.background,
      frames: self.headFrames + self.photoFrames + self.dataFrames + self.codeFrames(code))
  }

  private var headFrames: [Frame] {
    let title = TextStyle(.song, points: 22, isBold: true, colour: .white)
      .with(\.tracking, 0.18).with(\.leading, 1.1)
    let kind = TextStyle(.hei, points: 10, colour: Colour(214, 226, 246), alignment: .right)
    return [
      Frame(
        Area(x: 9, y: 0, width: 110, height: 16), [.text(PaperLabels.permit, title)],
        vertical: .middle),
      Frame(
        Area(x: 111, y: 0, width: 40, height: 16), [.text(PaperLabels.electronic, kind)],
        vertical: .middle),
    ]
  }

  private var photoFrames: [Frame] {
    guard let photo = self.holder.photo else { return [] }
    return [
      Frame(
        Area(x: 9, y: 21, width: 30, height: 37),
        [.figure(.picture(photo, Size(width: 30, height: 37)), .centre)])
    ]
  }

  private var dataFrames: [Frame] {
    let holder = self.holder
    let permit = self.permit
    let top: [Block] = [
      Self.line(PaperLabels.name, holder.name),
      .columns(
        [
          Column(1, [Self.line(PaperLabels.sex, holder.sex.chinese, 0.42)]),
          Column(1, [Self.line(PaperLabels.ethnicity, holder.ethnicity, 0.22)]),
        ], gap: 0),
      Self.line(PaperLabels.birth, holder.birthOn.chinese),
      Self.line(PaperLabels.citizenID, holder.citizenID),
      Self.line(PaperLabels.householdShort, holder.household),
    ]
    let bottom: [Block] = [
      Self.line(PaperLabels.residence, permit.residence, 0.2),
      Self.line(PaperLabels.bureau, permit.bureau, 0.2),
      .columns(
        [
          Column(1, [Self.line(PaperLabels.issuedOn, permit.term.issuedOn.chinese, 0.4)]),
          Column(1, [Self.line(PaperLabels.validTo, permit.term.validToOn.chinese, 0.36)]),
        ], gap: 0),
    ]
    return [
      Frame(
        Area(x: 45, y: 20, width: 108, height: 40), top, vertical: .middle, shrinksTo: 0.4),
      Frame(
        Area(x: 9, y: 66, width: 104, height: 30), bottom, vertical: .middle, shrinksTo: 0.4),
    ]
  }

  /// A label `part` of its width wide, and what it is of beside it.
  private static func line(_ label: String, _ value: String, _ part: Double = 0.21) -> Block {
    .columns(
      [
        Column(part, [.text(label, Self.label.with(\.leading, 1.68))]),
        Column(1 - part, [.text(value, Self.value)]),
      ], gap: 0)
  }

  private func codeFrames(_ code: QRCode) -> [Frame] {
    let small = TextStyle(.hei, points: 7.5, colour: Colour(90, 102, 124), alignment: .centre)
    let foot = small.with(\.alignment, .left).with(\.points, 7)
    let status = TextStyle(
      .hei, points: 9.5, isBold: true, colour: .white, alignment: .centre
    ).with(\.leading, 1)
    return [
      Frame(
        Area(x: 117, y: 61, width: 36, height: 36),
        [.figure(.code(code, side: 36), .centre)]),
      Frame(
        Area(x: 9, y: 98.5, width: 104, height: 5),
        [.text(self.permit.certificateIdentifier, foot)], vertical: .middle, shrinksTo: 0.6),
      Frame(
        Area(x: 113, y: 98.5, width: 44, height: 5),
        [.text("\(PaperLabels.shownAt) \(self.shownAt.shanghaiText)", small)],
        vertical: .middle, shrinksTo: 0.6),
      Frame(
        self.statusArea, [.text(self.permit.status.label, status)], vertical: .middle,
        shrinksTo: 0.8),
    ]
  }

  private var statusArea: Area { Area(x: 9, y: 58, width: 30, height: 5) }

  private var background: [Shape] {
    let whole = Area(x: 0, y: 0, width: Self.page.width, height: Self.page.height)
    let head = Area(x: 0, y: 0, width: Self.page.width, height: 16)
    let wave = Rule(points: 0.35, colour: Colour(206, 219, 240))
    return [
      .rectangle(whole, fill: Colour(244, 248, 254)),
      .waves(Area(x: 0, y: 16, width: 160, height: 90), count: 16, line: wave),
      .rectangle(head, fill: Colour(28, 74, 148)),
      .rectangle(self.statusArea, radius: 1, fill: self.statusColour),
    ]
  }

  private var statusColour: Colour {
    switch self.permit.status {
    case .valid: Colour(22, 128, 74)
    case .endorsementWindow, .endorsementPending: Colour(196, 118, 10)
    case .suspended: Colour(190, 20, 30)
    }
  }
}
