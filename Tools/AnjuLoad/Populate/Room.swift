import ServiceKit
import ToolKit

/// Whether there is room for what is to be made, told before anything is.
struct Room {
  let need: SpaceNeed
  let stores: UnfinishedStores

  /// Says what is needed and what there is; throws `Unprepared` where it is too little, or where
  /// nobody can say.
  func check(_ output: Output) throws {
    let plan = self.need.plan
    output.failure(
      "\(plan.persons) persons, \(plan.holders) of them with a permit, need about "
        + "\(SpaceNeed.gigabytes(self.need.sqliteBytes)) in "
        + self.stores.folders.joined(separator: ", "))
    for folder in self.stores.folders {
      guard let free = SpaceNeed.free(at: folder) else {
        throw Unprepared("how much room there is for \(folder) cannot be found out")
      }
      output.failure("\(SpaceNeed.gigabytes(free)) are free there")
      guard free >= self.need.sqliteBytes else {
        throw Unprepared("that is too little: make room, or populate fewer persons")
      }
    }
    let servers = self.stores.services.filter { $0.settings.store.engine == .postgres }
    guard !servers.isEmpty else { return }
    output.failure(
      "and about \(SpaceNeed.gigabytes(self.need.postgresBytes)) on the server of "
        + servers.map(\.place).joined(separator: ", ")
        + "; a server does not tell how much room it has: look there yourself")
  }
}
