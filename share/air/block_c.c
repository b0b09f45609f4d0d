#define KERNELS block_kernels_c
#define KERNELS_NAME "scalar"
#include "air/block_kernel.inc"
