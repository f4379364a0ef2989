/// Papers read back by other people's programs.
public enum PaperReading {
  /// The text of a PDF, by `pdftotext`. `keepsPlaces` leaves words where they stand on the page.
  public static func text(ofPDF pdf: [UInt8], keepsPlaces: Bool = false) throws -> String {
    let run = try ExternalTool.run(
      "pdftotext", keepsPlaces ? "-layout" : "-raw", "-enc", "UTF-8", "paper.pdf", "-",
      files: ["paper.pdf": pdf])
    return run.text
  }

  /// The same without blanks and line feeds: a text that was broken into lines is whole again.
  public static func letters(ofPDF pdf: [UInt8]) throws -> String {
    try self.text(ofPDF: pdf).filter { !$0.isWhitespace }
  }

  /// Whether `qpdf --check` finds nothing wrong.
  public static func isSound(pdf: [UInt8]) throws -> Bool {
    try ExternalTool.run("qpdf", "--check", "paper.pdf", files: ["paper.pdf": pdf]).exitCode == 0
  }

  /// A PDF's first page as PNG, by `pdftoppm`.
  public static func png(ofPDF pdf: [UInt8], dotsPerInch: Int = 200) throws -> [UInt8] {
    let run = try ExternalTool.run(
      "pdftoppm", "-png", "-singlefile", "-r", "\(dotsPerInch)", "paper.pdf", "page",
      files: ["paper.pdf": pdf])
    return run.files["page.png"] ?? []
  }

  /// A PDF's first page as JPEG of this many pixels, by `pdftoppm`.
  public static func jpeg(ofPDF pdf: [UInt8], width: Int, height: Int) throws -> [UInt8] {
    let run = try ExternalTool.run(
      "pdftoppm", "-jpeg", "-singlefile", "-scale-to-x", "\(width)", "-scale-to-y", "\(height)",
      "paper.pdf", "page", files: ["paper.pdf": pdf])
    return run.files["page.jpg"] ?? []
  }

  /// The one code on a PNG, by `zbarimg`; nil if there is none.
  public static func code(onPNG png: [UInt8]) throws -> String? {
    let run = try ExternalTool.run(
      "zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", "page.png",
      files: ["page.png": png])
    return run.exitCode == 0 ? String(run.text.dropLast()) : nil
  }
}
