# Tests, fuzz targets, benchmarks, and what holds the sources to their rules.
#
# A unit test test/unit/LIB/what.c links LIB and what LIB may use, and of test/lib what
# it calls.
unit_deps = test $(1) $(extra_$(1)) $(may_$(1))
extra_net	= rpc
extra_proof	= stark air riscv
extra_snark	= wire
extra_devnet	= rpc
extra_rows	= vm shards prover wire
extra_shards	= vm wire
extra_prover	= rows run
units := $(patsubst test/unit/%.c,%,$(sort $(wildcard test/unit/*/*.c)))
unit_lib = $(firstword $(subst /, ,$(1)))
$(foreach u,$(units),$(eval $(call link,$(B)/unit/$(u).t,$(B)/obj/test/unit/$(u).o,$(call unit_deps,$(call unit_lib,$(u))))))
units: $(patsubst %,$(B)/unit/%.t,$(units))

# A benchmark test/bench/LIB*.c links the same, and is run by a script there.
file_lib = $(firstword $(subst _, ,$(1)))
benches := $(patsubst test/bench/%.c,%,$(sort $(wildcard test/bench/*.c)))
$(foreach b,$(benches),$(eval $(call link,$(B)/bench/$(b),$(B)/obj/test/bench/$(b).o,$(call unit_deps,$(call file_lib,$(b))))))
bench: all
	@set -e; for b in $(sort $(wildcard test/bench/*.sh)); do \
		echo "# $$b"; B=$(B) $$b; done
.PHONY: units bench

# Everything prints TAP, prove(1) runs it.  CHECK_LONG=1 lengthens some; with STRICT=1
# a test that is left out for no reason of test/skips fails.
# Three at a time on two processors: some only wait.
J	?= 3
export STRICT
PROVE	= prove -j$(J) -v --timer --exec test/tap
unit_tests = $(patsubst %,$(B)/unit/%.t,$(1))
# The longest first, or the last would be alone.
long	= 67-chaos 45-prove 62-modes 36-evidence 60-pipeline 64-limits 61-recovery 65-hostile \
	  63-worker 68-canary 70-package 30-vk 52-faults 46-compressed 66-operators
long_tests = $(wildcard $(patsubst %,test/%.bats,$(long)))
all_tests = $(long_tests) $(call unit_tests,$(units)) $(filter-out $(long_tests),$(sort $(wildcard test/*.bats)))

test: deps
	+@$(build) all verifier units fuzzers proofs
	B=$(B) $(PROVE) $(all_tests)
	+@$(sub) gpu-check GPU_ARCH=$(firstword $(GPU_ARCH))
	+@$(sub) debug
	+@$(sub) lint
check-long: deps
	+@$(build) all verifier units fuzzers proofs
	B=$(B) CHECK_LONG=1 $(PROVE) $(all_tests)
	+@$(sub) gpu-check
	+@$(sub) asan
	+@$(sub) asan-pipeline
	+@$(sub) fuzz-smoke FUZZ_SECONDS=600
.PHONY: test check-long

# Proofs that several tests need, made by our prover, and checked to be the bytes that
# they were: the stock prover's of one shard, with an exit code, of three shards with
# precompiles; and a compressed one, of the first's shard.
PROOFS	?= $(B)/proofs
proofs: $(patsubst %,$(PROOFS)/%.core.bin,halt fib-20 exit-1 keccak256-1000) $(PROOFS)/fib-20.made.compressed.bin
define known_proof
$(B)/proofs/%.$(1).bin: $(B)/bin/sp1-prove-gpu $(B)/bin/sp1-exec $(2) test/known-proof.sh
	@mkdir -p $$(@D)
	$(say) PROVE $$@
	$(Q)B=$(B) test/known-proof.sh $$* $$@ $(3)
endef
$(eval $(call known_proof,core,test/vectors/proofs.tsv))
$(eval $(call known_proof,made.compressed,test/vectors/compressed.tsv $(B)/proofs/%.core.bin,compressed))
.PHONY: proofs

# Sanitizers, over the unit tests.  99, since 1 would pass for "no".
SAN_ENV	= ASAN_OPTIONS=exitcode=99:detect_leaks=0 \
	  UBSAN_OPTIONS=halt_on_error=1:exitcode=99 TSAN_OPTIONS=exitcode=99
SAN_MAKE = $(build) CFLAGS='-O1 -g -fno-omit-frame-pointer' PROOFS='$(PROOFS)'
ASAN	= -fsanitize=address,undefined -fno-sanitize-recover=all
TSAN	= -fsanitize=thread
# All keys take a quarter of an hour under TSan; the loops they run are others' too.
threaded = $(filter-out stark/setup,$(filter base/par $(addsuffix /%,poly proof stark rows shards prover net rpc store proxy devnet),$(units)))

# only='base/% wire/%' takes these.
only	= %
asan_tests = $(patsubst %,build-asan/unit/%.t,$(filter $(only),$(units)))
tsan_tests = $(patsubst %,build-tsan/unit/%.t,$(filter $(only),$(threaded)))

asan: proofs
	+@$(SAN_MAKE) B=build-asan SAN='$(ASAN)' $(asan_tests)
	$(SAN_ENV) B=$(B) prove -j$(J) --exec test/tap $(asan_tests)
tsan: proofs
	+@$(SAN_MAKE) B=build-tsan SAN='$(TSAN)' $(tsan_tests)
	$(SAN_ENV) B=$(B) prove -j$(J) --exec test/tap $(tsan_tests)
# The pipeline, of such programs alone; 99 of one shows in the test that ran it.
asan_bats = 30-vk 36-evidence 40-verify 50-sealed 51-client 52-faults 60-pipeline 61-recovery \
	  63-worker 64-limits 65-hostile 66-operators
asan-pipeline: proofs
	+@$(SAN_MAKE) B=build-asan SAN='$(ASAN)' all build-asan/unit/attest/synthetic.t
	@ln -sfn '$(abspath $(PROOFS))' build-asan/proofs
	$(SAN_ENV) B=build-asan prove -j$(J) --exec test/tap $(asan_bats:%=test/%.bats)
.PHONY: asan tsan asan-pipeline

# Assertions of base/debug.h, over what has them; the kernels need no more of what is below.
debugged = field/% bn254/% poly/% air/blocks prover/kernels
debug_tests = $(patsubst %,build-debug/unit/%.t,$(filter $(only),$(filter $(debugged),$(units))))
debug:
	+@$(build) B=build-debug CFLAGS='-O1 -g -DDEBUG' FAST= extra_prover= \
		may_prover='poly bn254 field base' $(debug_tests)
	prove -j$(J) --exec test/tap $(debug_tests)
.PHONY: debug

# Fuzz targets: test/fuzz/LIB_what.c links as a unit test does, or as fuzz_NAME
# says.  What they begin with is in test/fuzz/corpus/NAME, test/hostile/NAME (inputs
# that failed once) and corpus_NAME.
fuzz_proof	= stark
fuzz_compressed	= stark
fuzz_wire_stdin	= wire proof
corpus_proof	= $(PROOFS)/fib-20.core.bin
corpus_compressed = $(PROOFS)/fib-20.made.compressed.bin ../shared/vectors/proof/wrapped_proof.bin
corpus_snark	= test/vectors/snark
# Each container also as the network stores it: without the last byte.
flags_proof	= -t
flags_compressed = -t
flags_snark	= -t
corpus_wire_stdin = test/guest/inputs
corpus_wire_pb	= test/vectors/network
corpus_attest_quote = test/vectors/attest
corpus_attest_json = test/vectors/attest
corpus_attest_gpu = test/vectors/attest/nvidia
FUZZ_SECONDS	?= 5
FUZZ_SEED	?= 1
fuzzers := $(patsubst test/fuzz/%.c,%,$(filter-out %/replay.c,$(sort $(wildcard test/fuzz/*.c))))
fuzz_lib = $(or $(fuzz_$(1)),$(call file_lib,$(1)))
define fuzz_rule
$(call link,$(B)/fuzz/$(1),$(B)/obj/test/fuzz/$(1).o $(B)/obj/test/fuzz/replay.o,$(foreach l,$(fuzz_lib),$(l) $(may_$(l))))
fuzz-$(1): $(B)/fuzz/$(1)
	+@$(sub) fuzz-built-$(1)
# What is built already, by a test that must not build.
fuzz-built-$(1):
	$(SAN_ENV) $(B)/fuzz/$(1) -s $(FUZZ_SECONDS) -r $(FUZZ_SEED) -c $(B)/fuzz/$(1).crash $(flags_$(1)) \
		$$(wildcard test/fuzz/corpus/$(1) test/hostile/$(1) $(corpus_$(1)))
endef
$(foreach f,$(fuzzers),$(eval $(call fuzz_rule,$(f))))
fuzz-smoke: $(PROOFS)/fib-20.core.bin $(PROOFS)/fib-20.made.compressed.bin
	+@$(SAN_MAKE) B=build-asan SAN='$(ASAN)' $(addprefix fuzz-,$(fuzzers))
# Without sanitizers, so that one that no longer compiles is seen at once.
fuzzers: $(patsubst %,$(B)/fuzz/%,$(fuzzers))
.PHONY: fuzz-smoke fuzzers $(addprefix fuzz-,$(fuzzers)) $(addprefix fuzz-built-,$(fuzzers))

# Each of the verifier's checks taken out: does a test notice?
mutants: proofs
	B=$(B) test/mutants.sh
# Against the stock programs, which take long to build.
check-stock: all $(B)/interop/alter $(B)/unit/stark/shrink.t
	B=$(B) test/interop/stock/run
	B=$(B) test/interop/stock/tunnel
	B=$(B) test/interop/stock/alterations
	B=$(B) test/interop/stock/compressed
	$(if $(CHECK_LONG),B=$(B) test/interop/stock/proofs)
$(eval $(call link,$(B)/interop/alter,$(B)/obj/test/interop/alter.o,test stark $(may_stark)))
.PHONY: mutants check-stock

# What a reader of the sources may rely on.
layers:
	@printf '%s\n' \
		$(foreach l,$(libs),'$(call libdir,$(l))/: $(l) $(may_$(l))') \
		'gpu/: gpu $(may_gpu)' \
		$(foreach p,$(programs),'$(p).c: $($(p))') \
		$(foreach u,$(sort $(dir $(units))),'test/unit/$(u): $(call unit_deps,$(u:/=))') | test/layers
have	= $(shell command -v $(1) 2>/dev/null)
shell_files = .ci/run $(addprefix test/interop/stock/,run tunnel alterations compressed proofs) \
	  enclave/deploy/dstack/compose $(wildcard test/*.sh test/*.bash test/*.bats test/bench/*.sh test/gpu/*.sh)
# share/crypto/mlkem is others' code, as they published it: our rules are not its.
others	= ':!share/crypto/mlkem'
lint: layers
	@test/claims && test/tap --self-test
	@test/checked $$(git ls-files "share/*.h" "enclave/*.h" "tools/*.h" $(others))
	@test/documented $$(git ls-files "share/*.h" "enclave/*.h" "tools/*.h" "gpu/*.h" $(others))
	@test/cites --no-sheets && test/overview -c
	@test/check-magic
	@! git grep -nI '[ 	]$$' -- '*.c' '*.h' '*.def' '*.sh' '*.bats' '*.bash' man Makefile '*.mk' $(others)
	$(if $(call have,mandoc),mandoc -T lint -W warning $(wildcard man/*),@echo 'lint: no mandoc')
	$(if $(call have,shellcheck),printf '%s\n' $(shell_files) | xargs -n 4 -P $(J) shellcheck -S warning -e SC2154 -e SC2164 -x,@echo 'lint: no shellcheck')
	$(if $(call have,cppcheck),cppcheck -q -j$(J) --error-exitcode=1 $(CPPCHECK) -ishare/crypto/mlkem share enclave tools,@echo 'lint: no cppcheck')
	@test/format $$(git ls-files '*.c' '*.h' ':!test/guest' $(others))
CPPCHECK = --inline-suppr --enable=warning,portability --library=posix \
	  --suppressions-list=test/cppcheck.txt -D__x86_64__ -Ishare -Ienclave -Itools -I.
.PHONY: layers lint
