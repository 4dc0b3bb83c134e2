// What waits in a ring of records, for tests.
#pragma once

#include <cstdint>
#include <vector>

/** Drains a Ring, or a Recorder's. */
template <class Source>
std::vector<uint8_t> drained(Source& source) {
  std::vector<uint8_t> bytes(source.capacity());
  bytes.resize(source.drain(bytes.data()));
  return bytes;
}
