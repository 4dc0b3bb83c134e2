// The hash by which golden values name long results.
#pragma once

#include <cstddef>
#include <cstdint>

/** FNV-1a over `bytes` bytes. */
inline uint64_t fnv1a(const void* data, size_t bytes) {
  uint64_t hash = 0xcbf29ce484222325;
  for (size_t i = 0; i < bytes; ++i)
    hash = (hash ^ static_cast<const unsigned char*>(data)[i]) * 0x100000001b3;
  return hash;
}
