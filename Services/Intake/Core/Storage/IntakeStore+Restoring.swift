import DomainModel
import ServiceCore
import Storage

extension IntakeStore {
  /// Records a lost application as its case knows it: a new row, or what became of the draft that
  /// is there. One that is submitted stays as it is.
  func restore(_ transaction: Transaction, _ lost: LostApplication, _ stamp: Stamp) throws {
    if try !transaction.exists("SELECT 1 FROM application WHERE application_id = \(lost.id)") {
      try self.insert(transaction, lost.draft(of: stamp.actor.principal))
    }
    let before = try self.application(transaction, .id(lost.id), within: .everything)
    guard let step = try before.restored(lost, at: stamp.now) else { return }
    try self.write(transaction, Step(from: before, to: step.next, step.event), stamp)
    let known = Set(before.materials.map(\.id))
    for material in lost.materials where !known.contains(material.id) {
      try self.replace(transaction, material, in: lost.id)
    }
  }
}
