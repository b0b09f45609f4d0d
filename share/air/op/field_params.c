#include "air/op/field_op.h"

#define OFFSET_32 (1u << 14)	/* 32 products of bytes, their carries */
#define OFFSET_48 (1u << 15)

TABLE struct field_params field_secp256k1 = {
	32, 62, 32, OFFSET_32,
	{0xfffffffefffffc2f, 0xffffffffffffffff, 0xffffffffffffffff,
	 0xffffffffffffffff},
	{0}
};
TABLE struct field_params field_secp256r1 = {
	32, 62, 32, OFFSET_32,
	{0xffffffffffffffff, 0x00000000ffffffff, 0, 0xffffffff00000001},
	{0xfffffffffffffffc, 0x00000000ffffffff, 0, 0xffffffff00000001}
};
TABLE struct field_params field_bn254 = {
	32, 62, 32, OFFSET_32,
	{0x3c208c16d87cfd47, 0x97816a916871ca8d, 0xb85045b68181585d,
	 0x30644e72e131a029},
	{0}
};
TABLE struct field_params field_bls12381 = {
	48, 94, 48, OFFSET_48,
	{0xb9feffffffffaaab, 0x1eabfffeb153ffff, 0x6730d2a0f6b0f624,
	 0x64774b84f38512bf, 0x4b1ba7b6434bacd7, 0x1a0111ea397fe69a},
	{0}
};
TABLE struct field_params field_ed25519 = {
	32, 62, 32, OFFSET_32,
	{0xffffffffffffffed, 0xffffffffffffffff, 0xffffffffffffffff,
	 0x7fffffffffffffff},
	{0x75eb4dca135978a3, 0x00700a4d4141d8ab, 0x8cc740797779e898,
	 0x52036cee2b6ffe73}
};
TABLE struct field_params field_u256 = {
	32, 63, 33, OFFSET_32, {0, 0, 0, 0, 1}, {0}
};
