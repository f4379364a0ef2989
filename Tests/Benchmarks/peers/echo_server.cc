// The echo over gRPC C++ by its callback API, which its own guide to performance advises for
// servers; its settings are its defaults.
//
//   echo-server [--tls CHAIN KEY]
//
// Listens on a free port of loopback, says `listening on 127.0.0.1:PORT`, serves until killed.
#include <grpcpp/grpcpp.h>

#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include "echo.grpc.pb.h"

namespace {

using anju::bench::EchoMessage;

constexpr int kStreamedMessages = 100;

// Writes the request back again and again, the next one when the one before has been taken.
class Repeater final : public grpc::ServerWriteReactor<EchoMessage> {
 public:
  explicit Repeater(const EchoMessage& request) : answer_(request) { Next(); }

  void OnWriteDone(bool ok) override {
    if (ok) {
      Next();
    } else {
      Finish(grpc::Status(grpc::StatusCode::CANCELLED, "the caller is gone"));
    }
  }

  void OnDone() override { delete this; }

 private:
  void Next() {
    if (written_ == kStreamedMessages) {
      Finish(grpc::Status::OK);
      return;
    }
    ++written_;
    StartWrite(&answer_);
  }

  const EchoMessage answer_;
  int written_ = 0;
};

class EchoService final : public anju::bench::Echo::CallbackService {
 public:
  grpc::ServerUnaryReactor* Unary(grpc::CallbackServerContext* context, const EchoMessage* request,
                                  EchoMessage* answer) override {
    *answer = *request;
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  grpc::ServerWriteReactor<EchoMessage>* Stream(grpc::CallbackServerContext*,
                                                const EchoMessage* request) override {
    return new Repeater(*request);
  }
};

std::string Contents(const char* path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::shared_ptr<grpc::ServerCredentials> Credentials(int count, char** arguments) {
  if (count != 4 || std::strcmp(arguments[1], "--tls") != 0) {
    return grpc::InsecureServerCredentials();
  }
  grpc::SslServerCredentialsOptions options;
  options.pem_key_cert_pairs.push_back({Contents(arguments[3]), Contents(arguments[2])});
  return grpc::SslServerCredentials(options);
}

}  // namespace

int main(int count, char** arguments) {
  EchoService service;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", Credentials(count, arguments), &port);
  builder.RegisterService(&service);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (!server) return 1;
  std::cout << "listening on 127.0.0.1:" << port << std::endl;
  server->Wait();
}
