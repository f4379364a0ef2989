import ArgumentParser
import Foundation
import ToolKit
import Wire

extension Upload {
  /// A material of a form, read from its file beside it.
  init(_ material: FormFile.Material, in folder: URL) throws {
    let url = folder.appendingPathComponent(material.file)
    guard let data = FileManager.default.contents(atPath: url.path) else {
      throw ValidationError("\(url.path) cannot be read.")
    }
    guard (1...Self.bytesMax).contains(data.count) else {
      throw ValidationError("\(url.path) has \(data.count) bytes; 1 to \(Self.bytesMax) go.")
    }
    self.init(
      kind: try known(material.kind, "kind"),
      evidence: try material.evidence.map { try known($0, "evidence") } ?? .unspecified,
      bytes: Array(data))
  }
}
