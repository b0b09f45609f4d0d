# Private SP1 proving.  `make demo` and `make test` are all a newcomer needs.
#
# What each program may link, lowest layer last.  This table is the architecture.
tools/sp1-stdin		= wire base
tools/sp1-vk		= stark air poly field riscv wire base
tools/sp1-verify	= stark air poly field riscv wire base
tools/sp1-encrypt	= crypto stark air poly field riscv rpc wire base
tools/sp1-upload	= crypto rpc wire base
tools/sp1-request	= crypto stark air poly field riscv rpc wire base
tools/sp1-poll		= rpc wire base
tools/sp1-fetch		= stark air poly field riscv rpc wire base
tools/sp1-devnet	= devnet net store crypto stark air poly field riscv wire base
enclave/sp1-exec	= vm riscv poly field wire base
enclave/sp1-decrypt	= crypto wire base
enclave/sp1-prove-gpu	= prover stark air poly field riscv wire base
enclave/tee-proxy	= proxy net rpc store crypto wire base
enclave/tee-worker	= worker crypto rpc stark air poly field riscv wire base
enclave/tee-keyd	= crypto wire base

# What each library may include, itself apart.
may_base	=
may_wire	= base
may_crypto	= wire base
may_rpc		= wire base
may_net		= wire base
may_store	= base
may_proxy	= net rpc store crypto wire base
may_worker	= crypto rpc stark air poly field riscv wire base
may_devnet	= net store crypto stark air poly field riscv wire base
may_riscv	= base
may_field	= base
may_poly	= field base
may_air		= poly field base
may_stark	= air poly field riscv wire base
may_vm		= riscv poly field wire base
may_prover	= vm stark air poly field riscv wire base

# System libraries behind each of ours.
sys_base	= -lpthread -lseccomp
sys_wire	= -ljansson -lzstd
sys_crypto	= -lsecp256k1 -lcrypto
sys_rpc		= -lcurl
sys_net		= -lnghttp2 -lssl -lcrypto
sys_store	= -lsqlite3
sys_riscv	= -lcrypto
sys_stark	= -lcrypto
sys_vm		= -lcrypto

B	?= build
CC	?= gcc
SAN	?=
WARN	= -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla \
	  -Wno-unused-parameter -Werror=implicit-function-declaration
HARDEN	= -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
CFLAGS	?= -O2 -g
CPPFLAGS = -D_GNU_SOURCE -I. -Ishare -Ienclave -Itools
ALL_CFLAGS = -std=gnu11 $(CFLAGS) $(WARN) $(if $(SAN),,$(HARDEN)) $(SAN) \
	  -ffile-prefix-map=$(CURDIR)=. -pthread
LDFLAGS	= $(if $(SAN),,-pie -Wl,-z,relro,-z,now) $(SAN) -pthread

programs := $(foreach p,$(filter tools/% enclave/%,$(.VARIABLES)),$(if $(wildcard $(p).c),$(p)))
libs := base wire crypto rpc net store riscv field poly air stark vm prover proxy worker devnet
libdir = $(firstword $(wildcard share/$(1) enclave/$(1) tools/$(1)))
libsrc = $(sort $(wildcard $(call libdir,$(1))/*.c $(call libdir,$(1))/*/*.c))
uniq = $(if $(1),$(firstword $(1)) $(call uniq,$(filter-out $(firstword $(1)),$(1))))

all: $(patsubst %,$(B)/bin/%,$(notdir $(programs)))
.PHONY: all
.DELETE_ON_ERROR:
.SECONDARY:

# The arithmetic is worth -O3; files for one instruction set say so in their name.
$(B)/obj/share/field/% $(B)/obj/share/poly/% $(B)/obj/share/air/% $(B)/obj/enclave/prover/%: ALL_CFLAGS += -O3
$(B)/obj/%_avx512.o: ALL_CFLAGS += -mavx512f -mavx512dq -mavx512bw -mavx512vl -mavx2 -mbmi2
$(B)/obj/%_avx2.o: ALL_CFLAGS += -mavx2 -mbmi2

$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

define lib_rule
$(B)/lib$(1).a: $(patsubst %.c,$(B)/obj/%.o,$(call libsrc,$(1)))
	@rm -f $$@
	$$(if $$^,ar rcsD $$@ $$^,ar rcsD $$@)
endef
$(foreach l,$(libs),$(eval $(call lib_rule,$(l))))

define prog_rule
$(B)/bin/$(notdir $(1)): $(B)/obj/$(1).o $(patsubst %,$(B)/lib%.a,$(strip $($(1))))
	@mkdir -p $$(@D)
	$(CC) $(LDFLAGS) -o $$@ $$^ $(call uniq,$(foreach l,$($(1)),$(sys_$(l))))
endef
$(foreach p,$(programs),$(eval $(call prog_rule,$(p))))

# A unit test test/unit/LIB_what.c links LIB and what LIB may use.
unit_lib = $(firstword $(subst _, ,$(notdir $(1))))
unit_deps = $(call unit_lib,$(1)) $(may_$(call unit_lib,$(1)))
units := $(patsubst test/unit/%.c,%,$(sort $(wildcard test/unit/*.c)))
define unit_rule
$(B)/unit/$(1).t: $(B)/obj/test/unit/$(1).o $(patsubst %,$(B)/lib%.a,$(call unit_deps,$(1)))
	@mkdir -p $$(@D)
	$(CC) $(LDFLAGS) -o $$@ $$^ $(call uniq,$(foreach l,$(call unit_deps,$(1)),$(sys_$(l))))
endef
$(foreach u,$(units),$(eval $(call unit_rule,$(u))))
units: $(patsubst %,$(B)/unit/%.t,$(units))
.PHONY: units

-include $(shell find $(B) -name '*.d' 2>/dev/null)
