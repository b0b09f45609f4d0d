#include "air/recursion/memory.h"

static void
message(struct air *a, expr addr, const struct block_x *v, expr mult, bool send)
{
	const expr values[5] = {addr, v->c[0], v->c[1], v->c[2], v->c[3]};

	if (send)
		air_send(a, AIR_MEMORY, mult, values, 5);
	else
		air_receive(a, AIR_MEMORY, mult, values, 5);
}

static struct block_x
single(struct air *a, expr v)
{
	expr zero = x_k(a, 0);

	return (struct block_x){{v, zero, zero, zero}};
}

void
mem_write(struct air *a, expr addr, const struct block_x *v, expr mult)
{
	message(a, addr, v, mult, true);
}

void
mem_read(struct air *a, expr addr, const struct block_x *v, expr mult)
{
	message(a, addr, v, mult, false);
}

void
mem_write_felt(struct air *a, expr addr, expr v, expr mult)
{
	struct block_x b = single(a, v);

	message(a, addr, &b, mult, true);
}

void
mem_read_felt(struct air *a, expr addr, expr v, expr mult)
{
	struct block_x b = single(a, v);

	message(a, addr, &b, mult, false);
}

struct block_x
block_from(const struct block_x *x)
{
	expr zero = x_k(x->c[0].air, 0);
	struct block_x r;

	for (int i = 0; i < 4; i++)
		r.c[i] = x_add(zero, x->c[i]);
	return r;
}

struct block_x
block_add(const struct block_x *x, const struct block_x *y)
{
	struct block_x r;

	for (int i = 0; i < 4; i++)
		r.c[i] = x_add(x->c[i], y->c[i]);
	return r;
}

struct block_x
block_sub(const struct block_x *x, const struct block_x *y)
{
	struct block_x r;

	for (int i = 0; i < 4; i++)
		r.c[i] = x_sub(x->c[i], y->c[i]);
	return r;
}

struct block_x
block_mul(const struct block_x *x, const struct block_x *y)
{
	struct air *a = x->c[0].air;
	expr zero = x_k(a, 0), three = x_k(a, 3);
	struct block_x r = {{zero, zero, zero, zero}};

	for (int i = 0; i < 4; i++)
		for (int j = 0; j < 4; j++) {
			expr f = i + j < 4 ? x->c[i] : x_mul(three, x->c[i]);
			expr *to = &r.c[(i + j) & 3];

			*to = x_add(*to, x_mul(f, y->c[j]));
		}
	return r;
}
