#define KERNELS block_kernels_avx512
#define KERNELS_NAME "avx512"
#include "air/block_kernel.inc"
