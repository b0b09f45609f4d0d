#define KERNELS block_kernels_avx2
#define KERNELS_NAME "avx2"
#include "air/block_kernel.inc"
