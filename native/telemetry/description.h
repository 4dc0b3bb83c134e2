// What the script's side says of itself in text (JSON), for any thread to read: its modules and tensors, its
// variables.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace unroll {

struct Description {
  /** Counted up from 1 with every change. */
  int64_t version = 0;
  std::string text;
};

/** `what`: "model", "variables". */
void describe(const std::string& what, const std::string& text);
/** What was said last, where that is newer than the version `known`. */
std::optional<Description> description_after(const std::string& what, int64_t known);

}  // namespace unroll
