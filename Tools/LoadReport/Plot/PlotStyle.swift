/// How a curve is told from others: by its colour, and by its dashes for those who do not see
/// colours or print without.
struct PlotStyle {
  /// The colour, as CSS has it.
  let colour: String
  /// The lengths of dash and gap; `none` for a whole line.
  let dashes: String

  /// The styles, one a curve, of colours that the colour-blind tell apart (Okabe and Ito 2008).
  static let all = [
    PlotStyle(colour: "#0072b2", dashes: "none"), PlotStyle(colour: "#d55e00", dashes: "none"),
    PlotStyle(colour: "#009e73", dashes: "9 3"), PlotStyle(colour: "#cc79a7", dashes: "9 3"),
    PlotStyle(colour: "#e69f00", dashes: "3 3"), PlotStyle(colour: "#333333", dashes: "3 3"),
  ]

  /// What grid, axes and limits look like.
  static let sheet: StaticString = """
    .grid{stroke:#dde2e6}.axis{stroke:#5a6570}text{fill:#3a444d}\
    line.limit{stroke:#b3261e;stroke-dasharray:7 4;stroke-width:1.5}\
    line.border{stroke:#1b7f4b;stroke-dasharray:7 4;stroke-width:1.5}\
    text.border{fill:#1b7f4b}text.limit{fill:#b3261e}\
    text.limit,text.border{paint-order:stroke;stroke:#ffffff;stroke-width:4px}
    """
}
