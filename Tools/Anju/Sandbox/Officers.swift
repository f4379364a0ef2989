import ArgumentParser
import DomainModel
import ToolKit
import Wire

/// Plays the officers of a sandbox.
struct Officers: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Play the officers: sign whatever waits for an opinion, until Ctrl-C.",
    discussion: """
      Every case passes unless a script says otherwise, line by line: who (a citizen number, an \
      application number or *), stage, decision, reasons (CODE=text, with " | " between, or -), \
      with tabs between. The first opinion on a case at a stage takes the first line that fits, \
      the second the second; after the last, it passes. Officers of all offices sign, so it needs \
      services that believe the development key.
      """)

  @Option(help: "The script's file.")
  var script: String?

  @Flag(help: "Stop when nothing waits any more.")
  var once = false

  @Option(help: "How long to rest between two looks, in milliseconds.")
  var pause = 1_000

  @OptionGroup var addresses: Addresses

  func validate() throws {
    guard (10...3_600_000).contains(self.pause) else {
      throw ValidationError("--pause is 10 to 3600000 milliseconds.")
    }
  }

  func run() async throws {
    let script = try self.readScript()
    let output = Output(json: self.addresses.json)
    try await self.addresses.withServices { services in
      let officer = AutomaticOfficer(services: services, script: script)
      while true {
        let signed = try await officer.decideOnce()
        for each in signed {
          try output.show(
            each, "\(each.applicationNumber)  \(each.stage)  \(each.decision) → \(each.state)")
        }
        if self.once && signed.isEmpty { return }
        try await Task.sleep(for: .milliseconds(self.pause))
      }
    }
  }

  private func readScript() throws -> OfficerScript {
    let bytes = try InputFile.bytes(self.script, max: OfficerScript.bytesMax)
    guard let bytes else { return OfficerScript() }
    guard bytes.count <= OfficerScript.bytesMax, let text = String(validating: bytes, as: UTF8.self)
    else { throw ValidationError("The script is too long, or is not UTF-8.") }
    return try OfficerScript(text: text)
  }
}
