import DomainModel
import RPC
import ServiceCore
import Testing

struct CallSlotsTests {
  private static let full = ServiceError(.overloaded, retryDelayMs: CallSlots.retryDelayMs)
  private static let platform = Caller(kind: .integrator, id: "zhelibanapp")
  private let slots = CallSlots(CallLimits(total: 4, ofApplicant: 2, ofOthers: 3))

  private func applicant(_ id: String) -> Caller { Caller(kind: .applicant, id: id) }

  @Test func `one caller does not take them all`() throws {
    try self.slots.take(for: self.applicant("wang"))
    try self.slots.take(for: self.applicant("wang"))
    #expect(throws: Self.full) { try self.slots.take(for: self.applicant("wang")) }
    try self.slots.take(for: self.applicant("li"))
    for _ in 0..<2 { self.slots.giveBack(by: self.applicant("wang")) }
    for _ in 0..<3 { try self.slots.take(for: Self.platform) }
    #expect(throws: Self.full) { try self.slots.take(for: Self.platform) }
  }

  @Test func `all callers together take no more than there are, and get what is given back`()
    throws
  {
    for id in ["wang", "wang", "li", "li"] { try self.slots.take(for: self.applicant(id)) }
    #expect(throws: Self.full) { try self.slots.take(for: self.applicant("zhao")) }
    self.slots.giveBack(by: self.applicant("li"))
    try self.slots.take(for: self.applicant("zhao"))
  }
}
