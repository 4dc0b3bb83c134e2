#include "backend/cpu/packed_cache.h"

#include <list>
#include <mutex>

#include "ops/ops.h"

namespace unroll::cpu {
namespace {

/** Bytes kept at most, the weight just packed not counted. */
constexpr int64_t kMostBytes = int64_t{512} << 20;

/** What the packed numbers depend on. */
struct Key {
  uint64_t storage;
  int64_t offset;
  Dims sizes, strides;
  bool transposed;
  bool operator==(const Key&) const = default;
};

template <class T>
struct Entry {
  Key key;
  std::weak_ptr<Storage> storage;
  uint64_t writes;
  std::shared_ptr<PackedMatrix<T>> packed;
  int64_t bytes() const {
    return packed->panels() * packed->panel_width() * packed->K() * int64_t{sizeof(T)};
  }
};

/** The most recently used first. */
template <class T>
struct Cache {
  std::mutex mutex;
  std::list<Entry<T>> entries;
};

template <class T>
Cache<T>& cache() {
  static Cache<T> the_cache;
  return the_cache;
}

template <class T>
void pack(PackedMatrix<T>& packed, const Tensor& weight, bool transposed) {
  Tensor w = weight;
  if (w.strides()[1] != 1 || w.strides()[0] < w.sizes()[1]) {
    w = empty(weight.sizes(), weight.dtype(), weight.device());
    copy_kernel(weight.device_type(), w, weight);
  }
  const int64_t rows = w.sizes()[0], columns = w.sizes()[1];
  pack_b(packed, transposed, transposed ? columns : rows, transposed ? rows : columns, w.data<T>(),
         w.strides()[0]);
}

/** Forgets weights that are no more and, least recently used first, what exceeds the limit. */
template <class T>
void tidy(std::list<Entry<T>>& entries) {
  entries.remove_if([](const Entry<T>& e) { return e.storage.expired(); });
  int64_t bytes = 0;
  bool is_first = true;
  for (auto e = entries.begin(); e != entries.end();) {
    bytes += e->bytes();
    e = !is_first && bytes > kMostBytes ? entries.erase(e) : std::next(e);
    is_first = false;
  }
}

template <class T>
int64_t drop(Cache<T>& c) {
  const std::lock_guard lock(c.mutex);
  int64_t bytes = 0;
  for (const Entry<T>& e : c.entries) bytes += e.bytes();
  c.entries.clear();
  return bytes;
}

}  // namespace

template <class T>
std::shared_ptr<const PackedMatrix<T>> packed_weight(const Tensor& weight, bool transposed) {
  Cache<T>& c = cache<T>();
  const std::lock_guard lock(c.mutex);
  const Storage& storage = weight.storage();
  const Key key{storage.id(), weight.offset(), weight.sizes(), weight.strides(), transposed};
  auto entry = c.entries.begin();
  while (entry != c.entries.end() && !(entry->key == key)) ++entry;
  const bool is_new = entry == c.entries.end();
  if (!is_new && entry->writes == storage.writes()) {
    c.entries.splice(c.entries.begin(), c.entries, entry);
    return entry->packed;
  }
  // Pack into the memory of the stale copy, unless somebody still reads that.
  std::shared_ptr<PackedMatrix<T>> packed;
  if (!is_new) {
    if (entry->packed.use_count() == 1) packed = std::move(entry->packed);
    c.entries.erase(entry);
  }
  if (!packed) packed = std::make_shared<PackedMatrix<T>>();
  const uint64_t writes = storage.writes();
  pack(*packed, weight, transposed);
  c.entries.push_front({key, weight.impl().storage, writes, packed});
  tidy(c.entries);
  return packed;
}

int64_t empty_packed_cache() { return drop(cache<float>()) + drop(cache<double>()); }

template std::shared_ptr<const PackedMatrix<float>> packed_weight<float>(const Tensor&, bool);
template std::shared_ptr<const PackedMatrix<double>> packed_weight<double>(const Tensor&, bool);

}  // namespace unroll::cpu
