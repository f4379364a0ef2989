import Crypto
import DomainModel
import Papers
import Storage

/// A case's file as one archive: record, form, history, papers, and a manifest of them all.
struct CaseArchive: Sendable {
  let file: CaseFile
  /// The papers that there are, by their file's name.
  let papers: [(name: String, paper: UnmadePaper)]

  /// The archive; the same file gives the same bytes.
  func bytes(_ printer: PaperPrinter) throws -> [UInt8] {
    let endedAt = self.file.application.changedAt
    var entries: [(name: String, content: [UInt8])] = [
      ("record.tsv", Array(self.file.record.text.utf8)),
      ("form.bin", self.file.application.form?.bytes ?? []),
      ("history.tsv", Array(self.history.utf8)),
      ("deliveries.tsv", Array(self.deliveries.utf8)),
    ]
    for (name, paper) in self.papers {
      entries.append((name, try printer.pdf(of: paper.make(), createdAt: paper.at)))
    }
    let manifest = try self.manifest(of: entries)
    var tar = TarWriter(modifiedAt: endedAt.milliseconds / 1_000)
    tar.add("manifest.tsv", Array(manifest.utf8))
    for entry in entries { tar.add(entry.name, entry.content) }
    tar.finish()
    return tar.bytes
  }

  /// A line a file: name, bytes, SHA-256, SM3; before them what was sealed and when.
  private func manifest(of entries: [(name: String, content: [UInt8])]) throws -> String {
    let submission = self.file.application.submission
    let sealedAt = self.file.sealedAt.map { String($0.milliseconds) } ?? ""
    var lines = [
      "application_number\t\(submission?.number ?? "")",
      "sealed_at_ms\t\(sealedAt)", "sealed_record_sha256\t\(Hex.encode(self.file.sha256))",
      "file\tbytes\tsha256\tsm3",
    ]
    for (name, content) in entries {
      let sha256 = Hex.encode(try DigestAlgorithm.sha256.digest(content))
      let sm3 = Hex.encode(try DigestAlgorithm.sm3.digest(content))
      lines.append("\(name)\t\(content.count)\t\(sha256)\t\(sm3)")
    }
    return lines.map { "\($0)\n" }.joined()
  }

  /// Who did what and when; a line each.
  private var history: String {
    let head = "sequence\tat_ms\tactor\trole\toffice\taction\tdetail\n"
    return head
      + self.file.history.map { entry in
        [
          String(entry.sequence), String(entry.at.milliseconds), entry.actor, entry.role,
          entry.office, entry.action, entry.detail,
        ].map(CaseRecord.oneLine).joined(separator: "\t") + "\n"
      }.joined()
  }

  /// How each statutory notice was served, and what failed of other texts; a line each.
  private var deliveries: String {
    let head =
      "message_id\ttemplate\tversion\tstatutory\tstate\tenqueued_at_ms\tsubmitted_at_ms\t"
      + "ended_at_ms\tlast_error\n"
    return head
      + self.file.deliveries.map { delivery in
        [
          delivery.messageID, delivery.templateID, String(delivery.templateVersion),
          delivery.isStatutory ? "yes" : "no", delivery.state.rawValue,
          String(delivery.enqueuedAt.milliseconds),
          delivery.submittedAt.map { String($0.milliseconds) } ?? "",
          delivery.endedAt.map { String($0.milliseconds) } ?? "", delivery.lastError,
        ].map(CaseRecord.oneLine).joined(separator: "\t") + "\n"
      }.joined()
  }
}
