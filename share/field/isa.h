#ifndef FIELD_ISA_H
#define FIELD_ISA_H
/*
 * Which of the copies of a loop runs: files for one instruction set say so in their
 * name, and the Makefile compiles *_avx2.c and *_avx512.c for what isa_here() asks
 * of the processor.  A library keeps a table of its loops by enum isa.
 */
#include <stdbool.h>

#include "base/err.h"

enum isa { ISA_SCALAR, ISA_AVX2, ISA_AVX512, ISA_COUNT };

/* The best that this processor has; SP1_SIMD=scalar|avx2|avx512 caps it, read
 * once. */
enum isa isa_best(void);
/* Whether this processor has it. */
CHECKED bool isa_here(enum isa i);
/* Of "scalar", "avx2", "avx512"; -1: none of them, or not on this processor. */
CHECKED int isa_by_name(const char *name);

#endif
