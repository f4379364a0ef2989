public import RPC

/// What a process of each service is called and where it is found.
extension ServiceName {
  /// The name of its executable.
  public var product: String {
    switch self {
    case .intake: "IntakeServer"
    case .approval: "ApprovalServer"
    case .notification: "NotificationServer"
    case .registry: "CertificateRegistryServer"
    }
  }

  /// The port it serves gRPC on unless a setting says otherwise.
  public var defaultPort: Int {
    switch self {
    case .intake: 50051
    case .approval: 50052
    case .notification: 50053
    case .registry: 50054
    }
  }

  /// The port of its admin page: the gRPC port and a thousand.
  public var defaultAdminPort: Int { self.defaultPort + 1000 }

  /// Where its peers find it unless a setting says otherwise.
  public var defaultAddress: PeerAddress {
    PeerAddress(host: "127.0.0.1", port: self.defaultPort)
  }

  /// What its variables in the environment begin with, such as `INTAKE_`.
  var environmentPrefix: String { "\(self.rawValue.uppercased())_" }
}
