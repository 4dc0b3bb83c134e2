// The script holds tensors and generators as integers. A tensor has at most one handle; freeing it drops the
// script's reference, while whatever else holds the tensor (the graph, an optimizer's record) keeps it alive.
// Trainer thread only.
#pragma once

#include <cstdint>

#include "rng/generator.h"
#include "tensor/tensor.h"

namespace unroll::binding {

/** The tensor's handle, made on first use; 0 for an undefined tensor. */
int32_t handle_of(const Tensor& tensor);
/** The tensor behind a handle; 0 is the undefined tensor. An unknown handle is an internal error. */
Tensor tensor_of(int32_t handle);
void free_handle(int32_t handle);
/** Handles in use. */
int64_t live_handles();

/** 0 is the default generator. */
Generator& generator_of(int32_t handle);
int32_t new_generator();
void free_generator(int32_t handle);

}  // namespace unroll::binding
