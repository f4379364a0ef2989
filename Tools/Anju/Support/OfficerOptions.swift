import ArgumentParser
import RPC
import ToolKit

/// The options of a command that an officer gives.
struct OfficerOptions: ParsableArguments {
  @Option(help: "The officer's id.")
  var officer: String

  @Option(help: "The officer's office: 12 digits.")
  var office: String

  @Option(help: "The officer's role: accept, review or approve.")
  var role: StageName

  var identity: Caller {
    .officer(self.officer, office: self.office, role: self.role.rawValue)
  }
}

/// The options of a command that the head of an office gives.
struct HeadOptions: ParsableArguments {
  @Option(help: "The head's id.")
  var head: String

  @Option(help: "The head's office: 12 digits.")
  var office: String

  var identity: Caller { .officer(self.head, office: self.office, role: "head") }
}
