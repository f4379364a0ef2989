public import DomainModel

/// What a dispatcher does with messages: how to send one, and what an answer changes at home.
public struct OutboxEffects: Sendable {
  /// Sends a message and returns the encoded reply. It throws `ServiceError`; one that
  /// `meansLater` is tried again, any other is the receiver's decision. It ends within the lease,
  /// by a deadline of its own.
  public typealias Send = @Sendable (OutboxMessage) async throws -> [UInt8]
  /// What a reply changes, in the transaction that removes the message.
  public typealias Answer = @Sendable (Transaction, OutboxMessage, [UInt8]) throws -> Void
  /// What a refusal changes, in the transaction that removes the message.
  public typealias Refusal = @Sendable (Transaction, OutboxMessage, ServiceError) throws -> Void

  let send: Send
  /// Where messages go, each with gauges of its own.
  let destinations: Set<String>
  private(set) var answers: [String: Answer] = [:]
  private(set) var refusals: [String: Refusal] = [:]

  /// Effects that only send. `destinations` are those that `send` knows; what goes elsewhere is
  /// counted together.
  public init(to destinations: Set<String> = [], send: @escaping Send) {
    self.destinations = destinations
    self.send = send
  }

  /// Registers what the reply of a method (its path) changes.
  public mutating func onAnswer(_ method: String, _ answer: @escaping Answer) {
    precondition(self.answers[method] == nil, "\(method): its answer is handled twice")
    self.answers[method] = answer
  }

  /// Registers what a refusal of a method (its path) changes: the receiver decided against this
  /// content. Without one, the message is parked and its lane stands still until a person looks. A
  /// receiver that does not know the method or the caller has decided nothing: it is asked again.
  public mutating func onRefusal(_ method: String, _ refusal: @escaping Refusal) {
    precondition(self.refusals[method] == nil, "\(method): its refusal is handled twice")
    self.refusals[method] = refusal
  }
}
