public import DomainModel
public import Papers
public import RPC
public import ServiceCore

/// What the registry reaches of the world beside its parts: keys, threads, and the peers it calls.
public struct RegistryEffects: Sendable {
  /// Finds persons, and makes the codes of presentations.
  public var blindIndex: any BlindIndex
  /// Signs certificates, codes and heads.
  public var signer: any PermitSigner
  /// Where signatures that somebody shows are checked.
  public var checks: any WorkPool
  /// Prints papers.
  public var press: PaperPress
  /// Has holders told.
  public var notification: any RPCChannel
  /// Hears of persons whose applications have nothing left to decide.
  public var intake: any RPCChannel
  /// Who is told of every change.
  public var feeds: [FeedSink]

  /// All of it.
  public init(
    blindIndex: any BlindIndex, signer: any PermitSigner, checks: any WorkPool, press: PaperPress,
    notification: any RPCChannel, intake: any RPCChannel, feeds: [FeedSink] = []
  ) {
    self.blindIndex = blindIndex
    self.signer = signer
    self.checks = checks
    self.press = press
    self.notification = notification
    self.intake = intake
    self.feeds = feeds
  }
}
