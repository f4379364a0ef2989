internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
public import RPC
public import ServiceLifecycle

/// Serves metrics and health over HTTP/1.1, one request a connection, on an address of its own that
/// stands open to the machine only unless a setting says otherwise.
public struct AdminServer: Service {
  /// How many connections are served at once; one more is closed unread.
  public static let connectionsMax = 16
  /// How long a connection may stand, whatever it does.
  public static let connectionSecondsMax: Int64 = 10

  private typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

  private let address: PeerAddress
  private let pages: AdminPages
  private let group: any EventLoopGroup
  private let onListening: @Sendable (PeerAddress) -> Void

  /// A server that listens once it runs; `onListening` hears the bound address (for port 0).
  public init(
    service: ServiceName, address: PeerAddress, health: HealthRegistry, metrics: MetricsRegistry,
    onListening: @escaping @Sendable (PeerAddress) -> Void = { _ in }
  ) {
    self.address = address
    self.pages = AdminPages(service: service, health: health, metrics: metrics)
    self.group = NIOSingletons.posixEventLoopGroup
    self.onListening = onListening
  }

  /// Serves until the process shuts down or the task is cancelled; throws if it cannot listen.
  public func run() async throws {
    let listener = try await self.listen()
    let bound = PeerAddress(
      host: self.address.host, port: listener.channel.localAddress?.port ?? self.address.port)
    self.onListening(bound)
    let room = Room(for: Self.connectionsMax)
    do {
      try await cancelWhenGracefulShutdown { try await self.serve(listener, room) }
    } catch is CancellationError {
      // That is how it ends.
    }
  }

  private func serve(_ listener: NIOAsyncChannel<Connection, Never>, _ room: Room) async throws {
    try await listener.executeThenClose { connections in
      try await withThrowingDiscardingTaskGroup { group in
        for try await connection in connections {
          let isRoom = room.enter()
          group.addTask {
            guard isRoom else { return await Self.drop(connection) }
            await self.serve(connection)
            room.leave()
          }
        }
      }
    }
  }

  private func listen() async throws -> NIOAsyncChannel<Connection, Never> {
    try await ServerBootstrap(group: self.group)
      .serverChannelOption(.backlog, value: 16)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .bind(host: self.address.host, port: self.address.port) { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: false)
          try pipeline.addHandler(
            ConnectionTimer(closingAfter: .seconds(Self.connectionSecondsMax)))
          return try Connection(wrappingChannelSynchronously: channel)
        }
      }
  }

  private func serve(_ connection: Connection) async {
    // A peer that goes away in the middle is no news.
    try? await connection.executeThenClose { inbound, outbound in
      for try await part in inbound {
        guard case .head(let head) = part else { continue }
        try await outbound.write(contentsOf: await self.answer(head))
        return
      }
    }
  }

  private func answer(_ head: HTTPRequestHead) async -> [HTTPServerResponsePart] {
    let page =
      head.method == .GET
      ? await self.pages.page(for: head.uri)
      : AdminPages.Page(status: 405, type: "text/plain", body: "GET only\n")
    let headers: HTTPHeaders = [
      "content-type": page.type, "content-length": "\(page.body.utf8.count)",
      "connection": "close",
    ]
    let answer = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: page.status), headers: headers)
    return [.head(answer), .body(.byteBuffer(ByteBuffer(string: page.body))), .end(nil)]
  }

  private static func drop(_ connection: Connection) async {
    try? await connection.executeThenClose { _, _ in }
  }
}
