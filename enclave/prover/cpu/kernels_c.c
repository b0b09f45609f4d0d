#define KERNELS cpu_kernels_c
#define KERNELS_NAME "scalar"
#include "prover/cpu/kernels.inc"
