// Windows over images[images][channels][size]: as columns, their sum back, and the greatest of each.
typedef struct {
  int images, channels;
  int size[2], kernel_[2], dilation[2], padding[2], stride[2], count[2];
} Windows;

// columns[channels * kernel][images][count], 0 outside of the image.
kernel void im2col(Windows w, global const T* images, int images_first, global T* columns, int columns_first) {
  const int at = (int)get_global_id(0), places = w.count[0] * w.count[1];
  if (at >= w.channels * w.kernel_[0] * w.kernel_[1] * w.images * places) return;
  const int place = at % places, image = at / places % w.images, row = at / places / w.images;
  const int kx = row % w.kernel_[1], ky = row / w.kernel_[1] % w.kernel_[0];
  const int channel = row / (w.kernel_[0] * w.kernel_[1]);
  const int y = place / w.count[1] * w.stride[0] + ky * w.dilation[0] - w.padding[0];
  const int x = place % w.count[1] * w.stride[1] + kx * w.dilation[1] - w.padding[1];
  const int is_inside = y >= 0 && y < w.size[0] && x >= 0 && x < w.size[1];
  columns[columns_first + at] =
      is_inside ? images[images_first + ((image * w.channels + channel) * w.size[0] + y) * w.size[1] + x] : 0;
}

// An element of an image adds up what every tap of the window has of it, in the order of the taps.
kernel void col2im(Windows w, global const T* columns, int columns_first, global T* images, int images_first) {
  const int at = (int)get_global_id(0);
  if (at >= w.images * w.channels * w.size[0] * w.size[1]) return;
  const int x = at % w.size[1], y = at / w.size[1] % w.size[0], plane = at / (w.size[0] * w.size[1]);
  const int channel = plane % w.channels, image = plane / w.channels;
  T sum = 0;
  for (int ky = 0; ky < w.kernel_[0]; ++ky) {
    const int down = y + w.padding[0] - ky * w.dilation[0];
    if (down < 0 || down % w.stride[0] != 0 || down / w.stride[0] >= w.count[0]) continue;
    for (int kx = 0; kx < w.kernel_[1]; ++kx) {
      const int across = x + w.padding[1] - kx * w.dilation[1];
      if (across < 0 || across % w.stride[1] != 0 || across / w.stride[1] >= w.count[1]) continue;
      const int row = (channel * w.kernel_[0] + ky) * w.kernel_[1] + kx;
      sum += columns[columns_first + ((row * w.images + image) * w.count[0] + down / w.stride[0]) * w.count[1] +
                     across / w.stride[1]];
    }
  }
  images[images_first + at] = sum;
}

// values and places [images][channels][count]: the greatest of each window, and where in its plane; NaN wins.
kernel void max_pool(Windows w, global const T* images, int images_first, global T* values, int values_first,
                     global long* places, int places_first) {
  const int at = (int)get_global_id(0), windows = w.count[0] * w.count[1];
  if (at >= w.images * w.channels * windows) return;
  global const T* image = images + images_first + at / windows * w.size[0] * w.size[1];
  const int top = at % windows / w.count[1] * w.stride[0] - w.padding[0];
  const int left = at % windows % w.count[1] * w.stride[1] - w.padding[1];
  int best = -1;
  for (int ky = 0; ky < w.kernel_[0]; ++ky)
    for (int kx = 0; kx < w.kernel_[1]; ++kx) {
      const int y = top + ky * w.dilation[0], x = left + kx * w.dilation[1];
      if (y < 0 || y >= w.size[0] || x < 0 || x >= w.size[1]) continue;
      const int here = y * w.size[1] + x;
      if (best < 0 || image[here] > image[best] || image[here] != image[here]) best = here;
    }
  values[values_first + at] = best < 0 ? LOWEST : image[best];
  places[places_first + at] = max(best, 0);
}
