// First in, first out, in memory that is kept.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace neurochip {

/// A queue that allocates only when it holds more than ever before.
template <class Element>
class Queue {
 public:
  bool empty() const { return size_ == 0; }
  size_t size() const { return size_; }
  Element& front() { return ring_[first_]; }

  void push_back(const Element& element) {
    if (size_ == ring_.size()) grow();
    ring_[(first_ + size_) % ring_.size()] = element;
    ++size_;
  }
  void pop_front() {
    first_ = (first_ + 1) % ring_.size();
    --size_;
  }

 private:
  std::vector<Element> ring_;
  size_t first_ = 0, size_ = 0;

  void grow() {
    std::vector<Element> larger(ring_.empty() ? 4 : 2 * ring_.size());
    for (size_t i = 0; i < size_; ++i) larger[i] = ring_[(first_ + i) % ring_.size()];
    ring_ = std::move(larger);
    first_ = 0;
  }
};

}  // namespace neurochip
