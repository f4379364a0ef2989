import DomainModel
import NotificationGateways
import TestSupport
import Testing

struct GatewayHealthTests {
  private static let start = FakeClock().now()
  private static func at(_ milliseconds: Int64) -> Timestamp {
    Self.start.adding(milliseconds: milliseconds)
  }

  @Test func `traffic leaves after errors in a row and comes back after a trial`() {
    var health = GatewayHealth(FailoverSettings())
    for _ in 0..<4 { health.failed(Self.start) }
    health.sent(Self.start)
    for _ in 0..<4 { health.failed(Self.start) }
    #expect(health.state == .healthy, "one that went well begins anew")
    health.failed(Self.start)
    #expect(health.state == .away(.errors, until: Self.at(30_000)))
    #expect(health.takesNext(Self.at(29_999)) == false)
    let given = (0..<5).map { _ in health.takesNext(Self.at(30_000)) }
    #expect(given == [true, true, true, false, false])
    health.sent(Self.at(30_100))
    health.sent(Self.at(30_100))
    #expect(health.takesNext(Self.at(30_100)) == false)
    health.sent(Self.at(30_100))
    #expect(health.state == .healthy)
  }

  @Test func `one failure on trial sends traffic away again`() {
    var health = GatewayHealth(FailoverSettings())
    for _ in 0..<5 { health.failed(Self.start) }
    #expect(health.takesNext(Self.at(30_000)) == true)
    health.failed(Self.at(31_000))
    #expect(health.state == .away(.errors, until: Self.at(61_000)))
  }

  @Test func `a trial that nobody answers for begins anew`() {
    var health = GatewayHealth(FailoverSettings())
    for _ in 0..<5 { health.failed(Self.start) }
    for _ in 0..<3 { #expect(health.takesNext(Self.at(30_000)) == true) }
    #expect(health.takesNext(Self.at(179_999)) == false)
    #expect(health.takesNext(Self.at(180_000)) == true)
  }

  @Test func `traffic leaves when more than half of the receipts are late`() {
    var health = GatewayHealth(FailoverSettings())
    for index in 0..<20 { health.receipt(isLate: index % 2 == 0, Self.start) }
    #expect(health.state == .healthy)
    // The oldest late one goes, and two late ones come.
    for _ in 0..<2 { health.receipt(isLate: true, Self.start) }
    #expect(health.state == .away(.receipts, until: Self.at(30_000)))
    #expect(health.takesNext(Self.at(30_000)) == true)
    health.sent(Self.at(30_000))
    for _ in 0..<3 { health.receipt(isLate: false, Self.at(31_000)) }
    #expect(health.state == .healthy, "only receipts show that receipts come again")
  }

  @Test func `a receipt is in time, late or early`() {
    var watch = ReceiptWatch(receiptMs: 1_000)
    #expect(watch.came("early") == nil)
    #expect(watch.sent("early", Self.start) == false)
    #expect(watch.sent("a", Self.start) == nil)
    #expect(watch.sent("b", Self.start) == nil)
    #expect(watch.came("a") == false)
    #expect(watch.came("a") == nil, "twice says nothing")
    #expect(watch.becameLate(Self.at(999)) == 0)
    #expect(watch.becameLate(Self.at(1_000)) == 1)
    #expect(watch.becameLate(Self.at(9_000)) == 0)
  }

  @Test func `whatever comes, a bounded number of receipts is remembered`() {
    var watch = ReceiptWatch(receiptMs: 1_000)
    // The first is never answered, so the others stand behind it.
    _ = watch.sent("silent", Self.start)
    for number in 0..<20_000 {
      _ = watch.sent("\(number)", Self.start)
      #expect(watch.came("\(number)") == false)
      _ = watch.came("nobody's \(number)")
    }
    #expect(watch.rememberedCount <= 2 * ReceiptWatch.watchedMax + ReceiptWatch.earlyMax)
    #expect(watch.becameLate(Self.at(1_000)) == 1)
  }
}
