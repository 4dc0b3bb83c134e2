#include "telemetry/snapshot.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <unordered_set>
#include <utility>
#include <vector>

#if defined(_WIN32)
#include <io.h>
#else
#include <fcntl.h>
#include <unistd.h>
#endif

#include "autograd/variable.h"
#include "ops/ops.h"
#include "telemetry/mailbox.h"
#include "telemetry/recorder.h"

namespace unroll {

namespace {

Tensor on_host(const Tensor& t) { return contiguous(to_device(detached(t), cpu_device())); }

const char* safetensors_dtype(DType t) {
  constexpr const char* names[kDTypes] = {"BOOL", "U8",  "I8",   "I16", "I32",
                                          "I64",  "F16", "BF16", "F32", "F64"};
  return names[static_cast<int>(t)];
}

std::string json_text(const std::string& raw) {
  std::string out = "\"";
  for (char c : raw) {
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", c);
      out += escaped;
    } else {
      out += c;
    }
  }
  return out + '"';
}

/** The file's head: its length (uint64) and a JSON object of dtype, shape and place of every tensor. */
std::string header_of(const std::vector<std::pair<std::string, Tensor>>& tensors) {
  std::string json = text("{\"__metadata__\":{\"step\":\"", recorder().steps(), "\"}");
  int64_t at = 0;
  for (const auto& [name, tensor] : tensors) {
    const int64_t bytes = tensor.numel() * item_size(tensor.dtype());
    json += text(",", json_text(name), ":{\"dtype\":\"", safetensors_dtype(tensor.dtype()),
                 "\",\"shape\":", tensor.sizes(), ",\"data_offsets\":[", at, ",", at + bytes, "]}");
    at += bytes;
  }
  json += '}';
  json.resize((json.size() + 7) / 8 * 8, ' ');
  return json;
}

/** Throws with the path and errno's reason; closes and removes what was begun. */
[[noreturn]] void cannot_write(std::FILE* file, const std::string& temporary, const std::string& path) {
  const std::string reason = std::strerror(errno);
  if (file) std::fclose(file);
  std::remove(temporary.c_str());
  fail(ErrorKind::Runtime, "the snapshot ", path, " cannot be written: ", reason);
}

bool flush_to_disk(std::FILE* file) {
#if defined(_WIN32)
  return std::fflush(file) == 0 && _commit(_fileno(file)) == 0;
#else
  return std::fflush(file) == 0 && fsync(fileno(file)) == 0;
#endif
}

void flush_folder(const std::filesystem::path& folder) {
#if !defined(_WIN32)
  const int fd = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY);
  if (fd < 0)
    return;  // a folder that can be written but not read: the rename stands, only its flush is not ours to
             // ask
  fsync(fd);
  close(fd);
#endif
}

}  // namespace

int64_t write_snapshot(const std::string& path) {
  GradMode off(false);
  std::vector<std::pair<std::string, Tensor>> tensors;
  std::unordered_set<std::string> names;
  for (const Recorder::Named& named : recorder().named_parameters()) {
    if (!names.insert(named.name).second) continue;  // several optimizers have it
    Tensor parameter(named.parameter);
    tensors.emplace_back(named.name, on_host(parameter));
    if (parameter.grad().defined()) tensors.emplace_back(named.name + ".grad", on_host(parameter.grad()));
  }
  if (tensors.empty()) return 0;
  for (const auto& [name, buffer] : mailbox().buffers())
    if (names.insert(name).second) tensors.emplace_back(name, on_host(buffer));

  const std::string temporary = path + ".part";
  std::FILE* file = std::fopen(temporary.c_str(), "wb");
  if (!file) cannot_write(nullptr, temporary, path);
  const std::string header = header_of(tensors);
  const uint64_t length = header.size();
  bool good = std::fwrite(&length, sizeof length, 1, file) == 1 &&
              std::fwrite(header.data(), 1, length, file) == length;
  for (const auto& [name, tensor] : tensors) {
    const size_t bytes = static_cast<size_t>(tensor.numel() * item_size(tensor.dtype()));
    good = good && std::fwrite(tensor.raw_data(), 1, bytes, file) == bytes;
  }
  if (!good || !flush_to_disk(file)) cannot_write(file, temporary, path);
  if (std::fclose(file) != 0 || std::rename(temporary.c_str(), path.c_str()) != 0)
    cannot_write(nullptr, temporary, path);
  flush_folder(std::filesystem::path(path).parent_path());
  return static_cast<int64_t>(tensors.size());
}

}  // namespace unroll
