#include "backend/opencl/programs.h"

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "backend/opencl/device.h"
#include "tensor/error.h"

namespace unroll::opencl {

namespace {

using Bytes = std::vector<unsigned char>;

/** FNV-1a: what is guarded against is chance, not malice: the folder is the user's own. */
uint64_t hash(std::string_view bytes, uint64_t value = 0xcbf29ce484222325u) {
  for (const char byte : bytes) value = (value ^ static_cast<unsigned char>(byte)) * 0x100000001b3u;
  return value;
}
uint64_t hash(const Bytes& bytes) {
  return hash({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

const char* source_of(const std::string& file) {
  for (const Source* source = kSources; source->name; ++source)
    if (file == source->name) return source->text;
  fail(ErrorKind::Runtime, "internal: there is no kernel file ", file);
}

/** ~/.cache/unroll/opencl or its like; "" where the user has no such folder. */
std::string cache_folder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache && *cache) return std::string(cache) + "/unroll/opencl";
  const char* home = std::getenv("HOME");
  return home && *home ? std::string(home) + "/.cache/unroll/opencl" : "";
}

/** A cached binary behind its length and its hash; empty where the file is missing or damaged. */
Bytes read_checked(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  uint64_t head[2] = {};
  if (!file.read(reinterpret_cast<char*>(head), sizeof head)) return {};
  Bytes bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return bytes.size() == head[0] && hash(bytes) == head[1] ? bytes : Bytes{};
}

/** A cache that cannot be written costs time and nothing else: failing is no error. */
void write_checked(const std::string& path, const Bytes& bytes) {
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  const std::string temporary = path + "." + std::to_string(getpid()) + ".part";
  std::FILE* const file = std::fopen(temporary.c_str(), "wb");
  if (!file) return;
  const uint64_t head[2] = {bytes.size(), hash(bytes)};
  const bool is_written = std::fwrite(head, sizeof head, 1, file) == 1 &&
                          std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size() &&
                          std::fflush(file) == 0 && fsync(fileno(file)) == 0;
  if (std::fclose(file) != 0 || !is_written || std::rename(temporary.c_str(), path.c_str()) != 0)
    std::remove(temporary.c_str());
}

}  // namespace

Program Programs::from_cache(const std::string& path) {
  const Bytes bytes = read_checked(path);
  if (bytes.empty()) return nullptr;
  const Api& api = device_.api();
  const DeviceId id = device_.id();
  const unsigned char* data = bytes.data();
  const size_t size = bytes.size();
  Status loaded = kSuccess, status = kSuccess;
  const Program program =
      api.create_program_from_binary(device_.context(), 1, &id, &size, &data, &loaded, &status);
  if (status == kSuccess && loaded == kSuccess &&
      api.build_program(program, 1, &id, "", nullptr, nullptr) == kSuccess)
    return program;
  if (program) api.release_program(program);
  return nullptr;  // another version of the driver's: compiled anew
}

Program Programs::from_source(const char* file, const std::string& options) {
  const Api& api = device_.api();
  const DeviceId id = device_.id();
  const char* const texts[] = {source_of("common"), source_of(file)};
  const char* lines[] = {texts[0], texts[1]};
  Status status = kSuccess;
  const Program program = api.create_program(device_.context(), 2, lines, nullptr, &status);
  check(status, "clCreateProgramWithSource");
  ++device_.counters.builds;
  if (api.build_program(program, 1, &id, (options + "-w").c_str(), nullptr, nullptr) == kSuccess)
    return program;
  size_t length = 0;
  api.get_build_info(program, id, kBuildLog, 0, nullptr, &length);
  std::string log(length, '\0');
  api.get_build_info(program, id, kBuildLog, length, log.data(), nullptr);
  api.release_program(program);
  fail(ErrorKind::Runtime, "the kernels in ", file, ".cl cannot be compiled for ", device_.name(), " (",
       device_.description(), ", ", device_.driver(), ") with ", options, ":\n", log.c_str());
}

void Programs::keep(Program program, const std::string& path) {
  const Api& api = device_.api();
  size_t size = 0;
  if (api.get_program_info(program, kBinarySizes, sizeof size, &size, nullptr) != kSuccess || size == 0)
    return;
  Bytes bytes(size);
  unsigned char* data = bytes.data();
  if (api.get_program_info(program, kBinaries, sizeof data, &data, nullptr) == kSuccess)
    write_checked(path, bytes);
}

Program Programs::program(const char* file, const std::string& options) {
  Program& program = programs_[std::string(file) + " " + options];
  if (program) return program;
  const std::string folder = cache_folder();
  char key[17];
  uint64_t value = hash(device_.identity());
  for (const std::string_view part :
       {std::string_view(source_of("common")), std::string_view(source_of(file)), std::string_view(options)})
    value = hash(part, value);
  std::snprintf(key, sizeof key, "%016llx", static_cast<unsigned long long>(value));
  const std::string path = folder + "/" + file + "-" + key + ".bin";
  if (!folder.empty()) program = from_cache(path);
  if (program) return program;
  program = from_source(file, options);
  if (!folder.empty()) keep(program, path);
  return program;
}

KernelObject Programs::kernel(const char* file, const char* name, const std::string& options) {
  KernelObject& kernel = kernels_[std::string(file) + "/" + name + " " + options];
  if (kernel) return kernel;
  Status status = kSuccess;
  kernel = device_.api().create_kernel(program(file, options), name, &status);
  check(status, "clCreateKernel");
  return kernel;
}

}  // namespace unroll::opencl
