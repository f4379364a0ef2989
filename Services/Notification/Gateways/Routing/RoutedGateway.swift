/// A gateway that a router may choose.
package protocol RoutedGateway: MessageGateway {
  /// Whether messages can be handed over now.
  var isConnected: Bool { get }
}

extension FileGateway: RoutedGateway {
  /// Always: a file has no connection.
  package var isConnected: Bool { true }
}
