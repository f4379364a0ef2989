/// What every page says, whatever the run.
enum PageWords {
  /// A whole page. Its policy forbids scripts and everything from outside.
  static func page(title: String, lead: String, _ sections: [Markup]) -> String {
    let head = Markup.tag(
      "head", [:],
      [
        .tag("meta", ["charset": "utf-8"]),
        .tag(
          "meta",
          [
            "http-equiv": "Content-Security-Policy",
            "content": "default-src 'none'; style-src 'unsafe-inline'",
          ]),
        .tag("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        .tag("title", text: title), .style(self.sheet),
      ])
    let body = Markup.tag(
      "body", [:],
      [.tag("h1", text: title), .tag("p", ["class": "lead"], text: lead)] + sections)
    var out = "<!DOCTYPE html>\n"
    Markup.tag("html", ["lang": "en", "xmlns": "http://www.w3.org/1999/xhtml"], [head, body])
      .write(to: &out)
    return out + "\n"
  }

  /// What a page comes to, before everything else. `kind` is `held`, `broken` or `unmeasured`.
  static func verdict(_ kind: String, headline: String, sentences: [String]) -> Markup {
    .tag(
      "section", ["class": "verdict \(kind)"],
      [.tag("p", ["class": "headline"], text: headline)] + sentences.map { .tag("p", text: $0) })
  }

  /// A part of the page under a heading.
  static func section(_ heading: String, _ content: [Markup]) -> Markup {
    .tag("section", [:], [.tag("h2", text: heading)] + content)
  }

  static let overTime =
    "99 of 100 calls that were to start in a second were answered within what the curve shows "
    + "there. Each line up is ten times as long as the one below it."

  static let byShare =
    "At 99 % the curve shows within what time 99 of 100 calls were answered. To the right, each "
    + "step is ten times rarer; its end is the slowest call of all."

  /// The words that a reader may not know.
  static var explanations: Markup {
    let words = [
      (
        "latency",
        "The time from the moment at which a call was to start to its answer. If the system stood "
          + "still, what callers had to wait until it took their call counts too."
      ),
      ("p50, p99, p99.9", "The latency that 50, 99, 99.9 of 100 calls were at or below."),
      (
        "failed",
        "The call had no answer in its time, or another one than was wanted. The latency of a "
          + "refusal does not count among the latencies; that of a call without answer does."
      ),
      (
        "waits for the disk",
        "How often a service waited until its disk had made something durable (fsync). One wait "
          + "may serve many calls."
      ),
    ]
    return self.section(
      "Words",
      [.tag("dl", [:], words.flatMap { [.tag("dt", text: $0.0), .tag("dd", text: $0.1)] })])
  }

  /// How the page looks, on a screen and on paper.
  static let sheet: StaticString = """
    body{font:16px/1.5 system-ui,sans-serif;color:#1c2126;max-width:960px;margin:2em auto;\
    padding:0 1em}h1{font-size:1.7em;margin:0}h2{font-size:1.2em;margin:2em 0 .4em}\
    .lead{color:#5a6570;margin:.2em 0 1.2em}.note{color:#5a6570;margin:.2em 0 .6em}\
    .verdict{border-left:8px solid;padding:.6em 1.2em;background:#f5f7f8}.verdict p{margin:.5em 0}\
    .held{border-color:#1b7f4b}.broken{border-color:#b3261e}.unmeasured{border-color:#8a6d00}\
    .headline{font-size:1.25em;font-weight:600}.wide{overflow-x:auto}\
    table{border-collapse:collapse;font-size:.92em;font-variant-numeric:tabular-nums}\
    th,td{text-align:left;padding:.3em .8em .3em 0;border-bottom:1px solid #dde2e6;\
    vertical-align:top}th{font-weight:600;color:#3a444d}.n{text-align:right;white-space:nowrap}\
    .good{color:#1b7f4b;font-weight:600;white-space:nowrap}\
    .bad{color:#b3261e;font-weight:600;white-space:nowrap}\
    .mono{font-family:ui-monospace,monospace;overflow-wrap:anywhere}\
    svg{display:block;width:100%;height:auto}.legend{margin:.3em 0}\
    .key{display:inline-block;margin-right:1.4em}\
    svg.swatch{display:inline-block;width:30px;height:8px;margin-right:.4em;vertical-align:middle}\
    dt{font-weight:600}dd{margin:0 0 .6em}\
    @media print{body{margin:0;max-width:none}section{break-inside:avoid}}
    """
}
