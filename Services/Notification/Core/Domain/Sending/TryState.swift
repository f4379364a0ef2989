import DomainModel

/// What is known of one try to send a message, or of one of its segments.
enum TryState: String, Hashable, Sendable, CaseIterable {
  /// The gateway has it and has not said anything.
  case running
  /// The provider has it.
  case submitted
  /// The handset has all of it.
  case delivered
  /// The provider or the network refused it.
  case failed
  /// Nobody knows whether the provider, or the handset, has it.
  case unknown
  /// The network gave it up when its time was over.
  case expired

  /// Which of two things that are said of one segment counts. The handset's word counts most and
  /// silence least, so that the order in which receipts come changes nothing.
  fileprivate var weight: Int {
    switch self {
    case .running: 0
    case .submitted: 1
    case .unknown: 2
    case .expired: 3
    case .failed: 4
    case .delivered: 5
    }
  }
}

/// What is known of one segment of a text in one try.
struct SegmentRecord: Hashable, Sendable {
  /// The provider's id; nil where it is not known.
  var providerID: String?
  private(set) var state: TryState
  /// The provider's own word; empty before the first receipt.
  private(set) var code: String
  /// When the receipt that counts was written, by the provider's clock.
  private(set) var receiptAt: Timestamp?
  /// How many receipts came.
  private(set) var receipts: Int

  /// A segment that a provider has, or may have.
  init(
    providerID: String?, state: TryState = .submitted, code: String = "",
    receiptAt: Timestamp? = nil, receipts: Int = 0
  ) {
    self.providerID = providerID
    self.state = state
    self.code = code
    self.receiptAt = receiptAt
    self.receipts = receipts
  }

  /// A receipt says how it fared.
  mutating func receive(_ state: TryState, code: String, at instant: Timestamp) {
    self.receipts += 1
    self.learn(state, code: code, at: instant)
  }

  /// It is known better how it fared.
  mutating func learn(_ state: TryState, code: String, at instant: Timestamp?) {
    guard state.weight > self.state.weight else { return }
    self.state = state
    self.code = code
    self.receiptAt = instant
  }
}

/// What the segments of a try say together.
struct TryVerdict: Hashable, Sendable {
  let state: TryState
  /// The word of the segment that decides; empty where it arrived.
  let code: String
  /// When the last of them arrived, or the one that decides did not.
  let at: Timestamp?

  /// The verdict over all segments of a text: it has arrived with its last one, and not if one of
  /// them has not.
  init(_ segments: [SegmentRecord]) {
    let lost =
      segments.first { $0.state == .failed } ?? segments.first { $0.state == .expired }
    if let lost {
      (self.state, self.code, self.at) = (lost.state, lost.code, lost.receiptAt)
    } else if !segments.isEmpty, segments.allSatisfy({ $0.state == .delivered }) {
      (self.state, self.code) = (.delivered, "")
      self.at = segments.compactMap(\.receiptAt).max()
    } else if let mute = segments.first(where: { $0.state == .unknown }),
      segments.allSatisfy({ [.unknown, .delivered].contains($0.state) })
    {
      (self.state, self.code, self.at) = (.unknown, mute.code, mute.receiptAt)
    } else {
      // While the provider's answer to one of them is missing, they say nothing.
      let isTaken = !segments.isEmpty && segments.allSatisfy { $0.providerID != nil }
      (self.state, self.code, self.at) = (isTaken ? .submitted : .running, "", nil)
    }
  }
}

extension TryVerdict {
  /// All of it has arrived, by a gateway that delivers by itself.
  init(deliveredAt instant: Timestamp) {
    self.init([SegmentRecord(providerID: nil, state: .delivered, receiptAt: instant)])
  }
}
