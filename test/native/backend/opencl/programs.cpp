#include "backend/opencl/programs.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "backend/opencl/launch.h"
#include "backend/opencl/on_both.h"

using namespace unroll;
using namespace unroll::opencl;

namespace {

/** A cache folder of the test's own, in place before the first program. */
const std::string folder = [] {
  std::string made = (std::filesystem::temp_directory_path() / "unroll-programs-XXXXXX").string();
  if (!mkdtemp(made.data())) std::abort();
  setenv("XDG_CACHE_HOME", made.c_str(), 1);
  return made;
}();

ClDevice& device() { return static_cast<ClDevice&>(opencl_device()); }

/** As in another process: a device's programs before the first is asked for. */
int64_t builds_of_a_kernel() {
  const int64_t before = device().counters.builds;
  Programs programs(device());
  CHECK(programs.kernel("softmax", "softmax",
                        Options(device(), DType::Float32).set("IS_LOG", int64_t{0}).text()));
  return device().counters.builds - before;
}

std::filesystem::path cached() {
  for (const auto& entry : std::filesystem::directory_iterator(folder + "/unroll/opencl"))
    return entry.path();
  return {};
}

}  // namespace

TEST(a_program_is_compiled_once) {
  CHECK(builds_of_a_kernel() == 1);
  CHECK(builds_of_a_kernel() == 0);
  CHECK(cached().filename().string().starts_with("softmax-"));
}

TEST(a_damaged_file_is_made_anew) {
  const std::filesystem::path file = cached();
  const auto whole = std::filesystem::file_size(file);
  std::filesystem::resize_file(file, whole / 2);
  CHECK(builds_of_a_kernel() == 1);
  CHECK(std::filesystem::file_size(file) == whole);
  std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(100).put('#').put('#');
  CHECK(builds_of_a_kernel() == 1);
  CHECK(builds_of_a_kernel() == 0);
}

TEST(a_kernel_that_does_not_compile_shows_the_compilers_log) {
  const std::string thrown = check::thrown_by([] {
    device().programs().kernel("softmax", "softmax", "-DT=nonsense -DACC=float -DGROUP=8 -DIS_LOG=0");
  });
  CHECK(thrown.starts_with("the kernels in softmax.cl cannot be compiled for opencl:0 ("));
  CHECK(thrown.find("nonsense") != std::string::npos && thrown.find("error") != std::string::npos);
  std::filesystem::remove_all(folder);
}
