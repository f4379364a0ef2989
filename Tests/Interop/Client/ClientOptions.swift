import ArgumentParser

/// The flags that the gRPC project gives to every interop client, by its names.
struct ClientOptions: ParsableArguments {
  @Option(name: .customLong("test_case"), help: "Which case.")
  var testCase: String

  @Option(name: .customLong("server_host"), help: "The server's name or address.")
  var serverHost = "127.0.0.1"

  @Option(name: .customLong("server_port"), help: "The server's port.")
  var serverPort: Int

  @Option(name: .customLong("use_tls"), help: "Whether to speak TLS: true or false.")
  var useTLS = false

  @Option(
    name: .customLong("ca_file"),
    help: "The PEM file of the roots to trust; by default the system's.")
  var roots: String?

  @Option(
    name: .customLong("server_host_override"),
    help: "The name that the server's certificate must be for, and that requests name as host.")
  var serverName: String?

  @Option(
    name: .customLong("soak_iterations"), help: "How many calls the two soak cases make.")
  var soakIterations = 10

  @Option(name: .customLong("soak_max_failures"), help: "How many of them may fail.")
  var soakFailuresMax = 0

  @Option(
    name: .customLong("soak_per_iteration_max_acceptable_latency_ms"),
    help: "How long one of them may take, in milliseconds, before it counts as failed.")
  var soakLatencyMsMax = 1_000

  @Option(
    name: .customLong("soak_overall_timeout_seconds"),
    help: "How long all of them may take; by default what they may take one by one.")
  var soakSecondsMax: Int?

  @Option(
    name: .customLong("soak_min_time_ms_between_rpcs"),
    help: "How far apart their beginnings are at least, in milliseconds.")
  var soakPauseMs = 0
}
