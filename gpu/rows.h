#ifndef GPU_ROWS_H
#define GPU_ROWS_H
/*
 * Rows of chips, one a thread, for the .cu files that include the bodies of the
 * fillers of rows/: first of all, since these compile them for
 * themselves.
 */
#ifndef DEVICE
#define DEVICE inline __host__ __device__
#endif
#include "gpu/device.h"

#ifdef __NVCC__
#pragma nv_diag_suppress 20091	/* tables that a host function would not see */
#endif

/* Rows of `width` cells: fill(i, row) gets zeros.  scratch: of all threads. */
template <unsigned width, typename fill_fn> static __device__ void
put_rows(kb *out, size_t rows, kb *scratch, size_t n, fill_fn fill)
{
	if (width <= GPU_OWN_ROW) {
		EACH(i, n) {
			kb row[width <= GPU_OWN_ROW ? width : 1] = {};

			fill(i, row);
			_Pragma("unroll")
			for (size_t j = 0; j < width; j++)
				out[j * rows + i] = row[j];
		}
		return;
	}
	/* Not unrolled: multiples of rows would be kept in registers. */
	scratch += GPU_INDEX * width;
	EACH(i, n) {
		_Pragma("unroll 1")
		for (size_t j = 0; j < width; j++)
			scratch[j] = KB_ZERO;
		fill(i, scratch);
		_Pragma("unroll 1")
		for (size_t j = 0; j < width; j++)
			out[j * rows + i] = scratch[j];
	}
}

#ifndef ROW_KERNEL
#define ROW_KERNEL GPU_ROW_KERNEL
#endif
#define ROWS(n, cols, ...) \
ROW_KERNEL \
gpu_trace_##n(kb *out, size_t rows, GPU_CONST struct shard_events s, \
    kb *scratch, size_t n_) \
{ \
	put_rows<COLS_WIDTH(cols)>(out, rows, scratch, n_, \
	    [&](size_t i, kb *row) { row_##n(&s, i, row); }); \
}

#endif
