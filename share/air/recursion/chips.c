/* The recursion machines' constraints, chip by chip (sp1-proof(7), Recursion
 * machines). */
#include "air/recursion/memory.h"

static expr
sum4(expr x, expr y, expr z, expr w)
{
	return x_sum((expr[]){x, y, z, w}, 4);
}

static void
block_equal_when(struct air *a, expr c, const struct block_x *x,
    const struct block_x *y)
{
	for (int i = 0; i < 4; i++)
		air_equal_when(a, c, x->c[i], y->c[i]);
}

void
recursion_base_alu(struct air *a, const void *main, const void *prep)
{
	const struct base_alu_cols_x *m = main;
	const struct base_alu_prep_x *p = prep;
	expr real = sum4(p->is_add, p->is_sub, p->is_mul, p->is_div);

	air_bool(a, real);
	air_equal_when(a, p->is_add, x_add(m->in1, m->in2), m->out);
	air_equal_when(a, p->is_sub, m->in1, x_add(m->in2, m->out));
	air_equal_when(a, p->is_mul, m->out, x_mul(m->in1, m->in2));
	air_equal_when(a, p->is_div, x_mul(m->in2, m->out), m->in1);
	mem_read_felt(a, p->addr.in1, m->in1, real);
	mem_read_felt(a, p->addr.in2, m->in2, real);
	mem_write_felt(a, p->addr.out, m->out, p->mult);
}

void
recursion_ext_alu(struct air *a, const void *main, const void *prep)
{
	const struct ext_alu_cols_x *m = main;
	const struct ext_alu_prep_x *p = prep;
	struct block_x in1 = block_from(&m->in1), in2 = block_from(&m->in2);
	struct block_x out = block_from(&m->out), t;
	expr real = sum4(p->is_add, p->is_sub, p->is_mul, p->is_div);

	air_bool(a, real);
	t = block_add(&in1, &in2);
	block_equal_when(a, p->is_add, &t, &out);
	t = block_add(&in2, &out);
	block_equal_when(a, p->is_sub, &in1, &t);
	t = block_mul(&in1, &in2);
	block_equal_when(a, p->is_mul, &t, &out);
	t = block_mul(&in2, &out);
	block_equal_when(a, p->is_div, &in1, &t);
	mem_read(a, p->addr.in1, &m->in1, real);
	mem_read(a, p->addr.in2, &m->in2, real);
	mem_write(a, p->addr.out, &m->out, p->mult);
}

/* A block into elements, or back: multiplicities of either sign. */
void
recursion_ext_felt_convert(struct air *a, const void *main, const void *prep)
{
	const struct ext_felt_cols_x *m = main;
	const struct ext_felt_prep_x *p = prep;

	mem_read(a, p->addr[0], &m->input, p->mult[0]);
	for (int i = 0; i < 4; i++)
		mem_write_felt(a, p->addr[1 + i], m->input.c[i],
		    p->mult[1 + i]);
}

void
recursion_memory_const(struct air *a, const void *main, const void *prep)
{
	const struct memory_const_prep_x *p = prep;

	mem_write(a, p->access.addr, &p->value, p->access.mult);
}

static void
memory_var(struct air *a, const struct block_x *value,
    const struct mem_access_x *access, int n)
{
	for (int i = 0; i < n; i++)
		mem_write(a, access[i].addr, &value[i], access[i].mult);
}

void
recursion_memory_var_1(struct air *a, const void *main, const void *prep)
{
	const struct memory_var_1_cols_x *m = main;
	const struct memory_var_1_prep_x *p = prep;

	memory_var(a, m->value, p->access, 1);
}

void
recursion_memory_var_2(struct air *a, const void *main, const void *prep)
{
	const struct memory_var_2_cols_x *m = main;
	const struct memory_var_2_prep_x *p = prep;

	memory_var(a, m->value, p->access, 2);
}

/* One of Poseidon2's two kinds of layers, or none. */
static expr
layer_kind(struct air *a, expr external, expr internal)
{
	expr real = x_add(external, internal);

	air_bool(a, external);
	air_bool(a, internal);
	air_bool(a, real);
	return real;
}

void
recursion_poseidon2_linear(struct air *a, const void *main, const void *prep)
{
	const struct poseidon2_linear_cols_x *m = main;
	const struct poseidon2_linear_prep_x *p = prep;
	expr real = layer_kind(a, p->external, p->internal);
	expr external[16], internal[16];

	for (int i = 0; i < 16; i++)
		external[i] = internal[i] = m->input[i / 4].c[i % 4];
	for (int i = 0; i < 4; i++)
		mem_read(a, p->input[i], &m->input[i], real);
	poseidon2_external_layer(external);
	poseidon2_internal_layer(internal);
	for (int i = 0; i < 4; i++) {
		const expr *x = &external[4 * i], *y = &internal[4 * i];

		mem_write(a, p->output[i],
		    &(struct block_x){{x[0], x[1], x[2], x[3]}}, p->external);
		mem_write(a, p->output[i],
		    &(struct block_x){{y[0], y[1], y[2], y[3]}}, p->internal);
	}
}

void
recursion_poseidon2_sbox(struct air *a, const void *main, const void *prep)
{
	const struct poseidon2_sbox_cols_x *m = main;
	const struct poseidon2_sbox_prep_x *p = prep;
	expr real = layer_kind(a, p->external, p->internal);
	const expr *x = m->input.c;
	struct block_x first;

	mem_read(a, p->input, &m->input, real);
	for (int i = 0; i < 4; i++)
		air_equal(a, x_mul(x_mul(x[i], x[i]), x[i]), m->output.c[i]);
	mem_write(a, p->output, &m->output, p->external);
	first = (struct block_x){{m->output.c[0], x[1], x[2], x[3]}};
	mem_write(a, p->output, &first, p->internal);
}

static expr
cubed(expr x)
{
	return x_mul(x_mul(x_mul(x_k(x.air, 1), x), x), x);
}

void
recursion_poseidon2_wide(struct air *a, const void *main, const void *prep)
{
	const struct poseidon2_wide_cols_x *m = main;
	const struct poseidon2_wide_prep_x *p = prep;
	const expr *in = m->rounds.external_rounds_state[0].s;

	/* The stock chip's, to reach degree 3. */
	air_equal(a, cubed(in[0]), cubed(in[0]));
	for (int i = 0; i < 16; i++)
		mem_read_felt(a, p->input[i], in[i], p->is_real);
	for (int i = 0; i < 16; i++)
		mem_write_felt(a, p->output[i].addr, m->rounds.output_state[i],
		    p->output[i].mult);
	poseidon2_rounds(a, &m->rounds);
}

void
recursion_prefix_sum_checks(struct air *a, const void *main, const void *prep)
{
	const struct prefix_sum_cols_x *m = main;
	const struct prefix_sum_prep_x *p = prep;
	expr zero = x_k(a, 0);
	struct block_x x1 = {{m->x1, zero, zero, zero}};
	struct block_x one = {{x_k(a, 1), zero, zero, zero}};
	struct block_x x2 = block_from(&m->x2), product = block_mul(&x1, &x2);
	struct block_x t = block_add(&x1, &x2), acc, new_acc;

	air_bool(a, p->is_real);
	air_bool(a, m->x1);
	mem_read_felt(a, p->x1, m->x1, p->is_real);
	mem_read(a, p->x2, &m->x2, p->is_real);
	mem_read(a, p->acc, &m->acc, p->is_real);
	mem_read_felt(a, p->felt_acc, m->felt_acc, p->is_real);

	/* acc (1 - x1 - x2 + 2 x1 x2) */
	new_acc = block_from(&m->new_acc);
	acc = block_from(&m->acc);
	t = block_sub(&one, &t);
	t = block_add(&t, &product);
	t = block_add(&t, &product);
	t = block_mul(&acc, &t);
	for (int i = 0; i < 4; i++)
		air_equal(a, new_acc.c[i], t.c[i]);
	air_equal(a, m->felt_new_acc, x_add(m->x1, x_mulk(m->felt_acc, 2)));

	mem_write(a, p->new_acc.addr, &m->new_acc, p->new_acc.mult);
	mem_write_felt(a, p->felt_new_acc.addr, m->felt_new_acc,
	    p->felt_new_acc.mult);
}

void
recursion_public_values(struct air *a, const void *main, const void *prep)
{
	const struct public_values_cols_x *m = main;
	const struct public_values_prep_x *p = prep;

	mem_read_felt(a, p->access.addr, m->element, p->access.mult);
	for (unsigned i = 0; i < 8; i++)
		air_equal_when(a, p->index[i],
		    x_public(a, RECURSION_PV_DIGEST + i), m->element);
}

void
recursion_select(struct air *a, const void *main, const void *prep)
{
	const struct select_cols_x *m = main;
	const struct select_prep_x *p = prep;

	mem_read_felt(a, p->addr.bit, m->bit, p->is_real);
	mem_read_felt(a, p->addr.in1, m->in1, p->is_real);
	mem_read_felt(a, p->addr.in2, m->in2, p->is_real);
	air_bool(a, m->bit);
	air_equal(a, m->out1,
	    x_add(m->in1, x_mul(m->bit, x_sub(m->in2, m->in1))));
	air_equal(a, x_add(m->out1, m->out2), x_add(m->in1, m->in2));
	mem_write_felt(a, p->addr.out1, m->out1, p->mult1);
	mem_write_felt(a, p->addr.out2, m->out2, p->mult2);
}
