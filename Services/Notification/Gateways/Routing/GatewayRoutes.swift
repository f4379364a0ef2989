package import DomainModel

/// Which gateways carry which numbers, in the order of preference.
package struct GatewayRoutes: Hashable, Sendable {
  /// Numbers that begin so, and who carries them.
  package struct Route: Hashable, Sendable {
    /// The first digits; empty for every number.
    package let prefix: String
    /// Names of gateways, the preferred one first.
    package let gateways: [String]

    /// A route.
    package init(prefix: String, gateways: [String]) {
      self.prefix = prefix
      self.gateways = gateways
    }
  }

  /// Every route, the longest prefix first.
  package let routes: [Route]

  /// The routes.
  package init(_ routes: [Route]) {
    self.routes = routes.sorted { $0.prefix.utf8.count > $1.prefix.utf8.count }
  }

  /// Who carries a number: what the longest fitting prefix says; none where no route fits.
  package func gateways(for phone: PhoneNumber) -> [String] {
    self.routes.first { phone.text.hasPrefix($0.prefix) }?.gateways ?? []
  }
}
