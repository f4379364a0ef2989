public import DomainModel
public import Logging
import Transport

/// Which gateways there are, and which numbers they carry, as an operator writes it down: a section
/// for each gateway, `[routes]` and `[failover]`. The service's README has every key.
public struct GatewayPlan: Sendable {
  /// The most gateways of a plan.
  public static let gatewaysMax = 16
  /// The longest name of a gateway; it stands in the ledger.
  public static let nameMax = 32

  /// Everything that is wrong with a plan.
  public struct Mistakes: Error, Hashable, Sendable, CustomStringConvertible {
    /// A sentence each, with its line.
    public let lines: [String]
    /// All of them.
    public var description: String { self.lines.joined(separator: "\n") }
  }

  /// How a gateway reaches its provider.
  enum Way: Hashable, Sendable {
    case file
    case smpp(SMPPAccount, CarrierSettings, isPrivateLine: Bool)
    case cmpp(CMPPAccount, CarrierSettings, isPrivateLine: Bool)
  }

  private enum Kind: String, CaseIterable {
    case file, smpp, cmpp
  }

  private(set) var ways: [(name: String, way: Way)] = []
  private(set) var routes = GatewayRoutes([])
  private(set) var failover = FailoverSettings()

  /// Reads a plan. `secret` reads the file that holds an account's secret.
  public init(text: String, secret: (String) throws -> String) throws(Mistakes) {
    var (sections, mistakes) = PlanSection.all(of: text)
    for index in sections.indices {
      switch sections[index].name {
      case "routes": break
      case "failover": self.failover = Self.failover(&sections[index])
      default: self.ways.append(Self.way(&sections[index], secret))
      }
    }
    for index in sections.indices {
      if sections[index].name == "routes" { self.routes = self.routes(&sections[index]) }
      sections[index].end()
    }
    mistakes += sections.flatMap(\.mistakes)
    if self.ways.isEmpty { mistakes.append("there is no gateway") }
    if self.ways.count > Self.gatewaysMax {
      mistakes.append("more than \(Self.gatewaysMax) gateways")
    }
    if !sections.contains(where: { $0.name == "routes" }) {
      mistakes.append("there is no [routes]")
    }
    guard mistakes.isEmpty else { throw Mistakes(lines: mistakes) }
  }

  /// The gateways of the plan as one. `file` makes the file gateway, if one is asked for.
  public func makeGateway(
    file: () throws -> FileGateway, time: any TimeSource, random: any RandomSource, logger: Logger
  ) throws -> any MessageGateway {
    let gateways = try self.ways.map { name, way -> any RoutedGateway in
      let parts = { (isPrivateLine: Bool) in
        CarrierParts(
          time: time, random: random, dialer: TCPDialer(isPrivateLine: isPrivateLine),
          logger: logger)
      }
      switch way {
      case .file: return try file()
      case .smpp(let account, let settings, let isPrivate):
        return CarrierGateway(name: name, SMPPDialect(account), settings, parts(isPrivate))
      case .cmpp(let account, let settings, let isPrivate):
        return CarrierGateway(name: name, CMPPDialect(account), settings, parts(isPrivate))
      }
    }
    return GatewayRouter(gateways, self.routes, self.failover, time: time, logger: logger)
  }
}

extension GatewayPlan {
  private static func way(
    _ section: inout PlanSection, _ secret: (String) throws -> String
  ) -> (name: String, way: Way) {
    let name = section.name
    let isName =
      (1...Self.nameMax).contains(name.utf8.count)
      && name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    if !isName { section.refuse("a gateway's name has 1 to 32 of a-z, 0-9 and -") }
    let hasKind = section.entries.contains { $0.key == "protocol" }
    if !hasKind { section.refuse("[\(name)] has no protocol") }
    switch section.choice("protocol", Kind.self) {
    case .smpp: return (name, Self.smpp(&section, secret))
    case .cmpp: return (name, Self.cmpp(&section, secret))
    case .file:
      // The file gateway bears that name in the ledger.
      if name != "file" { section.refuse("the gateway to a file is called [file]") }
      return (name, .file)
    case nil: return (name, .file)
    }
  }

  private static func smpp(
    _ section: inout PlanSection, _ secret: (String) throws -> String
  ) -> Way {
    var account = SMPPAccount(
      system: section.needed("account", max: 15),
      password: Self.secret(&section, max: 8, secret))
    account.systemType = section.text("system-type", max: 12) ?? ""
    account.serviceType = section.text("service-type", max: 5) ?? ""
    account.source.text = section.needed("source", max: 20)
    section.number("source-kind", &account.source.kind, 0...6)
    section.number("source-plan", &account.source.plan, 0...18)
    let digits = { (text: String) in text.utf8.allSatisfy { (48...57).contains($0) } ? text : nil }
    account.numberPrefix =
      section.take("number-prefix", "digits, or nothing", digits) ?? account.numberPrefix
    section.number("number-kind", &account.numberKind, 0...6)
    account.ids = section.choice("ids", SMPPMessageIDs.self) ?? account.ids
    let (settings, isPrivate) = Self.settings(&section, .smpp)
    return .smpp(account, settings, isPrivateLine: isPrivate)
  }

  private static func cmpp(
    _ section: inout PlanSection, _ secret: (String) throws -> String
  ) -> Way {
    var account = CMPPAccount(
      account: section.needed("account", max: 6),
      secret: Self.secret(&section, max: 64, secret), source: section.needed("source", max: 21))
    account.service = section.text("service", max: 10) ?? ""
    let version = section.take("version", "2.0 or 3.0") { word -> CMPPVersion? in
      word == "2.0" ? .v2 : word == "3.0" ? .v3 : nil
    }
    account.version = version ?? account.version
    let (settings, isPrivate) = Self.settings(&section, .cmpp)
    return .cmpp(account, settings, isPrivateLine: isPrivate)
  }

  private static func secret(
    _ section: inout PlanSection, max: Int, _ read: (String) throws -> String
  ) -> String {
    let file = section.needed("secret-file", max: 255)
    if file.isEmpty { return "" }
    do {
      let line = try read(file).split(separator: "\n").first.map(PlanSection.trimmed) ?? ""
      if (1...max).contains(line.utf8.count) { return line }
      section.refuse("secret-file: a secret has 1 to \(max) characters")
    } catch {
      section.refuse("secret-file: \(error)")
    }
    return ""
  }

  private static func settings(
    _ section: inout PlanSection, _ limits: CarrierLimits
  ) -> (CarrierSettings, isPrivateLine: Bool) {
    let server = Self.address(section.needed("server", max: 255), &section)
    var settings = CarrierSettings(server: server, limits: limits)
    section.number("window", &settings.limits.windowMax, 1...1_000)
    section.number("answer-ms", &settings.limits.answerMs, 100...600_000)
    section.number("sends", &settings.limits.sendsMax, 1...10)
    section.number("idle-ms", &settings.limits.idleMs, 1_000...3_600_000)
    section.number("probes", &settings.limits.probesMax, 1...10)
    section.number("hold-ms", &settings.limits.holdMs, 100...600_000)
    section.number("reconnect-ms", &settings.reconnect.firstMs, 10...600_000)
    section.number("reconnect-ms-max", &settings.reconnect.maxMs, 10...3_600_000)
    let isPrivate = section.take("private-line", "yes or no") { word -> Bool? in
      word == "yes" ? true : word == "no" ? false : nil
    }
    return (settings, isPrivate ?? false)
  }

  private static func address(_ text: String, _ section: inout PlanSection) -> ServerAddress {
    // The last colon, because an IPv6 address has some of its own and stands in brackets.
    if let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (1...65_535).contains(port), colon > text.startIndex
    {
      let host = text[..<colon].drop { $0 == "[" }.prefix { $0 != "]" }
      return ServerAddress(host: String(host), port: port)
    }
    if !text.isEmpty { section.refuse("server is host:port") }
    return ServerAddress(host: "", port: 0)
  }

  private static func failover(_ section: inout PlanSection) -> FailoverSettings {
    var failover = FailoverSettings()
    section.number("errors", &failover.errorsMax, 1...1_000)
    section.number("receipt-ms", &failover.receiptMs, 0...86_400_000)
    section.number("receipts-judged", &failover.receiptsJudged, 1...1_000)
    section.number("receipts-late", &failover.lateMax, 0...999)
    section.number("return-ms", &failover.returnMs, 10...86_400_000)
    section.number("trials", &failover.trialsMax, 1...1_000)
    if failover.lateMax >= failover.receiptsJudged {
      section.refuse("receipts-late must be below receipts-judged")
    }
    return failover
  }

  private func routes(_ section: inout PlanSection) -> GatewayRoutes {
    var routes: [GatewayRoutes.Route] = []
    for entry in section.entries {
      let names = entry.value.split(separator: ",").map(PlanSection.trimmed)
      let unknown = names.filter { name in !self.ways.contains { $0.name == name } }
      if names.isEmpty { section.refuse("no gateway for \(entry.key)", line: entry.line) }
      for name in unknown { section.refuse("there is no gateway \(name)", line: entry.line) }
      for prefix in entry.key.split(separator: ",").map(PlanSection.trimmed) {
        let digits = prefix == "*" ? "" : prefix
        let isPrefix = digits.utf8.count <= 11 && digits.utf8.allSatisfy { (48...57).contains($0) }
        if !isPrefix { section.refuse("no first digits: \(prefix)", line: entry.line) }
        if routes.contains(where: { $0.prefix == digits }) {
          section.refuse("\(prefix) stands twice", line: entry.line)
        }
        routes.append(.init(prefix: digits, gateways: names))
      }
    }
    if !routes.contains(where: { $0.prefix.isEmpty }) {
      section.refuse("[routes] says nothing of other numbers: * = …")
    }
    section.taken()
    return GatewayRoutes(routes)
  }
}
