#define KERNELS cpu_kernels_avx512
#define KERNELS_NAME "avx512"
#include "prover/cpu/kernels.inc"
