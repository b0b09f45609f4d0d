#ifndef ROWS_ROW_OF_H
#define ROWS_ROW_OF_H
/*
 * row_CHIP(s, i, row), for the chips of run/chips.def whose rows are made of one event
 * each: from trace_CHIP.
 */
#define ROW_OF_INSTR(n, ...) \
KERNEL void row_##n(const struct shard_events *s, size_t i, kb *row) \
{ \
	const struct rec_instr *e = &s->instr[CHIP_##n][i]; \
\
	trace_##n(row, e, &s->program->insn[e->index], s->program); \
}

#define ROW_OF_CALL(n, cols, width, constraints, interactions, padding, source, rows) \
KERNEL void row_##n(const struct shard_events *s, size_t i, kb *row) \
{ \
	const struct call_lists *l = s->calls; \
\
	trace_##n(row, \
	    l->event[l->first[CHIP_##source] + i / (rows)], \
	    (unsigned)(i % (rows))); \
}

#endif
