import Documents
import DomainModel
import Papers

/// A receipt, a notice or a decision: a title, whom it is for, what is said, and the office with
/// its seal and the day.
struct NoticePaper: Hashable, Sendable {
  let title: String
  let number: String
  /// Whom it is for.
  let addressee: String
  /// Paragraphs and numbered lists, in order.
  let body: [Part]
  let office: PaperFacts.SignedOffice
  let at: Timestamp

  enum Part: Hashable, Sendable {
    case paragraph(String)
    /// Numbered from 1.
    case list([String])
  }

  private static let list = PaperStyles.prose.with(\.indent, 0).with(\.alignment, .left)

  /// As many pages of A4 as it takes. Throws `DocumentError` for a seal out of bounds.
  func document() throws(DocumentError) -> Document {
    var blocks: [Block] = [
      .text(self.title, PaperStyles.title), .space(3),
      .text("\(PaperWords.number)：\(self.number)", PaperStyles.number), .space(4),
      .text("\(self.addressee)：", PaperStyles.prose.with(\.indent, 0)),
    ]
    for part in self.body {
      switch part {
      case .paragraph(let text): blocks.append(.text(text, PaperStyles.prose))
      case .list(let items):
        for (index, item) in items.enumerated() {
          blocks.append(.text("　　\(index + 1)．\(item)", Self.list))
        }
      }
    }
    return Document(
      title: self.title, blocks: blocks + [.space(8), try self.foot()],
      footer: Footer(PaperWords.footer, style: PaperStyles.footer))
  }

  /// The office and the day on the right, under its seal.
  private func foot() throws(DocumentError) -> Block {
    let signed: [Block] = [
      .space(10), .text(self.office.name, PaperStyles.office),
      .text(CivilDate(of: self.at).chinese, PaperStyles.office), .space(10),
    ]
    var block = Block.together(signed)
    if !self.office.seal.isEmpty {
      let seal = try Seal(text: self.office.seal, purposes: PaperWords.sealPurposes)
      block = .stamped(
        signed, .seal(seal, diameter: PaperStyles.sealDiameter), at: Block.Place(x: 0.5, y: 0.5))
    }
    return .together([.columns([Column(72, []), Column(90, [block])], gap: 0)])
  }
}
