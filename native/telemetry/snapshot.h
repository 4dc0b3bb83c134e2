// A picture of the model on disk: every parameter the optimizers know, with its gradient, and the modules'
// buffers, as a safetensors file.
#pragma once

#include <string>

namespace unroll {

/**
 * Writes the recorder's named parameters ("rnn.weight_hh_l0") and their gradients ("rnn.weight_hh_l0.grad"),
 * and the buffers that the script's side has shown, with the step in the metadata. Whole or not at all: a
 * temporary name in the same folder, flushed, renamed, the folder flushed. Returns the number of tensors;
 * nothing is written where there are none. RuntimeError with the path and the system's reason where it cannot
 * be written.
 */
int64_t write_snapshot(const std::string& path);

}  // namespace unroll
