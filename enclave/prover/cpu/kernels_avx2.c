#define KERNELS cpu_kernels_avx2
#define KERNELS_NAME "avx2"
#include "prover/cpu/kernels.inc"
