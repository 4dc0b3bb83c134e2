// What stands in the ring: records, little-endian, one after the other.
//
//   uint32 bytes of the payload, uint32 kind, payload
//   kind 1, name:    uint32 id, the tag in UTF-8                       before the id is first used
//   kind 2, step:    float64 wall time (s), float64 step, uint32 n, n x (uint32 id, float32 value),
//                    uint32 m, m x (uint32 id, uint32 length, length x float32)
//   kind 3, event:   float64 wall time (s), float64 step, text in UTF-8
//   kind 4, scalars: as kind 2; numbers that belong to no step's end (an evaluation's loss, the epoch)
//   kind 5, histograms: float64 wall time (s), float64 step, uint32 n,
//                    n x (uint32 id, uint32 length, length x float32: left, right, count of each bin)
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace unroll {

static_assert(std::endian::native == std::endian::little, "records are written as the machine holds them");

enum class RecordKind : uint32_t { Name = 1, Step = 2, Event = 3, Scalars = 4, Histograms = 5 };

class RecordWriter {
 public:
  explicit RecordWriter(RecordKind kind) {
    put(uint32_t{0});
    put(static_cast<uint32_t>(kind));
  }
  template <class T>
  void put(const T& value) {
    put_bytes(&value, sizeof value);
  }
  void put_text(const std::string& text) { put_bytes(text.data(), text.size()); }
  void put_floats(const std::vector<float>& values) {
    put_bytes(values.data(), values.size() * sizeof(float));
  }
  /** The whole record, its length filled in. */
  const std::vector<uint8_t>& finish() {
    const uint32_t payload = static_cast<uint32_t>(bytes_.size() - 8);
    std::memcpy(bytes_.data(), &payload, sizeof payload);
    return bytes_;
  }

 private:
  void put_bytes(const void* data, size_t count) {
    const auto* from = static_cast<const uint8_t*>(data);
    bytes_.insert(bytes_.end(), from, from + count);
  }
  std::vector<uint8_t> bytes_;
};

}  // namespace unroll
