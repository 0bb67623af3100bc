// Threads that share the work of a timestep's function. SystemC's kernel stays on the caller's thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace neurochip {

/// Runs independent tasks on a fixed number of threads, the caller's among them.
class WorkerPool {
 public:
  explicit WorkerPool(unsigned threads);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Calls `task(i)` once for each i below `count`, in any order, and returns when all are done. Rethrows what the task
  /// of the lowest index threw.
  void run(size_t count, const std::function<void(size_t)>& task);

 private:
  std::vector<std::thread> workers_;
  std::mutex mutex_;
  std::condition_variable begins_, ends_;
  uint64_t batch_ = 0;  // counts calls of run
  size_t working_ = 0;  // workers that have not finished the batch
  bool stops_ = false;

  // The batch.
  const std::function<void(size_t)>* task_ = nullptr;
  size_t count_ = 0;
  std::atomic<size_t> next_{0};
  std::exception_ptr failure_;
  size_t failedAt_ = 0;

  void stop();
  void work();
  void drain();
  void fail(size_t index);
};

}  // namespace neurochip
