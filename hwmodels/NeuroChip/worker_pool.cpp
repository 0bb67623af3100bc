#include "NeuroChip/worker_pool.hpp"

#include <string>
#include <system_error>
#include <utility>

#include "NeuroChip/parameters.hpp"

namespace neurochip {

WorkerPool::WorkerPool(unsigned threads) {
  try {
    for (unsigned i = 1; i < threads; ++i) workers_.emplace_back([this] { work(); });
  } catch (const std::system_error&) {
    stop();  // those that have begun wait on members that are about to go
    throw DescriptionError("this machine cannot start " + std::to_string(threads) + " threads; use fewer");
  }
}

WorkerPool::~WorkerPool() { stop(); }

void WorkerPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stops_ = true;
  }
  begins_.notify_all();
  for (auto& worker : workers_) worker.join();
}

void WorkerPool::run(size_t count, const std::function<void(size_t)>& task) {
  {
    const std::lock_guard lock(mutex_);
    task_ = &task;
    count_ = count;
    next_ = 0;
    failure_ = nullptr;
    working_ = workers_.size();
    ++batch_;
  }
  begins_.notify_all();
  drain();
  std::unique_lock lock(mutex_);
  ends_.wait(lock, [this] { return working_ == 0; });
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void WorkerPool::work() {
  uint64_t seen = 0;
  std::unique_lock lock(mutex_);
  while (true) {
    begins_.wait(lock, [&] { return stops_ || batch_ != seen; });
    if (stops_) return;
    seen = batch_;
    lock.unlock();
    drain();
    lock.lock();
    if (--working_ == 0) ends_.notify_one();
  }
}

void WorkerPool::drain() {
  for (size_t i = next_++; i < count_; i = next_++) {
    try {
      (*task_)(i);
    } catch (...) {
      fail(i);
    }
  }
}

void WorkerPool::fail(size_t index) {
  const std::lock_guard lock(mutex_);
  if (failure_ && failedAt_ < index) return;
  failure_ = std::current_exception();
  failedAt_ = index;
}

}  // namespace neurochip
