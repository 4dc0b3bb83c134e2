#include "telemetry/snapshot.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "autograd/variable.h"
#include "check.h"
#include "ops/ops.h"
#include "telemetry/recorder.h"

using namespace unroll;

TEST(a_snapshot_is_a_safetensors_file_of_parameters_and_gradients) {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / "unroll-snapshot-test.safetensors";
  Tensor weight =
      arange(Scalar::of(int64_t{0}), Scalar::of(int64_t{6}), Scalar::of(int64_t{1}), DType::Float32);
  Tensor matrix = transpose(view(weight, {2, 3}), 0, 1);  // not contiguous: written row by row all the same
  set_grad(matrix, zeros({3, 2}));
  recorder().name_parameters(1, {matrix}, {"a\"b"});
  CHECK(write_snapshot(path.string()) == 2);
  std::ifstream in(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  uint64_t length;
  std::memcpy(&length, bytes.data(), 8);
  const std::string header = bytes.substr(8, length);
  CHECK(length % 8 == 0 && bytes.size() == 8 + length + 48);
  CHECK(header.find("\"a\\\"b\":{\"dtype\":\"F32\",\"shape\":[3, 2],\"data_offsets\":[0,24]}") !=
        std::string::npos);
  CHECK(header.find("\"a\\\"b.grad\"") != std::string::npos);
  float cells[6];
  std::memcpy(cells, bytes.data() + 8 + length, 24);
  CHECK(cells[0] == 0 && cells[1] == 3 && cells[2] == 1 && cells[5] == 5);
  CHECK(!std::filesystem::exists(path.string() + ".part"));
  std::filesystem::remove(path);
}

TEST(a_folder_that_is_not_there_is_an_error_that_names_it) {
  recorder().name_parameters(1, {zeros({1})}, {"w"});
  const std::string message = check::thrown_by([] { write_snapshot("/nowhere-at-all/x.safetensors"); });
  CHECK(message.find("/nowhere-at-all/x.safetensors") != std::string::npos &&
        message.find("No such file") != std::string::npos);
}
