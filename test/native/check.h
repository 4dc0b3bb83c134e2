// The native tests' harness: TEST registers a function, CHECK records a failure and goes on.
// A test file is a program: it runs every TEST in it and exits with 1 when any check failed.
#pragma once

#include <cmath>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace check {

struct Test {
  const char* name;
  void (*run)();
};

inline std::vector<Test>& tests() {
  static std::vector<Test> all;
  return all;
}
inline int failures = 0;
/** Called after the last test, where there is one. */
inline void (*at_end)() = nullptr;

inline bool add(const char* name, void (*run)()) {
  tests().push_back({name, run});
  return true;
}

inline void fail(const char* file, int line, const std::string& what) {
  ++failures;
  std::fprintf(stderr, "  %s:%d: %s\n", file, line, what.c_str());
}

/** The first message of an exception thrown by `body`, or "" where nothing is thrown. */
template <class F>
std::string thrown_by(F&& body) {
  try {
    body();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

inline int run_all() {
  for (const Test& test : tests()) {
    int before = failures;
    try {
      test.run();
    } catch (const std::exception& error) {
      fail(test.name, 0, std::string("unexpected exception: ") + error.what());
    }
    std::printf("%s %s\n", failures == before ? "ok  " : "FAIL", test.name);
  }
  if (at_end) at_end();
  std::printf("%zu tests, %d failed checks\n", tests().size(), failures);
  return tests().empty() || failures ? 1 : 0;
}

}  // namespace check

#define TEST(name)                                            \
  static void name();                                         \
  static const bool name##_added = ::check::add(#name, name); \
  static void name()

#define CHECK(condition)                                             \
  do {                                                               \
    if (!(condition)) ::check::fail(__FILE__, __LINE__, #condition); \
  } while (0)

/** |a - b| <= tolerance, non-finite differences failing. */
#define CHECK_NEAR(a, b, tolerance)                                                                   \
  do {                                                                                                \
    double a_ = (a), b_ = (b);                                                                        \
    if (!(std::fabs(a_ - b_) <= (tolerance)))                                                         \
      ::check::fail(__FILE__, __LINE__,                                                               \
                    std::string(#a " = ") + std::to_string(a_) + ", " #b " = " + std::to_string(b_)); \
  } while (0)

int main() { return check::run_all(); }
