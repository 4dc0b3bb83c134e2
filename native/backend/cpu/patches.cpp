// Patches of images on the processor: threads share out the rows of the matrix of columns, or the channels.
#include "backend/patches.h"

#include <limits>

#include "backend/cpu/threads.h"

namespace unroll::cpu {

namespace {

constexpr int64_t kGrain = 1 << 14;  // elements that make another thread worth waking

/** Calls f(place, at) for each window along one dimension whose element `k` lies inside. */
struct Span {
  int64_t first, last, offset,
      stride;  // windows [first, last); the element of window w is at w · stride + offset
  Span(const Patches& p, int dim, int64_t k) : stride(p.stride[dim]) {
    offset = k * p.dilation[dim] - p.padding[dim];
    first = offset >= 0 ? 0 : (-offset + stride - 1) / stride;
    const int64_t inside = p.size[dim] - offset;  // w · stride < inside
    last = inside <= 0 ? 0 : std::min(p.count[dim], (inside + stride - 1) / stride);
    first = std::min(first, last);
  }
};

/** Row r of the columns is element (ky, kx) of channel c. */
struct Row {
  int64_t channel, ky, kx;
  Row(const Patches& p, int64_t r)
      : channel(r / (p.kernel[0] * p.kernel[1])), ky(r / p.kernel[1] % p.kernel[0]), kx(r % p.kernel[1]) {}
};

template <class T>
void columns_of(const Tensor& columns, const Tensor& images, const Patches& p) {
  const int64_t n = images.size(0), area = p.size[0] * p.size[1], places = p.places();
  const T* from = images.data<T>();
  T* to = columns.data<T>();
  parallel_for(0, p.rows(), kGrain / std::max<int64_t>(n * places, 1) + 1, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) {
      const Row row(p, r);
      const Span down(p, 0, row.ky), across(p, 1, row.kx);
      for (int64_t i = 0; i < n; ++i) {
        const T* image = from + (i * p.channels + row.channel) * area;
        T* out = to + (r * n + i) * places;
        for (int64_t y = 0; y < p.count[0]; ++y, out += p.count[1]) {
          const bool is_outside = y < down.first || y >= down.last;
          std::fill(out, out + (is_outside ? p.count[1] : across.first), T(0));
          if (is_outside) continue;
          std::fill(out + across.last, out + p.count[1], T(0));
          const T* line = image + (y * down.stride + down.offset) * p.size[1] + across.offset;
          for (int64_t x = across.first; x < across.last; ++x) out[x] = line[x * across.stride];
        }
      }
    }
  });
}

template <class T>
void images_of(const Tensor& images, const Tensor& columns, const Patches& p) {
  const int64_t n = images.size(0), area = p.size[0] * p.size[1], places = p.places();
  const int64_t taps = p.kernel[0] * p.kernel[1];
  const T* from = columns.data<T>();
  T* to = images.data<T>();
  parallel_for(0, n * p.channels, kGrain / (taps * places + 1) + 1, [&](int64_t begin, int64_t end) {
    for (int64_t plane = begin; plane < end; ++plane) {
      T* image = to + plane * area;
      std::fill(image, image + area, T(0));
      for (int64_t tap = 0; tap < taps; ++tap) {
        const int64_t r = plane % p.channels * taps + tap;
        const Row row(p, r);
        const Span down(p, 0, row.ky), across(p, 1, row.kx);
        const T* in = from + (r * n + plane / p.channels) * places;
        for (int64_t y = down.first; y < down.last; ++y) {
          T* line = image + (y * down.stride + down.offset) * p.size[1] + across.offset;
          for (int64_t x = across.first; x < across.last; ++x)
            line[x * across.stride] += in[y * p.count[1] + x];
        }
      }
    }
  });
}

template <class T>
void greatest(const Tensor& values, const Tensor& places, const Tensor& images, const Patches& p) {
  const int64_t area = p.size[0] * p.size[1], planes = images.size(0) * p.channels;
  const T* from = images.data<T>();
  T* value = values.data<T>();
  int64_t* place = places.data<int64_t>();
  parallel_for(
      0, planes, kGrain / (p.places() * p.kernel[0] * p.kernel[1] + 1) + 1, [&](int64_t begin, int64_t end) {
        for (int64_t plane = begin; plane < end; ++plane) {
          const T* image = from + plane * area;
          for (int64_t w = 0; w < p.places(); ++w) {
            const int64_t top = w / p.count[1] * p.stride[0] - p.padding[0];
            const int64_t left = w % p.count[1] * p.stride[1] - p.padding[1];
            int64_t best = -1;
            for (int64_t ky = 0; ky < p.kernel[0]; ++ky)
              for (int64_t kx = 0; kx < p.kernel[1]; ++kx) {
                const int64_t y = top + ky * p.dilation[0], x = left + kx * p.dilation[1];
                if (y < 0 || y >= p.size[0] || x < 0 || x >= p.size[1]) continue;
                const int64_t at = y * p.size[1] + x;
                if (best < 0 || image[at] > image[best] || image[at] != image[at]) best = at;
              }
            value[plane * p.places() + w] = best < 0 ? std::numeric_limits<T>::lowest() : image[best];
            place[plane * p.places() + w] = std::max<int64_t>(best, 0);
          }
        }
      });
}

void im2col_cpu(const Tensor& columns, const Tensor& images, const Patches& p) {
  visit_computed(images.dtype(), [&](auto type) { columns_of<decltype(type)>(columns, images, p); });
}

void col2im_cpu(const Tensor& images, const Tensor& columns, const Patches& p) {
  visit_floating(images.dtype(), "col2im_out_cpu",
                 [&](auto type) { images_of<decltype(type)>(images, columns, p); });
}

void max_pool_cpu(const Tensor& values, const Tensor& places, const Tensor& images, const Patches& p) {
  visit_computed(images.dtype(), [&](auto type) {
    if constexpr (!std::is_same_v<decltype(type), bool>) greatest<decltype(type)>(values, places, images, p);
  });
}

const KernelOn<DeviceType::Cpu> im2col_on_cpu{im2col_kernel, im2col_cpu};
const KernelOn<DeviceType::Cpu> col2im_on_cpu{col2im_kernel, col2im_cpu};
const KernelOn<DeviceType::Cpu> max_pool_on_cpu{max_pool_kernel, max_pool_cpu};

}  // namespace

}  // namespace unroll::cpu
