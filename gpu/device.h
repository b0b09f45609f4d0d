#ifndef GPU_DEVICE_H
#define GPU_DEVICE_H
/* How indices are dealt to threads. */
#include "gpu/kernels.h"

#define GPU_INDEX (blockIdx.x * (size_t)blockDim.x + threadIdx.x)
#define GPU_COUNT ((size_t)gridDim.x * blockDim.x)
#define EACH(i, n) for (size_t i = GPU_INDEX; i < (n); i += GPU_COUNT)

#endif
