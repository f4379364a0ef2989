// Unary calls over gRPC C++ by its callback API, as fast as it can; what a call cost as JSON.
//
//   echo-client PORT CONNECTIONS CALLS_AT_ONCE SECONDS
//
// CALLS_AT_ONCE calls are under way on each connection, with a deadline and metadata.
#include <grpcpp/grpcpp.h>

#include <time.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "echo.grpc.pb.h"

namespace {

using anju::bench::Echo;
using anju::bench::EchoMessage;
using Clock = std::chrono::steady_clock;

// Counts the callers that still call, and the calls they made.
class Load {
 public:
  Load(int callers, double seconds)
      : end_(Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                std::chrono::duration<double>(seconds))),
        callers_(callers) {}

  bool IsOver() const { return Clock::now() >= end_; }
  void Count() { calls_.fetch_add(1, std::memory_order_relaxed); }

  void CallerLeft() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (--callers_ == 0) left_.notify_one();
  }

  long Wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    left_.wait(lock, [this] { return callers_ == 0; });
    return calls_;
  }

 private:
  const Clock::time_point end_;
  std::atomic<long> calls_{0};
  std::mutex mutex_;
  std::condition_variable left_;
  int callers_;
};

// Calls again when the call before has been answered.
class Caller {
 public:
  Caller(Echo::Stub* stub, Load* load) : stub_(stub), load_(load) {
    // 98 characters are 100 bytes on the wire.
    request_.set_text(std::string(98, 'a'));
  }

  void Call() {
    context_ = std::make_unique<grpc::ClientContext>();
    context_->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    context_->AddMetadata("x-request-id", "bench");
    context_->set_wait_for_ready(true);
    stub_->async()->Unary(context_.get(), &request_, &answer_,
                          [this](grpc::Status status) { Answered(status); });
  }

 private:
  void Answered(const grpc::Status& status) {
    if (!status.ok() || answer_.text() != request_.text()) std::abort();
    load_->Count();
    if (load_->IsOver()) {
      load_->CallerLeft();
    } else {
      Call();
    }
  }

  Echo::Stub* const stub_;
  Load* const load_;
  EchoMessage request_;
  EchoMessage answer_;
  std::unique_ptr<grpc::ClientContext> context_;
};

std::vector<std::unique_ptr<Echo::Stub>> Connect(const std::string& address, int connections) {
  std::vector<std::unique_ptr<Echo::Stub>> stubs;
  for (int number = 0; number < connections; ++number) {
    grpc::ChannelArguments arguments;
    // Without it the channels would share one connection.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    stubs.push_back(Echo::NewStub(
        grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments)));
  }
  return stubs;
}

long Run(const std::vector<std::unique_ptr<Echo::Stub>>& stubs, int calls_at_once,
         double seconds) {
  Load load(static_cast<int>(stubs.size()) * calls_at_once, seconds);
  std::vector<std::unique_ptr<Caller>> callers;
  for (const auto& stub : stubs) {
    for (int number = 0; number < calls_at_once; ++number) {
      callers.push_back(std::make_unique<Caller>(stub.get(), &load));
      callers.back()->Call();
    }
  }
  return load.Wait();
}

double CpuSeconds() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 5) {
    std::cerr << "usage: echo-client PORT CONNECTIONS CALLS_AT_ONCE SECONDS\n";
    return 64;
  }
  const auto stubs =
      Connect(std::string("127.0.0.1:") + arguments[1], std::atoi(arguments[2]));
  const int calls_at_once = std::atoi(arguments[3]);
  // Connects and warms up, uncounted.
  Run(stubs, calls_at_once, 0.5);
  const double before = CpuSeconds();
  const long calls = Run(stubs, calls_at_once, std::atof(arguments[4]));
  std::cout << "{\"calls\": " << calls << ", \"cpu_seconds\": " << CpuSeconds() - before << "}"
            << std::endl;
}
