#include "telemetry/reading.h"

#include <algorithm>
#include <cstring>

#include "autograd/variable.h"
#include "backend/inspection.h"
#include "ops/ops.h"

namespace unroll {

namespace {

std::vector<char> cells_of(const Plane& plane) {
  UNROLL_CHECK(plane.numel() <= kMostCells, plane.rows, " by ", plane.columns, " elements are more than ",
               kMostCells, ", which is as many as are handed out at a time");
  const size_t size = static_cast<size_t>(item_size(plane.owner.dtype()));
  std::vector<char> cells(static_cast<size_t>(plane.numel()) * size);
  const char* const first = plane.owner.storage().data() + plane.offset * static_cast<int64_t>(size);
  char* to = cells.data();
  for (int64_t r = 0; r < plane.rows; ++r)
    for (int64_t c = 0; c < plane.columns; ++c, to += size)
      std::memcpy(to, first + (r * plane.row_stride + c * plane.column_stride) * static_cast<int64_t>(size),
                  size);
  return cells;
}

/** The plane where its elements can be looked at: on its device where it is large, else on the processor. */
Plane at_hand(const Plane& plane) {
  const DeviceType type = plane.owner.device_type();
  if (type == DeviceType::Cpu || (plane.numel() > kMostCells && tiles_kernel.on(type))) return plane;
  GradMode off(false);
  const Tensor here = to_device(view_of(plane), cpu_device());
  return {here, here.offset(), plane.rows, plane.columns, here.strides()[0], here.strides()[1]};
}

void answer(const Tensor& tensor, const Question& question, Reading& reading) {
  const Tensor seen = detached(tensor);
  const Plane plane = at_hand(question.part ? plane_of(seen, *question.part) : whole_plane(seen));
  reading.rows = plane.rows;
  reading.columns = plane.columns;
  if (question.cells) reading.cells = cells_of(plane);
  reading.has_cells = question.cells;
  reading.statistics = statistics_of(plane);
  if (question.bins > 0) {
    const Statistics& s = reading.statistics;
    const auto [low, high] =
        question.range.value_or(histogram_range({s.low, s.high}, {s.robust_low, s.robust_high}));
    reading.histogram = histogram_of(plane, low, high, std::min(question.bins, kMostBins));
  }
  if (question.rows > 0 && question.columns > 0) {
    const int64_t columns = std::min(question.columns, kMostTiles);
    const int64_t rows = std::clamp<int64_t>(question.rows, 1, std::max<int64_t>(1, kMostTiles / columns));
    reading.picture = picture_of(plane, rows, columns);
  }
}

}  // namespace

Reading read_tensor(const Tensor& tensor, const Question& question) {
  Reading reading;
  if (!tensor.defined()) return reading;
  reading.found = true;
  reading.sizes = tensor.sizes();
  reading.dtype = tensor.dtype();
  reading.requires_grad = tensor.requires_grad();
  const FaultsWait until_the_script_reads;
  try {
    answer(tensor, question, reading);
  } catch (const std::exception& error) {
    reading.problem = error.what();
  }
  return reading;
}

}  // namespace unroll
