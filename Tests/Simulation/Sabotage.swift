import RPC
import Storage

extension SimulatedRun {
  /// What is broken on purpose, to see that it would be found out: what no service and nothing
  /// around it may do.
  public enum Sabotage: String, Hashable, Sendable, CaseIterable {
    /// A crash takes the last acknowledged transaction with it.
    case storesForget = "stores-forget"
    /// A process that starts knows no call that was answered before.
    case inboxesForget = "inboxes-forget"
    /// No call that was answered is remembered, so each repeat is done anew.
    case inboxesStayEmpty = "inboxes-stay-empty"
    /// A change is made that the history does not know of.
    case historiesForget = "histories-forget"
    /// An application is completed by its acceptance.
    case statesJump = "states-jump"
    /// A person's submitted application is not found by his number.
    case personsAreForgotten = "persons-are-forgotten"
    /// An acknowledged opinion is not kept, so that the next officer signs the same.
    case opinionsAreUndone = "opinions-are-undone"
    /// A message is parked although nobody has refused it.
    case outboxesPark = "outboxes-park"
    /// What the registry owes is forgotten.
    case outboxesForget = "outboxes-forget"
    /// A change is made that the log does not know of.
    case logsForget = "logs-forget"
    /// An entry that has its leaf gets another one.
    case leavesMove = "leaves-move"
    /// A watcher is told of an older version after a newer one.
    case watchesGoBack = "watches-go-back"
    /// The gateway loses texts that it has taken.
    case gatewaysLose = "gateways-lose"
    /// The gateway does not know a text that comes twice.
    case gatewaysRepeat = "gateways-repeat"
  }
}

extension SimulatedRun.Sabotage {
  /// What is done to a service's database each time its process starts.
  func statements(for name: ServiceName) -> [SQL] {
    switch (self, name) {
    case (.inboxesForget, _): ["DELETE FROM inbox"]
    case (.inboxesStayEmpty, _): Self.trigger("INSERT ON inbox", "DELETE FROM inbox")
    case (.historiesForget, .intake):
      Self.trigger(
        "INSERT ON history", when: "NEW.action = 'accepted'",
        "DELETE FROM history WHERE entity = NEW.entity AND sequence = NEW.sequence")
    case (.statesJump, .intake):
      Self.trigger(
        "UPDATE OF state ON application", when: "NEW.state = 'accepted'",
        "UPDATE application SET state = 'completed' WHERE application_id = NEW.application_id")
    case (.personsAreForgotten, .intake):
      Self.trigger(
        "UPDATE OF state ON application", when: "NEW.state = 'submitted'",
        "UPDATE application SET person_id = NULL WHERE application_id = NEW.application_id")
    case (.opinionsAreUndone, .approval):
      Self.trigger(
        "INSERT ON opinion", when: "NEW.stage = 'accept' AND NEW.officer_id LIKE '%1'",
        """
        UPDATE approval_case SET version = version - 1, state = 'awaiting_acceptance'
        WHERE case_id = NEW.case_id;
        DELETE FROM opinion WHERE case_id = NEW.case_id AND stage = NEW.stage
        """)
    case (.outboxesPark, .intake):
      Self.trigger(
        "INSERT ON outbox", when: "NEW.id % 7 = 0",
        "UPDATE outbox SET parked_at = created_at WHERE id = NEW.id")
    case (.outboxesForget, .registry):
      Self.trigger("INSERT ON outbox", "DELETE FROM outbox WHERE id = NEW.id")
    case (.logsForget, .registry):
      Self.trigger("INSERT ON log_entry", "DELETE FROM log_entry WHERE id = NEW.id")
    case (.leavesMove, .registry):
      Self.trigger(
        "UPDATE OF leaf_index ON log_entry", when: "NEW.leaf_index = 0",
        "UPDATE log_entry SET leaf_index = 1000 WHERE id = NEW.id")
    default: []
    }
  }

  private static func trigger(_ event: String, when: String = "1", _ body: String) -> [SQL] {
    [
      SQL(
        stringLiteral:
          "CREATE TRIGGER IF NOT EXISTS sabotage AFTER \(event) WHEN \(when) BEGIN \(body); END")
    ]
  }
}
