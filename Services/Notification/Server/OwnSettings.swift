import DomainModel
import NotificationCore
import ServiceKit

/// The queue's own settings.
struct OwnSettings: Sendable {
  var gateway: GatewaySettings
  var queuedMax: Int
  var delivery = DeliverySettings()

  init(_ reader: inout SettingsReader) {
    self.gateway = GatewaySettings(&reader)
    self.queuedMax = reader.number(
      "queue.max", default: 20_000_000, in: 1_000...1_000_000_000,
      "how many messages may wait at most; more are refused")
    self.delivery.concurrencyMax = reader.number(
      "delivery.concurrency", default: self.delivery.concurrencyMax, in: 1...512,
      "how many messages are with the gateway at the same time")
    self.delivery.retries.triesMax = reader.number(
      "delivery.tries", default: self.delivery.retries.triesMax, in: 1...100,
      "after how many failed tries a message is a dead letter")
    let codes = reader.optionalText(
      "delivery.passing.codes",
      "what a receipt's code begins with where the text is sent again, with commas between")
    self.delivery.retries.passingCodes = (codes ?? "").split(separator: ",").map(String.init)
    self.delivery.retries.receiptWaitMs =
      Int64(
        reader.number(
          "delivery.receipt.hours", default: 76, in: 1...720,
          "for how long a receipt is waited for")) * 3_600_000
    for mobileOperator in MobileOperator.allCases {
      self.delivery.ratesPerSecond[mobileOperator] = reader.number(
        "rate.\(mobileOperator.rawValue)", default: 0, in: 0...100_000,
        "how many messages a second this process sends to the operator's numbers; 0 for any")
    }
  }
}
