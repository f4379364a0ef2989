"""The servers and clients of the area `rpc`: built, started, asked once, stopped."""
import os
import re
import resource
import subprocess

import grpc

from h2load import echo_message
from machine import BUILD, HERE, RELEASE, say, swift_build

PEERS = os.path.join(HERE, "peers")
START_SECONDS_MAX = 10.0
STREAMED = 100
UNARY = "/anju.bench.Echo/Unary"
STREAM = "/anju.bench.Echo/Stream"

OURS = "Anju"
CPP = "gRPC C++"
SWIFT = "grpc-swift-2"
SWIFT_PACKAGE = os.path.join(PEERS, "grpc-swift")

PROGRAMS = {
    OURS: os.path.join(RELEASE, "anju-bench-echo-server"),
    CPP: os.path.join(BUILD, "peers", "echo-server"),
    SWIFT: os.path.join(SWIFT_PACKAGE, ".build", "release", "echo-server"),
}
CLIENTS = {
    OURS: os.path.join(RELEASE, "anju-bench-echo-client"),
    CPP: os.path.join(BUILD, "peers", "echo-client"),
}


def output_of(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()


def build(names):
    say("building the echo server and client (release) and the peers")
    swift_build("anju-bench-echo-server")
    swift_build("anju-bench-echo-client")
    if CPP in names:
        build_cpp()
    if SWIFT in names:
        say("building grpc-swift-2 (some six minutes the first time)")
        swift_build("echo-server", SWIFT_PACKAGE)


def build_cpp():
    folder = os.path.join(BUILD, "peers")
    os.makedirs(folder, exist_ok=True)
    subprocess.run(
        ["protoc", "-I", PEERS, f"--cpp_out={folder}", f"--grpc_out={folder}",
         "--plugin=protoc-gen-grpc=/usr/bin/grpc_cpp_plugin", "echo.proto"], check=True)
    generated = [os.path.join(folder, name) for name in ("echo.pb.cc", "echo.grpc.pb.cc")]
    flags = output_of("pkg-config", "--cflags", "--libs", "grpc++", "protobuf")
    for name in ("echo_server", "echo_client"):
        program = os.path.join(folder, name.replace("_", "-"))
        subprocess.run(
            ["g++", "-O2", "-std=c++17", "-Wall", f"-I{folder}", "-o", program,
             os.path.join(PEERS, f"{name}.cc"), *generated, *flags], check=True)


class Server:
    """A running echo server; a context."""

    def __init__(self, name, tls=None):
        self.name = name
        arguments = ["--tls", tls.chain, tls.key] if tls else []
        self.tls = tls
        self.process = subprocess.Popen(
            [PROGRAMS[name], *arguments], stdout=subprocess.PIPE, text=True,
            preexec_fn=allow_connections)
        self.pid = self.process.pid
        try:
            said = self.process.stdout.readline()
            found = re.fullmatch(r"listening on 127\.0\.0\.1:(\d+)\n", said)
            if not found:
                raise RuntimeError(f"{name} did not listen, but said: {said!r}")
            self.port = int(found.group(1))
            self.check()
        except BaseException:
            self.stop()
            raise

    def uri(self, method):
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}{method}"

    def check(self):
        """Asks it once, by a client that none of the servers has a part in."""
        address = f"127.0.0.1:{self.port}"
        message = echo_message(100)
        with (grpc.secure_channel(address, self.tls.credentials()) if self.tls
              else grpc.insecure_channel(address)) as channel:
            answer = channel.unary_unary(UNARY)(message, timeout=START_SECONDS_MAX)
            answers = list(channel.unary_stream(STREAM)(message, timeout=START_SECONDS_MAX))
        if answer != message or answers != [message] * STREAMED:
            raise RuntimeError(f"{self.name} does not echo")

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def allow_connections():
    """As many open files as the system lets us have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

