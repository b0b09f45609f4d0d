#ifndef TEST_LIB_RECURSION_TEXT_H
#define TEST_LIB_RECURSION_TEXT_H
/*
 * A recursion program as text, one line an instruction: name, outputs (address*reads),
 * inputs.  Lines and their hashes are those of ../shared/stock's `recursion`.
 */
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recursion/program.h"

#define TEXT_BLOCK 65536	/* lines of a hash */

static const char *const text_alu[] = {
	"BaseAlu AddF", "BaseAlu SubF", "BaseAlu MulF", "BaseAlu DivF",
	"ExtAlu AddE", "ExtAlu SubE", "ExtAlu MulE", "ExtAlu DivE"
};

struct text { char *s; size_t n, cap; };

static void __attribute__((format(printf, 2, 3)))
text_add(struct text *t, const char *fmt, ...)
{
	va_list ap;

	if (t->cap - t->n < 256) {
		t->cap = 2 * t->cap + 4096;
		t->s = realloc(t->s, t->cap);
	}
	va_start(ap, fmt);
	t->n += (size_t)vsnprintf(t->s + t->n, t->cap - t->n, fmt, ap);
	va_end(ap);
}

static void
text_addrs(struct text *t, const uint32_t *a, unsigned n)
{
	text_add(t, "[");
	for (unsigned i = 0; i < n; i++)
		text_add(t, "%s%u", i ? "," : "", a[i]);
	text_add(t, "]");
}

static void
text_reads(struct text *t, const struct program *p, const uint32_t *a,
    unsigned n)
{
	text_add(t, "[");
	for (unsigned i = 0; i < n; i++)
		text_add(t, "%s%u", i ? "," : "", p->reads[a[i]]);
	text_add(t, "]");
}

/* Addresses, then how often each is read. */
static void
text_outputs(struct text *t, const struct program *p, const uint32_t *a,
    unsigned n)
{
	text_addrs(t, a, n);
	text_add(t, "*");
	text_reads(t, p, a, n);
}

static void
text_pairs(struct text *t, const struct program *p, const uint32_t *a,
    unsigned n)
{
	text_add(t, "[");
	for (unsigned i = 0; i < n; i++)
		text_add(t, "%s%u*%u", i ? "," : "", a[i], p->reads[a[i]]);
	text_add(t, "]");
}

static void
text_write(struct text *t, const struct program *p, uint32_t addr,
    const kb v[4])
{
	text_add(t, "Mem write %u*%u [%u,%u,%u,%u]", addr, p->reads[addr],
	    kb_to(v[0]), kb_to(v[1]), kb_to(v[2]), kb_to(v[3]));
}

static void
text_prefix_sums(struct text *t, const struct program *p, const uint32_t *o,
    unsigned n)
{
	text_add(t, "PrefixSumChecks zero=%u one=%u x1=", o[2 * n],
	    o[2 * n + 1]);
	text_addrs(t, o + 2 * n + 2, n);
	text_add(t, " x2=");
	text_addrs(t, o + 3 * n + 2, n);
	text_add(t, " accs=");
	text_outputs(t, p, o, n);
	text_add(t, " field_accs=");
	text_outputs(t, p, o + n, n);
}

static void
text_convert(struct text *t, const struct program *p, const struct instr *i,
    const uint32_t *o)
{
	bool split = i->op == OP_SPLIT;
	uint32_t a[5];

	a[0] = split ? o[4] : o[0];
	memcpy(a + 1, split ? o : o + 1, 4 * sizeof *o);
	text_add(t, "ExtFelt ext2felt=%s ", split ? "true" : "false");
	text_addrs(t, a, 5);
	text_add(t, "*[");
	for (int k = 0; k < 5; k++)
		text_add(t, "%s%u", k ? "," : "",
		    (k > 0) == split ? p->reads[a[k]] : 0);
	text_add(t, "]");
}

static void
text_curve(struct text *t, const struct program *p, const uint32_t *o)
{
	text_add(t, "HintAddCurve ");
	text_pairs(t, p, o, 7);
	text_add(t, " ");
	text_pairs(t, p, o + 7, 7);
	for (int i = 14; i < 42; i += 7) {
		text_add(t, " ");
		text_addrs(t, o + i, 7);
	}
}

static void
text_instr(struct text *t, const struct program *p, const struct instr *i)
{
	const uint32_t *o = p->operand + i->first;
	bool internal = i->op == OP_LINEAR_INTERNAL ||
	    i->op == OP_SBOX_INTERNAL;

	switch (i->op) {
	case OP_WRITE:
		text_write(t, p, o[0], (const kb *)(o + 1));
		break;
	case OP_POSEIDON2:
		text_add(t, "Poseidon2 ");
		text_outputs(t, p, o, 16);
		text_add(t, " ");
		text_addrs(t, o + 16, 16);
		break;
	case OP_LINEAR_EXTERNAL:
	case OP_LINEAR_INTERNAL:
		text_add(t, "Poseidon2LinearLayer external=%s ",
		    internal ? "false" : "true");
		text_outputs(t, p, o, 4);
		text_add(t, " ");
		text_addrs(t, o + 4, 4);
		break;
	case OP_SBOX_EXTERNAL:
	case OP_SBOX_INTERNAL:
		text_add(t, "Poseidon2SBox external=%s %u*%u %u",
		    internal ? "false" : "true", o[0], p->reads[o[0]], o[1]);
		break;
	case OP_SPLIT:
	case OP_JOIN:
		text_convert(t, p, i, o);
		break;
	case OP_SELECT:
		text_add(t, "Select %u*%u,%u*%u bit=%u %u,%u", o[0],
		    p->reads[o[0]], o[1], p->reads[o[1]], o[2], o[3], o[4]);
		break;
	case OP_PREFIX_SUMS:
		text_prefix_sums(t, p, o, (i->n - 2) / 4);
		break;
	case OP_HINT:
		text_add(t, "Hint ");
		text_pairs(t, p, o, 1);
		break;
	case OP_HINT_BITS:
	case OP_HINT_FELTS:
		text_add(t, i->op == OP_HINT_BITS ? "HintBits " :
		    "HintExt2Felts ");
		text_pairs(t, p, o, i->n - 1);
		text_add(t, " %u", o[i->n - 1]);
		break;
	case OP_HINT_CURVE:
		text_curve(t, p, o);
		break;
	case OP_COMMIT:
		text_add(t, "CommitPublicValues ");
		text_addrs(t, o, i->n);
		break;
	default:
		text_add(t, "%s %u*%u %u,%u", text_alu[i->op], o[0],
		    p->reads[o[0]], o[1], o[2]);
	}
}

/* Line k; the constants' writes come first. */
__attribute__((unused)) static const char *
text_line(struct text *t, const struct program *p, size_t k)
{
	t->n = 0;
	if (k < p->nconstants)
		text_write(t, p, p->constant[k].addr, p->constant[k].value.c);
	else
		text_instr(t, p, &p->instr[k - p->nconstants]);
	text_add(t, "\n");
	return t->s;
}

/* SHA-256 of n lines from k on, or as many as there are, in hexadecimal. */
__attribute__((unused)) static void
text_hash(char hex[65], const struct program *p, size_t k, size_t n)
{
	EVP_MD_CTX *h = EVP_MD_CTX_new();
	struct text t = {NULL, 0, 0};
	uint8_t d[32];

	EVP_DigestInit_ex(h, EVP_sha256(), NULL);
	for (; n > 0 && k < program_length(p); n--) {
		text_line(&t, p, k++);
		EVP_DigestUpdate(h, t.s, t.n);
	}
	EVP_DigestFinal_ex(h, d, NULL);
	EVP_MD_CTX_free(h);
	for (int i = 0; i < 32; i++)
		sprintf(hex + 2 * i, "%02x", d[i]);
	free(t.s);
}

#endif
